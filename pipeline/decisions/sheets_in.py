"""``办理/``: every 市级办理单 laid in is carried out line by line and filed away with what became of it."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.decisions import Refused
from pipeline.decisions.record import record_request, recorded_already
from pipeline.decisions.sheet_lines import Line, at_odds
from pipeline.decisions.sheets_read import Book, folder_of
from pipeline.model import UnreadableFile
from pipeline.model.errors import SURROUNDINGS
from pipeline.model.file_names import fitting, numbered
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.reading.inbox import Arrival
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger

log = logging.getLogger(__name__)

GONE = ("file", "no_file", "nothing", "which")
"""What a line that the book was written with is refused for when its matter has changed since."""


def take_decision_sheets(
    laid: Sequence[Arrival], books: Sequence[Book], ledger: Ledger, workspace: Workspace, now: dt.datetime
) -> tuple[str, ...]:
    """Carry out what lies in ``办理/``, as it was read; what is to be told, in Chinese. The workspace is locked.

    Each line is a transaction of its own; the workbook is filed away once all were tried. Stopped in between, the next run finds
    the lines that were recorded and does not record them again. What is no 办理单, or cannot be read, stays.
    """
    folder = folder_of(workspace)
    if not os.path.lexists(folder):
        folder.mkdir()
    return tuple(line for each, book in zip(laid, books, strict=True) for line in _taken(each, book, ledger, workspace, now))


def _taken(laid: Arrival, book: Book, ledger: Ledger, workspace: Workspace, now: dt.datetime) -> list[str]:
    """What became of one file."""
    words = Words(workspace.programme, "decisions")
    if book.passing:  # still open in WPS: the next run will see
        return [words.text("sheets.in_use", file=laid.name)]
    if book.problem:
        return [_unreadable(laid, book.problem, workspace.programme)]
    if book.lines is None:
        return [words.text("sheets.not_one", file=laid.name)]
    try:
        report = _carry_out(book.lines, laid.name, ledger, workspace, now)
    except SURROUNDINGS:
        raise
    except Exception:  # what was recorded before is not recorded again
        log.exception("file %s could not be carried out", laid.name)
        return [_unreadable(laid, UnreadableFile("damaged"), workspace.programme)]
    try:
        _file_away(laid.path, folder_of(workspace) / words.text("sheets.filed"), report, workspace.programme, now)
    except PermissionError:
        report.append(words.text("sheets.in_use", file=laid.name))
    return report


def _unreadable(laid: Arrival, problem: UnreadableFile, programme: Programme) -> str:
    reason = Words(programme, "intake").table("unreadable")[problem.reason]["reason"].format(**problem.params)
    return Words(programme, "decisions").text("sheets.unreadable", file=laid.name, reason=reason)


def _carry_out(lines: Sequence[Line], name: str, ledger: Ledger, workspace: Workspace, now: dt.datetime) -> list[str]:
    words = Words(workspace.programme, "decisions")
    done, left, again = 0, list[str](), list[str]()
    opposed = at_odds(lines)
    for number, line in enumerate(lines):
        try:
            if number in opposed:
                raise Refused("at_odds")
            if _carried_out(line, ledger, workspace, now):
                done += 1
            else:
                again.append(words.text("sheets.again", row=line.row))
        except Refused as refused:
            left.append(words.text("sheets.line", row=line.row, reason=refused.text(workspace.programme)))
    return [words.text("sheets.done", file=name, n=done, k=len(left)), *left, *again]


def _carried_out(line: Line, ledger: Ledger, workspace: Workspace, now: dt.datetime) -> bool:
    """False where it was carried out before. Raises Refused."""
    if line.request is None:
        raise line.refused or Refused("changed")
    if recorded_already(ledger, workspace, line.request, line):
        return False
    try:
        record_request(ledger, workspace, line.request, now)
    except Refused as refused:
        raise Refused("changed") if line.listed and refused.problem in GONE else refused from refused
    return True


def _file_away(path: Path, folder: Path, report: list[str], programme: Programme, now: dt.datetime) -> None:
    """Into 已办理, under the time it was read, beside what became of it. Raises OSError: then no report is left behind."""
    folder.mkdir(exist_ok=True)
    result = str(Words(programme, "decisions").raw("sheets.result"))
    stamp = now.astimezone(SHOWN_ZONE).strftime("%Y%m%d%H%M%S")
    wanted = f"{stamp}_{fitting(path.name, stamp + result + '(00)')}"
    target = next(folder / name for name in numbered(wanted) if not os.path.lexists(folder / name))
    note = folder / result.format(name=target.stem)
    try:
        note.write_text("\n".join(report) + "\n", encoding="utf-8-sig")  # Windows' editor takes it for GBK otherwise
        path.replace(target)
    except OSError:
        note.unlink(missing_ok=True)
        raise
