"""Styles of an OpenDocument spreadsheet, as far as they decide whether a text is seen. Source: ODF 1.3 part 3, 16.27 and 20."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.model import Kind, Mark
from pipeline.reading.formats.colours import BLACK, WHITE, Colour, Look, alike, from_hex
from pipeline.reading.formats.conditions import Effect
from pipeline.reading.formats.xml_parts import Attributes, parse_whole, xml_parser

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {f"{_OASIS}{name}:1.0": name for name in ("table", "office", "text", "style", "drawing")}
PREFIXES[f"{_OASIS}datastyle:1.0"] = "number"
PREFIXES[f"{_OASIS}xsl-fo-compatible:1.0"] = "fo"
PREFIXES["urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"] = "calcext"
_PLAIN_PARENTS = frozenset(("", "Default"))
_FORMAT_KINDS = {
    "number:percentage-style": Kind.PERCENT,
    "number:date-style": Kind.DATE,
    "number:time-style": Kind.TIME,
    "number:boolean-style": Kind.BOOLEAN,
}
_DEFAULT = "default"
"""The name under which what holds for all cells is kept (``style:default-style``); no style has it, names have capitals."""
_DARK, _LIGHT = frozenset((None, "auto", "#000000")), frozenset((None, "transparent", "#ffffff"))
_DEFAULTS = re.compile(rb"default-style\b|name=[\"']Default[\"']")
_DEFAULT_LENGTH = 3000
"""Bytes in which a default style says how its letters look."""
_SAID = re.compile(
    rb"line-through-(?:style|type)=[\"'](?!none)|fo:color=[\"'](?!#000000)|background-color=[\"'](?!transparent|#ffffff)"
)
_DEEPEST = 32
_VALUE = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(slots=True)
class Style:
    """One style. None is what it leaves to its parent; ``letters`` and ``ground`` are as written."""

    parent: str = ""
    struck: bool | None = None
    position: str | None = None
    letters: str | None = None
    ground: str | None = None
    hidden: bool | None = None
    format: str | None = None
    maps: tuple[tuple[str, str, str], ...] = ()
    """Conditions, the styles that apply then, and the cells that the conditions are written for."""

    def take_text(self, attributes: Attributes) -> None:
        for name in ("style:text-line-through-style", "style:text-line-through-type"):
            if name in attributes:
                self.struck = attributes[name] != "none"
        self.position = attributes.get("style:text-position", self.position)
        if attributes.get("style:use-window-font-color") == "true":
            self.letters = "auto"
        self.letters = attributes.get("fo:color", self.letters)
        if "text:display" in attributes:
            self.hidden = attributes["text:display"] == "none"

    def take_cell(self, attributes: Attributes) -> None:
        self.ground = attributes.get("fo:background-color", self.ground)

    @property
    def silent(self) -> bool:
        """Whether it could hide nothing, its parents apart."""
        seen = self.letters in _DARK and self.ground in _LIGHT and not self.struck and not self.hidden
        return seen and self.position is None and self.format is None and not self.maps

    @property
    def usual(self) -> bool:
        """Whether it says nothing of its own that could hide a text."""
        own = (self.struck, self.position, self.letters, self.ground, self.hidden)
        return self.parent in _PLAIN_PARENTS and not self.maps and all(value is None for value in own)


@dataclass(slots=True)
class Format:
    """A number format: as what and whether it shows anything, in which colour, and what takes its place on conditions."""

    kind: Kind = Kind.NUMBER
    shows: bool = False
    factor: float = 1.0
    """What a number is divided by before it is shown."""
    letters: Colour | None = None
    parts: list[tuple[str, str]] = field(default_factory=list)
    """Conditions, and the names of the formats that apply then."""

    def take_text(self, attributes: Attributes) -> None:
        self.letters = from_hex(attributes.get("fo:color", ""))

    def take_map(self, attributes: Attributes) -> None:
        self.parts.append((attributes.get("style:condition", ""), attributes.get("style:apply-style-name", "")))


class Styles:
    """Styles by ``family:name``: the document's own, and the common ones, read when the first is asked for."""

    def __init__(self, common: Callable[[], bytes]) -> None:
        self.own: dict[str, Style] = {}
        self._usual: dict[str, bool] = {}
        self._silent: dict[str, bool] = {}
        self._looks: dict[str, Look] = {}
        self._format_names: dict[str, str | None] = {}
        self.formats: dict[str, Format] = {}
        self._common = common

    @functools.cached_property
    def _content(self) -> bytes:
        return self._common()

    @functools.cached_property
    def common(self) -> tuple[dict[str, Style], dict[str, Format]]:
        content = self._content
        return parsed_styles(content) if content else ({}, {})

    @functools.cached_property
    def silent(self) -> bool:
        """Whether what holds for cells without a style hides nothing: the common styles are looked through for it unread."""
        content = self._content
        said = any(_SAID.search(content, at.start(), at.start() + _DEFAULT_LENGTH) for at in _DEFAULTS.finditer(content))
        known = [self.own.get(f"table-cell:{name}") for name in ("Default", _DEFAULT)]
        if said:
            known += [self.common[0].get(f"table-cell:{name}") for name in ("Default", _DEFAULT)]
        return all(style.silent for style in known if style)

    def find(self, family: str, name: str) -> Style | None:
        key = f"{family}:{name}"
        return self.own.get(key) or self.common[0].get(key)

    def effect(self, name: str) -> Effect:
        """What a conditional format of this style changes."""
        style = self.resolved("table-cell", name)
        ground = None if style.ground in (None, "transparent") else from_hex(style.ground)
        hides = style.format is not None and self._shows_nothing(style.format)
        return Effect(letters_of(style, None), ground, style.struck or None, hides=hides)

    def _shows_nothing(self, name: str) -> bool:
        """Whether no part of a number format shows anything."""
        found = self._format(name)
        if found is None:
            return False
        parts = [self._format(part) for _, part in found.parts]
        return not any(part.shows for part in parts if part) if parts else not found.shows

    def _format(self, name: str) -> Format | None:
        return self.formats.get(name) or self.common[1].get(name)

    def letters_by_format(self, style: str, number: float) -> Colour | None:
        """The colour in which a cell style's number format shows ``number``; None where that is left to the style."""
        part = self._format_for(style, number)
        return part.letters if part else None

    def shown_by_format(self, style: str, number: float) -> float | None:
        """The number that a cell style's number format shows of ``number``; None for nothing."""
        part = self._format_for(style, number)
        return number if part is None else number / part.factor if part.shows else None

    def kind_by_format(self, style: str, number: float) -> Kind:
        """As what a cell style's number format shows ``number``, whatever type the cell states: as office programs do."""
        part = self._format_for(style, number)
        return part.kind if part else Kind.NUMBER

    def _format_name(self, style: str) -> str | None:
        """Of a usual style its own alone: the common styles need not be read for it."""
        if style not in self._format_names:
            own = self.own.get(f"table-cell:{style}")
            usual = own.format if own else None
            self._format_names[style] = usual if self.is_usual(style) else self.resolved("table-cell", style).format
        return self._format_names[style]

    def _format_for(self, style: str, number: float) -> Format | None:
        name = self._format_name(style)
        found = self._format(name) if name else None
        if found is None:
            return None
        chosen = next((part for condition, part in found.parts if _takes(condition, number)), None)
        return self._format(chosen) if chosen else found

    def says_nothing(self, style: str) -> bool:
        """Whether a cell's style neither hides anything nor has a number format."""
        silent = self._silent.get(style)
        if silent is None:
            name = self._format_name(style) if self.formats else None
            silent = self._silent[style] = self.is_usual(style) and (name is None or self._format(name) is None)
        return silent

    def is_usual(self, name: str) -> bool:
        """Whether a cell's style cannot hide anything, as far as can be said without the common styles."""
        usual = self._usual.get(name)
        if usual is None:
            style = self.own.get(f"table-cell:{name}")
            plain = name in _PLAIN_PARENTS or (style is not None and style.usual)
            usual = self._usual[name] = plain and self.silent
        return usual

    def resolved(self, family: str, name: str) -> Style:
        """The style with what its parents say."""
        whole = Style()
        name = name or ("Default" if family == "table-cell" else "")
        for _ in range(_DEEPEST):
            style = self.find(family, name) if name else None
            if style is None and family == "table-cell" and name != _DEFAULT:
                name = _DEFAULT
                continue
            if style is None:
                break
            for part in ("struck", "position", "letters", "ground", "hidden", "format"):
                if getattr(whole, part) is None:
                    setattr(whole, part, getattr(style, part))
            whole.maps = whole.maps or style.maps
            name = style.parent or (_DEFAULT if family == "table-cell" and name != _DEFAULT else "")
        return whole

    def look(self, name: str) -> Look:
        look = self._looks.get(name)
        if look is None:
            style = self.resolved("table-cell", name)
            ground = WHITE if style.ground in (None, "transparent") else from_hex(style.ground)
            look = self._looks[name] = Look(letters_of(style, BLACK), ground, bool(style.struck))
        return look

    def mark(self, names: tuple[str, ...], ground: Colour | None) -> Mark | None:
        """How paragraph and spans of these styles (``family:name``), the outermost first, set a text apart."""
        styles = [self.resolved(*name.split(":", 1)) for name in reversed(names)]
        if any(style.struck for style in styles):
            return Mark.STRUCK
        letters = next((colour for style in styles if (colour := letters_of(style, None))), None)
        if any(style.hidden for style in styles):
            return Mark.HIDDEN
        if alike(letters, ground):
            return Mark.COLOURED
        position = next((style.position for style in styles if style.position), "")
        return position_mark(position)


