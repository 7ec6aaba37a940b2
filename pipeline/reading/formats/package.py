"""Zipped office files: what they are, and their parts, read within bounds whatever sizes they declare."""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any
from xml.parsers import expat

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import IncompleteFile, Kind, Limits, carried
from pipeline.reading.formats.ole import is_compound
from pipeline.reading.parcels.archives import holds_more, is_package

Attributes = dict[str, str]

_END_OF_DIRECTORY = b"PK\x05\x06"
_MAX_PARTS = 10_000
_SMALL = 1024 * 1024
_CHUNK = 1024 * 1024
"""Large pieces: expat before 2.6 looks again at an unfinished token from its beginning with every piece."""

_WORKBOOK_TYPE = re.compile(rb"(spreadsheetml\.(sheet|template)|ms-excel\.(sheet|template|addin)\.macroEnabled)\.main\+xml")
_DOCUMENT_TYPE = re.compile(rb"(wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled\w*)\.main\+xml")
_BINARY_TYPE = b"ms-excel.sheet.binary.macroEnabled.main"
"""The parts of .xlsb are records of their own kind (BIFF 12)."""
_OF_APPLE = "Index/Document.iwa"
"""In files of Numbers, Pages and Keynote."""

_OFFICE_PART = r"(?:xl/(?:workbook\.|worksheets/|sharedstrings\.)|word/document\.|ppt/presentation\.)"
_OFFICE_PARTS = re.compile(rf"^(?:\./)?{_OFFICE_PART}", re.MULTILINE)
_OFFICE_PARTS_BELOW = re.compile(rf"^(?:\./)?[^/\n]+/(?:{_OFFICE_PART}|content\.xml$)", re.MULTILINE)

_MACROS = re.compile(r"^(.*/)?(vbaproject\.bin|macrosheets/.*)$", re.MULTILINE)
_LINKS = re.compile(r"^(.*/)?(externallinks/.*\.xml|connections\.xml)$", re.MULTILINE)
_OBJECTS = re.compile(r"^(.*/)?(embeddings|activex)/", re.MULTILINE)
_BASIC = re.compile(r"^(basic|scripts)/.*(?<!/)$", re.MULTILINE)
_OPEN_OBJECTS = re.compile(rb"<[^<>]*full-path=\"Object[^/\"]*/?\"[^<>]*>")
_OPEN_LINKS = (b"<table:table-source", b"<table:dde-link>", b"<table:dde-link ")


def package_kind(content: bytes) -> tuple[str, tuple[str, ...]]:
    """A Kind, or the key of an attachment; and what else a workbook carries (F11).

    Raises UnreadableFile (encrypted, damaged, too_many_cells, unknown_kind, xlsb) and IncompleteFile (damaged).
    """
    if not is_package(content):
        return Kind.ARCHIVE, ()
    with Package(content, Limits()) as package:
        if package.has("OFD.xml"):
            return "ofd", ()
        if package.has("[Content_Types].xml"):
            types = package.small("[Content_Types].xml")
            return _office_kind(types, package.names), _carried(package.names)
        if package.has("mimetype") or package.has("content.xml"):
            kind = _open_document_kind(package)
            return kind, _carried_by_open_document(package) if kind == Kind.ODS else ()
        if package.has("META-INF/MANIFEST.MF") or package.has(_OF_APPLE):
            raise UnreadableFile("unknown_kind")
        if _was_office_file(package.names):
            raise UnreadableFile("damaged")
        return Kind.ARCHIVE, ()


def _office_kind(types: bytes, names: str) -> str:
    """Raises UnreadableFile: xlsb, damaged for a workbook of which the types say nothing, else unknown_kind."""
    if _BINARY_TYPE in types:
        raise UnreadableFile("xlsb")
    if _WORKBOOK_TYPE.search(types):
        return Kind.OOXML
    if _DOCUMENT_TYPE.search(types):
        return "word"
    raise UnreadableFile("damaged" if "xl/workbook.xml" in names.splitlines() else "unknown_kind")


def _was_office_file(names: str) -> bool:
    """Whether a zip file holds the parts of one office file, at its top or in a folder that holds everything."""
    tops = {name.removeprefix("./").partition("/")[0] for name in names.splitlines()}
    return bool(_OFFICE_PARTS.search(names) or (len(tops) == 1 and _OFFICE_PARTS_BELOW.search(names)))


