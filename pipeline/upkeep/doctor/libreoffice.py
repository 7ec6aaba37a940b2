"""LibreOffice, which makes the notice's PDF."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.products.notice.pdf import libreoffice
from pipeline.upkeep.doctor.seen import Office, Seen, seen


def check(_: Office) -> Iterator[Seen]:
    """Where it is."""
    program = libreoffice()
    yield seen("pdf", "fine", path=program) if program else seen("pdf", "missing")
