"""Which of the things done together makes it fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from pipeline.processes.apart import failing

Fails = Callable[[Sequence[int]], bool]


def attempt(fails: Fails, calls: list[Sequence[int]] | None = None) -> Callable[[Sequence[int]], None]:
    def tried(items: Sequence[int]) -> None:
        if calls is not None:
            calls.append(items)
        if fails(items):
            raise ValueError(items)

    return tried


@pytest.mark.parametrize(
    ("fails", "guilty"),
    [
        (lambda items: False, []),
        (lambda items: 5 in items, [5]),
        (lambda items: bool({0, 12} & set(items)), [0, 12]),
        (lambda items: {3, 9} <= set(items), [9]),
        (lambda items: bool(items), list(range(13))),
        (lambda items: len(items) > 10, [10, 11, 12]),
    ],
    ids=["nothing", "one", "first and last", "two in company", "every one", "too many"],
)
def test_without_them_it_goes_through(fails: Fails, guilty: list[int]) -> None:
    found = failing(range(13), attempt(fails))
    assert sorted(found) == guilty
    assert not fails([number for number in range(13) if number not in found])


def test_each_with_what_it_raised() -> None:
    found = failing(["a", "b"], attempt(lambda items: "b" in items))  # type: ignore[arg-type, comparison-overlap]
    assert {number: str(error) for number, error in found.items()} == {1: "['a', 'b']"}


def test_what_fails_with_nothing_is_nobodys_fault() -> None:
    with pytest.raises(ValueError, match=r"\(\)"):
        failing([1, 2], attempt(lambda items: True))


def test_what_is_about_no_item_is_raised_at_once() -> None:
    calls: list[Sequence[int]] = []
    with pytest.raises(ValueError, match=r"0"):
        failing(range(13), attempt(bool, calls), never=(ValueError,))
    assert len(calls) == 2


@pytest.mark.parametrize(("count", "most"), [(13, 12), (1000, 24)])
def test_one_of_many_takes_few_attempts(count: int, most: int) -> None:
    calls: list[Sequence[int]] = []
    failing(range(count), attempt(lambda items: count // 3 in items, calls))
    assert len(calls) <= most
