"""read_number: every number comes back, and no text is a number by chance."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Cell, Kind
from pipeline.parse import read_number
from tests.reading_numbers import ENTERPRISES, PROGRAMME, read, text

FULL = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
WRITINGS: dict[str, Callable[[int], str]] = {
    "plain": str,
    "full_width": lambda value: str(value).translate(FULL),
    "separators": lambda value: f"{value:,}",
    "full_width_separators": lambda value: f"{value:,}".translate(FULL),
    "unit": lambda value: f"{value}家",
    "blank_and_unit": lambda value: f"\u3000{value:,} 家\u00a0",
    "decimal_zero": lambda value: f"{value}.0",
    "decimal_zeros": lambda value: f"{value}.00".translate(FULL),
}


@pytest.mark.parametrize("writing", WRITINGS)
@settings(deadline=None)
@given(value=st.integers(0, 999_999_999))
def test_every_number_comes_back_from_every_lossless_writing(writing: str, value: int) -> None:
    read_value, problems = read_number(text(WRITINGS[writing](value)), ENTERPRISES, PROGRAMME)
    assert read_value == value
    assert [problem.rule for problem in problems] == (["C01"] if value <= 2000 else ["C01", "C10"])


@settings(deadline=None)
@given(value=st.integers(0, 999_999_999))
def test_every_stored_number_comes_back(value: int) -> None:
    assert read(Cell(Kind.NUMBER, str(value), float(value)))[0] == value


@settings(deadline=None)
@given(number=st.floats(allow_nan=True, allow_infinity=True))
def test_a_stored_number_is_taken_only_if_it_is_a_whole_one_of_nine_digits(number: float) -> None:
    value, rules = read(Cell(Kind.NUMBER, "", number))
    shown = float(f"{number:.15g}")
    whole = math.isfinite(shown) and shown.is_integer() and 0 <= shown <= 999_999_999
    assert (value == shown and type(value) is int) if whole else (value is None and rules in ("C06", "C11"))


ZERO_WIDTH = "\u00ad\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff\uffa0"


def strictly(written: str, unit: str) -> int | None:
    """The lossless forms of C01 by another way: taking off, character by character, what may stand there."""
    blank = {character for character in written if character in ZERO_WIDTH or character.isspace()}
    characters = list(written)
    while characters and characters[0] in blank:
        characters.pop(0)
    while characters and characters[-1] in blank:
        characters.pop()
    if "".join(characters).endswith(unit):
        characters = characters[: -len(unit)]
        while characters and characters[-1] in blank:
            characters.pop()
    body = "".join(dict(zip("０１２３４５６７８９，．", "0123456789,.", strict=True)).get(c, c) for c in characters)
    for zeros in (".00", ".0"):
        if body.endswith(zeros):
            body = body[: -len(zeros)]
            break
    first, *groups = body.split(",")
    if not all(len(group) == 3 for group in groups) or (groups and not 1 <= len(first) <= 3):
        return None
    digits = first + "".join(groups)
    if not digits or any(c not in "0123456789" for c in digits) or (digits[0] == "0" and digits != "0") or len(digits) > 9:
        return None
    return int(digits)


NASTY = "00112358９０，．,,..--−－—+~～家家项人万百十二两〇①⑫²Ⅻ٣½约余多几负"
NASTY += "()（） \u3000\u00a0\u200b\ufeff\u202e\n\t%％/:=eExX_#'年月日"


@settings(deadline=None)
@given(st.text(alphabet=NASTY, max_size=9))
def test_a_text_is_a_number_only_in_a_lossless_form(written: str) -> None:
    assert read(text(written))[0] == strictly(written, "家")


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_number_only_in_a_lossless_form(written: str) -> None:
    assert read(text(written))[0] == strictly(written, "家")


@settings(deadline=None)
@given(st.text(alphabet=NASTY, max_size=12))
def test_an_error_is_one_and_has_no_value(written: str) -> None:
    value, problems = read_number(text(written), ENTERPRISES, PROGRAMME)
    errors = [p for p in problems if PROGRAMME.rules[p.rule].grade == "error"]
    assert len(problems) >= 1
    assert (value is None) == bool(errors)
    assert not errors or len(problems) == 1


NUMERALS = [c for c in map(chr, range(0x110000)) if unicodedata.numeric(c, None) is not None]


@pytest.mark.parametrize("character", [c for c in NUMERALS if c not in "0123456789０１２３４５６７８９"][::7])
def test_no_other_numeral_of_unicode_is_a_number(character: str) -> None:
    assert read(text(character))[0] is None
    assert read(text(f"1{character}"))[0] is None
