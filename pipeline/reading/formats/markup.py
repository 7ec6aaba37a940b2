"""What an XML document is, told by its outermost element."""

from __future__ import annotations

import re

from pipeline.reading.formats.encodings import UTF16

_HEAD = 16_384
_ROOT = re.compile(r"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+<(?:([\w.-]+):)?([\w.-]+)([^<>]*)", re.DOTALL)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"


def xml_kind(content: bytes) -> str | None:
    """What an XML document is: ``spreadsheet`` (XML Spreadsheet 2003), ``word`` (a text of Word or OpenDocument) or ``other``;
    None for what is no XML document, or a page of HTML."""
    text = head(content)
    root = _ROOT.match(text)
    declared = text.lstrip().startswith("<?xml")
    if root is None:
        return "other" if declared else None
    local, attributes = root[2], root[3]
    if local == "Workbook" and _SPREADSHEET in attributes:
        return "spreadsheet"
    if local == "wordDocument" or (_PACKAGE in attributes and "Word.Document" in text):
        return "word"
    if local == "document" and "opendocument.text" in attributes:
        return "word"
    return "other" if declared and "<html" not in text.lower() else None


def head(content: bytes) -> str:
    """The beginning of a document; what is not ASCII does not matter here."""
    beginning = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if content.startswith(UTF16):
        return beginning[: len(beginning) // 2 * 2].decode("utf-16", "replace")
    return beginning.decode("latin-1")
