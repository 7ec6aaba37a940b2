"""The inbox: what is read, what is left alone, what is refused where it lies."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.reading.formats.kinds import Limits
from pipeline.reading.inbox import Arrival, escaped, scan

LIMIT = 1000
LIMITS = Limits(max_bytes=LIMIT)
NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

posix = pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and names of bytes")


def scanned(folder: Path) -> dict[str, Arrival]:
    return {arrival.name: arrival for arrival in scan(folder, LIMITS, NOW)}


@pytest.mark.parametrize(
    "name",
    [
        "~$附件2.xlsx",
        ".~附件2.xlsx",
        ".~lock.附件2.ods#",
        "附件2.tmp",
        "附件2.TMP",
        "附件2.xlsx.part",
        "附件2.xlsx.crdownload",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        ".gitkeep",
    ],
)
def test_temporary_and_system_files_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    found = scanned(tmp_path)[name]
    assert (found.left_alone, found.stays, found.refused) == (True, True, None)


@pytest.mark.parametrize("name", ["附件2.xlsx", "附件2.et", "鹿城区", "名单.pdf", "tmp", "part.xlsx", "~附件2.xls", "$附件2.csv"])
def test_every_other_file_is_to_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert not scanned(tmp_path)[name].stays


def test_names_are_paths_in_the_inbox_in_their_order(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a/附件2.xlsx", "a/深/c.xlsx", "__MACOSX/._a.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [arrival.name for arrival in scan(tmp_path, LIMITS, NOW)] == ["a/深/c.xlsx", "a/附件2.xlsx", "b.xlsx"]


def test_a_folder_that_is_left_alone_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "附件2.xlsx").write_bytes(b"x")
    assert scanned(tmp_path) == {}


def test_files_over_the_limit_are_refused_with_both_sizes(tmp_path: Path) -> None:
    (tmp_path / "just.xlsx").write_bytes(bytes(LIMIT))
    (tmp_path / "over.xlsx").write_bytes(bytes(LIMIT + 1))
    found = scanned(tmp_path)
    assert not found["just.xlsx"].stays
    refused = found["over.xlsx"].refused
    assert refused
    assert refused.reason == "too_large"
    assert set(refused.params) == {"size", "limit"}


def test_a_size_is_never_shown_as_the_limit_it_exceeds(tmp_path: Path) -> None:
    over = tmp_path / "over.xlsx"
    with over.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024 + 1)
    refused = scan(tmp_path, Limits(), NOW)[0].refused
    assert refused
    assert refused.params == {"size": "50.1MB", "limit": "50MB"}


@posix
@pytest.mark.parametrize("target", ["there.txt", "nowhere", "folder"])
def test_links_are_refused_and_not_followed(tmp_path: Path, target: str) -> None:
    box = tmp_path / "inbox"
    box.mkdir()
    (tmp_path / "there.txt").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.xlsx").write_bytes(b"x")
    (box / "link.xlsx").symlink_to(tmp_path / target)
    found = scanned(box)
    assert list(found) == ["link.xlsx"]
    refused = found["link.xlsx"].refused
    assert refused
    assert refused.reason == "not_regular"


@posix
def test_pipes_are_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    refused = scanned(tmp_path)["pipe.xlsx"].refused
    assert refused
    assert refused.reason == "not_regular"


@posix
def test_a_lock_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".#附件2.xlsx").symlink_to("user@host.1234")
    found = scanned(tmp_path)[".#附件2.xlsx"]
    assert (found.left_alone, found.refused) == (True, None)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked.xlsx").write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read whatever the mode says
    refused = scanned(tmp_path)["locked.xlsx"].refused
    assert refused
    assert refused.reason == "no_permission"


def test_a_folder_that_may_not_be_listed_is_refused_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed/a.xlsx", "open/b.xlsx"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    listing = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "closed", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = scanned(tmp_path)
    assert list(found) == ["closed", "open/b.xlsx"]
    assert found["closed"].refused
    assert not found["open/b.xlsx"].stays


def test_a_file_that_goes_while_the_inbox_is_looked_through_was_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    listing = os.scandir

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        entries = list(listing(path))
        (tmp_path / "a.xlsx").unlink(missing_ok=True)
        return iter(entries)

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(scanned(tmp_path)) == ["b.xlsx"]


@posix
def test_names_that_are_no_text_are_escaped(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "中.xlsx".encode("gbk")
    try:
        descriptor = os.open(raw, os.O_CREAT | os.O_WRONLY)
    except OSError:
        pytest.skip("the file system takes only names that are valid text")
    os.close(descriptor)
    (found,) = scan(tmp_path, LIMITS, NOW)
    assert found.name == r"\xd6\xd0.xlsx"
    assert found.path.read_bytes() == b""


@pytest.mark.parametrize(("name", "shown"), [("鹿城区.xlsx", "鹿城区.xlsx"), ("\udcd6a", r"\xd6a"), ("a/\udcff", r"a/\xff")])
def test_escaping(name: str, shown: str) -> None:
    assert escaped(name) == shown


def test_received_is_when_the_file_came_and_never_in_the_future(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))  # an old file copied in now
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert scan(tmp_path, LIMITS, early)[0].received == early
    assert scan(tmp_path, LIMITS, NOW)[0].received > dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def test_a_file_dropped_again_is_another_arrival(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    (first,) = scan(tmp_path, LIMITS, NOW)
    (still,) = scan(tmp_path, LIMITS, NOW)
    path.rename(tmp_path / "kept")
    path.write_bytes(b"x")
    again = scanned(tmp_path)["a.xlsx"]
    assert first.key("0") == still.key("0")
    assert first.key("0") != again.key("0")
    assert first.key("0") != first.key("1")


@pytest.mark.parametrize("second", [-(10**9), 0, 4 * 10**11])
def test_a_file_of_any_time_is_taken(tmp_path: Path, second: int) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    try:
        os.utime(path, (second, second))
    except (OSError, OverflowError):
        pytest.skip("the file system knows no such time")
    (found,) = scan(tmp_path, LIMITS, NOW)
    assert not found.stays
