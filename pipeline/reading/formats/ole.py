"""OLE compound files (.xls, .et, .doc, encrypted .xlsx): which streams they hold, and their bytes. Source: [MS-CFB]."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import IncompleteFile

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPECIAL = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end of chain, FAT, DIFAT)."""
_FREE = 0xFFFFFFFF
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    type: int
    left: int
    right: int
    child: int
    start: int
    size: int


def is_compound(content: bytes) -> bool:
    return content.startswith(_SIGNATURE)


def as_compound(stream: bytes) -> bytes:
    """A plain compound file around the records of a workbook: for readers that need one, without what the sent one may hide.

    Version 3, one stream too long to be a small one, allocation table first. Streams of more than 109 × 128 sectors (7 MB) do
    not fit without a second table, and come back as they are.
    """
    body = stream.ljust(4096, b"\0")
    body = body.ljust(-(-len(body) // 512) * 512, b"\0")
    sectors = len(body) // 512
    tables = next(count for count in range(1, 1 << 20) if count * 128 >= count + 1 + sectors)
    if tables > 109:
        return stream
    first = tables + 1
    chain = [*range(first + 1, first + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{first + sectors}I", *[0xFFFFFFFD] * tables, 0xFFFFFFFE, *chain).ljust(tables * 512, b"\xff")
    header = struct.pack("<8s16x5H6x", _SIGNATURE, 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack(f"<{tables}I", *range(tables)).ljust(436, b"\xff")
    directory = _packed_entry("Root Entry", _ROOT, 1, 0xFFFFFFFE, 0) + _packed_entry("Workbook", _STREAM, _NONE, first, len(body))
    return header + table + directory.ljust(512, b"\0") + body


def _packed_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIII", title, len(title), kind, 1, _NONE, _NONE, child, start, size, 0)


@lru_cache(maxsize=1)  # the file is opened to see what it is, to read it, and to have it confirmed
def opened(content: bytes) -> Compound:
    return Compound(content)


class Compound:
    """The sectors, the allocation table and the root's streams of one compound file."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise IncompleteFile("damaged")
        self.content = content
        self.shift = struct.unpack_from("<H", content, 0x1E)[0]
        if self.shift not in (9, 12):
            raise UnreadableFile("damaged")
        self.size = 1 << self.shift
        self.fat = self._fat()
        used = max((number for number, following in enumerate(self.fat) if following != _FREE), default=0)
        if (used + 1) << self.shift >= len(content):
            raise IncompleteFile("damaged")
        directory = self._chain(struct.unpack_from("<I", content, 0x30)[0])
        self.entries = [_entry(directory, at) for at in range(0, len(directory) - 127, 128)]
        if not self.entries or self.entries[0].type != _ROOT:
            raise UnreadableFile("damaged")
        top = self._siblings(self.entries[0].child)
        self.streams = {entry.name.lower(): entry for entry in top if entry.type == _STREAM}
        self.storages = {entry.name.lower() for entry in top if entry.type == _STORAGE}

    def read(self, name: str) -> bytes:
        """The bytes of a stream of the root; small ones lie in the root's own stream, cut in pieces of 64 bytes."""
        entry = self.streams[name]
        cutoff, first = struct.unpack_from("<II", self.content, 0x38)
        if entry.size >= cutoff:
            data = self._chain(entry.start)
        else:
            table = self._chain(first)
            small = struct.unpack_from(f"<{len(table) // 4}I", table)
            container = self._chain(self.entries[0].start)
            data = b"".join(container[number * 64 : number * 64 + 64] for number in _follow(small, entry.start))
        if len(data) < entry.size:
            raise IncompleteFile("damaged")
        return data[: entry.size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) << self.shift
        if at >= len(self.content):
            raise IncompleteFile("damaged")
        return self.content[at : at + self.size]

    def _fat(self) -> tuple[int, ...]:
        count = self.size // 4
        sectors = [number for number in struct.unpack_from("<109I", self.content, 0x4C) if number < _SPECIAL]
        following = struct.unpack_from("<I", self.content, 0x44)[0]
        seen: set[int] = set()
        while following < _SPECIAL:
            if following in seen:
                raise UnreadableFile("damaged")
            seen.add(following)
            *more, following = struct.unpack(f"<{count}I", self._sector(following).ljust(self.size, b"\xff"))
            sectors += [number for number in more if number < _SPECIAL]
        table = b"".join(self._sector(number).ljust(self.size, b"\xff") for number in dict.fromkeys(sectors))
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(self.fat, start))

    def _siblings(self, start: int) -> list[_Entry]:
        """The entries of one storage: a binary tree inside the directory."""
        found: dict[int, _Entry] = {}
        waiting = [start]
        while waiting:
            number = waiting.pop()
            if number == _NONE or number in found:
                continue
            if number >= len(self.entries):
                raise UnreadableFile("damaged")
            entry = found[number] = self.entries[number]
            waiting += (entry.left, entry.right)
        return list(found.values())


def _entry(directory: bytes, at: int) -> _Entry:
    length, kind, left, right, child = struct.unpack_from("<HBxIII", directory, at + 64)
    start, size = struct.unpack_from("<II", directory, at + 116)
    name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
    return _Entry(name, kind, left, right, child, start, size)


def _follow(table: tuple[int, ...], start: int) -> list[int]:
    """The sectors of one chain. Raises UnreadableFile (damaged) when it leaves the table or bites its tail."""
    chain: list[int] = []
    number = start
    while number < _SPECIAL:
        if number >= len(table) or len(chain) > len(table):
            raise UnreadableFile("damaged")
        chain.append(number)
        number = table[number]
    return chain
