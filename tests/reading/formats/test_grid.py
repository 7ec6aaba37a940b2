"""All formats side by side: the same sheet in each, the samples, a second reader, and files that come to harm on the way."""

from __future__ import annotations

import random

import pytest

from pipeline.model import Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats import identify, read_grids, second_reader
from pipeline.reading.formats.draft import Sheet
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.plain_package import plain_workbook
from pipeline.reading.formats.second_reader import confirm
from pipeline.reading.layout import find_tables, used_rows
from pipeline.reading.read import read_submission
from tests import TEST_DATA
from tests.returns import write_return
from tests.support.handmade import flat_ods, ods, ods_cell, one_cell, rows, xlsx, zipped
from tests.support.judging import PROGRAMME, grid, spec
from tests.support.samples import RETURNS, Sample, good, parameters, samples
from tests.support.xml_spreadsheets import rows as table
from tests.support.xml_spreadsheets import worksheet, xml_spreadsheet

DATA = TEST_DATA / "intake"
LIMITS = Limits(units=frozenset({"家", "项"}))


def grids(content: bytes, name: str = "附件2.xlsx") -> tuple[Grid, ...]:
    return read_grids(content, identify(content, name, LIMITS), LIMITS)


# The sheet of tests/data/intake/kinds.*: written by openpyxl, calculated and saved in each format by LibreOffice.
KINDS = {
    "整数": Cell(Kind.NUMBER, "8", 8),
    "小数": Cell(Kind.NUMBER, "35.5", 35.5),
    "文本": Cell(Kind.TEXT, "8"),
    "约": Cell(Kind.TEXT, "约30"),
    "真": Cell(Kind.BOOLEAN, "TRUE", None, True),
    "日期": Cell(Kind.DATE, "2024-06-30"),
    "时刻": Cell(Kind.TIME, "12:30:00"),
    "百分比": Cell(Kind.PERCENT, "25%", 0.25),
    "除零": Cell(Kind.ERROR, "#DIV/0!", None, True),
    "引用": Cell(Kind.ERROR, "#REF!", None, True),
    "和": Cell(Kind.NUMBER, "43.5", 43.5, True),
    "千位": Cell(Kind.NUMBER, "8000", 8000),
    "家": Cell(Kind.NUMBER, "8家", 8),
    "会计": Cell(Kind.NUMBER, "0", 0),
    "负": Cell(Kind.NUMBER, "-3", -3),
    "零": Cell(Kind.NUMBER, "0", 0),
    "缩放": Cell(Kind.MASKED, "8≠8000", 8000),
    "日期时间": Cell(Kind.DATE, "2024-06-30 08:15:00"),
    "文本公式": Cell(Kind.TEXT, "AB", None, True),
    "真公式": Cell(Kind.BOOLEAN, "TRUE", None, True),
    "百分比公式": Cell(Kind.PERCENT, "25%", 0.25, True),
    "日期公式": Cell(Kind.DATE, "2024-06-30", None, True),
    "无名": Cell(Kind.ERROR, "#NAME?", None, True),
    "货币": Cell(Kind.TEXT, "¥8.00"),
    "藏": Cell(Kind.MASKED, "≠8", 8),
}
FORMATS = ["kinds.xlsx", "kinds.xls", "kinds.ods"]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_sheet_in_every_format(name: str) -> None:
    grid = grids((DATA / name).read_bytes())[0]
    found = {cell.text: grid.at(row, 2) for (row, column), cell in grid.cells.items() if column == 1}
    assert {label: found[label] for label in KINDS} == KINDS
    assert found["空文本"].kind is Kind.BLANK


@pytest.mark.parametrize("name", FORMATS)
def test_sheets_hidden_parts_and_merges_in_every_format(name: str) -> None:
    first, *others = grids((DATA / name).read_bytes())
    assert (first.name, first.hidden) == ("附件2", False)
    assert (set(first.hidden_rows), set(first.hidden_columns)) == ({17}, {4})
    assert [area.address for area in first.merges] == ["C1:D2"]
    assert [(grid.name, grid.hidden) for grid in others] == [("隐藏", True), ("深藏", True)]


