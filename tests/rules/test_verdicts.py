"""One pandera pass: a crashing rule costs one return one verdict, and the frame is what schemas/observations.py says."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pandera.errors
import pytest

from pipeline.model import Known, Status, Submission
from pipeline.rules.judging import frame, judge, verdicts
from pipeline.rules.judging.cases import Case, FileCase, around, make_case
from pipeline.rules.judging.frame import make_frame
from pipeline.rules.own_row import own_entries
from pipeline.rules.rule import Found, MetRule, at, failing
from pipeline.rules.table import RULES
from schemas import observations
from schemas.observations import observation_schema
from schemas.programme import Programme
from tests.support.judging import JUNE, LUCHENG, PROGRAMME, SEPTEMBER, history, placed, rules, run, spec

BATCH = (
    ("鹿城区", {"projects": 12}),
    ("龙湾区", {"projects": 13}),
    ("瓯海区", {"projects": "约30"}),
)
FILES = [placed(spec(district=district, values=values)) for district, values in BATCH]
SOUND = [[], [], ["C04"]]


@pytest.fixture(autouse=True)
def _logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """import-linter, run by other tests in this process, disables every logger there is."""
    for module in (judge, verdicts):
        monkeypatch.setattr(module.log, "disabled", False)


def _with(monkeypatch: pytest.MonkeyPatch, rule: str, function: Callable[..., Any]) -> list[Submission]:
    """The batch judged with another function of one rule."""
    every: list[Any] = [*RULES]
    changed = [dataclasses.replace(r, judge=function) if r.id == rule and not isinstance(r, MetRule) else r for r in every]
    monkeypatch.setattr(judge, "RULES", tuple(changed))
    return run(FILES)


def _crashing_on(district: str) -> Callable[..., Iterator[Any]]:
    """A rule that cannot cope with one return."""

    def broken(case: Case | FileCase, *_: object) -> Iterator[Any]:
        if case.placed.district == district:
            raise ZeroDivisionError("broken rule")
        yield from ()

    return broken


def _broken_arithmetic(value: int) -> Callable[..., Any]:
    def kept(batch: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
        if (batch["value"] == value).any():
            raise ZeroDivisionError("broken rule")
        return batch["value"] != 8

    return kept


@pytest.mark.parametrize("rule", ["F06", "F10", "M01", "S05", "S12", "C06", "X01", "P01", "P02"])
def test_a_crashing_rule_is_z01_of_its_return_alone_under_its_own_name(
    rule: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        submissions = _with(monkeypatch, rule, _crashing_on("龙湾区"))
    assert [rules(s) for s in submissions] == [[], ["Z01"], ["C04"]]
    assert [s.status for s in submissions] == [Status.ACCEPTED, Status.PENDING, Status.RETURNED]
    (z01,) = (finding for finding in submissions[1].findings if finding.rule == "Z01")
    assert (z01.grade, z01.district, z01.message) == ("query", "龙湾区", f"规则{rule}未能得出结论。")
    assert "ZeroDivisionError: broken rule" in caplog.text
    assert "Traceback" in caplog.text


def test_what_a_rule_had_found_before_it_crashed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(case: Case, programme: Programme) -> Iterator[Found]:
        for entry, value in case.numbers[:1]:
            yield at(case, entry, programme, observed=str(value), expected="", later_period="")
        raise KeyError("no such column")

    assert [rules(s) for s in _with(monkeypatch, "P08", broken)] == [["P08", "Z01"], ["P08", "Z01"], ["C04", "P08", "Z01"]]


def test_a_finding_that_cannot_be_told_is_z01(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def wordless(case: Case, programme: Programme) -> Iterator[Found]:
        yield Found()

    assert [rules(s) for s in _with(monkeypatch, "P08", wordless)] == [["Z01"], ["Z01"], ["C04", "Z01"]]
    assert "KeyError" in caplog.text


def test_arithmetic_that_crashes_on_one_return_keeps_its_findings_about_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(observations.ARITHMETIC, "P08", _broken_arithmetic(13))

    def told(case: Case, programme: Programme) -> Iterator[Found]:
        for entry, value in failing("P08", case):
            yield at(case, entry, programme, observed=str(value), expected="", later_period="")

    assert [rules(s) for s in _with(monkeypatch, "P08", told)] == [["P08"], ["Z01"], ["C04", "P08"]]
    assert "ZeroDivisionError: broken rule" in caplog.text


def test_sound_rules_leave_no_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert [rules(s) for s in run(FILES)] == SOUND
    assert caplog.text == ""


def _frame() -> pd.DataFrame:
    ledger = history((LUCHENG, JUNE.replace(month=3), (8, 12, 7, 3)), (LUCHENG, SEPTEMBER, (9, 12, 7, 3)))
    near = around(ledger, Known(history=ledger), (), PROGRAMME)
    cases = [make_case(f, own_entries(f, PROGRAMME), near, PROGRAMME) for f in FILES]
    return make_frame(cases, PROGRAMME)


def _schema() -> Any:
    return observation_schema(PROGRAMME, {})


def test_the_frame_obeys_its_schema() -> None:
    batch = _frame()
    _schema().validate(batch, lazy=True)
    assert len(batch) == len(FILES) * len(PROGRAMME.indicator_ids)
    first = batch.iloc[0]
    assert (first["value"], first["previous"], first["later"], first["target"]) == (8, 8, 9, 19)
    assert pd.isna(batch["value"].iloc[9])


@pytest.mark.parametrize(
    ("column", "value"),
    [("value", -1), ("value", 10**9), ("indicator", "strangers"), ("submission", 1)],
)
def test_the_schema_refuses_what_no_frame_may_hold(column: str, value: Any) -> None:
    batch = _frame()
    batch.loc[0, column] = value
    with pytest.raises(pandera.errors.SchemaErrors):
        _schema().validate(batch, lazy=True)


def test_a_frame_that_is_wrong_itself_is_a_mistake_of_the_program() -> None:
    with pytest.raises(pandera.errors.SchemaErrors):
        verdicts.verdicts(_frame().drop(columns="target"), {}, PROGRAMME)
    with pytest.raises(pandera.errors.SchemaErrors):
        verdicts.verdicts(_frame().assign(stray=1), {}, PROGRAMME)


def test_one_pass_judges_the_whole_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = []
    real = frame.make_frame

    def counted(*args: Any) -> pd.DataFrame:
        frames.append(args)
        return real(*args)

    monkeypatch.setattr(judge, "make_frame", counted)
    run(FILES[:2])
    assert [len(cases) for cases, _ in frames] == [2]
