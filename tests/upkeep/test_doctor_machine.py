"""What `annex2 doctor` says of the machine: libraries, fonts, folders, disks."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
from docx.oxml.ns import qn

from pipeline.upkeep.doctor import State, folders, fonts, software
from pipeline.workspace.workspace import Workspace
from tests.support.workspaces import workspace_at
from tests.upkeep.doctored import WORDS, case, office_at, said, setting


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return office_at(tmp_path)


# --- software


def test_a_library_that_is_not_installed_is_named(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name in ("pandera", "xlsxwriter"):
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(software, "version", version)
    assert said(office, "software") == [case("software", "missing", names="pandera、xlsxwriter")]


def test_libreoffice_is_found_or_missed(office: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert said(office, "pdf") == [case("pdf", "fine", path=program)]
    monkeypatch.setenv("PATH", "")
    assert said(office, "pdf") == [case("pdf", "missing")]


# --- fonts


def fontconfig(folder: Path, *families: str) -> str:
    """A PATH with an fc-list that knows these families."""
    program = folder / "fc-list"
    program.write_text("#!/bin/sh\nprintf '%s,' " + " ".join(f"'{family}'" for family in families), encoding="utf-8")
    program.chmod(0o755)
    return f"{folder}:{os.defpath}"


posix = pytest.mark.skipif(os.name != "posix", reason="fontconfig is not used on Windows")


@posix
def test_fonts_count_under_either_of_their_names(office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", fontconfig(tmp_path, "SimSun", "SimHei,黑体", "仿宋"))
    assert said(office, "fonts") == [case("fonts", "fine", names="宋体、黑体、仿宋"), case("fonts", "missing", names="楷体")]


@posix
def test_the_fonts_of_the_offices_own_notice_are_looked_for(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "通报.docx"
    _with_font(office.programme.path.parent / "notice.docx", own, "方正小标宋简体")
    (office.root / "settings.toml").write_text('[notice]\ntemplate = "通报.docx"\n', encoding="utf-8")
    monkeypatch.setenv("PATH", fontconfig(tmp_path, "宋体", "黑体", "仿宋", "楷体"))
    assert said(workspace_at(office.root), "fonts")[-1] == case("fonts", "missing", names="方正小标宋简体")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ year }}年，{{ issuer }}", "fine"),
        ("{{ yaer }}", "unknown"),
        ("{{ year }", "braces"),
        ("{%p if problems %}", "braces"),
        (None, "unreadable"),
    ],
)
def test_what_the_offices_own_notice_says_in_braces_is_looked_at(office: Workspace, text: str | None, name: str) -> None:
    own = office.root / "通报.docx"
    own.write_bytes(b"no document")
    if text is not None:
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(own))
    found = said(setting(office, "[periods]", '[notice]\ntemplate = "通报.docx"\n[periods]'), "notice")
    told = WORDS["notice"][name]
    assert (found[0].state, found[0].advice) == (State(told["state"]), told.get("advice", ""))
    assert str(own) in found[0].text
    assert [one.state for one in found[1:]] == [State.FINE]


def _with_font(source: Path, target: Path, font: str) -> None:
    document = docx.Document(str(source))
    run = document.paragraphs[0].add_run("题")
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    document.save(str(target))


@posix
@pytest.mark.parametrize("script", [None, "#!/bin/sh\nexit 1\n", "#!/bin/sh\nsleep 5\n"])
def test_a_machine_that_does_not_tell_its_fonts_is_noted(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    monkeypatch.setattr(fonts, "SECONDS", 0.1)
    if script:
        (tmp_path / "fc-list").write_text(script)
        (tmp_path / "fc-list").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}" if script else str(tmp_path))
    assert said(office, "fonts") == [case("fonts", "unknown", names="宋体、黑体、仿宋、楷体")]


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ("SimSun & NSimSun (TrueType)", ["SimSun", "NSimSun"]),
        ("仿宋 (TrueType)", ["仿宋"]),
        ("方正小标宋简体 常规 (OpenType)", ["方正小标宋简体 常规"]),
        ("Modern (All res)", ["Modern"]),
    ],
)
def test_entries_of_the_windows_registry_are_read(entry: str, names: list[str]) -> None:
    assert fonts.registered_names(entry) == names


# --- folders


@pytest.mark.parametrize("name", ["inbox", "outbox", "办理", "ledger", "ledger/originals"])
def test_a_file_where_a_folder_should_be_is_broken(office: Workspace, name: str) -> None:
    path = office.root / name
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    assert case("folders", "no_folder", path=path) in said(office, "folders")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc takes no files from anybody")
def test_a_folder_that_takes_no_files_is_broken(office: Workspace) -> None:
    office = setting(office, "[periods]", '[paths]\noutbox = "/proc"\n[periods]')
    found = said(office, "folders")
    assert found[0] == case("folders", "unwritable", path="/proc")
    assert found[-1].state == State.FINE


def test_a_folder_elsewhere_that_is_not_there_is_noted(office: Workspace) -> None:
    office = setting(office, "[periods]", "[paths]\ninbox = '../没有/收件'\n[periods]")
    assert said(office, "folders")[0] == case("folders", "away", path=office.inbox.resolve())


def test_a_workspace_that_is_not_there_is_broken(office: Workspace) -> None:
    gone = workspace_at(office.root / "x")
    shutil.rmtree(gone.root)
    assert said(gone, "folders") == [case("folders", "no_workspace", path=gone.root)]


def test_a_file_system_without_locks_is_broken(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLock:
        def __init__(self, *_: object, **__: object) -> None: ...
        def acquire(self) -> None: ...
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    assert said(office, "files") == [case("files", "fine")]
    monkeypatch.setattr(folders, "FileLock", NoLock)
    assert said(office, "files") == [case("files", "lock", path=office.root)]


@pytest.mark.parametrize(("free", "state"), [(50e9, State.FINE), (1.5e9, State.NOTE), (0.1e9, State.BROKEN)])
def test_free_space_is_weighed(office: Workspace, monkeypatch: pytest.MonkeyPatch, free: float, state: State) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(free)))
    found = said(office, "space")
    assert {one.state for one in found} == {state}
    assert f"{free / 1e9:.1f}GB" in found[0].text
