"""find_periods: what names a period, and what looks like one and is none (F04)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse import find_periods, in_year, is_preset_end
from schemas.programme import load_programme
from tests.other_city import other_city

PROGRAMME = load_programme()
JUNE = "2024-06-30"


def found(text: str, called: frozenset[dt.date] = frozenset()) -> list[str]:
    """Dates as ISO; mentions without a year as ``06-30``, with ``06-00`` for the month's end."""
    mentions = find_periods(text, PROGRAMME, called)
    return [m.as_of.isoformat() if m.as_of else f"{m.month:02}-{m.day:02}" for m in mentions]


# fmt: off
WITH_YEAR = {
    JUNE: [
        *("2024年6月", "2024年06月", "2024年6月份", "2024年6月底"),
        *("2024年6月末", "截至2024年6月底", "截至2024年6月末", "截止2024年6月"),
        *("2024年6月30日", "2024年06月30日", "2024年6月30号", "2024年6月30"),
        *("截至2024年6月30日", "2024年第二季度", "2024年二季度"),
        *("2024年2季度", "2024年第2季度", "2024年第二季", "2024年第二季度末"),
        *("2024年度第二季度", "2024年（第二季度）", "2024年(二季度)"),
        *("2024年1-6月", "2024年1—6月", "2024年1－6月", "2024年1–6月"),
        *("2024年1~6月", "2024年1～6月", "2024年1至6月", "2024年1到6月"),
        *("2024年1-6月份", "2024年1月-6月", "2024年1月至6月", "2024年一至六月"),
        *("2024年1月-2024年6月", "2024年1月至2024年6月底", "2024年4-6月"),
        *("2024年1月1日-6月30日", "2024年1月1日至2024年6月30日", "2024.1.1-2024.6.30"),
        *("2024-01-01至2024-06-30", "2024年1月1日起至6月30日"),
        *("2024年上半年", "2024上半年", "2024年度上半年", "2024年半年度"),
        *("2024年半年报", "2024年前6个月", "2024年前六个月", "2024年1-2季度"),
        *("2024Q2", "2024年Q2", "2024-Q2", "2024_Q2", "2024 Q2", "Q2 2024", "Q2-2024", "2024q2", "2024H1", "2024年前二季度"),
        *("2024-06", "2024-6", "2024.06", "2024.6", "2024/06", "2024/6"),
        *("202406", "2024—06", "2024－06", "2024–6", "2024.6月", "2024-6月底"),
        *("2024-06-30", "2024-6-30", "2024.6.30", "2024.06.30", "2024/6/30"),
        *("2024/06/30", "20240630", "2024—06—30", "2024.6.30日"),
        *("2024-06-30 12:00:00", "2024-06-30T12:00", "20240630_153000", "2024-06-30-1"),
        *("2024.1-6", "2024.1-6月", "2024/1-6", "2024. 6. 30"),
        *("24年6月", "24年6月30日", "24年第二季度", "24年上半年"),
        *("二〇二四年六月", "二○二四年六月", "二零二四年六月三十日", "二〇二四年第二季度"),
        *("２０２４年６月", "２０２４－０６－３０", "２０２４０６", "2024 年 6 月"),
        *("2024　年　6　月　30　日", "2024\u00a0年6月", "2024 6月", "2024六月"),
        *("（2024年6月）", "(2024年6月)", "【2024年6月】", "2024年（6月）"),
        *("(2024年)6月", "鹿城区2024年6月.xlsx", "鹿城区_2024-06_最终版"),
        *("附件2-2024-06", "附件2_2024年6月", "附件2（2024年第二季度）", "报告期：2024年6月"),
        *("统计时间：2024年1-6月", "2024年6月报表", "2024年6月8家企业"),
    ],
    "2024-01-31": ["2024年1月", "2024-01", "202401", "2024年一月", "2024-1-31"],
    "2024-02-29": ["2024年2月", "2024-02-29", "20240229", "2024年2月29日", "2024年2月底", "二〇二四年二月二十九日"],
    "2023-02-28": ["2023年2月", "2023-02-28", "2023年2月28日"],
    "2024-03-31": ["2024年第一季度", "2024年一季度", "2024Q1", "2024年1-3月", "2024年3月31日", "24年3月"],
    "2024-09-30": [
        *("2024年前三季度", "2024年第三季度", "2024年三季度", "2024年一至三季度"),
        *("2024年1-3季度", "2024年前三个季度", "2024年1-9月", "2024年前9个月"),
    ],
    "2024-10-31": ["2024年10月", "2024年十月", "202410", "2024-10-31", "2024年10月三十一日"],
    "2024-12-31": [
        *("2024年12月", "2024年十二月", "2024年底", "2024年末", "2024年终"),
        *("2024年年底", "2024年年末", "2024年度末", "2024年全年", "2024全年"),
        *("2024年第四季度", "2024年4季度", "2024Q4", "2024H2", "2024年下半年"),
        *("2024年12月31日", "20241231", "截至2024年底", "2024年1-12月"),
    ],
    # Outside the programme: still a mention, F05 judges.
    "2019-12-31": ["2019年底", "2019-12"],
    "2031-05-31": ["2031年5月"],
    "2025-03-31": ["平阳县_2025年3月_C06", "截至2025年3月31日", "2024年11月-2025年3月"],
}
# fmt: on


