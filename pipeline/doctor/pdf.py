"""LibreOffice, which makes the notice's PDF."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.doctor.seen import Office, Seen, seen
from pipeline.outputs.pdf import libreoffice


def check(_: Office) -> Iterator[Seen]:
    """Where it is."""
    program = libreoffice()
    yield seen("pdf", "fine", path=program) if program else seen("pdf", "missing")
