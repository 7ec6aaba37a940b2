"""Sequences of events that the model test found to go wrong (tests/stateful), each as it happens in an office."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.run.test_city import decide, record
from tests.support.filled_templates import fill, template
from tests.support.issued import states, view
from tests.support.workspaces import DECEMBER, MARCH, NOW, SEPTEMBER, content, drop, run_now, spec, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

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


@pytest.mark.parametrize("names", [("甲", "乙"), ("乙", "甲")])
def test_the_marks_of_rivals_are_those_of_all(office: Workspace, names: tuple[str, str]) -> None:
    """One of two rivals holds the value that was explained by telephone for a file before them."""
    send(office, DECEMBER, 9, 6, 2, 2)
    send(office, MARCH, 8, 6, 3, 2)
    run_now(office)
    decide(office, "explain", rule="P01", indicator="enterprises", reason="企业迁出本市，核减1家")
    for name, projects in zip(names, (7, 8), strict=True):
        send(office, MARCH, projects, projects, 3, 2, name=f"鹿城区2025年3月{name}.xlsx")
    run_now(office, now=LATER)
    assert states(office)["鹿城区"] == ("待认定", ("电话说明",))


def test_what_a_file_in_force_explains_is_known_to_the_one_that_waits_in_the_same_run(office: Workspace) -> None:
    """December is in force and gives a reason for falls in advance; a September above it comes late. The newer December that
    waits with the same fall is told to be explained by the run in which September is accepted, and not only by the next."""
    reason = "企业迁出本市等3家，核减3家"
    blank = template(office.programme, "鹿城区", DECEMBER, before=None)
    names = {indicator.id: indicator.name for indicator in office.programme.indicators}
    lines = [(names["institutes"], "核减", None, reason)]
    drop(office, "鹿城区2024年12月.xlsx", fill(blank, (5, 6, 2, 2), reasons=lines, district="鹿城区"))
    run_now(office)
    send(office, DECEMBER, 4, 6, 2, 2)
    run_now(office)
    send(office, SEPTEMBER, 4, 6, 1, 3)
    run_now(office)
    place = {"district": "鹿城区", "period": SEPTEMBER, "rule": "P08", "indicator": "institutes"}
    decide(office, "explain", now=LATER, **place, reason=reason)
    decide(office, "approve", now=LATER, **place)
    found = record(office, DECEMBER).latest
    assert found
    assert [(f.rule, str(f.state)) for f in found.findings if f.grade != "hint"] == [("P01", "explained"), ("P09", "open")]
    before = content(office)
    run_now(office, now=LATER)
    assert content(office) == before
