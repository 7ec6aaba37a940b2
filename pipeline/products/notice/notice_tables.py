"""The attached tables: sheets of the very bulletin workbook, as Word tables on landscape pages. What stands there stands here."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.products.notice.pages import off_grid, room
from pipeline.products.workbook.styles import ANNEX

SIDES, TOP, BOTTOM = Mm(14), Mm(14), Mm(14)
ROW = 0.85
"""Of a row's height in the sheet, so that a page of theirs is one of these."""
SMALLER, LARGE = 0.92, 12
"""What is printed to fit a page is made a little smaller here; titles, over so many points, are not."""
ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass(frozen=True)
class Attached:
    """A sheet of the bulletin, and the line 附件n that stands over it where the sheet has none."""

    sheet: str
    heading: str = ""


def attach(document: Document, bulletin: bytes, tables: Sequence[Attached]) -> None:
    """Add each sheet on a landscape page of its own behind what stands in the document."""
    workbook = load_workbook(io.BytesIO(bulletin))
    for table in tables:
        _landscape(document)
        _Sheet(document, workbook[table.sheet]).write(table.heading)


def _landscape(document: Document) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if section.orientation != WD_ORIENT.LANDSCAPE:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = SIDES
    section.top_margin, section.bottom_margin, section.footer_distance = TOP, BOTTOM, Mm(7)


@dataclass
class _Sheet:
    """One sheet on its way: rows without a border are paragraphs, those with one are the table."""

    document: Document
    sheet: Worksheet

    def write(self, heading: str) -> None:
        rows = [row for row in range(1, self.sheet.max_row + 1) if any(cell.value is not None for cell in self.sheet[row])]
        ruled = [row for row in rows if self.sheet.cell(row, 1).border.left.style]
        if heading:
            self._heading(heading)
        for row in (row for row in rows if row < min(ruled)):
            self._line(row)
        self._table(range(min(ruled), max(ruled) + 1))
        for row in (row for row in rows if row > max(ruled)):
            self._line(row)

    def _line(self, row: int) -> None:
        """A title or a note; texts at both ends of a row stand at both ends of a line."""
        cells = [cell for cell in self.sheet[row] if cell.value is not None]
        paragraph = self._paragraph("\t".join(str(cell.value) for cell in cells), cells[0])
        if len(cells) > 1:
            paragraph.paragraph_format.tab_stops.add_tab_stop(room(self.document.sections[-1]), WD_TAB_ALIGNMENT.RIGHT)

    def _heading(self, text: str) -> None:
        """附件n, in the font the sheets that are attachments by themselves have for it."""
        paragraph = self.document.add_paragraph()
        _set(paragraph, text, ANNEX.font, ANNEX.size, bold=False)

    def _paragraph(self, text: str, like: Cell) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = ALIGN.get(like.alignment.horizontal or "", WD_ALIGN_PARAGRAPH.LEFT)
        _write(paragraph, text, like)
        return paragraph

    def _table(self, rows: range) -> None:
        last = self.sheet.max_column
        table = self.document.add_table(len(rows), last)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _rule(table)
        units = [self.sheet.column_dimensions[_group(self.sheet, place)].width for place in range(1, last + 1)]
        wide = room(self.document.sections[-1])
        widths = [Length(int(wide * unit / sum(units))) for unit in units]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        merged = dict(_merged(self.sheet))
        repeated = self._repeated()
        for place, row in enumerate(rows):
            self._row(table, place, row, widths)
            if row in repeated:
                table.rows[place]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for (top, left), (bottom, right) in merged.items():
            if top in rows:
                table.cell(top - rows.start, left - 1).merge(table.cell(bottom - rows.start, right - 1))

    def _repeated(self) -> range:
        titles = self.sheet.print_title_rows
        first, last = (int(part.lstrip("$")) for part in titles.split(":")) if titles else (0, -1)
        return range(first, last + 1)

    def _row(self, table: Table, place: int, row: int, widths: Sequence[Length]) -> None:
        line = table.rows[place]
        height = self.sheet.row_dimensions[row].height
        if height:
            line.height, line.height_rule = Pt(height * ROW), WD_ROW_HEIGHT_RULE.AT_LEAST
        line._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, source, width in zip(line.cells, self.sheet[row], widths, strict=True):
            cell.width = width
            if isinstance(source, MergedCell):
                continue
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.alignment = ALIGN.get(source.alignment.horizontal or "", WD_ALIGN_PARAGRAPH.CENTER)
            _write(paragraph, shown(source), source)  # an empty one too: its height is the row's
            _decorate(cell, source)


def shown(cell: Cell) -> str:
    """A cell's value as its number format prints it: the formats are those of schemas/wording/bulletin.toml."""
    value, written = cell.value, str(cell.number_format)
    if not isinstance(value, int | float):
        return str(value or "")
    positive, negative, zero = [*written.split(";"), "", ""][:3]
    used = (zero or positive) if value == 0 else (negative or positive) if value < 0 else positive
    places = len(used.partition(".")[2].rstrip("%"))
    size = abs(value) if negative and value < 0 else value
    number = f"{size:.{places}%}" if used.endswith("%") else f"{size:.{places}f}"
    return {"+": "+", "-": "-"}.get(used[:1], "") + number


def _group(sheet: Worksheet, place: int) -> str:
    """The letter of the column that holds the width: equal neighbours are stored as one."""
    for letter, column in sheet.column_dimensions.items():
        if column.min and column.max and column.min <= place <= column.max:
            return str(letter)
    return get_column_letter(place)


def _merged(sheet: Worksheet) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for area in sheet.merged_cells.ranges:
        yield (area.min_row, area.min_col), (area.max_row, area.max_col)


def _write(paragraph: Paragraph, text: str, like: Cell) -> None:
    size = float(like.font.sz or 12)
    _set(paragraph, text, str(like.font.name), size if size > LARGE else round(size * SMALLER * 2) / 2, bold=bool(like.font.b))


def _set(paragraph: Paragraph, text: str, font: str, size: float, *, bold: bool) -> None:
    """Single-spaced, and free of the text's grid of lines."""
    form = paragraph.paragraph_format
    form.space_before = form.space_after = form.first_line_indent = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    off_grid(paragraph)
    mark = f'<w:rPr {nsdecls("w")}><w:sz w:val="{int(size * 2)}"/></w:rPr>'  # the height of a line without text
    paragraph._p.get_or_add_pPr().append(parse_xml(mark))
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _rule(table: Table) -> None:
    """Thin lines all around, and little room beside the texts."""
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in _SIDES)
    properties = table._tbl.tblPr
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    beside = "".join(f'<w:{side} w:w="28" w:type="dxa"/>' for side in ("left", "right"))
    properties.insert_element_before(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{beside}</w:tblCellMar>"), "w:tblLook")


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _decorate(cell: _Cell, source: Cell) -> None:
    """The fill of a district that is behind, the line through a corner."""
    properties = cell._tc.get_or_add_tcPr()
    if source.border.diagonalDown and source.border.diagonal is not None and source.border.diagonal.style:
        line = '<w:tl2br w:val="single" w:sz="4" w:color="000000"/>'
        borders = parse_xml(f"<w:tcBorders {nsdecls('w')}>{line}</w:tcBorders>")
        properties.insert_element_before(borders, "w:shd", "w:vAlign")
    if source.fill.fill_type == "solid":
        fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{source.fill.fgColor.rgb[-6:]}"/>'
        properties.insert_element_before(parse_xml(fill), "w:vAlign")
