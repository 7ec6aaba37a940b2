"""Clean returns amid a city's ledger: what faults are put into. Everything is drawn from a seeded generator."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pipeline.model import Accepted, History, Known
from pipeline.rules.judging.calendar import Calendar
from schemas.programme import Programme, load_programme
from tests.returns import FILE_STYLES, FORMATS, GOOD, PERIOD_STYLES, ReturnSpec, clean_panel

ENTERPRISES, PROJECTS, TRANSFERS, INSTITUTES = "enterprises", "projects", "transfers", "institutes"
SEEDS = (1, 2, 3)
RHYTHMS: Mapping[str, int] = {"quarters": 3, "months": 1}
"""Months between the periods of a city."""
TEXTS = ("csv", "html")
"""Formats of one nameless sheet, where all is text."""
TELLING = ("district_iso", "copy_of", "short_month", "folders", "dashes", "iso_month")
"""File styles that name district and period, of quarters or not: for faults that take other evidence away."""


@dataclass(frozen=True)
class Setting:
    """A city's panel, the period being reported, and whether later periods are in the ledger already."""

    seed: int
    rhythm: str
    number: int
    """Of the period, from 0."""
    coming: bool

    @property
    def period(self) -> dt.date:
        return self.periods[self.number]

    @property
    def periods(self) -> tuple[dt.date, ...]:
        return _periods(RHYTHMS[self.rhythm])

    @property
    def today(self) -> dt.date:
        return (self.periods[-1] if self.coming else self.period) + dt.timedelta(days=3)


@dataclass(frozen=True)
class Scene:
    """A clean return: ``spec`` says how it is written, ``known`` what the ledger holds around it."""

    setting: Setting
    spec: ReturnSpec
    rng: random.Random = field(compare=False)

    @property
    def programme(self) -> Programme:
        return self.spec.programme

    @property
    def district(self) -> str:
        return self.spec.district

    @property
    def period(self) -> dt.date:
        return self.spec.period

    @property
    def values(self) -> dict[str, int]:
        return values_of(self.setting, self.district, self.setting.number)

    @property
    def past(self) -> list[dict[str, int]]:
        """The district's values of the earlier periods, oldest first."""
        return [values_of(self.setting, self.district, number) for number in range(self.setting.number)]

    @property
    def before(self) -> dict[str, int] | None:
        """The last of them."""
        return self.past[-1] if self.past else None

    @property
    def known(self) -> Known:
        return ledger_of(self.setting)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.programme, self.setting.today)

    @property
    def received(self) -> dt.datetime:
        return dt.datetime.combine(self.setting.today, dt.time(2), dt.UTC)

    @property
    def annual(self) -> Mapping[int, int]:
        """The district's targets of the headline by year."""
        target = self.programme.target_of(self.programme.headline, self.period)
        assert target is not None
        return target.annual[self.district]

    def with_spec(self, **changes: Any) -> Scene:
        return replace(self, spec=replace(self.spec, **changes))

    def with_form(self, **changes: Any) -> Scene:
        return self.with_spec(layout=replace(self.spec.form, **changes))

    def pick(self) -> str:
        """An indicator."""
        return self.rng.choice(self.programme.indicator_ids)

    def other(self) -> str:
        """Another district."""
        return self.rng.choice([name for name in self.programme.district_names if name != self.district])


def draw(rng: random.Random, fmt: str | None = None, layout: str | None = None, *, telling: bool = False) -> Scene:
    """A clean scene. What cannot be written (a layout in a format, a month as a quarter) shows only in writing: ValueError."""
    setting = _setting(rng)
    district = rng.choice(load_programme().district_names)
    spec = ReturnSpec(
        district,
        setting.period,
        values_of(setting, district, setting.number),
        layout=layout or rng.choice(GOOD),
        fmt=fmt or rng.choice(list(FORMATS)),
        naming=rng.choice(TELLING if telling else list(FILE_STYLES)),
    )
    if "earlier" in spec.form.extra:
        if not setting.number or not _names_period(spec.naming):
            raise ValueError("nothing was reported before, or nothing says which of the two tables counts")
        spec = replace(spec, earlier=(setting.periods[setting.number - 1], values_of(setting, district, setting.number - 1)))
    silent = spec.form.period_at == "nowhere" or (spec.form.period_at == "sheet" and spec.fmt.startswith(TEXTS))
    if silent and not _names_period(spec.naming):
        raise ValueError("nothing says the period")
    if setting.period.month == 1 and "range" in (spec.naming, spec.form.period_as):
        raise ValueError("nobody writes 1-1月")
    return Scene(setting, spec, rng)


def _setting(rng: random.Random) -> Setting:
    rhythm = rng.choice(list(RHYTHMS))
    count = len(_periods(RHYTHMS[rhythm]))
    return Setting(rng.choice(SEEDS), rhythm, rng.randrange(0, count - 1, 2 if rhythm == "quarters" else 6), rng.random() < 0.3)


def _names_period(naming: str) -> bool:
    return any(f"{{{style}}}" in FILE_STYLES[naming] for style in PERIOD_STYLES)


@lru_cache(maxsize=4)
def _periods(step: int) -> tuple[dt.date, ...]:
    months = [(year, month) for year in (2024, 2025, 2026) for month in range(step, 13, step)]
    return tuple(dt.date(year, month, calendar.monthrange(year, month)[1]) for year, month in months)


@lru_cache(maxsize=16)
def _panel(seed: int, rhythm: str) -> dict[tuple[str, dt.date], dict[str, int]]:
    return clean_panel(load_programme(), _periods(RHYTHMS[rhythm]), seed)


def values_of(setting: Setting, district: str, number: int) -> dict[str, int]:
    """What the district reports for the city's period of this number."""
    return _panel(setting.seed, setting.rhythm)[district, setting.periods[number]]


@lru_cache(maxsize=512)
def ledger_of(setting: Setting) -> Known:
    """Every district's earlier periods accepted, and the later ones where the setting has them; one object per setting."""
    numbers = [n for n in range(len(setting.periods)) if n < setting.number or (n > setting.number and setting.coming)]
    history: History = {
        district: {setting.periods[n]: Accepted(1, values_of(setting, district, n)) for n in numbers}
        for district in load_programme().district_names
    }
    return Known(history=history)
