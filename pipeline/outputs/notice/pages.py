"""How much room a page leaves."""

from __future__ import annotations

from docx.section import Section
from docx.shared import Length


def room(section: Section) -> Length:
    """The width between the margins."""
    width, left, right = (each or Length(0) for each in (section.page_width, section.left_margin, section.right_margin))
    return Length(width - left - right)
