"""Number formats of Excel and WPS: what a format code makes of a stored number. Source: ECMA-376 part 1, 18.8.30 and 18.8.31."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.model import Kind
from pipeline.reading.formats.colours import STANDARD, Colour, from_hex

# Formats of the Chinese (27 to 36, 50 to 58) and Thai editions (59 to 81) are known by number alone, never written into a file.
_MONEY = '"¥"#,##0.00'
BUILT_IN = {
    **dict.fromkeys((5, 6, 7, 8, 42, 44), _MONEY),
    **dict(enumerate(("General", "0", "0.00", "#,##0", "#,##0.00"))),
    **dict(zip(range(9, 14), ("0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??"), strict=True)),
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 55, 56), "h:mm:ss"),
    **dict(zip((22, *range(45, 50)), ("yyyy-mm-dd h:mm", "mm:ss", "[h]:mm:ss", "mm:ss.0", "##0.0E+0", "@"), strict=True)),
    **dict.fromkeys((37, 38, 39, 40, 41, 43, 59, 60, 61, 62), "#,##0.00"),
    **dict.fromkeys((67, 68), "0%"),
    **dict.fromkeys((69, 70), "# ?/?"),
    **dict.fromkeys((71, 72, 73, 74, 75, 81), "yyyy-mm-dd"),
    **dict.fromkeys((76, 77, 78, 79, 80), "h:mm:ss"),
}

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | (?P<ignored>[_*].) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/[^\x00-\x7f]+) | (?P<clock>AM/PM|A/P) | (?P<exponent>E[+-]) | (?P<digit>[0#?]) | (?P<point>\.)
    | (?P<comma>,) | (?P<percent>%) | (?P<text>@) | (?P<date>y+|d+|e+|g+|b+|a{3,4}) | (?P<time>h+|s+) | (?P<month>m+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))$")
_COLOURS = {
    **dict.fromkeys(("black", "\u9ed1"), "000000"), **dict.fromkeys(("blue", "\u84dd"), "0000FF"),
    **dict.fromkeys(("cyan", "\u9752"), "00FFFF"), **dict.fromkeys(("green", "\u7eff"), "00FF00"),
    **dict.fromkeys(("magenta", "\u6d0b\u7ea2"), "FF00FF"), **dict.fromkeys(("red", "\u7ea2"), "FF0000"),
    **dict.fromkeys(("white", "\u767d"), "FFFFFF"), **dict.fromkeys(("yellow", "\u9ec4"), "FFFF00"),
}  # fmt: skip
"""Colours by name, in English and as the Chinese editions show them."""
_NUMBERED = re.compile(r"(?:color|\u989c\u8272)\s*([0-9]{1,2})")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format: what kind of cell it makes and, for plain numbers, what it shows.

    ``pieces`` are literal texts, and None for every place a digit may take; ``whole`` counts the places before the point,
    ``decimals`` those behind. Each ``thousands`` divides what is shown by 1000.
    """

    kind: Kind
    pieces: tuple[str | None, ...] = ()
    whole: int = 0
    decimals: int = 0
    thousands: int = 0
    general: bool = False
    optional: bool = False
    """Only places that stay empty for a zero (``#``, ``?``)."""
    condition: tuple[str, float] | None = None
    letters: Colour | None = None
    """The colour that the section gives the number, before that of the cell's font."""
    exponent: bool = False
    """In powers of ten: ``whole`` and ``decimals`` then count the digits shown."""

    def takes(self, number: float) -> bool:
        return self.condition is None or _COMPARE[self.condition[0]](number, self.condition[1])

    @property
    def before(self) -> str:
        """The literal text in front of the digits."""
        return "".join(piece or "" for piece in self.pieces[: self._first()])

    @property
    def after(self) -> str:
        """The literal text among and behind the digits."""
        return "".join(piece or "" for piece in self.pieces[self._first() :])

    def _first(self) -> int:
        return self.pieces.index(None) if None in self.pieces else len(self.pieces)


def section_for(code: str, number: float) -> tuple[Section, bool]:
    """The section that shows ``number``, and whether its minus sign is the section's own business."""
    sections = parse_format(code)
    if any(section.condition for section in sections[:2]):
        chosen = next((section for section in sections[:3] if section.takes(number)), sections[-1])
        return chosen, False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    return (sections[2] if number == 0 and len(sections) > 2 else sections[0]), False


def letters_by_format(code: str, number: float) -> Colour | None:
    """The colour in which a format shows ``number``; None where that is left to the cell's font."""
    return section_for(code, number)[0].letters if "[" in code else None


@functools.lru_cache(maxsize=512)
def parse_format(code: str) -> tuple[Section, ...]:
    """The sections for numbers (at most three; the fourth shows text)."""
    return tuple(replace(_section(tokens), letters=_letters(tokens)) for tokens in _split(code)[:3])