def _open_document_kind(package: Package) -> str:
    mimetype = package.small("mimetype") if package.has("mimetype") else b""
    manifest = package.small("META-INF/manifest.xml") if package.has("META-INF/manifest.xml") else b""
    if b"opendocument" in mimetype + manifest and (b"encryption-data" in manifest or package.has("encrypted-package")):
        raise UnreadableFile("encrypted")
    if b"opendocument.spreadsheet" in (mimetype or manifest):
        return Kind.ODS
    if b"opendocument.text" in mimetype:
        return "word"
    raise UnreadableFile("unknown_kind" if mimetype or manifest else "damaged")


@lru_cache(maxsize=16)  # offices copy the form, and with it the names of its parts
def _carried(names: str) -> tuple[str, ...]:
    """By the names of the parts: all of OOXML's extras are parts of their own."""
    return carried(macros=bool(_MACROS.search(names)), links=bool(_LINKS.search(names)), objects=bool(_OBJECTS.search(names)))


def _carried_by_open_document(package: Package) -> tuple[str, ...]:
    """Macros by the names of the parts, objects by the manifest (a chart is none), links by what stands in the content."""
    manifest = package.small("META-INF/manifest.xml") if package.has("META-INF/manifest.xml") else b""
    return carried(
        macros=bool(_BASIC.search(package.names)),
        links=package.mentions("content.xml", _OPEN_LINKS),
        objects=any(b"opendocument.chart" not in entry for entry in _OPEN_OBJECTS.findall(manifest)),
    )


PART_FAILURES = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error)


def zip_of(content: bytes) -> bytes:
    """The package itself, where it is encrypted with the default password. Raises UnreadableFile (encrypted, damaged)."""
    if not is_compound(content):
        return content
    from pipeline.reading.formats.encrypted_package import unlocked_package

    return unlocked_package(content)


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
                piece = stream.read(_CHUNK)
                if encoding := foreign_encoding(piece):
                    self.odd, take = True, in_utf8(encoding, take)
                while piece:
                    most -= len(piece)
                    self._left -= len(piece)
                    if min(most, self._left) < 0:
                        raise UnreadableFile("too_many_cells")
                    take(piece)
                    # one that is not full is the last, and its checksum was looked at
                    piece = stream.read(_CHUNK) if len(piece) == _CHUNK else b""
        except PART_FAILURES as error:
            raise UnreadableFile("damaged") from error


_WHOLE = re.compile(r"\s*\+?[0-9]+\s*")
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"'](gb2312|gbk|gb18030)[\"']", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\ufeff?<\?xml[^>]*\?>")


def foreign_encoding(start: bytes) -> str | None:
    """The encoding of an XML part that begins so, where it is one that not every XML reader knows."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "gb18030" if _DECLARED.match(start, 0, 200) else None


def in_utf8(encoding: str, take: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """Hands on the pieces of an XML part in UTF-8, without the declaration that says otherwise."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begun = False

    def recode(piece: bytes) -> None:
        nonlocal begun
        text = decoder.decode(piece)
        take((text if begun else _DECLARATION.sub("", text, count=1)).encode())
        begun = True

    return recode


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


def whole_number(written: str) -> int:
    """A count or a place in a list; 0 for what is none, as office programs have it."""
    return int(written) if written.isdecimal() or _WHOLE.fullmatch(written) else 0


def parse_document(content: bytes, parser: expat.XMLParserType) -> None:
    """Send a document in whatever encoding through a parser. Raises UnreadableFile (damaged)."""
    take: Callable[[bytes], object] = partial(feed, parser)
    if encoding := foreign_encoding(content[:200]):
        take = in_utf8(encoding, take)
    for start in range(0, len(content), _CHUNK):
        take(content[start : start + _CHUNK])
    finish(parser)


def parse_whole(content: bytes, parser: expat.XMLParserType) -> None:
    """Raises UnreadableFile (damaged)."""
    feed(parser, content)
    finish(parser)


def xml_parser(start: Callable[[str, Any], object], end: Callable[[str], object] | None = None) -> expat.XMLParserType:
    """A namespace-aware parser (names come as ``"uri local"``) that refuses document types, and with them all entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise UnreadableFile("damaged")


def feed(parser: expat.XMLParserType, piece: bytes) -> None:
    """Raises UnreadableFile (damaged) for what is no well-formed XML, or in an encoding that nobody knows."""
    try:
        parser.Parse(piece, False)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile("damaged") from error


def finish(parser: expat.XMLParserType) -> None:
    try:
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile("damaged") from error
