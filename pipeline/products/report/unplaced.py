"""``outbox/未识别/``: files whose period could not be told, with what was found in them, beside copies of the files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from pipeline.model import Status
from pipeline.model.file_names import fitting, portable
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from pipeline.products import decision_book
from pipeline.products.making import Maker
from pipeline.products.report.json_record import record_entry, utc_text
from pipeline.products.report.page import template
from pipeline.products.report.report_words import ReportWords
from schemas.programme import Programme

AROUND = "_12345678..part"
"""What is written around the name of a copy: the digits of a hash, and what makes a name a temporary one."""


def unplaced_lists(programme: Programme, files: tuple[FileRecord, ...], decided: int) -> Iterator[Maker]:
    names = Words(programme, "outbox")
    yield (
        names.text("unplaced_files.page"),
        lambda: template("unplaced.html.j2").render(_content(ReportWords(programme), files)).encode("utf-8"),
    )
    if any(file.status == Status.RETURNED for file in files):
        yield names.text("unplaced_files.decision_book"), lambda: decision_book.render_unplaced(programme, files, decided)
    yield names.text("unplaced_files.json"), lambda: _record(programme, files)


def _record(programme: Programme, files: tuple[FileRecord, ...]) -> bytes:
    entries = [record_entry(programme, file) | {"received": utc_text(file.received)} for file in files]
    return (json.dumps({"schema": "annex2.unplaced/1", "files": entries}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _content(words: ReportWords, files: tuple[FileRecord, ...]) -> dict[str, Any]:
    rows = [
        {
            "file": file.file,
            "received": words.arrival(file),
            "district": file.district or words.text("unknown"),
            "findings": file.findings,
        }
        for file in files
    ]
    return {"t": words.text, "raw": words.raw, "rows": rows}


def copy_names(files: Iterable[FileRecord], taken: Collection[str]) -> dict[str, str]:
    """A name for a copy of each file → its sha256: each once, under its own name as far as every system takes it; another one of
    the same name carries the first digits of its hash. ``taken`` are names of other files of the folder. What could not be taken
    out of a mail or an archive is in the copy of that."""
    owners = dict.fromkeys((name.casefold() for name in taken), "")
    names: dict[str, str] = {}
    for sha256, own in ((file.sha256, PurePosixPath(file.file).name) for file in files if not _is_inside(file)):
        name = fitting(portable(own), AROUND)
        if owners.setdefault(name.casefold(), sha256) != sha256:
            name = f"{PurePosixPath(name).stem}_{sha256[:8]}{PurePosixPath(name).suffix}"
            owners[name.casefold()] = sha256
        names[name] = sha256
    return names


def _is_inside(file: FileRecord) -> bool:
    return file.envelope is not None and file.envelope.refused
