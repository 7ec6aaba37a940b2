"""ZIP archives that people send: the files in them. Source: PKWARE APPNOTE 6.3.10.

zipfile decodes names by code page 437.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Sequence
from itertools import islice

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import check_size
from pipeline.reading.formats.mail_heads import cleaned
from pipeline.reading.formats.zip_directory import MAX_ENTRIES, Entry, directory, extra_field
from pipeline.reading.inbox import escaped
from pipeline.reading.parcels.pieces import Piece, Room, is_nameable, left_alone, shortened

_LOCAL = b"PK\x03\x04"
_UNICODE = 0x800
_STORED, _DEFLATED, _BZIP2, _LZMA = 0, 8, 12, 14
_UNICODE_PATH = 0x7075
_LARGEST_DICTIONARY = 64 * 1024 * 1024


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
    said = extra_field(entry.extra, _UNICODE_PATH)
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
