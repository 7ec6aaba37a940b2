"""What a format code makes of a stored number."""

from __future__ import annotations

import sys

import pytest

from pipeline.model import Cell, Kind
from pipeline.reading.formats.number_formats import BUILT_IN, letters_by_format
from pipeline.reading.formats.stored_numbers import cell_of, number_text, percent_text, shown_text

UNITS = frozenset({"家", "项"})
ACCOUNTING = '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ '

PLAIN = [
    ("General", 8.0, "8"),
    ("G/通用格式", 8.0, "8"),
    ("0", 35.5, "35.5"),
    ("0.00", 35.5, "35.5"),
    ("#,##0", 8000.0, "8000"),
    ("#", 0.0, "0"),
    ("000", 8.0, "8"),
    ("0_ ", 8.0, "8"),
    ("[Red]0", 8.0, "8"),
    ("@", 8.0, "8"),
    ("+0;-0;0", 8.0, "8"),
    ("#,##0_);[Red](#,##0)", -8.0, "-8"),
    ("0;[Red]0", -8.0, "-8"),
    ("0.00E+00", 8.0, "8"),
    ("0.00E+00", 24.0, "24"),
    ("##0.0E+0", 24.0, "24"),
    ("# ?/?", 8.5, "8.5"),
    ("[=.]0", 8.0, "8"),
    ("[DBNum1][$-804]General", 8.0, "8"),
    ("*00", 8.0, "8"),
    ("0* ", 8.0, "8"),
    ('0"家"', 8.0, "8家"),
    ('@"家"', 8.0, "8家"),
    ('# ?/?"家"', 8.0, "8家"),
    ('0E+0"家"', 8.0, "8家"),
    ('G/通用格式"项"', 8.0, "8项"),
    (ACCOUNTING, 8.0, "8"),
    (ACCOUNTING, 0.0, "0"),
    (ACCOUNTING, -8.0, "-8"),
    ("0;-0;;@", 0.0, "0"),
    ('[>=10000]0!.0,"万";0', 200.0, "200"),
    ("0", 0.1 + 0.2, "0.3"),
    ("General", 8.000000000000002, "8"),
]
SHOWN_OTHERWISE = [
    ('0"万"', 8.0, "8万"),
    ('0E+0"万"', 8.0, "8E+00万"),
    ('# ?/?"万"', 8.0, "8万"),
    ('@"万"', 8.0, "8万"),
    ('0!.0,"万"', 85000.0, "8.5万"),
    ('0\\.0,"万"', 85000.0, "8.5万"),
    ('[>=10000]0!.0,"万";0', 20000.0, "2.0万"),
    ('0"个"', 8.0, "8个"),
    ('"约"0', 30.0, "约30"),
    ('0"余"', 30.0, "30余"),
    ('0"+"', 30.0, "30+"),
    ('0"%"', 25.0, "25%"),
    ("[$¥-804]#,##0.00", 8.0, "¥8.00"),
    ('"无"', 0.0, "无"),
    ('0;-0;"无"', 0.0, "无"),
    ('0"（家）"', 8.0, "8（家）"),
    ('0"。"', 8.0, "8。"),
]
MASKED = [
    ("0,", 8000.0, "8≠8000"),
    ("0.0,,", 8500000.0, "8.5≠8500000"),
    ('0,"家"', 8000.0, "8家≠8000"),
    ('0,"（家）"', 8000.0, "8（家）≠8000"),
    ('0,"。"', 8000.0, "8。≠8000"),
    ('\\=\\"0,\\"', 8000.0, '="8"≠8000'),
    ("\\'0,", 8000.0, "'8≠8000"),
    ("[DBNum3]0,", 8000.0, "8≠8000"),
    ('"1"0', 8.0, "18≠8"),
    ('"5"', 24.0, "5≠24"),
    ('0;0;"5"', 0.0, "5≠0"),
    ('[<100]"9";0', 24.0, "9≠24"),
    ("[>=1000]0,;0", 16000.0, "16≠16000"),
    ("0!.0", 85.0, "8.5≠85"),
    ("0E+0", 24.0, "2E+01≠24"),
    ("0.00E+00", 123456.0, "1.23E+05≠123456"),
    ("\\-0", 8.0, "-8≠8"),
    ("0*0", 8.0, "80≠8"),
    ("*10", 8.0, "18≠8"),
    (";;;", 8.0, "≠8"),
    (";;", 8.0, "≠8"),
    ('""', 8.0, "≠8"),
    ("[=24]\\ ;0", 24.0, " ≠24"),
]
ZEROS_SHOWN_AS_NOTHING = [";;;", "#", "0;-0;", '0;-0;"-"', '0;-0;"—"', "#,##0;-#,##0;", "# "]
TEXTS = [
    ("@", "24", Kind.TEXT, "24"),
    ("General", "24", Kind.TEXT, "24"),
    ("0", "24", Kind.TEXT, "24"),
    ("0;-0;0;@", "24", Kind.TEXT, "24"),
    (ACCOUNTING, "24", Kind.TEXT, "24"),
    ('@"家"', "24", Kind.TEXT, "24家"),
    ("[Red]@", "24", Kind.TEXT, "24"),
    (";;;", "24", Kind.MASKED, "≠24"),
    ("0;0;0;", "24", Kind.MASKED, "≠24"),
    ('0;0;0;"5"', "24", Kind.MASKED, "5≠24"),
    ('@"0"', "24", Kind.MASKED, "240≠24"),
]
OTHER_KINDS = [
    ("0%", 0.25, Kind.PERCENT, "25%"),
    ("0.00%", 1.0, Kind.PERCENT, "100%"),
    ("0.0%", 0.333, Kind.PERCENT, "33.3%"),
    ("yyyy/m/d", 45473.0, Kind.DATE, "2024-06-30"),
    ('yyyy"年"m"月"d"日";@', 45473.0, Kind.DATE, "2024-06-30"),
    ('m"月"d"日"', 45473.0, Kind.DATE, "2024-06-30"),
    ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 45473.5, Kind.DATE, "2024-06-30 12:00:00"),
    ("[$-804]aaaa;@", 45473.0, Kind.DATE, "2024-06-30"),
    ("yyyy-mm-dd h:mm", 45473.25, Kind.DATE, "2024-06-30 06:00:00"),
    ("yyyy-mm-dd", 8.0, Kind.DATE, "1900-01-08"),
    ("yyyy-mm-dd", 60.0, Kind.DATE, "1900-02-29"),
    ("yyyy-mm-dd", 61.0, Kind.DATE, "1900-03-01"),
    ("yyyy-mm-dd", 0.0, Kind.DATE, "1900-01-00"),
    ("yyyy-mm-dd", -1.0, Kind.DATE, "-1"),
    ("yyyy-mm-dd", 1e9, Kind.DATE, "1000000000"),
    ("yyyy-mm-dd", -1e308, Kind.DATE, "-1e+308"),
    ("h:mm:ss", 1e308, Kind.TIME, "1e+308"),
    ("h:mm:ss", 0.5208333333333334, Kind.TIME, "12:30:00"),
    ("mm:ss", 0.01, Kind.TIME, "00:14:24"),
    ("[h]:mm", 1.5, Kind.TIME, "36:00:00"),
    ("h:mm AM/PM", 0.75, Kind.TIME, "18:00:00"),
]


