"""The processes of a run, kept for the next one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from pipeline.model.work import HelperEnded, at_hand
from pipeline.processes.crew import Crew
from schemas.programme import Programme


def _programme_at_hand() -> str:
    return at_hand().id


def test_the_same_workers_serve_the_next_run(programme: Programme) -> None:
    with Crew(least=2) as crew:
        first = crew.workers(programme, 1)
        assert crew.workers(programme, 2) is first
        assert crew.workers(programme, 3) is not first
        assert crew.judge() is crew.judge()


def _leave_something() -> None:
    handle, name = tempfile.mkstemp()
    os.write(handle, name.encode())
    os._exit(3)


def test_whoever_ends_leaves_no_temporary_file(programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Crew() as crew:
        workers = crew.workers(programme, 1)
        with pytest.raises(HelperEnded):
            workers.schedule(_leave_something).result()
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert list(tmp_path.glob("annex2-*")) == []


def test_another_programme_has_workers_of_its_own(programme: Programme, second_programme: Programme) -> None:
    with Crew() as crew:
        found = [crew.workers(each, 1).schedule(_programme_at_hand).result() for each in (programme, second_programme)]
    assert found == [programme.id, second_programme.id]


def test_after_a_failure_nobody_answers_for_the_one_before(programme: Programme) -> None:
    with Crew() as crew:
        judge = crew.judge()
        judge.submit(os.getpid)
        with pytest.raises(ZeroDivisionError), crew.ended_on_failure():
            raise ZeroDivisionError
        crew.judge().submit(len, "13")
        assert crew.judge().result() == 2
