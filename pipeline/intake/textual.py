"""Text files: their encoding, and whether they hold an HTML table or separated values."""

from __future__ import annotations

import csv
import io
import re

from pipeline.intake.container import Kind
from pipeline.model import UnreadableFile

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_FLAT_ODS = re.compile(rb"<office:document\b[^>]*opendocument\.spreadsheet", re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb_2312-80", "csgb2312", "ms936", "windows-936"}
_DELIMITERS = ",;\t"
_HALF = re.compile("[\ud800-\udfff]")


def text_kind(content: bytes) -> str:
    """HTML, CSV or (flat) ODS. Raises UnreadableFile (damaged, unknown_kind): no text, no table, or no known encoding.

    A page whose beginning was cut off is shown as text by office programs, tags and all: it is damaged.
    """
    if not content.startswith(_UTF16) and _CONTROLS.search(content):
        raise UnreadableFile("unknown_kind")
    head = content[:8192]
    if _FLAT_ODS.search(head):
        return Kind.ODS
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and b"<html" not in head.lower():
        raise UnreadableFile("unknown_kind")
    text = decode_html(content) if b"<" in head and _has_table(content) else decode(content)
    if "<table" in text.lower():
        if not text.lstrip().startswith("<"):
            raise UnreadableFile("damaged")
        return Kind.HTML
    if text.lstrip()[:14].lower().startswith(("<html", "<!doctype html")):
        raise UnreadableFile("unknown_kind")
    delimiter(text)
    return Kind.CSV


def _has_table(content: bytes) -> bool:
    return b"<table" in content.lower()


def _whole(text: str) -> str:
    """With the sign for a broken character where half of one stands alone, which some encodings can say and no output can."""
    return _HALF.sub("\ufffd", text)


def decode(content: bytes) -> str:
    """UTF-16 with its mark, UTF-8 with or without, else GB18030. Raises UnreadableFile (damaged, unknown_kind)."""
    if content.startswith(_UTF16):
        return _strictly(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(content, "gb18030")


def decode_html(content: bytes) -> str:
    """By its mark, else as the page says, else as ``decode``; a page that is not what it says is judged by its bytes."""
    said = _CHARSET.search(content[:4096])
    if said and not content.startswith((*_UTF16, b"\xef\xbb\xbf")):
        name = said[1].decode("ascii").lower()
        try:
            return _whole(content.decode("gb18030" if name in _CHINESE else name))
        except (UnicodeError, LookupError):
            return decode(content)
    return decode(content)


def _strictly(content: bytes, encoding: str) -> str:
    """Text that cannot be decoded but has the marks of a table is a damaged one."""
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        tabular = content.count(b",") + content.count(b"\t") + content.count(b";") > 3
        raise UnreadableFile("damaged" if tabular else "unknown_kind") from error


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
