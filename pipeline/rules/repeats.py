"""Rules about rows that came before: the district's own (P02, P11) or another district's (P03)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace

from pipeline.model.labels import period_label
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Found, Unsure, of_row, row_of
from schemas.programme import Programme


def p02(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """P02: not the same as before where a district usually moves."""
    lively = _moves(case, programme)
    if lively is False:
        return
    same = _same(case, programme)
    if same and lively:
        yield _as_before(case, programme)
    elif same is not False and _has_number(case):
        yield Unsure("no_previous" if case.previous is None else "missing_value" if not case.known else "no_target")


def p11(case: Case, programme: Programme) -> Iterator[Found]:
    """P11: not the same as before where P02 does not mind."""
    if _same(case, programme) and _moves(case, programme) is False:
        yield _as_before(case, programme)


def p03(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """P03: not the row of another district, of this period or the one before."""
    if not case.known:
        if _has_number(case):
            yield Unsure("missing_value")
    elif case.twins:
        day, names = case.twins
        words = {"other": "、".join(names), "period": period_label(day, programme)}
        found = of_row(case, observed=row_of(case, programme), expected=row_of(case, programme), **words)
        yield replace(found, outward=("other",))


def _moves(case: Case, programme: Programme) -> bool | None:
    """Not all 0, and the district usually moves: told by its median increase, with fewer than two increases by its target.

    None where there is no target to tell it by.
    """
    limits = programme.thresholds
    if case.row is not None and not any(case.row):
        return False
    increases = case.increases(int(limits["P02_periods"]))
    if len(increases) >= 2:
        return statistics.median(increases) >= limits["P02_increase_median"]
    return None if case.owed is None else case.owed.annual >= limits["P02_annual_target"]


def _same(case: Case, programme: Programme) -> bool | None:
    """Whether all values equal the previous ones; None when that cannot be said."""
    if not case.known or not case.earlier:
        return None
    return all(case.values[i] == case.before(i) for i in programme.indicator_ids)


def _as_before(case: Case, programme: Programme) -> Found:
    assert case.previous
    values = row_of(case, programme)
    return of_row(case, observed=values, expected=values, previous_period=period_label(case.previous[0], programme))


def _has_number(case: Case) -> bool:
    return any(value is not None for value in case.values.values())
