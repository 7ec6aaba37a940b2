"""The page for contributors names what is there."""

from __future__ import annotations

import re

import pytest

from tests import ROOT

PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
PATHS = sorted({path for path in re.findall(r"`([\w./]+)`", PAGE) if "/" in path})
TABLES = sorted(set(re.findall(r"`([A-Z]+)` (?:in|of) `([\w./]+)`", PAGE)))
ROOMS = sorted(path.parent.name for path in (ROOT / "pipeline").glob("*/__init__.py"))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("table", "path"), TABLES)
def test_every_table_stands_where_it_says(table: str, path: str) -> None:
    assert re.search(rf"^{table}\b", (ROOT / path).read_text(encoding="utf-8"), re.M)


def test_the_picture_shows_every_room() -> None:
    assert sorted(re.findall(r"<b>(\w+)</b>", PAGE)) == sorted([*ROOMS, "schemas"])
