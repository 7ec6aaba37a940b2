"""The records of a binary workbook (.xls, .et), in a compound file or bare, in clear; and what they carry besides the sheets."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model import UnreadableFile
from pipeline.reading.formats.draft import MAX_EXTENT
from pipeline.reading.formats.kinds import carried
from pipeline.reading.formats.marks import archive_by_mark, attachment_by_mark
from pipeline.reading.formats.ole import as_compound, is_compound, opened
from pipeline.reading.formats.xls_encryption import unlocked
from pipeline.reading.formats.xls_records import has_macro_sheets, is_modest, is_old, links_elsewhere
from pipeline.reading.formats.xls_texts import with_counted_texts

_BARE = re.compile(
    rb"\x09\x08[\x04-\x10]\x00|\x09[\x00\x02\x04][\x04-\x08]\x00..[\x10\x20\x40]\x00|\x09\x04\x06\x00..\x00\x01", re.DOTALL
)
"""Records without a compound file around them: of Excel 5 and later, and of Excel 2 to 4 (sheet, chart, macros, several)."""


def is_binary_workbook(content: bytes) -> bool:
    """Raises UnreadableFile and IncompleteFile (damaged) for a broken compound file."""
    if is_compound(content):
        streams = opened(content).streams
        return "encryptedpackage" not in streams and bool(streams.keys() & {"workbook", "book"})
    return is_bare(content)


def is_bare(content: bytes) -> bool:
    """Whether records stand there without a file around them."""
    return bool(_BARE.match(content)) and not (attachment_by_mark(content) or archive_by_mark(content))


def binary_workbook_carries(content: bytes) -> tuple[str, ...]:
    """Macros, objects and controls have storages or streams of their own; macro sheets and links stand in the records.

    Raises UnreadableFile as ``workbook_stream``.
    """
    stream = workbook_stream(content)
    if not is_compound(content):
        return ()
    compound = opened(content)
    return carried(
        macros=bool(compound.storages & {"_vba_project_cur", "vba"}) or has_macro_sheets(stream),
        links=links_elsewhere(stream),
        objects="ctls" in compound.streams or any(name.startswith("mbd") for name in compound.storages),
    )


@lru_cache(maxsize=1)  # what it carries, its cells and its second reader all ask for it
def workbook_stream(content: bytes) -> bytes:
    """The records of BIFF 8 in clear. Raises UnreadableFile (old_excel, encrypted, damaged), IncompleteFile (damaged)."""
    stream = content
    if is_compound(content):
        compound = opened(content)
        stream = compound.read("workbook" if "workbook" in compound.streams else "book")
    if is_old(stream):
        raise UnreadableFile("old_excel")
    return unlocked(stream)


def plain_binary_workbook(content: bytes, odd: bool) -> bytes | None:
    """The records alone, for a reader that believes what they claim; None where they claim too much."""
    stream = with_counted_texts(workbook_stream(content)) if odd else workbook_stream(content)
    return as_compound(stream) if is_modest(stream, MAX_EXTENT) else None
