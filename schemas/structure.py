"""Plain data (TOML) into frozen dataclasses, told apart by their type hints; a mistake says where it is.

pydantic does this too, but takes a fifth of a second to start, before any reader has a file.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


UNKNOWN = "not known"
"""The problem of a field that there is not."""

LIST, TABLE = "a list", "a table"
PLAIN = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dt.date: "a date", Path: "a path"}
EXPECTED = (LIST, TABLE, *PLAIN.values())
"""What a place may be meant for."""

Texts = Callable[[type, str], Any]
"""What a text says where another plain type is expected; ValueError when it says no such thing."""


class StructureError(ValueError):
    """The data does not fit; ``where`` is the path to the place, as ``districts.3.name``.

    ``seen`` is what stands there, ``expected`` what should: a value of ``EXPECTED``, or the values one of which it may be; for a
    field that there is not, the names of those there are.
    """

    def __init__(self, where: str, problem: str, seen: Any = None, expected: str | tuple[str, ...] = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where, self.problem, self.seen, self.expected = where, problem, seen, expected


def _as_it_is(kind: type, text: str) -> Any:
    return text


def structure(kind: type[T], data: Any, texts: Texts = _as_it_is) -> T:
    """``data`` as ``kind``, a dataclass of plain types, lists, mappings, options and dataclasses. Raises StructureError."""
    built: T = _Builder(texts).build(kind, data, "")
    return built


@dataclasses.dataclass(frozen=True)
class _Builder:
    texts: Texts

    def build(self, kind: Any, data: Any, where: str) -> Any:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if kind is Any:
            return data
        if origin is typing.Literal:
            return _one_of(data, arguments, where)
        if origin is types.UnionType:
            return None if data is None else self.build(next(a for a in arguments if a is not type(None)), data, where)
        if origin in (tuple, frozenset):
            items = _expect(data, (list, tuple), LIST, where)
            return origin(self.build(arguments[0], item, f"{where}.{n}") for n, item in enumerate(items))
        if origin is Mapping:
            items = _expect(data, (dict,), TABLE, where)
            key, value = arguments
            return {self.build(key, k, f"{where}.{k}"): self.build(value, v, f"{where}.{k}") for k, v in items.items()}
        if dataclasses.is_dataclass(kind):
            return self._record(kind, _expect(data, (dict,), TABLE, where), where)
        return self._plain(kind, data, where)

    def _record(self, kind: Any, data: Mapping[str, Any], where: str) -> Any:
        hints = typing.get_type_hints(kind)
        fields = {field.name: field for field in dataclasses.fields(kind)}
        for name in data:
            if name not in fields:
                raise StructureError(_inside(where, name), UNKNOWN, data[name], tuple(fields))
        needed = (
            f.name for f in fields.values() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        )
        for name in needed:
            if name not in data:
                raise StructureError(_inside(where, name), "missing")
        return kind(**{name: self.build(hints[name], value, _inside(where, name)) for name, value in data.items()})

    def _plain(self, kind: Any, data: Any, where: str) -> Any:
        if isinstance(data, str) and kind is not str:
            try:
                data = self.texts(kind, data)
            except ValueError as error:
                raise StructureError(where, str(error), data, PLAIN[kind]) from error
        if kind is float:
            return float(_expect(data, (int, float), PLAIN[kind], where))
        return _expect(data, (kind,), PLAIN[kind], where)


def _expect(data: Any, kinds: tuple[type, ...], name: str, where: str) -> Any:
    strange = (isinstance(data, bool) and bool not in kinds) or (isinstance(data, dt.datetime) and dt.datetime not in kinds)
    if strange or not isinstance(data, kinds):
        raise StructureError(where, f"{data!r} is not {name}", data, name)
    return data


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _one_of(data: Any, allowed: tuple[Any, ...], where: str) -> Any:
    if data not in allowed:
        raise StructureError(where, f"one of {', '.join(map(str, allowed))}", data, tuple(map(str, allowed)))
    return data
