"""Cells that look otherwise than they are stored: in runs, struck out, white, hidden or scaled by a format (C11, C12, S05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bench.detection.scenes import Scene
from bench.detection.traps import Kind, Trap, mark, own_range, trap
from tests.returns import Formula, Marked, Styled, Value, cell_of

RUNS = ("struck", "superscript", "subscript", "ruby", "hidden")
CODES = {";;;": "", "0,": "{thousands}"}
"""Number format → what it shows."""


def _in_cell(scene: Scene, rule: str, value: Callable[[int], Value], *around: str) -> Trap | None:
    """One number of the row in another look; ``around`` are further places that may be named."""
    indicator = scene.pick()
    number = scene.values[indicator]
    if not number:
        return None  # what a hidden or scaled zero says is not worth an argument
    after = scene.with_spec(values={**scene.values, indicator: value(number)})
    return trap(after, mark(rule, cell_of(after.spec, indicator), *around))


def _run(look: str) -> Callable[[Scene], Trap | None]:
    """A note mark raised behind the number, an old digit struck out before it or behind."""

    def spoil(scene: Scene) -> Trap | None:
        digit, behind = str(scene.rng.randrange(1, 10)), scene.rng.random() < 0.6

        def pieces(number: int) -> Marked:
            own, other = (str(number), ""), (digit, look)
            return Marked((own, other) if behind else (other, own))

        return _in_cell(scene, "C12", pieces)

    return spoil


def _looked(look: Literal["struck", "white", "conditional"]) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        if scene.spec.fmt.startswith("csv"):
            return None
        return _in_cell(scene, "S05", lambda number: Styled(number, look), own_range(scene))

    return spoil


def _coded(scene: Scene) -> Trap | None:
    code = scene.rng.choice(list(CODES))
    if scene.spec.fmt.startswith("html"):
        return None  # there the text is what is shown

    def coded(number: int) -> Styled:
        return Styled(number, "format", code, CODES[code].format(thousands=round(number / 1000)))

    return _in_cell(scene, "C11", coded)


def _empty_result(scene: Scene) -> Trap | None:
    """A formula that gives an empty text: the cell is blank to everybody."""
    return _in_cell(scene, "C02", lambda number: Formula('IF(1>0,"",1)', ""))


KINDS = (
    *(Kind(f"C12 run: {look}", _run(look), telling=True) for look in RUNS),
    Kind("S05 cell: struck", _looked("struck"), telling=True),
    Kind("S05 cell: white", _looked("white"), telling=True),
    Kind("S05 cell: conditional", _looked("conditional"), telling=True),
    Kind("C11 format shows another number", _coded, telling=True),
    Kind("C02 formula with an empty text", _empty_result, telling=True),
)
