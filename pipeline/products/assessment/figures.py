"""The year-end figures for the yearly assessment: the bulletin of 31 December as issued, and how each district reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from itertools import pairwise

from pipeline.model import Issue
from pipeline.model.view import EXCUSED, DistrictRecord, PeriodView
from pipeline.model.words import Words
from pipeline.products.figures.counts import Count
from pipeline.products.figures.progress import Line, form, progress
from schemas.programme import Programme

Figure = int | Fraction | str | None
"""A count, a rate (1 is 100 %), a state instead of a value, or nothing to show (never 0)."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a district reported in a year. Periods of ``late`` returns, files sent back (``returned``), issues that ``corrected``
    published values, periods with values lowered by decision (``cut``), periods ``absent`` past the deadline or at issue."""

    late: int = 0
    returned: int = 0
    corrected: int = 0
    cut: int = 0
    absent: int = 0


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """A district, or the city. ``counts`` are its values in programme order, ``line`` the bulletin's own figures."""

    line: Line
    counts: tuple[Count, ...]
    conduct: Conduct

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What the table shows behind the name, from left to right."""
        line = self.line
        owed = None if line.absent else line.measure
        values = [line.absent or count.value for count in self.counts]
        annual = [owed.annual if owed else None, line.annual, line.annual_completion, line.annual_rank]
        return (*values, *annual, owed.target if owed else None, line.completion, line.rank, *astuple(self.conduct))


@dataclass(frozen=True)
class Assessment:
    """``issued`` is the bulletin of ``issue``, dated by the last entry that counts; ``periods`` are those of the year."""

    issue: Issue
    issued: PeriodView
    periods: tuple[dt.date, ...]
    districts: tuple[AssessmentLine, ...]
    city: AssessmentLine
    reopened: bool
    """The bulletin is being restated: these are the figures of before."""


def assess(programme: Programme, issued: PeriodView, periods: Sequence[PeriodView]) -> Assessment:
    """``issued`` is the year-end bulletin as frozen (its last issue), ``periods`` every period of the year as it stands now."""
    table, filled = progress(programme, issued), form(programme, issued)
    conducts = [_conduct(programme, line.name, periods) for line in table.rows]
    whole = Conduct(*(sum(column) for column in zip(*(astuple(each) for each in conducts), strict=True)))
    rows = zip(table.rows, filled.rows, conducts, strict=True)
    issue = issued.issues[-1]
    return Assessment(
        issue,
        replace(issued, ledger_time=max(view.ledger_time for view in (issued, *periods))),
        tuple(view.period for view in periods),
        tuple(AssessmentLine(line, row.counts, conduct) for line, row, conduct in rows),
        AssessmentLine(table.city, filled.city.counts, whole),
        any(view.period == issue.period and view.reopened for view in periods),
    )


def _conduct(programme: Programme, district: str, periods: Sequence[PeriodView]) -> Conduct:
    marks = Words(programme, "findings")
    found = Conduct()
    for view in periods:
        own = next(record for record in view.districts if record.district == district)
        found = Conduct(
            found.late + (marks.text("mark.late") in own.marks),
            found.returned + own.returns,
            found.corrected + _corrections(view, district),
            found.cut + (marks.text("mark.cut") in own.marks),
            found.absent + (marks.text("mark.overdue") in own.marks or _left_out(view, own)),
        )
    return found


def _left_out(view: PeriodView, record: DistrictRecord) -> bool:
    """A bulletin of the period was issued without the district, which was not excused."""
    without = any(all(name != record.district for name, _ in issue.values) for issue in view.issues)
    return without and record.state != EXCUSED


def _corrections(view: PeriodView, district: str) -> int:
    """Issues of the period with another value of the district than the issue before; what was missing there is no correction."""
    return sum(
        any(
            name == district and new.values.get((name, indicator), value) != value
            for (name, indicator), value in old.values.items()
        )
        for old, new in pairwise(view.issues)
    )