@pytest.mark.parametrize(("text", "as_of"), [(text, as_of) for as_of, texts in WITH_YEAR.items() for text in texts])
def test_a_period_with_its_year(text: str, as_of: str) -> None:
    assert found(text) == [as_of]


# fmt: off
WITHOUT_YEAR = [
    *((text, "06-00") for text in ("6月", "06月", "6月底", "6月末", "6月份")),
    *((text, "06-00") for text in ("6月报表", "六月", "六月份", "鹿城区6月", "鹿城区六月报表")),
    *((text, "06-00") for text in ("第二季度", "二季度", "2季度", "第2季度", "上半年", "Q2")),
    *((text, "06-00") for text in ("q2", "1-6月", "1至6月", "一至六月", "前6个月")),
    *((text, "06-00") for text in ("６月", "6 月", "今年6月", "（6月）")),
    *((text, "06-00") for text in ("附件2（6月）", "附件2-6月", "截至6月底", "数据截止：6月")),
    ("6月30日", "06-30"),
    ("1月1日-6月30日", "06-30"),
    ("2月29日", "02-29"),
    ("2月28日", "02-28"),
    ("1月", "01-00"),
    ("附件2-1月", "01-00"),
    ("十二月", "12-00"),
    ("十一月", "11-00"),
    ("12月31日", "12-31"),
    ("前三季度", "09-00"),
    ("下半年", "12-00"),
]
# fmt: on


@pytest.mark.parametrize(("text", "mention"), WITHOUT_YEAR)
def test_a_period_without_year(text: str, mention: str) -> None:
    assert found(text) == [mention]


# fmt: off
NO_EVIDENCE = [
    "",
    "附件2",
    "各县（市、区）“科技副总”工作情况通报表",
    # A year, the plan's years.
    *("2024年", "2024年度", "2024", "2024年工作情况", "2024年报"),
    *("2024-2026年", "2024—2026年", "2024－2026", "2024~2026年", "2024至2026年"),
    *("2024年-2026年", "2024年—2026年", "2024-26年", "（2024-2026年）", "三年行动计划（2024—2026年）", "2024年至2026年"),
    # Document numbers.
    *("〔2024〕5号", "[2024]5号", "(2024)5号", "（2024）5号"),
    *("【2024】12号", "市委科创办〔2024〕5号", "〔2024〕第6号", "〔 2024 〕 6 号"),
    *("2024年第5号", "202406号", "〔2024〕6-12号"),
    # Phone numbers, other long numbers, numbers glued to others.
    *("0577-88961234", "057788961234", "13800000000", "138 2024 0630"),
    *("0577-20240630", "联系电话：0577-00000000", "12024年6月", "20240630153000"),
    *("2024063", "120240630", "1202406", "No.2024061", "2024-061", "2024-06-301"),
    # Days that end no period.
    *("2024年7月3日", "2024-07-03", "20240703", "2024.7.3", "7月3日"),
    *("2024年6月29日", "2024-06-29", "二〇二四年七月三日", "2023年2月27日"),
    # Dates that are none.
    *("2024-13", "2024-00", "2024年13月", "2024年0月", "2024-02-30"),
    *("20240230", "2024年6月31日", "2024-06-31", "2023-02-29", "2023年2月29日"),
    *("2024年第5季度", "2024Q5", "202413", "20241301", "2024年6-1月", "2月30日"),
    *("6月31日", "2024.13.01", "13月", "第五季度", "Q5"),
    # Filling and sending dates, whatever stands between label and date.
    *("填报日期：2024年6月30日", "填报日期:2024-06-30", "填报日期 2024年6月30日"),
    *("填报日期2024年6月30日", "填表日期：2024.6.30", "报送日期：20240630"),
    *("报送时间 2024年6月30日", "报送时间：2024年6月", "上报时间：6月30日"),
    *("日期：2024年6月30日", "日期:2024-06-30", "日  期：2024年6月30日"),
    *("填 报 日 期：2024年6月30日", "填报日期（公章）：2024年6月30日", "填报日期：__2024年6月30日"),
    *("制表日期：二〇二四年六月三十日", "打印日期　2024/6/30"),
    *("填报人：张某 填报日期：2024年6月30日", "填报日期：\u30002024　年 6 月 30 日"),
    *("报送截止时间：2024年7月31日", "文号：2024-06"),
    # Versions.
    *("v2.0", "V2024.6", "(1)", "（2）", "版本2024.1", "模板版本：2024.1", "2024.06版", "第3版"),
    # Deadlines, beginnings, parts of a month.
    *("请于2024年6月30日前报送", "2024年6月底前", "6月底前", "2024年7月31日之前", "2024年1月以来"),
    *("2024年1月起", "自1月开始", "2024年7月初", "7月上旬"),
    # Words that only sound like it, another year's.
    *("统一月报", "每一月", "唯一月份", "去年6月", "上年12月", "6个月", "半年", "季度"),
    *("每季度", "月底", "年底", "全年", "QQ2", "Q2A", "IQ2"),
]
# fmt: on


