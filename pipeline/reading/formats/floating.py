"""What lies over the cells of a workbook: texts in boxes and shapes, comments, pictures. Read where the cells hold too little.

Sources: ECMA-376 part 1, 20.5 (drawings) and 18.7 (comments), [MS-XLSX] 2.6.205 (threaded comments); ODF 1.3 part 3, 10 and 14.1;
[MS-XLS] 2.4.181 (Obj) and 2.4.329 (TxO).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.package import Package
from pipeline.reading.formats.xls_records import records
from pipeline.reading.formats.xls_stream import workbook_stream
from pipeline.reading.formats.xml_parts import Attributes, parse_document, parse_whole, xml_parser


@dataclass(frozen=True)
class Floating:
    """Texts of boxes and shapes, and of comments, one each; whether there are pictures."""

    boxes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    pictures: bool = False


@dataclass
class _Found:
    boxes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pictures: bool = False

    def kept(self) -> Floating:
        boxes, comments = (tuple(text for text in texts if text.strip()) for texts in (self.boxes, self.comments))
        return Floating(boxes, comments, self.pictures)


Over = Callable[[bytes, Limits], Floating]
"""What lies over the cells of a file of one format. Raises UnreadableFile, ValueError, LookupError and struct.error."""


_IMAGE = re.compile(rb"<img\b", re.IGNORECASE)
_DRAWING = re.compile(r"^xl/drawings/[^/\n]+\.xml$", re.MULTILINE)
_COMMENTS = re.compile(r"^xl/(?:comments[^/\n]*|(?:comments|threadedcomments)/[^/\n]+)\.xml$", re.MULTILINE)
_MEDIA = re.compile(r"^xl/media/", re.MULTILINE)


def over_workbook(content: bytes, limits: Limits) -> Floating:
    found = _Found()
    with Package(content, limits) as package:
        found.pictures = bool(_MEDIA.search(package.names))
        for part in _DRAWING.findall(package.names):
            found.boxes += _texts(package.whole(part), of={"sp", "cxnSp"}, pieces={"t"})
        for part in _COMMENTS.findall(package.names):
            found.comments += _texts(package.whole(part), of={"comment", "threadedComment"}, pieces={"t", "text"})
    return found.kept()


def over_xml_spreadsheet(content: bytes, _: Limits) -> Floating:
    """Its comments; drawings and pictures it cannot hold."""
    found = _Found()
    parser = _text_parser(found.comments, of={"Comment"}, pieces={"Data"})
    parse_document(content, parser)
    return found.kept()


def _texts(part: bytes, *, of: set[str], pieces: set[str]) -> list[str]:
    """One text for each element ``of`` the part: what its ``pieces`` hold, a line each."""
    texts: list[str] = []
    parse_whole(part, _text_parser(texts, of=of, pieces=pieces))
    return texts


def _text_parser(texts: list[str], *, of: set[str], pieces: set[str]) -> expat.XMLParserType:
    """A parser that adds to ``texts`` what ``_texts`` gives."""
    inside = False
    around = 0

    def start(tag: str, _: Attributes) -> None:
        nonlocal inside, around
        local = tag.rpartition(" ")[2]
        if local in of:
            texts.append("")
            around += 1
        elif local in pieces and around:
            inside = True
            texts[-1] += "\n" if texts[-1] else ""

    def end(tag: str) -> None:
        nonlocal inside, around
        local = tag.rpartition(" ")[2]
        inside = inside and local not in pieces
        around -= local in of

    def characters(text: str) -> None:
        if inside:
            texts[-1] += text

    parser = xml_parser(start, end)
    parser.CharacterDataHandler = characters
    return parser


def over_page(content: bytes, _: Limits) -> Floating:
    return Floating(pictures=bool(_IMAGE.search(content)))


_ANNOTATION = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 annotation"
_DRAWN = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_PARAGRAPH = {f"urn:oasis:names:tc:opendocument:xmlns:text:1.0 {name}" for name in ("p", "h")}


def over_opendocument(content: bytes, limits: Limits) -> Floating:
    reader = _OpenDocument()
    if content.startswith(b"PK"):
        with Package(content, limits) as package:
            content = package.whole("content.xml")
    if _may_float(content):
        parse_document(content, reader.parser)
    return reader.found.kept()


_DRAWING_PREFIX = re.compile(rb"xmlns(?::([^\s=\"'<>]+))?\s*=\s*[\"']urn:oasis:names:tc:opendocument:xmlns:drawing:1\.0")


def _may_float(content: bytes) -> bool:
    """Whether anything is noted or drawn: a large sheet is not parsed once more for nothing. In UTF-16 it is."""
    if b"xmlns" not in content or b"annotation" in content:
        return True
    return any(prefix == b"" or b"<" + prefix + b":" in content for prefix in _DRAWING_PREFIX.findall(content))


class _OpenDocument:
    """Collects the paragraphs of annotations and drawings of one content.xml."""

    def __init__(self) -> None:
        self.found = _Found()
        self.around: list[list[str]] = []
        """The lists that the elements around here add to, innermost last."""
        self.paragraph = False
        self.parser = xml_parser(self._start, self._end)
        self.parser.CharacterDataHandler = self._characters

    def _start(self, tag: str, _: Attributes) -> None:
        self.found.pictures |= tag == f"{_DRAWN}image"
        if tag == _ANNOTATION or tag.startswith(_DRAWN):
            if not self.around:
                (self.found.comments if tag == _ANNOTATION else self.found.boxes).append("")
            self.around.append(self.found.comments if tag == _ANNOTATION else self.found.boxes)
        elif tag in _PARAGRAPH and self.around:
            self.paragraph = True
            texts = self.around[0]
            texts[-1] += "\n" if texts[-1] else ""

    def _end(self, tag: str) -> None:
        if tag in _PARAGRAPH:
            self.paragraph = False
        elif self.around and (tag == _ANNOTATION or tag.startswith(_DRAWN)):
            self.around.pop()

    def _characters(self, text: str) -> None:
        if self.paragraph and self.around:
            self.around[0][-1] += text


_OBJECT, _TEXT, _CONTINUED = 0x005D, 0x01B6, 0x003C
_COMMON, _PICTURE, _COMMENT = 0x0015, 0x0008, 0x0019
"""Of the first part of an Obj record: its own number, and two of the kinds of objects."""


def over_binary_workbook(content: bytes, _: Limits) -> Floating:
    found = _Found()
    for kind, text in _objects(workbook_stream(content)):
        found.pictures |= kind == _PICTURE
        (found.comments if kind == _COMMENT else found.boxes).append(text)
    return found.kept()


def _objects(stream: bytes) -> Iterator[tuple[int, str]]:
    """(kind, text) of every object of a BIFF 8 workbook, in order: an Obj, then the TxO with its text, which a Continue holds."""
    kind = length = 0
    for code, at, size in records(stream, 0):
        if code == _OBJECT and size >= 6 and struct.unpack_from("<H", stream, at)[0] == _COMMON:
            kind = struct.unpack_from("<H", stream, at + 4)[0]
            if kind == _PICTURE:
                yield kind, ""
        elif code == _TEXT and size >= 12:
            length = struct.unpack_from("<H", stream, at + 10)[0]
        elif code == _CONTINUED and length and size > 1:
            wide = stream[at] & 1
            yield (
                kind,
                stream[at + 1 : min(at + size, at + 1 + length * (2 if wide else 1))].decode("utf-16-le" if wide else "latin-1"),
            )
            length = 0
