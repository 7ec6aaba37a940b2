"""What stands around a file: its name, its folders, and what it came in, as evidence of district and period."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.model import MAIL, Cover, Envelope, Evidence, own_parts
from pipeline.model.words import Words
from pipeline.reading.values import find_districts, find_periods
from schemas.programme import Programme

Around = tuple[tuple[Evidence, ...], tuple[Evidence, ...]]
"""Evidence of the period, and of the district."""


def around(file: str, envelope: Envelope | None, programme: Programme, called: frozenset[dt.date]) -> Around:
    """What the file's name and its folders' names say, and behind it what its mails and archives say.

    Mails and archives are no folders: what they say is the weaker evidence, and a mail says nothing of the period.
    """
    covers = envelope.covers if envelope else ()
    own = own_parts(file, envelope)
    named = [("file_name", PurePosixPath(own[-1]).stem, own[-1]), *(("folder", part, part) for part in own[:-1])]
    periods = [Evidence(source, shown, m) for source, text, shown in named for m in find_periods(text, programme, called)]
    districts = [Evidence(source, shown, d) for source, text, shown in named for d in find_districts(text, programme)]
    for cover in covers:
        periods += _periods(cover, programme, called)
        districts += _districts(cover, programme)
    return tuple(periods), tuple(districts)


def of_parcel(said: Around, kind: str) -> Around:
    """The same of a mail or an archive itself: of a mail no name says anything of the period but those of its folders."""
    periods, districts = said
    return tuple(each for each in periods if kind != MAIL or each.source != "file_name"), districts


def sender_shown(cover: Cover) -> str:
    """Whom a mail is from, by name where it gives one."""
    return _written(cover)[0] or sender_address(cover)


def sender_address(cover: Cover) -> str:
    return _written(cover)[1].strip().lower()


def _written(cover: Cover) -> tuple[str, str]:
    """Display name and address: it is decoded, and so no address of a mail any more, in which a comma would end it."""
    found = re.fullmatch(r"(?s)\s*[\"“]?(.*?)[\"”]?\s*<([^<>]*)>\s*", cover.sender)
    return (found[1], found[2]) if found else ("", cover.sender)


def _periods(cover: Cover, programme: Programme, called: frozenset[dt.date]) -> Iterator[Evidence]:
    if cover.kind == MAIL:
        return
    name = PurePosixPath(cover.file)
    for mention in find_periods(name.stem, programme, called):
        yield Evidence(cover.kind, name.name, mention)


def _districts(cover: Cover, programme: Programme) -> Iterator[Evidence]:
    """What names several districts, or one and others, names none."""
    several = Words(programme, "findings").text("outside.several")
    name = PurePosixPath(cover.file)
    texts = [(cover.kind, name.stem, name.name)]
    if cover.kind == MAIL:
        sender = sender_shown(cover)
        texts += [("sender", sender, sender), ("subject", cover.subject, cover.subject)]
    for source, text, shown in texts:
        found = find_districts(text, programme)
        if len(found) == 1 and not re.search(several, text):
            yield Evidence(source, shown, found[0])
