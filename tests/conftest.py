"""Fixtures that every test module may use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pipeline.processes import ahead
from schemas.programme import Programme, load_programme
from tests import TEST_DATA, TESTS
from tests.support import postgres
from tests.support.city_office import commands, crew, ledger_alone, one_crew, products
from tests.support.command import LEDGER, import_all
from tests.support.markers import mark_by_use
from tests.support.summary import pytest_terminal_summary

__all__ = ["commands", "crew", "ledger_alone", "one_crew", "products", "pytest_terminal_summary"]


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test with several parameters runs on PostgreSQL with the last of them only: it is the ledger's own tests
    (tests/ledger) that tell whether one database answers as the other does."""
    last = {item.nodeid.partition("[")[0]: item for item in items if _on_postgresql(item)}
    spared = [item for item in items if _on_postgresql(item) and last[item.nodeid.partition("[")[0]] is not item]
    spared = [item for item in spared if not item.path.is_relative_to(TESTS / "ledger")]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if item not in set(spared)]
    mark_by_use(items)


def _on_postgresql(item: pytest.Item) -> bool:
    return (
        isinstance(item, pytest.Function) and hasattr(item, "callspec") and item.callspec.params.get("database") == "postgresql"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Processes are forked from this one and from the server of the workers: what those import once, none imports again."""
    if item.get_closest_marker("process"):
        import_all()


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The programme of Annex 2."""
    return load_programme()


@pytest.fixture(scope="session")
def second_programme() -> Programme:
    """A made-up programme of another city: 5 districts, 3 indicators, other words."""
    return load_programme(TEST_DATA / "second" / "programme.toml")


@pytest.fixture(autouse=True, scope="session")
def nobodys_ledger() -> None:
    """That of whoever runs the tests is none of theirs."""
    os.environ.pop(LEDGER, None)


@pytest.fixture(autouse=True, scope="session")
def workers_import_once() -> None:
    """See ``pytest_runtest_setup``."""
    ahead.READERS.append("tests.support.worker_imports")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each kind of database in turn: every workspace of the test has its ledger there. For one workspace a test."""
    if request.param == "postgresql":
        url = postgres.schema()
        monkeypatch.setenv(LEDGER, url)
        yield request.param
        postgres.drop(url)
    else:
        yield request.param
