"""Mails (.eml): the files attached to them. Sources: RFC 5322, 2045, 2046.

The parts are found by their boundaries in the bytes as they are; the email package follows nested parts by recursion.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from urllib.parse import unquote

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify
from pipeline.reading.formats.kinds import IncompleteFile
from pipeline.reading.formats.mail_heads import (
    LARGEST,
    Head,
    cleaned,
    divided,
    guessed,
    head_place,
    parameters,
    read_head,
    worded,
)
from pipeline.reading.parcels.pieces import Piece, Room, is_nameable, left_alone

_DEEPEST, _MOST_PARTS = 20, 2000
"""Multiparts inside each other, and parts of a mail, bodies and pictures included."""

_LARGEST_OF_PART = 16 * 1024
"""Bytes of the head of a part that are looked at: it says hardly more than a type and a name."""

_TABLES = {"text/csv", "text/comma-separated-values", "text/tab-separated-values", "text/xml"}
_MAILS = {"message/rfc822", "message/global", "message/news"}
_REFERENCE = re.compile(rb"cid:([^\"'\s<>)]+)", re.IGNORECASE)
_REST_OF_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_UNIX_FILE = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]+)\r?\n(?=[!-M][ -`]+\r?$)")
_UNIX_END = re.compile(rb"(?m)^end[ \t]*\r?$")
_NEXT_MAIL = re.compile(rb"(?:\A|\n\r?\n)(From [^\r\n]*[0-9]{4}[^\r\n]*\r?\n)(?=[!-9;-~]+:)")
_SELF_ENDING = (b"PK", b"\xd0\xcf\x11\xe0")
"""Files that tell themselves whether they are whole."""

_SUFFIXES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
}


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of a mail: what its head says, and from where to where its body lies in the bytes of the mail."""

    head: Head
    start: int
    end: int
    depth: int = 0
    default: str = "text/plain"

    @cached_property
    def type(self) -> str:
        said = self.field("content-type").partition(";")[0].strip().lower()
        return said if "/" in said else self.default

    @property
    def disposition(self) -> str:
        return self.field("content-disposition").partition(";")[0].strip().lower()

    def field(self, name: str) -> str:
        """A field of the head; programs that give Python's email package a Chinese name encode the whole of it."""
        said = self.head.get(name, "")
        return worded(said) if said.startswith("=?") else said

    @cached_property
    def name(self) -> str:
        """The last part of the name it goes by; empty where it has none."""
        disposition = parameters(self.field("content-disposition"))
        said = disposition.get("filename") or parameters(self.field("content-type")).get("name", "")
        return _last_part(said)

    @cached_property
    def is_body(self) -> bool:
        """What the mail program shows as the mail itself, or reports of the delivery."""
        if self.disposition == "attachment" or self.name or self.type in _TABLES:
            return False
        return self.type.startswith(("text/", "message/")) and self.type not in _MAILS


def read_mail(content: bytes, room: Room) -> tuple[Head, tuple[Piece, ...]]:
    """The head of a mail, and the files attached to it in their order. Of a file of several mails (mbox), those are the files.

    Raises UnreadableFile (parcel_limits) and IncompleteFile (damaged): what follows the last part that came may be more.
    """
    mails = [found.start(1) for found in _NEXT_MAIL.finditer(content)] if content.lstrip().startswith(b"From ") else []
    if len(mails) > 1:
        room.take(len(mails), len(content))
        places = zip(mails, [*mails[1:], len(content)], strict=True)
        return {}, tuple(Piece(f"{n}.eml", content[start:end]) for n, (start, end) in enumerate(places, 1))
    start, end = head_place(content)
    if end == len(content):
        raise IncompleteFile("damaged")
    root = _part(content, start, len(content))
    leaves, ended = _leaves(content, root)
    attached = _attached(content, leaves)
    files = tuple(_files(content, leaves, attached, room))
    last = attached and attached[-1] is leaves[-1]
    if not ended and not (last and _is_whole(files[len(attached) - 1], alone=False)):
        raise IncompleteFile("damaged")
    if attached == [root] and not _is_whole(files[0], alone=True):
        raise IncompleteFile("damaged")
    return root.head, files


def _part(content: bytes, start: int, end: int, depth: int = 0, default: str = "text/plain") -> _Part:
    head, body = divided(content, start, end)
    most = LARGEST if depth == 0 else _LARGEST_OF_PART
    return _Part(read_head(content[start : min(head, start + most)]), body, end, depth, default)


def _leaves(content: bytes, root: _Part) -> tuple[list[_Part], bool]:
    """The parts that hold no others, in their order, and whether the end of the outermost that does was seen.

    Raises UnreadableFile (parcel_limits): too many of them, or too deep inside each other.
    """
    leaves: list[_Part] = []
    waiting, closed, seen = [root], not root.type.startswith("multipart/"), 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS or part.depth > _DEEPEST:
            raise UnreadableFile("parcel_limits")
        if not part.type.startswith("multipart/"):
            leaves.append(part)
            continue
        places, ended = _split(content, part)
        closed = closed or (ended and part is root)
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        waiting += [_part(content, start, end, part.depth + 1, default) for start, end in reversed(places)]
        if not places and not ended and content[part.start : part.end].strip():
            leaves.append(part)  # its boundary is not known, or not there: what it holds is not found
    return leaves, closed


