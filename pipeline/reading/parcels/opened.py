"""A mail or an archive as it is read: an attachment itself, and what came inside it as files of their own."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import PurePosixPath

from pipeline.model import Cover, Enclosed, Envelope, Reading
from pipeline.model.catalogue import make_finding
from pipeline.model.words import Words
from pipeline.reading.evidence import around, of_parcel
from pipeline.reading.parcels import Letter, Member, open_parcel
from pipeline.reading.unreadable import limits_of, unreadable
from schemas.programme import Programme

YEARS = range(1970, 2200)
"""In which a mail may have been sent: a Date of another one is a mistake, and may be none in another zone."""


def read_parcel(base: Reading, content: bytes, kind: str, programme: Programme, called: frozenset[dt.date]) -> Reading:
    """F12, with all that came inside down to the innermost. Raises UnreadableFile for the whole of it."""
    parcel = open_parcel(content, kind, limits_of(programme))
    outer = base.envelope.covers if base.envelope else ()
    covers = {"": (*outer, _cover(base, kind, parcel.letter))}
    enclosed = []
    for member in parcel.members:
        envelope = Envelope(covers[member.inside], refused=member.refused is not None and not member.content)
        own = _base(member, f"{base.file}/{member.name}", envelope)
        enclosed.append(Enclosed(own.file, envelope, member.content, reading=_known(own, member, programme, called)))
        if member.parcel:
            covers[member.name] = (*covers[member.inside], _cover(own, member.parcel, member.letter))
    return dataclasses.replace(_opened(base, kind, parcel.count, programme, called), enclosed=tuple(enclosed))


def _cover(parcel: Reading, kind: str, letter: Letter | None) -> Cover:
    head = letter or Letter()
    sent = head.sent if head.sent and head.sent.year in YEARS else None
    return Cover(parcel.file, str(kind), parcel.sha256, head.sender, head.subject, sent)


def _base(member: Member, file: str, envelope: Envelope) -> Reading:
    """The file as it is kept: one that could not be taken out is in the original of what it lies in."""
    sha256 = envelope.covers[-1].sha256 if envelope.refused else hashlib.sha256(member.content).hexdigest()
    return Reading(file, sha256, len(member.content), envelope=envelope)


def _known(own: Reading, member: Member, programme: Programme, called: frozenset[dt.date]) -> Reading | None:
    """What is said of a member that is not read any more; None for one that is."""
    if member.parcel:
        return _opened(own, member.parcel, member.count, programme, called)
    if member.refused is None:
        return None
    periods, districts = around(own.file, own.envelope, programme, called)
    finding = unreadable(programme, PurePosixPath(own.file).name, member.refused)
    return dataclasses.replace(own, periods=periods, districts=districts, findings=(finding,))


def _opened(base: Reading, kind: str, count: int, programme: Programme, called: frozenset[dt.date]) -> Reading:
    periods, districts = of_parcel(around(base.file, base.envelope, programme, called), kind)
    said = Words(programme, "intake").text(f"parcel.{kind}", n=count)
    finding = make_finding(programme, "F12", variant="opened", file=PurePosixPath(base.file).name, type=said)
    return dataclasses.replace(base, periods=periods, districts=districts, findings=(finding,), attachment=said, parcel=str(kind))
