"""What a restatement (更正) changes of the bulletin issued before it, and what of the city's decisions is for everybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.model import Act, Decision, Issue
from pipeline.model.matters import holding
from pipeline.model.view import EXCUSED, MISSING, PeriodView
from pipeline.model.words import Words
from pipeline.products.figures.progress import places
from pipeline.products.figures.ranking import groups
from schemas.programme import Indicator, Programme


@dataclass(frozen=True, slots=True)
class Change:
    """A value of the issued bulletin and what it is now; None where the district has none, with the state shown instead."""

    district: str
    indicator: Indicator
    old: int | None
    new: int | None
    old_state: str
    new_state: str
    reason: str

    @property
    def difference(self) -> int | None:
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True)
class Restatement:
    """``changes`` in form and programme order; ``before`` and ``after``: district → rank by the headline indicator."""

    corrected: Issue
    changes: tuple[Change, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def moved(self) -> tuple[str, ...]:
        """Districts ranked both times, not in the same place; by the new rank."""
        by_rank = sorted(self.after, key=self.after.__getitem__)
        return tuple(name for name in by_rank if self.before.get(name, self.after[name]) != self.after[name])


def restatement(programme: Programme, view: PeriodView) -> Restatement | None:
    """The values in force beside those of the issue they correct; None where nothing is or was restated."""
    corrected = _corrected(view)
    if corrected is None:
        return None
    old = corrected.values
    new = {place: source.value for place, source in view.values.items()}
    changes = tuple(
        _change(programme, view, corrected, district, indicator)
        for district in programme.district_names
        for indicator in programme.indicators
        if old.get((district, indicator.id)) != new.get((district, indicator.id))
    )
    among = groups(programme, view.office, view.period)
    before, after = (places(programme, view.period, values, among) for values in (old, new))
    return Restatement(corrected, changes, before, after)


def _corrected(view: PeriodView) -> Issue | None:
    """The last issue while it is being restated, the one before when the last concluded a restatement."""
    if view.reopened:
        return view.issues[-1]
    concluded = len(view.issues) > 1 and view.issues[-1].reopened is not None
    return view.issues[-2] if concluded else None


def _change(programme: Programme, view: PeriodView, corrected: Issue, district: str, indicator: Indicator) -> Change:
    place = district, indicator.id
    old, source = corrected.values.get(place), view.values.get(place)
    excused = any(record.state == EXCUSED for record in view.districts if record.district == district)
    return Change(
        district=district,
        indicator=indicator,
        old=old,
        new=source.value if source else None,
        old_state=MISSING if district in corrected.missing else EXCUSED,
        new_state=EXCUSED if excused else MISSING,
        reason=_reason(programme, view, place, old, source.value if source else None),
    )


def _reason(programme: Programme, view: PeriodView, place: tuple[str, str], old: int | None, new: int | None) -> str:
    """The city's sentence on the value, else 补报 of what was not there, else why the period was opened again."""
    public = public_wording(programme, view, place, (old, new)) if new is not None else ""
    if public or old is not None:
        return public or _why(programme, view, place[0])
    return Words(programme, "findings").text("mark.added")


def _why(programme: Programme, view: PeriodView, district: str) -> str:
    """Of the last reopening of the district: its 通报用语, else its reason."""
    opened = reopening(view, district)
    text = (opened.wording.strip() or opened.reason) if opened else view.issues[-1].reopened or ""
    return _ended(programme, text)


def reopening(view: PeriodView, district: str | None = None) -> Decision | None:
    """The decision that last opened the period for restatement, or this district of it."""
    opened = [decision for decision in view.decisions if decision.act == Act.REOPEN]
    own = [decision for decision in opened if district is None or decision.district in (None, district)]
    return own[-1] if own else None


def public_wording(
    programme: Programme,
    view: PeriodView,
    place: tuple[str, str],
    pair: tuple[int | None, int],
    rules: Collection[str] | None = None,
) -> str:
    """通报用语 of the decision that approved this change of the value at ``place`` ((district, indicator)), without its full
    stop; empty without one: a sentence about another change says nothing of this one.

    ``pair`` is what the value is compared with where it is shown, and the value. Nothing else of a decision is for everybody.
    ``rules``: only approvals under these.
    """
    before, value = pair
    verdicts = [
        decision
        for decision in holding(view.decisions)
        if decision.act in (Act.APPROVE, Act.REFUSE)
        and (rules is None or decision.rule in rules)
        and (decision.district, decision.indicator) == place
        and decision.values.get(place[1]) == value
        and decision.compared in (None, str(before))
    ]
    approved = verdicts and verdicts[-1].act == Act.APPROVE
    return _ended(programme, verdicts[-1].wording) if approved else ""


def _ended(programme: Programme, text: str) -> str:
    return text.strip().rstrip(Words(programme, "bulletin").text("sentence_end"))
