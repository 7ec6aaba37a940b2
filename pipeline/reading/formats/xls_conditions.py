"""Conditional formats of a binary workbook: CONDFMT and CF records of BIFF 8. Source: [MS-XLS] 2.4.56, 2.4.42, 2.5.91."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence

from pipeline.model import Area
from pipeline.reading.formats.conditions import Condition, Effect, compared
from pipeline.reading.formats.xls_formulas import formula_text
from pipeline.reading.formats.xls_looks import Looks

Records = Sequence[tuple[bytes, Sequence[bytes]]]
"""Each CONDFMT with the CF records after it."""

_COMPARES, _FORMULA = 1, 2
_OPERATORS = (
    "",
    "between",
    "notBetween",
    "equal",
    "notEqual",
    "greaterThan",
    "lessThan",
    "greaterThanOrEqual",
    "lessThanOrEqual",
)
_NUMBER, _FONT, _ALIGNMENT, _BORDER, _PATTERN = (1 << bit for bit in range(25, 30))
_NO_PATTERN, _NO_GROUND = 1 << 16, 1 << 18
_OWN_CODE = 1
_STRUCK = 0x80
_FONT_SIZE = 118


def conditions(records: Records, looks: Looks, code_of: Callable[[int], str]) -> Iterator[Condition]:
    """The conditions of a sheet; records that say something else are taken for conditions of which nothing is known."""
    for head, rules in records:
        base, areas = _areas(head)
        for number, rule in enumerate(rules):
            try:
                yield _condition(rule, base, areas, looks, code_of, number)
            except (struct.error, IndexError, LookupError):
                continue  # cut off: no program shows it


def _areas(head: bytes) -> tuple[tuple[int, int], tuple[Area, ...]]:
    if len(head) < 14:
        return (1, 1), ()
    top, _, left, _ = struct.unpack_from("<HHHH", head, 4)
    count = min(struct.unpack_from("<H", head, 12)[0], (len(head) - 14) // 8)
    spans = [struct.unpack_from("<HHHH", head, 14 + 8 * number) for number in range(count)]
    return (top + 1, left + 1), tuple(Area(first + 1, start + 1, last + 1, end + 1) for first, last, start, end in spans)


def _condition(
    rule: bytes, base: tuple[int, int], areas: tuple[Area, ...], looks: Looks, code_of: Callable[[int], str], number: int
) -> Condition:
    kind, operator, first, second = struct.unpack_from("<BBHH", rule)
    effect = _effect(rule[6:], looks, code_of)
    start = len(rule) - first - second
    given = [rule[start : start + first], rule[start + first :]]
    try:
        texts = [formula_text(formula, base) for formula in given if formula]
    except (ValueError, IndexError):
        texts = []
    formula = compared(base, _OPERATORS[operator], texts) if kind == _COMPARES else next(iter(texts), None)
    return Condition(areas, base, formula, effect, number)


def _effect(data: bytes, looks: Looks, code_of: Callable[[int], str]) -> Effect:
    flags = struct.unpack_from("<I", data)[0]
    at = 6
    letters = ground = struck = code = None
    if flags & _NUMBER:
        code, size = _code(data[at:], code_of, own=bool(data[4] & _OWN_CODE))
        at += size
    if flags & _FONT:
        style, colour, left_alone = struct.unpack_from("<I8xI4xI", data, at + 68)
        letters = looks.colour(colour, None) if colour < 0x8000 else None
        struck = bool(style & _STRUCK) if not left_alone & _STRUCK else None
        at += _FONT_SIZE
    at += 8 * (bool(flags & _ALIGNMENT) + bool(flags & _BORDER))
    if flags & _PATTERN and not flags & _NO_GROUND:
        ground = looks.colour(struct.unpack_from("<I", data, at)[0] >> 23 & 0x7F, None)
    return Effect(letters, ground, struck or None, code)


def _code(data: bytes, code_of: Callable[[int], str], *, own: bool) -> tuple[str, int]:
    """A number format, and how many bytes it takes."""
    if not own:
        return code_of(data[1]), 2
    size, length, wide = struct.unpack_from("<HHB", data)
    text = data[5 : 5 + length * (1 + (wide & 1))]
    return text.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), size
