"""Conditional formats: which cells they hide or strike out (S05). What cannot be reckoned is taken to hold: a person looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Area, Cell, Kind, Unseen, address
from pipeline.reading.formats.colours import Colour, Look, alike
from pipeline.reading.formats.draft import has_digit
from pipeline.reading.formats.formulas import holds
from pipeline.reading.formats.number_formats import letters_by_format
from pipeline.reading.formats.stored_numbers import cell_of

_OPERATORS = {
    "equal": "=", "notEqual": "<>", "greaterThan": ">", "greaterThanOrEqual": ">=", "lessThan": "<", "lessThanOrEqual": "<=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """What a format changes; None for what it leaves alone. ``hides``: bars or icons stand in place of the value."""

    letters: Colour | None = None
    ground: Colour | None = None
    struck: bool | None = None
    code: str | None = None
    hides: bool = False

    @property
    def matters(self) -> bool:
        return self != _NOTHING


_NOTHING = Effect()


@dataclass(frozen=True, slots=True)
class Condition:
    """A format for some areas. ``formula`` is written for the cell ``base``; None where nothing is known of the condition."""

    areas: tuple[Area, ...]
    base: tuple[int, int]
    formula: str | None
    effect: Effect
    priority: int = 0
    stops: bool = False


def compared(base: tuple[int, int], operator: str, given: Sequence[str]) -> str | None:
    """A comparison of a cell with one value or two as a formula, by OOXML's names of the operators."""
    cell = address(*base)
    if operator in _OPERATORS and given:
        return f"{cell}{_OPERATORS[operator]}({given[0]})"
    if operator in ("between", "notBetween") and len(given) > 1:
        inside = f"AND({cell}>=({given[0]}),{cell}<=({given[1]}))"
        return inside if operator == "between" else f"NOT({inside})"
    return None


def hide(cells: dict[tuple[int, int], Cell], conditions: Iterable[Condition], look: Callable[[tuple[int, int]], Look]) -> None:
    """Mark the cells that conditions hide or strike out. Only what may be a number is looked at, and no 0: many forms hide it."""
    every = sorted((each for each in conditions if each.effect.matters or each.stops), key=lambda each: each.priority)
    if not every:
        return
    for place, cell in list(cells.items()):
        if cell.number == 0 or cell.unseen is Unseen.STRUCK or not has_digit(cell.text):
            continue
        covering = [each for each in every if any(place in area for area in each.areas)]
        if covering:
            cells[place] = _seen(cells, place, covering, look(place))


def _seen(cells: dict[tuple[int, int], Cell], place: tuple[int, int], covering: list[Condition], own: Look) -> Cell:
    """The cell as the formats whose conditions hold leave it: of each property the first one counts."""
    cell = cells[place]
    effect = Effect()
    for each in covering:
        shift = place[0] - each.base[0], place[1] - each.base[1]
        truth = holds(each.formula, cells, shift, place) if each.formula is not None else None
        if truth or (truth is None and _hidden(cell, each.effect, own)):
            effect = _first(effect, each.effect)
            if each.stops and truth:
                break
    if effect.struck and not cell.runs:
        return replace(cell, unseen=Unseen.STRUCK)
    if _hidden(cell, effect, own):
        return replace(cell, unseen=Unseen.CONDITION)
    return replace(cell, unseen=None) if cell.unseen is Unseen.COLOUR and (effect.letters or effect.ground) else cell


def _first(one: Effect, two: Effect) -> Effect:
    return Effect(
        one.letters or two.letters,
        one.ground or two.ground,
        two.struck if one.struck is None else one.struck,
        two.code if one.code is None else one.code,
        one.hides or two.hides,
    )


def _hidden(cell: Cell, effect: Effect, own: Look) -> bool:
    if effect.hides or (effect.code is not None and _masks(cell, effect.code)):
        return True
    letters = effect.letters
    if effect.code is not None and cell.number is not None:
        letters = letters_by_format(effect.code, float(cell.number)) or letters
    changed = letters or effect.ground
    return bool(changed) and alike(letters or own.letters, effect.ground or own.ground)


def _masks(cell: Cell, code: str) -> bool:
    """Whether a number format shows another number or nothing."""
    if cell.number is None:
        return False
    return cell_of(float(cell.number), code, formula=False, units=frozenset()).kind is Kind.MASKED
