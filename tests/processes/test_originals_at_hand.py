"""Products ask for originals one by one: thousands of them are never in memory together."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import Status
from pipeline.model.catalogue import make_finding
from pipeline.model.view import FileRecord
from pipeline.processes.originals_at_hand import SMALL, OriginalsAtHand
from schemas.programme import Programme
from tests.support.workspaces import NOW


@pytest.mark.parametrize(("size", "kept"), [(10, True), (SMALL + 1, False)])
def test_an_original_is_read_when_it_is_asked_for_and_a_small_one_kept(
    tmp_path: Path, programme: Programme, size: int, kept: bool
) -> None:
    found = (make_finding(programme, "F02", file="a.csv", seen=""),)
    originals = OriginalsAtHand([FileRecord("a.csv", "a", Status.RETURNED, NOW, findings=found)], tmp_path, programme)
    (tmp_path / "a").write_bytes(b"x" * size)
    assert len(originals["a"].content) == size
    (tmp_path / "a").unlink()
    assert bool(originals["a"].content) is kept


def test_what_no_finding_is_about_is_not_asked_for(tmp_path: Path, programme: Programme) -> None:
    assert OriginalsAtHand([FileRecord("a.csv", "a", Status.ACCEPTED, NOW)], tmp_path, programme).get("a") is None
