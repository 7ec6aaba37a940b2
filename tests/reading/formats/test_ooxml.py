"""OOXML workbooks, written by libraries and by hand."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from pipeline.model import Area, Cell, Grid, Kind, Mark, Run, UnreadableFile
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from tests.reading.formats.test_number_formats import PLAIN
from tests.support.handmade import STRICT, TRANSITIONAL, one_cell, rows, with_part, xlsx

LIMITS = Limits(units=frozenset({"家", "项"}))
EIGHT = Cell(Kind.NUMBER, "8", 8)


def grids(content: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    return read_grids(content, Container(Format.OOXML), limits)


def cell(element: str, **options: object) -> Cell:
    """The cell D7 that this element makes."""
    (grid,) = grids(one_cell(element, **options))
    return grid.at(7, 4)


CELLS = {
    "number": ('<c r="D7"><v>8</v></c>', EIGHT),
    "number with decimals": ('<c r="D7"><v>8.0</v></c>', EIGHT),
    "number with an exponent": ('<c r="D7"><v>8E0</v></c>', EIGHT),
    "half": ('<c r="D7" t="n"><v>35.5</v></c>', Cell(Kind.NUMBER, "35.5", 35.5)),
    "negative": ('<c r="D7"><v>-3</v></c>', Cell(Kind.NUMBER, "-3", -3)),
    "not quite": ('<c r="D7"><v>7.9999999999999991</v></c>', Cell(Kind.NUMBER, "8", 7.999999999999999)),
    "address in dollars": ('<c r="$D$7"><v>8</v></c>', EIGHT),
    "inline": ('<c r="D7" t="inlineStr"><is><t>约30</t></is></c>', Cell(Kind.TEXT, "约30")),
    "inline in runs": (
        '<c r="D7" t="inlineStr"><is><r><rPr><b/></rPr><t>12</t></r><r><t>①</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
        Cell(Kind.TEXT, "12①", runs=(Run("12①"), Run("x", Mark.RUBY))),
    ),
    "text number": ('<c r="D7" t="inlineStr"><is><t> 8 </t></is></c>', Cell(Kind.TEXT, " 8 ")),
    "escaped character": ('<c r="D7" t="inlineStr"><is><t>a_x000D_b</t></is></c>', Cell(Kind.TEXT, "a\rb")),
    "inline without a text": ('<c r="D7" t="inlineStr"><v>8</v></c>', Cell(Kind.BLANK)),
    "empty inline": ('<c r="D7" t="inlineStr"><is><t></t></is></c>', Cell(Kind.BLANK)),
    "true": ('<c r="D7" t="b"><v>1</v></c>', Cell(Kind.BOOLEAN, "TRUE")),
    "false": ('<c r="D7" t="b"><v>0</v></c>', Cell(Kind.BOOLEAN, "FALSE")),
    "error": ('<c r="D7" t="e"><v>#REF!</v></c>', Cell(Kind.ERROR, "#REF!")),
    "iso date": ('<c r="D7" t="d"><v>2024-06-30T00:00:00</v></c>', Cell(Kind.DATE, "2024-06-30")),
    "formula": ('<c r="D7"><f>3+5</f><v>8</v></c>', Cell(Kind.NUMBER, "8", 8, True)),
    "text formula": ('<c r="D7" t="str"><f>"8"</f><v>8</v></c>', Cell(Kind.TEXT, "8", None, True)),
    "truth formula": ('<c r="D7" t="b"><f>1=1</f><v>1</v></c>', Cell(Kind.BOOLEAN, "TRUE", None, True)),
    "error formula": ('<c r="D7" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Cell(Kind.ERROR, "#DIV/0!", None, True)),
    "shared formula": (
        '<c r="C7"><f t="shared" ref="C7:D7" si="0">4+4</f><v>8</v></c><c r="D7"><f t="shared" si="0"/><v>8</v></c>',
        Cell(Kind.NUMBER, "8", 8, True),
    ),
    "shared formula that is nowhere": ('<c r="D7"><f t="shared" si="0"/><v>8</v></c>', Cell(Kind.UNCALCULATED, "=", None, True)),
    "shared formula that stands behind": (
        '<c r="D7"><f t="shared" si="3"/><v>8</v></c><c r="E7"><f t="shared" ref="D7:E7" si="3">4+4</f><v>8</v></c>',
        Cell(Kind.NUMBER, "8", 8, True),
    ),
    "formula of nothing": ('<c r="D7"><f/><v>8</v></c>', Cell(Kind.UNCALCULATED, "=", None, True)),
    "array of other cells": ('<c r="D7"><f t="array" ref="A1">2</f><v>8</v></c>', Cell(Kind.UNCALCULATED, "=", None, True)),
    "formula without a result": ('<c r="D7"><f>3+5</f></c>', Cell(Kind.UNCALCULATED, "=3+5", None, True)),
    "formula with an empty result": ('<c r="D7" t="str"><f>A1</f><v></v></c>', Cell(Kind.BLANK)),
    "formula without a type": ('<c r="D7"><f>A1</f><v></v></c>', Cell(Kind.UNCALCULATED, "=A1", None, True)),
    "blank": ('<c r="D7" s="0"/>', Cell(Kind.BLANK)),
    "no style": ('<c r="D7" s=""><v>8</v></c>', EIGHT),
    "style that is nowhere": ('<c r="D7" s="7"><v>8</v></c>', EIGHT),
    "twice the same": ('<c r="D7"><v>8</v></c><c r="D7"><v>8</v></c>', EIGHT),
    "no address": ("<c/><c/><c/><c><v>8</v></c>", EIGHT),
    "no address after one": ('<c r="B7"><v>1</v></c><c/><c><v>8</v></c>', EIGHT),
}
DAMAGED = {
    "address": '<c r="D"><v>8</v></c>',
    "column": '<c r="XFE7"><v>8</v></c>',
    "row": '<c r="D1048577"><v>8</v></c>',
    "two values": '<c r="D7"><v>1</v><v>2</v></c>',
    "two formulas": '<c r="D7"><f>1+1</f><f>2</f><v>2</v></c>',
    "two inline texts": '<c r="D7" t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>',
    "a value of no cell": '<v>5</v><c r="D7"/>',
    "a value between cells": '<c r="C7"><v>1</v></c><v>5</v><c r="D7"><v>8</v></c>',
    "two cells at one place": '<c r="D7"><v>8</v></c><c r="D7"><v>9</v></c>',
    "type": '<c r="D7" t="x"><v>8</v></c>',
    "number": '<c r="D7"><v>1_0</v></c>',
    "not a number": '<c r="D7"><v>nan</v></c>',
    "other digits": '<c r="D7"><v>٣</v></c>',
    "shared text": '<c r="D7" t="s"><v>5</v></c>',
    "shared text by name": '<c r="D7" t="s"><v>x</v></c>',
    "no xml": '<c r="D7"><v>8</c></v>',
}


@pytest.mark.parametrize(("element", "expected"), CELLS.values(), ids=CELLS)
def test_cells(element: str, expected: Cell) -> None:
    assert cell(element) == expected


@pytest.mark.parametrize(("element", "expected"), CELLS.values(), ids=CELLS)
def test_cells_of_strict_workbooks(element: str, expected: Cell) -> None:
    assert cell(element, namespaces=STRICT) == expected


@pytest.mark.parametrize("element", DAMAGED.values(), ids=DAMAGED)
def test_damaged_cells(element: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(one_cell(element))


def test_shared_texts_without_phonetic_guides() -> None:
    texts = '<si><r><t>瓯</t></r><r><t>海</t></r><rPh sb="0" eb="1"><t>ou</t></rPh></si><si><t>8</t></si>'
    (grid,) = grids(one_cell('<c r="A7" t="s"><v>0</v></c><c r="B7" t="s"><v>1</v></c>', texts=texts))
    assert [grid.at(7, 1).text, grid.at(7, 2)] == ["瓯海", Cell(Kind.TEXT, "8")]


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("0%", "0.25", Cell(Kind.PERCENT, "25%", 0.25)),
        ("yyyy/m/d", "45473", Cell(Kind.DATE, "2024-06-30")),
        ("h:mm:ss", "0.5", Cell(Kind.TIME, "12:00:00")),
        ('0"万"', "8", Cell(Kind.TEXT, "8万")),
        ('0"家"', "8", Cell(Kind.NUMBER, "8家", 8)),
    ],
)
def test_number_formats(code: str, value: str, expected: Cell) -> None:
    assert cell(f'<c r="D7" s="1"><v>{value}</v></c>', formats={1: code}) == expected


def test_dates_since_1904() -> None:
    found = cell('<c r="D7" s="1"><v>44011</v></c>', formats={1: "yyyy-mm-dd"}, workbook='<workbookPr date1904="1"/>')
    assert found == Cell(Kind.DATE, "2024-06-30")


@pytest.mark.parametrize("dimension", ["A1:A1", "A1", "A1:XFD1048576", "XFD1048576"])
def test_the_stated_dimension_hides_nothing_and_costs_nothing(dimension: str) -> None:
    (grid,) = grids(xlsx(f'<dimension ref="{dimension}"/>' + rows('<row r="7"><c r="D7"><v>8</v></c></row>')))
    assert grid.cells == {(7, 4): EIGHT}


@pytest.mark.parametrize(
    "far",
    ["<c r='XFD1048576' s='0'/>", "<c r='XFD1048576' t='inlineStr'><is><t></t></is></c>", "<c r='XFD1048576'><v></v></c>"],
)
def test_a_blank_cell_far_out(far: str) -> None:
    (grid,) = grids(xlsx(rows(f'<row r="7"><c r="D7"><v>8</v></c></row><row r="1048576">{far}</row>')))
    assert grid.cells == {(7, 4): EIGHT}


def test_a_value_far_out() -> None:
    (grid,) = grids(xlsx(rows('<row r="7"><c r="D7"><v>8</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')))
    assert set(grid.cells) == {(7, 4), (1048576, 16384)}


def test_a_hundred_thousand_formatted_blank_rows() -> None:
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(8, 100_008))
    (grid,) = grids(xlsx(rows(f'<row r="7"><c r="D7"><v>8</v></c></row>{blanks}')))
    assert grid.cells == {(7, 4): EIGHT}


def test_hidden_rows_and_columns() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="4" max="16384" width="0"/><col min="3" max="3" width="9"/></cols>'
    lines = "".join(
        f'<row r="{n}" {attributes}>' + "<c><v>1</v></c>" * 4 + "</row>"
        for n, attributes in ((1, ""), (2, 'hidden="1"'), (3, 'hidden="true"'), (4, 'ht="0"'), (5, 'ht="15" hidden="0"'))
    )
    (grid,) = grids(xlsx(columns + rows(lines)))
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({2, 3, 4}), frozenset({2, 4}))


def test_rows_hidden_by_default() -> None:
    lines = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" ht="15"><c r="A2"><v>1</v></c></row>'
    (grid,) = grids(xlsx('<sheetFormatPr zeroHeight="1"/>' + rows(lines)))
    assert grid.hidden_rows == {1}


def test_merges() -> None:
    merges = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="D7"/></mergeCells>'
    (grid,) = grids(xlsx(rows('<row r="1"><c r="A1"><v>1</v></c></row>') + merges))
    assert grid.merges == (Area(1, 1, 2, 2), Area(7, 4, 7, 4))


def test_hidden_sheets_in_workbook_order() -> None:
    sheet = rows('<row r="1"><c r="A1"><v>1</v></c></row>')
    found = grids(xlsx(sheet, sheet, sheet, states={1: "veryHidden", 3: "hidden"}))
    assert [(grid.name, grid.hidden) for grid in found] == [("Sheet1", True), ("Sheet2", False), ("Sheet3", True)]


def test_chart_sheets_are_left_out() -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["D7"] = 8  # type: ignore[index]
    book.create_chartsheet("图")
    book.save(stream)
    assert [grid.name for grid in grids(stream.getvalue())] == ["Sheet"]


def test_cells_of_an_array_formula_are_formulas() -> None:
    line = '<c r="D7"><f t="array" ref="D7:F7">A1:C1</f><v>8</v></c><c r="E7"><v>9</v></c>'
    (grid,) = grids(one_cell(line))
    assert [(c.kind, c.formula) for c in (grid.at(7, 4), grid.at(7, 5), grid.at(7, 6))] == [
        (Kind.NUMBER, True), (Kind.NUMBER, True), (Kind.UNCALCULATED, True),
    ]  # fmt: skip


def test_openpyxl_formulas_have_no_result() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["D7"], sheet["D8"] = "=3+5", ArrayFormula("D8:D9", "=A1:A2")
    sheet["E7"], sheet["F7"], sheet["G7"] = dt.date(2024, 6, 30), True, "=1/0"
    stream = io.BytesIO()
    book.save(stream)
    (grid,) = grids(stream.getvalue())
    kinds = [grid.at(*place).kind for place in ((7, 4), (8, 4), (9, 4), (7, 5), (7, 6), (7, 7))]
    assert kinds == [Kind.UNCALCULATED] * 3 + [Kind.DATE, Kind.BOOLEAN, Kind.UNCALCULATED]


def test_xlsxwriter_results_are_trusted_unless_they_are_its_own_zero() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_formula("D7", "=3+5", None, 8)
        sheet.write_formula("E7", "=3+5")
        sheet.write_formula("F7", "=1/0", None, "#DIV/0!")
        sheet.write_formula("G7", "=1=1", None, True)
        sheet.write_number("H7", 0)
    (grid,) = grids(stream.getvalue())
    assert [grid.at(7, column).kind for column in range(4, 9)] == [
        Kind.NUMBER, Kind.UNCALCULATED, Kind.ERROR, Kind.BOOLEAN, Kind.NUMBER,
    ]  # fmt: skip


def test_a_calculated_zero_is_a_zero() -> None:
    assert cell('<c r="D7"><f>1-1</f><v>0</v></c>', workbook="<calcPr calcId='191029'/>") == Cell(Kind.NUMBER, "0", 0, True)


WORKBOOKS = {
    "no namespace": (f'xmlns="{TRANSITIONAL[0]}"', ""),
    "another namespace": (f'xmlns="{TRANSITIONAL[0]}"', 'xmlns="65536"'),
    "another root": ("workbook ", "worksheet "),
    "a sheet outside the list": ("<sheets>", "<sheets/><other>"),
}
"""What office programs see no sheet in."""


@pytest.mark.parametrize("case", WORKBOOKS)
def test_a_workbook_that_lists_no_sheets_in_their_place_is_damaged(case: str) -> None:
    content = one_cell('<c r="D7"><v>8</v></c>')
    old, new = WORKBOOKS[case]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read("xl/workbook.xml").decode()
    changed = part.replace(old, new).replace("</sheets>", "</other>" if "<other>" in new else "</sheets>")
    changed = changed.replace("</workbook>", "</worksheet>" if "worksheet " in new else "</workbook>")
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(with_part(content, "xl/workbook.xml", changed))


def test_relationships_of_another_namespace_are_none() -> None:
    content = one_cell('<c r="D7"><v>8</v></c>')
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(with_part(content, "xl/_rels/workbook.xml.rels", '<Relationships xmlns="true"/>'))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"),
        ("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "8">]><worksheet/>'),
        ("xl/sharedStrings.xml", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><sst/>"),
        ("xl/workbook.xml", "not xml"),
        ("xl/workbook.xml", b"<?xml version='1.0' encoding='UTF-1'?><workbook/>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships/>"),
        ("xl/worksheets/sheet1.xml", b"<?xml version='1.0' encoding='big5'?><worksheet/>"),
    ],
)
def test_parts_that_are_refused(part: str, content: str | bytes) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(with_part(one_cell('<c r="D7"><v>8</v></c>'), part, content))


@pytest.mark.parametrize(("code", "number", "text"), PLAIN)
def test_plain_formats_pass_the_second_reader(code: str, number: float, text: str) -> None:
    assert cell(f'<c r="D7" s="1"><v>{number!r}</v></c>', formats={1: code}).text == text
