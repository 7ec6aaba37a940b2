"""ZIP archives that people send: their directory, and what lies in them. Source: PKWARE APPNOTE 6.3.10.

zipfile reads whatever the directory claims before anybody can count it, and decodes names by code page 437.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import IncompleteFile, check_size
from pipeline.reading.inbox import escaped
from pipeline.reading.parcels.pieces import Piece, Room, cleaned, is_nameable, left_alone, shortened

MAX_ENTRIES = 10_000
"""Folders and what systems leave beside the files included."""

_END, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_FAR_END, _FAR_LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_ENCRYPTED = 0x2041
"""Flags: encrypted, strongly so, or in the directory too."""
_UNICODE = 0x800
_STORED, _DEFLATED, _BZIP2, _LZMA, _AES = 0, 8, 12, 14, 99
_UNICODE_PATH = 0x7075
_FAR_SIZES = 0x0001
_UNKNOWN = 0xFFFFFFFF
_LARGEST_DICTIONARY = 64 * 1024 * 1024


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


def read_archive(content: bytes, room: Room) -> tuple[Piece, ...]:
    """The files of an archive in the order of its directory, without folders and what systems left beside them.

    Raises UnreadableFile (damaged, parcel_encrypted: all of them, parcel_limits) and IncompleteFile (damaged).
    """
    entries = list(islice(directory(content), MAX_ENTRIES + 1))
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFile("parcel_limits")
    files = [(entry, name) for entry, name in zip(entries, _names(entries), strict=True) if not _is_beside(entry, name)]
    room.take(len(files), sum(entry.size for entry, _ in files))
    if sum(min(entry.packed, len(content)) for entry, _ in files) > 2 * len(content):
        raise UnreadableFile("parcel_limits")  # they share their bytes, and not by one wrong number
    if files and all(entry.encrypted for entry, _ in files):
        raise UnreadableFile("parcel_encrypted")
    shared = _shared([entry for entry, _ in files])
    return tuple(_piece(content, entry, name, room, shared) for entry, name in files)


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
    far = _extra(fields, _FAR_SIZES)
    values = [size, packed, offset]
    for n, value in enumerate(values):
        if value == _UNKNOWN:
            if len(far) < 8:
                raise UnreadableFile("damaged")
            values[n] = struct.unpack_from("<Q", far)[0]
            far = far[8:]
    return values[0], values[1], values[2]


def _extra(fields: bytes, wanted: int) -> bytes:
    """One of the additional fields of an entry; empty where there is none."""
    while len(fields) >= 4:
        kind, length = struct.unpack_from("<HH", fields)
        if kind == wanted:
            return fields[4 : 4 + length]
        fields = fields[4 + length :]
    return b""


def _names(entries: Sequence[Entry]) -> list[str]:
    """The names as written, with ``/`` between folders.

    Those not said to be UTF-8 are so where all of them can be (macOS writes such), else in the Chinese encoding of Windows.
    """
    unsaid = [entry.raw for entry in entries if not entry.flags & _UNICODE]
    encoding = "utf-8" if _is_unicode(unsaid) else "gb18030"
    return [_name(entry, encoding) for entry in entries]


def _is_unicode(names: Sequence[bytes]) -> bool:
    """Whether names are UTF-8. Chinese characters have three bytes there; what would be letters of two only is Chinese in GBK."""
    try:
        text = b"".join(names).decode("utf-8")
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if character > "\x7f"]
    return not beyond or max(beyond) > "\u07ff" or not _decodes(b"".join(names), "gbk")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _name(entry: Entry, encoding: str) -> str:
    said = _extra(entry.extra, _UNICODE_PATH)
    raw = entry.raw
    if said[:1] == b"\x01" and said[1:5] == struct.pack("<I", zlib.crc32(raw)):
        raw, encoding = said[5:], "utf-8"
    elif entry.flags & _UNICODE:
        encoding = "utf-8"
    fitting = encoding if _decodes(raw, encoding) else "gb18030"
    return escaped(raw.decode(fitting, "surrogateescape").replace("\\", "/"))


def _is_beside(entry: Entry, name: str) -> bool:
    """A folder, or what a system left beside the files. Where a name climbs, what it says of folders is not believed."""
    folder = name.endswith("/") or stat.S_ISDIR(entry.mode)
    return (folder and not entry.size) or (not _is_hostile(name) and left_alone("/".join(_parts(name))))


def _parts(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in ("", ".")]


_DRIVE = re.compile(r"[A-Za-z]:")


def _is_hostile(name: str) -> bool:
    """Whether a name leads out of the folder it is unpacked in."""
    return name.startswith("/") or bool(_DRIVE.match(name)) or ".." in name.split("/")


def _piece(content: bytes, entry: Entry, name: str, room: Room, shared: set[int]) -> Piece:
    path = "/".join(_parts(name))
    if _is_hostile(name) or not is_nameable(path):
        harmless = "/".join(part for part in _parts(_DRIVE.sub("", cleaned(name))) if part != "..")
        return Piece(shortened(harmless) or "?", refused=UnreadableFile("member_name", name=shortened(name)))
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG):
        return Piece(path, refused=UnreadableFile("not_regular"))
    try:
        return Piece(path, _unpacked(content, entry, room, shared))
    except UnreadableFile as problem:
        return Piece(path, refused=problem)


def _shared(entries: Sequence[Entry]) -> set[int]:
    """Where entries begin that share bytes with others: so a few bytes would unpack to any amount."""
    spans = sorted((entry.at, entry.at + 30 + len(entry.raw) + entry.packed) for entry in entries)
    shared: set[int] = set()
    furthest = (0, 0)
    for start, end in spans:
        if start < furthest[0]:
            shared |= {start, furthest[1]}
        furthest = max(furthest, (end, start))
    return shared


def _unpacked(content: bytes, entry: Entry, room: Room, shared: set[int]) -> bytes:
    """The bytes of an entry, of which never more are made than its directory claims.

    Raises UnreadableFile (parcel_encrypted, too_large, damaged).
    """
    if entry.encrypted:
        raise UnreadableFile("parcel_encrypted")
    check_size(entry.size, room.limits)
    start = _data_place(content, entry)
    packed = memoryview(content)[start : start + entry.packed]
    if entry.at in shared or len(packed) != entry.packed:
        raise UnreadableFile("damaged")
    try:
        unpacked = _inflated(packed, entry)
    except (zlib.error, OSError, EOFError, ValueError, MemoryError) as error:
        raise UnreadableFile("damaged") from error
    if len(unpacked) != entry.size or zlib.crc32(unpacked) != entry.checksum:
        raise UnreadableFile("damaged")
    return unpacked


def _data_place(content: bytes, entry: Entry) -> int:
    """Where the bytes of an entry begin: behind its local header, which must be of the same name."""
    if content[entry.at : entry.at + 4] != _LOCAL or entry.at + 30 > len(content):
        raise UnreadableFile("damaged")
    flags = struct.unpack_from("<H", content, entry.at + 6)[0]
    name, extra = struct.unpack_from("<HH", content, entry.at + 26)
    at = entry.at + 30
    if not _decodings(content[at : at + name]) & _decodings(entry.raw):
        raise UnreadableFile("damaged")
    if flags & 1:
        raise UnreadableFile("parcel_encrypted")
    return at + int(name) + int(extra)


def _decodings(raw: bytes) -> set[str]:
    """What a name may say: the same one may stand in two encodings."""
    texts = {raw.decode(encoding) for encoding in ("utf-8", "gb18030") if _decodes(raw, encoding)} or {raw.decode("latin-1")}
    return {text.replace("\\", "/") for text in texts}


def _inflated(packed: memoryview, entry: Entry) -> bytes:
    """At most one byte more than the entry's size. Raises zlib.error, OSError, EOFError, ValueError."""
    if entry.method == _STORED:
        return bytes(packed)
    if entry.method == _DEFLATED:
        inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        return _ended(inflating.decompress(packed, entry.size + 1), inflating.eof)
    if entry.method == _BZIP2:
        from bz2 import BZ2Decompressor

        reading = BZ2Decompressor()
        return _ended(reading.decompress(packed, entry.size + 1), reading.eof)
    if entry.method == _LZMA:
        return _from_lzma(packed, entry)
    raise ValueError(entry.method)


def _ended(unpacked: bytes, ended: bool) -> bytes:
    if not ended:
        raise EOFError
    return unpacked


def _from_lzma(packed: memoryview, entry: Entry) -> bytes:
    """LZMA as ZIP has it: a version, the length of the properties, the properties; with or without a mark at the end."""
    import lzma

    if len(packed) < 9:
        raise EOFError
    length, coding, dictionary = struct.unpack_from("<2xHBI", packed)
    if length != 5 or dictionary > _LARGEST_DICTIONARY:
        raise ValueError(dictionary)
    rest, literal = divmod(coding, 9)
    position, low = divmod(rest, 5)
    how = {"id": lzma.FILTER_LZMA1, "lc": literal, "lp": low, "pb": position, "dict_size": dictionary}
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[how]).decompress(packed[9:], entry.size + 1)
    except lzma.LZMAError as error:
        raise ValueError(coding) from error
