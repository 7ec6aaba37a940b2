"""What every sentence of the notice is made of: the period's figures and the wording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pipeline.model.words import Words
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures.progress import Line, printed


@dataclass(frozen=True)
class Said:
    """Sentences about one period."""

    words: BulletinWords

    @cached_property
    def rated(self) -> tuple[Line, ...]:
        """Districts with a completion, in form order."""
        return tuple(line for line in self.words.progress.rows if line.completion is not None)

    @cached_property
    def lagging(self) -> tuple[Line, ...]:
        return tuple(line for line in self.rated if line.lagging)

    @property
    def at_year_end(self) -> bool:
        """The pace is 100 %: the year's target itself is what is held against."""
        return self.words.progress.elapsed == 1

    def _compared(self) -> list[Line]:
        """Districts with a value in the previous bulletin, in form order; none where this is the first."""
        rows = self.words.progress.rows if self.words.view.previous else ()
        return [line for line in rows if line.change is not None]

    def _joined(self, items: Iterable[str]) -> str:
        return self.notice.text("separator").join(items)

    @property
    def notice(self) -> Words:
        return self.words.notice


def percent(rate: Fraction | None) -> str:
    """As the tables print it: 70.3%."""
    return f"{float(printed(rate or Fraction())):.1%}"


def points(value: Fraction) -> str:
    """Percentage points without their sign: 1.4."""
    return f"{abs(float(value)):.1f}"


def change(line: Line) -> int:
    return line.change or 0
