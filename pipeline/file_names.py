"""Names that a file system takes: shortened where something is written around a name that others gave."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from pathlib import PurePosixPath

LONGEST = 255
"""Bytes of a name on Linux; on Windows it is so many characters, and none takes less than a byte."""


def fitting(name: str, around: str = "") -> str:
    """``name``, its stem shortened at a character's edge where it is too long together with ``around``; the ending stays."""
    path = PurePosixPath(name)
    stem, ending = path.stem, path.suffix
    if _size(ending) > LONGEST // 4:  # a point somewhere in a sentence
        stem, ending = name, ""
    room = LONGEST - _size(around) - _size(ending)
    while stem and _size(stem) > room:
        stem = stem[:-1]
    return f"{stem}{ending}"


def numbered(name: str) -> Iterator[str]:
    """The name, then others like it: ``报表.xlsx``, ``报表(2).xlsx``, ``报表(3).xlsx`` …"""
    yield name
    path = PurePosixPath(name)
    yield from (f"{path.stem}({number}){path.suffix}" for number in count(2))


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the first one like it that is not ``taken`` (in whatever case: to Windows they are the same)."""
    lower = {each.casefold() for each in taken}
    return next(each for each in numbered(name) if each.casefold() not in lower)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
