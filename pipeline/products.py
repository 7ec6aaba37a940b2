"""A period's products as one task of a worker: the originals in question are read again for the pictures and copies of them."""

from __future__ import annotations

from pathlib import Path

from pipeline.intake.container import Kind, identify
from pipeline.intake.grid import read_grids
from pipeline.intake.read import limits_of
from pipeline.model import Status, UnreadableFile
from pipeline.outputs.publish import publish
from pipeline.view import FileRecord, Original, PeriodView
from pipeline.workers import at_hand
from schemas.programme import Programme

UNREADABLE = "F01"


def publish_period(outbox: Path, view: PeriodView, originals: Path) -> Path:
    """Make all products of the period and write them into its folder; the folder. A task for a worker process."""
    programme = at_hand()
    wanted = {file.sha256: file for file in view.files if file.findings and file.status != Status.DUPLICATE}
    return publish(outbox, view, {sha256: _original(file, originals, programme) for sha256, file in wanted.items()})


def _original(record: FileRecord, originals: Path, programme: Programme) -> Original:
    """The file as sent; without grids where it cannot be read, or is not there any more."""
    try:
        content = (originals / record.sha256).read_bytes()
    except OSError:
        return Original(b"")
    if any(finding.rule == UNREADABLE for finding in record.findings):
        return Original(content)  # what hung or killed its reader would do so again
    try:
        container = identify(content, record.file, limits_of(programme))
        if container.kind is Kind.ATTACHMENT:
            return Original(content)
        return Original(content, read_grids(content, container, limits_of(programme)), container.kind is Kind.OOXML)
    except UnreadableFile:
        return Original(content)
