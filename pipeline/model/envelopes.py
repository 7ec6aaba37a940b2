"""What a file came in, where it was not laid into the inbox by itself: mails and archives, one in another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

MAIL, ARCHIVE = "mail", "archive"

OUTSIDE = ("sender", "subject", MAIL, ARCHIVE)
"""Sources of evidence that is about what a file came in, and not about the file."""


@dataclass(frozen=True)
class Cover:
    """A mail or an archive as it stands around a file. ``file`` is its name as that of any file, ``sha256`` that of its bytes.

    ``sender`` (display name and address as written), ``subject`` and ``sent`` (its Date, UTC) are those of a mail.
    """

    file: str
    kind: str
    sha256: str
    sender: str = ""
    subject: str = ""
    sent: dt.datetime | None = None


@dataclass(frozen=True)
class Envelope:
    """``covers``, the outermost first. ``refused``: the file could not be taken out; its original is that of the innermost."""

    covers: tuple[Cover, ...]
    refused: bool = False

    @property
    def parcel(self) -> Cover:
        """The one that lay in the inbox."""
        return self.covers[0]

    @property
    def sent(self) -> dt.datetime | None:
        """When the mail nearest to the file was sent, as it says itself."""
        return next((cover.sent for cover in reversed(self.covers) if cover.sent), None)


def envelope_record(envelope: Envelope | None, parcel: str | None) -> dict[str, Any] | None:
    """As JSON what the ledger keeps of it, and of a file that is a mail or an archive itself that it was opened."""
    if envelope is None and parcel is None:
        return None
    known = envelope.covers if envelope else ()
    covers = [asdict(c) | {"sent": c.sent.isoformat() if c.sent else None} for c in known]
    return {"covers": covers, "refused": bool(envelope and envelope.refused), "opened": parcel}


def envelope_of(record: Mapping[str, Any] | None) -> Envelope | None:
    """From what the ledger keeps of it."""
    return Envelope(tuple(_covers(record["covers"])), record["refused"]) if record and record["covers"] else None


def parcel_of(record: Mapping[str, Any] | None) -> str | None:
    """The kind of a file that is a mail or an archive itself and was opened."""
    return record["opened"] if record else None


def _covers(records: Sequence[Mapping[str, Any]]) -> list[Cover]:
    return [Cover(**{**each, "sent": dt.datetime.fromisoformat(each["sent"]) if each["sent"] else None}) for each in records]


def own_parts(file: str, envelope: Envelope | None) -> tuple[str, ...]:
    """The parts of the file's name without the mails and archives it came in."""
    path = PurePosixPath(file)
    parcels = {PurePosixPath(cover.file) for cover in envelope.covers} if envelope else set()
    above = [part.name for part in reversed(path.parents) if part.name and part not in parcels]
    return (*above, path.name or file)
