"""Explanations and decisions applied to findings: marked, never removed. Then the status that follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pipeline.model import Act, Decision, Entry, Explanation, Finding, Grade, How, Known, State, Status
from pipeline.model.catalogue import is_settled
from pipeline.model.labels import date_label
from pipeline.model.matters import verdict
from pipeline.model.quoting import quoted
from pipeline.model.words import Words
from pipeline.rules.answers.explaining import STANDING, Question, Said, question, said, said_in_the_file
from pipeline.rules.place import Placed
from pipeline.rules.ratios import ratio
from schemas.programme import Programme

EXPLAIN, APPROVE, CITY = "explain", "approve", "city"
"""What closes a rule besides a corrected file (rules.csv)."""


def answered(
    findings: tuple[Finding, ...], placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme
) -> tuple[Finding, ...]:
    """The findings with the state that explanations and decisions give them."""
    if not any(_answerable(finding, programme) for finding in findings):
        return findings
    return tuple(_answered(f, placed, entries, known, programme) if _answerable(f, programme) else f for f in findings)


def explanations_in(
    findings: Sequence[Finding], placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme
) -> tuple[Explanation, ...]:
    """What the file itself explains and was taken: new entries for the ledger."""
    if not (placed.district and placed.period and _speaks(placed)):
        return ()
    found = []
    for finding in (finding for finding in findings if _answerable(finding, programme)):
        asked = question(finding, placed, entries, known, programme, ratio)
        if answer := said_in_the_file(asked):
            about = (finding.rule, placed.district, placed.period, finding.indicator, asked.matter.values)
            found.append(Explanation(*about, answer.text, answer.by, answer.at, compared=asked.matter.compared))
    return tuple(found)


def _speaks(placed: Placed) -> bool:
    form = placed.reading.form
    return bool(placed.reading.answers or form.nothing_new or form.remark)


def _answerable(finding: Finding, programme: Programme) -> bool:
    return programme.rules[finding.rule].closes in (EXPLAIN, APPROVE, CITY) and finding.grade != Grade.HINT


def _answered(finding: Finding, placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme) -> Finding:
    asked = question(finding, placed, entries, known, programme, ratio)
    every = said(asked)
    taken = [each for each in every if not each.refusal]
    decided = verdict(asked.matter, known.decisions)
    if decided and decided.act == Act.REFUSE:
        return _refused(asked, decided, every, taken)
    closes = programme.rules[finding.rule].closes
    if decided and (taken or closes == CITY):  # an approval is of an explanation: without that it holds no more
        return _with(finding, taken[-1].text if taken else None, State.APPROVED, _verdict(finding, decided, programme))
    if taken:
        return _explained(asked, taken[-1])
    return _not_taken(asked, every[-1], State.OPEN) if every else finding


def _refused(asked: Question, decided: Decision, every: Sequence[Said], taken: Sequence[Said]) -> Finding:
    """What was said before the refusal is refused by it; what was said since counts, unless it is the same again."""
    since = [each for each in taken if each.order > decided.entry]
    if since:
        return _explained(asked, since[-1])
    repeated = [each for each in every if each.repeated]
    if repeated:
        return _not_taken(asked, repeated[-1], State.REFUSED)
    text = (taken or every)[-1].text if every else None
    return _with(asked.finding, text, State.REFUSED, _verdict(asked.finding, decided, asked.programme))


def _explained(asked: Question, explained: Said) -> Finding:
    return _with(asked.finding, explained.text, State.EXPLAINED, _how(explained, asked.programme))


def _not_taken(asked: Question, explained: Said, state: State) -> Finding:
    note = Words(asked.programme, "answers").text("refused.note", why=explained.refusal)
    return _with(asked.finding, explained.text, state, quoted(note, asked.programme))


def _with(finding: Finding, text: str | None, state: State, note: str | None) -> Finding:
    return dataclasses.replace(finding, state=state, explanation=text, note=note)


def _how(explained: Said, programme: Programme) -> str | None:
    words = Words(programme, "answers")
    return {STANDING: words.text("decided.standing"), How.PHONE: words.text("decided.phone")}.get(explained.how)


def _verdict(finding: Finding, decided: Decision, programme: Programme) -> str:
    said_by = {"by": decided.by, "date": date_label(decided.at.date(), programme), "reason": decided.reason}
    refused = "refuse" if programme.rules[finding.rule].closes == APPROVE else "refuse_explanation"
    verdict = "approve" if decided.act == Act.APPROVE else refused
    return quoted(Words(programme, "answers").text(f"decided.{verdict}", **said_by), programme)


def status_of(findings: Sequence[Finding], programme: Programme) -> Status:
    """What a return's findings make of it (domain.md “Grades and the loop”).

    An error sends it back until the city approves; while an explained one waits for the city, the return waits too. A query waits
    until it is explained or, where only the city closes it, approved.
    """
    unsettled = [f for f in findings if f.grade != Grade.HINT and not is_settled(f, programme)]
    if any(f.grade == Grade.ERROR and f.state != State.EXPLAINED for f in unsettled):
        return Status.RETURNED
    return Status.PENDING if unsettled else Status.ACCEPTED
