"""find_periods: every month in every notation, and nothing by chance."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.values import find_periods
from tests.reading.values.reading_periods import PROGRAMME, found


@settings(deadline=None)
@given(year=st.integers(2000, 2099), month=st.integers(1, 12), before=st.sampled_from(["", "鹿城区", "附件2-", "（", "a_"]))
def test_every_month_in_every_notation(year: int, month: int, before: str) -> None:
    end = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()
    notations = (
        *(f"{year}年{month}月", f"{year}年{month:02}月份"),
        *(f"{year}-{month:02}", f"{year}.{month}", f"{year}/{month}", f"{year}{month:02}"),
        *(end, end.replace("-", ""), end.replace("-", "."), f"{year % 100:02}年{month}月底"),
    )
    assert [found(before + notation) for notation in notations] == [[end]] * len(notations)


@settings(deadline=None)
@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_full_day_counts_exactly_when_it_ends_a_month(day: dt.date) -> None:
    expected = [day.isoformat()] if (day + dt.timedelta(days=1)).day == 1 else []
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}"):
        assert found(text) == expected


@settings(deadline=None)
@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), label=st.sampled_from(PROGRAMME.form.date_labels))
def test_no_date_behind_a_filling_label_counts(day: dt.date, label: str) -> None:
    for text in (f"{label}：{day}", f"{label} {day.year}年{day.month}月", f"{label}（盖章）：{day:%Y%m%d}"):
        assert found(text) == []


@settings(deadline=None)
@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), label=st.sampled_from(PROGRAMME.form.period_labels))
def test_a_month_behind_a_period_label_counts(day: dt.date, label: str) -> None:
    assert len(found(f"{label}：{day.year}年{day.month}月")) == 1


NASTY = "0123456789年月日季度第上半一二三十〇-—.～至/Qq \u3000()（）〔〕号版v底末前填报期：截至\u200b２０"


@settings(deadline=None)
@given(st.text(alphabet=NASTY, max_size=24))
def test_any_text_is_read_without_failing_and_in_order(text: str) -> None:
    place = 0
    for mention in find_periods(text, PROGRAMME):
        place = text.index(mention.text, place) + len(mention.text)
        assert 1 <= mention.month <= 12
        assert mention.as_of is None or (mention.as_of.month, mention.as_of.day) == (mention.month, mention.day)
