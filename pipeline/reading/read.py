"""``read_submission``: what a file says, as a pure function of its name, bytes and the programme. Never raises for bad data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
import traceback
from collections.abc import Sequence
from pathlib import PurePosixPath

from pipeline.model import OUTSIDE, Envelope, Evidence, Reading, UnreadableFile
from pipeline.model.catalogue import make_finding, unhandled
from pipeline.model.words import Words
from pipeline.reading.evidence import Around, around, of_parcel
from pipeline.reading.formats import confirm_rows, identify, read_floating, read_sheets
from pipeline.reading.formats.draft import Sheet
from pipeline.reading.formats.kinds import Container, IncompleteFile
from pipeline.reading.layout import find_tables, used_rows
from pipeline.reading.layout.answer_sheet import is_answer_sheet, read_answer_sheet
from pipeline.reading.layout.form_lines import form_lines
from pipeline.reading.layout.form_sheet import form_sheets
from pipeline.reading.layout.instead import instead
from pipeline.reading.layout.strays import stray_texts
from pipeline.reading.parcels import PARCELS
from pipeline.reading.parcels.opened import read_parcel
from pipeline.reading.unreadable import limits_of, unreadable
from schemas.programme import Programme


def read_submission(
    name: str, content: bytes, programme: Programme, called: frozenset[dt.date] = frozenset(), envelope: Envelope | None = None
) -> Reading:
    """Read a file as sent.

    ``name`` is relative to the inbox, with ``/`` between folders, whose names are evidence too. ``called`` are as-of dates that
    count as periods though they end no month; ``envelope`` is what the file came in. What cannot be read is F01, what holds no
    Annex 2 table F02 or an attachment (F12). A mail or an archive is one too, and what came inside it is ``enclosed``.
    """
    base = _named_so(_base(name, content, envelope), around(name, envelope, programme, called))
    try:
        container = identify(content, name, limits_of(programme))
        if container.kind in PARCELS:
            base = _named_so(base, of_parcel((base.periods, base.districts), container.kind))
            opened = read_parcel(base, content, container.kind, programme, called)
            if envelope is None:
                return opened
            raise UnreadableFile("parcel_limits")  # one inside another is opened with it
        if container.attachment:
            return _attachment(base, Words(programme, "intake").text(f"attachment.{container.attachment}"), programme)
        drafts = read_sheets(content, container, limits_of(programme))
    except UnreadableFile as problem:
        return _unreadable(base, problem, programme)
    return _of_sheets(base, content, container, drafts, programme, called)


def _of_sheets(
    base: Reading, content: bytes, container: Container, drafts: Sequence[Sheet], programme: Programme, called: frozenset[dt.date]
) -> Reading:
    """What the sheets of a file say: their tables, what stands in their form, what is answered there."""
    grids = tuple(draft.grid for draft in drafts)
    answering = [grid for grid in grids if is_answer_sheet(grid, programme)]
    replies = [read_answer_sheet(grid, programme, called) for grid in answering]
    for reply in replies:
        before = around(reply.file, None, programme, called)
        periods = (*_named(base.periods, before[0]), *reply.periods)
        base = _named_so(base, (periods, (*_named(base.districts, before[1]), *reply.districts)))
    told = form_sheets(grids, programme, called)
    base = _named_so(base, ((*told.periods, *base.periods), (*told.districts, *base.districts)))
    sheets = [(grid, find_tables(grid, programme, called)) for grid in grids if not any(grid is reply for reply in answering)]
    placed = {id(grid): tables for grid, tables in sheets}
    known = {str(evidence.says) for evidence in base.districts}
    try:
        confirm_rows(content, container, drafts, lambda grid: used_rows(placed.get(id(grid), ()), known))
    except UnreadableFile as problem:
        return _unreadable(base, problem, programme)
    if tables := tuple(table for _, found in sheets for table in found):
        reading = dataclasses.replace(base, tables=tables)
        return dataclasses.replace(
            reading,
            form=told.info or form_lines(sheets, programme),
            carries=container.carries,
            strays=stray_texts(sheets, programme, called),
            answers=(*(answer for reply in replies for answer in reply.answers), *told.answers),
            floating=_floating(reading, content, container, programme) if _lacks_figures(reading) else (),
        )
    path = PurePosixPath(base.file)
    if not replies and (named := _named_attachment(path.stem, programme)):
        return _attachment(base, named, programme)
    over = read_floating(content, container, limits_of(programme))
    seen = instead(grids, programme, pictures=over.pictures, boxes=over.boxes)
    return dataclasses.replace(base, findings=(make_finding(programme, "F02", file=path.name, seen=seen),))


def _named_so(base: Reading, said: Around) -> Reading:
    """The reading with this evidence of its period and of its district."""
    return dataclasses.replace(base, periods=said[0], districts=said[1])


def _named(known: tuple[Evidence, ...], before: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What the name of an answered file said before, where its name says nothing now."""
    return known if any(evidence.source not in OUTSIDE for evidence in known) else (*before, *known)


