"""Files told by their first bytes: those that are kept as attachments, and archives that nobody opens."""

from __future__ import annotations

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


def attachment_by_mark(content: bytes) -> str | None:
    """The key of an attachment (``attachment`` in intake.toml)."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "word"
    return "picture" if content.startswith(_PICTURES) or _is_picture(content) else None


def archive_by_mark(content: bytes) -> str | None:
    """The name of the archive's kind."""
    marked = next((kind for mark, kind in _ARCHIVES.items() if content.startswith(mark)), None)
    return marked or ("tar" if content[257:262] == b"ustar" else None)


def _is_picture(content: bytes) -> bool:
    """Pictures whose mark does not stand alone at the beginning."""
    riff = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    bitmap = content[:2] == b"BM" and content[6:10] == bytes(4)
    heif = content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif"}
    return riff or bitmap or heif
