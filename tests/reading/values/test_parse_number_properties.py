"""read_number: every number comes back, and no text is a number by chance."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Cell, Kind
from pipeline.reading.values import read_number
from tests.reading.values.reading_numbers import ENTERPRISES, PROGRAMME, read, text

FULL = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
HALF = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
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


UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\ufeff\uffa0" + "".join(
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xE0000, 0xE01EF))
    for code in range(first, last + 1)
)


def bare(written: str) -> str:
    """A text without the blanks, and what cannot be seen, around it."""
    while written and (written[0].isspace() or written[0] in UNSEEN):
        written = written[1:]
    while written and (written[-1].isspace() or written[-1] in UNSEEN):
        written = written[:-1]
    return written


def strictly(written: str, unit: str) -> int | None:
    """The lossless forms of C01 by another way: taking off, one after the other, what may stand around the digits."""
    if "\u202e" in written and len({c for c in written.translate(HALF) if c in "0123456789"}) > 1:
        return None
    body = bare(written).translate(HALF)
    if body.startswith("'"):
        body = bare(body[1:])
    elif body.startswith("=") and len(quoted := bare(body[1:])) > 1 and quoted.count('"') == 2 and quoted[0] == quoted[-1] == '"':
        body = bare(quoted[1:-1])
    if body.endswith(("\u3002", "\uff61")):
        body = bare(body[:-1])
    before, bracket, inside = body.removesuffix(")").rpartition("(")
    if body.endswith(")") and bracket and bare(inside) == unit:
        body = bare(before)
    elif body.endswith(unit):
        body = bare(body.removesuffix(unit))
    for zeros in (".00", ".0"):
        if body.endswith(zeros):
            body = body.removesuffix(zeros)
            break
    first, *groups = body.split(",")
    if not all(len(group) == 3 for group in groups) or (groups and not 1 <= len(first) <= 3):
        return None
    digits = first + "".join(groups)
    if not digits or any(c not in "0123456789" for c in digits) or (digits[0] == "0" and digits != "0") or len(digits) > 9:
        return None
    return int(digits)


NASTY = "00112358９０，．,,..--−－—+~～家家项人万百十二两〇①⑫²Ⅻ٣½约余多几负"
NASTY += "()（）()家。｡'\"= \u3000\u00a0\u200b\ufeff\u202e\n\t%％/:=eExX_#'年月日"


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
