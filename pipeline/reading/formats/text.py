"""Text files: whether they hold an HTML table or separated values."""

from __future__ import annotations

import csv
import io
import re

from pipeline.model import UnreadableFile
from pipeline.reading.formats.encodings import UTF16, decode, is_wide_table
from pipeline.reading.formats.kinds import Kind
from pipeline.reading.formats.markup import xml_kind

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


def text_kind(content: bytes) -> str:
    """HTML, CSV, (flat) ODS or XML Spreadsheet, or the key of an attachment.

    Raises UnreadableFile (damaged, no_encoding, unknown_kind): no text, no table, no known encoding, another format.
    A page whose beginning was cut off is shown as text by office programs, tags and all: it is damaged.
    """
    if not content.startswith(UTF16) and _CONTROLS.search(content):
        raise UnreadableFile("no_encoding" if is_wide_table(content) else "unknown_kind")
    head = content[:8192]
    if _FLAT_ODS.search(head):
        return Kind.ODS
    if kind := xml_kind(content):
        return kind
    if _TEXTS_OF_PROGRAMS.match(content) or _WEB_ARCHIVE.search(head) or _PART_OF_PAGES.search(head):
        raise UnreadableFile("unknown_kind")
    text = decode_html(content) if b"<" in head and _has_table(content) else decode(content)
    if "<table" in text.lower():
        if not text.lstrip().startswith("<"):
            raise UnreadableFile("damaged")
        return Kind.HTML
    if _TAG.match(text):
        raise UnreadableFile("unknown_kind")
    delimiter(text)
    return Kind.CSV


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
    sample = text[:65536]
    counts = {mark: _split_lines(sample, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    if counts[best] < 2:
        raise UnreadableFile("unknown_kind")
    return best


def _split_lines(sample: str, mark: str) -> int:
    if mark not in sample:
        return 0
    try:
        return sum(len(row) > 1 for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark))
    except csv.Error:
        return 0
