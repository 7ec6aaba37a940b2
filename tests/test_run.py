"""The main job on real files and a real ledger: what is accepted, returned, repeated, refused, interrupted."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import posting, publishing, workspace
from pipeline.model import Status
from pipeline.run import check, look, rebuild
from pipeline.workspace import Workspace, WorkspaceBusy, open_workspace
from tests import make_demo
from tests.returns import cell_of, write_return
from tests.workspaces import (
    DECEMBER,
    MARCH,
    NOW,
    NUMBERS,
    SEPTEMBER,
    VALUES_IN_FORCE,
    age,
    by_name,
    content,
    drop,
    drop_return,
    left,
    rows,
    rules,
    run_now,
    spec,
    statuses,
    tree,
    workspace_at,
)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def report(office: Workspace, period: dt.date = MARCH) -> dict[str, Any]:
    """The period's report as it stands in the outbox."""
    name = office.programme.wording["outbox"]["files"]["report_json"].format(as_of=period)
    record: dict[str, Any] = json.loads((office.outbox / period.isoformat() / name).read_text(encoding="utf-8"))
    return record


def states(office: Workspace, period: dt.date = MARCH) -> dict[str, str]:
    return {entry["district"]: entry["state"] for entry in report(office, period)["districts"]}


# --- accepted


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


# --- returned


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


# --- repeated files, rivals, attachments


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


# --- files that cannot be read


def torn(office: Workspace, name: str = "鹿城区2025年3月.xlsx") -> Path:
    """A workbook of which only the first half has arrived."""
    whole = write_return(spec(office.programme, "鹿城区"))
    return drop(office, name, whole[: len(whole) // 2])


@pytest.mark.parametrize("minutes", [0, 9])
def test_an_unfinished_file_waits_for_ten_minutes(office: Workspace, minutes: float) -> None:
    age(torn(office), minutes)
    assert statuses(run_now(office)) == {"鹿城区2025年3月.xlsx": "waiting"}
    assert left(office) == ["鹿城区2025年3月.xlsx"]
    assert rows(office, "select count(*) from submissions") == [(0,)]


@pytest.mark.parametrize("minutes", [10, 11, 600])
def test_an_unfinished_file_is_returned_after_ten_minutes(office: Workspace, minutes: float) -> None:
    age(torn(office), minutes)
    (found,) = run_now(office).files
    assert (str(found.status), rules(found), found.district, found.period) == ("returned", ["F01"], "鹿城区", MARCH)
    assert left(office) == []
    assert states(office)["鹿城区"] == "退回"


def test_a_file_that_waited_is_read_when_it_is_whole(office: Workspace) -> None:
    path = torn(office)
    age(path, 1)
    run_now(office)
    drop(office, path.name, write_return(spec(office.programme, "鹿城区")))
    assert statuses(run_now(office)) == {path.name: "accepted"}


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
def test_links_pipes_and_large_files_are_refused_in_place(office: Workspace) -> None:
    good = drop_return(office, "鹿城区")
    (office.inbox / "龙湾区2025年3月.xlsx").symlink_to(office.root / "elsewhere.xlsx")
    os.mkfifo(office.inbox / "瓯海区2025年3月.xlsx")
    with (office.inbox / "洞头区2025年3月.xlsx").open("wb") as stream:
        stream.truncate(50 * 1024 * 1024 + 1)
    (office.inbox / "~$锁.xlsx").write_bytes(b"x")
    outcome = run_now(office)
    found = by_name(outcome)
    assert statuses(outcome) == {
        good: "accepted",
        "龙湾区2025年3月.xlsx": "returned",
        "瓯海区2025年3月.xlsx": "returned",
        "洞头区2025年3月.xlsx": "returned",
        "~$锁.xlsx": "ignored",
    }
    assert {tuple(rules(found[name])) for name, status in statuses(outcome).items() if status == "returned"} == {("F01",)}
    assert left(office) == sorted(["龙湾区2025年3月.xlsx", "瓯海区2025年3月.xlsx", "洞头区2025年3月.xlsx", "~$锁.xlsx"])
    assert rows(office, "select file from submissions") == [(good,)]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("鹿城区2025年3月.xlsx", b""),
        ("鹿城区2025年3月.xlsx", b"\x00" * 5000),
        ("鹿城区2025年3月.xlsx", b"PK\x03\x04" + bytes(range(256)) * 20),
        ("鹿城区2025年3月.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000),
        ("鹿城区2025年3月.csv", b"\xff\xfe\x00"),
        ("鹿城区2025年3月.xls", b"<html><table><tr><td>" * 3000),
    ],
)
def test_one_bad_file_never_stops_the_others(office: Workspace, name: str, body: bytes) -> None:
    age(drop(office, name, body), 60)
    good = drop_return(office, "龙湾区")
    outcome = by_name(run_now(office))
    assert str(outcome[good].status) == "accepted"
    assert str(outcome[name].status) == "returned"
    assert rules(outcome[name])[0] in {"F01", "F02"}
    assert left(office) == []


def test_a_file_without_a_period_is_put_aside_with_a_copy(office: Workspace) -> None:
    body = write_return(spec(office.programme, "鹿城区", layout="period_nowhere"))
    drop(office, "甲/附件2.xlsx", body)
    drop(office, "乙/附件2.xlsx", body + b"\x00")
    outcome = run_now(office)
    folder = office.outbox / office.programme.wording["outbox"]["unplaced"]
    copies = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".xlsx"}
    assert {tuple(rules(file)) for file in outcome.files} == {("F04",)}
    assert sorted(copies.values()) == sorted([body, body + b"\x00"])
    assert "附件2.xlsx" in copies
    assert left(office) == []


