"""The markers of a test (pyproject.toml), told from what it uses: itself, its fixtures, and the helpers that they call."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.support import postgres
from tests.support.programs import Program

STARTING = tuple(f"pipeline.{room}" for room in ("processes", "run", "issue", "mail", "upkeep", "cli"))
"""The rooms whose functions start processes, or call what does."""


def mark_by_use(items: Iterable[pytest.Item]) -> None:
    """Mark each test. One that runs on each kind of database needs a server where it has PostgreSQL alone."""
    for item in items:
        if isinstance(item, pytest.Function):
            fixtures = [each.func for name in item.fixturenames for each in item._fixtureinfo.name2fixturedefs.get(name, ())]
            kind = item.callspec.params.get("database") if hasattr(item, "callspec") else None
            for name in sorted(set().union(*map(_markers, (item.obj, *fixtures)))):
                if name != "postgres" or kind != "sqlite":
                    item.add_marker(name)


@functools.cache
def _markers(test: object) -> frozenset[str]:
    """Of what a function or class of the tests uses, directly or not."""
    met, waiting, found = set[int](), [test], set[str]()
    while waiting:
        used = waiting.pop()
        if id(used) not in met:
            met.add(id(used))
            found |= _marker(used)
            waiting += _uses(used)
    return frozenset(found)


def _marker(used: object) -> set[str]:
    if isinstance(used, Program):
        return {used.marker}
    if used is postgres.schema:
        return {"postgres", "process"}
    room = used.__name__ if isinstance(used, ModuleType) else getattr(used, "__module__", None)
    starts = used is subprocess or (callable(used) and isinstance(room, str) and room.startswith(STARTING))
    return {"process"} if starts else set()


def _uses(used: object) -> list[object]:
    """What stands in a function of the tests, or in those of a class."""
    if isinstance(used, type) and used.__module__.startswith("tests."):
        return [each for base in used.__mro__ for each in vars(base).values()]
    if isinstance(used, property):
        return [used.fget]
    function = getattr(used, "__wrapped__", None) or getattr(used, "__func__", used)
    function = getattr(getattr(function, "hypothesis", None), "inner_test", function)
    if not isinstance(function, FunctionType) or not function.__module__.startswith("tests."):
        return []
    words = set(_words(function.__code__))
    direct = [function.__globals__[word] for word in words if word in function.__globals__]
    direct += [sys.modules[word] for word in words if word in sys.modules]
    inside = [vars(each)[word] for each in direct if isinstance(each, ModuleType) for word in words if word in vars(each)]
    return direct + inside


def _words(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _words(constant)
