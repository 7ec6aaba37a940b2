"""Formulas of BIFF 8 as text, as far as conditions of formats need them. Source: [MS-XLS] 2.5.198."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.model import address

_STRING, _ATTRIBUTE, _INTEGER, _NUMBER, _BOOLEAN = 0x17, 0x19, 0x1E, 0x1F, 0x1D
_FUNCTION, _FUNCTION_OF_MANY, _REFERENCE, _AREA, _RELATIVE, _RELATIVE_AREA = 0x21, 0x22, 0x24, 0x25, 0x2C, 0x2D
_MISSING, _CONCATENATE, _BRACKETS, _CHOOSE = 0x16, 0x08, 0x15, 0x04
_SIZES = {
    0x01: 4, 0x02: 4, **dict.fromkeys(range(0x03, 0x17), 0), 0x1C: 1, _BOOLEAN: 1, _INTEGER: 2, _NUMBER: 8, 0x20: 7,
    _FUNCTION: 2, _FUNCTION_OF_MANY: 3, 0x23: 4, _REFERENCE: 4, _AREA: 8, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2, 0x2A: 4, 0x2B: 8,
    _RELATIVE: 4, _RELATIVE_AREA: 8, 0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10,
}  # fmt: skip
_OPERATORS = {
    0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/", 0x07: "^", 0x08: "&", 0x09: "<", 0x0A: "<=", 0x0B: "=", 0x0C: ">=", 0x0D: ">",
    0x0E: "<>",
}  # fmt: skip
_FUNCTIONS = {
    0: "COUNT", 1: "IF", 2: "ISNA", 3: "ISERROR", 4: "SUM", 8: "ROW", 9: "COLUMN", 24: "ABS", 25: "INT", 32: "LEN", 34: "TRUE",
    35: "FALSE", 36: "AND", 37: "OR", 38: "NOT", 39: "MOD", 118: "TRIM", 126: "ISERR", 127: "ISTEXT", 128: "ISNUMBER",
    129: "ISBLANK", 169: "COUNTA", 190: "ISNONTEXT", 198: "ISLOGICAL",
}  # fmt: skip
_FIXED = {2: 1, 3: 1, 24: 1, 25: 1, 32: 1, 34: 0, 35: 0, 38: 1, 39: 2, 118: 1, 126: 1, 127: 1, 128: 1, 129: 1, 190: 1, 198: 1}

Token = tuple[int, bytes]


def tokens(formula: bytes) -> Iterator[Token]:
    """(kind without its class, what belongs to it). Raises ValueError for one that is not known, and where bytes are missing."""
    at = 0
    while at < len(formula):
        kind = formula[at]
        if kind >= 0x40:
            kind = kind & 0x1F | 0x20
        size = _size(kind, formula[at + 1 :])
        if at + 1 + size > len(formula):
            raise ValueError("formula cut off")
        yield kind, formula[at + 1 : at + 1 + size]
        at += 1 + size


def _size(kind: int, rest: bytes) -> int:
    if kind == _STRING and len(rest) >= 2:
        return 2 + rest[0] * (1 + (rest[1] & 1))
    if kind == _ATTRIBUTE and len(rest) >= 3:
        return 3 + (2 * (struct.unpack_from("<H", rest, 1)[0] + 1) if rest[0] & _CHOOSE else 0)
    if kind not in _SIZES:
        raise ValueError("unknown part of a formula")
    return _SIZES[kind]


def may_give_text(formula: bytes) -> bool:
    """Whether a formula holds a text or joins some, so that an empty text can be its result."""
    try:
        return any(kind in (_STRING, _CONCATENATE) for kind, _ in tokens(formula))
    except ValueError:
        return False


def formula_text(formula: bytes, base: tuple[int, int]) -> str:
    """The formula as people write it, its relative references as they are at ``base`` (row, column).

    Raises ValueError for one that holds what conditions seldom do.
    """
    stack: list[str] = []
    for kind, data in tokens(formula):
        if kind in _OPERATORS:
            second, first = stack.pop(), stack.pop()
            stack.append(f"({first}{_OPERATORS[kind]}{second})")
        elif kind in (0x12, 0x13):
            stack.append(f"({'-' if kind == 0x13 else '+'}{stack.pop()})")
        elif kind in (_FUNCTION, _FUNCTION_OF_MANY):
            _call(stack, kind, data)
        elif kind not in (_BRACKETS, _ATTRIBUTE):
            stack.append(_operand(kind, data, base))
        elif kind == _ATTRIBUTE and data[0] & 0x10:
            stack.append(f"SUM({stack.pop()})")
    if len(stack) != 1:
        raise ValueError("no formula")
    return stack[0]


def _call(stack: list[str], kind: int, data: bytes) -> None:
    number = struct.unpack_from("<H", data, 0 if kind == _FUNCTION else 1)[0] & 0x7FFF
    count = _FIXED.get(number, -1) if kind == _FUNCTION else data[0] & 0x7F
    if number not in _FUNCTIONS or count < 0 or count > len(stack):
        raise ValueError("unknown function")
    given = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    stack.append(f"{_FUNCTIONS[number]}({','.join(given)})")


def _operand(kind: int, data: bytes, base: tuple[int, int]) -> str:
    if kind == _INTEGER:
        return str(struct.unpack("<H", data)[0])
    if kind == _NUMBER:
        return repr(struct.unpack("<d", data)[0])
    if kind == _BOOLEAN:
        return "TRUE" if data[0] else "FALSE"
    if kind == _STRING:
        text = data[2:].decode("utf-16-le" if data[1] & 1 else "latin-1", "replace")
        return '"' + text.replace('"', '""') + '"'
    if kind == _MISSING:
        return ""
    if kind in (_REFERENCE, _RELATIVE):
        row, column = struct.unpack("<HH", data)
        return _place(row, column, base, moved=kind == _RELATIVE)
    if kind in (_AREA, _RELATIVE_AREA):
        top, bottom, left, right = struct.unpack("<HHHH", data)
        moved = kind == _RELATIVE_AREA
        return f"{_place(top, left, base, moved=moved)}:{_place(bottom, right, base, moved=moved)}"
    raise ValueError("unknown part of a formula")


def _place(row: int, flags: int, base: tuple[int, int], *, moved: bool) -> str:
    """An address; ``moved``: relative parts are distances from the base. Absolute parts are written with a dollar sign."""
    column = flags & 0xFF
    if moved and flags & 0x8000:
        row = (row + base[0] - 1) % 65_536
    if moved and flags & 0x4000:
        column = (column + base[1] - 1) % 256
    name = address(row + 1, column + 1)
    letters, digits = name.rstrip("0123456789"), name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{'' if flags & 0x4000 else '$'}{letters}{'' if flags & 0x8000 else '$'}{digits}"
