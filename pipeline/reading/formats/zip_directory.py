"""The directory of a ZIP file: what lies in it, found without unpacking or believing anything. Source: PKWARE APPNOTE 6.3.10.

zipfile reads whatever the directory claims before anybody can count it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import IncompleteFile

MAX_ENTRIES = 10_000
"""Folders and what systems leave beside the files included."""

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_FAR_END, _FAR_LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_ENCRYPTED = 0x2041
"""Flags: encrypted, strongly so, or in the directory too."""
_AES = 99
_FAR_SIZES = 0x0001
_UNKNOWN = 0xFFFFFFFF


class Entry(NamedTuple):
    """One entry of the directory. ``at`` is where its local header begins; sizes and checksum are what the directory claims."""

    raw: bytes
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    mode: int
    extra: bytes
    at: int

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & _ENCRYPTED) or self.method == _AES


def directory(content: bytes) -> Iterator[Entry]:
    """The entries one after the other: a directory may claim millions.

    Raises IncompleteFile (damaged): there is none, and UnreadableFile (damaged).
    """
    start, end, shift = _directory_place(content)
    at = start
    while at < end:
        if content[at : at + 4] != _ENTRY or at + 46 > end:
            raise UnreadableFile("damaged")
        _, _, flags, method, _, _, checksum, packed, size, *lengths = struct.unpack_from("<6H3I3H", content, at + 4)
        mode, offset = struct.unpack_from("<II", content, at + 38)
        name, extra, _ = lengths
        raw = content[at + 46 : at + 46 + name]
        fields = content[at + 46 + name : at + 46 + name + extra]
        at += 46 + sum(lengths)
        if at > end:
            raise UnreadableFile("damaged")
        size, packed, offset = _far(fields, size, packed, offset)
        yield Entry(raw, flags, method, checksum, packed, size, mode >> 16, fields, offset + shift)


def is_package(content: bytes) -> bool:
    """Whether a zipped file is one document of an office program rather than an archive of files: it has parts that only such
    have, or a directory that cannot be followed."""
    try:
        return any(_PART.match(_folded(entry.raw)) for entry in islice(directory(content), MAX_ENTRIES + 1))
    except UnreadableFile:
        return True


_PART = re.compile(
    rb"(?:.*/)?(?:(?:xl|word|ppt)/|(?:\[content_types\]\.xml|_rels/\.rels|ofd\.xml|mimetype|content\.xml"
    rb"|meta-inf/manifest\.mf|index/document\.iwa)$)"
)


def _folded(raw: bytes) -> bytes:
    return raw.replace(b"\\", b"/").lower()


def holds_more(content: bytes, most: int) -> bool:
    """Whether a directory has more than so many entries, found without going on to the end."""
    return counted(content, most + 1) > most


def counted(content: bytes, most: int = MAX_ENTRIES) -> int:
    """How many entries of a directory can be followed, at most ``most``."""
    count = 0
    with suppress(UnreadableFile):
        for _ in islice(directory(content), most):
            count += 1
    return count


def _directory_place(content: bytes) -> tuple[int, int, int]:
    """Where the directory begins and ends, and by how much all it says of places is wrong: by what stands before the archive."""
    last = _end_of_directory(content)
    size, offset = struct.unpack_from("<II", content, last + 12)
    end = last
    if last >= 76 and content[last - 20 : last - 16] == _FAR_LOCATOR and content[last - 76 : last - 72] == _FAR_END:
        end = last - 76
        size, offset = struct.unpack_from("<QQ", content, end + 40)
    start = end - size
    if start < offset:
        raise UnreadableFile("damaged")
    return start, end, start - offset


def _end_of_directory(content: bytes) -> int:
    """Where the record stands that ends an archive: the last whose comment ends with the file, else the last."""
    first = max(0, len(content) - 65557)
    found = [each.start() for each in re.finditer(re.escape(_END), content[first:]) if first + each.start() + 22 <= len(content)]
    if not found:
        raise IncompleteFile("damaged")
    fitting = [at for at in found if first + at + 22 + struct.unpack_from("<H", content, first + at + 20)[0] == len(content)]
    return first + (fitting or found)[-1]


def _far(fields: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and place of an entry with those that do not fit into four bytes taken from where they stand then."""
    far = extra_field(fields, _FAR_SIZES)
    values = [size, packed, offset]
    for n, value in enumerate(values):
        if value == _UNKNOWN:
            if len(far) < 8:
                raise UnreadableFile("damaged")
            values[n] = struct.unpack_from("<Q", far)[0]
            far = far[8:]
    return values[0], values[1], values[2]


def extra_field(fields: bytes, wanted: int) -> bytes:
    """One of the additional fields of an entry; empty where there is none."""
    while len(fields) >= 4:
        kind, length = struct.unpack_from("<HH", fields)
        if kind == wanted:
            return fields[4 : 4 + length]
        fields = fields[4 + length :]
    return b""