@pytest.mark.parametrize(("code", "number", "text"), PLAIN)
def test_numbers_stay_numbers(code: str, number: float, text: str) -> None:
    cell = cell_of(number, code, formula=False, units=UNITS)
    assert (cell.kind, cell.text, cell.number) == (Kind.NUMBER, text, number)


@pytest.mark.parametrize(("code", "number", "text"), SHOWN_OTHERWISE)
def test_what_shows_something_else_is_text(code: str, number: float, text: str) -> None:
    cell = cell_of(number, code, formula=False, units=UNITS)
    assert (cell.kind, cell.text, cell.number) == (Kind.TEXT, text, None)


@pytest.mark.parametrize(("code", "number", "text"), MASKED)
def test_another_number_or_nothing_is_shown_and_stored(code: str, number: float, text: str) -> None:
    assert cell_of(number, code, formula=False, units=UNITS) == Cell(Kind.MASKED, text, number)


@pytest.mark.parametrize("code", ZEROS_SHOWN_AS_NOTHING)
def test_a_zero_shown_as_nothing_is_a_zero(code: str) -> None:
    assert cell_of(0.0, code, formula=False, units=UNITS) == Cell(Kind.NUMBER, "0", 0)


@pytest.mark.parametrize(("code", "text", "kind", "shown"), TEXTS)
def test_texts_under_a_format(code: str, text: str, kind: Kind, shown: str) -> None:
    assert shown_text(text, code, formula=False) == Cell(kind, shown)


