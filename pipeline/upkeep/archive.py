"""What a backup is as a file: a ZIP of a manifest and of the files it names, read within bounds and believed in nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline.model.errors import BackupRefused

SCHEMA = "annex2.backup/1"
MANIFEST, DATABASE, SETTINGS = "manifest.json", "ledger/ledger.db", "settings.toml"
ORIGINALS, INBOX, DECISIONS, OWN = "ledger/originals", "inbox", "decisions", "own"
"""Folders of an archive, whatever the settings call those of the workspace. ``OWN``: files elsewhere in it that settings name."""
BLOCK = 1 << 20
LONGEST = 100  # characters of a name that a message quotes
ALLOWANCE, RATIO = 1 << 28, 100
"""An archive unpacks to at most ``ALLOWANCE`` bytes and ``RATIO`` times its own size; deflate alone can reach 1032 times."""

_FILES = {MANIFEST, SETTINGS, DATABASE}
_FOLDERS = tuple(f"{folder}/" for folder in (ORIGINALS, INBOX, DECISIONS, OWN))
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCKED = 0x1  # general purpose bit 0: the entry is encrypted
_FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, LookupError, OSError)
"""What zipfile raises on bytes that are no archive, or none any more; RuntimeError is what it says of passwords."""

_ODD = re.compile(r'[\x00-\x1f\x7f\\:<>"|?*%]|[\ud800-\udfff]|[. ]$')
"""What no system of the offices, or only some of them, takes in a name; and the sign that stands for it in an archive."""
_ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")


def allowed(size: int) -> int:
    """Bytes that an archive of this size may unpack to."""
    return ALLOWANCE + RATIO * size


@dataclass(frozen=True)
class Archive:
    """A backup that is open: ``files`` is its manifest (name → sha256); ``escaped``: the names are ``archived`` ones."""

    shown: str
    files: Mapping[str, str]
    escaped: bool
    _zip: zipfile.ZipFile
    _left: list[int] = field(repr=False)

    def content(self, name: str) -> Iterator[bytes]:
        """The bytes of a file of the manifest, in blocks. Raises BackupRefused at the end when they are not those of its hash,
        before it when they are too many."""
        digest = hashlib.sha256()
        for block in self._blocks(name):
            digest.update(block)
            yield block
        if digest.hexdigest() != self.files[name]:
            raise BackupRefused("damaged", path=self.shown, file=told(name))

    def _blocks(self, name: str) -> Iterator[bytes]:
        """Counted while they are inflated: the sizes that an archive states are its own."""
        try:
            with self._zip.open(name) as entry:
                while block := entry.read(BLOCK):
                    self._left[0] -= len(block)
                    if self._left[0] < 0:
                        raise BackupRefused("too_large", path=self.shown)
                    yield block
        except _FAILURES as error:
            raise BackupRefused("damaged", path=self.shown, file=told(name)) from error


@contextmanager
def opened(source: Path | IO[bytes], size: int, shown: str) -> Iterator[Archive]:
    """The backup in ``source``, of ``size`` bytes; ``shown`` is what it is called. Everything that its directory says has been
    looked at then, and nothing of it is unpacked. Raises BackupRefused."""
    try:
        archive = zipfile.ZipFile(source)
    except _FAILURES as error:
        raise BackupRefused("not_one", path=shown) from error
    with archive:
        found = Archive(shown, {MANIFEST: ""}, escaped=False, _zip=archive, _left=[allowed(size)])
        members = archive.infolist()
        if MANIFEST not in {member.filename for member in members}:
            raise BackupRefused("not_one", path=shown)
        _acceptable(members, found)
        files, escaped = _manifest(found)
        if {MANIFEST, *files} != {member.filename for member in members if not member.is_dir()}:
            raise BackupRefused("not_one", path=shown)
        yield Archive(shown, files, escaped, archive, found._left)


def _acceptable(members: list[zipfile.ZipInfo], archive: Archive) -> None:
    """Raises BackupRefused unless every entry is one that a backup has, once, and a plain file, and all may be unpacked."""
    names, places = set[str](), set[int]()
    for member in members:
        name = member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if member.flag_bits & _LOCKED:
            raise BackupRefused("encrypted", path=archive.shown)
        fits = member.is_dir() or name in _FILES or name.startswith(_FOLDERS)
        plain = kind in (0, stat.S_IFDIR if member.is_dir() else stat.S_IFREG) and member.compress_type in _METHODS
        if not (fits and plain and is_plain(name.removesuffix("/"))) or name in names or member.header_offset in places:
            raise BackupRefused("unacceptable", path=archive.shown, file=told(name))
        names.add(name)
        places.add(member.header_offset)
    if sum(member.file_size for member in members) > archive._left[0]:
        raise BackupRefused("too_large", path=archive.shown)


def is_plain(name: str) -> bool:
    """Whether a name leads down, from any folder of any system, to a file of its own."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts)


def _manifest(archive: Archive) -> tuple[Mapping[str, str], bool]:
    """Name → sha256, and whether names are escaped. Raises BackupRefused."""
    try:
        record = json.loads(b"".join(archive._blocks(MANIFEST)))
        files: dict[str, str] = record["files"]
        sound = record["schema"] == SCHEMA and DATABASE in files and all(isinstance(hash, str) for hash in files.values())
        escaped = record.get("escaped") is True
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BackupRefused("not_one", path=archive.shown) from error
    if not sound:
        raise BackupRefused("not_one", path=archive.shown)
    return files, escaped


def write(stream: IO[bytes], files: Mapping[str, Path], method: int) -> dict[str, str]:
    """Pack ``files`` (``archived`` name → where it lies) and their manifest, which is the answer: name → sha256. What is not
    there any more is left out."""
    manifest = {}
    with zipfile.ZipFile(stream, "w", method, compresslevel=6) as archive:
        for name, path in files.items():
            with suppress(FileNotFoundError), path.open("rb") as content:
                manifest[name] = _packed(archive, name, content)
        record = {"schema": SCHEMA, "escaped": True, "files": manifest}
        archive.writestr(MANIFEST, json.dumps(record, ensure_ascii=False, indent=1))
    return manifest


def _packed(archive: zipfile.ZipFile, name: str, content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name)
    info.compress_type = archive.compression
    with archive.open(info, "w", force_zip64=True) as entry:
        while block := content.read(BLOCK):
            digest.update(block)
            entry.write(block)
    return digest.hexdigest()


def told(name: str) -> str:
    """A name of an archive as a message quotes it: on one line, and not for ever."""
    shown = archived(name)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def archived(name: str) -> str:
    """A file's path as an archive holds it: what not every system takes in a name is written %XX, byte by byte."""

    def escape(found: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))

    return "/".join(_ODD.sub(escape, part) for part in name.split("/"))


def unarchived(name: str) -> str:
    """The way back, on systems that take any name; where it would lead elsewhere, and on Windows, the name stays escaped."""
    if os.name != "posix":
        return name
    parts = [_ESCAPED.sub(_unescape, part) for part in name.split("/")]
    return name if any(part in ("", ".", "..") or "/" in part or "\0" in part for part in parts) else "/".join(parts)


def _unescape(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "surrogateescape")
