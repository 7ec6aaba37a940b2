"""What kind of file this is, told by its bytes and never by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import Container, IncompleteFile, Kind, Limits, check_size

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
    from pipeline.reading.parcels.mails import is_mail

    if is_mail(content):
        return Container(Kind.MAIL, None, stem)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from pipeline.reading.formats.package import package_kind

        return _container(*package_kind(content), stem)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        from pipeline.reading.formats.ole import ole_kind

        return _container(*ole_kind(content), stem)
    return _container(_signature(content) or _text_kind(content), (), stem)


def _container(kind: str, carries: tuple[str, ...], stem: str) -> Container:
    """``kind`` is a Kind or the key of an attachment."""
    return Container(Kind(kind), None, stem, carries) if kind in _KINDS else Container(Kind.ATTACHMENT, kind, stem)


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
    from pipeline.reading.formats.ole import readable_records

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
    from pipeline.reading.formats.text import text_kind

    return text_kind(content)
