"""How offices write periods and name files."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable

from tests.returns.spec import ReturnSpec

QUARTERS = "一二三四"


def _quarter(period: dt.date) -> int:
    if period.month % 3:
        raise ValueError(f"{period} ends no quarter")
    return period.month // 3


def _half(period: dt.date) -> str:
    if period.month not in (6, 12):
        raise ValueError(f"{period} ends no half year")
    return "上半年" if period.month == 6 else "下半年"


PERIOD_STYLES: dict[str, Callable[[dt.date], str]] = {
    "day": lambda p: f"{p.year}年{p.month}月{p.day}日",
    "padded_day": lambda p: f"{p.year}年{p.month:02}月{p.day:02}日",
    "month_end": lambda p: f"{p.year}年{p.month}月底",
    "month": lambda p: f"{p.year}年{p.month}月",
    "quarter": lambda p: f"{p.year}年第{QUARTERS[_quarter(p) - 1]}季度",
    "range": lambda p: f"{p.year}年1-{p.month}月",
    "half": lambda p: f"{p.year}年{_half(p)}",
    "q": lambda p: f"{p.year}Q{_quarter(p)}",
    "iso": lambda p: p.isoformat(),
    "iso_month": lambda p: f"{p:%Y-%m}",
    "dots": lambda p: f"{p.year}.{p.month}.{p.day}",
}


def period_text(period: dt.date, style: str) -> str:
    """A period in a style of PERIOD_STYLES; ValueError when the style cannot say it (a day amid a month as a quarter)."""
    whole_months = style not in ("day", "padded_day", "iso", "dots")
    if whole_months and period.day != calendar.monthrange(period.year, period.month)[1]:
        raise ValueError(f"{period} ends no month")
    return PERIOD_STYLES[style](period)


FILE_STYLES = {
    "district_quarter": "{district}_{quarter}.{ext}",
    "district_iso": "{district}_{iso}.{ext}",
    "district_until": "{district}_截至{month_end}.{ext}",
    "copy_1": "{district} {quarter}(1).{ext}",
    "final": "{district}_{quarter}_最终版.{ext}",
    "short_month": "{short}{month}.{ext}",
    "subject": "{district}{subject}情况表（{quarter}）.{ext}",
    "brackets": "{district}（{month_end}）.{ext}",
    "short_report": "{short}报表{month}.{ext}",
    "dashes": "{district}-{form}-{month}.{ext}",
    "office": "{district}管委会{month}.{ext}",
    "district_month": "{district}{month}.{ext}",
    "district_q": "{district}_{q}.{ext}",
    "range": "{district}{range}“汇总”终稿2.{ext}",
    "half": "（{half}）{form}_{district}.{ext}",
    "iso_month": "{iso_month}-{district}.{ext}",
    "copy_of": "副本{form}-{short}{month}(2).{ext}",
    "district_only": "{district}.{ext}",
    "form_only": "{form}.{ext}",
    "folder": "{district}/{form}.{ext}",
    "folder_short": "{short}/{form}（{month}）.{ext}",
    "folders": "{month_end}/{district}/{form}.{ext}",
    "period_folder": "{iso}/{district}.{ext}",
}
"""Ways of naming a file; ``district_only``, ``form_only`` and ``folder`` leave period or district to the sheet."""

EXTENSIONS = {"html": "xls", "csv": "csv"}


class _Periods(dict[str, str]):
    """Writes a period only when the style asks for it: not every period is a quarter."""

    def __init__(self, period: dt.date, **words: str) -> None:
        super().__init__(words)
        self.period = period

    def __missing__(self, style: str) -> str:
        return period_text(self.period, style)


def file_name(spec: ReturnSpec) -> str:
    """Path below the inbox, as ``spec.naming`` names files; html tables are called .xls, as they come."""
    programme = spec.programme
    aliases = next(district.aliases for district in programme.districts if district.name == spec.district)
    kind = spec.fmt.split("-")[0]
    words = _Periods(
        spec.period,
        district=spec.district,
        short=min((*aliases, spec.district), key=len),
        subject=programme.terms["subject"],
        form=programme.terms["form"],
        ext=EXTENSIONS.get(kind, kind),
    )
    return FILE_STYLES[spec.naming].format_map(words)
