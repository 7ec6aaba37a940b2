"""``办理/`` at its worst: what lies there is read in a worker and within limits; whatever it is, the run goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.decisions import sheets_read as decision_reading
from pipeline.workspace.workspace import Workspace
from tests.decisions.test_decision_sheets import NEXT, fill
from tests.returns import write_return
from tests.support import hostile
from tests.support.command import annex2
from tests.support.handmade import xlsx
from tests.support.unprivileged import annex2_unprivileged, rights
from tests.support.workspaces import drop_return, run_now, spec, statuses, workspace_at

posix = pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and names of bytes")

SPARSE = 6 << 30


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """With a return to be judged and ``办理/`` there already."""
    made = workspace_at(tmp_path)
    (made.root / "办理").mkdir()
    drop_return(made, "鹿城区")
    return made


def laid(office: Workspace, name: str, content: bytes = b"x") -> Path:
    path = office.root / "办理" / name
    path.write_bytes(content)
    return path


def told(office: Workspace, reason: str, **words: str) -> str:
    words = {"file": "办理单.xlsx", "reason": said(office, reason).format(**words)}
    return str(office.programme.wording["decisions"]["sheets"]["unreadable"]).format(**words)


def said(office: Workspace, reason: str) -> str:
    return str(office.programme.wording["intake"]["unreadable"][reason]["reason"])


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(SPARSE)


def linked(path: Path) -> None:
    path.symlink_to(path.parent.parent / "elsewhere.xlsx")


def piped(path: Path) -> None:
    os.mkfifo(path)


@posix
@pytest.mark.parametrize(
    ("make", "reason", "words"),
    [
        (sparse, "too_large", {"size": "6144MB", "limit": "50MB"}),
        (linked, "not_regular", {}),
        (piped, "not_regular", {}),
    ],
)
def test_what_is_not_for_reading_is_refused_unread(office: Workspace, make: object, reason: str, words: dict[str, str]) -> None:
    path = office.root / "办理" / "办理单.xlsx"
    assert callable(make)
    make(path)
    began = time.monotonic()
    outcome = run_now(office)
    assert outcome.told == (told(office, reason, **words),)
    assert set(statuses(outcome).values()) == {"accepted"}
    assert os.path.lexists(path)
    assert time.monotonic() - began < 30


def test_what_holds_too_much_is_refused(office: Workspace) -> None:
    rows = "".join(f'<row r="{n}">' + f'<c r="A{n}"><v>1</v></c>' + "</row>" for n in range(1, 210_000))
    laid(office, "办理单.xlsx", xlsx(rows))
    assert run_now(office).told == (told(office, "too_many_cells"),)


@pytest.mark.parametrize(("act", "reason"), [("spin", "timeout"), ("exit", "damaged"), ("kill", "damaged"), ("raise", "damaged")])
def test_one_that_hangs_or_kills_its_reader_costs_itself_only(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, act: str, reason: str
) -> None:
    monkeypatch.setattr(decision_reading, "SECONDS", 1)
    monkeypatch.setattr(decision_reading, "read_book", hostile.read_book)
    path = laid(office, f"{act}办理单.xlsx", write_return(spec(office.programme, "鹿城区")))
    outcome = run_now(office)
    assert outcome.told == (told(office, reason).replace("办理单.xlsx", path.name),)
    assert set(statuses(outcome).values()) == {"accepted"}
    assert path.exists()


@rights
def test_what_may_not_be_read_is_told_to_be_so(office: Workspace) -> None:
    laid(office, "办理单.xlsx").chmod(0)
    done = annex2_unprivileged("run", folder=office.root)
    assert (done.status, told(office, "no_permission") in done.said) == (0, True), done.said


@rights
def test_a_folder_that_may_not_be_listed_stops_no_run(office: Workspace) -> None:
    (office.root / "办理").chmod(0)
    done = annex2_unprivileged("run", folder=office.root)
    (office.root / "办理").chmod(0o700)
    expected = told(office, "no_permission").replace("办理单.xlsx", "办理")
    assert (done.status, expected in done.said) == (0, True), done.said


@rights
def test_what_cannot_be_filed_away_is_carried_out_once(office: Workspace) -> None:
    run_now(office)
    path = fill(office, own={"区域": "瓯海区", "办理意见": "免报"})
    (office.root / "办理" / "已办理").mkdir()
    path.parent.chmod(0o500)
    first, second = (annex2_unprivileged("run", folder=office.root) for _ in range(2))
    path.parent.chmod(0o700)
    assert ("已办理1项" in first.said, "正在使用" in first.said, "此前已办理" in second.said) == (True, True, True), first.said
    assert (first.status, second.status, path.exists()) == (0, 0, True)
    assert not list((path.parent / "已办理").iterdir())


NAMES = {
    "bytes of 85 characters": "长" * 83 + ".xlsx",
    "as long as can be": "a" * 250 + ".xlsx",
    "without an ending": "b" * 255,
    "a point in a sentence": "市级办理单." + "c" * 230,
    "blanks at the ends": " 办理单 .xlsx ",
    "a line break": "办理\n单.xlsx",
    "a dash": "--办理单.xlsx",
}


@posix
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_survives_filing(office: Workspace, name: str) -> None:
    run_now(office)
    content = fill(office, name, own={"区域": "瓯海区", "办理意见": "免报"}).read_bytes()
    assert run_now(office, now=NEXT).told[0].endswith("已办理1项；0项未办理。")
    assert [path for path in (office.root / "办理").iterdir() if path.is_file()] == []
    book, note = sorted((office.root / "办理" / "已办理").iterdir(), key=lambda path: path.name.endswith(".txt"))
    assert (book.read_bytes(), book.name.startswith("20250421100000_")) == (content, True)
    assert note.name == f"{book.stem}_办理结果.txt"
    assert book.name.endswith(".xlsx") or not name.endswith(".xlsx")


@posix
def test_two_long_names_that_begin_alike_are_both_kept(office: Workspace) -> None:
    run_now(office)
    for number in (1, 2):
        fill(office, "d" * 249 + f"{number}.xlsx", own={"区域": "瓯海区", "办理意见": "免报"})
    run_now(office, now=NEXT)
    assert len(list((office.root / "办理" / "已办理").iterdir())) == 4


@posix
def test_a_name_that_is_no_text_is_carried_out_and_told_escaped(office: Workspace) -> None:
    run_now(office)
    path = fill(office, own={"区域": "瓯海区", "办理意见": "免报"})
    try:
        path.rename(path.with_name(os.fsdecode("办理单.xlsx".encode("gbk"))))
    except OSError:
        pytest.skip("the file system takes only names that are valid text")
    done = annex2("run", folder=office.root)
    assert (done.status, "已办理1项" in done.said, r"\xb0\xec" in done.said) == (0, True, True), done.said
    assert len(list((office.root / "办理" / "已办理").iterdir())) == 2
