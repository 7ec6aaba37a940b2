"""How much room a page leaves, and what does not keep to its lines."""

from __future__ import annotations

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Length
from docx.text.paragraph import Paragraph


def room(section: Section) -> Length:
    """The width between the margins."""
    width, left, right = (each or Length(0) for each in (section.page_width, section.left_margin, section.right_margin))
    return Length(width - left - right)


def height(section: Section) -> Length:
    """The height between the margins."""
    whole, top, bottom = (each or Length(0) for each in (section.page_height, section.top_margin, section.bottom_margin))
    return Length(whole - top - bottom)


def off_grid(paragraph: Paragraph) -> None:
    """The grid of lines is the text's: tables have heights of their own."""
    grid = parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>')
    paragraph._p.get_or_add_pPr().insert_element_before(grid, "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
