"""填报人、审核人、联系电话 around a table: values beside and behind their labels, and the fields that are blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Cell, FormInfo, Grid, Kind
from pipeline.reading.layout import find_tables
from pipeline.reading.layout.form_lines import form_lines
from tests.returns.catalogue import LAYOUTS, ONE_SHEET
from tests.returns.write import FORMATS
from tests.support.judging import LUCHENG, OWN, PROGRAMME, grid, read, spec

HEAD = ("区域", *(indicator.name for indicator in PROGRAMME.indicators))
ROW = (LUCHENG, *OWN.values())
PHONE = "0577-00000000"
ALL = ("填报人", "审核人", "联系电话")


def said(*sheets: Grid) -> FormInfo:
    return form_lines([(sheet, find_tables(sheet, PROGRAMME)) for sheet in sheets], PROGRAMME)


def below(*lines: Sequence[object]) -> Grid:
    return grid(HEAD, ROW, *lines)


LINES: dict[str, tuple[Sequence[Sequence[object]], str, tuple[str, ...]]] = {
    "no place for them": ((), "", ()),
    "blanks alone": ((("　",), (None, " \t ")), "", ()),
    "only the unit": ((("填报单位：鹿城区科技局",),), "", ()),
    "a cell each": ((("填报人：张某", "审核人：李某", f"联系电话：{PHONE}"),), "张某", ()),
    "one cell": (((f"填报单位：科技局　填报人：张某　审核人：李某　联系电话：{PHONE}",),), "张某", ()),
    "one cell, no blanks": (((f"填报人：张某审核人：李某电话：{PHONE}",),), "张某", ()),
    "in the next cell": ((("填报人", "张某", "审核人", "李某"),), "张某", ()),
    "a number in the next cell": ((("联系电话：", 57700000000),), "", ()),
    "some cells on": ((("填报人：", None, None, "张某"),), "张某", ()),
    "all blank": ((("填报人：", "审核人：", "联系电话："),), "", ALL),
    "all blank in one cell": ((("填报人：　　　审核人：　　　联系电话：",),), "", ALL),
    "the next cell is a label": ((("填报人", "审核人：李某"),), "", ("填报人",)),
    "the next label is another's": ((("审核人：", "填报日期：2024年7月5日"),), "", ("审核人",)),
    "lines to write on": ((("填报人：________", "审核人：＿＿＿"),), "", ("填报人", "审核人")),
    "a bracket to sign in": ((("填报人（签字）：", "审核人：（签章）"),), "", ("填报人", "审核人")),
    "a value behind a bracket": ((("填报人（签字）：张某",),), "张某", ()),
    "blanks in the label": ((("填 报 人： 张某 ", "审　核　人："),), "张某", ("审核人",)),
    "half-width colons": ((("填报人:张某", "审核人: "),), "张某", ("审核人",)),
    "other labels": ((("填表人：张某", "复核人：", "电话："),), "张某", ("审核人", "联系电话")),
    "no colon, a blank": ((("填报人 张某",),), "张某", ()),
    "not the head of the unit": ((("单位负责人：",),), "", ()),
    "twice, once blank": ((("填报人：",), ("填报人：张某",)), "张某", ()),
    "a sentence that ends so": ((("请领导审核",),), "", ()),
}


@pytest.mark.parametrize(("lines", "filler", "missing"), LINES.values(), ids=LINES)
def test_lines_below_a_table(lines: Sequence[Sequence[object]], filler: str, missing: tuple[str, ...]) -> None:
    form = said(below(*lines))
    assert (form.filler, form.missing) == (filler, missing)


def test_lines_above_a_table() -> None:
    assert said(grid(("填报人：张某", "联系电话："), HEAD, ROW)) == FormInfo(filler="张某", missing=("联系电话",))


def test_the_table_itself_is_no_place_for_them() -> None:
    assert said(grid((*HEAD, "审核人"), (*ROW, None))) == FormInfo()


def test_sheets_without_values_say_nothing() -> None:
    empty = grid(HEAD, (LUCHENG,), ("填报人：", "审核人："), name="空表")
    note = Grid("说明", {(1, 1): Cell(Kind.TEXT, "填报人：")})
    assert said(empty, note, below(("填报人：张某",))) == FormInfo(filler="张某")


def test_what_one_of_several_filled_sheets_says_is_not_missing() -> None:
    earlier = grid(HEAD, ROW, ("填报人：", "审核人："), name="3月")
    assert said(earlier, below(("填报人：张某", "审核人："))) == FormInfo(filler="张某", missing=("审核人",))


@pytest.mark.parametrize("fmt", FORMATS)
def test_fields_are_read_from_every_format(fmt: str) -> None:
    assert read(spec(fmt=fmt)).form == FormInfo(filler="张某")
    assert read(spec(fmt=fmt, people=("", "李某", ""))).form.missing == ("填报人", "联系电话")


@pytest.mark.parametrize("layout", ONE_SHEET)
def test_no_layout_of_the_offices_lacks_a_field(layout: str) -> None:
    below_the_table: Any = LAYOUTS[layout].filler == "below"
    assert read(spec(layout=layout)).form == (FormInfo(filler="张某") if below_the_table else FormInfo())