@pytest.mark.parametrize("text", NO_EVIDENCE)
def test_no_evidence_of_a_period(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("2024年6月、2024年9月", [JUNE, "2024-09-30"]),
        ("2024年第二季度（截至2024年6月30日）", [JUNE, JUNE]),
        ("2024年9月 2024-06", ["2024-09-30", JUNE]),
        ("2024年6月，9月", [JUNE, "09-00"]),
        ("2024年6月-2023年6月", [JUNE, "2023-06-30"]),  # backwards is no range
        ("2024年6月-20240731", [JUNE, "2024-07-31"]),  # two notations are two mentions
        ("截至2024年6月底，比2023年底", [JUNE, "2023-12-31"]),  # comparisons are the caller's matter
        ("三年计划（2024-2026年）2024年6月", [JUNE]),
        ("《行动计划（2024-2026年）》（市委科创办〔2024〕5号），截至2024年6月", [JUNE]),
        ("2024年6月 填报日期：2024年7月31日", [JUNE]),
        ("填报日期：2024年7月31日 截至2024年6月30日", [JUNE]),
        ("填报日期：2024年7月31日；2024年6月", [JUNE]),
        ("填报日期：2024年7月31日\n2024年6月", [JUNE]),
        ("（填报日期：2024年7月31日）2024年6月", [JUNE]),
        ("填报日期：   报告期：2024年6月", [JUNE]),
        ("联系电话：0577-00000000，2024年6月", [JUNE]),
        ("鹿城区_2024年6月_20240703", [JUNE]),
        ("2024-06-30 至 2024-09-30", ["2024-09-30"]),
        ("截止日期：2024年6月30日", [JUNE]),
        ("数据截止日期：2024年6月30日", [JUNE]),
        ("v2.0 2024年6月", [JUNE]),
        ("0577-88961234 2024年6月", [JUNE]),
    ],
)
def test_several_things_in_one_text(text: str, mentions: list[str]) -> None:
    assert found(text) == mentions


def test_a_day_that_is_called_is_evidence() -> None:
    called = frozenset({dt.date(2024, 7, 15)})
    assert found("2024年7月15日") == []
    assert found("2024年7月15日", called) == ["2024-07-15"]
    assert found("20240715", called) == ["2024-07-15"]
    assert found("7月15日", called) == ["07-15"]
    assert found("2024年7月16日 7月14日", called) == []
    assert found("2023年7月15日", called) == []


@pytest.mark.parametrize("piece", [" ", "2024", "2024年 ", "(", "第", "日期 ", "日期;", "0", "1-", "前", "\u3000（", "6月"])
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    assert found(f"2024{piece * 5000}\n2024年6月")[-1] == JUNE


def test_a_mention_shows_the_text_as_written() -> None:
    (mention,) = find_periods("截至２０２４ 年 ６ 月 底（数据）", PROGRAMME)
    assert mention.text == "２０２４ 年 ６ 月 底"
    assert (mention.as_of, mention.month, mention.day) == (dt.date(2024, 6, 30), 6, 30)