def _lacks_figures(reading: Reading) -> bool:
    """Whether no row holds anything of a district that the file is said to be of."""
    named = {e.says for e in (*reading.districts, *(e for table in reading.tables for e in table.districts))}
    filled = {row.district for table in reading.tables for row in table.rows if row.filled and row.district}
    return not (filled & named if named else filled)


def _floating(reading: Reading, content: bytes, container: Container, programme: Programme) -> tuple[str, ...]:
    """Keys of the wording (C02) for the texts over the cells that hold figures; what an earlier return copy wrote is none."""
    found = read_floating(content, container, limits_of(programme))
    ours = str(Words(programme, "return_copy").raw("cells.comment")).partition("{")[0]
    comments = [text for text in found.comments if not text.startswith(ours)]
    texts = {"text_box": found.boxes, "comment": comments}
    return tuple(key for key, each in texts.items() if any(_FIGURES.search(_YEAR.sub("", text)) for text in each))


_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_FIGURES = re.compile(r"[0-9]")


def _base(name: str, content: bytes, envelope: Envelope | None) -> Reading:
    return Reading(name, hashlib.sha256(content).hexdigest(), len(content), envelope=envelope)


def read_anyhow(
    name: str, content: bytes, programme: Programme, called: frozenset[dt.date] = frozenset(), envelope: Envelope | None = None
) -> Reading:
    """``read_submission``; where that fails by an internal error, F18 with what the name alone says."""
    try:
        return read_submission(name, content, programme, called, envelope)
    except (KeyboardInterrupt, SystemExit, MemoryError):  # where there is no memory, nothing more can be said
        raise
    except BaseException:  # a panic of a library that is not Python's derives from nothing else
        base = dataclasses.replace(_base(name, content, envelope), trouble=traceback.format_exc())
        return unhandled_reading(base, programme, called)


def unhandled_reading(base: Reading, programme: Programme, called: frozenset[dt.date]) -> Reading:
    """F18 for a file of which only this is known; what the name says, unless it was the name that could not be read."""
    try:
        said = around(base.file, base.envelope, programme, called)
    except Exception:
        said = (), ()
    return dataclasses.replace(_named_so(base, said), findings=(unhandled(programme, base.file),))


def _unreadable(base: Reading, problem: UnreadableFile, programme: Programme) -> Reading:
    finding = unreadable(programme, PurePosixPath(base.file).name, problem)
    return dataclasses.replace(base, findings=(finding,), incomplete=isinstance(problem, IncompleteFile))


def _attachment(base: Reading, kind: str, programme: Programme) -> Reading:
    finding = make_finding(programme, "F12", file=PurePosixPath(base.file).name, type=kind)
    return dataclasses.replace(base, findings=(finding,), attachment=kind)


def _named_attachment(stem: str, programme: Programme) -> str | None:
    """A workbook without the form's header that calls itself a list or a note."""
    words = Words(programme, "findings")
    if any(word in stem for word in words.raw("F12.list_words")):
        return words.text("F12.list")
    if any(word in stem for word in words.raw("F12.note_words")):
        return words.text("F12.note")
    return None
