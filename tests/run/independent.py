"""The bulletin's figures worked out once more, from domain.md and wording.md alone and without the product's code.

A panel is ``{day: {district: (enterprises, projects, transfers, institutes)}}``; who is not in a day did not report. Cells are
what a spreadsheet program reads from the sheets: numbers, rates as printed (0.703), “—” and “未报”.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import floor

from tests import ROOT

Panel = Mapping[dt.date, Mapping[str, Sequence[int]]]
Cell = int | float | str

BLANK = "—"
with (ROOT / "schemas" / "annex1.csv").open(encoding="utf-8-sig", newline="") as file:
    ANNUAL = {row["region"]: {int(year): int(row[year]) for year in ("2024", "2025", "2026")} for row in csv.DictReader(file)}
ANNUAL.pop("总数")
DISTRICTS = list(ANNUAL)
GOALS = [("选派“科技副总”企业", 0, 2000), ("开展技术攻关项目", 1, 4000), ("促成科技成果转化", 2, 2000)]
GOALS += [("建成市级及以上企业研发机构", 3, 1500)]


def shown(over: int, under: int) -> float:
    """A rate to 0.1 %, half up."""
    with localcontext() as context:
        context.prec = 60
        return float((Decimal(over) / Decimal(under)).quantize(Decimal("0.001"), ROUND_HALF_UP))


class Expected:
    """What every sheet of a period must say."""

    def __init__(self, panel: Panel, day: dt.date) -> None:
        self.day, self.values = day, panel.get(day, {})
        earlier = [other for other in sorted(panel) if other < day and panel[other]]
        self.previous = earlier[-1] if earlier else None
        self.before = panel[self.previous] if self.previous else {}
        self.year_end = panel.get(dt.date(day.year - 1, 12, 31), {})
        self.reported = [name for name in DISTRICTS if name in self.values]
        self.missing = [name for name in DISTRICTS if name not in self.values]

    def target(self, name: str, year: int | None = None) -> int:
        return sum(count for of, count in ANNUAL[name].items() if of <= (year or self.day.year))

    def twelfths_due(self, name: str) -> int:
        """Twelve times the enterprises due by now."""
        return 12 * self.target(name, self.day.year - 1) * (self.day.year > 2024) + ANNUAL[name][self.day.year] * self.day.month

    def base(self, name: str) -> int | None:
        if self.day.year == 2024:
            return 0
        return self.year_end[name][0] if name in self.year_end else None

    def change(self, name: str, place: int = 0) -> int | None:
        if name not in self.values or name not in self.before:
            return None
        return self.values[name][place] - self.before[name][place]

    def short(self, name: str) -> int:
        """Enterprises above (+) or below (−) the pace, in whole ones, rounded down."""
        return floor((12 * self.values[name][0] - self.twelfths_due(name)) / 12)

    def behind(self) -> list[str]:
        return [name for name in self.reported if 12 * self.values[name][0] < self.twelfths_due(name)]

    def places(self, values: Mapping[str, Sequence[int]], year: int) -> dict[str, int]:
        """By completion, cross-multiplied."""

        def above(one: str, other: str) -> bool:
            return values[one][0] * self.target(other, year) > values[other][0] * self.target(one, year)

        return {name: 1 + sum(above(other, name) for other in values) for name in values}

    def annual_places(self) -> dict[str, int]:
        gained = {name: self.values[name][0] - base for name in self.reported if (base := self.base(name)) is not None}
        own = {name: ANNUAL[name][self.day.year] for name in gained}
        return {n: 1 + sum(gained[o] * own[n] > gained[n] * own[o] for o in gained) for n in gained}

    def progress_row(self, names: Sequence[str]) -> list[Cell]:
        """累计目标 to 比上次新增 of these districts together."""
        own = [name for name in names if name in self.values]
        if not own:
            return [BLANK, "未报", *[BLANK] * 8] if len(names) == 1 else [BLANK] * 10
        value, target = sum(self.values[name][0] for name in own), sum(self.target(name) for name in own)
        due = sum(self.twelfths_due(name) for name in own)
        rate, pace = shown(value, target), shown(due, 12 * target)
        based = [name for name in own if self.base(name) is not None]
        gained: int | None = sum(self.values[name][0] - (self.base(name) or 0) for name in based) if based else None
        owed = sum(ANNUAL[name][self.day.year] for name in based)
        changes = [change for name in own if (change := self.change(name)) is not None]
        return [
            *(target, value, rate, pace, round((rate - pace) * 100, 1), floor((12 * value - due) / 12)),
            owed if based else sum(ANNUAL[name][self.day.year] for name in own),
            *(BLANK if gained is None else gained, BLANK if gained is None else shown(gained, owed)),
            sum(changes) if changes else BLANK,
        ]

    def progress(self) -> dict[str, list[Cell]]:
        """进度表: name → the cells between 区域 and 备注."""
        places = self.places(self.values, self.day.year)
        rows = {name: [*self.progress_row([name]), places.get(name, BLANK)] for name in DISTRICTS}
        return {**rows, "全市": [*self.progress_row(DISTRICTS), BLANK]}

    def ranks(self) -> list[list[Cell]]:
        """位次表, without its remarks."""
        now, annual = self.places(self.values, self.day.year), self.annual_places()
        before = self.places(self.before, self.previous.year) if self.previous else {}
        rows: list[list[Cell]] = []
        for name in sorted(DISTRICTS, key=lambda name: now.get(name, 99)):
            last = before.get(name)
            if name not in now:
                rows.append([BLANK, name, BLANK, "未报", *[BLANK] * 4, last or BLANK, BLANK])
                continue
            row, rise = self.progress_row([name]), (last - now[name]) if last else None
            moved = BLANK if rise is None else "持平" if rise == 0 else f"升{rise}位" if rise > 0 else f"降{-rise}位"
            rows.append([now[name], name, *row[:3], row[4], row[8], annual.get(name, BLANK), last or BLANK, moved])
        return rows

    def form(self) -> dict[str, list[Cell]]:
        """附件2: name → four values."""
        rows: dict[str, list[Cell]] = {name: list(self.values.get(name, ["未报"] * 4)) for name in DISTRICTS}
        sums: list[Cell] = [sum(self.values[name][place] for name in self.reported) for place in range(4)]
        return {**rows, "总数": sums if self.reported else [BLANK] * 4}

    def outcomes(self) -> dict[str, list[Cell]]:
        """成效表: name → value and change of the three others."""
        rows: dict[str, list[Cell]] = {}
        for name in DISTRICTS:
            changes = [self.change(name, place) for place in (1, 2, 3)]
            values = self.form()[name][1:]
            rows[name] = [cell for v, c in zip(values, changes, strict=True) for cell in (v, BLANK if c is None else c)]
        rows["全市"] = [cell for place in (1, 2, 3) for cell in (self.total(place), self.total_change(place))]
        return rows

    def total(self, place: int) -> Cell:
        return sum(self.values[name][place] for name in self.reported) if self.reported else BLANK

    def total_change(self, place: int) -> Cell:
        changes = [change for name in DISTRICTS if (change := self.change(name, place)) is not None]
        return sum(changes) if changes else BLANK

    def goals(self) -> dict[str, list[Cell]]:
        """全市目标: name → count, rate (only where all reported), change."""
        whole = not self.missing
        return {
            name: [total, shown(int(total), base) if whole else BLANK, self.total_change(place)]
            for name, place, base in GOALS
            for total in [self.total(place)]
        }
