"""Reading in worker processes: a file that hangs or kills its reader is F01, and the others are read on."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.model import Reading
from pipeline.model.work import silent
from pipeline.processes import read_files as reader
from pipeline.processes.pool import start_workers
from pipeline.processes.read_files import Item, read_file, start_reading
from schemas.programme import Programme
from tests.returns import write_return
from tests.support import hostile
from tests.support.parcels import packed
from tests.support.workspaces import MARCH, spec

LIMITS = {"F01_read_seconds": hostile.SECONDS, "F01_read_patience": 60.0, "F01_read_memory": float(256 << 20)}
"""A healthy return takes milliseconds and little memory, and the time a worker takes to start is not counted."""


def impatient(programme: Programme, **thresholds: float) -> Programme:
    """The programme with other limits for reading."""
    return dataclasses.replace(programme, thresholds={**programme.thresholds, **LIMITS, **thresholds})


def read_all(paths: Sequence[Path], programme: Programme, workers: int = 2) -> list[Reading]:
    with start_workers(workers, programme) as pool:
        return start_reading(pool, [Item(path, path.name) for path in paths], programme, frozenset(), silent)()


@pytest.fixture
def files(tmp_path: Path, programme: Programme) -> list[Path]:
    """Good returns among which others can be put."""
    paths = []
    for district in programme.district_names[:4]:
        paths.append(tmp_path / f"{district}2025年3月.xlsx")
        paths[-1].write_bytes(write_return(spec(programme, district, MARCH)))
    return paths


def among(files: list[Path], name: str) -> list[Path]:
    """The file of this name in the middle of the good ones."""
    path = files[0].parent / name
    path.write_bytes(b"bytes of " + name.encode())
    return [*files[:2], path, *files[2:]]


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the platform holds no process to its memory")

ENDINGS = [
    ("spin.xlsx", "timeout", 1),
    ("match.xlsx", "timeout", 2),
    ("wait.xlsx", "timeout", 2),
    ("exit.xlsx", "damaged", 1),
    ("kill.xlsx", "damaged", 1),
    ("kill.xlsx", "damaged", 2),
    ("abort.xlsx", "too_many_cells", 1),
    pytest.param("heap.xlsx", "too_many_cells", 1, marks=on_linux),
    pytest.param("huge.xlsx", "too_many_cells", 2, marks=on_linux),
]


@pytest.mark.parametrize(("name", "reason", "workers"), ENDINGS)
def test_a_reader_that_hangs_or_dies_costs_its_own_file_only(
    files: list[Path], programme: Programme, monkeypatch: pytest.MonkeyPatch, name: str, reason: str, workers: int
) -> None:
    monkeypatch.setattr(reader, "read_files", hostile.read_files)
    paths = among(files, name)
    patience = 8.0 if name.startswith("wait") else 60.0
    readings = read_all(paths, impatient(programme, F01_read_patience=patience), workers)
    words = programme.wording["intake"]["unreadable"][reason]
    assert [reading.file for reading in readings] == [path.name for path in paths]
    (finding,) = readings[2].findings
    assert finding.rule == "F01"
    assert words["reason"] in finding.message
    assert words["advice"] in finding.fix
    assert readings[2].sha256 == hashlib.sha256(paths[2].read_bytes()).hexdigest()
    assert readings[2].size == len(paths[2].read_bytes())
    good = [reading for reading in readings if reading is not readings[2]]
    assert all(reading.tables and not reading.findings for reading in good)


def test_a_busy_machine_costs_no_file(files: list[Path], programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read_files", hostile.read_files)
    paths = [path.rename(path.with_name(f"busy{path.name}")) for path in files[:2]]
    assert all(reading.tables and not reading.findings for reading in read_all(paths, impatient(programme), 1))


def test_a_mistake_of_the_program_costs_the_file_it_was_made_in(
    files: list[Path], programme: Programme, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reader, "read_files", hostile.read_files)
    paths = among(files, "raise鹿城区2025年3月.xlsx")
    readings = read_all(paths, impatient(programme))
    assert [finding.rule for reading in readings for finding in reading.findings] == ["F18"]
    assert readings[2].sha256 == hashlib.sha256(paths[2].read_bytes()).hexdigest()
    assert [evidence.says for evidence in readings[2].districts] == ["鹿城区"]
    assert "ValueError" in caplog.text


def test_workers_read_what_this_process_reads(files: list[Path], programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "at_hand", lambda: programme)
    assert read_all(files, programme) == [read_file(Item(path, path.name), frozenset()) for path in files]


def test_progress_ends_with_every_file(files: list[Path], programme: Programme) -> None:
    seen: list[tuple[str, int, int]] = []
    with start_workers(1, programme) as pool:
        items = [Item(path, path.name) for path in files * 5]
        start_reading(pool, items, programme, frozenset(), lambda *step: seen.append(step))()
    assert seen[-1] == ("read", 20, 20)
    assert seen == sorted(seen)


def test_a_file_that_has_gone_has_no_hash(tmp_path: Path, programme: Programme) -> None:
    (reading,) = read_all([tmp_path / "gone.xlsx"], programme)
    assert (reading.sha256, [finding.rule for finding in reading.findings]) == ("", ["F01"])


def test_a_file_that_grew_over_the_limit_is_refused_unread(tmp_path: Path, programme: Programme) -> None:
    path = tmp_path / "grown.xlsx"
    path.write_bytes(os.urandom(3000))
    (reading,) = read_all([path], impatient(programme, F01_max_bytes=2000))
    assert programme.wording["intake"]["unreadable"]["too_large"]["advice"] in reading.findings[0].fix
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_nothing_to_read_is_nothing_read(programme: Programme) -> None:
    assert read_all([], programme) == []


def test_a_file_inside_another_that_hangs_costs_itself_only(
    files: list[Path], tmp_path: Path, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "read_files", hostile.read_files)
    path = tmp_path / "收件.zip"
    path.write_bytes(packed({"hang.xlsx": b"x", "kill.xlsx": b"y", **{file.name: file.read_bytes() for file in files}}))
    (tmp_path / "staging").mkdir()
    with start_workers(1, programme) as pool:
        items = [Item(path, path.name)]
        (reading,) = start_reading(pool, items, impatient(programme), frozenset(), silent, tmp_path / "staging")()
    inside = [each.reading for each in reading.enclosed if each.reading]
    assert [[finding.rule for finding in each.findings] for each in inside] == [["F01"], ["F01"], [], [], [], []]
    assert [each.sha256 for each in inside[:2]] == [hashlib.sha256(content).hexdigest() for content in (b"x", b"y")]
    assert all(each.envelope and each.envelope.parcel.file == path.name for each in inside)


def test_without_a_folder_to_lay_them_into_what_is_inside_is_left_out(tmp_path: Path, programme: Programme) -> None:
    path = tmp_path / "收件.zip"
    path.write_bytes(packed({"a.csv": b"x"}))
    (reading,) = read_all([path], programme)
    assert (reading.parcel, reading.enclosed) == ("archive", ())
