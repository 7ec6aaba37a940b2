"""read_number: every way of writing a number into a cell, and what becomes of it. The tables are the specification."""

from __future__ import annotations

import math

import pytest

from pipeline.model import BLANK, Cell, Kind
from tests.reading.values.reading_numbers import read, text

LOSSLESS = [
    ("8", 8),
    ("0", 0),
    ("８", 8),
    ("１２", 12),
    ("1２", 12),
    (" 8", 8),
    ("8 ", 8),
    ("\t8\n", 8),
    ("\r\n8\r\n", 8),
    ("\u00a08", 8),
    ("8\u3000", 8),
    ("\u200b8\u200b", 8),
    ("\ufeff8", 8),
    ("8\u2060", 8),
    ("\u200e8", 8),
    ("8\u2003\u2009", 8),
    ("1,000", 1000),
    ("１，０００", 1000),
    ("1，000", 1000),
    ("１,０００", 1000),
    ("12", 12),
    ("8.0", 8),
    ("8.00", 8),
    ("８．００", 8),
    ("0.0", 0),
    ("1,000.0", 1000),
    ("8家", 8),
    ("8 家", 8),
    ("８家", 8),
    ("8　家", 8),
    ("8\u00a0家 ", 8),
    ("8.0家", 8),
    ("1,234家", 1234),
    ("2000", 2000),
    *((f"{mark}8{mark}", 8) for mark in "\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069\ufe0f\u00ad\u2060\u2061\ufe00"),
    ("\u202a12\u202c", 12),
    ("\u202d12\u202c", 12),
    ("12\ufe0f", 12),
    *((f"{mark}8{mark}", 8) for mark in "\u17b4\u180b\U000e0001\U000e0100\U000e01ef"),
    ("12\u202c", 12),
    ("\u202e8\u202c", 8),
    ("\u202e11\u202c", 11),
    ('="16"', 16),
    ('="16家"', 16),
    ('= "16"', 16),
    ('=" 16 "', 16),
    ("＝＂１６＂", 16),
    ("'16", 16),
    ("＇16", 16),
    ("12（家）", 12),
    ("12(家)", 12),
    ("12 （ 家 ）", 12),
    ("12。", 12),
    ("12 。", 12),
    ("12｡", 12),
    ("12家。", 12),
    ("12（家）。", 12),
    ("1,234（家）", 1234),
]


@pytest.mark.parametrize(("written", "value"), LOSSLESS)
def test_lossless_writing_is_the_number_and_a_hint(written: str, value: int) -> None:
    assert read(text(written)) == (value, "C01")


