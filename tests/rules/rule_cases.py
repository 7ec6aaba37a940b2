"""For every rule delivered so far a real file that keeps it and one that breaks it, in one table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest import mock

from pipeline.model import FormInfo, History, Issued, Known, Opening, Prefilled, Status, Submission
from pipeline.reading import read
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.returns import ErrorValue, Formula, Layout, Marked, Percent, file_name, write_return
from tests.support.judging import (
    DECEMBER,
    GOOD,
    JUNE,
    LUCHENG,
    NOW,
    PROGRAMME,
    SEPTEMBER,
    calendar,
    check,
    history,
    placed,
    run,
    seen,
    spec,
)
from tests.support.surrounding import CURRENT_TEMPLATE, DUE, EARLY, IN_TIME, LATE, OTHER_TEMPLATE, decision, judged

Judged = Callable[[], Submission]


@dataclasses.dataclass(frozen=True)
class Pair:
    passes: Judged
    fails: Judged


def file(ledger: History | None = None, name: str | None = None, **changes: Any) -> Judged:
    """A return that differs from the good one."""
    return lambda: check(spec(**changes), name=name, ledger=ledger)


def raw(name: str, content: bytes) -> Judged:
    """Any bytes under a name."""
    return lambda: check_batch([(place(read_submission(name, content, PROGRAMME), calendar()), NOW)], Known({}, {}), calendar())[
        0
    ]


def stumbled_over() -> Submission:
    """The good return, when an internal error comes of reading it."""
    with mock.patch.object(read, "find_tables", side_effect=ZeroDivisionError):
        reading = read.read_anyhow(file_name(GOOD), write_return(GOOD), PROGRAMME)
    return check_batch([(place(reading, calendar()), NOW)], Known({}, {}), calendar())[0]


def cell(value: Any, fmt: str = "xlsx") -> Judged:
    """The good return with another value in one cell."""
    return file(values={"projects": value}, fmt=fmt)


def received(**first: Any) -> Judged:
    """The good return, when the ledger has its bytes already."""

    def judged() -> Submission:
        known = {sha: tuple(dataclasses.replace(s, **first) for s in files) for sha, files in seen(GOOD, Status.RETURNED).items()}
        return run([placed(GOOD)], seen=known)[0]

    return judged


def beside(**changes: Any) -> Judged:
    """The good return, when another file arrives in the same run."""
    return lambda: run([placed(GOOD), placed(spec(fmt="xls", **changes))])[0]


def around(**surroundings: Any) -> Judged:
    """The good return in other surroundings: when it came, what was decided, called or issued."""
    return lambda: judged(**surroundings)


def before(*values: int) -> History:
    return history((LUCHENG, JUNE.replace(month=3), values))


def grown(*enterprises: int) -> History:
    """Accepted quarter by quarter up to March 2024, the other values standing still."""
    days = [dt.date(2023, 3, 31), dt.date(2023, 6, 30), dt.date(2023, 9, 30), dt.date(2023, 12, 31), dt.date(2024, 3, 31)]
    return history(
        *((LUCHENG, day, (number, 12, 7, 3)) for day, number in zip(days[-len(enterprises) :], enterprises, strict=True))
    )


def prefilled(shown: str) -> Judged:
    """The good return in a template that was made with 11 projects of March."""
    march = JUNE.replace(month=3)
    made = Prefilled(PROGRAMME.template_version, march, {"projects": 11})
    return around(form=FormInfo(prefilled={"projects": shown}), prefilled={(LUCHENG, JUNE): (made,)})


def issued(**fields: Any) -> Judged:
    """The good return after a bulletin that says 11 projects."""
    values = {LUCHENG: {"enterprises": 8, "projects": 11, "transfers": 7, "institutes": 3}}
    return around(issued={JUNE: Issued(values, **fields)})


TWINS = (18, 12, 7, 3)
"""They sum to 40: too large to agree by chance."""


KEPT = file()
NAMES = {indicator.id: indicator.name for indicator in PROGRAMME.indicators}
ZEROS = dict.fromkeys(PROGRAMME.indicator_ids, 0)

CASES: dict[str, Pair] = {
    "F01": Pair(KEPT, raw("鹿城区_2024年6月.xlsx", b"PK\x03\x04 broken")),
    "F02": Pair(KEPT, file(headers={i: f"第{n}列" for n, i in enumerate(NAMES)})),
    "F03": Pair(KEPT, file(name="龙湾区_2024年6月.xlsx")),
    "F04": Pair(KEPT, file(stated=SEPTEMBER)),
    "F05": Pair(KEPT, file(period=DECEMBER.replace(year=2023), naming="district_month")),
    "F06": Pair(around(called=[JUNE, SEPTEMBER]), around(called=[JUNE.replace(month=3), JUNE])),
    "F07": Pair(received(district=None), received()),
    "F08": Pair(file(history((LUCHENG, JUNE, (8, 12, 7, 3)))), file(history((LUCHENG, JUNE, (8, 12, 7, 2))))),
    "F09": Pair(around(due=DUE, at=IN_TIME), around(due=DUE, at=LATE)),
    "F10": Pair(file(layout="no_filler"), file(people=("张某", "", "0577-00000000"))),
    "F11": Pair(KEPT, file(carries=("macros",))),
    "F12": Pair(KEPT, raw("鹿城区_2024年6月.pdf", b"%PDF-1.7\n%%EOF")),
    "F13": Pair(received(), received(district="龙湾区")),
    "F14": Pair(around(at=IN_TIME), around(at=EARLY)),
    "F15": Pair(
        around(issued={JUNE: Issued({}, frozenset({"龙湾区"}))}), around(issued={JUNE: Issued({}, frozenset({LUCHENG}))})
    ),
    "F16": Pair(around(form=CURRENT_TEMPLATE), around(form=OTHER_TEMPLATE)),
    "F17": Pair(beside(), beside(values={"projects": 13})),
    "F18": Pair(KEPT, stumbled_over),
    "M01": Pair(around(decisions=[decision("return", sha256="0" * 64)]), around(decisions=[decision("return")])),
    "S01": Pair(KEPT, file(headers={"projects": "备注"})),
    "S02": Pair(file(layout="serial_remark"), file(layout="columns_rotated")),
    "S03": Pair(file(layout="units_row"), file(headers={"projects": f"{NAMES['projects']}（万项）"})),
    "S04": Pair(
        file(layout="earlier_beside", earlier=(SEPTEMBER, {"enterprises": 1})),
        file(layout="earlier_beside", earlier=(JUNE, {"enterprises": 1})),
    ),
    "S05": Pair(file(layout=Layout(hidden_columns=())), file(layout="hidden_row")),
    "S06": Pair(file(layout="merged_region"), file(layout="merged_values")),
    "S07": Pair(file(layout="full_name"), file(layout="spaced")),
    "S08": Pair(file(region="鹿城"), file(region="鹿成区")),
    "S09": Pair(file(layout="own_row"), file(layout=dataclasses.replace(Layout(), rows="own"), region="总数")),
    "S10": Pair(file(others={"龙湾区": ZEROS}), file(others={"龙湾区": {"projects": 5}})),
    "S11": Pair(file(layout="own_row"), file(strays={"below": "其中2家为上年选派。"})),
    "S12": Pair(file(layout="total_label"), file(total={"projects": 99})),
    "S13": Pair(
        file(headers={"projects": f"{NAMES['projects']}（累计）"}), file(headers={"projects": f"{NAMES['projects']}（本期新增）"})
    ),
    "S14": Pair(file(layout="serial_remark"), file(strays={"right": 234})),
    "C01": Pair(cell(12), cell(" 12项 ")),
    "C02": Pair(cell(0), cell("　")),
    "C03": Pair(cell(0), cell("——", "ods")),
    "C04": Pair(cell(30), cell("约30", "xls")),
    "C05": Pair(cell("12项"), cell("12①", "html-gbk")),
    "C06": Pair(cell(2.0), cell(2.5, "et")),
    "C07": Pair(cell(1), cell(Percent(0.25), "ods")),
    "C08": Pair(cell(Formula("6+6", 12)), cell(ErrorValue("#REF!"), "xls")),
    "C09": Pair(cell(12), cell(Formula("6+6", 12))),
    "C10": Pair(cell(4000), cell(4001)),
    "C11": Pair(cell(999_999_999), cell(1_000_000_000)),
    "C12": Pair(cell("12"), cell(Marked((("12", ""), ("1", "superscript"))))),
    "X01": Pair(file(values=ZEROS), file(values={"enterprises": 0})),
    "X02": Pair(file(values={"institutes": 10}), file(values={"institutes": 11})),
    "X03": Pair(file(values={"projects": 48}), file(values={"projects": 49})),
    "P01": Pair(file(before(8, 12, 7, 3)), file(before(8, 13, 7, 3))),
    "P02": Pair(file(before(8, 12, 7, 2)), file(before(8, 12, 7, 3))),
    "P03": Pair(
        file(history(("龙湾区", JUNE, (18, 12, 7, 4))), values={"enterprises": 18}),
        file(history(("龙湾区", JUNE, TWINS)), values={"enterprises": 18}),
    ),
    "P04": Pair(file(before(9, 13, 7, 3)), file(before(9, 13, 8, 3))),
    "P05": Pair(
        file(grown(4, 5, 6, 7, 8), values={"enterprises": 19}),
        file(grown(4, 5, 6, 7, 8), values={"enterprises": 20}),
    ),
    "P06": Pair(prefilled("11"), prefilled("10")),
    "P07": Pair(issued(opening=Opening(every=0)), issued()),
    "P08": Pair(file(history((LUCHENG, SEPTEMBER, (8, 12, 7, 3)))), file(history((LUCHENG, SEPTEMBER, (8, 11, 7, 3))))),
    "P09": Pair(file(history((LUCHENG, JUNE, (8, 12, 7, 2)))), file(history((LUCHENG, JUNE, (8, 12, 7, 4))))),
    "P10": Pair(file(before(8, 11, 8, 3)), file(before(8, 11, 6, 3), values={"projects": 7, "transfers": 12})),
    "P11": Pair(file(before(8, 12, 7, 2)), file(grown(8, 8, 8))),
    "T01": Pair(file(values={"enterprises": 10}), file(values={"enterprises": 9})),
    "T02": Pair(file(values={"enterprises": 28}), file(values={"enterprises": 29})),
    "T03": Pair(file(values={"enterprises": 18}), file(values={"enterprises": 19})),
}
