"""What a zipped document of an office program is, and what it carries besides its sheets (F11): told by the names of its parts
and by what they say of themselves."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import carried
from pipeline.reading.formats.package import Package, document, is_zipped
from pipeline.reading.formats.text import is_flat_opendocument

_WORKBOOK_TYPE = re.compile(rb"(spreadsheetml\.(sheet|template)|ms-excel\.(sheet|template|addin)\.macroEnabled)\.main\+xml")
_DOCUMENT_TYPE = re.compile(rb"(wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled\w*)\.main\+xml")
_BINARY_TYPE = b"ms-excel.sheet.binary.macroEnabled.main"
"""The parts of .xlsb are records of their own kind (BIFF 12)."""
_OF_APPLE = "Index/Document.iwa"
"""In files of Numbers, Pages and Keynote."""
_OFD, _TYPES, _MANIFEST = "OFD.xml", "[Content_Types].xml", "META-INF/manifest.xml"

_OFFICE_PART = r"(?:xl/(?:workbook\.|worksheets/|sharedstrings\.)|word/document\.|ppt/presentation\.)"
_OFFICE_PARTS = re.compile(rf"^(?:\./)?{_OFFICE_PART}", re.MULTILINE)
_OFFICE_PARTS_BELOW = re.compile(rf"^(?:\./)?[^/\n]+/(?:{_OFFICE_PART}|content\.xml$)", re.MULTILINE)

_MACROS = re.compile(r"^(.*/)?(vbaproject\.bin|macrosheets/.*)$", re.MULTILINE)
_LINKS = re.compile(r"^(.*/)?(externallinks/.*\.xml|connections\.xml)$", re.MULTILINE)
_OBJECTS = re.compile(r"^(.*/)?(embeddings|activex)/", re.MULTILINE)
_BASIC = re.compile(r"^(basic|scripts)/.*(?<!/)$", re.MULTILINE)
_OPEN_OBJECTS = re.compile(rb"<[^<>]*full-path=\"Object[^/\"]*/?\"[^<>]*>")
_OPEN_LINKS = (b"<table:table-source", b"<table:dde-link>", b"<table:dde-link ")


def is_workbook(content: bytes) -> bool:
    """Whether it is a workbook of OOXML. Raises as ``document``."""
    types = _types(document(content))
    return _BINARY_TYPE not in types and bool(_WORKBOOK_TYPE.search(types))


def workbook_carries(content: bytes) -> tuple[str, ...]:
    package = document(content)
    return _carried(package.names) if package else ()


@lru_cache(maxsize=16)  # offices copy the form, and with it the names of its parts
def _carried(names: str) -> tuple[str, ...]:
    """By the names of the parts: all of OOXML's extras are parts of their own."""
    return carried(macros=bool(_MACROS.search(names)), links=bool(_LINKS.search(names)), objects=bool(_OBJECTS.search(names)))


def is_opendocument(content: bytes) -> bool:
    """Whether it is a spreadsheet of OpenDocument, zipped or flat. Raises UnreadableFile (encrypted) and as ``document``."""
    if not is_zipped(content):
        return is_flat_opendocument(content)
    mimetype, manifest = _opendocument(document(content))
    return b"opendocument.spreadsheet" in (mimetype or manifest)


def opendocument_carries(content: bytes) -> tuple[str, ...]:
    """Macros by the names of the parts, objects by the manifest (a chart is none), links by what stands in the content."""
    package = document(content) if is_zipped(content) else None
    if package is None:
        return ()
    return carried(
        macros=bool(_BASIC.search(package.names)),
        links=package.mentions("content.xml", _OPEN_LINKS),
        objects=any(b"opendocument.chart" not in entry for entry in _OPEN_OBJECTS.findall(_small(package, _MANIFEST))),
    )


def is_zipped_text(content: bytes) -> bool:
    """Whether it is a text of Word or OpenDocument. Raises as ``is_opendocument``."""
    package = document(content)
    types = _types(package)
    if _BINARY_TYPE in types or _WORKBOOK_TYPE.search(types):
        return False
    return bool(_DOCUMENT_TYPE.search(types)) or b"opendocument.text" in _opendocument(package)[0]


def is_ofd(content: bytes) -> bool:
    package = document(content) if is_zipped(content) else None
    return package is not None and package.has(_OFD)


def is_archive(content: bytes) -> bool:
    """Whether a zip file holds files rather than the parts of one document. Raises as ``document``."""
    if not is_zipped(content):
        return False
    package = document(content)
    return package is None or not (_says_what_it_is(package) or _is_of_others(package) or _was_office_file(package.names))


def why_no_document(package: Package) -> str:
    """Why a document is none that is read: the reason of an UnreadableFile."""
    if package.has(_TYPES) and not package.has(_OFD):
        if _BINARY_TYPE in _types(package):
            return "xlsb"
        return "damaged" if "xl/workbook.xml" in package.names.splitlines() else "unknown_kind"
    if _says_what_it_is(package):
        return "unknown_kind" if package.has(_OFD) or any(_opendocument(package)) else "damaged"
    return "damaged" if not _is_of_others(package) and _was_office_file(package.names) else "unknown_kind"


def _types(package: Package | None) -> bytes:
    """What an OOXML package says of its parts; empty for what is none."""
    return b"" if package is None or package.has(_OFD) else _small(package, _TYPES)


def _opendocument(package: Package | None) -> tuple[bytes, bytes]:
    """The type an OpenDocument says it is of, and its manifest; empty for what is none. Raises UnreadableFile (encrypted)."""
    if package is None or package.has(_OFD) or package.has(_TYPES) or not _says_what_it_is(package):
        return b"", b""
    mimetype, manifest = _small(package, "mimetype"), _small(package, _MANIFEST)
    if b"opendocument" in mimetype + manifest and (b"encryption-data" in manifest or package.has("encrypted-package")):
        raise UnreadableFile("encrypted")
    return mimetype, manifest


def _small(package: Package, part: str) -> bytes:
    return package.small(part) if package.has(part) else b""


def _says_what_it_is(package: Package) -> bool:
    return any(map(package.has, (_OFD, _TYPES, "mimetype", "content.xml")))


def _is_of_others(package: Package) -> bool:
    """Programs of Java, and documents of Apple's."""
    return package.has("META-INF/MANIFEST.MF") or package.has(_OF_APPLE)


def _was_office_file(names: str) -> bool:
    """Whether a zip file holds the parts of one office file, at its top or in a folder that holds everything."""
    tops = {name.removeprefix("./").partition("/")[0] for name in names.splitlines()}
    return bool(_OFFICE_PARTS.search(names) or (len(tops) == 1 and _OFFICE_PARTS_BELOW.search(names)))
