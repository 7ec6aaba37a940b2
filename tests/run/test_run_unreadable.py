"""Files that cannot be read or placed: one bad file never stops the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support.workspaces import (
    MARCH,
    age,
    by_name,
    drop,
    drop_return,
    left,
    rows,
    rules,
    run_now,
    spec,
    states,
    statuses,
    workspace_at,
)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


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
    copies = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("附件2")}
    assert {tuple(rules(file)) for file in outcome.files} == {("F04",)}
    assert sorted(copies.values()) == sorted([body, body + b"\x00"])
    assert "附件2.xlsx" in copies
    assert left(office) == []
