"""The batch judged: one frame and one pandera pass, then every rule of each file and return, then a status."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.model import Accepted, Entry, Explanation, Finding, Grade, History, Known, Place, Status, Undecided
from pipeline.model.catalogue import make_finding
from pipeline.model.words import Words
from pipeline.rules.answers.answers import answered, explanations_in, status_of
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.judging.cases import Case, FileCase, Row, around, complete_row, make_case, owed_periods
from pipeline.rules.judging.follows import without_consequences
from pipeline.rules.judging.frame import make_frame
from pipeline.rules.judging.verdicts import Verdicts, verdicts
from pipeline.rules.own_row import own_entries
from pipeline.rules.place import LAST, Placed
from pipeline.rules.rule import FileRule, Found, Needs, ReturnRule, finding_of
from pipeline.rules.table import RULES
from schemas.programme import Programme

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """A placed return with its entries, its findings in a fixed order, and the status that follows from them."""

    placed: Placed
    status: Status
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    explanations: tuple[Explanation, ...] = ()
    """What the return itself explains, as far as it was taken."""

    @property
    def values(self) -> dict[str, int | None]:
        return {entry.indicator: entry.value for entry in self.entries}


def judge_each(batch: Sequence[Placed], known: Known, calendar: Calendar) -> list[Judged]:
    """Judge returns against the ledger alone, never against each other."""
    return _judge(batch, _own(batch, calendar.programme), known.history, known, calendar, ())


def judge_together(batch: Sequence[Placed], known: Known, calendar: Calendar) -> list[Judged]:
    """Judge a run's returns as if they were posted one after the other, earlier periods first.

    What a return may lean on is what is accepted before it. The verdicts are found by repeating the one pass until what it
    accepts, and what is explained in it, is what it was given: a return depends on earlier periods only, so each pass settles at
    least one more period.
    """
    programme = calendar.programme
    own = _own(batch, programme)
    stated = _stated(batch, own, programme)
    accepted = {place: dict(zip(programme.indicator_ids, row, strict=True)) for place, row in stated}
    said: list[Explanation] = []
    while True:
        heard = dataclasses.replace(known, explanations=(*known.explanations, *said))
        judged = _judge(batch, own, _merge(known.history, accepted), heard, calendar, stated)
        settled = {place: _numbers(j) for j in judged if j.status is Status.ACCEPTED and (place := _place(j.placed))}
        explained = [dataclasses.replace(e, entry=LAST) for j in judged if j.placed.again is None for e in j.explanations]
        if (settled, explained) == (accepted, said):
            return _once_more(judged, _merge(known.history, accepted), heard, calendar, stated)
        accepted, said = settled, explained


def _once_more(
    judged: list[Judged], after: History, known: Known, calendar: Calendar, stated: Sequence[tuple[Place, Row]]
) -> list[Judged]:
    """What was not accepted, judged against all that was: the next run would find nothing else to say."""
    places = [n for n, each in enumerate(judged) if each.status is not Status.ACCEPTED]
    batch = [judged[n].placed for n in places]
    again = _judge(batch, _own(batch, calendar.programme), after, dataclasses.replace(known, history=after), calendar, stated)
    for n, each in zip(places, again, strict=True):
        if each.status is not Status.ACCEPTED:  # what could go through now goes through in the next run, after what it leans on
            judged[n] = each
    return judged


def _place(placed: Placed) -> Place | None:
    return (placed.district, placed.period) if placed.district and placed.period else None


def _own(batch: Sequence[Placed], programme: Programme) -> list[tuple[Entry, ...]]:
    return [own_entries(placed, programme) for placed in batch]


def _stated(batch: Sequence[Placed], own: Sequence[tuple[Entry, ...]], programme: Programme) -> list[tuple[Place, Row]]:
    """The complete rows of a run, whatever becomes of them; a file refused for what it is states nothing."""
    every = zip(batch, own, strict=True)
    fit = ((p, entries) for p, entries in every if not any(finding.grade == Grade.ERROR for finding in p.findings))
    rows = ((_place(p), complete_row(entries, programme)) for p, entries in fit)
    return [(place, row) for place, row in rows if place and row]


def _numbers(judged: Judged) -> dict[str, int]:
    return {indicator: value for indicator, value in judged.values.items() if value is not None}


def _merge(history: History, accepted: dict[tuple[str, dt.date], dict[str, int]]) -> History:
    merged: History = {district: dict(periods) for district, periods in history.items()}
    for (district, period), values in accepted.items():
        merged.setdefault(district, {})[period] = Accepted(0, values)
    return merged


def _judge(
    batch: Sequence[Placed],
    own: Sequence[tuple[Entry, ...]],
    past: History,
    known: Known,
    calendar: Calendar,
    stated: Sequence[tuple[Place, Row]],
) -> list[Judged]:
    """``own`` are the entries of each district's own row. ``past`` answers what was accepted before (of this run too), ``known``
    everything else, from the ledger alone."""
    programme = calendar.programme
    near = around(past, known, stated, programme)
    cases = [make_case(p, entries, near, programme) for p, entries in zip(batch, own, strict=True)]
    if not cases:
        return []
    owed = owed_periods(past, calendar)
    counted = _verdicts(cases, programme)
    settling = dataclasses.replace(known, history=past)
    of_file, of_place, of_table = ([r for r in RULES if isinstance(r, FileRule) and r.needs is need] for need in Needs)
    of_return = [rule for rule in RULES if isinstance(rule, ReturnRule)]
    judged = []
    for number, case in enumerate(cases):
        file = FileCase(case.placed, case.entries, past, owed, known, calendar)
        failing, crashed = counted.failing.get(number), counted.crashed.get(number, ())
        seen = dataclasses.replace(case, failing=failing) if failing else case
        found = _of_file(of_file, file) + (_of_file(of_place, file) if file.is_due else [])
        if table := file.placed.table:
            flaws = (dataclasses.replace(flaw, sheet=table.sheet) for flaw in table.flaws)
            found += [*flaws, *_of_file(of_table, file, table.sheet)]
        about_values, undecided = _of_return(of_return, seen, crashed, programme)
        judged.append(_settle(file.placed, case, (*found, *about_values), tuple(undecided), settling, programme))
    return judged


def _verdicts(cases: Sequence[Case], programme: Programme) -> Verdicts:
    """What is arithmetic on columns, for the whole batch at once."""
    from schemas.observations import ARITHMETIC

    return verdicts(make_frame(cases, programme), ARITHMETIC, programme)


def _settle(
    placed: Placed,
    case: Case,
    found: tuple[Finding, ...],
    undecided: tuple[Undecided, ...],
    known: Known,
    programme: Programme,
) -> Judged:
    """``known`` has what was accepted before, of this run too."""
    every = without_consequences((*placed.findings, *found), programme)
    period = placed.period.isoformat() if placed.period else None
    findings = tuple(dataclasses.replace(f, district=placed.district, period=period) for f in every)
    findings = answered(findings, placed, case.entries, known, programme)
    explained = explanations_in(findings, placed, case.entries, known, programme)
    return Judged(placed, status_of(findings, programme), case.entries, findings, undecided, explained)


def _of_file(rules: Sequence[FileRule], file: FileCase, sheet: str | None = None) -> list[Finding]:
    """What rules of a file find. One that raises is Z01 of this return, beside what it had found."""
    findings: list[Finding] = []
    for rule in rules:
        try:
            for found in rule.judge(file):
                findings.append(finding_of(rule.id, found, sheet, file.programme))
        except Exception:
            findings.append(_failed(rule.id, sheet, file.programme))
    return findings


def _of_return(
    rules: Sequence[ReturnRule], case: Case, crashed: Collection[str], programme: Programme
) -> tuple[list[Finding], list[Undecided]]:
    """What rules of a return find, and what they could not compare. ``crashed`` are those whose arithmetic raised. One that
    raises is Z01 beside what it had said."""
    sheet = case.table.sheet if case.table else None
    words = Words(programme, "findings").table("undecided")
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    for rule in rules:
        if rule.id in crashed:
            findings.append(_without_verdict(rule.id, None, programme))
            continue
        try:
            for said in rule.judge(case, programme):
                if isinstance(said, Found):
                    findings.append(finding_of(rule.id, said, sheet, programme))
                else:
                    undecided.append(Undecided(rule.id, words[said.why], said.indicator))
        except Exception:
            findings.append(_failed(rule.id, None, programme))
    return findings, undecided


def _failed(rule: str, sheet: str | None, programme: Programme) -> Finding:
    """Z01, for the exception that is being handled: the traceback is logged, the other rules and returns go on."""
    log.exception("rule %s failed", rule)
    return _without_verdict(rule, sheet, programme)


def _without_verdict(rule: str, sheet: str | None, programme: Programme) -> Finding:
    return make_finding(programme, programme.rule_for("failed"), sheet=sheet, rule=rule)
