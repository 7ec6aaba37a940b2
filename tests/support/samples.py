"""The sample returns as test cases: ``tests/data/returns``, and what each must lead to in its ``expected.json``."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import TEST_DATA

RETURNS = TEST_DATA / "returns"


@dataclass(frozen=True)
class Sample:
    """A sample file and what must come out.

    ``values`` are in programme order, None where expected.json states none (flawed files);
    ``findings`` are (rule, A1 address or None), ``also_allowed`` rules that may be found besides.
    """

    name: str
    """Relative to the folder of samples, ``2024-06-30/….xlsx``."""
    district: str | None
    period: dt.date | None
    values: tuple[int, ...] | None
    status: str
    findings: tuple[tuple[str, str | None], ...]
    also_allowed: tuple[str, ...]

    @property
    def path(self) -> Path:
        return RETURNS / self.name

    @property
    def folder(self) -> str:
        return self.name.split("/")[0]


def samples() -> list[Sample]:
    """All samples in the order of expected.json."""
    expected = json.loads((RETURNS / "expected.json").read_text(encoding="utf-8"))
    return [_sample(name, entry) for name, entry in expected.items()]


def good() -> list[Sample]:
    """The 39 clean returns of 2024-06-30, 2024-09-30 and 2024-12-31."""
    return [sample for sample in samples() if sample.folder != "flawed"]


def flawed() -> list[Sample]:
    """The 22 flawed returns for 2025-03-31."""
    return [sample for sample in samples() if sample.folder == "flawed"]


def parameters(chosen: list[Sample]) -> list[Any]:
    """For ``parametrize("sample", parameters(good()))``: one case per file."""
    return [pytest.param(sample, id=sample.name) for sample in chosen]


def _sample(name: str, entry: dict[str, Any]) -> Sample:
    values = entry.get("values")
    return Sample(
        name,
        entry["district"],
        dt.date.fromisoformat(entry["period"]) if entry["period"] else None,
        tuple(values) if values is not None else None,
        entry["status"],
        tuple((rule, cell) for rule, cell in entry["findings"]),
        tuple(entry.get("also_allowed", ())),
    )
