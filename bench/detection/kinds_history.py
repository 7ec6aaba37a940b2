"""Values that look like numbers and are wrong beside the past or other districts (P rules)."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from bench.detection.scenes import ENTERPRISES, INSTITUTES, PROJECTS, TRANSFERS, Scene, values_of
from bench.detection.traps import ANYWHERE, LEAP, Kind, Mark, Trap, at_cell, mark, own_range, trap
from pipeline.model import Accepted, Issued, Known
from tests.returns import cell_of

Values = dict[str, int]
RATIO = frozenset({"X01", "X02", "X03"})
PLANNED: Mapping[str, Fraction] = {
    ENTERPRISES: Fraction(1),
    PROJECTS: Fraction(2),
    TRANSFERS: Fraction(1),
    INSTITUTES: Fraction(3, 4),
}
"""The plan's city ratio to the annual target (rules.csv P05)."""


def _row(scene: Scene, rule: str) -> Mark:
    return mark(rule, own_range(scene), None)


def _stating(scene: Scene, values: Values, *rules: str) -> Trap:
    """The return states these values; row-wide rules must be found."""
    after = scene.with_spec(values=values)
    return trap(after, *(_row(after, rule) for rule in rules))


def _fall(scene: Scene) -> Trap | None:
    before, indicator = scene.before, scene.pick()
    if not before or not before[indicator]:
        return None
    value = before[indicator] - scene.rng.randrange(1, min(before[indicator], 9) + 1)
    after = scene.with_spec(values={**scene.values, indicator: value})
    return trap(after, at_cell(after, "P01", indicator))


def _digit_lost(scene: Scene) -> Trap | None:
    """182 becomes 18."""
    before, indicator = scene.before, scene.pick()
    value = scene.values[indicator] // 10
    if not before or value >= before[indicator]:
        return None
    after = scene.with_spec(values={**scene.values, indicator: value})
    return trap(after, at_cell(after, "P01", indicator))


def _increases(scene: Scene, count: int) -> list[int]:
    sums = [sum(values.values()) for values in scene.past][-count - 1 :]
    return [after - before for before, after in pairwise(sums)]


def _lively(scene: Scene) -> bool:
    """P02's condition, as the catalogue says it."""
    increases = _increases(scene, 4)
    if len(increases) < 2:
        return scene.annual[scene.period.year] >= 10
    return statistics.median(increases) >= 5


def _old_table(scene: Scene) -> Trap | None:
    before = scene.before
    return _stating(scene, before, "P02") if before and any(before.values()) and _lively(scene) else None


def _nothing_new(scene: Scene) -> Trap | None:
    before = scene.before
    if not before or not any(before.values()) or _lively(scene):
        return None
    return replace(_stating(scene, before, "P11"), truth=before)


def _anothers_row(scene: Scene) -> Trap | None:
    """The row of another district, of this period or the one before."""
    other, now = scene.other(), scene.rng.random() < 0.5
    number = scene.setting.number if now else scene.setting.number - 1
    if number < 0:
        return None
    values = values_of(scene.setting, other, number)
    if sum(values.values()) < 30 or values == scene.values:
        return None
    this_period = Accepted(1, values_of(scene.setting, other, scene.setting.number))
    theirs = {**scene.known.history.get(other, {}), scene.period: this_period}
    made = _stating(scene, values, "P03")
    return replace(made, known=replace(scene.known, history={**scene.known.history, other: theirs}))


def _increase_only(scene: Scene) -> Trap | None:
    """What is new in the period instead of the running total."""
    before = scene.before
    if not before:
        return None
    values = {i: scene.values[i] - before[i] for i in before}
    fallen = [i for i in before if values[i] < before[i]]
    after = scene.with_spec(values=values)
    return trap(after, _row(after, "P04"), *(at_cell(after, "P01", i) for i in fallen)) if len(fallen) >= 3 else None


