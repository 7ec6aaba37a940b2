"""read_number: what the problems tell the rules' messages, and what another programme's words change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Cell, Kind
from pipeline.reading.values import read_number
from schemas.programme import Indicator
from tests.reading.values.reading_numbers import ENTERPRISES, PROGRAMME, params, text
from tests.support.other_city import other_city


@pytest.mark.parametrize(
    ("written", "candidate"),
    [
        ("十二", 12),
        ("十", 10),
        ("三", 3),
        ("两", 2),
        ("零", 0),
        ("〇", 0),
        ("一百二十", 120),
        ("一百零五", 105),
        ("一千零五", 1005),
        ("一千二百三十四", 1234),
        ("壹拾贰", 12),
        ("十二家", 12),
        ("⑫", 12),
        ("❶", 1),
        ("⒈", 1),
        ("⑴", 1),
        ("㈠", 1),
        ("Ⅻ", 12),
        ("٣٤", 34),
        ("𝟖", 8),
        # Not certain: no suggestion.
        ("12①", None),
        ("②③", None),
        ("12²", None),
        ("²", None),
        ("½", None),
        ("三五", None),
        ("一千五", None),
        ("一百五", None),
        ("百", None),
        ("壹贰", None),
        ("1.2万", None),
        ("3百", None),
        ("8项", None),
        ("十二项", None),
        ("8.000", None),
        ("٠٣", None),
        ("٣१", None),
    ],
)
def test_a_suggestion_is_made_only_where_it_is_certain(written: str, candidate: int | None) -> None:
    assert params(text(written)) == {
        "observed": written,
        "suggestion": "" if candidate is None else f"，是否为“{candidate}”",
    }


@settings(deadline=None)
@given(st.integers(1, 9999))
def test_every_correct_chinese_numeral_is_suggested_and_never_taken(value: int) -> None:
    assert params(text(chinese(value)))["suggestion"] == f"，是否为“{value}”"


def chinese(value: int) -> str:
    """Written independently of the code under test: four figures with their units, runs of zeros as one, none at the end."""
    figures = "".join(
        ("零一二三四五六七八九"[int(digit)] + unit if digit != "0" else "零")
        for digit, unit in zip(f"{value:04}", ("千", "百", "十", ""), strict=True)
    )
    while "零零" in figures:
        figures = figures.replace("零零", "零")
    figures = figures.strip("零")
    return figures.removeprefix("一") if figures.startswith("一十") else figures


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (text(" ８ "), {"observed": " ８ ", "value": "8"}),
        (text("—"), {"observed": "—"}),
        (text("约30"), {"observed": "约30"}),
        (text("-3"), {"observed": "-3"}),
        (Cell(Kind.NUMBER, "3", 2.5), {"observed": "2.5"}),  # shown rounded: the message must not say that 3 is not whole
        (Cell(Kind.NUMBER, "-3", -3.0), {"observed": "-3"}),
        (Cell(Kind.NUMBER, "0", 0.00001), {"observed": "0.00001"}),
        (Cell(Kind.DATE, "2024-06-30"), {"type": "日期", "observed": "2024-06-30"}),
        (Cell(Kind.TIME, "12:30"), {"type": "时间", "observed": "12:30"}),
        (Cell(Kind.PERCENT, "25%", 0.25), {"type": "百分比", "observed": "25%"}),
        (Cell(Kind.BOOLEAN, "TRUE"), {"type": "逻辑值（TRUE/FALSE）", "observed": "TRUE"}),
        (text("25%"), {"type": "百分比", "observed": "25%"}),
        (Cell(Kind.ERROR, "#REF!"), {"observed": "错误值#REF!"}),
        (text("#REF! "), {"observed": "错误值#REF!"}),
        (Cell(Kind.UNCALCULATED, "", formula=True), {"observed": "公式，没有保存结果"}),
        (Cell(Kind.NUMBER, "8", 8, formula=True), {"value": "8"}),
        (Cell(Kind.NUMBER, "2001", 2001), {"observed": "2001", "expected": "2000"}),
        (text("abc"), {"observed": "abc"}),
    ],
)
def test_what_a_problem_tells_the_message(cell: Cell, expected: dict[str, str]) -> None:
    assert params(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        *map(text, ("", "８", "—", "约30", "十二", "-3", "25%", "#REF!", "abc")),
        Cell(Kind.NUMBER, "2001", 2001),
        Cell(Kind.NUMBER, "8", 8, formula=True),
    ],
)
def test_the_rules_messages_can_be_filled(cell: Cell) -> None:
    problem = read_number(cell, ENTERPRISES, PROGRAMME)[1][0]
    filled = PROGRAMME.rules[problem.rule].message.format(cell="D7单元格", indicator=ENTERPRISES.name, **dict(problem.params))
    assert "{" not in filled


def test_params_are_sorted() -> None:
    names = [name for name, _ in read_number(Cell(Kind.DATE, "x"), ENTERPRISES, PROGRAMME)[1][0].params]
    assert names == sorted(names) == ["observed", "type"]


@pytest.mark.parametrize("indicator", PROGRAMME.indicators, ids=PROGRAMME.indicator_ids)
def test_each_indicator_takes_its_own_unit_and_ceiling(indicator: Indicator) -> None:
    value, problems = read_number(text(f"{indicator.ceiling + 1}{indicator.unit}"), indicator, PROGRAMME)
    assert (value, [problem.rule for problem in problems]) == (indicator.ceiling + 1, ["C01", "C10"])
    other = next(unit for unit in ("家", "项") if unit != indicator.unit)
    assert read_number(text(f"8{other}"), indicator, PROGRAMME)[1][0].rule == "C05"


@pytest.mark.parametrize(
    ("indicator", "written", "value", "rules"),
    [
        ("workshops", "8个", 8, "C01"),
        ("workshops", "8家", None, "C05"),
        ("workshops", "8人次", None, "C05"),
        ("workshops", "51", 51, "C01 C10"),
        ("workshops", "空着", None, "C03"),
        ("workshops", "无", None, "C11"),
        ("workshops", "30上下", None, "C04"),
        ("workshops", "约30", None, "C11"),
        ("workshops", "2打", None, "C05"),
        ("workshops", "负3", None, "C11"),
        ("workshops", "1234567", None, "C11"),
        ("trained", "8人次", 8, "C01"),
        ("trained", "8人", None, "C05"),
        ("trained", "8个", None, "C05"),
        ("trained", "100000", 100_000, "C01"),
    ],
)
def test_another_programme_has_other_words(tmp_path: Path, indicator: str, written: str, value: int | None, rules: str) -> None:
    programme = other_city(tmp_path)
    found, problems = read_number(text(written), programme.indicator(indicator), programme)
    assert (found, " ".join(problem.rule for problem in problems)) == (value, rules)
