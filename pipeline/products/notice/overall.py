"""一、总体情况: the city as a whole (wording.md 10.1, A1 to A5)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pipeline.products.figures.counts import Count
from pipeline.products.figures.progress import goals
from pipeline.products.notice.said import Said, change, percent, points


class Overall(Said):
    """A1 to A5, each a sentence or nothing."""

    def text(self) -> str:
        """All of them."""
        return "".join(filter(None, (self._sent(), self._annual(), self._others(), self._goals(), self._missing())))

    def _sent(self) -> str:
        city = self.words.progress.city
        text = self.notice.text("overall.sent", value=city.value if city.value is not None else 0)
        if city.measure and city.completion is not None:
            key = "of_target_at_year_end" if self.at_year_end else "of_target"
            target, rate = city.measure.target, percent(city.completion)
            text += self.notice.text(f"overall.{key}", target=target, rate=rate, mark=self._mark(), compared=self._held_against())
        return f"{text}{self.notice.raw('end')}"

    def _mark(self) -> str:
        """未完成, 完成 or 超额完成 the year's target, by the exact rate."""
        rate = self.words.progress.city.completion or Fraction()
        return str(self.notice.raw("overall.year_end_marks")[0 if rate < 1 else 1 if rate == 1 else 2])

    def _held_against(self) -> str:
        """The city's rate beside the pace: the difference of what is printed; where none shows, the exact one decides."""
        city = self.words.progress.city
        if city.pace is None or city.gap_points is None or city.completion is None:
            return ""
        if city.gap_points:
            key = "above" if city.gap_points > 0 else "below"
        elif city.completion == city.pace:
            key = "equal"
        else:
            key = "little_above" if city.completion > city.pace else "little_below"
        return self.notice.text(f"overall.compared.{key}", pace=percent(city.pace), points=points(city.gap_points))

    def _annual(self) -> str:
        """The year's own gain (A1), and the change since the previous bulletin (A2)."""
        city = self.words.progress.city
        said = []
        if city.annual is not None and city.annual < 0:
            said.append(self.notice.text("overall.annual_fell", value=-city.annual))
        elif city.annual is not None and city.measure and city.measure.annual and city.annual_completion is not None:
            target, rate = city.measure.annual, percent(city.annual_completion)
            said.append(self.notice.text("overall.annual", value=city.annual, target=target, rate=rate))
        elif city.annual is not None:
            said.append(self.notice.text("overall.annual_alone", value=city.annual))
        if self.words.view.previous and city.change is not None:
            cut = self._joined(line.name for line in self._compared() if change(line) < 0)
            key = "up" if city.change > 0 else "down" if city.change < 0 else "same"
            said.append(self.notice.text(f"overall.change.{key}", value=abs(city.change), districts=cut))
        return str(self.notice.raw("semicolon").join(said) + self.notice.raw("end")) if said else ""

    def _others(self) -> str:
        """A3: the other indicators' sums and what they grew by."""
        table = self.words.form
        headline = self.words.programme.headline
        pairs = [(i, c) for i, c in zip(table.indicators, table.city.counts, strict=True) if i.id != headline]
        counted = [(i, c) for i, c in pairs if c.value is not None]
        if not counted:
            return ""
        items = self._joined(self.notice.text("overall.other", plain=i.plain, value=c.value, unit=i.unit) for i, c in counted)
        text = self.notice.text("overall.others", items=items)
        if self.words.view.previous and all(c.change is not None for _, c in counted):
            text += self.notice.raw("comma") + self._changes([(c, i.unit) for i, c in counted])
        return f"{text}{self.notice.raw('end')}"

    def _changes(self, counted: Sequence[tuple[Count, str]]) -> str:
        changes = [(count.change or 0, unit) for count, unit in counted]
        if all(change == 0 for change, _ in changes):
            return self.notice.text("overall.changes.all_same")
        if all(change > 0 for change, _ in changes):
            items = self._joined(self.notice.text("overall.changes.count", value=change, unit=unit) for change, unit in changes)
            return self.notice.text("overall.changes.all_up" if len(changes) > 1 else "overall.changes.all_up_one", items=items)
        signs = {True: "up", False: "down"}
        items = self._joined(
            self.notice.text(f"overall.changes.{signs[change > 0] if change else 'same'}", value=abs(change), unit=unit)
            for change, unit in changes
        )
        return self.notice.text("overall.changes.mixed", items=items)

    def _goals(self) -> str:
        """A4, where the settings want it and every rate is known."""
        programme, city = self.words.programme, self.words.programme.city_goals
        names = self.notice.table("overall.goals.names")
        if not self.words.view.office.notice.goals or city is None:
            return ""
        lines = zip(city.rows, goals(programme, self.words.view), strict=True)
        rates = {goal.indicator: line.completion for goal, line in lines if goal.indicator and goal.indicator in names}
        known = {key: percent(rate) for key, rate in rates.items() if rate is not None}
        if not known or len(known) < len(rates):
            return ""
        named = self._joined(names[key] for key in known)
        return self.notice.text("overall.goals.text", goal_year=city.year, names=named, rates=self._joined(known.values()))

    def _missing(self) -> str:
        table = self.words.progress
        missing = table.counted.missing
        return self.notice.text("overall.missing.text", **self.words.districts(missing), count=table.reported) if missing else ""