@pytest.mark.parametrize(
    ("text", "year", "as_of"),
    [
        ("2月", 2024, dt.date(2024, 2, 29)),
        ("2月", 2023, dt.date(2023, 2, 28)),
        ("2月29日", 2024, dt.date(2024, 2, 29)),
        ("2月29日", 2023, None),
        ("2月28日", 2024, dt.date(2024, 2, 28)),
        ("12月底", 2025, dt.date(2025, 12, 31)),
        ("6月30日", 2025, dt.date(2025, 6, 30)),
        ("2024年6月", 2030, dt.date(2024, 6, 30)),
    ],
)
def test_in_year_fills_in_the_year(text: str, year: int, as_of: dt.date | None) -> None:
    (mention,) = find_periods(text, PROGRAMME)
    assert in_year(mention, year) == as_of


@pytest.mark.parametrize(
    ("day", "presets", "ends"),
    [
        ("2024-05-31", ("month_end",), True),
        ("2024-05-30", ("month_end",), False),
        ("2024-05-31", ("quarter_end",), False),
        ("2024-06-30", ("quarter_end",), True),
        ("2024-09-30", ("half_year_end",), False),
        ("2024-12-31", ("half_year_end",), True),
        ("2024-06-30", ("year_end",), False),
        ("2024-12-31", ("year_end", "quarter_end"), True),
        ("2024-12-31", (), False),
        ("2023-02-28", ("month_end",), True),
        ("2024-02-28", ("month_end",), False),
    ],
)
def test_preset_ends(day: str, presets: tuple[str, ...], ends: bool) -> None:
    assert is_preset_end(dt.date.fromisoformat(day), presets) is ends


def test_another_programme_has_other_presets_and_labels(tmp_path: Path) -> None:
    programme = other_city(tmp_path)
    assert [m.as_of for m in find_periods("2031-06-30", programme)] == [dt.date(2031, 6, 30)]
    assert find_periods("2031-05-31", programme) == ()
    assert [m.as_of for m in find_periods("2031年5月", programme)] == [dt.date(2031, 5, 31)]
    assert find_periods("交表日：2031-06-30", programme) == ()
    assert [m.as_of for m in find_periods("填报日期：2031-06-30", programme)] == [dt.date(2031, 6, 30)]
    assert [m.as_of for m in find_periods("交表日：    数据到2031-06-30", programme)] == [dt.date(2031, 6, 30)]


# --- properties ---


@given(year=st.integers(2000, 2099), month=st.integers(1, 12), before=st.sampled_from(["", "鹿城区", "附件2-", "（", "a_"]))
def test_every_month_in_every_notation(year: int, month: int, before: str) -> None:
    end = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()
    notations = (
        *(f"{year}年{month}月", f"{year}年{month:02}月份"),
        *(f"{year}-{month:02}", f"{year}.{month}", f"{year}/{month}", f"{year}{month:02}"),
        *(end, end.replace("-", ""), end.replace("-", "."), f"{year % 100:02}年{month}月底"),
    )
    assert [found(before + notation) for notation in notations] == [[end]] * len(notations)


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_full_day_counts_exactly_when_it_ends_a_month(day: dt.date) -> None:
    expected = [day.isoformat()] if (day + dt.timedelta(days=1)).day == 1 else []
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}"):
        assert found(text) == expected


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), label=st.sampled_from(PROGRAMME.form.date_labels))
def test_no_date_behind_a_filling_label_counts(day: dt.date, label: str) -> None:
    for text in (f"{label}：{day}", f"{label} {day.year}年{day.month}月", f"{label}（盖章）：{day:%Y%m%d}"):
        assert found(text) == []


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), label=st.sampled_from(PROGRAMME.form.period_labels))
def test_a_month_behind_a_period_label_counts(day: dt.date, label: str) -> None:
    assert len(found(f"{label}：{day.year}年{day.month}月")) == 1


NASTY = "0123456789年月日季度第上半一二三十〇-—.～至/Qq \u3000()（）〔〕号版v底末前填报期：截至\u200b２０"


@given(st.text(alphabet=NASTY, max_size=24))
def test_any_text_is_read_without_failing_and_in_order(text: str) -> None:
    place = 0
    for mention in find_periods(text, PROGRAMME):
        place = text.index(mention.text, place) + len(mention.text)
        assert 1 <= mention.month <= 12
        assert mention.as_of is None or (mention.as_of.month, mention.as_of.day) == (mention.month, mention.day)
