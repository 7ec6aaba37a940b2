"""One value cell → a number, or the reasons there is none (the C rules). Ambiguous is never a number."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.model import MASK, Cell, Kind, Problem
from pipeline.model.words import Words
from pipeline.reading.values.characters import B, alternatives, drop_blanks, plain, strip_blanks
from pipeline.reading.values.numerals import certain_number, is_numeral
from schemas.form import NumberWords
from schemas.programme import Indicator, Programme


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cell: ``observed`` as sent, ``plain`` without blanks around it and with ASCII for full-width ASCII."""

    observed: str
    plain: str
    indicator: Indicator
    programme: Programme

    def problem(self, rule: str, **params: str) -> Problem:
        return _problem(rule, observed=self.observed, **params)


def read_number(
    cell: Cell, indicator: Indicator, programme: Programme, *, all_text: bool = False
) -> tuple[int | None, tuple[Problem, ...]]:
    """The number of a value cell with its hints and queries (C01, C09, C10), or None with the error (C02-C08, C11, C12).

    ``all_text`` says that the source holds nothing but text (CSV, HTML): a plain number written there is no C01.
    An error stands alone: hints about a value that is not taken would only distract.
    """
    read = _read(cell, indicator, programme)
    if isinstance(read, Problem):
        return None, (read,)
    problems = []
    if cell.kind is Kind.TEXT and not (all_text and cell.text == str(read)):
        problems.append(_problem("C01", observed=cell.text, value=str(read)))
    if cell.formula:
        problems.append(_problem("C09", value=str(read)))
    if read > indicator.ceiling:
        problems.append(_problem("C10", observed=str(read), expected=str(indicator.ceiling)))
    return read, tuple(problems)


def _problem(rule: str, **params: str) -> Problem:
    return Problem(rule, tuple(sorted(params.items())))


def _read(cell: Cell, indicator: Indicator, programme: Programme) -> int | Problem:
    words = Words(programme, "parse")
    if cell.runs:
        return _set_apart(cell, programme)
    match cell.kind:
        case Kind.BLANK:
            return _problem("C02")
        case Kind.TEXT:
            return _read_text(cell.text, indicator, programme)
        case Kind.NUMBER:
            return _read_stored(cell, indicator, programme.numbers.digits_max)
        case Kind.ERROR:
            return _problem("C08", observed=words.text("C08.error", value=cell.text))
        case Kind.UNCALCULATED:
            return _picture(cell.text, programme) or _problem("C08", observed=words.text("C08.uncalculated"))
        case Kind.MASKED:
            return _masked(cell, programme)
        case _:
            return _problem("C07", type=words.table("C07")[cell.kind.value], observed=cell.text)


def _set_apart(cell: Cell, programme: Programme) -> Problem:
    """C12: runs that may not be joined to the number, each named in its place: 24（上标1）."""
    words = Words(programme, "parse").table("C12")
    marks = dict.fromkeys(str(words[run.mark]) for run in cell.runs if run.mark)
    return _problem("C12", what="、".join(marks), observed=written_with_marks(cell, programme))


def written_with_marks(cell: Cell, programme: Programme) -> str:
    """A cell's text, what is set apart in it in brackets: （删除线1）8."""
    words = Words(programme, "parse")
    shown = (
        words.text("C12.run", what=words.table("C12")[run.mark], text=run.text) if run.mark else run.text for run in cell.runs
    )
    return "".join(shown) if cell.runs else cell.text


def _masked(cell: Cell, programme: Programme) -> Problem:
    """C11: what the format shows beside what is stored."""
    shown, _, stored = cell.text.rpartition(MASK)
    blank = Words(programme, "parse").text("C11.blank")
    return _problem("C11", variant="masked", shown=shown.strip() or blank, stored=stored.strip() or blank)


def _picture(text: str, programme: Programme) -> Problem | None:
    """C08: WPS keeps a picture in a cell as a formula."""
    return _problem("C08", variant="picture", observed=text.strip()) if _PICTURE.match(text) else None


