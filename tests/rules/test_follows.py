"""What follows from another finding is said once; clean data is not asked about."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.model import Accepted, Entry, Finding, History, Known, Row, Status
from pipeline.rules.judging.batch import run_batch
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.judging.follows import without_consequences
from pipeline.rules.place import Placed
from tests.house.test_panel import PERIODS
from tests.returns import clean_panel
from tests.support.judging import NOW, PROGRAMME, placed, spec

SAME_CELL = [(rule.id, cause) for rule in PROGRAMME.rules.values() for cause in rule.said_at_its_cell_by]
SAME_RETURN = [(rule.id, cause) for rule in PROGRAMME.rules.values() for cause in rule.said_already_by]


def finding(rule: str, cell: str | None) -> Finding:
    return Finding(rule, PROGRAMME.rules[rule].grade, "", "", cell=cell)


@pytest.mark.parametrize(("rule", "cause"), SAME_CELL)
def test_what_follows_at_a_cell_is_said_once(rule: str, cause: str) -> None:
    here, there = finding(cause, "C5"), finding(rule, "D5")
    assert without_consequences((here, finding(rule, "C5"), there), PROGRAMME) == (here, there)


@pytest.mark.parametrize(("rule", "cause"), SAME_RETURN)
def test_what_follows_in_a_return_is_said_once(rule: str, cause: str) -> None:
    first = finding(cause, "C5:F5")
    assert without_consequences((finding(rule, "D5"), first), PROGRAMME) == (first,)
    assert without_consequences((finding(rule, "D5"),), PROGRAMME) == (finding(rule, "D5"),)


def test_no_error_is_left_unsaid_and_no_question_for_a_hint() -> None:
    """Whoever answers what is said has answered what is not."""
    weight = {"hint": 0, "query": 1, "error": 2}
    for rule, cause in (*SAME_CELL, *SAME_RETURN):
        assert weight[PROGRAMME.rules[rule].grade] <= weight[PROGRAMME.rules[cause].grade]
        assert PROGRAMME.rules[rule].grade != "error"


def of_panel(model: Placed, district: str, period: dt.date, values: dict[str, int]) -> Placed:
    """A return as the reader would have read it, without the file."""
    assert model.table is not None
    entries = tuple(Entry(i, 5, 3 + n, str(values[i]), values[i]) for n, i in enumerate(PROGRAMME.indicator_ids))
    table = dataclasses.replace(model.table, rows=(Row(5, district, district, "standard", 2, entries),), total=None)
    name = f"{district}{period}"
    reading = dataclasses.replace(model.reading, file=name, sha256=name, tables=(table,))
    return dataclasses.replace(model, reading=reading, district=district, period=period, table=table)


@pytest.mark.parametrize(("periods", "seed"), [("quarters", 1), ("quarters", 2), ("months", 3), ("irregular", 4)])
def test_clean_data_is_not_asked_about(periods: str, seed: int) -> None:
    """No error, and no more than 2 queries in 1,000 returns."""
    model, panel = placed(spec()), clean_panel(PROGRAMME, PERIODS[periods], seed)
    calendar = Calendar(PROGRAMME, dt.date(2027, 1, 1), frozenset(PERIODS[periods]))
    ledger: History = {}
    asked: list[tuple[str, str]] = []
    for period in PERIODS[periods]:
        files = [(of_panel(model, district, period, panel[district, period]), NOW) for district in PROGRAMME.district_names]
        for submission in run_batch(files, Known({}, ledger), calendar):
            grave = [f for f in submission.findings if f.grade != "hint"]
            asked += [(f.grade, f"{f.rule} {f.district} {f.period} {f.message}") for f in grave]
            if submission.status is Status.ACCEPTED:
                values = {i: value for i, value in submission.values.items() if value is not None}
                ledger.setdefault(str(submission.district), {})[period] = Accepted(1, values)
    assert [text for grade, text in asked if grade == "error"] == []
    assert len(asked) <= len(panel) * 2 / 1000, asked
