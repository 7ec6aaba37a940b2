"""What a district says to a finding: answers in its own file, explanations given before, and those that stand for the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from pipeline.checks.placing import Placed
from pipeline.findings import bound_values
from pipeline.model import Act, Answer, Entry, Finding, How, Known, Values
from pipeline.parse.explanations import substance, why_not
from schemas.programme import Programme

STANDING = "standing"
WHOLE_ROW = ("district", "target")
"""Scopes of rules that a line about all four indicators (四项合计) may answer, though they mark one cell."""

Ratio = Callable[[str, Values, Programme, str | None], Fraction | None]
"""How far a row exceeds what its rule expects; an explanation stands for the year while that does not grow much."""


def values_of(entries: tuple[Entry, ...]) -> Values:
    return {entry.indicator: entry.value for entry in entries}


@dataclass(frozen=True)
class Said:
    """An explanation that answers a finding. ``refusal`` is the Chinese reason why it is not taken, empty where it is."""

    text: str
    by: str
    at: dt.datetime
    how: str
    refusal: str = ""


def said(
    finding: Finding, placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme, ratio: Ratio
) -> Said | None:
    """The latest explanation of the finding that can be taken, else the latest that cannot, else None."""
    bound = bound_values(finding.rule, finding.indicator, values_of(entries), programme)
    every = [
        *_standing(finding, bound, placed, known, programme, ratio),
        *_recorded(finding, bound, known),
        *_in_the_file(finding, placed, programme),
    ]
    judged = [_examined(each, finding, programme) for each in sorted(every, key=lambda each: each.at)]
    taken = [each for each in judged if not each.refusal]
    return (taken or judged)[-1] if judged else None


def _examined(each: Said, finding: Finding, programme: Programme) -> Said:
    if finding.rule in programme.answers.nothing_new_rules and each.text == programme.wording["answers"]["nothing_new"]:
        return each  # 本期有无新增＝无: the form asks for no more
    refusal = each.refusal or why_not(each.text, finding.rule, programme)
    return replace(each, refusal=refusal) if refusal else each


def _recorded(finding: Finding, bound: Values, known: Known) -> Iterator[Said]:
    """Explanations of earlier files and by telephone, to the same values."""
    place = (finding.rule, finding.indicator, finding.district, finding.period)
    for e in known.explanations:
        if (e.rule, e.indicator, e.district, e.period.isoformat()) == place and dict(e.values) == bound:
            yield Said(e.text, e.by, e.at, e.how)
    for d in known.decisions:
        about = (d.rule, d.indicator, d.district, d.period.isoformat() if d.period else None)
        if d.act == Act.EXPLAIN and about == place and dict(d.values) == bound:
            yield Said(d.reason, d.by, d.at, How.PHONE)


def _standing(
    finding: Finding, bound: Values, placed: Placed, known: Known, programme: Programme, ratio: Ratio
) -> Iterator[Said]:
    """X02 and X03: an explanation of an earlier period of the year holds while the ratio grows by no more than a fifth (沿用)."""
    now = ratio(finding.rule, bound, programme, finding.indicator)
    if now is None or placed.period is None:
        return
    for e in known.explanations:
        same = (e.rule, e.indicator, e.district) == (finding.rule, finding.indicator, finding.district)
        if same and e.period < placed.period and e.period.year == placed.period.year:
            then = ratio(e.rule, e.values, programme, e.indicator)
            if then is not None and now <= then * (1 + Fraction(str(programme.answers.standing_growth))):
                yield Said(e.text, e.by, e.at, STANDING)


def _in_the_file(finding: Finding, placed: Placed, programme: Programme) -> Iterator[Said]:
    form, at = placed.reading.form, placed.received
    if at is None:
        return
    words = programme.wording["answers"]
    lapsed = words["refused"]["changed"]
    for answer in placed.reading.answers:
        if _answers(answer, finding, programme):
            changed = answer.observed is not None and answer.observed.strip() != (finding.observed or "").strip()
            refusal = lapsed.format(old=answer.observed, new=finding.observed) if changed else ""
            yield Said(_with_amount(answer, programme), form.filler, at, How.SHEET, refusal)
    if form.nothing_new and finding.rule in programme.answers.nothing_new_rules:
        yield Said(words["nothing_new"], form.filler, at, How.SHEET)
    if form.remark and finding.rule in programme.answers.remark_rules:
        yield Said(form.remark, form.filler, at, How.SHEET)


def _with_amount(answer: Answer, programme: Programme) -> str:
    """The reason with the amount stated beside it; an amount makes no reason of what is none."""
    if not answer.amount or len(substance(answer.text, programme)) < programme.answers.min_length:
        return answer.text
    return answer.text + str(programme.wording["answers"]["amount"]).format(amount=answer.amount)


def _answers(answer: Answer, finding: Finding, programme: Programme) -> bool:
    """A line of 审核说明 names its rule; one of 情况说明 a matter; one of 补充说明 only its indicator."""
    if answer.rule is not None:
        return (answer.rule, answer.indicator) == (finding.rule, finding.indicator)
    whole = finding.indicator is None or programme.rules[finding.rule].scope in WHOLE_ROW
    if finding.indicator != answer.indicator and not (whole and answer.indicator is None):
        return False  # a line about another indicator, or about none in particular, settles nothing here
    named = {rule for matter in programme.matters for rule in matter.rules}
    rules = next((matter.rules for matter in programme.matters if matter.id == answer.matter), ())
    return finding.rule in rules if rules else answer.matter is None or finding.rule not in named
