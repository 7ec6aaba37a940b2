"""What surrounds a return: earlier periods, deadlines, the form's own fields, what the city did by hand (F06-F16, M01)."""

from __future__ import annotations

import datetime as dt
import logging
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.model import Act, Finding, History, Known
from pipeline.model.catalogue import make_finding
from pipeline.model.labels import date_label, period_label, time_label
from pipeline.model.matters import holding, sent_back
from pipeline.model.view import SHOWN_ZONE
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.own_row import own_entries
from pipeline.rules.place import Placed
from schemas.programme import Programme

log = logging.getLogger(__name__)

MISSING_BACK = 24  # earlier periods asked for (F06): no more than a district's history in ``past`` is sure to hold


@dataclass(frozen=True)
class _Around:
    """A return with a place, and what its checks ask. ``received`` (UTC) is the city's time where it registered one."""

    district: str
    period: dt.date
    past: History
    owed: Sequence[dt.date]
    known: Known
    calendar: Calendar
    received: dt.datetime | None
    order: int
    """The return's place in the ledger's sequence."""

    @property
    def programme(self) -> Programme:
        return self.calendar.programme


def owed_periods(past: History, calendar: Calendar) -> list[dt.date]:
    """Periods that were called, or that anybody reported for, in order."""
    return sorted(day for day in calendar.called.union(*past.values()) if day >= calendar.programme.start)


def circumstances(
    placed: Placed, past: History, owed: Sequence[dt.date], known: Known, calendar: Calendar
) -> tuple[Finding, ...]:
    """Findings of a return that concern the file and its time. ``past`` is what was accepted, of this run too; ``owed`` as
    ``owed_periods`` gives them.

    A check that raises is Z01 of this return, and the traceback is logged.
    """
    checks = [(rule, partial(check, placed, known, calendar.programme)) for rule, check in FILE_CHECKS]
    called = not any(calendar.programme.role_of(f.rule) == "uncalled" for f in placed.findings)  # else nothing was due
    if placed.district is not None and placed.period is not None and called:
        received = _registered(placed, known) or placed.received
        around = _Around(placed.district, placed.period, past, owed, known, calendar, received, placed.order)
        checks += [(rule, partial(check, around)) for rule, check in TIME_CHECKS]
    findings: list[Finding] = []
    for rule, run in checks:
        try:
            findings += run()
        except Exception:
            log.exception("rule %s failed", rule)
            findings.append(make_finding(calendar.programme, "Z01", rule=rule))
    return tuple(findings)


def _registered(placed: Placed, known: Known) -> dt.datetime | None:
    """The time of receipt that the city registered last for this file."""
    times = [d.received for d in holding(known.decisions) if d.act == Act.RECEIVE and d.sha256 == placed.reading.sha256]
    return times[-1] if times else None


def _earlier_missing(a: _Around) -> Iterator[Finding]:
    """F06: periods that were called, or reported by others, and not by this district; excused and issued ones are settled."""
    end = bisect_left(a.owed, a.period)
    own = a.past.get(a.district, {})
    settled = {day for district, day in a.known.excused if district == a.district} | own.keys() | a.known.issued.keys()
    missing = [day for day in a.owed[max(0, end - MISSING_BACK) : end] if day not in settled]
    if missing:
        previous = "、".join(period_label(day, a.programme) for day in missing)
        yield make_finding(a.programme, "F06", observed=previous, previous=previous)


def _late(a: _Around) -> Iterator[Finding]:
    """F09: the first return came after the deadline, or one that had been sent back came again after its days of grace."""
    deadline = a.calendar.deadline(a.period)
    late = _late_since(a, deadline) if deadline else None
    if deadline and late:
        due, received = date_label(deadline.date(), a.programme), time_label(late, a.programme)
        yield make_finding(a.programme, "F09", observed=received, expected=due, deadline=due, received=received)


def _late_since(a: _Around, deadline: dt.datetime) -> dt.datetime | None:
    """The receipt that makes the return late, None when it is in time."""
    if a.received is None:
        return None
    receipt = a.known.receipts.get((a.district, a.period))
    first = receipt.first if receipt else a.received
    if first > deadline:
        return first
    before = [time for entry, time in receipt.returned if entry < a.order] if receipt else []
    again = bool(before) and a.received > max(deadline, a.calendar.resend_by(before[-1]))
    return a.received if again else None


def _early(a: _Around) -> Iterator[Finding]:
    """F14: received on a day before the as-of date, as the office's clocks show it."""
    if a.received is None or a.received.astimezone(SHOWN_ZONE).date() >= a.period:
        return
    due = a.calendar.due(a.period)
    yield make_finding(
        a.programme,
        "F14",
        observed=time_label(a.received, a.programme),
        as_of_date=date_label(a.period, a.programme),
        deadline=date_label(due, a.programme) if due else a.programme.wording["findings"]["F14"]["no_deadline"],
    )


def _after_issue(a: _Around) -> Iterator[Finding]:
    """F15: the issued bulletin names the district as missing; while it is being restated the return goes into the new one."""
    issued = a.known.issued.get(a.period)
    if issued and a.district in issued.missing and a.district not in issued.opening:
        yield make_finding(a.programme, "F15", period=period_label(a.period, a.programme))


def _blank_fields(placed: Placed, known: Known, programme: Programme) -> Iterator[Finding]:
    if missing := placed.reading.form.missing:
        fields = "、".join(missing)
        yield make_finding(programme, "F10", observed=fields, fields=fields)


def _carried(placed: Placed, known: Known, programme: Programme) -> Iterator[Finding]:
    if carries := placed.reading.carries:
        what = "、".join(programme.wording["findings"]["F11"][key] for key in carries)
        yield make_finding(programme, "F11", observed=what, what=what)


def _other_template(placed: Placed, known: Known, programme: Programme) -> Iterator[Finding]:
    version, current = placed.reading.form.version.strip(), programme.template_version
    if version and current and version != current:
        yield make_finding(programme, "F16", observed=version, expected=current)


def _sent_back(placed: Placed, known: Known, programme: Programme) -> Iterator[Finding]:
    """M01, with the reason the city gave last: for the same values in whatever file, until the city takes it back."""
    if not any(decision.act == Act.RETURN for decision in known.decisions):
        return
    values = {entry.indicator: entry.value for entry in own_entries(placed, programme)}
    sent = sent_back((placed.district, placed.period), placed.reading.sha256, values, known.decisions, programme)
    if sent:
        reason = sent.reason.strip().rstrip("。")
        advice = programme.wording["findings"]["M01"]["advice"]
        yield make_finding(programme, "M01", observed=reason, reason=reason, advice=advice)


FileCheck = Callable[[Placed, Known, Programme], Iterator[Finding]]
FILE_CHECKS: tuple[tuple[str, FileCheck], ...] = (
    ("M01", _sent_back),
    ("F10", _blank_fields),
    ("F11", _carried),
    ("F16", _other_template),
)
"""Each under the rule that Z01 names when it fails."""

TimeCheck = Callable[[_Around], Iterator[Finding]]
TIME_CHECKS: tuple[tuple[str, TimeCheck], ...] = (
    ("F06", _earlier_missing),
    ("F09", _late),
    ("F14", _early),
    ("F15", _after_issue),
)
"""Those that need district and period."""