def _takes(condition: str, number: float) -> bool:
    """Whether ``value()>=0`` is true of a number."""
    found = _VALUE.fullmatch(condition.strip())
    return found is not None and _COMPARE[found[1]](number, float(found[2]))


def letters_of(style: Style, automatic: Colour | None) -> Colour | None:
    return automatic if style.letters in (None, "auto") else from_hex(style.letters)


def position_mark(position: str) -> Mark | None:
    """``super 58%``, ``sub``, ``33% 58%``, ``-33%``: where letters stand to the line."""
    height = position.split(" ")[0] if position else ""
    if height == "super":
        return Mark.SUPERSCRIPT
    if height == "sub":
        return Mark.SUBSCRIPT
    number = height.removesuffix("%").lstrip("-")
    if not number.replace(".", "").isdecimal() or not float(number):
        return None
    return Mark.SUBSCRIPT if height.startswith("-") else Mark.SUPERSCRIPT


def read_style(attributes: Attributes) -> tuple[str, Style]:
    """The key and the beginning of a style element."""
    key = f"{attributes.get('style:family', '')}:{attributes.get('style:name', '')}"
    return key, Style(attributes.get("style:parent-style-name", ""), format=attributes.get("style:data-style-name"))


def default_key(attributes: Attributes) -> str:
    """Under what the default style of a family is found."""
    return f"{attributes.get('style:family', '')}:{_DEFAULT}"


