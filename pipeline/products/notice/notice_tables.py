"""The attached tables: those of the bulletin, as Word tables on landscape pages. What stands there stands here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from pipeline.products.figures.neutral_table import Cell, Line, Plain, Sheet
from pipeline.products.notice.pages import off_grid, room
from pipeline.products.workbook.styles import ANNEX, Style, kept_height, kept_width

SIDES, TOP, BOTTOM = Mm(14), Mm(14), Mm(14)
ROW = 0.85
"""Of a row's height in the sheet, so that a page of theirs is one of these."""
SMALLER, LARGE = 0.92, 12
"""What is printed to fit a page is made a little smaller here; titles, over so many points, are not."""
ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def attach(document: Document, tables: Iterable[tuple[Sheet, str]]) -> None:
    """Add each on a landscape page of its own behind what stands in the document; with the line 附件n that stands over it where
    it has none itself, else ""."""
    for sheet, heading in tables:
        _landscape(document)
        _Attached(document, sheet).write(heading)


def _landscape(document: Document) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if section.orientation != WD_ORIENT.LANDSCAPE:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = SIDES
    section.top_margin, section.bottom_margin, section.footer_distance = TOP, BOTTOM, Mm(7)


@dataclass
class _Attached:
    """One sheet on its way: lines without a border are paragraphs, those with one are the table."""

    document: Document
    sheet: Sheet

    def write(self, heading: str) -> None:
        lines = self.sheet.lines
        ruled = [place for place, line in enumerate(lines) if line.cells and line.cells[0].style.border]
        if heading:
            self._heading(heading)
        self._lines(lines[: ruled[0]])
        self._table(range(ruled[0], ruled[-1] + 1))
        self._lines(lines[ruled[-1] + 1 :])

    def _lines(self, lines: Iterable[Line]) -> None:
        """Titles and notes; texts at both ends of a line stay at both ends."""
        for cells in ([cell for cell in line.cells if cell.value not in (None, "")] for line in lines):
            if not cells:
                continue
            paragraph = self._paragraph("\t".join(str(cell.value) for cell in cells), cells[0].style)
            if len(cells) > 1:
                paragraph.paragraph_format.tab_stops.add_tab_stop(room(self.document.sections[-1]), WD_TAB_ALIGNMENT.RIGHT)

    def _heading(self, text: str) -> None:
        """附件n, in the font the sheets that are attachments by themselves have for it."""
        paragraph = self.document.add_paragraph()
        _set(paragraph, text, ANNEX.font, ANNEX.size, bold=False)

    def _paragraph(self, text: str, style: Style) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = ALIGN[style.align]
        _write(paragraph, text, style)
        return paragraph

    def _table(self, places: range) -> None:
        table = self.document.add_table(len(places), len(self.sheet.columns))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _rule(table)
        units = [kept_width(column.width) for column in self.sheet.columns]
        wide = room(self.document.sections[-1])
        widths = [Length(int(wide * unit / sum(units))) for unit in units]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        lines = [self.sheet.lines[place] for place in places]
        for row, place, line in zip(table.rows, places, lines, strict=True):
            _fill(row, line, widths)
            if place in self.sheet.repeated:
                row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for place, cell in ((place, cell) for place, line in enumerate(lines) for cell in line.cells):
            if cell.across > 1 or cell.down > 1:
                last = table.cell(place + cell.down - 1, cell.place + cell.across - 1)
                table.cell(place, cell.place).merge(last)


def _fill(row: _Row, line: Line, widths: Sequence[Length]) -> None:
    row.height, row.height_rule = Pt(kept_height(line.height) * ROW), WD_ROW_HEIGHT_RULE.AT_LEAST
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    written = {cell.place: cell for cell in line.cells}
    for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        cell.width = width
        if place in written:
            _fill_cell(cell, written[place])


def _fill_cell(cell: _Cell, source: Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = ALIGN[source.style.align]
    _write(paragraph, shown(source.value, source.style.number), source.style)  # an empty one too: its height is the row's
    _decorate(cell, source.style)


def shown(value: Plain, written: str | None) -> str:
    """A cell's value as its number format prints it: the formats are those of schemas/wording/bulletin.toml."""
    if not isinstance(value, int | float):
        return value or ""
    positive, negative, zero = [*(written or "").split(";"), "", ""][:3]
    used = (zero or positive) if value == 0 else (negative or positive) if value < 0 else positive
    places = len(used.partition(".")[2].rstrip("%"))
    size = abs(value) if negative and value < 0 else value
    number = f"{size:.{places}%}" if used.endswith("%") else f"{size:.{places}f}"
    return {"+": "+", "-": "-"}.get(used[:1], "") + number


def _write(paragraph: Paragraph, text: str, style: Style) -> None:
    size = float(style.size)
    _set(paragraph, text, style.font, size if size > LARGE else round(size * SMALLER * 2) / 2, bold=style.bold)


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


def _decorate(cell: _Cell, style: Style) -> None:
    """The fill of a district that is behind, the line through a corner."""
    properties = cell._tc.get_or_add_tcPr()
    if style.diagonal:
        line = '<w:tl2br w:val="single" w:sz="4" w:color="000000"/>'
        borders = parse_xml(f"<w:tcBorders {nsdecls('w')}>{line}</w:tcBorders>")
        properties.insert_element_before(borders, "w:shd", "w:vAlign")
    if style.fill:
        fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{style.fill}"/>'
        properties.insert_element_before(parse_xml(fill), "w:vAlign")
