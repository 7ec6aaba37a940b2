"""Folders at their worst: too deep, too long, closed, unreadable; each is refused where it lies, and the rest goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.model import UnreadableFile
from pipeline.model.opening import open_regular
from pipeline.upkeep.backup import backup
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support.unprivileged import annex2_unprivileged, rights
from tests.support.workspaces import by_name, drop, drop_return, left, rules, run_now, spec, statuses, workspace_at

posix = pytest.mark.skipif(os.name != "posix", reason="needs paths that are longer than what a call takes")

DEEP, LONG = ("d", 1500), ("长" * 85, 20)
"""A folder's name and how many of them lie in one another."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """No walk of Python's standard library takes away what some tests make here."""
    yield workspace_at(tmp_path)
    if os.name == "posix":
        subprocess.run(["chmod", "-R", "u+rwx", str(tmp_path / "inbox")], check=True)
        subprocess.run(["rm", "-rf", str(tmp_path / "inbox")], check=True)


def nest(folder: Path, name: str, count: int, content: bytes = b"x") -> None:
    """``count`` folders in one another, step by step: as a whole such a path is more than a call takes. A file in the last."""
    home = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    try:
        for _ in range(count):
            Path(name).mkdir()
            os.chdir(name)
        Path("鹿城区2025年3月.xlsx").write_bytes(content)
    finally:
        os.fchdir(home)
        os.close(home)


def said(office: Workspace, reason: str) -> str:
    return str(office.programme.wording["intake"]["unreadable"][reason]["reason"])


@posix
@pytest.mark.parametrize(("name", "count"), [DEEP, LONG], ids=["deep", "long"])
def test_a_folder_out_of_reach_is_refused_and_the_rest_goes_on(office: Workspace, name: str, count: int) -> None:
    good = [drop_return(office, district) for district in office.programme.district_names[:3]]
    nest(office.inbox, name, count)
    for _ in range(2):
        outcome = run_now(office)
        refused = [file for file in outcome.files if file.file not in good]
        assert [(str(file.status), rules(file)) for file in refused] == [("returned", ["F01"])]
        assert said(office, "too_deep") in refused[0].findings[0].message
        assert {str(by_name(outcome)[name].status) for name in good} <= {"accepted"}
        good = []  # the second run has nothing else to say
    assert os.path.lexists(office.inbox / refused[0].file)


@posix
def test_folders_up_to_the_limit_are_looked_into(office: Workspace) -> None:
    limit = int(office.programme.thresholds["F01_max_folders"])
    nest(office.inbox, "d", limit)
    nest(office.inbox, "e", limit + 1)
    assert sorted(statuses(run_now(office))) == sorted(
        ["/".join("d" * limit) + "/鹿城区2025年3月.xlsx", "/".join("e" * (limit + 1))]
    )


@posix
def test_a_backup_takes_what_is_in_reach(office: Workspace) -> None:
    nest(office.inbox, *DEEP)
    name = drop_return(office, "鹿城区")
    with office.ledger():
        pass
    assert backup(office, office.root / "backup.zip").files
    assert (office.inbox / name).exists()


def closed(office: Workspace) -> dict[str, str]:
    """What an ordinary user cannot read, beside a return that can be read: the names and what is said of each."""
    names = {district: drop_return(office, district) for district in office.programme.district_names[:4]}
    for folder, district, mode in (("不可列", "龙湾区", 0o300), ("不可进", "瓯海区", 0o400)):
        (office.inbox / folder).mkdir()
        (office.inbox / names[district]).rename(office.inbox / folder / names[district])
        (office.inbox / folder).chmod(mode)
    (office.inbox / names["洞头区"]).chmod(0)
    return {
        "不可列": "returned",
        f"不可进/{names['瓯海区']}": "returned",
        names["洞头区"]: "returned",
        names["鹿城区"]: "accepted",
    }


@rights
def test_what_may_not_be_read_is_told_to_be_so(office: Workspace) -> None:
    expected = closed(office)
    done = annex2_unprivileged("run", "--json", folder=office.root)
    found = {file["file"]: file for file in done.json["files"]}
    assert (done.status, {name: file["status"] for name, file in found.items()}) == (1, expected), done.said
    words = office.programme.wording["intake"]["unreadable"]["no_permission"]
    for name in (name for name, status in expected.items() if status == "returned"):
        (finding,) = found[name]["findings"]
        assert (words["reason"] in finding["message"], finding["fix"]) == (True, words["advice"])


@posix
def test_what_is_no_file_any_more_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(UnreadableFile, match="not_regular"), open_regular(path):
            pass


NAMES = (
    "长" * 83 + ".xlsx",
    "a" * 250 + ".xlsx",
    "a" * 249 + "b.xlsx",
    "未识别文件清单.html",
    "报表.xlsx",
    "报表.XLSX",
    "a:b*?.xlsx",
    "两\n行.xlsx",
    "--help.xlsx",
    " 空 .xlsx",
    "点.xlsx.",
    "\u202e报表.xlsx",
    "aux.xlsx",
)


@posix
def test_any_name_leads_to_products_with_names_that_every_system_takes(office: Workspace) -> None:
    for number, name in enumerate(NAMES):
        drop(office, name, f"某某,{number}\n".encode())
    outcome = run_now(office)
    assert {tuple(rules(file)) for file in outcome.files} == {("F01",)}
    folder = office.outbox / office.programme.wording["outbox"]["unplaced"]
    copies = {path.read_bytes(): path.name for path in folder.iterdir() if path.is_file()}
    kept = [copies[f"某某,{number}\n".encode()] for number in range(len(NAMES))]
    assert len({name.casefold() for name in kept}) == len(NAMES)
    assert not [name for name in kept if set(name) & set(':*?"<>|\\\n') or name.endswith((".", " ")) or len(name.encode()) > 255]
    assert kept[NAMES.index("报表.xlsx")] in {"报表.xlsx", f"报表_{by_name(outcome)['报表.xlsx'].sha256[:8]}.xlsx"}
    assert b"<html" in (folder / "未识别文件清单.html").read_bytes()
    assert left(office) == []


LONG_COPIES = ("𠀀" * 60 + ".xlsx", "\x01" * 100 + ".xlsx", "a:b?" * 20 + ".xlsx")


@posix
@pytest.mark.parametrize("name", LONG_COPIES)
def test_what_goes_back_has_a_name_that_every_system_takes(office: Workspace, name: str) -> None:
    drop(office, name, write_return(spec(office.programme, "鹿城区", layout="period_nowhere")))
    assert [rules(file) for file in run_now(office).files] == [["F04"]]
    folder = office.outbox / office.programme.wording["outbox"]["unplaced"] / office.programme.wording["outbox"]["return_copies"]
    (copy,) = folder.iterdir()
    assert (len(copy.name.encode()) <= 249, set(copy.name) & set("\\:?")) == (True, set())


@posix
def test_folders_of_any_kind_are_looked_into(office: Workspace) -> None:
    names = {name: drop_return(office, name) for name in office.programme.district_names[:3]}
    for number in range(300):
        (office.inbox / f"空{number}").mkdir()
    for folder, (district, name) in zip(("附件2.xlsx", "outbox", "-rf"), names.items(), strict=True):
        (office.inbox / folder).mkdir()
        (office.inbox / name).rename(office.inbox / folder / f"{district}2025年3月.xlsx")
    (office.inbox / "链接").symlink_to(office.inbox / "outbox", target_is_directory=True)
    found = statuses(run_now(office))
    assert sorted(found.values()) == ["accepted", "accepted", "accepted", "returned"]
    assert found["链接"] == "returned"
