"""Texts of an OOXML workbook that may consist of runs: the shared strings, and the inline text of one cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.model import Cell, Mark, Run
from pipeline.reading.formats.colours import Look, alike
from pipeline.reading.formats.draft import has_digit
from pipeline.reading.formats.package import Package
from pipeline.reading.formats.runs import text_of_runs
from pipeline.reading.formats.xlsx_styles import Colours, Font
from pipeline.reading.formats.xml_parts import Attributes, whole_number, xml_parser

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MODEST = 100_000
"""Texts that another reader may make room for, whether they are there or not."""
_ALIGNED = {"superscript": Mark.SUPERSCRIPT, "subscript": Mark.SUBSCRIPT}


@dataclass(frozen=True, slots=True)
class RichText:
    """Runs and their fonts; None for a run in the font of its cell. ``ruby`` is what stands above the text."""

    runs: tuple[tuple[str, Font | None], ...]
    ruby: str = ""

    def cell(self, look: Look, align: str, colours: Colours, *, formula: bool) -> Cell | None:
        """The cell in a style of this look (``align``: the style's own superscript)."""
        ground = Look(None, look.ground)
        runs = [Run(unescape(text), _mark(font, ground, colours) if font else _own(look, align)) for text, font in self.runs]
        return text_of_runs((*runs, Run(self.ruby, Mark.RUBY)), formula=formula)


def _own(look: Look, align: str) -> Mark | None:
    if look.struck:
        return Mark.STRUCK
    return Mark.COLOURED if alike(look.letters, look.ground) else _ALIGNED.get(align)


def _mark(font: Font, ground: Look, colours: Colours) -> Mark | None:
    if font.struck:
        return Mark.STRUCK
    if font.hidden:
        return Mark.HIDDEN
    if font.colour and alike(colours.of(font.colour, None), ground.ground):
        return Mark.COLOURED
    return _ALIGNED.get(font.align)


@dataclass(slots=True)
class TextReader:
    """Collects what stands within ``si`` or ``is``: begins with ``clear``; ``take`` what a ``t`` holds."""

    pieces: list[str] = field(default_factory=list)
    starts: list[tuple[int, Font | None]] = field(default_factory=list)
    """Of each run: its first piece, and its font."""
    font: Font | None = None
    phonetic: bool = False
    ruby: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.pieces.clear()
        if self.starts or self.ruby or self.phonetic:  # most texts have no runs
            self.starts.clear()
            self.ruby.clear()
            self.font = None
            self.phonetic = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """One element within the text, other than ``t``."""
        if tag == "r":
            self.starts.append((len(self.pieces), None))
        elif tag == "rPr" and self.starts:
            self.font = Font()
            self.starts[-1] = self.starts[-1][0], self.font
        elif tag == "rPh":
            self.phonetic = True
        elif self.font is not None:
            self.font.take(tag, attributes)

    def text(self) -> str | RichText:
        """Runs where one of them is set apart, or where a number has runs or something above it; else the text alone.

        Runs of a number may look otherwise than the style of its cell.
        """
        whole = "".join(self.pieces)
        if not self.starts and not self.ruby:
            return whole
        ruby = "".join(self.ruby).strip()
        number = has_digit(whole) and (ruby or any(font for _, font in self.starts))
        if number or any(font and not font.usual for _, font in self.starts):
            return RichText(tuple(self._runs()), ruby)
        return whole

    def _runs(self) -> Iterator[tuple[str, Font | None]]:
        starts = self.starts if self.starts and self.starts[0][0] == 0 else [(0, None), *self.starts]
        for (first, font), (following, _) in zip(starts, [*starts[1:], (len(self.pieces), None)], strict=True):
            yield "".join(self.pieces[first:following]), font


def shared_texts(package: Package, part: str | None) -> list[str | RichText]:
    """The shared strings. Raises UnreadableFile (damaged, encrypted, too_many_cells)."""
    texts: list[str | RichText] = []
    if not part or not package.holds(part):
        return texts
    reader = TextReader()
    claimed = 0

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal claimed
        local = tag.rpartition(" ")[2]
        if local == "t":
            parser.CharacterDataHandler = (reader.ruby if reader.phonetic else reader.pieces).append
        elif local == "si":
            reader.clear()
        elif local == "sst":
            claimed = max(map(whole_number, (attributes.get("uniqueCount", ""), attributes.get("count", ""))))
        else:
            reader.start(local, attributes)

    def end(tag: str) -> None:
        local = tag.rpartition(" ")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "rPr":
            reader.font = None
        elif local == "rPh":
            reader.phonetic = False
        elif local == "si":
            texts.append(reader.text())

    parser = xml_parser(start, end)
    package.parse(part, parser)
    package.odd |= claimed > max(len(texts), _MODEST)
    return texts


def unescape(text: str) -> str:
    """``_x000D_`` is how a character stands that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
