"""Plain data (TOML) into frozen dataclasses, told apart by their type hints; a mistake says where it is.

pydantic does this too, but takes a fifth of a second to start, before any reader has a file.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class StructureError(ValueError):
    """The data does not fit; ``where`` is the path to the place, as ``districts.3.name``."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)


def structure(kind: type[T], data: Any) -> T:
    """``data`` as ``kind``, a dataclass of plain types, tuples, mappings, options and dataclasses. Raises StructureError."""
    built: T = _build(kind, data, "")
    return built


def _build(kind: Any, data: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return data
    if origin is types.UnionType:
        return None if data is None else _build(next(a for a in arguments if a is not type(None)), data, where)
    if origin is tuple:
        items = _expect(data, (list, tuple), "a list", where)
        return tuple(_build(arguments[0], item, f"{where}.{n}") for n, item in enumerate(items))
    if origin is Mapping:
        items = _expect(data, (dict,), "a table", where)
        return {_build(arguments[0], k, f"{where}.{k}"): _build(arguments[1], v, f"{where}.{k}") for k, v in items.items()}
    if dataclasses.is_dataclass(kind):
        return _record(kind, _expect(data, (dict,), "a table", where), where)
    return _plain(kind, data, where)


def _record(kind: Any, data: Mapping[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for name in data:
        if name not in fields:
            raise StructureError(_inside(where, name), "not known")
    needed = (f.name for f in fields.values() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING)
    for name in needed:
        if name not in data:
            raise StructureError(_inside(where, name), "missing")
    return kind(**{name: _build(hints[name], value, _inside(where, name)) for name, value in data.items()})


def _plain(kind: Any, data: Any, where: str) -> Any:
    if kind is float:
        return float(_expect(data, (int, float), "a number", where))
    allowed = {str: "a text", int: "a whole number", bool: "true or false", dt.date: "a date", Path: "a path"}
    return _expect(data, (kind,), allowed[kind], where)


def _expect(data: Any, kinds: tuple[type, ...], name: str, where: str) -> Any:
    strange = (isinstance(data, bool) and bool not in kinds) or (isinstance(data, dt.datetime) and dt.datetime not in kinds)
    if strange or not isinstance(data, kinds):
        raise StructureError(where, f"{data!r} is not {name}")
    return data


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
