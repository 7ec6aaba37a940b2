"""The history of questioned indicators as small line drawings that read in black and white, and changes between two returns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.model import Finding
from pipeline.model.catalogue import nested
from pipeline.model.view import DistrictRecord, FileRecord, PeriodView
from pipeline.products.report.finding_rows import FileBlock
from pipeline.products.report.report_words import ReportWords

LEFT, RIGHT, TOP, BOTTOM = 76, 184, 20, 62
"""Where the line runs in a drawing of 260 by 84; beside it stand the labels of the first value and of this period's."""
SCOPES = ("history", "district")
"""Scopes of rules that, without an indicator, are about all of them."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    value: str
    period: str


@dataclass(frozen=True, slots=True)
class Trend:
    """``path`` are the earlier values, ``step`` leads from the last of them to this period's (``now``, None without a number)."""

    title: str
    sentence: str
    path: str
    step: str
    points: tuple[Point, ...]
    now: Point | None

    @property
    def last_above(self) -> bool:
        """Whether the label of the last earlier value stands above its point: away from the step that follows."""
        return self.now is None or self.now.y >= self.points[-1].y


def trends(words: ReportWords, view: PeriodView, file: FileBlock) -> list[Trend]:
    """A drawing for each indicator that a row of the file questions and that has earlier values, in programme order."""
    asked = {indicator for row in file.rows for finding in row.findings for indicator in _questioned(words, finding)}
    found = []
    for indicator in words.programme.indicator_ids:
        past = view.past.get((file.file.district or "", indicator), ()) if indicator in asked else ()
        if past:
            found.append(_trend(words, view.period, indicator, past, file.file.values.get(indicator)))
    return found


def _questioned(words: ReportWords, finding: Finding) -> Iterable[str]:
    rule = words.programme.rules.get(finding.rule)
    if finding.indicator:
        return (finding.indicator,)
    return words.programme.indicator_ids if rule and rule.scope in SCOPES else ()


def _trend(words: ReportWords, period: dt.date, indicator: str, past: Sequence[tuple[dt.date, int]], value: int | None) -> Trend:
    known = words.programme.indicator(indicator)
    values = [number for _, number in past] + ([value] if value is not None else [])
    low, high = min(values), max(values)
    days = (period - past[0][0]).days or 1

    def point(day: dt.date, number: int) -> Point:
        x = LEFT + (RIGHT - LEFT) * (day - past[0][0]).days / days
        y = (TOP + BOTTOM) / 2 if low == high else BOTTOM - (BOTTOM - TOP) * (number - low) / (high - low)
        return Point(round(x, 1), round(y, 1), str(number), words.period(day))

    points = tuple(point(day, number) for day, number in past)
    now = point(period, value) if value is not None else None
    said = [words.text("trends.point", period=words.period(day), value=number, unit=known.unit) for day, number in past]
    said.append(words.text("trends.now" if now else "trends.now_unknown", value=value, unit=known.unit))
    return Trend(
        title=nested(words.text("trends.title", indicator=known.name)),
        sentence=words.raw("trends.joiner").join(said) + words.raw("trends.end"),
        path=" ".join(f"{p.x},{p.y}" for p in points),
        step=f"{points[-1].x},{points[-1].y} {now.x},{now.y}" if now else "",
        points=points,
        now=now,
    )


def changes(words: ReportWords, record: DistrictRecord) -> str:
    """What the latest return changes against the version in force, else against the return before it; empty without one."""
    latest = record.latest
    before = record.current if record.current and record.current != latest else record.before
    if latest is None or before is None:
        return ""
    items = [
        nested(words.text("changes.item", indicator=indicator.name, old=old, new=new))
        for indicator in words.programme.indicators
        if (old := _shown(words, before, indicator.id)) != (new := _shown(words, latest, indicator.id))
    ]
    said = words.raw("changes.joiner").join(items) or words.text("changes.none")
    if before.version:
        return words.text("changes.version", version=before.version, changes=said)
    return words.text("changes.file", received=words.arrival(before), changes=said)


def _shown(words: ReportWords, file: FileRecord, indicator: str) -> str:
    """The number, or what stands in its place as far as a finding quotes it."""
    value = file.values.get(indicator)
    if value is not None:
        return str(value)
    quoted = (finding.observed for finding in file.findings if finding.indicator == indicator and finding.observed)
    return next(quoted, words.text("changes.unknown"))
