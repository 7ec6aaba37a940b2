"""ZIP archives made entry by entry: names in any encoding, flags, modes, and claims that are not true."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

UTF_8 = 0x800


def deflated(content: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


@dataclass(frozen=True)
class Made:
    """One entry. What is None is told as it is; ``packed`` are the bytes that stand in the archive."""

    name: bytes
    content: bytes = b"8"
    flags: int = 0
    method: int = 8
    mode: int = 0
    extra: bytes = b""
    size: int | None = None
    checksum: int | None = None
    packed: bytes | None = None
    local_name: bytes | None = None
    local_flags: int | None = None
    descriptor: bool = False
    far: bool = False


_PACKING: dict[int, Callable[[bytes], bytes]] = {0: bytes, 8: deflated}


def archive(entries: Iterable[Made], *, before: bytes = b"", comment: bytes = b"", shift: int = 0) -> bytes:
    """An archive of the entries; ``shift`` makes its directory say that everything lies further on than it does."""
    body, listed = before, b""
    for each in entries:
        packed = each.packed if each.packed is not None else _PACKING[each.method](each.content)
        at = len(body)
        body += _local(each, packed)
        listed += _listed(each, packed, at + shift)
    count = listed.count(b"PK\x01\x02") & 0xFFFF
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(body) + shift, len(comment))
    return body + listed + end + comment


def _facts(each: Made, packed: bytes) -> tuple[int, int, int]:
    checksum = zlib.crc32(each.content) if each.checksum is None else each.checksum
    return checksum, len(packed), len(each.content) if each.size is None else each.size


def _local(each: Made, packed: bytes) -> bytes:
    facts = _facts(each, packed)
    flags = (each.flags if each.local_flags is None else each.local_flags) | (8 if each.descriptor else 0)
    name = each.name if each.local_name is None else each.local_name
    told = (0, 0, 0) if each.descriptor else (0, 0xFFFFFFFF, 0xFFFFFFFF) if each.far else facts
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, flags, each.method, 0, 0, *told, len(name), len(each.extra))
    return head + name + each.extra + packed + (struct.pack("<4s3I", b"PK\x07\x08", *facts) if each.descriptor else b"")


def _listed(each: Made, packed: bytes, at: int) -> bytes:
    checksum, length, size = _facts(each, packed)
    extra = each.extra
    if each.far:
        extra += struct.pack("<HH3Q", 1, 24, size, length, at)
        length = size = at = 0xFFFFFFFF
    flags = each.flags | (8 if each.descriptor else 0)
    head = struct.pack("<4s6H3I", b"PK\x01\x02", 20, 20, flags, each.method, 0, 0, checksum, length, size)
    return head + struct.pack("<5H2I", len(each.name), len(extra), 0, 0, 0, each.mode << 16, at) + each.name + extra


def unicode_path(raw: bytes, name: str) -> bytes:
    """The additional field of Info-ZIP that says a name in UTF-8."""
    said = struct.pack("<BI", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(said)) + said


def overlapping(count: int, size: int) -> bytes:
    """A bomb after Fifield's: the bytes of every entry quote the heads of those within, and end in one kernel of zeros."""
    content = bytes(size)
    body, packed, made = b"", deflated(content), []
    for n in range(count):
        entry = Made(f"{n}.csv".encode(), packed=packed, size=size, checksum=zlib.crc32(content))
        head = _local(entry, packed)[: 30 + len(entry.name)]
        body = head + packed
        quote = b"\x00" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF)
        made.append((entry, len(body)))
        packed, content = quote + body, head + content
    listed = b"".join(_listed(entry, entry.packed or b"", len(body) - end) for entry, end in made)
    return body + listed + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(body), 0)
