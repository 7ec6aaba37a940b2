"""Numerals that are not 0-9: recognised by Unicode's own data, read only where the reading is certain (C05's suggestion)."""

from __future__ import annotations

import unicodedata

_DIGITS = "零一二三四五六七八九"
_UNITS = {1000: "千", 100: "百", 10: "十"}
_SIMPLE = {**{float(value): digit for value, digit in enumerate(_DIGITS)}, **{float(size): unit for size, unit in _UNITS.items()}}


_ALSO = {"两": 2.0, "俩": 2.0}
"""Numerals that Unicode's tables lack."""


def is_numeral(character: str) -> bool:
    """Whether the character has a numeric value and is not 0-9: 十 两 贰 ⑫ ² Ⅻ ٣ ½."""
    return character not in "0123456789" and _value(character) is not None


def _value(character: str) -> float | None:
    return _ALSO.get(character) or unicodedata.numeric(character, None)


def certain_number(text: str) -> int | None:
    """The number the numerals mean, where nothing else can be meant: 十二, 贰拾, ⑫, Ⅻ, ٣٤. Not 12①, ², 三五, 一千五, 1.2万."""
    if not text or not all(map(is_numeral, text)):
        return None
    if all(map(str.isdecimal, text)):
        return _other_script(text)
    if all(unicodedata.category(character) == "Lo" for character in text):
        return _chinese(text)
    return _single(text)


def _other_script(text: str) -> int | None:
    """Decimal digits of one other script, without leading zero."""
    zeros = {ord(character) - unicodedata.decimal(character) for character in text}
    value = int("".join(str(unicodedata.decimal(character)) for character in text))
    return value if len(zeros) == 1 and len(str(value)) == len(text) else None


def _single(text: str) -> int | None:
    """One circled, bracketed or Roman numeral; raised and lowered digits are footnote marks."""
    if len(text) != 1 or unicodedata.name(text, "").startswith(("SUPERSCRIPT", "SUBSCRIPT")):
        return None
    value = unicodedata.numeric(text)
    return int(value) if value == int(value) else None


def _chinese(text: str) -> int | None:
    """A Chinese numeral below ten thousand in the one correct spelling of its value, formal characters as ordinary ones."""
    simple = "".join(_SIMPLE.get(_value(character) or 0.0, "?") for character in text)
    value = current = 0
    for character in simple:
        if character in _DIGITS:
            current = _DIGITS.index(character)
        elif character in _UNITS.values():
            value += max(current, 1) * next(size for size, unit in _UNITS.items() if unit == character)
            current = 0
    value += current
    # Spelling the value again keeps out 一千五 (1500 or 1005) and 三五 (35, or three to five).
    return value if value < 10 * max(_UNITS) and simple in _spellings(value) else None


def _spellings(value: int) -> tuple[str, str]:
    """The value in ordinary characters, and as spoken where it begins with ten (十二)."""
    text, rest, gap = "", value, False
    for size, unit in (*_UNITS.items(), (1, "")):
        digit, rest = divmod(rest, size)
        if digit:
            text += (_DIGITS[0] if gap and text else "") + _DIGITS[digit] + unit
        gap = not digit
    text = text or _DIGITS[0]
    return text, text[1:] if 10 <= value < 20 else text