def read_map(attributes: Attributes) -> tuple[str, str, str]:
    names = ("style:condition", "style:apply-style-name", "style:base-cell-address")
    return tuple(attributes.get(name, "") for name in names)  # type: ignore[return-value]


@functools.lru_cache(maxsize=16)  # offices copy the form, and with it its styles
def parsed_styles(content: bytes) -> tuple[dict[str, Style], dict[str, Format]]:
    """The styles of a styles part, by their own names and by those that people see. Raises UnreadableFile (damaged)."""
    found: dict[str, Style] = {}
    formats: dict[str, Format] = {}
    style, number = Style(), Format()
    described: Style | Format = style

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal style, number, described
        name = short(tag)
        if name == "style:style":
            given = _short(attributes)
            key, style = read_style(given)
            described = style
            found[key] = style
            if "style:display-name" in given:
                found.setdefault(f"{given.get('style:family', '')}:{given['style:display-name']}", style)
        elif name.startswith("number:"):
            described = number = read_format(name, _short(attributes), number, formats)
        elif name == "style:map":
            number.take_map(_short(attributes))
        elif name == "style:text-properties":
            described.take_text(_short(attributes))
        elif name == "style:table-cell-properties":
            style.take_cell(_short(attributes))
        elif name.startswith("style:") and name in ("style:default-style", "style:page-layout"):
            described = style = Style()
            if name == "style:default-style":
                found[default_key(_short(attributes))] = style

    parse_whole(content, xml_parser(start))
    return found, formats


def read_format(name: str, attributes: Attributes, number: Format, formats: dict[str, Format]) -> Format:
    """Take in one element of a number format; the format that the next one belongs to."""
    if name.endswith("-style"):
        number = formats[attributes.get("style:name", "")] = Format(_FORMAT_KINDS.get(name, Kind.NUMBER))
    elif name != "number:text":
        number.shows = True
        number.factor = _factor(attributes.get("number:display-factor", "")) if name == "number:number" else number.factor
    return number


def _factor(written: str) -> float:
    return float(written) or 1.0 if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", written) else 1.0


@functools.lru_cache(maxsize=1024)
def short(tag: str) -> str:
    """``"uri local"`` as ``"table:table-cell"``."""
    uri, _, local = tag.rpartition(" ")
    return f"{PREFIXES.get(uri, '')}:{local}"


def _short(attributes: Attributes) -> Attributes:
    return {short(key): value for key, value in attributes.items()}
