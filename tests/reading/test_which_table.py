"""Tables that stand otherwise than the form has them (issue 14): repeated headers, blocks side by side, examples, other rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Known, Submission
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.returns import FORMATS
from tests.returns.layout import Sheet
from tests.support.judging import (
    DECEMBER,
    JUNE,
    LUCHENG,
    NOW,
    PROGRAMME,
    SEPTEMBER,
    calendar,
    check_grid,
    grid,
    history,
    rules,
    serious,
    values,
)

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
TITLE, SINCE, HEAD = ("各县（市、区）“科技副总”工作情况通报表",), ("截至2024年6月30日",), ("区域", *NAMES)
OWN_VALUES, SMALL = (8, 12, 7, 3), (3, 4, 2, 1)
DISTRICTS = PROGRAMME.district_names
NAME = "鹿城区_2024年6月.xlsx"

Lines = Sequence[Sequence[object]]


def body(*, own: Sequence[object] = OWN_VALUES, rest: Sequence[object] = (), district: str = LUCHENG) -> list[Sequence[object]]:
    return [(name, *(own if name == district else rest)) for name in DISTRICTS]


def judged(*lines: Sequence[object], name: str = NAME) -> Submission:
    return check_grid(grid(*lines), name=name)


def s11(submission: Submission) -> str:
    """What S11 says, without the frame of its message; empty without it."""
    return next((f.observed or "" for f in submission.findings if f.rule == "S11"), "")


def pages(rest: Sequence[object] = (), again: Lines = ()) -> list[Sequence[object]]:
    rows = body(rest=rest)
    return [TITLE, SINCE, HEAD, *rows[:7], *again, HEAD, *rows[7:], ("总数", *OWN_VALUES)]


@pytest.mark.parametrize(
    "again", [(), ((),), (TITLE, SINCE), ((), TITLE, SINCE)], ids=["at once", "blank", "title", "blank, title"]
)
@pytest.mark.parametrize("rest", [(), (0, 0, 0, 0)], ids=["blank", "zeros"])
def test_a_header_repeated_at_a_pages_end_is_no_other_table(rest: Sequence[object], again: Lines) -> None:
    submission = judged(*pages(rest, again))

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission).split("；")[0] == "表头重复出现"
    assert "缺少其他地区行" not in s11(submission)
    assert "表外有文字" not in s11(submission)


def test_a_district_of_the_second_page_is_read_there() -> None:
    rows = body(district="龙港市")
    submission = judged(TITLE, SINCE, HEAD, *rows[:7], HEAD, *rows[7:], name="龙港市_2024年6月.xlsx")

    assert values(submission) == OWN_VALUES
    assert [entry.cell for entry in submission.entries] == ["B16", "C16", "D16", "E16"]


def test_a_second_table_of_the_same_districts_is_no_page() -> None:
    submission = judged(TITLE, SINCE, HEAD, *body(), HEAD, *body(own=(9, 13, 8, 4)))

    assert "S04" in rules(submission)


def test_a_second_block_of_another_period_is_no_page() -> None:
    rows = body()
    submission = judged(TITLE, SINCE, HEAD, *rows[:7], ("截至2024年3月31日",), HEAD, *[(n, 1, 1, 1, 1) for n in DISTRICTS[7:]])

    assert "表头重复出现" not in s11(submission)
    assert values(submission) == OWN_VALUES


def blocks(district: str, *, gap: int = 0, total: bool = True) -> list[Sequence[object]]:
    """Seven districts on the left, six and the total on the right."""
    rows = body(own=SMALL, district=district)
    left = [(*row, *[None] * (5 - len(row)), *[None] * gap) for row in rows[:7]]
    right = [*rows[7:], ("总数", *SMALL) if total else ()]
    return [TITLE, SINCE, (*HEAD, *[None] * gap, *HEAD), *((*one, *two) for one, two in zip(left, right, strict=True))]


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize(("district", "column", "row"), [("鹿城区", 2, 4), ("永嘉县", 2, 10), ("文成县", 7, 4), ("海经区", 7, 9)])
def test_two_blocks_side_by_side_are_one_table(district: str, column: int, row: int, gap: int) -> None:
    submission = judged(*blocks(district, gap=gap), name=f"{district}_2024年6月.xlsx")

    assert serious(submission) == []
    assert values(submission) == SMALL
    at = column + (gap if column > 2 else 0)
    assert [(entry.row, entry.column) for entry in submission.entries] == [(row, at + n) for n in range(4)]
    assert s11(submission) == ""


def test_a_blank_row_of_the_second_block_is_missed_in_its_own_cells() -> None:
    lines = blocks("")
    submission = judged(*lines, name="文成县_2024年6月.xlsx")

    assert [f.cell for f in submission.findings if f.rule == "C02"] == ["G4", "H4", "I4", "J4"]


def test_a_note_below_side_by_side_blocks_names_the_filler_only() -> None:
    lines = [*blocks("文成县"), ("填报单位：文成县科技局", *[None] * 4, "填报人：张某")]
    submission = judged(*lines, name="2024年6月.xlsx")

    assert (submission.district, values(submission)) == ("文成县", SMALL)


def test_three_blocks_and_a_line_of_units_are_one_table() -> None:
    rows = [(*row, *[None] * (5 - len(row))) for row in body(district="文成县", own=SMALL)]
    lines = [(*a, *b, *c) for a, b, c in zip(rows[:5], rows[5:10], [*rows[10:], (), ()], strict=True)]
    units = (None, "家", "项", "项", "家")
    submission = judged(TITLE, SINCE, (*HEAD, *HEAD, *HEAD), (*units, *units, *units), *lines, name="文成县_2024年6月.xlsx")

    assert serious(submission) == []
    assert values(submission) == SMALL


def test_an_example_beside_the_table_is_left_aside() -> None:
    rows = [(*row, *[None] * (6 - len(row))) for row in body()]
    submission = judged(TITLE, SINCE, (*HEAD, None, *HEAD), (*rows[0], "示例县", 10, 20, 30, 40), *rows[1:])

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission) == "示例表未采用"


def test_the_same_districts_twice_side_by_side_are_no_blocks() -> None:
    lines = [(name, *OWN_VALUES, name, 1, 1, 1, 1) if name == LUCHENG else (name, *[None] * 4, name) for name in DISTRICTS]

    assert serious(judged(TITLE, SINCE, (*HEAD, *HEAD), *lines)) != []


EXAMPLES: dict[str, tuple[str, Lines]] = {
    "sheet 示例": ("示例", (TITLE, HEAD, ("鹿城区", 10, 20, 30, 40))),
    "sheet 填表说明": ("填表说明", (TITLE, HEAD, ("鹿城区", 10, 20, 30, 40))),
    "sheet 样表": ("附件2（样表）", (TITLE, HEAD, ("鹿城区", 10, 20, 30, 40))),
    "title": ("Sheet2", (("“科技副总”工作情况通报表（样表）",), HEAD, ("鹿城区", 10, 20, 30, 40))),
    "line above": ("Sheet2", (TITLE, ("填报示例：",), HEAD, ("鹿城区", 10, 20, 30, 40))),
    "another district's": ("样例", (TITLE, HEAD, ("龙湾区", 10, 20, 30, 40))),
}


@pytest.mark.parametrize(("sheet", "lines"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_not_taken(sheet: str, lines: Lines) -> None:
    submission = check_grid(grid(*lines, name=sheet), grid(TITLE, SINCE, HEAD, *body()), name=NAME)

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission) == "示例表未采用"


@pytest.mark.parametrize(("sheet", "lines"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_not_taken_for_a_form_left_blank(sheet: str, lines: Lines) -> None:
    submission = check_grid(grid(*lines, name=sheet), grid(TITLE, SINCE, HEAD, *body(own=())), name=NAME)

    assert serious(submission) == ["C02"] * 4


def test_an_example_in_the_same_sheet_is_not_taken() -> None:
    submission = judged(
        TITLE, SINCE, HEAD, *body(), ("注：如有疑问请来电。",), (), ("填报示例",), HEAD, ("鹿城区", 10, 20, 30, 40)
    )

    assert values(submission) == OWN_VALUES
    assert "示例表未采用" in s11(submission)


def test_a_form_whose_only_table_is_called_an_example_is_read() -> None:
    submission = check_grid(grid(TITLE, SINCE, HEAD, *body(), name="样表"), name=NAME)

    assert values(submission) == OWN_VALUES


@pytest.mark.parametrize("note", ["说明：请参照示例填写", "填报要求详见样表", "请按样表填写"])
def test_a_note_that_refers_to_an_example_makes_none(note: str) -> None:
    submission = check_grid(grid(TITLE, SINCE, (note,), HEAD, *body()), grid(HEAD, *body(own=()), name="空表"), name=NAME)

    assert values(submission) == OWN_VALUES


@pytest.mark.parametrize(
    "label", [("例", "鹿城区"), ("示例", "鹿城区"), (None, "例：鹿城区"), (None, "（例）龙湾区"), (None, "填报示例")]
)
def test_a_row_of_an_example_is_left_aside(label: Sequence[object]) -> None:
    lines = ((None, *row) for row in body())
    submission = judged(TITLE, SINCE, ("序号", *HEAD), (*label, 10, 20, 30, 40), *lines)

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert "行未采用" in s11(submission)


def test_a_form_filled_with_zeros_beforehand_is_left_aside() -> None:
    zeros = grid(TITLE, HEAD, *body(own=(0, 0, 0, 0), rest=(0, 0, 0, 0)), name="Sheet2")
    submission = check_grid(zeros, grid(TITLE, SINCE, HEAD, *body()), name=NAME)

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission) == "全部填0的表未采用"


def test_a_report_of_zeros_beside_other_figures_is_told_apart_by_the_city() -> None:
    nil = grid(TITLE, HEAD, *body(own=(0, 0, 0, 0)), name="Sheet2")

    assert "S04" in rules(check_grid(nil, grid(TITLE, SINCE, HEAD, *body()), name=NAME))


SUBTOTALS = ["区小计", "小计", "市辖区小计", "区 小 计", "县（市）小计", "1.区小计"]


@pytest.mark.parametrize("label", SUBTOTALS)
@pytest.mark.parametrize("place", [4, 13])
def test_a_sub_total_is_no_row_and_no_addend(label: str, place: int) -> None:
    rows = body()
    rows.insert(place, (label, *OWN_VALUES))
    submission = judged(TITLE, SINCE, HEAD, *rows, ("总数", *OWN_VALUES))

    assert serious(submission) == []
    assert s11(submission) == "小计行未采用"


def test_a_sub_total_alone_under_the_rows_is_the_total() -> None:
    assert "S12" in rules(judged(TITLE, SINCE, HEAD, *body(), ("小计", 9, 12, 7, 3)))


# fmt: off
OTHER_FIGURES = [
    "上期数", "上期累计数", "上年同期", "本期新增", "本月新增数", "本期增加（家/项）", "完成率", "目标数", "年度目标", "同比",
    "鹿城区本期新增", "本期新增：", "较上期增加", "本 期 新 增", "上期數",
]
# fmt: on


@pytest.mark.parametrize("label", OTHER_FIGURES)
@pytest.mark.parametrize("total", [True, False])
def test_rows_of_other_figures_below_the_table_are_left_aside(label: str, total: bool) -> None:
    lines = [*body(), *([("总数", *OWN_VALUES)] if total else []), (label, 5, 9, 4, 2)]
    submission = judged(TITLE, SINCE, HEAD, *lines)

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission) == f"“{label}”行未采用"


@pytest.mark.parametrize("label", ["其中：民营企业", "其中", "其中规上"])
def test_a_part_of_the_row_above_is_left_aside(label: str) -> None:
    submission = judged(TITLE, SINCE, HEAD, (LUCHENG, *OWN_VALUES), (label, 3, 4, 2, 1), *body()[1:])
    assert (serious(submission), values(submission)) == ([], OWN_VALUES)


@pytest.mark.parametrize("numbers", [(1, 2, 3, 4), (2, 3, 4, 5), ("1", "2", "3", "4")])
def test_numbers_of_columns_without_a_name_are_no_row(numbers: Sequence[object]) -> None:
    submission = judged(TITLE, SINCE, HEAD, (None, *numbers), *body())
    assert (serious(submission), values(submission)) == ([], OWN_VALUES)
    assert serious(judged(TITLE, SINCE, HEAD, (None, 5, 9, 4, 2), *body())) == ["S10"]


@pytest.mark.parametrize("label", ["鹿成区", "高新区", "本地区", "其他"])
def test_other_nameless_rows_are_still_asked_about(label: str) -> None:
    assert serious(judged(TITLE, SINCE, HEAD, *body(), (label, 5, 9, 4, 2))) == ["S10"]


LEDGER = history((LUCHENG, JUNE, (5, 9, 4, 2)), (LUCHENG, SEPTEMBER, (6, 10, 5, 2)), ("龙湾区", SEPTEMBER, (3, 4, 5, 6)))
LATER = ("鹿城区_2024年12月.xlsx", ("截至2024年12月31日",))


def with_total(*stated: object) -> Submission:
    name, since = LATER
    return check_grid(grid(TITLE, since, HEAD, *body(), ("总数", *stated)), name=name, ledger=LEDGER)


@pytest.mark.parametrize("stated", [(6, 10, 5, 2), (5, 9, 4, 2), (6, 10, 5, None), (8, 12, 5, 2)])
def test_the_districts_own_former_total_is_no_finding_but_s11(stated: Sequence[object]) -> None:
    submission = with_total(*stated)

    assert "S12" not in rules(submission)
    assert s11(submission) == "总数行是以前的数，未采用"
    assert submission.period == DECEMBER


def test_the_last_bulletins_total_is_no_finding() -> None:
    assert "S12" not in rules(with_total(9, 14, 10, 8))


@pytest.mark.parametrize("stated", [(6, 9, 5, 3), (7, 10, 5, 2), (80, 12, 7, 3)])
def test_another_total_is_s12(stated: Sequence[object]) -> None:
    assert "S12" in rules(with_total(*stated))


def test_rows_are_missing_only_where_none_may_be_one_of_them() -> None:
    four = [row for row in body() if row[0] != "龙湾区"]

    assert s11(judged(TITLE, SINCE, HEAD, *four)) == "缺少其他地区行"
    assert s11(judged(TITLE, SINCE, HEAD, *four[:4], ("龙弯区",), *four[4:])) == ""


@pytest.mark.parametrize("signature", ["鹿城区科技局（盖章）", "鹿城区", "鹿城区科技局"])
def test_a_signature_below_the_table_is_no_row(signature: str) -> None:
    submission = judged(TITLE, SINCE, HEAD, *body(), ("总数", *OWN_VALUES), (signature,), ("2024年7月5日",))

    assert serious(submission) == []
    assert values(submission) == OWN_VALUES
    assert s11(submission) == ""


@pytest.mark.parametrize("head", [HEAD, (None, *NAMES)], ids=["headed", "region without a heading"])
@pytest.mark.parametrize("written", ["鹿成区", "1.鹿成区", "鹿城巨", "（鹿域区）"])
def test_a_wrong_character_is_s08_at_its_cell_and_no_missing_table(written: str, head: Sequence[object]) -> None:
    submission = judged(TITLE, SINCE, head, (written, *OWN_VALUES))

    assert [(f.rule, f.cell) for f in submission.findings if f.grade == "error"] == [("S08", "A4")]
    assert "是否为“鹿城区”" in next(f.message for f in submission.findings if f.rule == "S08")


# fmt: off
WRITTEN: dict[str, tuple[str, Lines, str]] = {
    "pages": (LUCHENG, pages(again=((), TITLE, SINCE)), "表头重复出现"),
    "pages of zeros": (LUCHENG, pages((0, 0, 0, 0)), "表头重复出现；其他地区行填0，未采用"),
    "blocks, on the left": (LUCHENG, blocks(LUCHENG), ""),
    "blocks, on the right": ("龙港市", blocks("龙港市"), ""),
    "sub-total": (LUCHENG, [TITLE, SINCE, HEAD, *body(), ("区小计", *SMALL), ("总数", *OWN_VALUES)], "小计行未采用"),
    "other figures": (LUCHENG, [TITLE, SINCE, HEAD, *body(), ("总数", *OWN_VALUES), ("上期数", *SMALL)], "“上期数”行未采用"),
    "row of an example": (LUCHENG, [TITLE, SINCE, HEAD, ("例：龙湾区", *SMALL), *body()], "“例：龙湾区”行未采用"),
    "numbered": (LUCHENG, [TITLE, SINCE, HEAD, *((f"{n}.{row[0]}", *row[1:]) for n, row in enumerate(body(), 1))], ""),
    "in brackets": (LUCHENG, [TITLE, SINCE, HEAD, *((f"（{row[0]}）", *row[1:]) for row in body())], ""),
    "traditional": (LUCHENG, [TITLE, SINCE, HEAD, ("鹿城區", *OWN_VALUES), *body()[1:]], ""),
}
# fmt: on


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("district", "lines", "said"), WRITTEN.values(), ids=WRITTEN)
def test_every_format_is_understood(district: str, lines: Lines, said: str, fmt: str) -> None:
    cells: dict[tuple[int, int], Any] = {
        (r, c): v for r, line in enumerate(lines, 1) for c, v in enumerate(line, 1) if v is not None
    }
    content = FORMATS[fmt]([Sheet("附件2", cells)])
    reading = read_submission(f"{district}_2024年6月.{fmt.split('-')[0]}", content, PROGRAMME)
    submission = check_batch([(place(reading, calendar()), NOW)], Known(), calendar())[0]

    assert [rule for rule in serious(submission) if rule != "T02"] == []
    assert values(submission) == (SMALL if lines[2].count("区域") > 1 else OWN_VALUES)
    assert s11(submission) == said


def judged_rows(*rows: Sequence[Any], fmt: str = "xlsx") -> Submission:
    lines = [TITLE, SINCE, HEAD, *rows]
    cells: dict[tuple[int, int], Any] = {(r, c): v for r, line in enumerate(lines, 1) for c, v in enumerate(line, 1)}
    reading = read_submission(f"鹿城区_2024年6月.{fmt.split('-')[0]}", FORMATS[fmt]([Sheet("附件2", cells)]), PROGRAMME)
    return check_batch([(place(reading, calendar()), NOW)], Known(), calendar())[0]


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    "name", ["鹿城区2024年6月", "鹿城区（截至2024年6月底）", "鹿城区2024年6月30日", "鹿城区合计", "鹿城区总计"]
)
def test_a_district_s_only_row_may_be_named_with_its_date_or_as_its_sum(name: str, fmt: str) -> None:
    submission = judged_rows((name, *OWN_VALUES), fmt=fmt)
    assert [rule for rule in serious(submission) if rule != "T02"] == []
    assert values(submission) == OWN_VALUES


def test_of_rows_named_with_dates_that_of_the_period_is_taken() -> None:
    submission = judged_rows(("鹿城区2024年3月", *SMALL), ("鹿城区2024年6月", *OWN_VALUES))
    assert (values(submission), s11(submission)) == (OWN_VALUES, "“鹿城区2024年3月”行未采用")


@pytest.mark.parametrize(
    "name", ["鹿城区2024年3月", "鹿城区6月", "鹿城区2024年二季度", "鹿城区2024年4-6月", "鹿城区2024年6月新增"]
)
def test_a_row_named_with_another_date_or_a_span_is_asked_about(name: str) -> None:
    assert str(judged_rows((name, *OWN_VALUES)).status) == "returned"


def test_a_sum_beside_its_parts_or_the_district_s_own_row_is_not_the_district_s() -> None:
    for rows in ([("五马街道", *SMALL), ("鹿城区合计", *OWN_VALUES)], [("鹿城区", *SMALL), ("鹿城区合计", *OWN_VALUES)]):
        assert str(judged_rows(*rows).status) != "accepted"
