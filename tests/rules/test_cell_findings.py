"""What stands in the cells of real returns, in every format that can hold it: C02, C08, C11, C12, S05 with their words."""

from __future__ import annotations

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Cell, Kind, Mark, Run, Submission
from pipeline.reading.formats.runs import text_of_runs
from pipeline.reading.values import read_number
from tests.products.return_copies import opened, sent_return
from tests.reading.values.reading_numbers import ENTERPRISES, params, read
from tests.returns import Formula, Marked, Styled, Value
from tests.support.judging import PROGRAMME, check, rules, spec, values

TYPED = ["xlsx", "xlsx-strict", "xls", "et", "ods", "xml"]
PAGES = ["html-gbk", "html-utf8"]
RAISED = Marked((("12", ""), ("1", "superscript")))
LOWERED = Marked((("12", ""), ("1", "subscript")))
STRUCK_HEAD = Marked((("1", "struck"), ("12", "")))
BOTH = Marked((("1", "struck"), ("8", ""), ("2", "superscript")))
ALL_STRUCK = Marked((("1", "struck"), ("2", "struck")))


def judged(value: Value, fmt: str) -> Submission:
    return check(spec(values={"projects": value}, fmt=fmt))


def told(submission: Submission) -> list[tuple[str, str | None, str]]:
    """Rule, cell and words of what must be acted on."""
    return [(f.rule, f.cell, f.message) for f in submission.findings if f.grade != "hint"]


@pytest.mark.parametrize("fmt", TYPED + PAGES)
@pytest.mark.parametrize(
    ("value", "observed", "what"),
    [
        (RAISED, "12（上标1）", "上标"),
        (LOWERED, "12（下标1）", "下标"),
        (STRUCK_HEAD, "（删除线1）12", "删除线"),
        (BOTH, "（删除线1）8（上标2）", "删除线、上标"),
    ],
)
def test_runs_are_never_joined_to_the_number(value: Marked, observed: str, what: str, fmt: str) -> None:
    submission = judged(value, fmt)
    assert told(submission) == [("C12", "D5", f"D5单元格“{observed}”中有{what}，不能确定数值。")]
    assert (submission.status, submission.values.get("projects")) == ("returned", None)
    assert next(f.observed for f in submission.findings if f.rule == "C12") == observed


@pytest.mark.parametrize("fmt", TYPED + PAGES)
@pytest.mark.parametrize("value", [Styled(12, "struck"), ALL_STRUCK])
def test_a_cell_struck_out_as_a_whole_is_asked_about(value: Value, fmt: str) -> None:
    submission = judged(value, fmt)
    assert told(submission) == [("S05", "D5", "D5单元格整格加了删除线，但其中有数据。")]
    assert (submission.status, submission.values["projects"]) == ("pending", 12)


@pytest.mark.parametrize("fmt", TYPED + PAGES)
def test_white_on_white_is_asked_about(fmt: str) -> None:
    submission = judged(Styled(12, "white"), fmt)
    assert told(submission) == [("S05", "D5", "D5单元格的字与底色相同，但其中有数据。")]


@pytest.mark.parametrize("fmt", TYPED)
def test_several_cells_are_told_together(fmt: str) -> None:
    white = {"enterprises": Styled(8, "white"), "projects": Styled(12, "white"), "institutes": Styled(3, "struck")}
    assert told(check(spec(values=white, fmt=fmt))) == [
        ("S05", "F5", "F5单元格整格加了删除线，但其中有数据。"),
        ("S05", "C5:F5", "C5单元格、D5单元格的字与底色相同，但其中有数据。"),
    ]


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "et", "ods", "xml"])
def test_a_format_that_shows_nothing_is_told_with_what_is_stored(fmt: str) -> None:
    submission = judged(Styled(12, "format", ";;;"), fmt)
    assert told(submission) == [("C11", "D5", "D5单元格按格式显示为空白，实际存的是12，两者不一致。")]
    (found,) = (f for f in submission.findings if f.rule == "C11")
    assert (found.fix, found.observed) == ("请将单元格格式改为“常规”后重新填写。", "空白")


