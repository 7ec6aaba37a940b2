"""Rules of a row by itself: what the reader met in its cells (C), and indicators beside each other (X)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from pipeline.model.words import Words
from pipeline.rules.blank_row import told_blank
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Found, ReturnRule, Unsure, at, failing, tenths
from schemas.programme import Programme

Judge = Callable[[Case, Programme], Iterator[Found | Unsure]]


def as_read(rule: str) -> ReturnRule:
    """A C rule: the reader has met it while it split the cell into number or reason."""
    return ReturnRule(rule, lambda case, programme: _met(rule, case, programme) if rule in case.met else iter(()))


def _met(rule: str, case: Case, programme: Programme) -> Iterator[Found]:
    for entry in case.ordered:
        problem = next((problem for problem in entry.problems if problem.rule == rule), None)
        if problem:
            yield at(case, entry, programme, **dict(problem.params))


def c02(case: Case, programme: Programme) -> Iterator[Found]:
    """C02; of a row that holds nothing at all, where the figures are instead."""
    message = ""
    if case.entries and all(entry.blank for entry in case.entries):
        message = told_blank(case.placed, case.entries[0].row, programme)
    yield from (replace(found, message=message) for found in _met("C02", case, programme))


def x01(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """X01, at the headline's cell: the headline is 0 while another indicator is above 0."""
    headline = case.entry(programme.headline)
    if headline is None or headline.value != 0:
        return
    others = {indicator: case.values.get(indicator) for indicator in programme.indicator_ids if indicator != programme.headline}
    above = next((indicator for indicator, value in others.items() if value), None)
    if above:
        yield at(case, headline, programme, indicator=programme.indicator(above).name, observed=str(others[above]))
    elif None in others.values() or not others:
        yield Unsure("missing_value", programme.headline)


def in_proportion(rule: str) -> Judge:
    """X02, X03, at the cell of the indicator that is too large beside another. Without proportions of the rule all pass."""

    def judge(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
        failed = {entry.indicator for entry, _ in failing(rule, case)}
        if case.known and not failed:
            return
        limits = [limit for limit in programme.proportions if limit.rule == rule]
        for entry, value in case.numbers:
            own = [limit for limit in limits if limit.indicator == entry.indicator]
            if entry.indicator in failed:
                base = case.values[own[0].base]
                assert base is not None
                words = {"observed": str(value), "expected": str(base)}
                if own[0].what:
                    ratio = tenths(Fraction(value, base)) if base else ""
                    said = Words(programme, "findings")
                    words["what"] = said.text(f"{rule}.{own[0].what}", **words, ratio=ratio, gap=value - base)
                yield at(case, entry, programme, **words)
            elif any(case.values.get(limit.base) is None and value >= limit.least for limit in own):
                yield Unsure("missing_value", entry.indicator)

    return judge
