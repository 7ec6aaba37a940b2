"""OpenDocument spreadsheets, made by hand after what LibreOffice writes."""

from __future__ import annotations

import pytest

from pipeline.model import Area, Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from tests.support.handmade import flat_ods, ods, ods_cell, table, with_part

LIMITS = Limits(units=frozenset({"家", "项"}))
EIGHT = '<table:table-cell office:value-type="float" office:value="8"><text:p>8</text:p></table:table-cell>'


def grids(content: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    return read_grids(content, Container(Format.ODS), limits)


def line(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def number(value: str) -> str:
    return f'office:value-type="float" office:value="{value}"'


CELLS = {
    "number": ((number("8"), "8"), Cell(Kind.NUMBER, "8", 8)),
    "number that shows nothing written": ((number("8"),), Cell(Kind.NUMBER, "8", 8)),
    "rounded": ((number("35.5"), "36"), Cell(Kind.NUMBER, "35.5", 35.5)),
    "grouped": ((number("8000"), "8,000"), Cell(Kind.NUMBER, "8000", 8000)),
    "decimal comma": ((number("8000.5"), "8.000,50"), Cell(Kind.NUMBER, "8000.5", 8000.5)),
    "negative in brackets": ((number("-8"), "(8)"), Cell(Kind.NUMBER, "-8", -8)),
    "zero as a dash": ((number("0"), " - "), Cell(Kind.NUMBER, "0", 0)),
    "zero shown as nothing": ((number("0"), ""), Cell(Kind.NUMBER, "0", 0)),
    "scientific": ((number("8"), "8E+00"), Cell(Kind.NUMBER, "8", 8)),
    "unit": ((number("8"), "8家"), Cell(Kind.NUMBER, "8家", 8)),
    "other unit": ((number("8"), "8个"), Cell(Kind.TEXT, "8个")),
    "magnitude": ((number("85000"), "8.5万"), Cell(Kind.TEXT, "8.5万")),
    "scaled": ((number("8000"), "8"), Cell(Kind.MASKED, "8≠8000", 8000)),
    "scaled with a unit": ((number("8000"), "8家"), Cell(Kind.MASKED, "8家≠8000", 8000)),
    "sign that is not stored": ((number("8"), "-8"), Cell(Kind.MASKED, "-8≠8", 8)),
    "number shown as nothing": ((number("8"), ""), Cell(Kind.MASKED, "≠8", 8)),
    "money": (('office:value-type="currency" office:currency="CNY" office:value="8"', "¥8.00"), Cell(Kind.TEXT, "¥8.00")),
    "percentage": (('office:value-type="percentage" office:value="0.25"', "25%"), Cell(Kind.PERCENT, "25%", 0.25)),
    "date": (('office:value-type="date" office:date-value="2024-06-30"', "2024/6/30"), Cell(Kind.DATE, "2024-06-30")),
    "date with time": (
        ('office:value-type="date" office:date-value="2024-06-30T08:15:00"', "x"),
        Cell(Kind.DATE, "2024-06-30 08:15:00"),
    ),
    "time": (('office:value-type="time" office:time-value="PT12H30M00S"', "12:30"), Cell(Kind.TIME, "12:30:00")),
    "true": (('office:value-type="boolean" office:boolean-value="true"', "TRUE"), Cell(Kind.BOOLEAN, "TRUE")),
    "false": (('office:value-type="boolean" office:boolean-value="false"', "FALSE"), Cell(Kind.BOOLEAN, "FALSE")),
    "truth value from xlsx": ((number("1") + ' table:formula="of:=TRUE()"', "TRUE"), Cell(Kind.BOOLEAN, "TRUE", None, True)),
    "text": (('office:value-type="string"', "约30"), Cell(Kind.TEXT, "约30")),
    "text number": (('office:value-type="string"', " 8"), Cell(Kind.TEXT, " 8")),
    "two paragraphs": (('office:value-type="string"', "a", "b"), Cell(Kind.TEXT, "a\nb")),
    "text by value alone": (('office:value-type="string" office:string-value="8"',), Cell(Kind.TEXT, "8")),
    "blank": (("",), Cell(Kind.BLANK)),
    "no value, whatever is shown": (('office:value-type="void"', "8"), Cell(Kind.BLANK)),
    "empty text": (('office:value-type="string"', ""), Cell(Kind.BLANK)),
    "formula": (('table:formula="of:=3+5" ' + number("8"), "8"), Cell(Kind.NUMBER, "8", 8, True)),
    "formula without a result": (('table:formula="of:=3+5"',), Cell(Kind.UNCALCULATED, "=3+5", None, True)),
    "formula with an empty text": (
        ('table:formula="of:=&quot;&quot;" office:value-type="string"', ""),
        Cell(Kind.BLANK),
    ),
    "formula with an empty text as LibreOffice writes it": (('table:formula="of:=&quot;&quot;"',), Cell(Kind.BLANK)),
    "error": (
        ('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!"),
        Cell(Kind.ERROR, "#DIV/0!", None, True),
    ),
    "error by number": (
        ('table:formula="of:=A1" office:value-type="string" calcext:value-type="error"', "Err:522"),
        Cell(Kind.ERROR, "Err:522", None, True),
    ),
    "error of older writers": (('table:formula="of:=1/0" ' + number("0"), "#DIV/0!"), Cell(Kind.ERROR, "#DIV/0!", None, True)),
}


@pytest.mark.parametrize(("cell", "expected"), CELLS.values(), ids=CELLS)
def test_cells(cell: tuple[str, ...], expected: Cell) -> None:
    (grid,) = grids(ods(ods_cell(cell[0], *cell[1:])))
    assert grid.at(1, 1) == expected


@pytest.mark.parametrize("value", ["", "1_0", "nan", "x"])
def test_values_that_are_not_of_their_type(value: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(ods(ods_cell(number(value), "8")))


def test_a_number_that_lost_its_value_is_not_the_text_beside_it() -> None:
    """LibreOffice takes the type it wrote beside the standard's for the cell's, and shows 0."""
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(ods(ods_cell('calcext:value-type="float"', "34")))


def test_spaces_notes_and_drawings() -> None:
    inside = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        '<text:p>a<text:s text:c="3"/><text:span>b</text:span><text:tab/>c<text:line-break/>d</text:p>'
        "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></table:table-cell>"
    )
    (grid,) = grids(ods(table(line(inside))))
    assert grid.at(1, 1).text == "a   b\tc\nd"


def test_repeats() -> None:
    cells = '<table:table-cell table:number-columns-repeated="2"/>' + EIGHT.replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="3"', 1
    )
    empty = '<table:table-row table:number-rows-repeated="5"><table:table-cell/></table:table-row>'
    (grid,) = grids(ods(table(empty + line(cells, 'table:number-rows-repeated="2"') + line(EIGHT))))
    assert set(grid.cells) == {(6, 3), (6, 4), (6, 5), (7, 3), (7, 4), (7, 5), (8, 1)}


def test_blanks_to_the_end_of_the_sheet() -> None:
    cells = '<table:table-cell table:style-name="ce1" table:number-columns-repeated="16384"/>'
    blanks = line(cells, 'table:number-rows-repeated="1048575"')
    (grid,) = grids(ods(table(line(EIGHT) + blanks)))
    assert set(grid.cells) == {(1, 1)}


@pytest.mark.parametrize("far", [EIGHT, '<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>'])
def test_a_cell_far_out(far: str) -> None:
    blanks = line('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048574"')
    last = line(f'<table:table-cell table:number-columns-repeated="16383"/>{far}')
    (grid,) = grids(ods(table(line(EIGHT) + blanks + last)))
    assert grid.at(1, 1).number == 8


@pytest.mark.parametrize("encoding", ["GBK", "GB2312", "GB18030"])
def test_a_flat_document_in_a_chinese_encoding(encoding: str) -> None:
    content = flat_ods(ods_cell('office:value-type="string"', "鹿城区")).decode()
    (grid,) = grids(content.replace("UTF-8", encoding).encode(encoding))
    assert grid.at(1, 1).text == "鹿城区"


def test_a_type_that_there_is_not() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(ods(ods_cell('office:value-type="x" office:value="8"', "8")))


REPEATS = [("16385", "1"), ("1", "1048577"), ("0", "1"), ("1", "-1"), ("1048576", "1048576"), ("", "x"), ("9" * 30, "9" * 30)]


@pytest.mark.parametrize(("columns", "rows"), REPEATS)
def test_blanks_repeated_beyond_any_sheet(columns: str, rows: str) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}"/>'
    (grid,) = grids(ods(table(line(EIGHT + cell) * 2 + line(cell, f'table:number-rows-repeated="{rows}"'))))
    assert [grid.at(1, 1).number, grid.at(2, 1).number] == [8, 8]


@pytest.mark.parametrize(("columns", "rows"), [("16384", "1"), ("1", "1048576")])
def test_values_beyond_any_sheet(columns: str, rows: str) -> None:
    blanks = f'<table:table-cell table:number-columns-repeated="{columns}"/>'
    tall = line(blanks, f'table:number-rows-repeated="{rows}"') if rows != "1" else ""
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(ods(table(tall + line(blanks + EIGHT))))


def test_a_count_of_repeats_that_readers_take_differently() -> None:
    with pytest.raises(UnreadableFile, match="disagreement"):
        grids(ods(table(line(EIGHT.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="0"', 1)))))


def test_repeated_values_count() -> None:
    cell = EIGHT.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="100"', 1)
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        grids(ods(table(line(cell, 'table:number-rows-repeated="1000000"'))))


def test_merges_and_covered_cells() -> None:
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    wide = EIGHT.replace("<table:table-cell", f"<table:table-cell {spans}", 1)
    content = ods(table(line(wide + "<table:covered-table-cell/>" + EIGHT) + line("<table:covered-table-cell/>" * 2 + EIGHT)))
    (grid,) = grids(content)
    assert (grid.merges, set(grid.cells)) == ((Area(1, 1, 2, 2),), {(1, 1), (1, 3), (2, 3)})


STYLES = (
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="ro2" style:family="table-row"><style:table-row-properties style:row-height="0in"/></style:style>'
    '<style:style style:name="ro3" style:family="table-row"><style:table-row-properties style:row-height="10mm"/></style:style>'
    '<style:style style:name="co2" style:family="table-column">'
    '<style:table-column-properties style:column-width="0.00cm"/></style:style>'
)


def test_hidden_rows_and_columns() -> None:
    columns = (
        '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:style-name="co2"/>'
        '<table:table-column table:style-name="ro2" table:number-columns-repeated="16381"/>'
    )
    lines = (
        line(EIGHT * 4)
        + line(EIGHT, 'table:visibility="collapse"')
        + line(EIGHT, 'table:visibility="filter"')
        + line(EIGHT, 'table:style-name="ro2"')
        + line(EIGHT, 'table:style-name="ro3"')
    )
    (grid,) = grids(ods(table(columns + lines), styles=STYLES))
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({2, 3, 4}), frozenset({2, 3}))


def test_hidden_sheets() -> None:
    shown = table(line(EIGHT), 'table:style-name="ta1"')
    hidden = table(line(EIGHT), 'table:style-name="ta2"').replace("Sheet1", "Sheet2")
    found = [(grid.name, grid.hidden) for grid in grids(ods(shown, hidden, styles=STYLES))]
    assert found == [("Sheet1", False), ("Sheet2", True)]


def test_caches_and_old_versions_are_no_sheets() -> None:
    cache = table(line(EIGHT)).replace("Sheet1", "'file:///home/a.ods'#$Sheet1")
    tracked = f"<table:tracked-changes>{EIGHT}</table:tracked-changes>"
    found = grids(ods(table(line(EIGHT)), cache, before=tracked))
    assert [(grid.name, len(grid.cells)) for grid in found] == [("Sheet1", 1)]


def test_flat_files() -> None:
    (grid,) = grids(flat_ods(ods_cell(number("8"), "8")))
    assert grid.at(1, 1) == Cell(Kind.NUMBER, "8", 8)


@pytest.mark.parametrize("content", ["", "<a", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
def test_content_that_is_refused(content: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(with_part(ods(ods_cell("")), "content.xml", content))


@pytest.mark.parametrize(
    ("stored", "shown", "expected"),
    [
        ("1234", "1,234", Cell(Kind.NUMBER, "1234", 1234)),
        ("8", "8.00", Cell(Kind.NUMBER, "8", 8)),
        ("8", "8,00", Cell(Kind.NUMBER, "8", 8)),
        ("24", "0.24", Cell(Kind.MASKED, "0.24≠24", 24)),
        ("8000", "8.000", Cell(Kind.MASKED, "8.000≠8000", 8000)),
        ("8", "8,000", Cell(Kind.MASKED, "8,000≠8", 8)),
        ("24", "2E+01", Cell(Kind.MASKED, "2E+01≠24", 24)),
        ("24", "2.40E+01", Cell(Kind.NUMBER, "24", 24)),
        ("123456", "1.23E+05", Cell(Kind.MASKED, "1.23E+05≠123456", 123456)),
        ("24", "12,4", Cell(Kind.MASKED, "12,4≠24", 24)),
        ("8000", "8（家）", Cell(Kind.MASKED, "8（家）≠8000", 8000)),
        ("8", "8（家）", Cell(Kind.TEXT, "8（家）")),
        ("2.5", "3", Cell(Kind.NUMBER, "2.5", 2.5)),
        ("8.000000000000002", "8", Cell(Kind.NUMBER, "8", 8.000000000000002)),
    ],
)
def test_what_is_shown_beside_what_is_stored(stored: str, shown: str, expected: Cell) -> None:
    (grid,) = grids(ods(ods_cell(number(stored), shown)))
    assert grid.at(1, 1) == expected
