"""Values that do not fit each other, or the targets (X, T rules)."""

from __future__ import annotations

from fractions import Fraction

from bench.detection.scenes import ENTERPRISES, INSTITUTES, PROJECTS, TRANSFERS, Scene
from bench.detection.traps import LEAP, Kind, Trap, at_cell, mark, own_range, trap
from tests.returns import cell_of


def _nothing_but_results(scene: Scene) -> Trap | None:
    if not any(value for i, value in scene.values.items() if i != ENTERPRISES):
        return None
    after = scene.with_spec(values={**scene.values, ENTERPRISES: 0})
    return trap(after, at_cell(after, "X01", ENTERPRISES))


def _more_institutes(scene: Scene) -> Trap | None:
    base = scene.values[ENTERPRISES]
    value = max(base + 3, base * 11 // 10 + 1) + scene.rng.randrange(4)
    after = scene.with_spec(values={**scene.values, INSTITUTES: value})
    return trap(after, mark("X02", *_cells(after, ENTERPRISES, INSTITUTES))) if base and not scene.setting.coming else None


def _cells(scene: Scene, *indicators: str) -> list[str | None]:
    return [*(cell_of(scene.spec, indicator) for indicator in indicators), own_range(scene)]


def _many_projects(scene: Scene) -> Trap | None:
    base = scene.values[ENTERPRISES]
    value = max(10, 6 * base + 1) + scene.rng.randrange(5)
    after = scene.with_spec(values={**scene.values, PROJECTS: value})
    return trap(after, mark("X03", *_cells(after, ENTERPRISES, PROJECTS))) if base > 0 and value <= 4000 else None


def _more_transfers(scene: Scene) -> Trap | None:
    base = scene.values[PROJECTS]
    value = max(base + 5, base * 12 // 10 + 1) + scene.rng.randrange(5)
    after = scene.with_spec(values={**scene.values, TRANSFERS: value})
    possible = scene.values[ENTERPRISES] and value <= 2000
    return trap(after, mark("X03", *_cells(after, PROJECTS, TRANSFERS))) if possible else None


def _due(scene: Scene) -> Fraction:
    year, elapsed = scene.period.year, Fraction(scene.period.month, 12)
    return sum(plan for y, plan in scene.annual.items() if y < year) + scene.annual[year] * elapsed


def _owed(scene: Scene) -> int:
    """The cumulative target of the year's end."""
    return sum(plan for year, plan in scene.annual.items() if year <= scene.period.year)


def _behind(scene: Scene) -> Trap | None:
    value = scene.values[ENTERPRISES]
    return trap(scene, at_cell(scene, "T01", ENTERPRISES), truth=scene.values) if value < _due(scene) else None


def _beyond_target(scene: Scene) -> Trap | None:
    before = scene.before
    least = (before[ENTERPRISES] if before else 0) + scene.annual[scene.period.year]
    value = max(_owed(scene) * 3 // 2 + 5, _owed(scene) + 5, least) + 1 + scene.rng.randrange(6)
    after = scene.with_spec(values={**scene.values, ENTERPRISES: value})
    return trap(after, at_cell(after, "T02", ENTERPRISES)) if value <= 2000 else None


def _the_target(scene: Scene) -> Trap | None:
    """The figure of Annex 1 in the column of what was reached: no error in itself."""
    before = scene.before
    value = scene.rng.choice([scene.annual[scene.period.year], _owed(scene)])
    possible = value >= 10 and scene.period.month < 12 and not scene.setting.coming
    if not possible or (before and value < before[ENTERPRISES]):
        return None
    values = {**scene.values, ENTERPRISES: value}
    after = scene.with_spec(values=values)
    return trap(after, at_cell(after, "T03", ENTERPRISES), truth=values)


KINDS = (
    Kind("X01 results without enterprises", _nothing_but_results, companions=frozenset({"P01"})),
    Kind("X02 more institutes than enterprises", _more_institutes, companions=LEAP),
    Kind("X03 many projects", _many_projects, companions=LEAP),
    Kind("X03 more transfers than projects", _more_transfers, companions=LEAP),
    Kind("T01 behind the pace", _behind),
    Kind("T02 far beyond the target", _beyond_target, companions=LEAP, instead=frozenset({"P05"})),
    Kind("T03 the target itself", _the_target, companions=LEAP),
)