def _letters(tokens: list[re.Match[str]]) -> Colour | None:
    for token in tokens:
        name = (token["bracket"] or "").strip().lower()
        if numbered := _NUMBERED.fullmatch(name):
            place = int(numbered[1]) - 1
            return STANDARD[place] if 0 <= place < len(STANDARD) else None
        if found := _COLOURS.get(name.removesuffix("\u8272")):
            return from_hex(found)
    return None


def _split(code: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return sections


@functools.lru_cache(maxsize=512)
def text_section(code: str) -> tuple[str | None, ...] | None:
    """What a format makes of a text: literal texts, and None for the text itself; None without a section for texts."""
    sections = _split(code)
    if len(sections) < 4 and not any(token["text"] for token in sections[-1]):
        return None
    tokens = sections[3] if len(sections) > 3 else sections[-1]
    pieces = [None if token["text"] or token["general"] else _literal(token) for token in tokens if not token["ignored"]]
    return tuple(piece for piece in pieces if piece != "")


def _section(tokens: list[re.Match[str]]) -> Section:
    names = {token.lastgroup for token in tokens}
    brackets = [token["bracket"].lower() for token in tokens if token["bracket"]]
    condition = next((found for bracket in brackets if (found := _CONDITION.match(bracket))), None)
    limit = (condition[1], float(condition[2])) if condition else None
    elapsed = any(set(bracket) in ({"h"}, {"m"}, {"s"}) for bracket in brackets)
    if elapsed or ("date" not in names and names & {"time", "clock"}):  # months beside hours or seconds are minutes
        return Section(Kind.TIME, condition=limit)
    if names & {"date", "month"} and not names & {"general", "digit"}:
        return Section(Kind.DATE, condition=limit)
    if "percent" in names:
        return Section(Kind.PERCENT, condition=limit)
    if "exponent" in names:
        return _exponent_section(tokens, limit)
    if "text" in names or _fraction(tokens):
        return Section(Kind.NUMBER, _with_words(tokens), 1, general=True, condition=limit)
    return _number_section(tokens, limit)


def _exponent_section(tokens: list[re.Match[str]], condition: tuple[str, float] | None) -> Section:
    mark = next(place for place, token in enumerate(tokens) if token["exponent"])
    digits = "".join("." if token["point"] else "0" for token in tokens[:mark] if token["digit"] or token["point"])
    whole, _, decimals = digits.partition(".")
    return Section(Kind.NUMBER, _with_words(tokens), len(whole), len(decimals), general=True, exponent=True, condition=condition)


def _with_words(tokens: list[re.Match[str]]) -> tuple[str | None, ...]:
    """A number whose digits are not told apart, and the literal texts around it as if they stood behind."""
    words = "".join(_literal(token) for token in tokens if token["quoted"] or token["escaped"] or token["bracket"])
    return (None, words) if words.strip() else (None,)


def _fraction(tokens: list[re.Match[str]]) -> bool:
    """``# ?/?``: a slash right between places for digits."""
    pairs = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return any(a["digit"] and b["other"] == "/" and (c["digit"] or (c["other"] or "").isdecimal()) for a, b, c in pairs)


def _number_section(tokens: list[re.Match[str]], condition: tuple[str, float] | None) -> Section:
    pieces: list[str | None] = []
    whole = decimals = commas = thousands = 0
    behind = general = False
    for token in tokens:
        if token["digit"] or token["general"]:
            pieces.append(None)
            whole, decimals = (whole, decimals + 1) if behind else (whole + 1, decimals)
            commas, general = 0, general or bool(token["general"])
        elif token["comma"] and (whole or decimals):
            commas += 1
        elif token["point"] and not behind:
            behind = True
            thousands, commas = thousands + commas, 0
        elif not token["ignored"]:
            pieces.append(_literal(token))
        elif _fills(token, first=None not in pieces):
            pieces.append(token["ignored"][1])
    optional = not general and all(token["digit"] != "0" for token in tokens)
    shown = tuple(piece for piece in pieces if piece != "")
    return Section(Kind.NUMBER, shown, whole, decimals, thousands + commas, general, optional, condition)


def _fills(token: re.Match[str], *, first: bool) -> bool:
    """Whether the cell is filled up with a digit: zeros in front of a number change nothing."""
    filling = token["ignored"][1]
    return token["ignored"].startswith("*") and filling.isdecimal() and not (first and filling == "0")


def _literal(token: re.Match[str]) -> str:
    if (bracket := token["bracket"]) is not None:
        return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
    return token["quoted"] or token["escaped"] or ("" if token["quoted"] == "" else token.group())