_PICTURE = re.compile(r"\s*=?\s*(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_SIGNIFICANT = 15
"""Digits that a spreadsheet shows of a number, and lets people type."""


def _read_stored(cell: Cell, indicator: Indicator, digits_max: int) -> int | Problem:
    """A stored number as a spreadsheet shows it at most (8.000000000000002 is 8); then there is no tolerance: 7.9999999 is not 8.

    A unit that the number format shows must be the indicator's (C05).
    """
    number = cell.number
    if number is None or isinstance(number, bool) or (isinstance(number, float) and not math.isfinite(number)):
        return _problem("C11", observed=cell.text)
    if isinstance(number, float):
        shown = float(f"{number:.{_SIGNIFICANT}g}")
        number = shown if math.isfinite(shown) else number  # the largest of all would be rounded to no number
    if number < 0 or number != int(number):
        return _problem("C06", observed=_written(number, cell.text))
    if int(number) >= 10**digits_max:
        return _problem("C11", observed=_written(number, cell.text))
    if strip_blanks(plain(cell.text)).lstrip("0123456789,.- ") not in ("", indicator.unit):
        return _problem("C05", observed=cell.text, suggestion="")
    return int(number)


def _written(number: float | int, shown: str) -> str:
    """The number itself, for its format may show 2.5 as 3; very large and very small ones as shown."""
    if not 1e-9 <= abs(number) < 1e16:
        return shown
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"


def _read_text(observed: str, indicator: Indicator, programme: Programme) -> int | Problem:
    text = _Text(observed, strip_blanks(plain(observed)), indicator, programme)
    if not text.plain:
        return _problem("C02")
    if len(text.plain) <= _LONGEST:
        for reader in _READERS:
            if (read := reader(text)) is not None:
                return read
    return text.problem("C11")


_LONGEST = 100
"""Longer texts are no numbers in any writing; matching them would only cost time."""


def _lossless(text: _Text) -> int | Problem | None:
    """C01: digits, thousands in correct groups, one or two decimal zeros (8.000 may be 8000), the own unit behind.

    ``="16"`` and ``'16`` are how text files keep a number a text.
    """
    if _OVERRIDE in text.observed and len(set(re.findall("[0-9]", text.plain))) > 1:
        return text.problem("C11")
    core = text.plain
    if kept := _KEPT_TEXT.fullmatch(core):
        core = strip_blanks(kept[1] if kept[1] is not None else kept[2])
    if found := _lossless_pattern(text.indicator.unit).fullmatch(core):
        digits = found["whole"].replace(",", "")
        return int(digits) if len(digits) <= text.programme.numbers.digits_max else text.problem("C11")
    return None


_OVERRIDE = "\u202e"
"""Shows 12 as 21."""
_KEPT_TEXT = re.compile(r"=[ ]*\"([^\"]*)\"|'(.*)", re.DOTALL)


def _error_value(text: _Text) -> Problem | None:
    """C08: an error value, or a formula, that came as text, as in CSV exports."""
    words = Words(text.programme, "parse")
    if picture := _picture(text.plain, text.programme):
        return picture
    if re.fullmatch(_ERROR_VALUE, text.plain, re.IGNORECASE):
        return _problem("C08", observed=words.text("C08.error", value=text.plain))
    return _problem("C08", observed=words.text("C08.uncalculated")) if re.fullmatch(_FORMULA, text.plain, re.DOTALL) else None


_ERROR_VALUE = r"#[A-Z][A-Z0-9/_]*[!?]|#N/A|#GETTING_DATA|Err:[0-9]{3}"
_FORMULA = r"=.*[A-Za-z].*"


def _placeholder(text: _Text) -> Problem | None:
    """C03: placeholders, alone, repeated or mixed, with blanks or brackets among them."""
    pattern = _placeholder_pattern(text.programme.numbers.placeholders)
    return text.problem("C03") if pattern.fullmatch(drop_blanks(text.plain)) else None


def _typed(text: _Text) -> Problem | None:
    """C07: what a date, time, percentage or logical cell becomes in a text table."""
    for kind, pattern in _TYPES:
        if re.fullmatch(pattern, text.plain, re.IGNORECASE):
            return text.problem("C07", type=Words(text.programme, "parse").table("C07")[kind])
    return None


_SIGNS = re.escape("-−﹣–—―‐‑‒─⁻₋➖△▲▽▼")
_YEAR, _MONTH, _DAY = r"(?:19|20)[0-9]{2}", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12][0-9]|0?[1-9])"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
_ENGLISH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
# 2024.6 and 6.30 are left out on purpose: they are decimals first (C06).
_DATES = (
    rf"{_YEAR}(?P<s>[-/.]){_MONTH}(?P=s){_DAY}(?:(?:T|{B}){_CLOCK})?",
    rf"{_YEAR}[-/]{_MONTH}",
    rf"(?:{_YEAR}|[0-9]{{2}}){B}年(?:{B}{_MONTH}{B}月(?:{B}{_DAY}{B}[日号]?)?)?(?:{B}{_CLOCK})?",
    rf"{_MONTH}{B}月份?(?:{B}{_DAY}{B}[日号]?)?",
    rf"(?:{_MONTH}(?P<t>[-/]){_DAY}|{_DAY}(?P<u>[-/]){_MONTH})(?(t)(?P=t)|(?P=u)){_YEAR}",
    rf"{_DAY}[- ]{_ENGLISH}(?:[- ][0-9]{{2,4}})?|{_ENGLISH}[- ][0-9]{{2,4}}",
)
_TYPES = (
    ("boolean", r"true|false"),
    ("percent", rf"[+{_SIGNS}]?{B}[0-9][0-9,]*(?:\.[0-9]+)?{B}[%‰﹪]"),
    ("date", "|".join(f"(?:{pattern})" for pattern in _DATES)),
    ("time", rf"(?:[上下]午{B})?{_CLOCK}(?:{B}[ap]m)?|[0-9]{{1,2}}[时点](?:[0-9]{{1,2}}分)?"),
)