# --- interrupted


def test_interrupted_before_the_file_left_the_inbox_it_is_not_counted_twice(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    assert left(office) == [name]
    posted = rows(office, "select count(*) from submissions")
    outcome = run_now(office)
    assert posted == rows(office, "select count(*) from submissions") == [(1,)]
    assert outcome.files == ()
    assert left(office) == []
    assert states(office)["鹿城区"] == "审核通过"


def test_a_file_that_cannot_be_removed_is_counted_once_and_stops_nobody(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for district in ("鹿城区", "龙湾区"):
        drop_return(office, district)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _deny)
        assert set(statuses(run_now(office)).values()) == {"accepted"}
    assert len(left(office)) == 2
    run_now(office)
    assert rows(office, "select count(*) from submissions") == [(2,)]
    assert left(office) == []


def test_interrupted_between_two_files_the_next_run_goes_on(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for district in office.programme.district_names[:3]:
        drop_return(office, district)
    write, written = posting.post, []

    def post(*arguments: Any) -> int:
        if written:
            raise KeyboardInterrupt
        written.append(arguments)
        return write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(posting, "post", post)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    assert rows(office, "select count(*) from versions") == [(1,)]
    assert len(left(office)) == 2
    assert sorted(statuses(run_now(office)).values()) == ["accepted", "accepted"]
    assert rows(office, "select count(*) from versions") == [(3,)]


def test_interrupted_before_publishing_the_next_run_publishes(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(publishing.Publisher, "start", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    assert not office.outbox.exists()
    assert run_now(office).folders == (office.outbox / "2025-03-31",)
    assert states(office)["鹿城区"] == "审核通过"


def test_interrupted_before_noting_what_was_published_the_products_are_the_same(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(publishing.Publisher, "note", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    before = tree(office.outbox)
    assert run_now(office).folders == (office.outbox / "2025-03-31",)
    assert tree(office.outbox) == before
    assert run_now(office).folders == ()


def _interrupt(*_arguments: object, **_words: object) -> None:
    raise KeyboardInterrupt


def _deny(*_arguments: object, **_words: object) -> None:
    raise PermissionError(13, "denied")


def test_a_file_that_changes_while_it_is_judged_waits(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop_return(office, "鹿城区")
    other = drop_return(office, "龙湾区")
    keep = posting.keep_originals

    def late(ledger: Any, files: Sequence[tuple[Path, str]]) -> set[str]:
        drop(office, name, b"changed")
        return keep(ledger, files)

    with monkeypatch.context() as patched:
        patched.setattr(posting, "keep_originals", late)
        found = statuses(run_now(office))
    assert found == {name: "waiting", other: "accepted"}
    assert left(office) == [name]
    assert rows(office, "select file from submissions") == [(other,)]


def test_a_file_that_goes_while_it_is_judged_stops_nobody(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop_return(office, "鹿城区")
    other = drop_return(office, "龙湾区")
    keep = posting.keep_originals

    def late(ledger: Any, files: Sequence[tuple[Path, str]]) -> set[str]:
        (office.inbox / name).unlink()
        return keep(ledger, files)

    monkeypatch.setattr(posting, "keep_originals", late)
    assert statuses(run_now(office)) == {name: "waiting", other: "accepted"}


# --- the workspace


def test_a_workspace_in_use_is_told(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "LOCK_SECONDS", 0.1)
    name = drop_return(office, "鹿城区")
    with office.locked(), pytest.raises(WorkspaceBusy):
        run_now(open_workspace(office.root))
    assert left(office) == [name]
    assert statuses(run_now(office)) == {name: "accepted"}


def test_an_empty_inbox_is_a_clean_run(office: Workspace) -> None:
    outcome = run_now(office)
    assert (outcome.files, outcome.period, outcome.folders) == ((), None, ())
    assert not office.outbox.exists()


def test_a_workspace_without_an_inbox_is_given_one(tmp_path: Path) -> None:
    office = open_workspace(tmp_path / "new")
    run_now(office)
    assert office.inbox.is_dir()


def test_paths_of_the_settings_are_used(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        '[paths]\ninbox = "收件"\noutbox = "发件"\n[ledger]\noriginals = "原件"\nurl = "sqlite:///{}/台账.db"\n'.format(
            tmp_path.as_posix()
        ),
        encoding="utf-8",
    )
    office = open_workspace(tmp_path)
    office.inbox.mkdir()
    drop_return(office, "鹿城区")
    run_now(office)
    assert {path.name for path in tmp_path.iterdir()} >= {"收件", "发件", "原件", "台账.db"}
    assert not (tmp_path / "ledger" / "ledger.db").exists()
    assert len(list((tmp_path / "原件").iterdir())) == 1


def test_called_periods_of_the_settings_are_the_only_ones(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[periods]\ncalled = ["2025-02-15"]\n', encoding="utf-8")
    office = workspace_at(tmp_path)
    called = drop_return(office, "鹿城区", dt.date(2025, 2, 15), naming="district_iso")
    other = drop_return(office, "龙湾区", MARCH)
    found = by_name(run_now(office))
    assert (str(found[called].status), found[called].period) == ("accepted", dt.date(2025, 2, 15))
    assert rules(found[other]) == ["F05"]


# --- check and look


def test_check_judges_each_file_alone_and_writes_nothing(office: Workspace, tmp_path: Path) -> None:
    paths = []
    for number, values in enumerate([(20, 30, 18, 8), (21, 30, 18, 8)]):
        paths.append(tmp_path / f"鹿城区2025年3月_{number}.xlsx")
        paths[-1].write_bytes(write_return(spec(office.programme, "鹿城区", values=values)))
    before = tree(office.root)
    outcome = check(office, paths, None, NOW)
    assert [str(file.status) for file in outcome.files] == ["accepted", "accepted"]
    assert [file.file for file in outcome.files] == [str(path) for path in paths]
    assert tree(office.root) == before


def test_check_compares_with_the_ledger_and_leaves_it_as_it_is(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "鹿城区", DECEMBER, (20, 30, 18, 8))
    run_now(office)
    path = tmp_path / "鹿城区2025年3月.xlsx"
    path.write_bytes(write_return(spec(office.programme, "鹿城区", values=(19, 30, 18, 8))))
    before, known = tree(office.root), content(office)
    (found,) = check(office, [path], None, NOW).files
    assert rules(found) == ["P01"]
    assert tree(office.root) == before
    assert content(office) == known


def test_look_shows_the_latest_period_or_the_one_asked_for(office: Workspace) -> None:
    drop_return(office, "鹿城区", DECEMBER)
    drop_return(office, "鹿城区", MARCH)
    run_now(office)
    latest, earlier = look(office, None), look(office, DECEMBER)
    assert latest
    assert earlier
    assert (latest.period, earlier.period) == (MARCH, DECEMBER)
    assert [file.period for file in latest.files] == [MARCH]


def test_look_at_nothing(tmp_path: Path) -> None:
    office = open_workspace(tmp_path)
    assert look(office, None) is None
    view = look(office, MARCH)
    assert view
    assert {record.state for record in view.districts} == {"未报"}
    assert list(tmp_path.iterdir()) == []


def test_rebuild_one_period_leaves_the_others(office: Workspace) -> None:
    for period in (DECEMBER, MARCH):
        drop_return(office, "鹿城区", period)
    run_now(office)
    for file in list(office.outbox.rglob("*.html")):
        file.unlink()
    assert rebuild(office, MARCH) == (office.outbox / "2025-03-31",)
    assert [path.parent.name for path in office.outbox.rglob("*.html")] == ["2025-03-31"]


def test_statuses_are_those_of_the_interface() -> None:
    assert [status.value for status in Status] == [
        "accepted",
        "pending",
        "returned",
        "duplicate",
        "attachment",
        "ignored",
        "waiting",
    ]


def test_the_values_of_the_tests_are_a_good_return(office: Workspace) -> None:
    name = drop_return(office, "海经区", values=NUMBERS)
    assert statuses(run_now(office)) == {name: "accepted"}
