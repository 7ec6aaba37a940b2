"""A period in the middle of the loop, made by hand: explained, decided, corrected and withdrawn returns, with their files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from pipeline.model import Area, Cell, Decision, Finding, Grid, Kind, State
from pipeline.model.view import ACCEPTED, PENDING, TO_DECIDE, DistrictRecord, FileRecord, Original, PeriodView, Settlement
from tests.products.report_pages import PERIOD, PROGRAMME, TIME, file_of, record_of, view_of

LUCHENG, LONGWAN, OUHAI, DONGTOU, YONGJIA = "鹿城区", "龙湾区", "瓯海区", "洞头区", "永嘉县"
CELLS = dict(zip(PROGRAMME.indicator_ids, ("C5", "D5", "E5", "F5"), strict=True))
LATER = TIME + dt.timedelta(days=1)
REASON = "企业迁出外市2家，核减2家。"


def judged(rule: str, indicator: str | None = None, **more: Any) -> Finding:
    """A finding with the texts a run would give it, near enough."""
    known = PROGRAMME.rules[rule]
    cell = CELLS[indicator] if indicator else "C5:F5"
    words = {"message": f"{known.name}，请看{cell}。", "fix": "请核对后重新报送；情况属实的，请说明。", "sheet": "附件2"}
    return Finding(rule, known.grade, indicator=indicator, cell=cell, period=PERIOD.isoformat(), **{**words, **more})


FALL = judged(
    "P01", "enterprises", district=LUCHENG, observed="8", expected="10", state=State.EXPLAINED, explanation=REASON,
    message="“已选派‘科技副总’企业数”由2024年6月底的10降为8，减少2家；累计数不应减少。",
)  # fmt: skip
JUMP = judged(
    "P05", "projects", district=LONGWAN, observed="64", expected="6",
    message="“开展技术攻关项目数”比2024年6月底增加52，明显高于以往各期（最多增加6）。",
)  # fmt: skip
SAME = judged(
    "P02", district=OUHAI, observed="8、0、7、3", expected="8、0、7、3", state=State.EXPLAINED, explanation="本期确无新增。"
)
DROP = judged(
    "P01", "transfers", district=DONGTOU, observed="7", expected="9", state=State.APPROVED, explanation="重复计数2项，核减2项。",
    note="同意认定（王某，2024年10月9日）",
)  # fmt: skip
NEGATIVE = judged("C06", "projects", district=YONGJIA, observed="-3", message="D5单元格为-3，应为不小于0的整数。")
UNSETTLED = judged(
    "P05", "transfers", district=YONGJIA, observed="70", explanation="属实", note="说明未采用：只写了“属实”，没有具体原因",
)  # fmt: skip


def loop_view() -> PeriodView:
    """鹿城区 waits for the city, 龙湾区 is asked, 瓯海区 explained, 洞头区 has an approved fall, 永嘉县 corrected one of two."""
    first = file_of(YONGJIA, "returned", NEGATIVE, UNSETTLED, sha256="5" * 64, values={**_values(8, 0, 70, 3), "projects": None})
    newer = file_of(
        YONGJIA, "pending", UNSETTLED, sha256="6" * 64, file="永嘉县/重报.xlsx", received=LATER, values=_values(8, 30, 70, 3)
    )
    taken_back = file_of(DONGTOU, "withdrawn", NEGATIVE, sha256="7" * 64, file="洞头区/误报.xlsx")
    old = file_of(LONGWAN, "accepted", sha256="8" * 64, version=1, values=_values(8, 12, 7, 3), file="龙湾区/首报.xlsx")
    asked = file_of(LONGWAN, "pending", JUMP, sha256="2" * 64, values=_values(8, 64, 7, 3), received=LATER)
    view = view_of(
        _of(LUCHENG, TO_DECIDE, "1" * 64, FALL),
        DistrictRecord(
            LONGWAN, ACCEPTED, ("新报第2版待处理",), 1, old.values, old, asked, files=2, resend_by=dt.date(2024, 10, 12)
        ),
        _of(OUHAI, ACCEPTED, "3" * 64, SAME),
        _of(DONGTOU, ACCEPTED, "4" * 64, DROP, marks=("撤回", "核减已认定")),
        DistrictRecord(YONGJIA, PENDING, values=newer.values, latest=newer, before=first, files=2, returns=1),
        extra=(first, taken_back),
    )
    return replace(view, settlements=SETTLEMENTS, decisions=DECISIONS, past=_past(), ledger_time=LATER)


def _values(*numbers: int) -> dict[str, int]:
    return dict(zip(PROGRAMME.indicator_ids, numbers, strict=True))


def _of(district: str, state: str, sha256: str, *findings: Finding, marks: tuple[str, ...] = ()) -> DistrictRecord:
    record = record_of(district, state, *findings, sha256=sha256)
    return replace(record, marks=marks, files=1, first_received=TIME)


def _past() -> dict[tuple[str, str], tuple[tuple[dt.date, int], ...]]:
    days = [dt.date(2024, 1, 31), dt.date(2024, 3, 31), dt.date(2024, 6, 30)]
    numbers = {
        (LUCHENG, "enterprises"): (2, 6, 10),
        (LONGWAN, "projects"): (0, 6, 12),
        **{(OUHAI, i): (n,) for i, n in _values(8, 0, 7, 3).items()},
        (DONGTOU, "transfers"): (3, 5, 9),
        (YONGJIA, "transfers"): (1, 4, 8),
    }
    return {place: tuple(zip(days[-len(values) :], values, strict=True)) for place, values in numbers.items()}


SETTLEMENTS = (
    Settlement(FALL, REASON, "陈某", "sheet", TIME),
    Settlement(SAME, "本期确无新增。", "李某", "phone", TIME),
    Settlement(
        DROP,
        "重复计数2项，核减2项。",
        "周某",
        "sheet",
        TIME,
        "approve",
        "王某",
        LATER,
        "来函（温科函〔2024〕3号）",
        "核减2项（重复计数）",
    ),
    Settlement(UNSETTLED, "属实", "吴某", "sheet", LATER),
)
DECISIONS = (
    Decision("withdraw", "王某", LATER, "误报旧表", "电话", district=DONGTOU, period=PERIOD, sha256="7" * 64),
    Decision(
        "approve", "王某", LATER, "属实", "来函（温科函〔2024〕3号）", "核减2项（重复计数）", DONGTOU, PERIOD, "P01", "transfers",
        values={"transfers": 7},
    ),
)  # fmt: skip


def sheet_of(district: str, *numbers: object, rows: int = 3) -> Grid:
    """A small form: merged title, header in row 4, the district's row, and ``rows`` more."""
    cells = {(1, 1): _cell("附件2"), (2, 1): _cell("各县（市、区）“科技副总”工作情况通报表"), (4, 1): _cell("区域")}
    cells |= {(4, column): _cell(i.name) for column, i in enumerate(PROGRAMME.indicators, 3)}
    cells[5, 2] = _cell(district)
    cells |= {(5, column): _cell(number) for column, number in enumerate(numbers, 3)}
    cells |= {(row, 2): _cell(f"其他{row}") for row in range(6, 6 + rows)}
    return Grid("附件2", cells, merges=(Area(2, 1, 2, 6),))


def _cell(value: object) -> Cell:
    return Cell(Kind.NUMBER, str(value), value) if isinstance(value, int) else Cell(Kind.TEXT, str(value))


ORIGINALS = {
    sha * 64: Original(b"", (sheet_of(district, *numbers),))
    for sha, district, numbers in (
        ("1", LUCHENG, (8, 0, 7, 3)),
        ("2", LONGWAN, (8, 64, 7, 3)),
        ("3", OUHAI, (8, 0, 7, 3)),
        ("4", DONGTOU, (8, 0, 7, 3)),
        ("6", YONGJIA, (8, 30, 70, 3)),
    )
}


def files_of(view: PeriodView) -> dict[str, FileRecord]:
    return {file.file: file for file in view.files}
