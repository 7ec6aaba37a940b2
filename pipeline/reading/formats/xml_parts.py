"""XML as office programs write it: parsers that refuse what could be used against them, and encodings few readers know."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from xml.parsers import expat

from pipeline.model import UnreadableFile

Attributes = dict[str, str]

CHUNK = 1024 * 1024
"""Large pieces: expat before 2.6 looks again at an unfinished token from its beginning with every piece."""

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


def whole_number(written: str) -> int:
    """A count or a place in a list; 0 for what is none, as office programs have it."""
    return int(written) if written.isdecimal() or _WHOLE.fullmatch(written) else 0


def parse_document(content: bytes, parser: expat.XMLParserType) -> None:
    """Send a document in whatever encoding through a parser. Raises UnreadableFile (damaged)."""
    take: Callable[[bytes], object] = partial(feed, parser)
    if encoding := foreign_encoding(content[:200]):
        take = in_utf8(encoding, take)
    for start in range(0, len(content), CHUNK):
        take(content[start : start + CHUNK])
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
