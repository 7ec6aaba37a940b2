"""The originals: every file as it was sent, under its sha256."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from pipeline.ledger.store import Ledger


def keep_originals(ledger: Ledger, files: Sequence[tuple[Path, str]]) -> set[Path]:
    """Copy files into the originals under their sha256, safely on disk before they are named; the files that were kept.

    A file whose bytes are not those of its hash any more is left out.
    """
    kept = {source for source, sha256 in files if _keep(ledger.originals, source, sha256)}
    _sync_folder(ledger.originals)
    return kept


def _keep(originals: Path, source: Path, sha256: str) -> bool:
    target = originals / sha256
    try:
        content = source.read_bytes()
    except (FileNotFoundError, PermissionError):  # gone, or locked by the program that wrote it
        return False
    if hashlib.sha256(content).hexdigest() != sha256:
        return False
    if target.exists() and target.stat().st_size == len(content):
        return True
    part = target.with_name(f"{sha256}.{platform.node()}.part")  # one for each machine; what a stopped run left is written over
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    return True


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
