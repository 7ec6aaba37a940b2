"""A stored number, and its format or the text it shows, as the cell that a reader of the sheet sees: only where both mean the
same is it a number."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from pipeline.model import MASK, Cell, Kind, UnreadableFile
from pipeline.reading.formats.number_formats import Section, section_for, text_section

_LAST_DATE = 2_958_466
"""31 December 9999 is the last day a sheet can show."""
_LEAP_DAY_1900 = 60
"""29 February 1900, a day that only spreadsheets know."""
_DAY = 24 * 60 * 60
_DASHES = frozenset("-–—―－ ")
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}|#[A-Z][A-Z/0-9]*[!?]")
_SHOWN = re.compile(r"[+(（]?([-−－]?)[(（]?\s*([0-9][0-9.,\s]*(?:E[+-]?[0-9]+)?)\s*[)）]?", re.IGNORECASE)
_POINTED = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?", re.IGNORECASE)
_COMMA_DECIMAL = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),(?:[0-9]{1,2}|[0-9]{4,})")
_STORED = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_AROUND = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f\u00ad()（）=\"'“”‘’。，]+")
"""What may stand around the digits of a text that could be taken for a number."""


def stored_number(text: str) -> float:
    """A number as formats store it. Raises UnreadableFile (damaged); what float() takes besides (``1_0``, ``nan``) is none."""
    if not is_number(text):
        raise UnreadableFile("damaged")
    return float(text)


def is_number(text: str) -> bool:
    return _STORED.fullmatch(text) is not None


def number_text(number: float | int) -> str:
    """The shortest text of a number: ``8``, ``35.5``, ``-3``; no float noise beyond what a spreadsheet shows."""
    if isinstance(number, float):
        number = as_shown_at_most(number)
        if number.is_integer() and abs(number) < 1e15:
            number = int(number)
    return str(number)


def as_shown_at_most(number: float) -> float:
    """Rounded to the 15 significant digits that a spreadsheet shows and lets people type."""
    rounded = float(f"{number:.15g}")
    return rounded if math.isfinite(rounded) else number  # the largest of all would be rounded to no number


def cell_of(number: float, code: str, *, formula: bool, units: frozenset[str], since_1904: bool = False) -> Cell:
    """The cell of a stored number under a format code.

    Where the format shows something else than the number (another magnitude, a word, a sign), the cell is TEXT as shown; if the
    text as shown could itself be taken for a number, or is nothing, the cell is MASKED.
    """
    value = int(number) if number.is_integer() and abs(number) < 1e15 else number
    if code in ("General", "0", "@", "GENERAL"):
        return Cell(Kind.NUMBER, number_text(value), value, formula)
    section, own_sign = section_for(code, number)
    if section.kind is Kind.PERCENT:
        return Cell(Kind.PERCENT, percent_text(number), value, formula)
    if section.kind is Kind.DATE:
        return Cell(Kind.DATE, date_text(number, since_1904=since_1904), None, formula)
    if section.kind is Kind.TIME:
        return Cell(Kind.TIME, time_text(number), None, formula)
    if section.exponent:
        shown = f"{number:.{max(section.whole + section.decimals - 1, 0)}E}"
        harmless = float(shown) == as_shown_at_most(number) and section.after.strip() in ("", *units)
        shown += section.after
    else:
        shown, harmless = "", _harmless(section, number, units)
    if harmless:
        return Cell(Kind.NUMBER, number_text(value) + _unit(section, units), value, formula)
    shown = shown or ("" if own_sign or number >= 0 else "-") + _shown(section, number)
    return shown_otherwise(shown, value, formula=formula, units=units)


def shown_otherwise(shown: str, stored: float | int, *, formula: bool, units: frozenset[str]) -> Cell:
    """``8万`` for 8 stays the text it is, as does ``8（家）``; ``8`` for 8000, ``18`` for 8 and nothing for 24 are MASKED."""
    bare = shown
    for unit in units:
        bare = bare.replace(unit, "")
    core = _AROUND.sub("", bare)
    digits = core.lstrip("+-−－").replace(".", "").replace(",", "")
    plain = core.replace(",", "")
    if digits and not digits.isdecimal() and not is_number(plain):
        return Cell(Kind.TEXT, shown, None, formula)
    if is_number(plain) and math.isclose(float(plain), stored, rel_tol=1e-12):
        return Cell(Kind.TEXT, shown, None, formula)
    return Cell(Kind.MASKED, f"{shown}{MASK}{number_text(stored)}", stored, formula)


def shown_text(text: str, code: str, *, formula: bool) -> Cell:
    """The cell of a text under a format code: MASKED where the format hides the text or adds a digit to it."""
    section = text_section(code) if "@" in code or ";" in code else None
    if section is None or section == (None,):
        return Cell(Kind.TEXT, text, None, formula)
    shown = "".join(text if piece is None else piece for piece in section)
    added = any(piece and any(map(str.isdecimal, piece)) for piece in section)
    if added or (text.strip() and text not in shown):
        return Cell(Kind.MASKED, f"{shown}{MASK}{text}", None, formula)
    return Cell(Kind.TEXT, shown, None, formula)


def shown_again(cell: Cell, code: str) -> Cell:
    """The cell of a text in runs under a format code: MASKED where ``shown_text`` says so."""
    shown = shown_text(cell.text, code, formula=cell.formula)
    return shown if shown.kind is Kind.MASKED else cell


def percent_text(number: float) -> str:
    """0.25 is ``25%``, 1.0 is ``100%``."""
    text = format(Decimal(repr(number)) * 100, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def date_text(serial: float, *, since_1904: bool) -> str:
    """A day count as an ISO date, with the time when there is one; the bare number where no date can be shown."""
    if abs(serial) > _LAST_DATE:
        return number_text(serial)
    days, seconds = divmod(round(serial * _DAY), _DAY)
    if since_1904:
        days += 1462
    if not 0 <= days < _LAST_DATE:
        return number_text(serial)
    if days in (0, _LEAP_DAY_1900):
        day = "1900-01-00" if days == 0 else "1900-02-29"
    else:
        day = (dt.date(1899, 12, 31 if days < _LEAP_DAY_1900 else 30) + dt.timedelta(days=days)).isoformat()
    return f"{day} {time_text(seconds / _DAY)}" if seconds else day


def time_text(days: float) -> str:
    """A part of a day as ``12:30:00``; more than a day as hours."""
    if abs(days) > _LAST_DATE:
        return number_text(days)
    seconds = round(abs(days) * _DAY)
    return f"{'-' if days < 0 else ''}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _harmless(section: Section, number: float, units: frozenset[str]) -> bool:
    """Whether what is shown means the stored number: digits, signs, brackets of negatives, a dash for zero, a plain unit."""
    if section.optional and (number == 0 or not section.whole + section.decimals):
        return number == 0 and set(section.before + section.after) <= _DASHES
    front = {"", "+", "(", "（", "-", "−", "－", "-("} if number < 0 else {"", "+"}
    after = section.after.strip()
    return not section.thousands and section.before.strip() in front and (after in ("", ")", "）") or after in units)


def _unit(section: Section, units: frozenset[str]) -> str:
    after = section.after.strip()
    return after if after in units else ""


def _shown(section: Section, number: float) -> str:
    """What a section shows of a number without its sign: digits fill the places from the right, the first takes what is left."""
    if number == 0 and section.optional:
        return section.before + section.after
    value = abs(number) / 1000**section.thousands
    digits = number_text(value) if section.general else f"{value:.{section.decimals}f}".replace(".", "")
    out: list[str] = []
    places = 0 if section.general else section.whole + section.decimals
    for piece in reversed(section.pieces):
        if piece is not None:
            out.append(piece)
            continue
        places -= 1
        taken, digits = (digits, "") if places <= 0 else (digits[-1:], digits[:-1])
        out.append(("." if section.decimals and places == section.whole else "") + taken)
    return "".join(reversed(out))


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
