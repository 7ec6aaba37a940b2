"""Zipped documents of office programs: their parts, read within bounds whatever sizes they declare."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from pipeline.model import UnreadableFile
from pipeline.reading.formats.encrypted_package import is_encrypted_package, unlocked_package
from pipeline.reading.formats.kinds import IncompleteFile, Limits
from pipeline.reading.formats.ole import is_compound
from pipeline.reading.formats.xml_parts import CHUNK, Attributes, feed, finish, foreign_encoding, in_utf8, parse_whole, xml_parser
from pipeline.reading.formats.zip_directory import holds_more, is_package

_END_OF_DIRECTORY = b"PK\x05\x06"
_MAX_PARTS = 10_000
_SMALL = 1024 * 1024

PART_FAILURES = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error)


def zip_of(content: bytes) -> bytes:
    """The package itself, where it is encrypted with the default password. Raises UnreadableFile (encrypted, damaged)."""
    return unlocked_package(content) if is_compound(content) else content


def is_zipped(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def document(content: bytes) -> Package | None:
    """The parts of one document, also behind the default password; None for an archive of files, and for what is not zipped.

    Raises UnreadableFile (encrypted, damaged, too_many_cells) and IncompleteFile (damaged).
    """
    return Package(content, Limits()) if _is_document(content) else None


@lru_cache(maxsize=1)  # every zipped format asks
def _is_document(content: bytes) -> bool:
    return (is_zipped(content) or is_encrypted_package(content)) and is_package(zip_of(content))


@lru_cache(maxsize=1)  # the file is opened to see what it is, then to read it
def _opened(content: bytes) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo | None]]:
    """The archive, and its parts by name in lower case; None where several of one name differ.

    Raises IncompleteFile and UnreadableFile (damaged, encrypted, too_many_cells).
    """
    content = zip_of(content)
    ending = content.rfind(_END_OF_DIRECTORY)
    if ending < 0 or ending + 22 > len(content):
        raise IncompleteFile("damaged")
    if holds_more(content, _MAX_PARTS):
        raise UnreadableFile("too_many_cells")  # the sheets of a workbook are parts
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile("damaged") from error
    members = archive.infolist()
    parts: dict[str, zipfile.ZipInfo | None] = {}
    for member in members:
        name = member.filename.replace("\\", "/").lstrip("/").lower()
        parts[name] = member if _is_same(parts.get(name, member), member) else None  # each reader would pick its own
    return archive, parts


def _is_same(known: zipfile.ZipInfo | None, other: zipfile.ZipInfo) -> bool:
    return known is not None and (known.CRC, known.file_size) == (other.CRC, other.file_size)


class Package:
    """The parts of a zipped file. All parts together unpack to at most ``limits.max_unpacked`` bytes (too_many_cells)."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._zip, self._members = _opened(content)
        self._left = limits.max_unpacked
        self.odd = False
        """Whether something was read that other readers may stumble over."""

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close: the bytes are in memory."""

    def has(self, part: str) -> bool:
        return part.lower() in self._members

    def holds(self, part: str | None) -> bool:
        """Whether it has a part of this name with anything in it: what writers list and leave out, or empty, says nothing."""
        if part is None or part.lower() not in self._members:
            return False
        member = self._members[part.lower()]
        return member is None or member.file_size > 0 or member.CRC != 0

    @property
    def names(self) -> str:
        """The names of all parts in lower case, a line each."""
        return "\n".join(self._members)

    def mentions(self, part: str, words: tuple[bytes, ...]) -> bool:
        """Whether one of the words stands in a part. Raises UnreadableFile (encrypted, damaged, too_many_cells)."""
        found: list[bytes] = []
        end = b""

        def look(piece: bytes) -> None:
            nonlocal end
            text = end + piece
            found.extend(word for word in words if word in text)
            end = text[-max(map(len, words)) :]

        if self.has(part):
            self._each_piece(part, look, self._left)
        return bool(found)

    def small(self, part: str) -> bytes:
        """The bytes of a part that is small in every honest file. Raises UnreadableFile (encrypted, damaged)."""
        pieces: list[bytes] = []
        self._each_piece(part, pieces.append, _SMALL)
        return b"".join(pieces)

    def whole(self, part: str) -> bytes:
        """The bytes of a part. Raises UnreadableFile (encrypted, damaged, too_many_cells)."""
        pieces: list[bytes] = []
        self._each_piece(part, pieces.append, self._left)
        return b"".join(pieces)

    def parse(self, part: str, parser: expat.XMLParserType) -> None:
        """Send a part through an XML parser. Raises UnreadableFile (encrypted, damaged, too_many_cells)."""
        self._each_piece(part, lambda piece: feed(parser, piece), self._left)
        finish(parser)

    def _each_piece(self, part: str, take: Callable[[bytes], object], most: int) -> None:
        member = self._members.get(part.lower())
        if member is None or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile("damaged")
        if member.flag_bits & 1:
            raise UnreadableFile("encrypted")
        try:
            with self._zip.open(member) as stream:
                piece = stream.read(CHUNK)
                if encoding := foreign_encoding(piece):
                    self.odd, take = True, in_utf8(encoding, take)
                while piece:
                    most -= len(piece)
                    self._left -= len(piece)
                    if min(most, self._left) < 0:
                        raise UnreadableFile("too_many_cells")
                    take(piece)
                    # one that is not full is the last, and its checksum was looked at
                    piece = stream.read(CHUNK) if len(piece) == CHUNK else b""
        except PART_FAILURES as error:
            raise UnreadableFile("damaged") from error


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, target part) of an OOXML part; outside targets are left out."""
    folder, path = _relations_part(part)
    return dict(_parsed_relations(package.whole(path), folder)) if package.has(path) else {}


@lru_cache(maxsize=64)
def _relations_part(part: str) -> tuple[str, str]:
    """The folder of a part, and the part that says what it hangs together with."""
    folder, name = posixpath.split(part)
    return folder, posixpath.join(folder, "_rels", f"{name}.rels")


_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
"""In Strict files too."""
_RELATES = {"Id", "Type", "Target"}


@lru_cache(maxsize=64)  # offices copy the form, and with it how its parts hang together
def _parsed_relations(content: bytes, folder: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    ambiguous: set[str] = set()

    def start(tag: str, attributes: Attributes) -> None:
        if tag != _RELATIONSHIP or attributes.get("TargetMode") == "External" or not attributes.keys() >= _RELATES:
            return
        name = attributes["Id"]
        target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"].replace("\\", "/")))
        relation = attributes["Type"].rpartition("/")[2], target.lstrip("/")
        if found.setdefault(name, relation) != relation:
            ambiguous.add(name)

    parse_whole(content, xml_parser(start))
    return {name: relation for name, relation in found.items() if name not in ambiguous}
