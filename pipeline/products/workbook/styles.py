"""How cells and pages look, as data, and how much room a text needs (domain.md, "The products")."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

SONG, HEI, FANG, KAI = "宋体", "黑体", "仿宋", "楷体"
"""Fonts that WPS and Office have; a file names them, it does not carry them."""

DEFAULT_FONT, DEFAULT_SIZE = SONG, 10.5
"""The workbook's own font: its digits are 7 pixels wide, so that column widths mean the same in every program."""

LAGGING_FILL = "FFC7CE"
LINE_PITCH = 1.45
"""Height of a line per size of its font: the widest pitch among 仿宋, 宋体 and what stands in for them."""
PIXELS = 96 / 72
"""A point in pixels, as spreadsheets lay out columns and charts."""
A4 = 841.9, 595.3
"""Points, the long side first."""
MAX_ROW_HEIGHT = 409.0
"""Points; a spreadsheet allows no more."""

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a cell. Sizes in points; ``fill`` and ``colour`` as RRGGBB; ``number`` is a number format; ``border`` 0 or 1.

    ``diagonal`` draws a line: 1 from the lower left, 2 from the upper left. ``unlocked`` cells of a protected sheet take input.
    """

    font: str = FANG
    size: float = 12
    bold: bool = False
    align: Align = "center"
    valign: Literal["vcenter", "top", "bottom"] = "vcenter"
    border: int = 1
    fill: str | None = None
    colour: str | None = None
    number: str | None = None
    wrap: bool = True
    diagonal: int = 0
    unlocked: bool = False

    def properties(self) -> dict[str, Any]:
        """For xlsxwriter."""
        wanted: dict[str, Any] = {"font_name": self.font, "font_size": self.size, "align": self.align, "valign": self.valign}
        wanted |= {name: True for name, on in (("bold", self.bold), ("text_wrap", self.wrap)) if on}
        wanted |= {"border": self.border} if self.border else {}
        wanted |= {"bg_color": f"#{self.fill}"} if self.fill else {}
        wanted |= {"font_color": f"#{self.colour}"} if self.colour else {}
        wanted |= {"num_format": self.number} if self.number else {}
        wanted |= {"locked": False} if self.unlocked else {}
        return wanted | ({"diag_type": self.diagonal, "diag_border": 1} if self.diagonal else {})


@functools.lru_cache(maxsize=256)
def variant(style: Style, fill: str, bold: bool) -> Style:
    """The style with another fill, or bold; what is not asked for stays."""
    return replace(style, fill=fill or style.fill, bold=bold or style.bold)


TITLE = Style(SONG, 22, bold=True, border=0)
DRAFT = Style(FANG, 12, border=0)
ANNEX = Style(HEI, 16, align="left", border=0, wrap=False)
LEFT_CAPTION = Style(FANG, 12, align="left", border=0, wrap=False)
RIGHT_CAPTION = Style(FANG, 12, align="right", border=0, wrap=False)
HEADER = Style(HEI, 12)
BODY = Style()
TEXT = Style(align="left")
LINK = Style(colour="0563C1")
NOTE = Style(FANG, 10.5, align="left", border=0, valign="top")
CORNER = Style(HEI, 12, align="left", diagonal=2)


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in spreadsheet units (a digit of the default font; a Chinese character of 12 points is a little over two)."""

    width: float
    style: Style = BODY


@dataclass(frozen=True, slots=True)
class Page:
    """A4, one page wide, centred. ``margins`` are left, right, top, bottom in inches; ``header`` and ``footer`` centred texts.
    ``alone``: one page high too, made smaller where it has to be."""

    orientation: Literal["landscape", "portrait"] = "landscape"
    margins: tuple[float, float, float, float] = (0.5, 0.5, 0.7, 0.7)
    header: str = ""
    footer: str = ""
    alone: bool = False


def columns_of(text: str) -> int:
    """Width of a text in half-width columns; whatever is not ASCII counts two, as Chinese fonts draw it."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def kept_width(width: float) -> float:
    """The width of a column as a file keeps it: whole pixels, with the room beside the text (ECMA-376 part 1, 18.3.1.13)."""
    return ((int(width * 7 + 0.5) + 5) * 256 // 7) / 256


def kept_height(points: float) -> float:
    """The height of a row as a file keeps it: whole pixels."""
    return int(points * 4 / 3 + 0.5) * 0.75


def corner_text(upper: str, lower: str, width: float) -> str:
    """Both names of a CORNER, the diagonal on the empty line between: full-width spaces push ``upper`` to the right."""
    half = CORNER.size * PIXELS / 2
    room = int((width * 7 - 1) / half) - columns_of(upper)
    return "\u3000" * (room // 2) + f"{upper}\n\n{lower}"


def capacity(width: float, size: float) -> int:
    """How many half-width columns of a font size fit a line of a cell ``width`` units wide."""
    usable = width * 7 + 5 - 8  # pixels, without the padding at both sides
    return max(int(usable / (size * PIXELS / 2)), 2)


_PIECE = re.compile(r"[!-~]+|.", re.DOTALL)
_LATIN_SLACK = 1.12
"""Fonts that stand in for 仿宋 draw Latin letters and digits wider than half a character."""


@functools.lru_cache(maxsize=4096)
def lines_of(text: str, room: int) -> int:
    """Lines that ``text`` takes in a cell ``room`` half-width columns wide, broken as a spreadsheet breaks it."""
    if "\n" not in text and columns_of(text) * _LATIN_SLACK <= room:
        return 1
    return sum(_wrapped(paragraph, room) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, room: int) -> int:
    """A Latin word goes to the next line whole when it fits there; a Chinese text breaks anywhere."""
    lines, used = 1, 0.0
    for piece in _PIECE.findall(paragraph):
        width = 2.0 if not piece.isascii() else len(piece) * _LATIN_SLACK
        if used + width <= room:
            used += width
        elif width <= room:
            lines, used = lines + 1, width
        else:
            start = 1 if used else 0
            lines, used = lines + start + math.ceil(width / room) - 1, width % room
    return lines


def on_one_line(text: str, room: int) -> str:
    """The text, with … for what a line ``room`` half-width columns wide has no room for. LibreOffice does not wrap links."""
    if lines_of(text, room) == 1:
        return text
    while text and lines_of(f"{text}…", room) > 1:
        text = text[:-1]
    return f"{text}…"


@functools.lru_cache(maxsize=4096)
def fitted(text: str, room: int, size: float) -> tuple[str, float]:
    """A wrapped text and the height it needs; one too long for the highest row a spreadsheet knows is cut, and ends with …."""
    most = lines_that_fit(size)
    if lines_of(text, room) <= most:
        return text, height_of(lines_of(text, room), size)
    while lines_of(text, room) > most:
        text = text[: int(len(text) * 0.9)]
    return text[:-1] + "…", height_of(most, size)


def height_of(lines: int, size: float) -> float:
    """Points for so many lines, with a little room above and below."""
    return min(math.ceil(lines * size * LINE_PITCH) + 4.0, MAX_ROW_HEIGHT)


def lines_that_fit(size: float) -> int:
    """How many lines the highest row holds."""
    return int((MAX_ROW_HEIGHT - 4) / (size * LINE_PITCH))
