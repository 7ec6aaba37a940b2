"""``check`` of folders, mails and archives: every file in them, called as it was asked about."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pipeline.run.checking import check
from pipeline.workspace.workspace import Workspace
from tests.returns import file_name, write_return
from tests.support.command import annex2
from tests.support.parcels import mailed, packed
from tests.support.workspaces import MARCH, NOW, by_name, rules, run_now, spec, statuses, tree, workspace_at


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "office")


def made(office: Workspace, district: str) -> tuple[str, bytes]:
    one = spec(office.programme, district)
    return file_name(one), write_return(one)


def laid(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_folder_is_all_that_lies_in_it(office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = made(office, "鹿城区"), made(office, "瓯海区")
    sent = tmp_path / "sent"
    laid(sent, *one)
    laid(sent, "瓯海区/附件2.xlsx", two[1])
    laid(sent, "~$锁.xlsx", b"x")
    (sent / "link.xlsx").symlink_to(sent / one[0])
    monkeypatch.chdir(tmp_path)
    found = statuses(check(office, ["sent/"], None, NOW))
    assert found == {
        f"sent/{one[0]}": "accepted",
        "sent/瓯海区/附件2.xlsx": "accepted",
        "sent/~$锁.xlsx": "ignored",
        "sent/link.xlsx": "returned",
    }


@pytest.mark.parametrize("name", ["收件.zip", "收件.eml"])
def test_a_mail_or_an_archive_is_opened(office: Workspace, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict([made(office, "鹿城区"), made(office, "瓯海区")])
    path = laid(tmp_path, name, packed(files) if name.endswith("zip") else mailed(files))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = statuses(check(office, [path], None, NOW))
    assert found == {str(path): "attachment"} | {f"{path}/{each}": "accepted" for each in files}
    assert not list((tmp_path / "temporary").glob("annex2-*"))
    assert [each.name for each in office.root.iterdir()] == ["inbox"]


def test_two_of_one_name_keep_their_places_apart(office: Workspace, tmp_path: Path) -> None:
    one, two = made(office, "鹿城区"), made(office, "瓯海区")
    paths = [laid(tmp_path, "一/收件.zip", packed(dict([one]))), laid(tmp_path, "二/收件.zip", packed(dict([two])))]
    found = by_name(check(office, paths, None, NOW))
    assert [found[str(path)].district for path in paths] == ["鹿城区", "瓯海区"]


def test_what_was_sent_before_is_repeated(office: Workspace, tmp_path: Path) -> None:
    content = packed({**dict([made(office, "鹿城区")]), "无名.csv": b"x,y"})
    laid(office.inbox, "收件.zip", content)
    run_now(office)
    before = tree(office.root)
    outcome = check(office, [laid(tmp_path, "收件.zip", content)], None, NOW)
    assert {tuple(rules(file)) for file in outcome.files} == {("F07",)}
    assert tree(office.root) == before


def test_the_command_calls_files_as_they_are_asked_about(office: Workspace, tmp_path: Path) -> None:
    name, content = made(office, "鹿城区")
    laid(tmp_path, "新/收件.zip", packed({name: content}))
    done = annex2("--workspace", office.root, "check", "./新", "--period", str(MARCH), "--json", folder=tmp_path)
    assert [each["file"] for each in done.json["files"]] == ["./新/收件.zip", f"./新/收件.zip/{name}"]
    assert [each["status"] for each in done.json["files"]] == ["attachment", "accepted"]
    assert done.status == 0
    assert annex2("--workspace", office.root, "check", "没有", folder=tmp_path).status == 2


def test_a_folder_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    done = annex2("check", ".", folder=tmp_path)
    assert (done.status, done.said.strip()) == (0, "没有可以审核的文件。")
