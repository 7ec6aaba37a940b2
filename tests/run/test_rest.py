"""When files count as at rest, and what one run takes: a table of looks."""

from __future__ import annotations

from pathlib import Path

from pipeline.run.rest import PATIENCE, Rest

A, B = Path("a"), Path("b")


def test_a_file_rests_once_two_looks_find_it_the_same() -> None:
    rest = Rest()
    rest.look({A: "1"}, 0)
    assert rest.ripe(0) == {}
    rest.look({A: "1"}, 1)
    assert rest.ripe(1) == {A: "1"}


def test_a_file_that_changes_between_looks_does_not_rest() -> None:
    rest = Rest()
    for second in range(5):
        rest.look({A: str(second)}, second)
        assert rest.ripe(second) == {}


def test_files_at_rest_wait_for_one_that_still_changes() -> None:
    rest = Rest()
    rest.look({A: "1"}, 0)
    rest.look({A: "1", B: "1"}, 1)
    assert rest.ripe(1) == {}
    rest.look({A: "1", B: "1"}, 2)
    assert rest.ripe(2) == {A: "1", B: "1"}


def test_a_file_that_never_rests_does_not_hold_back_the_others_for_ever() -> None:
    rest = Rest()
    rest.look({A: "1", B: "0"}, 0)
    rest.look({A: "1", B: "1"}, 1)
    rest.look({A: "1", B: "2"}, PATIENCE)
    assert rest.ripe(PATIENCE) == {}
    rest.look({A: "1", B: "3"}, PATIENCE + 1)
    assert rest.ripe(PATIENCE + 1) == {A: "1"}


def test_what_a_run_has_taken_it_is_not_given_again() -> None:
    rest = _taken_by_a_run()
    rest.look({A: "1"}, 100)
    assert rest.ripe(100) == {}


def test_a_file_that_has_changed_since_a_run_took_it_is_new() -> None:
    rest = _taken_by_a_run()
    rest.look({A: "2"}, 2)
    rest.look({A: "2"}, 3)
    assert rest.ripe(3) == {A: "2"}


def test_a_file_that_went_and_came_back_the_same_is_new() -> None:
    rest = _taken_by_a_run()
    rest.look({}, 2)
    rest.look({A: "1"}, 3)
    rest.look({A: "1"}, 4)
    assert rest.ripe(4) == {A: "1"}


def test_a_waiting_file_is_given_again_when_its_time_has_come() -> None:
    rest = _taken_by_a_run(again=True, when=60)
    rest.look({A: "1"}, 59)
    assert rest.ripe(59) == {}
    rest.look({A: "1"}, 60)
    assert rest.ripe(60) == {A: "1"}


def test_after_the_folders_were_out_of_reach_files_come_to_rest_anew() -> None:
    rest = Rest()
    rest.look({A: "1"}, 0)
    rest.forget()
    rest.look({A: "1"}, 1)
    assert rest.ripe(1) == {}


def _taken_by_a_run(*, again: bool = False, when: float = 0) -> Rest:
    rest = Rest()
    rest.look({A: "1"}, 0)
    rest.look({A: "1"}, 1)
    rest.taken(rest.ripe(1), {A} if again else (), when)
    return rest
