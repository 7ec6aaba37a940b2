"""Styles of an XML Spreadsheet 2003: number formats, fonts and grounds. Source: Microsoft's XML Spreadsheet Reference, Styles."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Mark, UnreadableFile
from pipeline.reading.formats.colours import BLACK, PLAIN, WHITE, Colour, Look, from_hex
from pipeline.reading.formats.xml_parts import Attributes

ALIGNED = {"Superscript": Mark.SUPERSCRIPT, "Subscript": Mark.SUBSCRIPT}
_DEFAULT = "Default"
_DEEPEST = 32
_NAMED = {
    "General Number": "General",
    "General Date": "yyyy-mm-dd h:mm",
    **dict.fromkeys(("Long Date", "Medium Date", "Short Date"), "yyyy-mm-dd"),
    **dict.fromkeys(("Long Time", "Medium Time", "Short Time"), "h:mm:ss"),
    "Currency": '"¥"#,##0.00',
    "Euro Currency": '"€"#,##0.00',
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
"""Formats that go by a name instead of a code."""


@dataclass(slots=True)
class Style:
    """One style as written; None is what it leaves to its parent."""

    parent: str = ""
    code: str | None = None
    letters: str | None = None
    pattern: str | None = None
    ground: str | None = None
    struck: bool | None = None
    align: str | None = None

    def take_font(self, attributes: Attributes) -> None:
        self.letters = attributes.get("Color", self.letters)
        self.align = attributes.get("VerticalAlign", self.align)
        if "StrikeThrough" in attributes:
            self.struck = attributes["StrikeThrough"] != "0"

    def take_ground(self, attributes: Attributes) -> None:
        self.pattern = attributes.get("Pattern", "None")
        self.ground = attributes.get("Color", self.ground)

    def take_format(self, attributes: Attributes) -> None:
        self.code = attributes.get("Format", "General")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A style with all that it inherits."""

    code: str = "General"
    look: Look = PLAIN
    align: Mark | None = None


@dataclass(slots=True)
class Styles:
    """The styles of a workbook by their ids."""

    own: dict[str, Style] = field(default_factory=dict)
    _found: dict[str, Resolved] = field(default_factory=dict)

    def of(self, name: str) -> Resolved:
        """Without a name, the default one. Raises UnreadableFile (damaged) for one that is not there, as Excel does."""
        found = self._found.get(name)
        if found is None:
            if name not in ("", _DEFAULT) and name not in self.own:
                raise UnreadableFile("damaged")
            found = self._found[name] = _resolved(self._line(name))
        return found

    def _line(self, name: str) -> list[Style]:
        """The style and those it inherits from, the default last."""
        line: list[Style] = []
        while (style := self.own.get(name)) is not None and len(line) < _DEEPEST:
            line.append(style)
            if name == _DEFAULT:
                return line
            name = style.parent or _DEFAULT
        return [*line, self.own.get(_DEFAULT, Style())]


def _resolved(line: list[Style]) -> Resolved:
    def first(name: str) -> str | None:
        return next((value for style in line if (value := getattr(style, name)) is not None), None)

    code = first("code") or "General"
    struck = next((style.struck for style in line if style.struck is not None), False)
    ground = _ground(first("pattern"), first("ground"))
    look = Look(colour(first("letters"), BLACK), ground, struck)
    return Resolved(_NAMED.get(code, code), PLAIN if look == PLAIN else look, ALIGNED.get(first("align") or ""))


def colour(written: str | None, automatic: Colour) -> Colour | None:
    """None for a colour that is not known."""
    return automatic if written in (None, "Automatic") else from_hex(written)


def _ground(pattern: str | None, written: str | None) -> Colour | None:
    if pattern in (None, "None"):
        return WHITE
    return colour(written, WHITE) if pattern == "Solid" else None
