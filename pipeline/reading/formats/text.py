"""Text files: which format they are of, and how those without one are decoded and cut into values."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache

from pipeline.model import UnreadableFile
from pipeline.reading.formats.encodings import UTF16, decode, is_wide_table
from pipeline.reading.formats.marks import archive_by_mark, attachment_by_mark
from pipeline.reading.formats.markup import xml_kind
from pipeline.reading.formats.ole import is_compound
from pipeline.reading.formats.package import is_zipped
from pipeline.reading.formats.xls_stream import is_bare

_HEAD = 8192

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_FLAT_ODS = re.compile(rb"<office:document\b[^>]*opendocument\.spreadsheet", re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb_2312-80", "csgb2312", "ms936", "windows-936"}
_DELIMITERS = ",;\t"
_HALF = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"\s*<[!?/A-Za-z]")
_WEB_ARCHIVE = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
"""A page saved with all its parts (.mht), by Excel or a browser."""
_PART_OF_PAGES = re.compile(rb"<link\b[^<>]{0,200}\brel\s*=\s*[\"']?Main-File", re.IGNORECASE)
"""One sheet of a workbook saved as several pages: what is struck out or hidden in it stands in another file."""
_TEXTS_OF_PROGRAMS = re.compile(rb'ID;P[A-Z0-9]*(?:;[NE])*\r?\n|TABLE\r?\n0,1\r?\n"|\s*(?:\{\s*"|\[\s*[\[{])')
"""SYLK, DIF and JSON: commas and semicolons, but no lines of values."""


@lru_cache(maxsize=1)  # every format that is text asks
def is_text(content: bytes) -> bool:
    """Whether it may be a text at all."""
    if is_zipped(content) or is_compound(content) or is_bare(content):
        return False
    if attachment_by_mark(content) or archive_by_mark(content):
        return False
    return content.startswith(UTF16) or not _CONTROLS.search(content)


def is_flat_opendocument(content: bytes) -> bool:
    return is_text(content) and bool(_FLAT_ODS.search(content[:_HEAD]))


def is_xml_spreadsheet(content: bytes) -> bool:
    return is_text(content) and xml_kind(content) == "spreadsheet"


def is_xml_text(content: bytes) -> bool:
    """Whether it is a text of Word or OpenDocument."""
    return is_text(content) and xml_kind(content) == "word"


def is_html(content: bytes) -> bool:
    """Whether it is a page with a table. Raises UnreadableFile (no_encoding, unknown_kind)."""
    if not (_is_readable(content) and (content.startswith(UTF16) or _has_table(content))):
        return False
    text = _decoded(content)
    return "<table" in text.lower() and text.lstrip().startswith("<")


def is_separated(content: bytes) -> bool:
    """Whether it is lines of values. Raises UnreadableFile (no_encoding, unknown_kind)."""
    if not _is_readable(content):
        return False
    text = _decoded(content)
    return "<table" not in text.lower() and not _TAG.match(text) and _delimiter(text) is not None


def why_no_table(content: bytes) -> str:
    """Why what is no other file is no table of texts either: the reason of an UnreadableFile.

    A page whose beginning was cut off is shown as text by office programs, tags and all: it is damaged.
    """
    if not is_text(content):
        return "no_encoding" if is_wide_table(content) else "unknown_kind"
    if not _is_readable(content):
        return "unknown_kind"
    return "damaged" if "<table" in _decoded(content).lower() else "unknown_kind"


def _is_readable(content: bytes) -> bool:
    """Whether a text is for people: no XML, nothing that programs write for programs, no page saved in parts."""
    head = content[:_HEAD]
    if not is_text(content) or xml_kind(content):
        return False
    return not (_TEXTS_OF_PROGRAMS.match(content) or _WEB_ARCHIVE.search(head) or _PART_OF_PAGES.search(head))


def _decoded(content: bytes) -> str:
    return decode_html(content) if b"<" in content[:_HEAD] and _has_table(content) else decode(content)


def _has_table(content: bytes) -> bool:
    return b"<table" in content.lower()


def _whole(text: str) -> str:
    """With the sign for a broken character where half of one stands alone, which some encodings can say and no output can."""
    return _HALF.sub("\ufffd", text)


def decode_html(content: bytes) -> str:
    """By its mark, else as the page says, else as ``decode``; a page that is not what it says is judged by its bytes."""
    said = _CHARSET.search(content[:4096])
    if said and not content.startswith((*UTF16, b"\xef\xbb\xbf")):
        name = said[1].decode("ascii").lower()
        try:
            return _whole(content.decode("gb18030" if name in _CHINESE else name))
        except (UnicodeError, LookupError):
            return decode(content)
    return decode(content)


def delimiter(text: str) -> str:
    """The character between values: the one that splits most lines. Raises UnreadableFile (unknown_kind): not two lines are."""
    found = _delimiter(text)
    if found is None:
        raise UnreadableFile("unknown_kind")
    return found


def _delimiter(text: str) -> str | None:
    sample = text[:65536]
    counts = {mark: _split_lines(sample, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] >= 2 else None


def _split_lines(sample: str, mark: str) -> int:
    if mark not in sample:
        return 0
    try:
        return sum(len(row) > 1 for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark))
    except csv.Error:
        return 0
