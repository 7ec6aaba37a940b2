"""Wrong numbers that nothing in a return, its past or its targets can tell from right ones. Counted apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from bench.detection.scenes import Scene
from bench.detection.traps import Kind, Trap, trap


def _stating(scene: Scene, indicator: str, value: int) -> Trap | None:
    if value == scene.values[indicator] or (scene.past and value < scene.past[-1][indicator]):
        return None
    after = scene.with_spec(values={**scene.values, indicator: value})
    return trap(after, truth=scene.values)


def _a_little_more(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    return _stating(scene, indicator, scene.values[indicator] + scene.rng.randrange(1, 3))


def _a_little_less(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    return _stating(scene, indicator, max(0, scene.values[indicator] - scene.rng.randrange(1, 3)))


def _as_before(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    return _stating(scene, indicator, scene.past[-1][indicator]) if scene.past else None


def _another_digit(scene: Scene) -> Trap | None:
    """A digit mistyped, and the increase no larger than one before."""
    indicator = scene.pick()
    digits = [*str(scene.values[indicator])]
    digits[scene.rng.randrange(len(digits))] = scene.rng.choice("0123456789")
    steps = [after[indicator] - before[indicator] for before, after in pairwise(scene.past)]
    value = int("".join(digits))
    usual = steps and 0 <= value - scene.past[-1][indicator] <= max(steps)
    return _stating(scene, indicator, value) if usual else None


def _kind(name: str, spoil: Callable[[Scene], Trap | None], reason: str) -> Kind:
    return Kind(name, spoil, blind=reason)


KINDS = (
    _kind("one or two too many", _a_little_more, "the wrong number is as plausible as the right one"),
    _kind("one or two too few", _a_little_less, "not below the last value, so a running total might say it"),
    _kind("one value left as it was", _as_before, "an indicator may well have nothing new"),
    _kind("another digit", _another_digit, "the increase is no larger than one before"),
)
