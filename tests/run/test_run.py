"""The main job on real files and a real ledger: what is accepted, what is returned, what has come before."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.returns import cell_of, write_return
from tests.support.workspaces import (
    DECEMBER,
    MARCH,
    NOW,
    SEPTEMBER,
    VALUES_IN_FORCE,
    by_name,
    drop,
    drop_return,
    left,
    report,
    rows,
    rules,
    run_now,
    spec,
    states,
    statuses,
    workspace_at,
)
from tests.upkeep import make_demo

pytestmark = pytest.mark.usefixtures("database", "one_crew")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def test_an_accepted_return_is_in_the_ledger_with_its_source(office: Workspace) -> None:
    name = drop_return(office, "鹿城区", values=(20, 30, 18, 8))
    sent = (office.inbox / name).read_bytes()
    sha256 = hashlib.sha256(sent).hexdigest()
    outcome = run_now(office)
    assert statuses(outcome) == {name: "accepted"}
    found = rows(
        office,
        "select v.district, v.period, v.number, o.indicator, o.value, o.sheet, o.cell, s.file, s.sha256 from observations o "
        "join versions v on v.id = o.version_id join judgements j on j.id = v.judgement_id "
        "join submissions s on s.id = j.submission_id order by o.cell",
    )
    cells = [cell_of(spec(office.programme, "鹿城区"), indicator) for indicator in office.programme.indicator_ids]
    assert [(row[3], row[4], row[6]) for row in found] == list(
        zip(office.programme.indicator_ids, (20, 30, 18, 8), cells, strict=True)
    )
    assert {(row[0], row[1], row[2], row[7], row[8]) for row in found} == {("鹿城区", "2025-03-31", 1, name, sha256)}
    assert (office.root / "ledger" / "originals" / sha256).read_bytes() == sent
    assert left(office) == []


def test_the_outcome_names_what_was_published_and_who_is_missing(office: Workspace) -> None:
    drop_return(office, "鹿城区")
    outcome = run_now(office)
    assert outcome.period == MARCH
    assert outcome.folders == (office.outbox / "2025-03-31",)
    assert outcome.missing == office.programme.district_names[1:]


def test_every_product_of_the_period_is_in_its_folder(office: Workspace) -> None:
    drop_return(office, "鹿城区")
    run_now(office)
    made = {path.name for path in (office.outbox / "2025-03-31").iterdir()}
    names = office.programme.wording["outbox"]["files"].values()
    assert {name.format(as_of=MARCH) for name in names} >= made
    assert made >= {"审核报告_2025-03-31.html", "审核报告_2025-03-31.json"}


def test_a_district_that_sent_nothing_is_missing_and_never_zero(office: Workspace) -> None:
    drop_return(office, "鹿城区")
    run_now(office)
    entry = next(entry for entry in report(office)["districts"] if entry["district"] == "龙湾区")
    assert (entry["state"], set(entry["values"].values())) == ("未报", {None})


def test_a_return_of_zeros_is_a_report(office: Workspace) -> None:
    name = drop_return(office, "鹿城区", values=(0, 0, 0, 0))
    assert statuses(run_now(office)) == {name: "accepted"}
    assert states(office)["鹿城区"] == "审核通过"


def test_a_folder_of_the_inbox_is_evidence_and_part_of_the_name(office: Workspace) -> None:
    name = drop_return(office, "鹿城区", naming="folders", layout="period_nowhere")
    outcome = run_now(office)
    assert name == "2025年3月底/鹿城区/附件2.xlsx"
    assert statuses(outcome) == {name: "accepted"}
    assert rows(office, "select file from submissions") == [(name,)]


def test_the_given_period_goes_to_files_that_state_none(office: Workspace) -> None:
    silent = drop_return(office, "鹿城区", naming="district_only", layout="period_nowhere")
    other = drop_return(office, "龙湾区", SEPTEMBER)
    outcome = by_name(run_now(office, given=MARCH))
    assert (outcome[silent].period, str(outcome[silent].status)) == (MARCH, "accepted")
    assert rules(outcome[other]) == ["F04"]


def test_a_file_that_states_no_period_keeps_the_one_it_was_given_when_it_is_judged_again(office: Workspace) -> None:
    values = (20, None, 18, 8)
    name = drop_return(office, "鹿城区", values=values, naming="district_only", layout="period_nowhere")
    assert rules(by_name(run_now(office, given=MARCH))[name]) == ["C02"]
    assert run_now(office, now=NOW + dt.timedelta(days=40)).files == ()
    assert rows(office, "select period, status from judgements") == [("2025-03-31", "returned")]


def test_a_dropped_value_is_returned_and_the_ledger_unchanged(office: Workspace) -> None:
    drop_return(office, "鹿城区", DECEMBER, (20, 30, 18, 8))
    run_now(office)
    before = rows(office, VALUES_IN_FORCE)
    name = drop_return(office, "鹿城区", MARCH, (20, 29, 18, 9))
    found = by_name(run_now(office))[name]
    (dropped,) = [finding for finding in found.findings if finding.rule == "P01"]
    assert str(found.status) == "returned"
    cell = cell_of(spec(office.programme, "鹿城区"), "projects")
    assert (dropped.grade, dropped.cell, dropped.observed, dropped.expected) == ("error", cell, "29", "30")
    assert rows(office, VALUES_IN_FORCE) == before
    judged = "select file, status from submissions s join judgements j on j.submission_id = s.id where period = '2025-03-31'"
    assert rows(office, judged) == [(name, "returned")]
    assert states(office)["鹿城区"] == "退回"
    assert left(office) == []


def test_a_returned_new_version_leaves_the_accepted_one_valid(office: Workspace) -> None:
    drop_return(office, "鹿城区", values=(20, 30, 18, 8))
    run_now(office)
    before = rows(office, VALUES_IN_FORCE)
    drop_return(office, "鹿城区", values=(20, "约30", 18, 8), naming="final")
    run_now(office)
    entry = next(entry for entry in report(office)["districts"] if entry["district"] == "鹿城区")
    assert rows(office, VALUES_IN_FORCE) == before
    assert (entry["state"], entry["marks"], entry["values"]["projects"]) == ("审核通过", ["新报第2版待处理"], 30)


def test_a_corrected_return_is_accepted_with_a_new_version(office: Workspace) -> None:
    drop_return(office, "鹿城区", values=(20, 30, 18, 8))
    run_now(office)
    name = drop_return(office, "鹿城区", values=(20, 31, 18, 8), naming="final")
    found = by_name(run_now(office))[name]
    assert (str(found.status), rules(found)) == ("accepted", ["F08"])
    query = "select number, value from versions v join observations o on o.version_id = v.id where indicator = 'projects'"
    assert rows(office, query) == [(1, 30), (2, 31)]


def test_a_later_period_is_compared_with_what_the_same_run_accepts(office: Workspace) -> None:
    drop_return(office, "鹿城区", DECEMBER, (20, 30, 18, 8))
    later = drop_return(office, "鹿城区", MARCH, (19, 30, 18, 8))
    assert rules(by_name(run_now(office))[later]) == ["P01"]


def test_the_same_file_again_is_a_duplicate_and_not_counted(office: Workspace) -> None:
    name = drop_return(office, "鹿城区")
    run_now(office)
    before = rows(office, VALUES_IN_FORCE)
    drop_return(office, "鹿城区")
    found = by_name(run_now(office))[name]
    assert (str(found.status), rules(found)) == ("duplicate", ["F07"])
    assert rows(office, VALUES_IN_FORCE) == before
    assert rows(office, "select count(*) from originals") == [(1,)]
    assert left(office) == []


def test_the_same_file_twice_in_one_run_counts_once(office: Workspace) -> None:
    made = write_return(spec(office.programme, "鹿城区"))
    for name in ("鹿城区2025年3月.xlsx", "鹿城区2025年3月(1).xlsx"):
        drop(office, name, made)
    assert sorted(statuses(run_now(office)).values()) == ["accepted", "duplicate"]
    assert rows(office, "select count(*) from versions") == [(1,)]


def test_a_returned_file_sent_again_stays_returned(office: Workspace) -> None:
    name = drop_return(office, "鹿城区", values=(20, "约30", 18, 8))
    run_now(office)
    drop_return(office, "鹿城区", values=(20, "约30", 18, 8))
    found = by_name(run_now(office))[name]
    assert (str(found.status), rules(found)) == ("duplicate", ["F07"])
    assert office.programme.wording["findings"]["F07"]["returned"]["consequence"] in found.findings[0].message
    assert states(office)["鹿城区"] == "退回"


def test_two_different_files_of_one_district_both_wait(office: Workspace) -> None:
    first = drop_return(office, "鹿城区", values=(20, 30, 18, 8))
    second = drop_return(office, "鹿城区", values=(21, 30, 18, 8), naming="final")
    other = drop_return(office, "龙湾区")
    found = by_name(run_now(office))
    assert {name: (str(found[name].status), rules(found[name])) for name in (first, second)} == {
        first: ("pending", ["F17"]),
        second: ("pending", ["F17"]),
    }
    assert str(found[other].status) == "accepted"
    assert rows(office, "select distinct district from versions") == [("龙湾区",)]
    assert states(office)["鹿城区"] == "待认定"


def test_an_attachment_is_kept_and_never_judged(office: Workspace) -> None:
    drop_return(office, "鹿城区")
    drop(office, "鹿城区2025年3月盖章件.pdf", make_demo.sealed_page())
    found = by_name(run_now(office))["鹿城区2025年3月盖章件.pdf"]
    assert (str(found.status), rules(found), found.period) == ("attachment", ["F12"], MARCH)
    assert (office.root / "ledger" / "originals" / found.sha256).read_bytes() == make_demo.sealed_page()
    assert left(office) == []