@pytest.mark.parametrize(("code", "number", "kind", "text"), OTHER_KINDS)
def test_percentages_dates_times(code: str, number: float, kind: Kind, text: str) -> None:
    cell = cell_of(number, code, formula=True, units=UNITS)
    assert (cell.kind, cell.text, cell.formula) == (kind, text, True)
    assert cell.number == (number if kind is Kind.PERCENT else None)


COLOURS = [
    ("0", 8.0, None),
    ("[Red]0", 8.0, (255, 0, 0)),
    ("[White]0", 8.0, (255, 255, 255)),
    ("[白色]0", 8.0, (255, 255, 255)),
    ("[白]G/通用格式", 8.0, (255, 255, 255)),
    ("[Color2]0", 8.0, (255, 255, 255)),
    ("[颜色 2]0", 8.0, (255, 255, 255)),
    ("[Color99]0", 8.0, None),
    ("[White]0;[Red]-0", -8.0, (255, 0, 0)),
    ("[>10][White]0;0", 24.0, (255, 255, 255)),
    ("[>10][White]0;0", 8.0, None),
    ("[$-804]0", 8.0, None),
]


@pytest.mark.parametrize(("code", "number", "colour"), COLOURS)
def test_colours_of_sections(code: str, number: float, colour: tuple[int, int, int] | None) -> None:
    assert letters_by_format(code, number) == colour


def test_units_are_those_of_the_programme() -> None:
    assert cell_of(8.0, '0"家"', formula=False, units=frozenset()).kind is Kind.TEXT


def test_dates_since_1904() -> None:
    assert cell_of(44011.0, "yyyy-mm-dd", formula=False, units=UNITS, since_1904=True).text == "2024-06-30"


@pytest.mark.parametrize(
    ("number", "kind"),
    [(9, Kind.PERCENT), (14, Kind.DATE), (31, Kind.DATE), (57, Kind.DATE), (20, Kind.TIME), (32, Kind.TIME), (46, Kind.TIME),
     (0, Kind.NUMBER), (3, Kind.NUMBER), (41, Kind.NUMBER), (43, Kind.NUMBER), (49, Kind.NUMBER), (44, Kind.TEXT),
     (68, Kind.PERCENT), (71, Kind.DATE)],
)  # fmt: skip
def test_formats_known_by_number(number: int, kind: Kind) -> None:
    assert cell_of(8.0, BUILT_IN[number], formula=False, units=UNITS).kind is kind


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (8.0, "8"),
        (8, "8"),
        (35.5, "35.5"),
        (-3.0, "-3"),
        (1e20, "1e+20"),
        (0.0, "0"),
        (sys.float_info.max, "1.7976931348623157e+308"),
    ],
)
def test_number_text(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(("number", "text"), [(0.25, "25%"), (1.0, "100%"), (0.005, "0.5%"), (-0.1, "-10%"), (0.0, "0%")])
def test_percent_text(number: float, text: str) -> None:
    assert percent_text(number) == text
