"""The files of the demonstration are what they are said to be."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.returns import file_name, write_return
from tests.returns.readback import grid_of
from tests.support.samples import RETURNS, Sample, good, parameters
from tests.upkeep import make_demo


def parts(content: bytes) -> dict[str, bytes] | bytes:
    """The members of a container, opened all the way down: compression may differ between machines."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _flat(archive.read(name)) for name in archive.namelist()}


def _flat(content: bytes) -> bytes:
    inner = parts(content)
    return inner if isinstance(inner, bytes) else b"".join(name.encode() + body for name, body in inner.items())


@pytest.mark.parametrize("name", make_demo.files())
def test_the_last_period_is_what_make_demo_writes(name: str) -> None:
    assert parts((make_demo.folder() / name).read_bytes()) == parts(make_demo.files()[name])


def test_the_last_period_holds_nothing_else() -> None:
    assert {path.name for path in make_demo.folder().iterdir()} == set(make_demo.files())


@pytest.mark.parametrize("sample", parameters([sample for sample in good() if sample.folder != "2024-06-30"]))
def test_the_earlier_periods_are_the_sample_returns(sample: Sample) -> None:
    assert (make_demo.DEMO / sample.name).read_bytes() == sample.path.read_bytes()


def test_the_earlier_periods_hold_nothing_else() -> None:
    for folder in ("2024-09-30", "2024-12-31"):
        sent = {path.name for path in (RETURNS / folder).iterdir()}
        assert {path.name for path in (make_demo.DEMO / folder).iterdir()} == sent


@pytest.mark.parametrize("entry", make_demo.data()["returns"], ids=lambda entry: entry["district"])
def test_every_office_keeps_its_style(entry: dict[str, Any]) -> None:
    """With the values of 2024-12-31 the writers give the very name and cells of that sample return."""
    sample = next(s for s in good() if s.district == entry["district"] and s.folder == "2024-12-31")
    assert sample.period
    assert sample.values
    as_text = all(isinstance(value, str) for value in entry["values"])
    values = [str(value) if as_text else value for value in sample.values]
    spec = make_demo.spec_of(entry, sample.period, values)
    assert file_name(spec) == sample.path.name
    assert grid_of(write_return(spec), entry["fmt"]) == grid_of(sample.path.read_bytes(), entry["fmt"])
