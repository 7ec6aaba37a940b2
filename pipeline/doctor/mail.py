"""Mail: without a server the drafts are sent by hand."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.doctor.seen import Office, Seen, seen


def check(_: Office) -> Iterator[Seen]:
    """Which settings are missing."""
    yield seen("mail", "none")