def _shaped(text: _Text) -> Problem | None:
    """C04, C05, C06 by the order of the text's parts, one letter each (see ``_tokens``)."""
    unit = text.indicator.unit
    others = tuple(other.unit for other in text.programme.indicators if other.unit != unit)
    tokens = _tokens(text.programme.numbers, unit, others)
    shape = "".join(_letter(token) for token in tokens.finditer(text.plain))
    rule = next((rule for rule, pattern in _SHAPES if re.fullmatch(pattern, shape)), None)
    if rule != "C05":
        return text.problem(rule) if rule else None
    candidate = certain_number(text.plain.removesuffix(unit).rstrip())
    wording = Words(text.programme, "parse").raw("suggestion")
    return text.problem("C05", suggestion="" if candidate is None else wording.format(candidate=candidate))


def _letter(token: re.Match[str]) -> str:
    return token.lastgroup or ("o" if is_numeral(token[0]) else "_")


# n number, z decimal whose decimals are all zero, d other decimal, o other numeral (十 ⑫ ² ٣ 万), u own unit, v other unit,
# a approximate word, s minus, p operator, b blank, l and r brackets, _ anything else (which makes the text C11).
_SHAPES = (
    ("C06", r"sb?[nzdo]+b?[uv]?"),  # -3, 负三
    ("C06", r"lb?[nzd]b?u?b?r"),  # (3), as bookkeepers write it
    ("C06", r"db?u?"),  # 2.5家
    ("C05", r"zb?u?"),  # 8.000: 8 or 8000
    ("C04", r"[nzduvoablr]*a[nzduvoablrsp]*|(?=.*[nzdo])[nzduvoablr]*[sp][nzduvoablrsp]*"),  # 约30, 20-30, 30+, 3×4
    ("C05", r"(?=.*[nzdo])(?=.*[ov])[nzduvoblr]*"),  # 十二, 12①, 8项 under 家
)

_READERS: tuple[Callable[[_Text], int | Problem | None], ...] = (_lossless, _error_value, _placeholder, _typed, _shaped)

_OPERATORS = r"+*/=<>~×÷≤≥≦≧≈±∓∽∼〜^:∶"


# Compiled on first use: most cells hold plain numbers.
@functools.lru_cache(maxsize=64)
def _lossless_pattern(unit: str) -> re.Pattern[str]:
    own = re.escape(unit)
    suffix = rf"(?:{B}(?:{own}|\({B}{own}{B}\)))?" if unit else ""
    return re.compile(rf"(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+)(?:\.0{{1,2}})?{suffix}(?:{B}[。｡])?")


@functools.lru_cache(maxsize=8)
def _placeholder_pattern(placeholders: tuple[str, ...]) -> re.Pattern[str]:
    # Possessive, so that a hostile text cannot make it slow.
    return re.compile(rf"[()]*+(?:{alternatives(map(plain, placeholders))}[()]*+)++", re.IGNORECASE)


@functools.lru_cache(maxsize=64)
def _tokens(numbers: NumberWords, unit: str, other_units: tuple[str, ...]) -> re.Pattern[str]:
    """The parts of a text, one group each, named by its letter; a character of no group may still be a numeral."""
    figures = r"[0-9][0-9,]*"
    parts = (
        ("_", r"0[xX][0-9a-fA-F]+"),
        ("u", alternatives([unit])),
        ("v", alternatives({*other_units, *numbers.other_units} - {unit})),
        ("a", alternatives(numbers.approximate)),
        ("s", rf"{alternatives(numbers.minus_words)}|[{_SIGNS}]"),
        ("o", alternatives(numbers.magnitudes)),
        ("z", rf"{figures}\.0+(?![0-9])"),
        ("d", rf"{figures}\.[0-9]+|\.[0-9]+"),
        ("n", figures),
        ("p", rf"[{re.escape(_OPERATORS)}%]|(?<=[0-9])[xX](?=[0-9])"),
        ("b", r"[ \n]+"),
        ("l", r"\("),
        ("r", r"\)"),
    )
    return re.compile("|".join(f"(?P<{letter}>{pattern})" for letter, pattern in parts) + "|.", re.DOTALL)
