"""各地情况 and 存在问题: the districts one beside the other (wording.md 10.1, B1 to C3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pipeline.model.words import Words
from pipeline.products.figures.progress import Line, printed
from pipeline.products.figures.ranking import Group, groups, rank
from pipeline.products.notice.said import Said, change, percent, points

LISTED = 3
"""So many districts are named at either end (k)."""
BOTTOM_FROM = 7
"""With fewer districts nobody is named as last."""


class Districts(Said):
    """Every text ends with its full stop; an empty one is left out with its heading."""

    def progress(self) -> str:
        """B1: the first and the last by completion; of each group where districts are ranked in groups."""
        view, programme = self.words.view, self.words.programme
        return "".join(self._ends(group) for group in groups(programme, view.office, view.period))

    def _ends(self, group: Group) -> str:
        """Those that share the last place named are named too. Of a single district there is neither first nor last."""
        rated = [line for line in self._ranked() if line.name in group.districts]
        if not rated:
            return ""
        if group.name and len(rated) == 1:
            return group.name + self.notice.text("progress.single", district=rated[0].name, rate=percent(rated[0].completion))
        if len({line.completion for line in rated}) == 1:
            return group.name + self.notice.text("progress.all_equal", rate=percent(rated[0].completion))
        top = [line for line in rated if line.rank and line.rank <= LISTED]
        from_below = rank({line.name: -line.completion for line in rated if line.completion is not None})
        bottom = [line for line in rated if from_below[line.name] <= LISTED and line not in top]
        named = {"top_count": len(top), "top": self._at_rates(top)}
        if len(rated) < BOTTOM_FROM or not bottom:
            return group.name + self.notice.text("progress.top_only", **named)
        return group.name + self.notice.text("progress.both", **named, bottom_count=len(bottom), bottom=self._at_rates(bottom))

    def pace(self) -> str:
        """B2: who is behind, and by how many; at the year's end held against the year's target."""
        if not self.rated:
            return ""
        reached, section = len(self.rated) - len(self.lagging), self.pace_section
        if not self.lagging:
            return self.notice.text(f"{section}.all", count=reached)
        gaps = self._joined(self.notice.text(f"{section}.gap", district=line.name, count=_short(line)) for line in self.lagging)
        key = "some" if reached else "none"
        return self.notice.text(f"{section}.{key}", reached=reached, count=len(self.lagging), gaps=gaps)

    @property
    def pace_section(self) -> str:
        return "pace_at_year_end" if self.at_year_end else "pace"

    def gains(self) -> str:
        """B3: who grew most since the previous bulletin, and who did not."""
        compared = self._compared()
        if not compared:
            return ""
        grown = sorted((line for line in compared if change(line) > 0), key=lambda line: -change(line))
        cut = [line for line in compared if change(line) < 0]
        unchanged = [line.name for line in compared if change(line) == 0]
        if not grown and not cut:
            return self.notice.text("gains.all_zero")
        if grown:
            said = [self.notice.text("gains.up", list=self._listed([self._gain("item", line) for line in grown[:LISTED]]))]
        else:
            said = [self._joined(self._gain("cut", line) for line in cut)]
        said += [self.notice.text("gains.zero", districts=self._joined(unchanged))] if unchanged else []
        return str(self.notice.raw("semicolon").join(said) + self.notice.raw("end"))

    def problems(self, *, late: bool = False) -> str:
        """C1 to C3, numbered where there are several; empty where there is no problem. ``late``: late returns are named too."""
        found = [text for text in (self._uneven(), self._no_gain(), self._unreported(late=late)) if text]
        numbers = self.notice.raw("problems.numbers") if len(found) > 1 else [""]
        return "".join(number + text for number, text in zip(numbers, found, strict=False))

    def _uneven(self) -> str:
        """C1, where somebody is behind."""
        if not self.lagging:
            return ""
        ranked = self._ranked()
        first = [line.name for line in ranked if line.completion == ranked[0].completion]
        last = [line.name for line in ranked if line.completion == ranked[-1].completion]
        apart = (printed(ranked[0].completion or Fraction()) - printed(ranked[-1].completion or Fraction())) * 100
        named = {"first": self._joined(first), "last": self._joined(last), "points": points(apart)}
        spread = self.notice.text("problems.spread", **named) if apart else ""
        return self.notice.text("problems.uneven") + spread + self._shortage()

    def _shortage(self) -> str:
        short = {line.name: _short(line) for line in self.lagging}
        most = max(short.values())
        worst = [name for name, count in short.items() if count == most]
        key = "short_one" if len(short) == 1 else "short_each" if len(worst) > 1 else "short"
        ending = "_at_year_end" if self.at_year_end else ""
        named = {"count": len(short), "sum": sum(short.values()), "worst": self._joined(worst), "most": most}
        return self.notice.text(f"problems.{key}{ending}", **named)

    def _no_gain(self) -> str:
        compared = self._compared()
        unchanged = [line.name for line in compared if change(line) == 0]
        if not unchanged:
            return ""
        key = "no_gain_anywhere" if len(unchanged) == len(compared) > 1 else "no_gain"
        return self.notice.text(f"problems.{key}", districts=self._joined(unchanged))

    def _unreported(self, *, late: bool) -> str:
        mark = Words(self.words.programme, "findings").text("mark.late")
        named = [record.district for record in self.words.view.districts if late and mark in record.marks]
        missing = self.words.progress.counted.missing
        key = "missing_and_late" if missing and named else "missing" if missing else "late" if named else ""
        if not key:
            return ""
        districts = self._joined(missing or named)
        return self.notice.text(f"problems.{key}", districts=districts, late=self._joined(named))

    def _ranked(self) -> list[Line]:
        """By completion, the highest first, equal ones in form order."""
        return sorted(self.rated, key=lambda line: -(line.completion or 0))

    def _at_rates(self, lines: Sequence[Line]) -> str:
        """Each with its rate; those that share a place together."""
        return self._listed(list(self._tied(lines)))

    def _tied(self, lines: Sequence[Line]) -> Iterator[str]:
        for place in dict.fromkeys(line.rank for line in lines):
            same = [line for line in lines if line.rank == place]
            rate = percent(same[0].completion)
            if len(same) == 1:
                yield self.notice.text("at_rate", district=same[0].name, rate=rate)
            else:
                yield self.notice.text("at_rate_tied", districts=self._joined(line.name for line in same), rate=rate)

    def _gain(self, key: str, line: Line) -> str:
        return self.notice.text(f"gains.{key}", district=line.name, count=abs(change(line)))

    def _listed(self, items: Sequence[str]) -> str:
        """As running text lists them: the last two with 和."""
        *head, last = items
        return self._joined(head) + self.notice.raw("last_separator") + last if head else last


def _short(line: Line) -> int:
    """How many are missing; 0 for who is not behind."""
    return max(0, -(line.gap_units or 0))
