"""Formulas as conditions of formats use them, reckoned over the cells of a sheet; what is seldom met is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Cell, Kind, UnreadableFile
from pipeline.reading.formats.draft import place

Value = float | str | bool | None
"""A number, a text, a truth value, or None for a blank."""


class Unknown(Exception):
    """A formula that holds something else, or is about cells of which nothing can be said."""


@dataclass(frozen=True, slots=True)
class _Error:
    """What an error value is to the functions that ask for errors; to all others it is not known."""


_ERROR = _Error()
_Operand = float | str | bool | _Error | None
_LONGEST = 500
_DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+) | (?P<text>"(?:[^"]|"")*")
    | (?P<area>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}) | (?P<name>[A-Za-z_][A-Za-z_.0-9]*)(?=\s*\()
    | (?P<place>\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?![A-Za-z0-9(!_.]) | (?P<word>TRUE|FALSE)\b
    | (?P<operator><=|>=|<>|[-+*/^&=<>(),;%]))""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARISONS = ("=", "<>", "<=", ">=", "<", ">")


def holds(formula: str, cells: Mapping[tuple[int, int], Cell], shift: tuple[int, int], at: tuple[int, int]) -> bool | None:
    """Whether a condition is true of the cell ``at``, its relative references moved by ``shift`` (rows, columns).

    None where that is not known.
    """
    try:
        result = _Reckoner(formula, cells, shift, at).result()
    except (Unknown, UnreadableFile, ValueError, OverflowError, ZeroDivisionError, IndexError):
        return None
    if isinstance(result, _Error):
        return False
    return result.lower() == "true" if isinstance(result, str) else bool(result)


class _Reckoner:
    """Reads one formula from left to right."""

    def __init__(self, formula: str, cells: Mapping[tuple[int, int], Cell], shift: tuple[int, int], at: tuple[int, int]) -> None:
        if len(formula) > _LONGEST:
            raise Unknown
        self.cells, self.shift, self.cell = cells, shift, at
        self.tokens = list(_tokens(formula.strip().removeprefix("=")))
        self.next = self.depth = 0

    def result(self) -> _Operand:
        value = self._comparison()
        if self.next != len(self.tokens):
            raise Unknown
        return value

    def _peek(self) -> str:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else ""

    def _take(self, *wanted: str) -> str:
        """The next operator, if it is one of these."""
        if self.next < len(self.tokens) and self.tokens[self.next][0] == "operator" and self._peek() in wanted:
            self.next += 1
            return self.tokens[self.next - 1][1]
        return ""

    def _comparison(self) -> _Operand:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unknown
        value = self._joined()
        while operator := self._take(*_COMPARISONS):
            value = _compared(value, operator, self._joined())
        self.depth -= 1
        return value

    def _joined(self) -> _Operand:
        value = self._sum()
        while self._take("&"):
            value = _text(value) + _text(self._sum())
        return value

    def _sum(self) -> _Operand:
        value = self._product()
        while operator := self._take("+", "-"):
            other = _number(self._product())
            value = _number(value) + (other if operator == "+" else -other)
        return value

    def _product(self) -> _Operand:
        value = self._signed()
        while operator := self._take("*", "/"):
            other = _number(self._signed())
            value = _number(value) * other if operator == "*" else _number(value) / other
        return value

    def _signed(self) -> _Operand:
        if sign := self._take("+", "-"):
            value = self._signed()
            return -_number(value) if sign == "-" else value
        value = self._operand()
        while self._take("%"):
            value = _number(value) / 100
        return value

    def _operand(self) -> _Operand:
        if self._take("("):
            value = self._comparison()
            self._close()
            return value
        kind, text = self.tokens[self.next]
        self.next += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "word":
            return text.upper() == "TRUE"
        if kind == "place":
            return self._value(self._moved(text))
        if kind == "name":
            return self._called(text.upper().removeprefix("_XLFN."))
        raise Unknown

    def _close(self) -> None:
        if not self._take(")"):
            raise Unknown

    def _called(self, name: str) -> _Operand:
        self._take("(")
        if name in ("ROW", "COLUMN"):
            return self._own_place(name)
        given: list[_Operand] = []
        while not self._take(")"):
            given += self._argument()
            if not self._take(",", ";") and self._peek() != ")":
                raise Unknown
        if name not in _FUNCTIONS:
            raise Unknown
        return _FUNCTIONS[name](given)

    def _argument(self) -> list[_Operand]:
        if self.next < len(self.tokens) and self.tokens[self.next][0] == "area":
            self.next += 1
            return self._area(self.tokens[self.next - 1][1])
        return [None] if self._peek() in (",", ";") else [self._comparison()]

    def _area(self, text: str) -> list[_Operand]:
        (top, left), (bottom, right) = (self._moved(corner) for corner in text.split(":"))
        if (bottom - top + 1) * (right - left + 1) > 10_000:
            raise Unknown
        return [self._value((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _own_place(self, name: str) -> float:
        where = self.cell
        if self.next < len(self.tokens) and self.tokens[self.next][0] == "place":
            where = self._moved(self.tokens[self.next][1])
            self.next += 1
        self._close()
        return float(where[0] if name == "ROW" else where[1])

    def _moved(self, reference: str) -> tuple[int, int]:
        row, column = place(reference)
        row += 0 if "$" in reference[1:] else self.shift[0]
        column += 0 if reference.startswith("$") else self.shift[1]
        return row, column

    def _value(self, where: tuple[int, int]) -> _Operand:
        cell = self.cells.get(where)
        if cell is None or cell.kind is Kind.BLANK:
            return None
        if cell.kind is Kind.ERROR:
            return _ERROR
        if cell.number is not None:
            return float(cell.number)
        if cell.kind is Kind.TEXT:
            return "".join(run.text for run in cell.runs) or cell.text
        if cell.kind is Kind.BOOLEAN:
            return cell.text == "TRUE"
        raise Unknown


def _tokens(formula: str) -> Sequence[tuple[str, str]]:
    found, at = [], 0
    while at < len(formula.rstrip()):
        match = _TOKEN.match(formula, at)
        if match is None:
            raise Unknown
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


def _number(value: _Operand) -> float:
    if isinstance(value, str | _Error):
        raise Unknown
    return float(value or 0)


def _text(value: _Operand) -> str:
    if isinstance(value, _Error):
        raise Unknown
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else "" if value is None else f"{value:.15g}"


def _compared(first: _Operand, operator: str, second: _Operand) -> bool:
    """Numbers come before texts, texts before truth values; a blank is whatever stands beside it."""
    if isinstance(first, _Error) or isinstance(second, _Error):
        raise Unknown
    if first is None:
        first = "" if isinstance(second, str) else False if isinstance(second, bool) else 0.0
    if second is None:
        second = "" if isinstance(first, str) else False if isinstance(first, bool) else 0.0
    a, b = _ranked(first), _ranked(second)
    return {"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator]


def _ranked(value: float | str | bool) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    return (1, 0.0, value.lower()) if isinstance(value, str) else (0, float(value), "")


def _truths(given: list[_Operand]) -> list[bool]:
    return [bool(_number(value)) for value in given if value is not None and not isinstance(value, str)]


def _found(given: list[_Operand]) -> _Operand:
    at = _text(given[1]).lower().find(_text(given[0]).lower())
    return float(at + 1) if at >= 0 else _ERROR


def _is_number(value: _Operand) -> bool:
    return isinstance(value, float) and not isinstance(value, bool)


_FUNCTIONS: Mapping[str, Callable[[list[_Operand]], _Operand]] = {
    "TRUE": lambda given: True,
    "FALSE": lambda given: False,
    "AND": lambda given: all(_truths(given)),
    "OR": lambda given: any(_truths(given)),
    "NOT": lambda given: not _number(given[0]),
    "IF": lambda given: given[1] if _number(given[0]) else (given[2] if len(given) > 2 else False),
    "ISNUMBER": lambda given: _is_number(given[0]),
    "ISTEXT": lambda given: isinstance(given[0], str),
    "ISNONTEXT": lambda given: not isinstance(given[0], str),
    "ISBLANK": lambda given: given[0] is None,
    "ISLOGICAL": lambda given: isinstance(given[0], bool),
    "ISERROR": lambda given: isinstance(given[0], _Error),
    "ISERR": lambda given: isinstance(given[0], _Error),
    "ISNA": lambda given: isinstance(given[0], _Error),
    "LEN": lambda given: float(len(_text(given[0]))),
    "TRIM": lambda given: " ".join(_text(given[0]).split()),
    "SEARCH": _found,
    "FIND": _found,
    "LEFT": lambda given: _text(given[0])[: int(_number(given[1])) if len(given) > 1 else 1],
    "RIGHT": lambda given: _text(given[0])[-int(_number(given[1]) if len(given) > 1 else 1) :],
    "MOD": lambda given: _number(given[0]) % _number(given[1]),
    "ABS": lambda given: abs(_number(given[0])),
    "INT": lambda given: float(_number(given[0]) // 1),
    "SUM": lambda given: sum(float(value) for value in given if isinstance(value, float)),
    "COUNT": lambda given: float(sum(_is_number(value) for value in given)),
    "COUNTA": lambda given: float(sum(value is not None for value in given)),
}
