"""Sequences of events that the model test found to go wrong (tests/stateful), each as it happens in an office."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.issued import states, view
from tests.returns import write_return
from tests.workspaces import DECEMBER, MARCH, NOW, content, drop, run_now, spec, workspace_at

pytestmark = pytest.mark.usefixtures("database")

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def send(office: Workspace, period: dt.date, *values: object, name: str = "") -> None:
    made = spec(office.programme, "鹿城区", period, values)  # type: ignore[arg-type]  # what districts write
    drop(office, name or f"鹿城区_{period}_{'_'.join(map(str, values))}.xlsx", write_return(made))


def test_what_may_go_through_does_so_in_the_run_that_lets_it(office: Workspace) -> None:
    """The corrected December is above the March in force, and waits; the March that comes above it lets it through."""
    send(office, DECEMBER, 5, 6, 2, 2)
    send(office, MARCH, 5, 7, 3, 2)
    run_now(office)
    send(office, DECEMBER, 7, 6, 2, 2)
    run_now(office)
    assert states(office, DECEMBER)["鹿城区"] == ("审核通过", ("新报第2版待处理",))
    send(office, MARCH, 8, 7, 3, 2)
    outcome = run_now(office, now=LATER)
    assert [str(file.status) for file in outcome.files] == ["accepted", "accepted"]
    assert view(office, DECEMBER).values["鹿城区", "enterprises"].value == 7
    before = content(office)
    assert run_now(office, now=LATER).files == ()
    assert content(office) == before


@pytest.mark.parametrize("names", [("甲", "乙"), ("乙", "甲")])
def test_which_of_rivals_has_a_fault_of_its_own_says_nothing_of_the_district(office: Workspace, names: tuple[str, str]) -> None:
    first, second = (f"鹿城区2025年3月{name}.xlsx" for name in names)
    send(office, MARCH, 5, -3, 2, 2, name=first)
    send(office, MARCH, 5, 6, 2, 2, name=second)
    run_now(office)
    assert states(office)["鹿城区"] == ("待认定", ())
