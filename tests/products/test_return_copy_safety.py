"""Return copies of hostile files: nothing that computes, links or runs survives, and nothing makes the copy hang."""

from __future__ import annotations

import dataclasses
import io
import re
import time
import zipfile

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Cell, Grid, Kind
from pipeline.products.return_copy.sent_workbook import NotOpened, open_sent
from tests.products.return_copies import Sent, answer_sheet, back, lines, opened, original, said, saved, sent, sent_return
from tests.returns import Formula, write_return
from tests.support.handmade import with_part
from tests.support.judging import PROGRAMME, spec

FORMULAS = [
    "=cmd|'/c calc'!A0",
    "+cmd|'/c calc'!A0",
    "-2+3+cmd|'/c calc'!A0",
    "@SUM(1+1)",
    '=HYPERLINK("http://x.example","5")',
    "=1+1",
]
SECONDS = 20
"""Far more than any copy takes, far less than a hanging one."""


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def dead(copy: bytes) -> list[str]:
    """What in the parts of a copy could compute, load or lead outside; nothing in a good one."""
    found = []
    for name, text in parts(copy).items():
        if re.search(r"external|vba|macro|embed|activex|connection|query|pivot|customxml|media|ctrlprop", name, re.IGNORECASE):
            found.append(name)
        if re.search(r"<(\w+:)?f[ >/]|TargetMode=\"External\"|<conditionalFormatting|<oleObject|<tablePart|<scenario", text):
            found.append(name)
        if any("Print_Titles" not in element for element in re.findall(r"<definedName .*?</definedName>", text)):
            found.append(name)
    return found


def flawed_workbook(**values: object) -> openpyxl.Workbook:
    """The return with a C04 as openpyxl opens it, to be made hostile."""
    return openpyxl.load_workbook(io.BytesIO(write_return(spec(values={"projects": "约30", **values}))))


def hostile(workbook: openpyxl.Workbook) -> Sent:
    return sent("鹿城区_2024年第二季度.xlsx", saved(workbook), {})


def with_grid(before: Sent, grid: Grid) -> Sent:
    """As if this had been read."""
    return dataclasses.replace(before, original=dataclasses.replace(before.original, grids=(grid,)))


def sheet_of(workbook: openpyxl.Workbook) -> Worksheet:
    return workbook.worksheets[0]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("fmt", ["xlsx", "xls", "csv-gbk"])
def test_what_looks_like_a_formula_stays_a_text(fmt: str, text: str) -> None:
    before = sent_return(spec(fmt=fmt, values={"projects": "约30"}, others={"龙湾区": {"projects": text}}, filler=text), {})
    copy = before.copy()
    assert dead(copy) == []
    cells = [c for row in opened(copy).worksheets[1].iter_rows() for c in row if str(c.value or "").startswith(text)]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_in_the_answer_sheet_is_no_formula(text: str) -> None:
    copy = sent_return(spec(values={"projects": text}), {}).copy()
    observed = lines(answer_sheet(opened(copy)))[0][4]
    assert observed == text
    assert dead(copy) == []


def test_formulas_become_their_results_or_their_texts() -> None:
    copy = sent_return(spec(values={"projects": Formula("6+6", 12), "transfers": Formula("3+4", None)}), {}).copy()
    cells = opened(copy).worksheets[1]
    assert (cells["D5"].value, cells["D5"].data_type) == (12, "n")
    assert (cells["E5"].value, cells["E5"].data_type) == ("=3+4", "s")
    assert dead(copy) == []


def test_a_formula_that_gives_an_empty_text_leaves_a_blank_cell() -> None:
    before = sent_return(spec(values={"projects": "约30"}), {})
    sheet = parts(before.content)["xl/worksheets/sheet1.xml"]
    sheet = re.sub("</row></sheetData>", '<c r="Z99" t="str"><f>IF(1,"")</f><v></v></c></row></sheetData>', sheet)
    content = with_part(before.content, "xl/worksheets/sheet1.xml", sheet)
    copy = sent(before.name, content, {}).copy()
    assert opened(copy).worksheets[1]["Z99"].value is None


def test_a_template_s_own_checks_are_not_kept_as_texts() -> None:
    workbook = flawed_workbook()
    sheet = sheet_of(workbook)
    sheet["J4"], sheet["J5"] = "填写自查", "通过"
    content = saved(workbook)
    grids = original("a.xlsx", content).grids
    checked = dataclasses.replace(grids[0].cells[5, 10], formula=True)
    before = with_grid(
        sent("鹿城区_2024年第二季度.xlsx", content, {}), dataclasses.replace(grids[0], cells={**grids[0].cells, (5, 10): checked})
    )
    cells = opened(before.copy()).worksheets[1]
    assert (cells["J4"].value, cells["J5"].value) == ("填写自查", None)


