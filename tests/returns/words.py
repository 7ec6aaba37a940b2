"""The texts around the values, made from the programme's own words."""

from __future__ import annotations

import datetime as dt

from schemas.programme import Programme
from tests.returns.spec import ReturnSpec

LABELS = ("填报人", "审核人", "联系电话")


def contact_line(spec: ReturnSpec, index: int) -> str:
    """填报人：张某"""
    return f"{LABELS[index]}：{spec.people[index]}"


def filler_line(spec: ReturnSpec) -> str:
    return f"{spec.programme.form.filler_labels[0]}：{spec.filler or spec.district + office_of(spec.programme)}"


def office_of(programme: Programme) -> str:
    """The science office among the organisation suffixes, else the first of them."""
    return next((suffix for suffix in programme.region.suffixes if suffix.startswith("科技")), programme.region.suffixes[0])


def unit_line(programme: Programme) -> str:
    """单位：家、项"""
    return f"{programme.form.unit_labels[0]}：{'、'.join(dict.fromkeys(i.unit for i in programme.indicators))}"


def date_line(spec: ReturnSpec, day: dt.date) -> str:
    return f"{spec.programme.form.date_labels[0]}：{day.year}年{day.month}月{day.day}日"


def note(programme: Programme) -> str:
    """Names a document and the programme's years: neither is a period."""
    reference, start, end = programme.terms["doc_ref"], programme.start.year, programme.end.year
    return f"注：1.本表依据{reference}制定，填{start}年以来累计数。2.实施期为{start}-{end}年。"


def instructions(programme: Programme) -> list[str]:
    names = "、".join(indicator.name for indicator in programme.indicators)
    return [
        "填表说明",
        f"1.本表指标为{names}。",
        "2.各项指标均填累计数，没有发生的填0。",
        f"3.只填本地区一行，{programme.terms['total']}不填。",
    ]


def header_text(spec: ReturnSpec, indicator: str) -> str:
    if indicator in spec.headers:
        return spec.headers[indicator]
    known = spec.programme.indicator(indicator)
    return f"{known.name}（{known.unit}）" if spec.form.units == "header" else known.name


def region_headers(spec: ReturnSpec) -> tuple[str, ...]:
    """区域 | 指标名称, or the diagonal header as programs store it: two lines in one cell, the upper one at the right."""
    region, label = spec.programme.form.region_headers[0], spec.programme.form.label_headers[0]
    return (f"    {label}\n{region}",) if spec.form.region == "diagonal" else (region, label)


def region_text(spec: ReturnSpec) -> str:
    """The district's name as ``Layout.region_as`` has it; where it has no such form, the standard name."""
    if spec.region is not None:
        return spec.region
    district = next(district for district in spec.programme.districts if district.name == spec.district)
    prefixes = sorted(spec.programme.region.city_prefixes, key=len)
    return {
        "standard": district.name,
        "alias": (*district.aliases, district.name)[0],
        "spaced": " ".join(district.name),
        "full": (*district.full_names, district.name)[0],
        "city": prefixes[len(prefixes) // 2] + district.name,
    }[spec.form.region_as]
