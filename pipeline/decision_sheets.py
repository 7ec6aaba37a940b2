"""``办理/``: every 市级办理单 laid in is carried out line by line and filed away with what became of it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deciding import record_request, recorded_already
from pipeline.decision_lines import Header, Line, at_odds, find_header, read_lines
from pipeline.decisions import Refused
from pipeline.intake.container import Kind, identify
from pipeline.intake.grid import read_grids
from pipeline.intake.inbox import Ripe, everything
from pipeline.intake.read import limits_of
from pipeline.model import Grid, UnreadableFile
from pipeline.view import SHOWN_ZONE
from pipeline.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger

log = logging.getLogger(__name__)

LEFT_ALONE = (".", "~")
GONE = ("file", "no_file", "nothing", "which")
"""What a line that the book was written with is refused for when its matter has changed since."""


def laid_in(workspace: Workspace) -> list[Path]:
    """What lies in ``办理/`` and is for reading; nothing while there is no such folder. Raises OSError."""
    folder = workspace.root / workspace.programme.wording["decisions"]["sheets"]["folder"]
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(LEFT_ALONE))


def take_decision_sheets(ledger: Ledger, workspace: Workspace, now: dt.datetime, ripe: Ripe = everything) -> tuple[str, ...]:
    """Carry out what lies in ``办理/`` and is ripe; what is to be told, in Chinese. The workspace is locked.

    Each line is a transaction of its own; the workbook is filed away once all were tried. Stopped in between, the next run finds
    the lines that were recorded and does not record them again. What is no 办理单, or cannot be read, stays.
    """
    words = workspace.programme.wording["decisions"]["sheets"]
    folder = workspace.root / words["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    told: list[str] = []
    for path in filter(ripe, laid_in(workspace)):
        try:
            sheets = _sheets(path, workspace.programme)
        except UnreadableFile as problem:
            reason = workspace.programme.wording["intake"]["unreadable"][problem.reason]["reason"].format(**problem.params)
            told.append(words["unreadable"].format(file=path.name, reason=reason))
            continue
        except OSError:  # still open in WPS: the next run will see
            told.append(words["in_use"].format(file=path.name))
            continue
        except Exception:  # an internal error keeps no return waiting
            log.exception("file %s could not be read", path.name)
            reason = workspace.programme.wording["intake"]["unreadable"]["damaged"]["reason"]
            told.append(words["unreadable"].format(file=path.name, reason=reason))
            continue
        if not sheets:
            told.append(words["not_one"].format(file=path.name))
            continue
        lines = [line for grid, header in sheets for line in read_lines(grid, header, path.name, workspace.programme)]
        report = _carry_out(lines, path.name, ledger, workspace, now)
        _file_away(path, folder / words["filed"], report, workspace.programme, now)
        told += report
    return tuple(told)


def _sheets(path: Path, programme: Programme) -> list[tuple[Grid, Header]]:
    """The sheets that are a 办理单, with their headers. Raises UnreadableFile and OSError."""
    content = path.read_bytes()
    container = identify(content, path.name, limits_of(programme))
    if container.kind is Kind.ATTACHMENT:
        return []
    grids = read_grids(content, container, limits_of(programme))
    return [(grid, header) for grid in grids if (header := find_header(grid, programme))]


def _carry_out(lines: Sequence[Line], name: str, ledger: Ledger, workspace: Workspace, now: dt.datetime) -> list[str]:
    words = workspace.programme.wording["decisions"]["sheets"]
    done, left, again = 0, list[str](), list[str]()
    opposed = at_odds(lines)
    for number, line in enumerate(lines):
        try:
            if number in opposed:
                raise Refused("at_odds")
            if _carried_out(line, ledger, workspace, now):
                done += 1
            else:
                again.append(words["again"].format(row=line.row))
        except Refused as refused:
            left.append(words["line"].format(row=line.row, reason=refused.text(workspace.programme)))
    return [words["done"].format(file=name, n=done, k=len(left)), *left, *again]


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
    """Into 已办理, under the time it was read, beside what became of it."""
    folder.mkdir(exist_ok=True)
    stamp = now.astimezone(SHOWN_ZONE).strftime("%Y%m%d%H%M%S")
    target = folder / f"{stamp}_{path.name}"
    result = programme.wording["decisions"]["sheets"]["result"].format(name=target.stem)
    (folder / result).write_text("\n".join(report) + "\n", encoding="utf-8-sig")  # Windows' editor takes it for GBK otherwise
    path.replace(target)