def _split(content: bytes, part: _Part) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts of a multipart lie, and whether the boundary that ends them was seen."""
    boundary = parameters(part.head.get("content-type", "")).get("boundary", "")
    if not boundary:
        return [], False
    line = b"--" + boundary.encode("utf-8", "replace")
    places: list[tuple[int, int]] = []
    start = None
    for at in _lines_beginning(content, line, part):
        found = _REST_OF_BOUNDARY.match(content, at + len(line), part.end)
        if found is None:
            continue
        if start is not None:
            places.append((start, max(start, _line_end(content, at))))
        if found[1]:
            return places, True
        start = found.end()
        if len(places) > _MOST_PARTS:
            raise UnreadableFile("parcel_limits")
    return [*places, (start, part.end)] if start is not None else places, False


def _lines_beginning(content: bytes, line: bytes, part: _Part) -> Iterator[int]:
    """Where lines of a part begin so."""
    if content.startswith(line, part.start, part.end):
        yield part.start
    at = content.find(b"\n" + line, part.start, part.end)
    while at >= 0:
        yield at + 1
        at = content.find(b"\n" + line, at + 1, part.end)


def _line_end(content: bytes, at: int) -> int:
    """Where the line before ends: its break belongs to the boundary."""
    return at - (2 if content[at - 2 : at] == b"\r\n" else 1)


def _attached(content: bytes, leaves: list[_Part]) -> list[_Part]:
    """What is attached: neither the bodies nor the pictures that stand in them."""
    pages = [leaf for leaf in leaves if leaf.is_body and leaf.type == "text/html"]
    shown = {reference for page in pages for reference in islice(_references(content, page), _MOST_PARTS)}
    others = [leaf for leaf in leaves if not leaf.is_body and leaf.type != "application/applefile"]
    return [leaf for leaf in others if not _stands_in_body(leaf, shown) and not left_alone(leaf.name)]


def _files(content: bytes, leaves: list[_Part], attached: list[_Part], room: Room) -> Iterator[Piece]:
    room.take(len(attached), 0)
    for number, leaf in enumerate(attached, 1):
        file = _file(content, leaf, number)
        room.take(0, len(file.content))
        yield file
    for leaf in leaves:
        if leaf.is_body and leaf.type == "text/plain":
            for number, file in enumerate(_unix_files(content[leaf.start : leaf.end]), len(attached) + 1):
                room.take(1, len(file.content))
                if not left_alone(file.name):
                    yield replace(file, name=_name(file.name, "", number))


def _references(content: bytes, leaf: _Part) -> Iterator[str]:
    """What a page shows of the parts beside it."""
    with suppress(UnreadableFile):
        for found in _REFERENCE.finditer(_decoded(content, leaf)):
            yield unquote(found[1].decode("ascii", "replace")).lower()


def _stands_in_body(leaf: _Part, shown: set[str]) -> bool:
    return leaf.type.startswith("image/") and leaf.head.get("content-id", "").strip("<> \t").lower() in shown


def _file(content: bytes, leaf: _Part, number: int) -> Piece:
    name = _name(leaf.name, leaf.type, number)
    try:
        return Piece(name, _decoded(content, leaf))
    except UnreadableFile as problem:
        return Piece(name, refused=problem)


def _name(said: str, kind: str, number: int) -> str:
    """The name of a file, or where it has none its place and type."""
    return said if is_nameable(said) else f"{number}{_SUFFIXES.get(kind, '')}"


def _decoded(content: bytes, leaf: _Part) -> bytes:
    """The bytes of a part as they were before they were encoded for the way.

    Raises UnreadableFile (damaged): base64 that is not whole may be half a list.
    """
    raw = content[leaf.start : leaf.end]
    way = re.split(r"[;(]", leaf.head.get("content-transfer-encoding", ""))[0].strip(' \t"').lower()
    try:
        if way == "base64":
            return binascii.a2b_base64(raw.translate(None, b" \t\r\n"), strict_mode=True)
        if way == "quoted-printable":
            return binascii.a2b_qp(raw)
        if way in ("uuencode", "x-uuencode", "x-uue", "uue"):
            return _unix_decoded(raw)
    except binascii.Error as error:
        raise UnreadableFile("damaged") from error
    if way not in ("", "7bit", "8bit", "binary") or leaf.type.startswith("multipart/"):
        raise UnreadableFile("damaged")
    return raw


def _unix_files(text: bytes) -> Iterator[Piece]:
    """Files that old programs write into the text itself (uuencode), one after the other."""
    at = 0
    while begin := _UNIX_FILE.search(text, at):
        end = _UNIX_END.search(text, begin.end())
        at = end.end() if end else len(text)
        name = _last_part(guessed(begin[1]))
        try:
            lines = text[begin.end() : end.start()].splitlines() if end else []
            content = b"".join(binascii.a2b_uu(line) for line in lines if line.strip())
        except binascii.Error:
            content = b""
        yield Piece(name, content, None if content else UnreadableFile("damaged"))


def _unix_decoded(raw: bytes) -> bytes:
    file = next(_unix_files(raw), Piece("", refused=UnreadableFile("damaged")))
    if file.refused:
        raise file.refused
    return file.content


def _last_part(name: str) -> str:
    """A name without the folders that the sender's program wrote before it."""
    last = cleaned(re.split(r"[/\\]", name)[-1])[:200]
    return "" if last in (".", "..") else last


def _is_whole(file: Piece, *, alone: bool) -> bool:
    """Whether a file that no boundary follows came whole: it tells so itself, or is the mail's only part and can be decoded."""
    if file.refused or not file.content.startswith(_SELF_ENDING):
        return alone and not file.refused
    try:
        identify(file.content, file.name)
    except UnreadableFile as problem:
        return problem.reason != "damaged"
    return True