def test_the_same_sheet_as_a_page() -> None:
    grid = grids((DATA / "kinds.html").read_bytes(), "kinds.xls")[0]
    found = {cell.text: grid.at(row, 2) for (row, column), cell in grid.cells.items() if column == 1}
    numbers = {label for label, cell in KINDS.items() if cell.kind is Kind.NUMBER} - {"负"}
    assert {label: found[label].number for label in numbers} == {label: KINDS[label].number for label in numbers}
    assert [found[label].kind for label in ("除零", "日期", "百分比", "藏")] == [Kind.ERROR, Kind.DATE, Kind.PERCENT, Kind.MASKED]


@pytest.mark.parametrize("sample", parameters(good()))
def test_good_samples_hold_their_values_in_one_row(sample: Sample) -> None:
    expected = [str(value) for value in sample.values or ()]
    found = [
        [cell.text for cell in row.values()]
        for grid in grids(sample.path.read_bytes(), sample.path.name)
        for row in grid.rows.values()
    ]
    assert any(expected == [text.strip().translate(_PLAIN) for text in row][-4:] for row in found)


_PLAIN = str.maketrans("０１２３４５６７８９", "0123456789", ",")


@pytest.mark.parametrize("sample", parameters(samples()))
def test_samples_are_read_alike_every_time(sample: Sample) -> None:
    content = sample.path.read_bytes()
    assert grids(content) == grids(content)


def sheet_of(**cells: Cell) -> tuple[Sheet, ...]:
    """A sheet as our reader might have seen it; C7, D7 and E7 are the places."""
    places = {"c7": (7, 3), "d7": (7, 4), "e7": (7, 5)}
    return (Sheet(Grid("Sheet1", {places[name]: cell for name, cell in cells.items()}), 35),)


EIGHT = Cell(Kind.NUMBER, "8", 8)
CONTENT = one_cell('<c r="D7"><v>8</v></c>')