# fmt: off
NO_NUMBER = {
    # Blanks of any kind and nothing else.
    "C02": ["", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\t\n", " \u3000\u200b\u2060 ", "\u00ad", "\u3164"],
    # Placeholders: alone, repeated, mixed, full-width, among blanks, in brackets, with a full stop.
    "C03": [
        *("—", "——", "---", "－", "－－", "–", "―", "/", "//", "////", "／", "\\", "＼", "*", "***", "＊", "×", "x", "X"),
        *("#", "####", "?", "？", ".", "...", "…", "……", "。", "、", "~", "√", "○", "-/-", "- -", " — ", "\u3000/\u3000"),
        *("无", "无无", "无 无", " 无 ", "没 有", "没有", "暂无", "未统计"),
        *("暂未统计", "同上", "不详", "待定", "空", "略", "（无）", "(无)"),
        *("无。", "N/A", "n/a", "NA", "Ｎ／Ａ", "nil", "NULL", "None"),
        *("不适用", "零报告", "无数据", "尚无", "缺", "待核实", "\u200b—\u200b"),
    ],
    # Not exact: approximate, a range, an expression.
    "C04": [
        *("约30", "约 30", "约30家", "大约30", "近30", "将近30", "30余"),
        *("30余家", "30多", "30多家", "30家多", "30左右", "30家左右"),
        *("30上下", "30以上", "30家以上", "30以下", "不足30", "超30", "超过30"),
        *("逾30", "至少30", "不少于30", "预计30", "约３０", "（约30）"),
        *("30+", "30＋", "30-", "20-30", "20－30", "20—30", "20–30"),
        *("20―30", "20~30", "20～30", "20至30", "20到30", "3或4", "20 - 30"),
        *("20-30家", "20家-30家", "12+3", "12＋3", "12-3", "3*4", "3×4", "3x4"),
        *("3X4", "24/2", "10/12", "24÷2", "=1+2", "＝1+2", "=8"),
        *(">30", "＞30", "≥30", "<30", "≤30", "≈30", "30±2"),
        *("3:4", "2^3", "1+1+1", "2024-2026", "30%以上", "约25%", "1,000+"),
        *("十几", "十几家", "几十", "几家", "数十", "十余", "三十多"),
        *("三十多家", "百余", "近百", "上百", "约十二", "十至二十", "十-二十"),
        # A sign that is no part of the number: an addition to something (12+3 without the 12).
        "+5",
        "＋5",
    ],
    # Readable, but not in one way only.
    "C05": [
        *("十二", "一百二十", "〇", "零", "两", "三", "三家", "十二家", "十二 家"),
        *("壹拾贰", "壹贰", "叁", "廿五", "三五", "一千五", "万", "百"),
        *("①", "⑫", "❶", "⒈", "⑴", "㈠", "Ⅻ", "ⅲ", "²", "12²"),
        *("12①", "①②", "8²", "½", "8½", "٣", "٣٤", "१२", "𝟖", "12３²"),
        *("1.2万", "1万", "3千", "3百", "3百家", "１．２万", "1亿", "3十", "2万5", "一万", "0.5万家"),
        *("8项", "8 项", "８项", "8个", "8人", "8名", "8件", "8户", "十二项", "8人次", "8家8项", "2.5项"),
        # Three and more decimal zeros: 8, or 8000 with the wrong separator.
        *("8.000", "1.000", "8.0000家"),
    ],
    # Negative or not whole.
    "C06": [
        *("-3", "－3", "−3", "﹣3", "–3", "—3", "―3", "‐3", "‑3"),
        *("─3", "- 3", "-３", "-3家", "-3 家", "-1,000", "-3项", "-0"),
        *("负3", "负 3", "负三", "减3", "(3)", "（3）", "（３）", "(3家)", "( 3 )", "△3", "▲3", "▼3", "-2.5", "-2.0"),
        *("2.5", "２．５", "2.5家", "2.5 家", "0.5", ".5", "2.50", "1,000.5", "7.9999999", "2.01", "2024.6", "6.30"),
    ],
    # What date, time, percentage and logical cells become in a text table.
    "C07": [
        *("TRUE", "FALSE", "true", "True", "ＴＲＵＥ", " TRUE "),
        *("25%", "２５％", "25 %", "2.5%", "-25%", "25‰", "100%", "0%"),
        *("2024-06-30", "2024/6/30", "2024.6.30", "2024-6-30", "２０２４-06-30"),
        *("2024-06", "2024/6", "2024年6月30日", "2024年6月"),
        *("2024年", "24年6月", "6月30日", "6月", "6月份"),
        *("6月30号", "2024-06-30 00:00:00", "2024-06-30T12:30", "6/30/2024", "30/6/2024"),
        *("30-Jun-24", "30-Jun", "Jun-24", "12:30", "12:30:00", "１２：３０", "9:05 PM", "上午9:05", "12时30分", "9点"),
    ],
    "C08": [
        *("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!"),
        *("#VALUE!", "#SPILL!", "#ref!", "＃ＲＥＦ！", "Err:502"),
        *("=SUM(C5:C17)", "=C5", "=C5+1", "=[1]Sheet1!A1"),
    ],
    # Anything else. A blank inside, wrong groups or leading zeros leave open what was meant.
    "C11": [
        *("1 2", "1\u30002", "1\u200b2", "1\n2", "1 000", "1 234家", "1,2345"),
        *("12,34", "1,23", ",123", "8,", "1,,000", "0,123", "1234,567"),
        *("007", "00", "08", "000", "08家", "8.", "8。。", "1.2.3", "1、2", "8;", "''8", "8'", "１’０００", "1_0", "1_000"),
        *("1e3", "1E+05", "1E3", "１ｅ３", "nan", "NaN", "inf", "Infinity", "-inf", "0x10", "0b1", "0o7", "1L", "1f"),
        *("1234567890", "１２３４５６７８９０", "1,234,567,890", "99999999999999999999", "1234567890.0"),
        *("是", "否", "有", "详见附件", "第8", "共8家", "8家企业", "8（含续聘2）"),
        *('="007"', '="1 2"', '="8', "1\u202c2", "1\ufe0f2", "1\u20662", "1\u00ad2", "'", "。8", "8。5", "（家）8"),
        *("家", "项", "家8", "abc", "8a", "O", "l0"),
        *("\u202e12", "8\ufe0f\u20e3", "8\u0336", "8\x00", "()", "（）"),
        *("ok", "八家企业", "六月", "8" * 200, "字" * 50_000, "—8—a"),
    ],
}
# fmt: on


@pytest.mark.parametrize(("rule", "written"), [(rule, written) for rule, texts in NO_NUMBER.items() for written in texts])
def test_text_that_is_no_number_says_why(rule: str, written: str) -> None:
    assert read(text(written)) == (None, rule)


@pytest.mark.parametrize("written", ["8", "0", "2000"])
def test_a_plain_number_in_a_text_table_is_no_finding(written: str) -> None:
    assert read(text(written), all_text=True) == (int(written), "")


@pytest.mark.parametrize(("written", "value"), [("８", 8), ("8 ", 8), ("8.0", 8), ("1,000", 1000), ("8家", 8)])
def test_other_lossless_writing_is_a_finding_in_a_text_table_too(written: str, value: int) -> None:
    assert read(text(written), all_text=True) == (value, "C01")


@pytest.mark.parametrize(
    ("number", "value", "rules"),
    [
        (8, 8, ""),
        (8.0, 8, ""),
        (0, 0, ""),
        (-0.0, 0, ""),
        (2000, 2000, ""),
        (2001, 2001, "C10"),
        (999_999_999, 999_999_999, "C10"),
        (999_999_999.0, 999_999_999, "C10"),
        (1_000_000_000, None, "C11"),
        (1e300, None, "C11"),
        (1.7976931348623157e308, None, "C11"),
        (10**400, None, "C11"),
        (-1, None, "C06"),
        (-0.5, None, "C06"),
        (2.5, None, "C06"),
        (7.999999999999999, 8, ""),
        (8.000000000000002, 8, ""),
        (7.99999999999999, None, "C06"),
        (8.00000000000001, None, "C06"),
        (15.000000000000002, 15, ""),
        (1e-12, None, "C06"),
        (-1e300, None, "C06"),
        (math.nan, None, "C11"),
        (math.inf, None, "C11"),
        (-math.inf, None, "C11"),
        (None, None, "C11"),
        (True, None, "C11"),
    ],
)
def test_stored_numbers(number: float | None, value: int | None, rules: str) -> None:
    assert read(Cell(Kind.NUMBER, str(number), number)) == (value, rules)


def test_minus_zero_is_written_without_its_sign() -> None:
    assert str(read(Cell(Kind.NUMBER, "0", -0.0))[0]) == "0"


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (BLANK, "C02"),
        (Cell(Kind.BOOLEAN, "TRUE"), "C07"),
        (Cell(Kind.DATE, "2024-06-30"), "C07"),
        (Cell(Kind.TIME, "12:30"), "C07"),
        (Cell(Kind.PERCENT, "25%", 0.25), "C07"),
        (Cell(Kind.PERCENT, "800%", 8), "C07"),
        (Cell(Kind.ERROR, "#REF!"), "C08"),
        (Cell(Kind.UNCALCULATED, "", formula=True), "C08"),
        (Cell(Kind.ERROR, "#REF!", formula=True), "C08"),
        (Cell(Kind.DATE, "2024-06-30", formula=True), "C07"),
    ],
)
def test_cells_of_other_kinds(cell: Cell, rule: str) -> None:
    assert read(cell) == (None, rule)


@pytest.mark.parametrize(
    ("cell", "value", "rules"),
    [
        (Cell(Kind.NUMBER, "8", 8, formula=True), 8, "C09"),
        (Cell(Kind.NUMBER, "2001", 2001, formula=True), 2001, "C09 C10"),
        (text("8", formula=True), 8, "C01 C09"),
        (text("2,001家"), 2001, "C01 C10"),
        (text("20240630"), 20240630, "C01 C10"),
        (Cell(Kind.NUMBER, "-3", -3, formula=True), None, "C06"),
        (Cell(Kind.NUMBER, "2.5", 2.5, formula=True), None, "C06"),
        (text("", formula=True), None, "C02"),
        (text("约30", formula=True), None, "C04"),
    ],
)
def test_hints_add_up_and_an_error_stands_alone(cell: Cell, value: int | None, rules: str) -> None:
    assert read(cell) == (value, rules)
