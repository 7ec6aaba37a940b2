"""Rules that hold a number against what was accepted, prefilled or issued before (P01, P04 to P10)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.labels import period_label
from pipeline.model.words import Words
from pipeline.rules.growth import exchanged, falls, stands_out
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Found, Unsure, at, failing, of_row, tenths
from schemas.programme import Programme


def p01(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """P01: not below the last accepted value of an earlier period."""
    failed = {entry.indicator for entry, _ in failing("P01", case)}
    for entry, value in case.numbers:
        if case.previous and entry.indicator in failed:
            day, accepted = case.previous
            words = _lowered(entry.indicator, accepted.values[entry.indicator], value, programme)
            yield at(case, entry, programme, **words, previous_period=period_label(day, programme))
        elif case.before(entry.indicator) is None:
            yield Unsure("no_previous", entry.indicator)


def _lowered(indicator: str, before: int, value: int, programme: Programme) -> dict[str, str]:
    gap = f"{before - value}{programme.indicator(indicator).unit}"
    return {"observed": str(value), "expected": str(before), "gap": gap}


def p04(case: Case, programme: Programme) -> Iterator[Found]:
    """P04: so many fell at once that the period's increase may stand in place of the running total."""
    fallen = sum(falls(case, entry.indicator, value) for entry, value in case.numbers)
    if case.earlier and fallen >= programme.thresholds["P04_indicators"]:
        values = [case.values.get(i) for i in programme.indicator_ids]
        yield of_row(case, observed="、".join("—" if value is None else str(value) for value in values))


def p05(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """P05: no increase that stands out from the earlier ones and the year's plan."""
    for entry, value in case.numbers:
        grown = stands_out(case, entry.indicator, value, programme)
        if grown is None:
            short = len(case.earlier) < programme.thresholds["P05_increments"]
            yield Unsure("short_history" if short else "no_target", entry.indicator)
        elif grown and case.previous:
            form = Words(programme, "findings").table("P05")["uneven" if grown.uneven else "even"]
            observed, expected = (
                form.format(increase=grown.increases[n], rate=tenths(grown.rates[n]))
                for n in (len(grown.increases) - 1, grown.largest)
            )
            previous = period_label(case.previous[0], programme)
            yield at(case, entry, programme, observed=observed, expected=expected, previous_period=previous)


def p06(case: Case, programme: Programme) -> Iterator[Found]:
    """P06: the previous value beside the table, at no known address, is what the template was made with."""
    altered = case.altered or {}
    for indicator in (indicator for indicator in programme.indicator_ids if indicator in altered):
        shown, expected = altered[indicator]
        if case.prefilled_of:
            observed = shown.strip() or Words(programme, "findings").text("blank")
            words = {"previous_period": period_label(case.prefilled_of, programme)}
            yield Found(None, indicator, observed, str(expected), words)


def p07(case: Case, programme: Programme) -> Iterator[Found]:
    """P07: no other values than those of the issued bulletin."""
    issued = case.issued or {}
    stated = {indicator: value for indicator, value in case.values.items() if value is not None}
    restated = [(i, issued[i], value) for i, value in stated.items() if i in issued and issued[i] != value]
    if restated and case.period:
        words = Words(programme, "findings").raw("F08.change")
        changes = "；".join(words.format(indicator=programme.indicator(i).name, old=a, new=b) for i, a, b in restated)
        yield of_row(case, observed=changes, changes=changes, period=period_label(case.period, programme))


def p08(case: Case, programme: Programme) -> Iterator[Found]:
    """P08: not above an accepted value of a later period."""
    for entry, value in failing("P08", case):
        if case.later:
            day, accepted = case.later
            expected, later = str(accepted.values[entry.indicator]), period_label(day, programme)
            yield at(case, entry, programme, observed=str(value), expected=expected, later_period=later)


def p09(case: Case, programme: Programme) -> Iterator[Found]:
    """P09: not below the accepted version of the same period."""
    for entry, value in failing("P09", case):
        if case.current:
            words = _lowered(entry.indicator, case.current.values[entry.indicator], value, programme)
            yield at(case, entry, programme, **words, version=str(case.current.version))


def p10(case: Case, programme: Programme) -> Iterator[Found]:
    """P10: no two numbers whose exchange would make the row go on from the one before."""
    if not case.earlier:
        return
    unlike = (falls(case, i, value) or stands_out(case, i, value, programme) for i, value in case.values.items())
    found = exchanged(case, programme) if any(unlike) else None
    if found:
        first, other = (programme.indicator(i).name for i in found)
        yield of_row(case, indicator_=first, other_indicator=other)
