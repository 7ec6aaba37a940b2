"""Figures in text boxes and comments where the own row is blank (C02 says where), in the formats that have such things."""

from __future__ import annotations

import pytest

from pipeline.model import Known
from pipeline.reading.formats import identify, read_floating
from pipeline.reading.formats.floating import Floating
from pipeline.reading.read import read_submission
from pipeline.reading.unreadable import limits_of
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests import TEST_DATA
from tests.returns import Layout, write_return
from tests.support.handmade import ods, table, with_part, zipped
from tests.support.judging import GOOD, NOW, PROGRAMME, calendar, check, check_grid, grid, spec

FILES = TEST_DATA / "floating"
NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
FIGURES = ("8", "12", "7", "3")


def floating(content: bytes, name: str = "file.xlsx") -> Floating:
    limits = limits_of(PROGRAMME)
    return read_floating(content, identify(content, name, limits), limits)


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_texts_over_the_cells_are_read_in_each_format(suffix: str) -> None:
    assert floating((FILES / f"text_box.{suffix}").read_bytes()) == Floating(boxes=FIGURES)
    assert floating((FILES / f"comment.{suffix}").read_bytes()) == Floating(comments=FIGURES)


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(("kind", "where"), [("text_box", "文本框中"), ("comment", "批注中")])
def test_a_blank_row_is_told_where_the_figures_are(kind: str, where: str, suffix: str) -> None:
    reading = read_submission(f"鹿城区_2024年6月.{suffix}", (FILES / f"{kind}.{suffix}").read_bytes(), PROGRAMME)
    submission = check_batch([(place(reading, calendar()), NOW)], Known(), calendar())[0]

    messages = {finding.message for finding in submission.findings if finding.rule == "C02"}
    assert messages == {f"本地区四项指标均未填，但{where}有数。"}


def test_threaded_comments_are_comments() -> None:
    thread = '<ThreadedComments xmlns="x"><threadedComment ref="B4"><text>企业8家</text></threadedComment></ThreadedComments>'
    content = with_part(write_return(GOOD), "xl/threadedComments/threadedComment1.xml", thread)

    assert floating(content).comments == ("企业8家",)


def test_annotations_and_shapes_of_a_flat_sheet_are_told_apart() -> None:
    note = "<office:annotation><text:p>8</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="string"><text:p>鹿城区</text:p>{note}'
    shape = "<draw:frame><draw:text-box><text:p>12</text:p></draw:text-box></draw:frame></table:table-cell>"
    content = ods(table(f"<table:table-row>{cell}{shape}</table:table-row>"))

    assert floating(content, "file.ods") == Floating(boxes=("12",), comments=("8",))


def test_a_damaged_drawing_says_nothing() -> None:
    assert floating(with_part(write_return(GOOD), "xl/drawings/drawing1.xml", b"<broken")) == Floating()


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"<table><tr><td>1</td></tr></table>"])
def test_text_formats_have_nothing_over_their_cells(content: bytes) -> None:
    assert floating(content, "file.csv") == Floating()


def told(content: bytes) -> tuple[str, ...]:
    return read_submission("鹿城区_2024年6月.xlsx", content, PROGRAMME).floating


@pytest.mark.parametrize(
    "text",
    ["请填2024年以来的累计数", "请核对后填写", "【强制性】D7单元格未填。没有发生的请填0。（C02）", "　"],
    ids=["year", "words", "ours", "blank"],
)
def test_what_holds_no_figures_of_the_district_is_not_told(text: str) -> None:
    comments = f'<comments xmlns="x"><commentList><comment ref="A1"><text><t>{text}</t></text></comment></commentList></comments>'

    assert told(with_part(write_return(spec(values=dict.fromkeys(PROGRAMME.indicator_ids))), "xl/comments1.xml", comments)) == ()


def test_a_filled_row_is_enough_and_nothing_else_is_read() -> None:
    comments = '<comments xmlns="x"><commentList><comment ref="A1"><text><t>9</t></text></comment></commentList></comments>'

    assert told(with_part(write_return(GOOD), "xl/comments1.xml", comments)) == ()


HEAD = ("区域", *NAMES)


def message(*lines: tuple[object, ...]) -> str:
    submission = check_grid(grid(HEAD, *lines))
    return next(finding.message for finding in submission.findings if finding.rule == "C02")


def test_figures_in_the_totals_row_are_told() -> None:
    assert message(("鹿城区",), ("龙湾区",), ("总数", 8, 12, 7, 3)) == "本地区四项指标均未填，但“总数”行有数。"
    assert message(("鹿城区",), ("区小计", 8, 12, 7, 3)) == "本地区四项指标均未填，但“区小计”行有数。"


def test_figures_beside_the_columns_are_told() -> None:
    assert message(("鹿城区", None, None, None, None, 8)) == "本地区四项指标均未填，但F2单元格有数。"


@pytest.mark.parametrize("beside", ["8家，12项", 8])
def test_figures_under_another_heading_beside_the_columns_are_told(beside: object) -> None:
    submission = check_grid(grid((*HEAD, "备注"), ("鹿城区", None, None, None, None, beside)))

    assert {f.message for f in submission.findings if f.rule == "C02"} == {"本地区四项指标均未填，但F2单元格有数。"}


def test_totals_of_zero_are_no_figures() -> None:
    assert message(("鹿城区",), ("总数", 0, 0, 0, 0)) == "本地区四项指标均未填。"


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "csv-utf8", "html-gbk"])
def test_every_format_tells_of_the_totals_row(fmt: str) -> None:
    blank = dict.fromkeys(PROGRAMME.indicator_ids)
    total = dict(zip(PROGRAMME.indicator_ids, (8, 12, 7, 3), strict=True))
    submission = check(spec(fmt=fmt, values=blank, total=total, layout=Layout()))

    assert {f.message for f in submission.findings if f.rule == "C02"} == {"本地区四项指标均未填，但“总数”行有数。"}


def test_a_package_without_such_parts_has_none() -> None:
    assert (
        floating(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}), "x.ods") == Floating()
    )
