"""Files that come beside the returns and are kept unread, and why other files are refused."""

from __future__ import annotations

from pipeline.model import UnreadableFile
from pipeline.reading.formats.marks import archive_by_mark, attachment_by_mark
from pipeline.reading.formats.office_documents import is_zipped_text, why_no_document
from pipeline.reading.formats.ole import is_compound, opened
from pipeline.reading.formats.package import document, is_zipped
from pipeline.reading.formats.text import is_xml_text, why_no_table
from pipeline.reading.formats.xls_stream import is_binary_workbook


def is_word(content: bytes) -> bool:
    """Whether it is a text of an office program, in any of their formats."""
    if is_compound(content) and "worddocument" in opened(content).streams and not is_binary_workbook(content):
        return "encryptedpackage" not in opened(content).streams or is_zipped_text(content)
    return is_zipped_text(content) or _mark(content) == "word" or is_xml_text(content)


def is_pdf(content: bytes) -> bool:
    return _mark(content) == "pdf"


def is_picture(content: bytes) -> bool:
    return _mark(content) == "picture"


def _mark(content: bytes) -> str | None:
    return None if is_zipped(content) or is_compound(content) else attachment_by_mark(content)


def refusal(content: bytes) -> UnreadableFile:
    """Why a file is of no format that is known.

    UnreadableFile of encrypted, damaged, no_encoding, old_excel, outlook_mail, parcel_kind, unknown_kind, xlsb.
    """
    if package := document(content):
        return UnreadableFile(why_no_document(package))
    if is_compound(content):
        return UnreadableFile("outlook_mail" if "__properties_version1.0" in opened(content).streams else "unknown_kind")
    if kind := archive_by_mark(content):
        return UnreadableFile("parcel_kind", kind=kind)
    return UnreadableFile(why_no_table(content))
