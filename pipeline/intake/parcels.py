"""Mails and archives: what came inside them, down to the innermost, as a pure function of the bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.intake.container import Kind, Limits
from pipeline.model import UnreadableFile


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
    ``content`` is empty where the member was refused before it could be read.

    ``parcel`` is Kind.MAIL or Kind.ARCHIVE where the member is a parcel itself and was opened (its members follow it), with
    ``count`` and, of a mail, ``letter`` as those of a ``Parcel``.
    """

    name: str
    content: bytes
    refused: UnreadableFile | None = None
    inside: str = ""
    parcel: Kind | None = None
    count: int = 0
    letter: Letter | None = None


@dataclass(frozen=True)
class Parcel:
    """A mail or an archive, opened.

    ``members`` are those of all levels, in the order they lie there, without what a system left beside them. ``count`` is the
    number of files directly inside that are judged or kept (n of F12): not those refused.
    """

    kind: Kind
    members: tuple[Member, ...]
    count: int
    letter: Letter | None = None


def open_parcel(content: bytes, kind: Kind, limits: Limits) -> Parcel:
    """The members of a mail (Kind.MAIL) or archive (Kind.ARCHIVE), and of the parcels inside it.

    Raises UnreadableFile for the parcel as a whole: parcel_encrypted, parcel_limits (too many, too large or too deep),
    parcel_empty (nothing that could be told of), damaged. A member that cannot be taken bears its own in ``refused``.
    """
    raise UnreadableFile("parcel_empty")