def test_links_names_rules_tables_and_validations_that_compute_are_gone() -> None:
    workbook = flawed_workbook()
    sheet = sheet_of(workbook)
    sheet["A1"].hyperlink = "http://x.example/"
    sheet["H30"].value = "说明"
    link = Hyperlink(ref="H30", target="file:///x.example/share")
    sheet["H30"].hyperlink = link
    link.ref = "H30:I40"
    workbook.defined_names["evil"] = DefinedName("evil", attr_text="'[1]Sheet'!$A$1")
    computing = Rule("expression", formula=['WEBSERVICE("http://x.example")=1'])
    sheet.conditional_formatting.add("D5", computing)
    sheet.add_data_validation(DataValidation("list", "INDIRECT(A1)", sqref="D5"))
    sheet.add_data_validation(DataValidation("whole", "0", operator="greaterThanOrEqual", sqref="C5:F5"))
    sheet.add_table(Table(displayName="T1", ref="H1:H2"))
    sheet["H1"], sheet["H2"] = "栏", 1
    copy = hostile(workbook).copy()
    assert dead(copy) == []
    assert "x.example" not in "".join(parts(copy).values())
    copied = opened(copy).worksheets[1]
    assert [dv.type for dv in copied.data_validations.dataValidation] == ["whole"]
    assert copied["H31"].value is None


@pytest.mark.parametrize("extra", ["macros", "links", "objects"])
def test_what_a_workbook_carries_stays_behind(extra: str) -> None:
    before = sent_return(spec(values={"projects": "约30"}, carries=(extra,)), {})
    assert dead(before.copy()) == []
    assert [line[9] for line in lines(answer_sheet(opened(before.copy())))] == ["C04"]


def test_a_theme_with_entities_stays_behind() -> None:
    content = with_part(saved(flawed_workbook()), "xl/theme/theme1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    copy = sent("鹿城区_2024年第二季度.xlsx", content, {}).copy()
    assert "<!ENTITY" not in "".join(parts(copy).values())


def test_a_name_of_a_person_in_the_properties_stays_behind() -> None:
    workbook = flawed_workbook()
    workbook.properties.creator = workbook.properties.lastModifiedBy = "赵某某"
    assert "赵某某" not in "".join(parts(hostile(workbook).copy()).values())


def _far_cell(sheet: Worksheet) -> None:
    sheet["XFD1048576"] = "说明"


def _merged_columns(sheet: Worksheet) -> None:
    sheet.merged_cells = MultiCellRange(["J30:XFD1048576"])


def _linked_columns(sheet: Worksheet) -> None:
    sheet["J30"].value = "说明"
    sheet["J30"].hyperlink = "http://x.example/"
    hyperlink = sheet["J30"].hyperlink
    assert hyperlink is not None
    hyperlink.ref = "J30:XFD1048576"


HOSTILE = {"far cell": _far_cell, "merged columns": _merged_columns, "linked columns": _linked_columns}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_sheet_makes_the_copy_hang(kind: str) -> None:
    workbook = flawed_workbook()
    HOSTILE[kind](sheet_of(workbook))
    content = saved(workbook)
    if kind == "linked columns":  # openpyxl writes the link's own cell
        sheet = parts(content)["xl/worksheets/sheet1.xml"]
        content = with_part(
            content, "xl/worksheets/sheet1.xml", re.sub(r'(<hyperlink [^>]*ref=")[^"]*', r"\1J30:XFD1048576", sheet)
        )
    _comes_back_in_time(sent("鹿城区_2024年第二季度.xlsx", content, {}))


def test_a_hundred_thousand_formatted_blank_rows_do_not_make_it_hang() -> None:
    content = saved(flawed_workbook())
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    blank = "".join(f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(100, 100_100))
    content = with_part(content, "xl/worksheets/sheet1.xml", sheet.replace("</sheetData>", blank + "</sheetData>"))
    _comes_back_in_time(sent("鹿城区_2024年第二季度.xlsx", content, {}))


def _comes_back_in_time(before: Sent) -> None:
    assert [f.rule for f in before.submission.findings if f.grade == "error"] == ["C04"]
    start = time.monotonic()
    copy = before.copy()
    assert time.monotonic() - start < SECONDS
    assert dead(copy) == []
    assert opened(copy).worksheets[1]["D5"].fill.fgColor.rgb[2:] == "FFC7CE"
    assert said(back(copy, before, ledger={})) == said(before)


def test_a_workbook_of_which_openpyxl_sees_other_cells_is_not_opened() -> None:
    content = write_return(spec(fmt="xlsx-strict", values={"projects": "约30"}))
    with pytest.raises(NotOpened):
        open_sent(content, original("a.xlsx", content).grids, PROGRAMME)


def test_control_characters_and_lone_surrogates_are_written_as_escapes() -> None:
    before = sent_return(spec(fmt="csv-utf8", values={"projects": "约30"}), {})
    (grid,) = before.original.grids
    cells = {**grid.cells, (30, 1): Cell(Kind.TEXT, "a\x01b\ud800c\ufffe")}
    strange = with_grid(before, dataclasses.replace(grid, cells=cells))
    assert opened(strange.copy()).worksheets[1]["A30"].value.startswith("a\\x01b")


def test_too_many_cells_for_a_copy_leave_the_list_of_findings() -> None:
    before = sent_return(spec(fmt="csv-utf8", values={"projects": "约30"}), {})
    large = Grid("附件2", {(row, column): Cell(Kind.NUMBER, "1", 1) for row in range(1, 1002) for column in range(1, 101)})
    assert opened(with_grid(before, large).copy()).sheetnames == ["审核说明"]
