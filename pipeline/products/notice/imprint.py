"""版记: at the foot of a last page, between lines (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from pipeline.products.notice.pages import height, off_grid, room

SIZE = Pt(14)
LINE = Pt(26)
"""Height of a line of it."""
RULES = ((12, 4), (4, 12))
"""Width of the lines over and under each row, in eighths of a point: thick outside, thin between."""


def add_imprint(document: Document, lines: Sequence[str], values: Mapping[str, str]) -> None:
    """Add a page like the first one with these lines at its foot; a tab stands before what is at the right end.

    They are rows of a table under an empty one as high as the rest of the page: not every program holds a frame to the foot.
    """
    first = document.sections[0]
    _like(document.add_section(WD_SECTION.NEW_PAGE), first)
    table = document.add_table(1 + len(lines), 1)
    table.autofit = False
    _high(table.rows[0], Length(height(first) - LINE * (len(lines) + 1)))
    for row, line, (over, under) in zip(table.rows[1:], lines, RULES, strict=True):
        _high(row, LINE)
        cell = row.cells[0]
        cell.width, cell.vertical_alignment = room(first), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _ruled(cell, over, under)
        _write(cell.paragraphs[0], line.format(**values), document, first)
    last = document.add_paragraph()  # a document does not end with a table
    last.paragraph_format.line_spacing = Pt(1)
    off_grid(last)


def _high(row: _Row, points: Length) -> None:
    row.height, row.height_rule = points, WD_ROW_HEIGHT_RULE.EXACTLY


def _write(paragraph: Paragraph, text: str, document: Document, page: Section) -> None:
    form = paragraph.paragraph_format
    form.first_line_indent, form.left_indent, form.right_indent = Pt(0), SIZE, SIZE
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    off_grid(paragraph)
    form.tab_stops.add_tab_stop(Length(room(page) - SIZE * 2), WD_TAB_ALIGNMENT.RIGHT)
    run = paragraph.add_run(text)
    run.font.size, run.font.name = SIZE, document.styles["Normal"].font.name
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _like(section: Section, first: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = first.page_width, first.page_height
    section.left_margin, section.right_margin = first.left_margin, first.right_margin
    section.top_margin, section.bottom_margin = first.top_margin, first.bottom_margin
    section.footer_distance = first.footer_distance


def _ruled(cell: _Cell, over: int, under: int) -> None:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (("top", over), ("bottom", under))
    )
    borders = parse_xml(f"<w:tcBorders {nsdecls('w')}>{sides}</w:tcBorders>")
    cell._tc.get_or_add_tcPr().insert_element_before(borders, "w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:vAlign")
