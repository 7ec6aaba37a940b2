"""Explanations and decisions applied to findings: marked, never removed. Then the status that follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pipeline.checks.explaining import STANDING, Said, said, values_of
from pipeline.checks.placing import Placed
from pipeline.checks.ratios import ratio
from pipeline.findings import bound_values, is_settled
from pipeline.labels import date_label
from pipeline.model import Act, Decision, Entry, Explanation, Finding, Grade, How, Known, State, Status
from pipeline.quoting import quoted
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
    alone = dataclasses.replace(known, explanations=(), decisions=())
    found = []
    for finding in findings:
        answer = said(finding, placed, entries, alone, programme, ratio) if _answerable(finding, programme) else None
        if answer and not answer.refusal:
            bound = bound_values(finding.rule, finding.indicator, values_of(entries), programme)
            found.append(
                Explanation(
                    finding.rule, placed.district, placed.period, finding.indicator, bound, answer.text, answer.by, answer.at
                )
            )
    return tuple(found)


def _speaks(placed: Placed) -> bool:
    form = placed.reading.form
    return bool(placed.reading.answers or form.nothing_new or form.remark)


def _answerable(finding: Finding, programme: Programme) -> bool:
    return programme.rules[finding.rule].closes in (EXPLAIN, APPROVE, CITY) and finding.grade != Grade.HINT


def _answered(finding: Finding, placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme) -> Finding:
    words = programme.wording["answers"]
    explained = said(finding, placed, entries, known, programme, ratio)
    decided = _decided(finding, entries, known, programme)
    text = explained.text if explained else None
    if decided and not (explained and not explained.refusal and decided.act == Act.REFUSE and explained.at > decided.at):
        return _with(finding, text, *_verdict(finding, decided, programme))
    if explained and explained.refusal:
        return _with(finding, text, State.OPEN, quoted(words["refused"]["note"].format(why=explained.refusal), programme))
    if explained:
        return _with(finding, text, State.EXPLAINED, _how(explained, programme))
    return finding


def _with(finding: Finding, text: str | None, state: State, note: str | None) -> Finding:
    return dataclasses.replace(finding, state=state, explanation=text, note=note)


def _how(explained: Said, programme: Programme) -> str | None:
    words: dict[str, str] = programme.wording["answers"]["decided"]
    return {STANDING: words["standing"], How.PHONE: words["phone"]}.get(explained.how)


def _verdict(finding: Finding, decided: Decision, programme: Programme) -> tuple[State, str]:
    words = programme.wording["answers"]["decided"]
    said_by = {"by": decided.by, "date": date_label(decided.at.date(), programme), "reason": decided.reason}
    if decided.act == Act.APPROVE:
        return State.APPROVED, quoted(words["approve"].format(**said_by), programme)
    kind = "refuse" if programme.rules[finding.rule].closes == APPROVE else "refuse_explanation"
    return State.REFUSED, quoted(words[kind].format(**said_by), programme)


def _decided(finding: Finding, entries: tuple[Entry, ...], known: Known, programme: Programme) -> Decision | None:
    """The last decision about this finding at these values."""
    bound = bound_values(finding.rule, finding.indicator, values_of(entries), programme)
    place = (finding.rule, finding.indicator, finding.district, finding.period)
    fitting = [
        d
        for d in known.decisions
        if d.act in (Act.APPROVE, Act.REFUSE)
        and (d.rule, d.indicator, d.district, d.period.isoformat() if d.period else None) == place
        and dict(d.values) == bound
    ]
    return fitting[-1] if fitting else None


def status_of(findings: Sequence[Finding], programme: Programme) -> Status:
    """What a return's findings make of it (domain.md “Grades and the loop”).

    An error sends it back until the city approves; while an explained one waits for the city, the return waits too. A query waits
    until it is explained or, where only the city closes it, approved.
    """
    unsettled = [f for f in findings if f.grade != Grade.HINT and not is_settled(f, programme)]
    if any(f.grade == Grade.ERROR and f.state != State.EXPLAINED for f in unsettled):
        return Status.RETURNED
    return Status.PENDING if unsettled else Status.ACCEPTED
