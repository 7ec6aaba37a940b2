"""A clone needs nothing beside it: no path in the project's files leads out of its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

FOLDERS = (".ci", "bench", "docs", "offline", "pipeline", "schemas", "tests")
UPWARD = re.compile(r"(?:[\w.-]+/)*(?:\.\./)+[\w.-]*")
"""A relative path with a step up."""
ABOVE = re.compile(r"\bparents\[(\d+)\]|__file__\)(?:\.resolve\(\))?((?:\.parent\b)+)")
"""A folder above the file that names it."""
UP = "../"


def texts() -> Iterator[Path]:
    """The project's own text files, without the lock files."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    for path in sorted([*ROOT.iterdir(), *inside]):
        if path.is_file() and path.suffix != ".lock" and b"\0" not in path.read_bytes():
            yield path


def ways_out(file: Path, text: str) -> list[str]:
    """What in the text of ``file`` leads out of the project, followed from the file's own folder."""
    depth = len(file.relative_to(ROOT).parts)
    paths = [path for path in UPWARD.findall(text) if not (file.parent / path).resolve().is_relative_to(ROOT)]
    above = [found[0] for found in ABOVE.finditer(text) if depth <= int(found[1] or found[2].count(".parent") - 1)]
    return [*paths, *above]


@pytest.mark.parametrize("text", [f"see {UP * 2}beside/domain.md", f"data/{UP * 3}x", f"Path(__file__).{'parents'}[2]",
                                  f"Path({'__file__'}).resolve(){'.parent' * 3}"])  # fmt: skip
def test_a_way_out_is_seen(text: str) -> None:
    assert len(ways_out(ROOT / "tests" / "x.py", text)) == 1


@pytest.mark.parametrize("text", [f"{UP}schemas/annex2.toml", f"data/{UP * 2}x", "a...b", f"Path(__file__).{'parents'}[1]"])
def test_a_way_within_is_none(text: str) -> None:
    assert ways_out(ROOT / "tests" / "x.py", text) == []


def test_no_file_leads_out() -> None:
    found = {str(file.relative_to(ROOT)): ways_out(file, file.read_text("utf-8", "replace")) for file in texts()}
    assert {file: ways for file, ways in found.items() if ways} == {}
