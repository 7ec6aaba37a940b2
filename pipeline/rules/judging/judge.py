"""The batch judged: structure, then one frame and one pandera pass, then a status for each return."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Accepted, Area, Entry, Explanation, Finding, Grade, History, Known, Place, Status, Undecided
from pipeline.model.catalogue import make_finding, place_name
from pipeline.rules.answers.answers import answered, explanations_in, status_of
from pipeline.rules.arrivals import new_version
from pipeline.rules.blank_row import told_blank
from pipeline.rules.file_and_time import circumstances, owed_periods
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.judging.cases import Case, Row, around, complete_row, current_version, make_case
from pipeline.rules.judging.follows import without_consequences
from pipeline.rules.judging.frame import make_frame
from pipeline.rules.judging.verdicts import Verdicts, verdicts
from pipeline.rules.own_row import own_entries, structure
from pipeline.rules.place import LAST, Placed
from pipeline.rules.table import RULES, Rule, reason
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
    result = verdicts(make_frame(cases, programme), RULES, programme)
    in_frame = _findings(batch, cases, result, programme)
    undecided = _undecided(cases, result, programme)
    owed = owed_periods(past, calendar)
    return [
        _settle(
            placed,
            case,
            (*circumstances(placed, past, owed, known, calendar), *structure(placed, past, programme), *in_frame[n]),
            undecided[n],
            known,
            past,
            programme,
        )
        for n, (placed, case) in enumerate(zip(batch, cases, strict=True))
    ]


def _settle(
    placed: Placed,
    case: Case,
    found: tuple[Finding, ...],
    undecided: tuple[Undecided, ...],
    known: Known,
    past: History,
    programme: Programme,
) -> Judged:
    place = _place(placed)
    version = new_version(current_version(known, place) if place else None, case.values, programme)
    every = without_consequences((*placed.findings, *((version,) if version else ()), *found), programme)
    period = placed.period.isoformat() if placed.period else None
    findings = tuple(dataclasses.replace(f, district=placed.district, period=period) for f in every)
    settling = dataclasses.replace(known, history=past)
    findings = answered(findings, placed, case.entries, settling, programme)
    explained = explanations_in(findings, placed, case.entries, settling, programme)
    return Judged(placed, status_of(findings, programme), case.entries, findings, undecided, explained)


def _findings(batch: Sequence[Placed], cases: Sequence[Case], result: Verdicts, programme: Programme) -> list[list[Finding]]:
    """Findings of the frame's rules by submission, in the order of the rules."""
    width = len(programme.indicator_ids)
    findings: list[list[Finding]] = [[] for _ in cases]
    for rule in RULES:
        crashed = set(result.crashed.get(rule.id, ()))
        for row in result.found.get(rule.id, ()):
            number, position = divmod(row, width)
            indicator = None if rule.row_wide else programme.indicator_ids[position]
            try:
                findings[number].append(_finding(rule, batch[number], cases[number], indicator, programme))
            except Exception:
                log.exception("rule %s failed", rule.id)
                crashed.add(number)
        for number in sorted(crashed):
            findings[number].append(make_finding(programme, "Z01", rule=rule.id))
    return findings


def _finding(rule: Rule, placed: Placed, case: Case, indicator: str | None, programme: Programme) -> Finding:
    table = placed.table
    assert table is not None
    entry = next((entry for entry in case.entries if entry.indicator == indicator), None)
    described = rule.describe(case, entry, programme)
    words = {f"{word}_" if word in ("indicator", "observed", "expected") else word: text for word, text in described.items()}
    at = None if rule.beside else entry
    if entry:
        words["cell_"] = place_name(programme, entry.row, entry.column, addressed=table.addressed)
    finding = make_finding(
        programme,
        rule.id,
        sheet=table.sheet,
        cell=at.cell if at else _range(case) if rule.row_wide else None,
        indicator=indicator,
        observed=at.observed.strip() if at else described.get("observed"),
        expected=described.get("expected"),
        outward=rule.outward,
        **words,
    )
    if rule.id == "C02" and all(any(p.rule == "C02" for p in e.problems) for e in case.entries):
        finding = dataclasses.replace(finding, message=told_blank(placed, case.entries[0].row, programme))
    return finding


def _range(case: Case) -> str | None:
    columns = [entry.column for entry in case.entries]
    return Area(case.entries[0].row, min(columns), case.entries[0].row, max(columns)).address if columns else None


def _undecided(cases: Sequence[Case], result: Verdicts, programme: Programme) -> list[tuple[Undecided, ...]]:
    """What could not be compared, for returns whose cell has a number: a cell without one has its own finding."""
    words = programme.wording["findings"]["undecided"]
    width = len(programme.indicator_ids)
    undecided: list[list[Undecided]] = [[] for _ in cases]
    for rule in RULES:
        for row in result.undecided.get(rule.id, ()):
            number, position = divmod(row, width)
            case, indicator = cases[number], programme.indicator_ids[position]
            comparable = (
                any(v is not None for v in case.values.values()) if rule.row_wide else case.values.get(indicator) is not None
            )
            why = reason(rule, case, programme) if comparable else None
            if why:
                undecided[number].append(Undecided(rule.id, words[why], None if rule.row_wide else indicator))
    return [tuple(each) for each in undecided]
