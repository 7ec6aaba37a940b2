"""What a district says to a finding: answers in its own file, explanations given before, and those that stand for the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pipeline.model import Act, Answer, Decision, Entry, Explanation, Finding, How, Known, Values
from pipeline.model.matters import Matter, holding, matter_of, refused_texts, verdict
from pipeline.model.words import Words
from pipeline.reading.values.explanations import bare, substance, why_not
from pipeline.rules.place import Placed
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
    """An explanation that answers a finding. ``order`` is its entry in the ledger's sequence, ``refusal`` the Chinese reason
    why it is not taken, empty where it is; ``repeated`` says that it is so because the same was refused before."""

    text: str
    by: str
    at: dt.datetime
    how: str
    order: int
    refusal: str = ""
    repeated: bool = False


@dataclass(frozen=True)
class Question:
    """A finding with all that may settle it. ``known.history`` is what is in force, of this run too."""

    finding: Finding
    matter: Matter
    placed: Placed
    known: Known
    programme: Programme
    ratio: Ratio


def question(
    finding: Finding, placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme, ratio: Ratio
) -> Question:
    return Question(finding, matter_of(finding, values_of(entries), programme), placed, known, programme, ratio)


def said(asked: Question) -> list[Said]:
    """Every explanation of the finding, whether it can be taken or not, in the ledger's order."""
    every = [*_standing(asked), *_recorded(asked), *_in_the_file(asked)]
    return [_examined(each, asked) for each in sorted(every, key=lambda each: each.order)]


def said_in_the_file(asked: Question) -> Said | None:
    """The last of what the file itself says that can be taken."""
    taken = [each for each in (_examined(each, asked) for each in _in_the_file(asked)) if not each.refusal]
    return taken[-1] if taken else None


def _examined(each: Said, asked: Question) -> Said:
    """With the reason why it is not taken, if there is one."""
    refused = verdict(asked.matter, asked.known.decisions)
    if refused and refused.act == Act.REFUSE and each.order > refused.entry and _was_refused(each.text, refused, asked):
        return replace(each, refusal=Words(asked.programme, "answers").text("refused.repeated"), repeated=True)
    if asked.finding.rule in asked.programme.answers.nothing_new_rules and each.text == _nothing_new(asked.programme):
        return each  # 本期有无新增＝无: the form asks for no more
    refusal = each.refusal or why_not(each.text, asked.finding.rule, asked.programme)
    return replace(each, refusal=refusal) if refusal else each


def _was_refused(text: str, refused: Decision, asked: Question) -> bool:
    """Whether the same words, but for blanks and punctuation, were said to the matter before it was refused."""
    before = [*refused_texts(asked.matter, asked.known.explanations, asked.known.decisions)]
    before += [each.text for each in _standing(asked) if each.order < refused.entry]
    return bare(text) in map(bare, before)


def _nothing_new(programme: Programme) -> str:
    return Words(programme, "answers").text("nothing_new")


def _recorded(asked: Question) -> Iterator[Said]:
    """Explanations of earlier files and by telephone, to the same values."""
    for e in asked.known.explanations:
        if asked.matter.is_of(e) and not e.withdrawn:
            yield Said(e.text, e.by, e.at, e.how, e.entry)
    for d in holding(asked.known.decisions):
        if d.act == Act.EXPLAIN and asked.matter.is_of(d):
            yield Said(d.reason, d.by, d.at, How.PHONE, d.entry)


def _standing(asked: Question) -> Iterator[Said]:
    """X02 and X03: what explained an accepted row of an earlier period of the year holds while the ratio grows by no more than a
    fifth (沿用), until the city refuses it."""
    matter, period = asked.matter, asked.placed.period
    now = asked.ratio(matter.rule, matter.values, asked.programme, matter.indicator)
    if now is None or period is None:
        return
    most = 1 + Fraction(str(asked.programme.answers.standing_growth))
    own = asked.known.history.get(asked.placed.district or "", {})
    about = (matter.rule, matter.indicator, matter.district)
    refusals = [
        d
        for d in asked.known.decisions
        if d.act == Act.REFUSE and (d.rule, d.indicator, d.district) == about and not matter.is_of(d)
    ]
    for each in _of_the_year(asked, period):
        then = asked.ratio(matter.rule, each.values, asked.programme, matter.indicator)
        in_force = own.get(each.period)
        accepted = in_force is not None and in_force.values == dict(each.values)
        if then is not None and now <= then * most and accepted and not _refused_since(each, refusals, period):
            yield Said(each.text, each.by, each.at, STANDING, each.entry)


