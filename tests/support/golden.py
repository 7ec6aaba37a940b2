"""Committed workbooks and notices, and how a new one is held against them: part by part, with a readable difference.

``python -m tests.support.golden`` writes them anew; look at them before they are committed.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from pipeline.model.view import PeriodView
from pipeline.products import bulletin, notice, working_papers
from pipeline.products.report import book as report_book
from schemas.programme import Programme, load_programme
from tests import TESTS
from tests.support import busy, views

FOLDER = TESTS / "golden"

BULLETINS: dict[str, Callable[[Programme], PeriodView]] = {
    "bulletin_full": views.full_view,
    "bulletin_missing": views.missing_view,
    "bulletin_first": views.first_view,
    "bulletin_year_first": views.year_first_view,
    "bulletin_year_end": views.year_end_view,
    "bulletin_ahead": views.ahead_view,
    "bulletin_behind": views.behind_view,
    "bulletin_restated": views.restated_view,
}

INTERNAL: dict[str, Callable[[Programme, PeriodView], bytes]] = {
    "working_papers": working_papers.render,
    "report_book": report_book.render,
}
"""Made of ``busy.busy_view``."""


NOTICES: dict[str, Callable[[Programme], PeriodView]] = {
    "notice_full": views.full_issued_view,
    "notice_missing": views.issued_view,
    "notice_first": views.first_issued_view,
    "notice_year_end": views.year_end_view,
    "notice_restated": views.restated_view,
    "notice_ahead": views.ahead_issued_view,
    "notice_behind": views.behind_issued_view,
}


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.{'docx' if name in NOTICES else 'xlsx'}"


def noticed(programme: Programme, view: PeriodView) -> bytes:
    """The notice of the view, with the tables of its bulletin."""
    return notice.render(programme, view)


def differences(expected: bytes, found: bytes) -> str:
    """What differs between two packages, one line of XML per element; empty when every part is the same."""
    old, new = _parts(expected), _parts(found)
    lines = [f"only expected: {name}" for name in old if name not in new]
    lines += [f"not expected: {name}" for name in new if name not in old]
    for name in old:
        if name in new and old[name] != new[name]:
            lines += difflib.unified_diff(_lines(old[name]), _lines(new[name]), name, name, lineterm="", n=1)
    return "\n".join(lines)


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _lines(part: bytes) -> list[str]:
    marks = r"(<(?:row|c|si|xf|col|font|fill|mergeCell|page|sheet|definedName|w:p|w:tr|w:r|w:sectPr)[ />])"
    return re.sub(marks, r"\n\1", part.decode("utf-8")).split("\n")


def main() -> None:
    """Write every committed product anew."""
    FOLDER.mkdir(exist_ok=True)
    programme = load_programme()
    for name, view in BULLETINS.items():
        path_of(name).write_bytes(bulletin.render(programme, view(programme)))
    for name, view in NOTICES.items():
        path_of(name).write_bytes(noticed(programme, view(programme)))
    for name, render in INTERNAL.items():
        path_of(name).write_bytes(render(programme, busy.busy_view(programme)))


if __name__ == "__main__":
    main()
