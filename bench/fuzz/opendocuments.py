"""What an .ods may say of its cells, changed with its meaning in mind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.fuzz.packages import packed, parts_of
from bench.fuzz.workbooks import NUMBERS

_CELL = re.compile(r"<table:table-cell\b(?![^>]*/>)[^>]*>.*?</table:table-cell>", re.DOTALL)
_NUMBER = re.compile(r'<table:table-cell\b[^>]*office:value="[^>]*>.*?</table:table-cell>', re.DOTALL)
_OPENING = re.compile(r"<table:table-(?:cell|row|column)\b[^>]*>")
KINDS = ("float", "string", "percentage", "date", "time", "boolean", "currency", "void", "x")
SAID = ("8", "12", "12家", "约12", "1,234", "—", "", "25%", "2024-06-30", "#REF!", "Err:502")
PIECES = (
    '<text:span text:style-name="struck">1</text:span>',
    "<office:annotation><text:p>7</text:p></office:annotation>",
    "<text:p>3</text:p>",
    '<text:s text:c="2"/>',
    "<text:tab/>",
    "<text:line-break/>",
    "<text:ruby><text:ruby-base>1</text:ruby-base><text:ruby-text>2</text:ruby-text></text:ruby>",
    "<!-- 8 -->",
)
STYLES = (
    '<style:style style:name="struck" style:family="text"><style:text-properties style:text-line-through-style="solid"/>'
    "</style:style>"
    '<style:style style:name="raised" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="white" style:family="table-cell"><style:text-properties fo:color="#ffffff" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"/></style:style>'
    '<number:number-style style:name="N9" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><number:text/>'
    "</number:number-style>"
    '<number:number-style style:name="N8" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0">'
    '<number:number number:min-integer-digits="1" number:display-factor="1000"/></number:number-style>'
    '<style:style style:name="shown9" style:family="table-cell" style:data-style-name="N9"/>'
    '<style:style style:name="shown8" style:family="table-cell" style:data-style-name="N8"/>'
)
Change = Callable[[random.Random, str], str]


def changed(rng: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    text = parts["content.xml"].decode("utf-8").replace("</office:automatic-styles>", STYLES + "</office:automatic-styles>", 1)
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(CHANGES)(rng, text)
    parts["content.xml"] = text.encode("utf-8")
    return packed(parts)


def _one(rng: random.Random, pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + change(match[0]) + text[match.end() :]


def _cell(change: Change) -> Change:
    return lambda rng, text: _one(rng, _NUMBER if rng.random() < 0.7 else _CELL, text, lambda cell: change(rng, cell))


def _with(tag: str, name: str, value: str) -> str:
    bare = re.sub(rf'\s{name}="[^"]*"', "", tag, count=1)
    return re.sub(r"(/?>)", rf' {name}="{value}"\1', bare, count=1)


def _kind(rng: random.Random, cell: str) -> str:
    return _with(cell, "office:value-type", rng.choice(KINDS))


def _value(rng: random.Random, cell: str) -> str:
    return _with(
        cell, rng.choice(("office:value", "office:value", "office:string-value", "office:date-value")), rng.choice(NUMBERS)
    )


def _value_gone(rng: random.Random, cell: str) -> str:
    return re.sub(r'\soffice:value(-type)?="[^"]*"', "", cell, count=rng.randint(1, 2))


def _shown(rng: random.Random, cell: str) -> str:
    return re.sub(r"<text:p>[^<]*</text:p>", f"<text:p>{rng.choice(SAID)}</text:p>", cell, count=1)


def _piece(rng: random.Random, cell: str) -> str:
    place = rng.choice(("</text:p>", "</table:table-cell>", "<text:p>"))
    return cell.replace(place, rng.choice(PIECES) + place, 1)


def _formula(rng: random.Random, cell: str) -> str:
    return _with(cell, "table:formula", rng.choice(("of:=6+6", "of:=[.C5]", "", "msoxl:=1+1", "of:=1/0")))


def _style(rng: random.Random, cell: str) -> str:
    return _with(cell, "table:style-name", rng.choice(("percent", "white", "shown9", "shown8", "none")))


def _repeated(rng: random.Random, text: str) -> str:
    names = (
        "table:number-columns-repeated",
        "table:number-rows-repeated",
        "table:number-columns-spanned",
        "table:number-rows-spanned",
    )
    value = rng.choice(("0", "1", "2", "3", "-1", "x", "70000"))
    return _one(rng, _OPENING, text, lambda tag: _with(tag, rng.choice(names), value))


def _hidden(rng: random.Random, text: str) -> str:
    return _one(rng, _OPENING, text, lambda tag: _with(tag, "table:visibility", rng.choice(("collapse", "filter", "visible"))))


def _grouped(rng: random.Random, text: str) -> str:
    """Rows in a group, a header, or a sheet within the sheet."""
    around = rng.choice(("table-row-group", "table-header-rows", "table-rows", "tracked-changes", "covered-table-cell"))
    rows = re.compile(r"<table:table-row\b(?![^>]*/>)[^>]*>.*?</table:table-row>", re.DOTALL)
    return _one(rng, rows, text, lambda row: f"<table:{around}>{row}</table:{around}>")


def _covered(rng: random.Random, text: str) -> str:
    return _one(rng, _NUMBER, text, lambda cell: cell.replace("table:table-cell", "table:covered-table-cell"))


CHANGES: tuple[Change, ...] = (
    *(_cell(change) for change in (_kind, _value, _value, _value_gone, _shown, _shown, _piece, _piece, _formula, _style)),
    *(_repeated, _repeated, _hidden, _grouped, _covered),
)
