"""Mails and archives: what came inside them, down to the innermost, as a pure function of the bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify
from pipeline.reading.formats.kinds import Kind, Limits
from pipeline.reading.formats.mail_heads import is_mail, sent_at, worded
from pipeline.reading.formats.zip_directory import counted
from pipeline.reading.parcels.archives import read_archive
from pipeline.reading.parcels.mails import read_mail
from pipeline.reading.parcels.pieces import Piece, Room


@dataclass(frozen=True)
class Letter:
    """What the head of a mail says: display name and address as written (decoded), subject, and its Date (UTC)."""

    sender: str = ""
    subject: str = ""
    sent: dt.datetime | None = None


@dataclass(frozen=True)
class Member:
    """One file of a parcel, at any level.

    ``name`` is its path inside the parcel, valid text with ``/`` between folders, and no other member's: ``瓯海/附件2.xlsx``,
    ``内层.zip/附件2.xlsx``. ``inside`` is the name of the parcel within the parcel that it lies in; empty for the outermost.
    ``content`` is empty where the member was refused before it could be read; a parcel that cannot be opened keeps its own.

    ``parcel`` is its kind where the member is a parcel itself and was opened (its members follow it), with
    ``count`` and, of a mail, ``letter`` as those of a ``Parcel``.
    """

    name: str
    content: bytes
    refused: UnreadableFile | None = None
    inside: str = ""
    parcel: str | None = None
    count: int = 0
    letter: Letter | None = None


@dataclass(frozen=True)
class Parcel:
    """A mail or an archive, opened.

    ``members`` are those of all levels, in the order they lie there, without what a system left beside them. ``count`` is the
    number of files directly inside that are judged or kept (n of F12): not those refused.
    """

    kind: str
    members: tuple[Member, ...]
    count: int
    letter: Letter | None = None


def open_parcel(content: bytes, kind: str, limits: Limits) -> Parcel:
    """The members of a mail or archive (``kind`` is one of PARCELS), and of the parcels inside it.

    Raises UnreadableFile for the parcel as a whole: parcel_encrypted, parcel_limits (too many, too large or too deep),
    parcel_empty (nothing that could be told of), damaged; IncompleteFile (damaged) where its end is missing. A member that
    cannot be taken bears its own in ``refused``.
    """
    return _Opening(limits).open(content, kind, "", 1)


def _mail(content: bytes, room: Room) -> tuple[Letter | None, tuple[Piece, ...]]:
    head, pieces = read_mail(content, room)
    return Letter(worded(head.get("from", "")), worded(head.get("subject", "")), sent_at(head.get("date", ""))), pieces


def _archive(content: bytes, room: Room) -> tuple[Letter | None, tuple[Piece, ...]]:
    return None, read_archive(content, room)


PARCELS: Mapping[str, Callable[[bytes, Room], tuple[Letter | None, tuple[Piece, ...]]]] = {
    Kind.MAIL: _mail,
    Kind.ARCHIVE: _archive,
}
"""The formats that hold files, and what opens them."""


class _Opening:
    """A parcel being opened with all that is in it: what is left of the limits, and the names already given."""

    def __init__(self, limits: Limits) -> None:
        self._room = Room(limits)
        self._names: set[str] = set()

    def open(self, content: bytes, kind: str, inside: str, level: int) -> Parcel:
        """The parcel of the name ``inside`` (empty for the outermost)."""
        if level > self._room.limits.max_levels:
            raise UnreadableFile("parcel_limits")
        letter, pieces = PARCELS[kind](content, self._room)
        if not pieces:
            raise UnreadableFile("parcel_empty")
        members: list[Member] = []
        for each in pieces:
            members += self._members(each, inside, level)
        taken = sum(member.inside == inside and member.refused is None for member in members)
        return Parcel(kind, tuple(members), taken, letter)

    def _members(self, each: Piece, inside: str, level: int) -> list[Member]:
        """A file of a parcel, and where it is one itself, those in it behind it."""
        name = self._named(f"{inside}/{each.name}" if inside else each.name)
        kind = None if each.refused else self._kind(each)
        if kind is None:
            return [Member(name, each.content, each.refused, inside)]
        try:
            parcel = self.open(each.content, kind, name, level + 1)
        except UnreadableFile as problem:
            if problem.reason == "parcel_limits":
                raise
            # inside a file that came whole nothing is still arriving
            return [Member(name, each.content, UnreadableFile(problem.reason, **problem.params), inside)]
        return [Member(name, each.content, None, inside, kind, parcel.count, parcel.letter), *parcel.members]

    def _named(self, path: str) -> str:
        """The name, or where another member bears it the first of ``附件2(2).xlsx``, ``附件2(3).xlsx`` … that none does."""
        name, number = path, 1
        end = PurePosixPath(path).suffix
        while name in self._names:
            number += 1
            name = f"{path.removesuffix(end)}({number}){end}"
        self._names.add(name)
        return name

    def _kind(self, each: Piece) -> str | None:
        """Where a file is a parcel itself."""
        zipped = each.content.startswith(b"PK")
        if not zipped and not is_mail(each.content):
            return None
        if zipped:
            self._room.look_at(counted(each.content))
        try:
            kind = identify(each.content, each.name, self._room.limits).kind
        except UnreadableFile:
            return None
        return kind if kind in PARCELS else None
