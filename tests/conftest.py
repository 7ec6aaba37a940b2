"""Fixtures that every test module may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.programme import Programme, load_programme

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared"


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The programme of Annex 2."""
    return load_programme()


@pytest.fixture(scope="session")
def second_programme() -> Programme:
    """A made-up programme of another city: 5 districts, 3 indicators, other words."""
    return load_programme(HERE / "data" / "second" / "programme.toml")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample returns and reference data beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not beside the repository")
    return SHARED
