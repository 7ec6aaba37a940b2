"""The styles of an OOXML workbook: number formats of its cells, and how letters stand before their ground."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.reading.formats.colours import BLACK, OFFICE, PLAIN, WHITE, Colour, Look, from_hex, indexed, tinted
from pipeline.reading.formats.number_formats import BUILT_IN, parse_format
from pipeline.reading.formats.xml_parts import Attributes, parse_whole, whole_number, xml_parser

_TRUE = {"1", "true", "on"}
_BLACK = {"auto", "theme 1 0.0", "indexed 8 0.0", "indexed 64 0.0", "rgb FF000000 0.0", "rgb 00000000 0.0"}
_SCHEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
"""The order in which styles count a theme's colours."""
_SCHEME_WRITTEN = ("dk1", "lt1", "dk2", "lt2", *_SCHEME[4:])


@dataclass(slots=True)
class Font:
    """``colour`` as written: ``rgb FFFFFFFF 0.0``, ``theme 0 -0.05``, ``indexed 9 0.0``, ``auto``; empty without one."""

    colour: str = ""
    struck: bool = False
    align: str = ""
    """``superscript`` or ``subscript``, else empty."""
    hidden: bool = False

    def take(self, tag: str, attributes: Attributes) -> None:
        """One property of a font or of a run."""
        if tag == "color":
            self.colour = colour_as_written(attributes)
        elif tag == "strike":
            self.struck = attributes.get("val", "1") in _TRUE
        elif tag == "vertAlign":
            self.align = attributes.get("val", "").removesuffix("baseline")
        elif tag in ("vanish", "webHidden"):
            self.hidden = attributes.get("val", "1") in _TRUE

    @property
    def usual(self) -> bool:
        return not (self.struck or self.align or self.hidden) and (not self.colour or self.colour in _BLACK)


@dataclass(frozen=True, slots=True)
class Differential:
    """What a conditional format changes; None for what it leaves alone."""

    font: Font | None = None
    ground: str | None = None
    code: str | None = None


@dataclass(slots=True)
class Styles:
    """``formats`` and ``unusual`` go by cell style: its format code, and its font and ground where these are not the usual."""

    formats: list[str] = field(default_factory=list)
    unusual: dict[int, tuple[Font, str]] = field(default_factory=dict)
    differentials: list[Differential] = field(default_factory=list)
    palette: tuple[Colour, ...] = ()


class Colours:
    """Colours as written, resolved. The theme is read when the first colour asks for it: most workbooks' cells do not."""

    def __init__(self, palette: tuple[Colour, ...], theme: Callable[[], bytes]) -> None:
        self.palette = palette
        self._theme = theme

    @functools.cached_property
    def theme(self) -> tuple[Colour, ...]:
        content = self._theme()
        return _parsed_theme(content) if content else OFFICE

    def of(self, written: str, default: Colour | None) -> Colour | None:
        """None for what cannot be known."""
        if not written or written == "auto":
            return default
        kind, value, tint = written.split(" ")
        if kind == "rgb":
            colour = from_hex(value)
        elif not value.isdecimal():
            colour = None
        elif kind == "theme":
            colour = self.theme[int(value)] if int(value) < len(self.theme) else None
        else:
            colour = indexed(int(value), self.palette)
        return tinted(colour, float(tint)) if colour else None

    def look(self, font: Font, ground: str) -> Look:
        return Look(self.of(font.colour, BLACK), self.ground(ground), font.struck)

    def ground(self, written: str) -> Colour | None:
        return None if written == "pattern" else self.of(written, WHITE)

    def look_of(self, style: tuple[Font, str] | None) -> Look:
        return self.look(*style) if style else PLAIN


def colour_as_written(attributes: Attributes) -> str:
    tint = _tint(attributes.get("tint", ""))
    for kind in ("rgb", "theme", "indexed"):
        if kind in attributes:
            return f"{kind} {attributes[kind].strip() or '?'} {tint}"
    return "auto"


