"""How the writers name periods and files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from schemas.programme import Programme
from tests.returns import FILE_STYLES, file_name, period_text
from tests.returns.readback import PERIOD, spec_of


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("day", "2024年6月30日"),
        ("padded_day", "2024年06月30日"),
        ("month_end", "2024年6月底"),
        ("month", "2024年6月"),
        ("quarter", "2024年第二季度"),
        ("range", "2024年1-6月"),
        ("half", "2024年上半年"),
        ("q", "2024Q2"),
        ("iso", "2024-06-30"),
        ("iso_month", "2024-06"),
        ("dots", "2024.6.30"),
    ],
)
def test_periods_are_written_as_offices_write_them(style: str, text: str) -> None:
    assert period_text(PERIOD, style) == text


@pytest.mark.parametrize(
    ("day", "style"), [(dt.date(2024, 5, 31), "quarter"), (dt.date(2024, 9, 30), "half"), (dt.date(2024, 6, 15), "month")]
)
def test_a_style_never_states_another_period(day: dt.date, style: str) -> None:
    with pytest.raises(ValueError, match="ends no"):
        period_text(day, style)


@pytest.mark.parametrize(
    ("naming", "fmt", "name"),
    [
        ("district_quarter", "xlsx", "龙湾区_2024年第二季度.xlsx"),
        ("folder", "et", "龙湾区/附件2.et"),
        ("short_month", "html-gbk", "龙湾2024年6月.xls"),
        ("district_iso", "csv-gbk", "龙湾区_2024-06-30.csv"),
        ("district_until", "ods", "龙湾区_截至2024年6月底.ods"),
        ("subject", "xlsx-wps", "龙湾区“科技副总”情况表（2024年第二季度）.xlsx"),
        ("copy_1", "xlsm", "龙湾区 2024年第二季度(1).xlsm"),
    ],
)
def test_files_are_named_as_offices_name_them(programme: Programme, naming: str, fmt: str, name: str) -> None:
    assert file_name(replace(spec_of(programme, fmt=fmt), naming=naming)) == name


def test_every_naming_style_gives_a_name_of_its_own(programme: Programme) -> None:
    names = [file_name(replace(spec_of(programme), naming=naming)) for naming in FILE_STYLES]
    assert len(set(names)) == len(FILE_STYLES)