def _of_the_year(asked: Question, period: dt.date) -> Iterator[Explanation]:
    """What was said to the same rule and indicator in earlier periods of the year, by telephone too."""
    about = (asked.matter.rule, asked.matter.indicator, asked.matter.district)
    in_files = (e for e in asked.known.explanations if not e.withdrawn)
    for each in (*in_files, *_by_telephone(asked.known.decisions)):
        if (each.rule, each.indicator, each.district) == about and each.period < period and each.period.year == period.year:
            yield each


def _by_telephone(decisions: Sequence[Decision]) -> Iterator[Explanation]:
    for d in holding(decisions):
        if d.act == Act.EXPLAIN and d.rule and d.district and d.period:
            place = (d.rule, d.district, d.period, d.indicator)
            yield Explanation(*place, d.values, d.reason, d.by, d.at, How.PHONE, d.compared, d.entry)


def _refused_since(each: Explanation, refusals: Sequence[Decision], until: dt.date) -> bool:
    """Whether the city refused it since, where it was given or where it stood."""
    return any(d.entry > each.entry and d.period and each.period <= d.period <= until for d in refusals)


def _in_the_file(asked: Question) -> Iterator[Said]:
    form, at = asked.placed.reading.form, asked.placed.received
    if at is None:
        return
    finding, programme, order = asked.finding, asked.programme, asked.placed.order
    lapsed = _lapsed(asked)
    for answer in asked.placed.reading.answers:
        if _answers(answer, finding, programme):
            refusal = _of_other_values(answer, asked) or lapsed
            yield Said(_with_amount(answer, programme), form.filler, at, How.SHEET, order, refusal)
    if form.nothing_new and finding.rule in programme.answers.nothing_new_rules:
        yield Said(_nothing_new(programme), form.filler, at, How.SHEET, order, lapsed)
    if form.remark and finding.rule in programme.answers.remark_rules:
        yield Said(form.remark, form.filler, at, How.SHEET, order, lapsed)


def _lapsed(asked: Question) -> str:
    """Why what the file says does not hold any more: it was taken when its value was compared with another. Empty else."""
    file, about = asked.placed.again, (asked.finding.rule, asked.finding.indicator)
    taken = [e for e in asked.known.explanations if e.submission == file and (e.rule, e.indicator) == about] if file else []
    if not taken or any(asked.matter.is_of(e) for e in taken):
        return ""
    return _changed(taken[-1].compared, asked.matter.compared, asked.programme)


def _of_other_values(answer: Answer, asked: Question) -> str:
    """Why the answer does not hold: it repeats other values than the finding's. Empty where it does."""
    finding, compared = asked.finding, asked.matter.compared
    if answer.observed is not None and answer.observed.strip() != (finding.observed or "").strip():
        return _changed(answer.observed, finding.observed, asked.programme)
    if None not in (answer.expected, compared) and answer.expected != compared:
        return _changed(answer.expected, compared, asked.programme)
    return ""


def _changed(old: str | None, new: str | None, programme: Programme) -> str:
    return Words(programme, "answers").text("refused.changed", old=old, new=new)


def _with_amount(answer: Answer, programme: Programme) -> str:
    """The reason with the amount stated beside it; an amount makes no reason of what is none."""
    if not answer.amount or len(substance(answer.text, programme)) < programme.answers.min_length:
        return answer.text
    return answer.text + Words(programme, "answers").text("amount", amount=answer.amount)


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