def _unusual(scene: Scene, indicator: str, value: int) -> bool:
    """Far beyond every limit of P05, whatever the spread of the earlier increases."""
    steps = [after[indicator] - before[indicator] for before, after in pairwise(scene.past)]
    if len(steps) < 3:
        return False
    increase = value - scene.past[-1][indicator]
    plan = scene.annual[scene.period.year] * PLANNED[indicator]
    return increase >= 12 and increase > plan and increase > 7 * max(*steps, 1)


def _typed_more(change: Callable[[Scene, int], int]) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        indicator = scene.pick()
        value = change(scene, scene.values[indicator])
        if not _unusual(scene, indicator, value) or value > scene.programme.indicator(indicator).ceiling:
            return None
        after = scene.with_spec(values={**scene.values, indicator: value})
        return trap(after, at_cell(after, "P05", indicator))

    return spoil


def _version(scene: Scene, values: Mapping[str, int]) -> Known:
    """With an accepted version of this very period."""
    own = {**scene.known.history.get(scene.district, {}), scene.period: Accepted(1, dict(values))}
    return replace(scene.known, history={**scene.known.history, scene.district: own})


def _issued_changed(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    known = _version(scene, scene.values)
    after = scene.with_spec(values={**scene.values, indicator: scene.values[indicator] + scene.rng.choice([1, 1, 2, 3])})
    issued = {scene.period: Issued({scene.district: scene.values})}
    return trap(after, mark("P07", ANYWHERE), known=replace(known, issued=issued))


def _above_later(scene: Scene) -> Trap | None:
    if not scene.setting.coming:
        return None
    indicator = scene.pick()
    later = values_of(scene.setting, scene.district, scene.setting.number + 1)
    after = scene.with_spec(values={**scene.values, indicator: later[indicator] + scene.rng.randrange(1, 9)})
    return trap(after, at_cell(after, "P08", indicator))


def _below_version(scene: Scene) -> Trap | None:
    indicator, before = scene.pick(), scene.before
    first = {**scene.values, indicator: scene.values[indicator] + scene.rng.randrange(1, 9)}
    made = trap(scene, at_cell(scene, "P09", indicator), known=_version(scene, first))
    return made if before is None or scene.values[indicator] >= before[indicator] else None


def _columns_swapped(scene: Scene) -> Trap | None:
    """Two values exchanged, so that one of them falls below the last one."""
    before = scene.before
    first, second = scene.rng.sample(scene.programme.indicator_ids, 2)
    swapped = {**scene.values, first: scene.values[second], second: scene.values[first]}
    if not before or swapped[first] >= before[first]:
        return None
    after = scene.with_spec(values=swapped)
    hint = mark("P10", cell_of(after.spec, first), cell_of(after.spec, second), own_range(after), None)
    return trap(after, hint, at_cell(after, "P01", first))


KINDS = (
    Kind("P01 below the last value", _fall, companions=RATIO),
    Kind("P01 a digit lost", _digit_lost, companions=RATIO),
    Kind("P02 last period's table", _old_table),
    Kind("P03 another district's row", _anothers_row, companions=LEAP | RATIO | {"P01"}),
    Kind("P04 the increase alone", _increase_only, companions=LEAP | RATIO | {"P03"}),
    Kind("P05 ten times", _typed_more(lambda scene, value: value * 10), companions=LEAP),
    Kind("P05 a digit more", _typed_more(lambda scene, value: value * 10 + scene.rng.randrange(1, 10)), companions=LEAP),
    Kind("P05 a digit doubled", _typed_more(lambda scene, value: int(f"{value}"[0] + f"{value}")), companions=LEAP),
    Kind("P07 issued value changed", _issued_changed, companions=frozenset({"P08"})),
    Kind("P08 above a later value", _above_later, companions=RATIO | {"P05", "T02"}),
    Kind("P09 below the version before", _below_version),
    Kind("P10 two columns exchanged", _columns_swapped, companions=LEAP | RATIO),
    Kind("P11 nothing new", _nothing_new),
)
