"""Things done together, one of which makes it fail: which one it is, so that the others can be done without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def failing(
    items: Sequence[T], attempt: Callable[[Sequence[T]], object], never: tuple[type[Exception], ...] = ()
) -> dict[int, Exception]:
    """The numbers of the items without which ``attempt`` goes through, and what it raised with each; the others stay in order.

    Items are taken in by halves: one that fails only in the company of others is found as well. Raises what ``attempt`` raises
    of no items at all, which is nobody's fault, and at once what is one of ``never``. Takes about 2·log₂(n) attempts for one.
    """
    attempt(())
    good: list[int] = []
    failed: dict[int, Exception] = {}

    def goes_through(part: Sequence[int]) -> bool:
        try:
            attempt([items[number] for number in sorted((*good, *part))])
        except never:
            raise
        except Exception as error:
            if len(part) == 1:
                failed[part[0]] = error
            return False
        return True

    def take(part: Sequence[int]) -> None:
        if goes_through(part):
            good.extend(part)
        elif len(part) > 1:
            take(part[: len(part) // 2])
            take(part[len(part) // 2 :])

    if items:
        take(range(len(items)))
    return failed
