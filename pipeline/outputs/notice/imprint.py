"""版记: at the foot of a last page, between lines (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Pt

from pipeline.outputs.notice.pages import room

SIZE = Pt(14)
RULES = ((12, 4), (0, 12))
"""Width of the lines over and under each paragraph, in eighths of a point."""


def add_imprint(document: Document, lines: Sequence[str], values: Mapping[str, str]) -> None:
    """Add a page like the first one with these lines at its foot; a tab stands before what is at the right end."""
    first = document.sections[0]
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _like(section, first)
    wide = room(first)
    for line, (over, under) in zip(lines, RULES, strict=True):
        paragraph = document.add_paragraph()
        form = paragraph.paragraph_format
        form.first_line_indent, form.left_indent, form.right_indent = Pt(0), SIZE, SIZE
        form.tab_stops.add_tab_stop(Length(wide - SIZE), WD_TAB_ALIGNMENT.RIGHT)
        run = paragraph.add_run(line.format(**values))
        run.font.size, run.font.name = SIZE, document.styles["Normal"].font.name
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        _ruled_frame(paragraph._p.get_or_add_pPr(), over, under, int(wide.twips))
    document.add_paragraph()  # what the frame hangs on


def _like(section: Section, first: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = first.page_width, first.page_height
    section.left_margin, section.right_margin = first.left_margin, first.right_margin
    section.top_margin, section.bottom_margin = first.top_margin, first.bottom_margin
    section.footer_distance = first.footer_distance


def _ruled_frame(properties, over: int, under: int, width: int) -> None:  # type: ignore[no-untyped-def]  # a CT_PPr
    """One frame for both lines, held to the foot of the page. ``width`` in twentieths of a point."""
    frame = parse_xml(
        f'<w:framePr {nsdecls("w")} w:w="{width}" w:hSpace="0" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin"'
        ' w:xAlign="left" w:yAlign="bottom"/>'
    )
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="2" w:color="000000"/>'
        for side, size in (("top", over), ("bottom", under))
        if size
    )
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    properties.insert_element_before(
        frame, "w:widowControl", "w:numPr", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
