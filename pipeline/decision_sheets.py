"""市级办理单 read back from ``办理/``: each filled line a decision, each workbook filed away with what became of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deciding import known_already, record_request
from pipeline.decisions import Refused, Request
from pipeline.intake.container import Kind, identify
from pipeline.intake.grid import read_grids
from pipeline.intake.read import limits_of
from pipeline.model import Act, Grid, UnreadableFile
from pipeline.parse import find_districts, find_periods
from pipeline.parse.times import parse_time
from pipeline.view import SHOWN_ZONE
from pipeline.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger

LEFT_ALONE = (".", "~")


@dataclass(frozen=True)
class Line:
    """A filled line of a 办理单: what it asks for, or why it cannot be understood."""

    row: int
    request: Request | None
    refused: Refused | None = None


def take_decision_sheets(ledger: Ledger, workspace: Workspace, now: dt.datetime) -> tuple[str, ...]:
    """Carry out what lies in ``办理/``; what is to be told, in Chinese. The workspace is locked.

    Each line is a transaction of its own; the workbook is filed away once all were tried. Stopped in between, the next run finds
    the lines that were recorded and does not record them again.
    """
    words = workspace.programme.wording["decisions"]["sheets"]
    folder = workspace.root / words["folder"]
    if not folder.is_dir():
        return ()
    told: list[str] = []
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(LEFT_ALONE)):
        try:
            grid = _decision_grid(path, workspace.programme)
        except UnreadableFile as problem:
            reason = workspace.programme.wording["intake"]["unreadable"][problem.reason]["reason"].format(**problem.params)
            told.append(words["unreadable"].format(file=path.name, reason=reason))
            continue
        except OSError:  # still open in WPS: the next run will see
            continue
        if grid is None:
            told.append(words["not_one"].format(file=path.name))
            continue
        report = _carry_out(grid, path.name, ledger, workspace, now)
        _file_away(path, folder / words["filed"], report, workspace.programme, now)
        told += report
    return tuple(told)


def _carry_out(grid: Grid, name: str, ledger: Ledger, workspace: Workspace, now: dt.datetime) -> list[str]:
    programme = workspace.programme
    words = programme.wording["decisions"]["sheets"]
    done, left, again = 0, list[str](), list[str]()
    for line in _lines(grid, name, programme):
        try:
            if line.request is None:
                raise line.refused or Refused("changed")
            if known_already(ledger, line.request):
                again.append(words["again"].format(row=line.row))
            else:
                record_request(ledger, workspace, line.request, now)
                done += 1
        except Refused as refused:
            left.append(words["line"].format(row=line.row, reason=refused.text(programme)))
    return [words["done"].format(file=name, n=done, k=len(left)), *left, *again]


def _decision_grid(path: Path, programme: Programme) -> Grid | None:
    """The sheet with the form's header, or None. Raises UnreadableFile and OSError."""
    content = path.read_bytes()
    container = identify(content, path.name, limits_of(programme))
    if container.kind is Kind.ATTACHMENT:
        return None
    grids = read_grids(content, container, limits_of(programme))
    return next((grid for grid in grids if _header(grid, programme)), None)


def _header(grid: Grid, programme: Programme) -> tuple[int, dict[str, int]] | None:
    """(row, Chinese header → column) of the first row that names every column."""
    wanted = set(programme.wording["decisions"]["book"]["columns"])
    for number, row in grid.rows.items():
        named = {cell.text.strip(): column for column, cell in row.items()}
        if wanted <= named.keys():
            return number, named
    return None


def _lines(grid: Grid, name: str, programme: Programme) -> Iterator[Line]:
    found = _header(grid, programme)
    assert found
    header, columns = found
    names = programme.wording["decisions"]["book"]["columns"]
    key_column = columns.get(programme.wording["decisions"]["book"]["key"])
    for number in (number for number in grid.rows if number > header):
        cells = {field: grid.at(number, columns[label]).text.strip() for field, label in zip(FIELDS, names, strict=True)}
        if cells["act"]:
            key = grid.at(number, key_column).text if key_column else ""
            try:
                yield Line(number, _request(cells, _key(key), name, programme))
            except Refused as refused:
                yield Line(number, None, refused)


FIELDS = (
    "number", "district", "period", "file", "rule", "indicator", "observed", "expected", "message", "explanation",
    "act", "content", "basis", "wording", "by", "date",
)  # fmt: skip
"""The columns of the 办理单, in the order of its wording."""


def _key(text: str) -> dict[str, object]:
    """What the hidden column keeps; nothing in a line that the city has added itself."""
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _request(cells: dict[str, str], key: dict[str, object], name: str, programme: Programme) -> Request:
    acts = {act["name"]: act for act in programme.wording["decisions"]["acts"]}
    if cells["act"] not in acts:
        raise Refused("act", text=cells["act"])
    act = acts[cells["act"]]
    if not cells["basis"]:
        raise Refused("basis")
    content = cells["content"]
    base = Request(
        act=act["act"],
        by=cells["by"],
        reason=content or ("" if act["act"] in (Act.EXPLAIN, Act.RETURN) else act["name"]),
        district=_district(cells["district"], programme),
        period=_period(str(key.get("period") or cells["period"]), programme),
        rule=cells["rule"] or None,
        indicator=next((i.id for i in programme.indicators if cells["indicator"] in (i.name, i.short, i.id)), None),
        file=str(key.get("file") or cells["file"]) or None,
        basis=cells["basis"],
        wording=cells["wording"],
        source=name,
        bound=key.get("bound"),  # type: ignore[arg-type]  # a JSON object of numbers
    )
    return _with_content(base, act.get("content"), content, programme)


def _with_content(request: Request, kind: str | None, content: str, programme: Programme) -> Request:
    """What 办理内容 says where it is no reason: a district, a period, a time."""
    if kind == "district":
        return dataclasses.replace(request, district=_district(content, programme) or content, period=None, rule=None, bound=None)
    if kind == "period":
        return dataclasses.replace(request, period=_period(content, programme), district=None, rule=None, bound=None)
    if kind == "received":
        return dataclasses.replace(request, received=parse_time(content), rule=None, bound=None)
    return request


def _district(text: str, programme: Programme) -> str | None:
    found = {*find_districts(text, programme)}
    return found.pop() if len(found) == 1 else text or None


def _period(text: str, programme: Programme) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        found = {mention.as_of for mention in find_periods(text, programme) if mention.as_of}
        return found.pop() if len(found) == 1 else None


def _file_away(path: Path, folder: Path, report: list[str], programme: Programme, now: dt.datetime) -> None:
    """Into 已办理, under the time it was read, beside what became of it."""
    folder.mkdir(exist_ok=True)
    stamp = now.astimezone(SHOWN_ZONE).strftime("%Y%m%d%H%M%S")
    target = folder / f"{stamp}_{path.name}"
    result = programme.wording["decisions"]["sheets"]["result"].format(name=target.stem)
    (folder / result).write_text("\n".join(report) + "\n", encoding="utf-8-sig")  # Windows' editor takes it for GBK otherwise
    path.replace(target)
