"""A PDF beside every notice that was issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.model.words import Words
from pipeline.products.notice.pdf import libreoffice, made_beside
from pipeline.workspace.workspace import Workspace


def notices_left_without(folders: Iterable[Path], workspace: Workspace) -> Iterator[Path]:
    """Make the PDFs in folders of issued products; the notices whose PDF could not be made. None is made, and none is lacking,
    where LibreOffice is not installed."""
    name = Words(workspace.programme, "outbox").text("files.notice", as_of="*")
    notices = [notice for folder in folders for notice in folder.glob(name)]
    program = libreoffice() if notices else None
    return (notice for notice in notices if program and not made_beside(notice, program))
