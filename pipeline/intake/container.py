"""What kind of file this is, told by its bytes and never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from pipeline.model import UnreadableFile


class Kind(StrEnum):
    """The formats a return may come in, and what comes beside it."""

    OOXML = "ooxml"
    BIFF = "biff"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    XML = "xml"
    ATTACHMENT = "attachment"
    MAIL = "mail"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Container:
    """A file of a known kind. ``attachment`` is a key of ``wording["intake"]["attachment"]``; ``stem`` names nameless sheets.

    ``carries`` are keys of ``wording["findings"]["F11"]``: what a workbook holds besides its sheets.
    """

    kind: Kind
    attachment: str | None = None
    stem: str = ""
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: bytes as sent, cells that hold something, rows that hold something (all sheets
    together), sheets.

    ``max_members`` are files in a mail or archive and those inside it, ``max_levels`` how deep those may lie: 2 is an archive
    in a mail. ``max_folders`` and ``max_path`` bound where a file may lie: folders in folders, characters of its path in the
    inbox. ``units`` are the words a number format may show behind a number without changing what it means (the indicators'
    units).
    """

    max_bytes: int = 50 * 1024 * 1024
    max_cells: int = 2_000_000
    max_rows: int = 200_000
    max_members: int = 200
    max_levels: int = 2
    max_folders: int = 20
    max_path: int = 1000
    max_sheets: int = 256
    units: frozenset[str] = frozenset()

    @property
    def max_unpacked(self) -> int:
        """Bytes that all parts of a zipped file may unpack to together: XML of real workbooks packs about eight to one."""
        return 8 * self.max_bytes


class IncompleteFile(UnreadableFile):
    """An unfinished container: it may still be arriving."""

    def __reduce__(self) -> tuple[object, ...]:
        return _incomplete, (self.reason, self.params)


def _incomplete(reason: str, params: dict[str, str]) -> IncompleteFile:
    return IncompleteFile(reason, **params)


_KINDS = frozenset(Kind)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_ARCHIVES = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gz",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zst",
    b"MSCF\x00\x00\x00\x00": "CAB",
}
"""Archives that are told from others but not opened, by their first bytes."""
_BARE_BIFF = re.compile(
    rb"\x09\x08[\x04-\x10]\x00|\x09[\x00\x02\x04][\x04-\x08]\x00..[\x10\x20\x40]\x00|\x09\x04\x06\x00..\x00\x01", re.DOTALL
)
"""Records without a compound file around them: of Excel 5 and later, and of Excel 2 to 4 (sheet, chart, macros, several)."""


def identify(content: bytes, name: str, limits: Limits | None = None) -> Container:
    """The container of a file; ``name`` only lends its stem to sheets without a name.

    Raises UnreadableFile (encrypted, damaged, parcel_kind, outlook_mail, too_large, unknown_kind) and IncompleteFile (empty,
    damaged).
    """
    stem = PurePosixPath(name).stem
    if not content:
        raise IncompleteFile("empty")
    check_size(len(content), limits or Limits())
    from pipeline.intake.mails import is_mail

    if is_mail(content):
        return Container(Kind.MAIL, None, stem)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from pipeline.intake.package import package_kind

        return _container(*package_kind(content), stem)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        from pipeline.intake.ole import ole_kind

        return _container(*ole_kind(content), stem)
    return _container(_signature(content) or _text_kind(content), (), stem)


def check_size(size: int, limits: Limits) -> None:
    """Raises UnreadableFile (too_large) with both sizes in MB."""
    if size > limits.max_bytes:
        raise UnreadableFile("too_large", size=megabytes(size), limit=megabytes(limits.max_bytes))


def megabytes(count: int) -> str:
    """A number of bytes in MB with at most one decimal: ``50MB``, ``51.3MB``; never rounded down to a limit it exceeds."""
    tenths = -(-count * 10 // (1024 * 1024))
    return f"{tenths // 10}MB" if tenths % 10 == 0 else f"{tenths / 10:.1f}MB"


def _container(kind: str, carries: tuple[str, ...], stem: str) -> Container:
    """``kind`` is a Kind or the key of an attachment."""
    return Container(Kind(kind), None, stem, carries) if kind in _KINDS else Container(Kind.ATTACHMENT, kind, stem)


def carried(*, macros: bool, links: bool, objects: bool) -> tuple[str, ...]:
    """The keys of what is there (F11), in the order the office lists them."""
    return tuple(key for key, there in (("macros", macros), ("links", links), ("objects", objects)) if there)


def _signature(content: bytes) -> str | None:
    """Files told by their first bytes; None for what may be text."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "word"
    if content.startswith(_PICTURES) or _is_picture(content):
        return "picture"
    if kind := next((kind for mark, kind in _ARCHIVES.items() if content.startswith(mark)), None) or _tape(content):
        raise UnreadableFile("parcel_kind", kind=kind)
    return _bare_records(content) if _BARE_BIFF.match(content) else None


def _bare_records(content: bytes) -> str:
    """Raises UnreadableFile (old_excel, encrypted)."""
    from pipeline.intake.ole import readable_records

    readable_records(content)
    return Kind.BIFF


def _is_picture(content: bytes) -> bool:
    """Pictures whose mark does not stand alone at the beginning."""
    riff = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    bitmap = content[:2] == b"BM" and content[6:10] == bytes(4)
    heif = content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif"}
    return riff or bitmap or heif


def _tape(content: bytes) -> str | None:
    return "tar" if content[257:262] == b"ustar" else None


def _text_kind(content: bytes) -> str:
    from pipeline.intake.textual import text_kind

    return text_kind(content)
