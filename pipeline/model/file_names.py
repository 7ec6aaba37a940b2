"""Names that a file system takes: shortened where something is written around a name that others gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import PurePosixPath

LONGEST = 255
"""Bytes of a name on Linux; on Windows it is so many characters, and none takes less than a byte."""


_ODD = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]|[\ud800-\udfff]')
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}


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


def portable(name: str) -> str:
    """``name`` without what Windows takes in none: signs of its own, line breaks, points and blanks at the end, devices."""
    plain = _ODD.sub("_", name).rstrip(" .")
    return f"_{plain}" if not plain or PurePosixPath(plain).stem.partition(".")[0].rstrip().upper() in _DEVICES else plain


def numbered(name: str) -> Iterator[str]:
    """The name, then others like it: ``报表.xlsx``, ``报表(2).xlsx``, ``报表(3).xlsx`` …"""
    yield name
    path = PurePosixPath(name)
    yield from (f"{path.stem}({number}){path.suffix}" for number in count(2))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