def _tint(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


def differential_ground(pattern: str, fore: str, back: str) -> str | None:
    """In a conditional format the colour of a plain ground is the pattern's background."""
    if pattern in ("", "solid"):
        return back or fore or None
    return None if pattern == "none" else "pattern"


@functools.lru_cache(maxsize=16)  # offices copy the form, and with it its styles
def parsed_styles(content: bytes) -> Styles:
    """Raises UnreadableFile (damaged)."""
    reader = _StyleReader()
    parse_whole(content, xml_parser(reader.start, reader.end))
    return reader.finish()


class _StyleReader:
    """Follows a styles part; not to be used twice."""

    def __init__(self) -> None:
        self.codes = dict(BUILT_IN)
        self.fonts: list[Font] = []
        self.grounds: list[str] = []
        self.cells: list[tuple[int, int, int]] = []
        self.differentials: list[Differential] = []
        self.palette: list[Colour] = []
        self.within: list[str] = []
        self.font: Font | None = None
        self.pattern, self.fore, self.back = "", "", ""
        self.code: str | None = None
        self.filled = False

    def start(self, tag: str, attributes: Attributes) -> None:
        local = tag.rpartition(" ")[2]
        self.within.append(local)
        if local == "xf":
            if self.within[-2:-1] == ["cellXfs"]:
                number, font, fill = (attributes.get(name, "") for name in ("numFmtId", "fontId", "fillId"))
                self.cells.append((whole_number(number), whole_number(font), whole_number(fill)))
        elif local == "numFmt" and attributes.get("numFmtId", "").strip():
            self._format(attributes)
        elif local == "font":
            self.font = Font()
        elif local == "fill":
            self.pattern, self.fore, self.back, self.filled = "", "", "", True
        elif local == "rgbColor":
            self.palette.append(from_hex(attributes.get("rgb", "")) or BLACK)
        elif local == "dxf":
            self.font, self.filled, self.code = None, False, None
        elif self.font is not None and self.within[-2:-1] == ["font"]:
            self.font.take(local, attributes)
        elif "fill" in self.within:
            self._fill(local, attributes)

    def _format(self, attributes: Attributes) -> None:
        if "dxf" in self.within:
            self.code = attributes.get("formatCode") or "General"
        else:
            self.codes[whole_number(attributes["numFmtId"])] = attributes.get("formatCode") or "General"

    def _fill(self, local: str, attributes: Attributes) -> None:
        if local == "patternFill":
            self.pattern = attributes.get("patternType", "")
        elif local == "gradientFill":
            self.pattern = "gradient"
        elif local == "fgColor":
            self.fore = colour_as_written(attributes)
        elif local == "bgColor":
            self.back = colour_as_written(attributes)

    def end(self, tag: str) -> None:
        local = self.within.pop()
        inside = self.within[-1] if self.within else ""
        if local == "font" and inside == "fonts":
            self.fonts.append(self.font or Font())
        elif local == "fill" and inside == "fills":
            self.grounds.append(self._ground())
        elif local == "dxf":
            ground = self._differential_ground() if self.filled else None
            self.differentials.append(Differential(self.font, ground, self.code))

    def _ground(self) -> str:
        if self.pattern in ("", "none"):
            return ""
        return (self.fore or "auto") if self.pattern == "solid" else "pattern"

    def _differential_ground(self) -> str | None:
        return differential_ground(self.pattern, self.fore, self.back)

    def finish(self) -> Styles:
        styles = Styles(differentials=self.differentials, palette=tuple(self.palette))
        for number, (code, font, fill) in enumerate(self.cells):
            written = self.codes.get(code, "General")
            styles.formats.append(written)
            letters = self.fonts[font] if 0 <= font < len(self.fonts) else Font()
            ground = self.grounds[fill] if 0 <= fill < len(self.grounds) else ""
            coloured = "[" in written and any(section.letters for section in parse_format(written))
            if ground or coloured or not letters.usual:
                styles.unusual[number] = letters, ground
        return styles


@functools.lru_cache(maxsize=16)
def _parsed_theme(content: bytes) -> tuple[Colour, ...]:
    """The colours of a theme in the order in which styles count them. Raises UnreadableFile (damaged)."""
    found: dict[str, Colour] = {}
    name = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal name
        local = tag.rpartition(" ")[2]
        if local in _SCHEME_WRITTEN:
            name = local
        elif local in ("srgbClr", "sysClr") and name and name not in found:
            found[name] = from_hex(attributes.get("lastClr", attributes.get("val", ""))) or BLACK

    parse_whole(content, xml_parser(start))
    return tuple(found.get(name, default) for name, default in zip(_SCHEME, OFFICE, strict=True))