@pytest.mark.parametrize(
    ("sheets", "cell"),
    [
        (sheet_of(d7=Cell(Kind.NUMBER, "9", 9)), "D7"),
        (sheet_of(), "D7"),
        (sheet_of(d7=EIGHT, e7=EIGHT), "E7"),
        (sheet_of(c7=EIGHT, d7=EIGHT), "C7"),
        (sheet_of(d7=Cell(Kind.NUMBER, "8.000001", 8.000001)), "D7"),
        (sheet_of(d7=Cell(Kind.BOOLEAN, "TRUE")), "D7"),
    ],
)
def test_two_readers_that_differ(sheets: tuple[Sheet, ...], cell: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        confirm(CONTENT, plain_workbook, sheets, [{7}])
    assert (caught.value.reason, caught.value.params) == ("disagreement", {"cell": cell})


@pytest.mark.parametrize(
    "seen",
    [EIGHT, Cell(Kind.PERCENT, "800%", 8), Cell(Kind.TEXT, "8万"), Cell(Kind.DATE, "1900-01-08"), Cell(Kind.ERROR, "#REF!")],
)
def test_two_readers_that_agree(seen: Cell) -> None:
    confirm(CONTENT, plain_workbook, sheet_of(d7=seen), [{7}])


def test_the_address_of_a_cell_counts_and_not_its_row() -> None:
    (grid,) = grids(one_cell('<c r="D9"><v>8</v></c>'))
    assert set(grid.cells) == {(9, 4)}


@pytest.mark.parametrize("content", [b"nonsense", flat_ods(ods_cell("")), zipped({"a": "b"})])
def test_what_the_second_reader_cannot_read_is_no_disagreement(content: bytes) -> None:
    confirm(content, plain_workbook, sheet_of(d7=EIGHT), [{7}])


def test_sheets_too_large_for_the_second_reader_are_not_shown_to_it() -> None:
    confirm(CONTENT, plain_workbook, (Sheet(sheet_of()[0].grid, 2_000_000),), [{7}])


def small_files() -> dict[str, bytes]:
    files = {name: (DATA / name).read_bytes() for name in (*FORMATS, "kinds.html")}
    files["hand.xlsx"] = CONTENT
    files["hand.ods"] = ods(ods_cell('office:value-type="float" office:value="8"', "8"))
    files["hand.xml"] = xml_spreadsheet(worksheet(table([["区域", "企业数"], ["鹿城区", 8]])))
    files["gbk.csv"] = "区域,企业数\n鹿城区,8\n龙湾区,55\n".encode("gbk")
    files |= {path.name: path.read_bytes() for path in sorted((RETURNS / "2024-06-30").glob("*")) if path.suffix != ".xlsx"}
    return files


FILES = small_files()


def survives(content: bytes) -> bool:
    """Whether a file is read; all that may be raised instead is UnreadableFile."""
    try:
        return bool(grids(content))
    except UnreadableFile:
        return False


@pytest.mark.parametrize("name", FILES)
def test_files_cut_short_are_read_or_refused(name: str) -> None:
    content = FILES[name]
    assert survives(content)
    for part in range(1, 24):
        survives(content[: len(content) * part // 24])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(4))
def test_files_with_changed_bytes_are_read_or_refused(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")
    for _ in range(25):
        content = bytearray(FILES[name])
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        survives(bytes(content))


@pytest.mark.parametrize("seed", range(8))
def test_changed_xml_inside_a_sound_zip_is_read_or_refused(seed: int) -> None:
    """Bytes changed before packing: the checksum of the zip holds, the sense does not."""
    chance = random.Random(seed)
    sheet = b'<row r="7"><c r="D7" s="0" t="n"><f>3+5</f><v>8</v></c><c r="E7" t="inlineStr"><is><t>a</t></is></c></row>'
    for _ in range(50):
        changed = bytearray(sheet)
        changed[chance.randrange(len(changed))] = chance.choice(b'<>/"=0189azAZ ')
        survives(xlsx(rows(changed.decode("latin-1"))))


def test_formats_have_their_own_kinds() -> None:
    assert {identify(content, name).kind for name, content in FILES.items()} == {*Format} - {
        Format.ATTACHMENT,
        Format.MAIL,
        Format.ARCHIVE,
    }


def test_rows_that_are_not_used_are_not_confirmed() -> None:
    confirm(CONTENT, plain_workbook, sheet_of(d7=Cell(Kind.NUMBER, "9", 9)), [{8}])
    confirm(CONTENT, plain_workbook, sheet_of(), [()])


def test_a_cell_outside_the_table_stops_no_return() -> None:
    """calamine takes a date of day zero for a number where there is none; in the own row the file is asked for again."""
    good = write_return(spec())
    seen = {**_numbers_of(good), (25, 9): 5.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_reader, "_numbers", lambda _: seen)
        assert read_submission("鹿城区_2024年6月.xlsx", good, PROGRAMME).findings == ()
        seen[5, 9] = 5.0
        (found,) = read_submission("鹿城区_2024年6月.xlsx", good, PROGRAMME).findings
        assert (found.rule, "I5" in found.message) == ("F01", True)


def _numbers_of(content: bytes) -> dict[tuple[int, int], float]:
    cells = grids(content)[0].cells
    return {place: float(cell.number) for place, cell in cells.items() if cell.kind is Kind.NUMBER and cell.number is not None}


OWN, OTHER, NAMELESS, TOTAL = ("鹿城区", 8, 12, 7, 3), ("龙湾区", 1, 1, 1, 1), ("其他", 1, 1, 1, 1), ("总数", 9, 13, 8, 4)


@pytest.mark.parametrize(
    ("lines", "named", "used"),
    [
        ((OWN, OTHER, TOTAL), {"鹿城区"}, {1, 2, 4}),
        ((OWN, OTHER), {"鹿城区"}, {1, 2}),
        ((OWN, OTHER), set(), {1, 2, 3}),
        ((OWN, OTHER), {"瑞安市"}, {1, 2, 3}),
        ((OWN, OTHER, NAMELESS), {"鹿城区"}, {1, 2, 4}),
        ((("鹿城区",), OTHER), {"鹿城区"}, {1, 2}),
    ],
)
def test_rows_that_are_made_use_of(lines: tuple[tuple[int | str, ...], ...], named: set[str], used: set[int]) -> None:
    sheet = grid(("区域", *(indicator.name for indicator in PROGRAMME.indicators)), *lines)
    assert used_rows(find_tables(sheet, PROGRAMME), named) == used
