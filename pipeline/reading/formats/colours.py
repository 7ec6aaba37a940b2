"""Colours of cells, and whether letters can be told from what is behind them. Source: ECMA-376 part 1, 18.8."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass, replace

from pipeline.model import Cell, Unseen

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_ALIKE = 16
"""Steps of 255 by which no part of two colours may differ for letters to be unreadable."""

_STANDARD = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 "
    "003366 339966 003300 333300 993300 993366 333399 333333"
)
_OFFICE = "FFFFFF 000000 E7E6E6 44546A 5B9BD5 ED7D31 A5A5A5 FFC000 4472C4 70AD47 0563C1 954F72"
_SYSTEM = {64: BLACK, 65: WHITE, 81: BLACK, 0x7FFF: BLACK}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def from_hex(text: str) -> Colour | None:
    """``FFFF0000`` or ``FF0000`` is red: no program heeds the opacity."""
    match = _HEX.fullmatch(text.strip().removeprefix("#"))
    if match is None:
        return None
    return int(match[1][:2], 16), int(match[1][2:4], 16), int(match[1][4:], 16)


def _listed(text: str) -> tuple[Colour, ...]:
    return tuple(colour for word in text.split() if (colour := from_hex(word)))


STANDARD, OFFICE = _listed(_STANDARD), _listed(_OFFICE)
"""The palette from index 8 on, and the theme of a workbook that brings none."""


def indexed(index: int, palette: tuple[Colour, ...] = ()) -> Colour | None:
    """A colour of the palette (``palette``: the workbook's own, from index 0)."""
    if palette and index < len(palette):
        return palette[index]
    if index in _SYSTEM:
        return _SYSTEM[index]
    place = index - 8 if index >= 8 else index
    return STANDARD[place] if 0 <= place < len(STANDARD) else None


def tinted(colour: Colour, tint: float) -> Colour:
    """Darker below 0, lighter above."""
    if not tint:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def alike(letters: Colour | None, ground: Colour | None) -> bool:
    """Whether letters cannot be told from their ground; a colour that is not known is none of the other."""
    if letters is None or ground is None:
        return False
    return all(abs(a - b) <= _ALIKE for a, b in zip(letters, ground, strict=True))


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell's style shows its text. ``ground`` is None for a pattern or gradient: nothing is said of those."""

    letters: Colour | None = BLACK
    ground: Colour | None = WHITE
    struck: bool = False


PLAIN = Look()


def seen(cell: Cell, look: Look, by_format: Colour | None = None) -> Cell:
    """The cell, with why it is not seen or not meant to count in a style of this look (S05).

    ``by_format``: the colour that its number format gives the number.
    """
    if by_format is not None:
        look = replace(look, letters=by_format)
    if look.struck and not cell.runs:
        return replace(cell, unseen=Unseen.STRUCK)
    if cell.unseen is None and not cell.runs and alike(look.letters, look.ground):
        return replace(cell, unseen=Unseen.COLOUR)
    return cell
