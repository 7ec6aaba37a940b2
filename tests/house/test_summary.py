"""What is told of tests that were left out: one line for each missing program, with what to do, and the counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import ROOT

TESTS = """
import pytest
from tests.support.programs import POPPLER, STRACE, needs
from tests.support.summary import pytest_terminal_summary

@needs(STRACE)
def test_a() -> None: ...

@needs(STRACE, POPPLER)
def test_b() -> None: ...

@needs(POPPLER)
def test_c() -> None: ...

def test_d() -> None: ...
"""


def session(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A session of tests on a machine without any programs, and what it said."""
    (folder / "conftest.py").write_text("from tests.support.summary import pytest_terminal_summary\n")
    (folder / "test_four.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", *options, str(folder)]
    environment = {**os.environ, "PATH": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_each_missing_program_has_one_line_that_says_how_to_get_it(tmp_path: Path) -> None:
    done = session(tmp_path)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if "tested:" in line] == [
        "not tested: 2, because strace is not installed (on Debian: apt-get install strace)",
        "not tested: 1, because poppler is not installed (on Debian: apt-get install poppler-utils)",
        "tested: 1; not tested: 3",
    ]


def test_nothing_left_out_is_said(tmp_path: Path) -> None:
    assert "tested: 1; nothing was left out" in session(tmp_path, "-k", "test_d").stdout


def test_where_nothing_may_be_skipped_a_missing_program_is_a_failure(tmp_path: Path) -> None:
    done = session(tmp_path, "-p", "tests.support.no_skips")
    assert done.returncode == 1
    assert "test_four.py::test_a" in done.stdout
