"""What is settled: a finding at its values. Which explanations and decisions are about it, and which of these still hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Act, Decision, Explanation, Finding, Values
from pipeline.model.catalogue import bound_values
from schemas.programme import Programme

"""The rule of a return that the city sent back by hand."""

WITH_THE_FILE = (Act.EXPLAIN, Act.APPROVE, Act.RETURN, Act.RECEIVE)
"""What was decided about a file, and is gone once that is withdrawn. A refusal stays: the same words are no better for it."""


@dataclass(frozen=True)
class Matter:
    """What an explanation, an approval or a refusal is about (domain.md “Grades and the loop”).

    ``values`` are the indicator's own, or the whole row. ``compared`` is what the value was compared with, as it is shown; None
    where it was compared with nothing, or with the row itself. ``period`` is ISO.
    """

    rule: str
    indicator: str | None
    district: str | None
    period: str | None
    values: Values
    compared: str | None

    def is_of(self, entry: Explanation | Decision) -> bool:
        """Whether the entry is about this matter. Where it is not known what its value was compared with (a ledger made before
        that was kept), it holds for the value alone."""
        period = entry.period.isoformat() if entry.period else None
        place = (entry.rule, entry.indicator, entry.district, period) == (self.rule, self.indicator, self.district, self.period)
        compared = None in (entry.compared, self.compared) or entry.compared == self.compared
        return place and compared and dict(entry.values) == dict(self.values)


def matter_of(finding: Finding, values: Values, programme: Programme) -> Matter:
    """The finding at the row's ``values``."""
    bound = bound_values(finding.rule, finding.indicator, values, programme)
    return Matter(finding.rule, finding.indicator, finding.district, finding.period, bound, compared_with(finding, programme))


def matter_decided(decision: Decision) -> Matter:
    """What an APPROVE, REFUSE or EXPLAIN is about."""
    assert decision.rule is not None
    period = decision.period.isoformat() if decision.period else None
    return Matter(decision.rule, decision.indicator, decision.district, period, decision.values, decision.compared)


def compared_with(finding: Finding, programme: Programme) -> str | None:
    """What a finding's value was compared with; None for rules about the whole row, which is all that they look at."""
    whole = finding.indicator is None or programme.rules[finding.rule].scope == "district"
    return None if whole else finding.expected


def verdict(matter: Matter, decisions: Sequence[Decision]) -> Decision | None:
    """The last approval or refusal of the matter, of decisions in the ledger's order; None too where that is an approval of a
    file that was withdrawn since."""
    about = [d for d in decisions if d.act in (Act.APPROVE, Act.REFUSE) and matter.is_of(d)]
    return about[-1] if about and any(d is about[-1] for d in holding(decisions)) else None


def refused_texts(matter: Matter, explanations: Sequence[Explanation], decisions: Sequence[Decision]) -> tuple[str, ...]:
    """What was said to the matter, in a file or by telephone, before the refusal that is in force; nothing without one."""
    refusal = verdict(matter, decisions)
    if refusal is None or refusal.act != Act.REFUSE:
        return ()
    in_files = [e.text for e in explanations if matter.is_of(e) and e.entry < refusal.entry]
    return (*in_files, *(d.reason for d in decisions if d.act == Act.EXPLAIN and matter.is_of(d) and d.entry < refusal.entry))


def holding(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions, in the ledger's order, without those about a file that was withdrawn for their place afterwards."""
    gone, kept = set[tuple[object, ...]](), list[Decision]()
    for decision in reversed(decisions):
        file = (decision.sha256, decision.district, decision.period)
        if withdraws_file(decision):
            gone.add(file)
        if decision.act not in WITH_THE_FILE or file not in gone:
            kept.append(decision)
    return tuple(reversed(kept))


Place = tuple[str | None, dt.date | None]
"""District and period."""


def withdraws_file(decision: Decision) -> bool:
    """Whether a file is withdrawn, and not something that was decided about one."""
    return decision.act == Act.WITHDRAW and decision.sha256 is not None and decision.rule is None


def sent_back(place: Place, sha256: str, values: Values, decisions: Sequence[Decision], programme: Programme) -> Decision | None:
    """The return by hand that holds for these values of the place, in whatever file, or for the file itself; None where there is
    none, or the city took it back."""
    about = [d for d in holding(decisions) if d.act == Act.RETURN or takes_back_return(d, programme)]
    here = [d for d in about if d.sha256 == sha256 or ((d.district, d.period) == place and _same_row(d.values, values))]
    return here[-1] if here and here[-1].act == Act.RETURN else None


def takes_back_return(decision: Decision, programme: Programme) -> bool:
    """Whether the city takes back that it sent a file back by hand; the file stays."""
    return decision.act == Act.WITHDRAW and decision.rule == programme.rule_for("sent_back")


def is_meant(file: str | None, bound: Values, sha256: str, values: Values) -> bool:
    """Whether what was sent back or refused, in ``file`` and ``bound`` to its values, is this file or holds in this row."""
    return file == sha256 or (bool(bound) and all(values.get(indicator) == value for indicator, value in bound.items()))


def _same_row(sent: Values, values: Values) -> bool:
    """A return by hand that does not say which row it sent back (a ledger made before that was kept) is of its file alone."""
    return bool(sent) and dict(sent) == dict(values)