@pytest.mark.parametrize("fmt", ["xlsx", "xls"])
@pytest.mark.parametrize(
    ("value", "code", "shown"), [(12000, "0,", "12"), (12, '"5"', "5"), (12, '0"0"', "120"), (12, "0E+0", "1E+01")]
)
def test_a_format_that_shows_another_number(value: int, code: str, shown: str, fmt: str) -> None:
    (found,) = told(judged(Styled(value, "format", code), fmt))
    assert found == ("C11", "D5", f"D5单元格按格式显示为{shown}，实际存的是{value}，两者不一致。")


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "et"])
@pytest.mark.parametrize(
    "code", ["0", "#,##0", "General", "0.00", "0_ ", '0"项"', "@", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ ']
)
def test_the_usual_formats_are_no_finding(code: str, fmt: str) -> None:
    submission = judged(Styled(12, "format", code), fmt)
    assert (told(submission), values(submission)[1]) == ([], 12)


@pytest.mark.parametrize("fmt", ["xlsx", "xls"])
@pytest.mark.parametrize("code", ["0;-0;", '0;-0;"-"', '0;-0;"—"', "#", ";;;"])
def test_a_zero_shown_as_nothing_is_zero(code: str, fmt: str) -> None:
    assert values(judged(Styled(0, "format", code), fmt))[1] == 0


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "xml"])
def test_a_formula_whose_result_is_the_empty_text_is_a_blank(fmt: str) -> None:
    submission = judged(Formula('IF(A1="","","")', ""), fmt)
    assert [(rule, cell) for rule, cell, _ in told(submission)] == [("C02", "D5")]


def test_a_picture_in_a_cell_is_told_as_one() -> None:
    submission = judged(Formula('DISPIMG("ID_1",1)', '=DISPIMG("ID_1",1)'), "xlsx")
    assert told(submission) == [("C08", "D5", "D5单元格为嵌入图片，不是数值，读不到数。")]


@pytest.mark.parametrize("text", ['=DISPIMG("ID_4A",1)', 'DISPIMG("ID_4A",1)', '=_xlfn.DISPIMG("ID_4A",1)'])
def test_a_picture_as_text(text: str) -> None:
    assert params(Cell(Kind.TEXT, text))["variant"] == "picture"
    assert params(Cell(Kind.UNCALCULATED, text, formula=True))["variant"] == "picture"


def test_float_noise_is_what_a_spreadsheet_shows() -> None:
    submission = check(spec(values={"projects": 12.000000000000002}))
    assert (rules(submission), values(submission)[1]) == ([], 12)
    assert params(Cell(Kind.NUMBER, "0.3", 0.1 + 0.2))["observed"] == "0.3"


@pytest.mark.parametrize("cell", [Cell(Kind.MASKED, "≠24", 24), Cell(Kind.MASKED, "5≠24", 24), Cell(Kind.MASKED, "≠24")])
def test_what_is_masked_is_no_number(cell: Cell) -> None:
    assert read(cell) == (None, "C11")
    assert params(cell) == {"variant": "masked", "stored": "24", "shown": "5" if "5" in cell.text else "空白"}


def test_words_of_runs_are_the_programmes() -> None:
    (found,) = read_number(judged_cell(BOTH), ENTERPRISES, PROGRAMME)[1]
    assert dict(found.params) == {"observed": "（删除线1）8（上标2）", "what": "删除线、上标"}


def judged_cell(value: Marked) -> Cell:
    cell = text_of_runs(Run(text, Mark(mark) if mark else None) for text, mark in value.runs)
    assert cell is not None
    return cell


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "html-gbk", "xml"])
def test_a_copy_tells_what_was_set_apart(fmt: str) -> None:
    """A copy holds no runs: 12 with a raised 1 must not come back as 121."""
    sheet = copied(RAISED, fmt)
    assert sheet["D5"].value == "12（上标1）"


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "html-gbk", "xml"])
@pytest.mark.parametrize("value", [Styled(12, "struck"), ALL_STRUCK])
def test_a_copy_strikes_out_what_was_struck_out(value: Value, fmt: str) -> None:
    cell = copied(value, fmt)["D5"]
    assert (str(cell.value), bool(cell.font.strike)) == ("12", True)


def copied(value: Value, fmt: str) -> Worksheet:
    """The form's sheet in the copy of a return that is sent back for another cell too."""
    copy = sent_return(spec(values={"projects": value, "institutes": "约3"}, fmt=fmt)).copy()
    return next(sheet for sheet in opened(copy).worksheets if sheet["B5"].value == "鹿城区")
