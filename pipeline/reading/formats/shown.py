"""A stored number beside the text that the file says it shows: only where both mean the same is it a number (.ods, HTML)."""

from __future__ import annotations

import math
import re

from pipeline.model import Cell, Kind
from pipeline.reading.formats.stored_numbers import number_text, shown_otherwise

_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}|#[A-Z][A-Z/0-9]*[!?]")
_SHOWN = re.compile(r"[+(（]?([-−－]?)[(（]?\s*([0-9][0-9.,\s]*(?:E[+-]?[0-9]+)?)\s*[)）]?", re.IGNORECASE)
_POINTED = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?", re.IGNORECASE)
_COMMA_DECIMAL = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),(?:[0-9]{1,2}|[0-9]{4,})")
_DASHES = frozenset("-–—―－ ")


def is_error(text: str) -> bool:
    """``#DIV/0!``, ``Err:502`` and their like."""
    return _ERROR.fullmatch(text) is not None


def weigh(number: float, shown: str | None, *, formula: bool, units: frozenset[str]) -> Cell:
    """The cell of a stored number; TEXT where it shows what does not mean it (another magnitude, a word, a sign, nothing).

    ``shown`` is None where the writer left it to the reader to show the value.
    """
    held: float | int = int(number) if number.is_integer() and abs(number) < 1e15 else number
    if shown is None:
        return Cell(Kind.NUMBER, number_text(held), held, formula)
    if isinstance(held, int) and shown == str(held):  # as most are
        return Cell(Kind.NUMBER, number_text(held), held, formula)
    text = shown.strip()
    if is_error(text):
        return Cell(Kind.ERROR, text, None, formula)
    if (text, number) in (("FALSE", 0), ("TRUE", 1)):  # how LibreOffice stores a truth value that came from .xlsx
        return Cell(Kind.BOOLEAN, text, None, formula)
    unit = next((unit for unit in units if unit and text.endswith(unit)), "")
    bare = text.removesuffix(unit).strip()
    match = _SHOWN.fullmatch(bare)
    if (number == 0 and set(bare) <= _DASHES) or (match and _means(match, number)):
        return Cell(Kind.NUMBER, number_text(held) + unit, held, formula)
    return shown_otherwise(text, held, formula=formula, units=units)


def _means(match: re.Match[str], number: float) -> bool:
    """Whether the digits shown are the number: a whole one exactly, others as far as they go (C06 says what is stored)."""
    if (match[1] or "(" in match[0] or "（" in match[0]) and number > 0:
        return False
    plain = _plain_digits(re.sub(r"\s", "", match[2]))
    if plain is None:
        return False
    mantissa, _, exponent = plain.upper().partition("E")
    step = 0.0 if number.is_integer() else 10.0 ** (int(exponent or "0") - len(mantissa.partition(".")[2]))
    return math.isclose(float(plain), abs(number), rel_tol=1e-12, abs_tol=step / 2 * (1 + 1e-9))


def _plain_digits(digits: str) -> str | None:
    """Digits without the marks between groups of three, the decimal sign as a point; None for what could be read in two ways.

    8.000 and 8,000 are read as they are here: three digits behind a comma are thousands, behind a point they are decimals.
    """
    if _POINTED.fullmatch(digits):
        return digits.replace(",", "")
    return digits.replace(".", "").replace(",", ".") if _COMMA_DECIMAL.fullmatch(digits) else None
