"""市级办理单 as a grid → requests: each line whose 办理意见 is filled, whatever program saved the workbook."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.decisions import Refused, Request, district_named, indicator_named
from pipeline.model import Act, Grid, Values
from pipeline.model.words import Words
from pipeline.reading.values import find_periods
from pipeline.reading.values.times import parse_time
from schemas.programme import Programme

FIELDS = (
    "number", "district", "period", "file", "rule", "indicator", "observed", "expected", "message", "explanation",
    "act", "content", "basis", "wording", "by", "date",
)  # fmt: skip
"""The columns of the 办理单, in the order of its wording."""

FILLED = ("content", "basis", "wording")
"""What somebody fills in who means a decision, besides the act."""

REASONED = (Act.EXPLAIN, Act.RETURN, Act.REOPEN)
"""Acts whose 办理内容 is what is recorded; the others say why by their name, where nothing is written."""

Header = tuple[int, dict[str, int]]
"""Row, and Chinese header → column."""


@dataclass(frozen=True)
class Line:
    """A filled line of a 办理单: what it asks for, or why it cannot be understood. ``row`` counts from 1.

    ``listed`` says that the book was written with the line, ``made`` (UTC) when it was written, ``decided`` the number of the
    last decision before that; books of earlier versions do not say it.
    """

    row: int
    request: Request | None
    refused: Refused | None = None
    listed: bool = False
    made: dt.datetime | None = None
    decided: int | None = None


def find_header(grid: Grid, programme: Programme) -> Header | None:
    """The first row that names every column of the 办理单, or None: the sheet is none."""
    wanted = set(Words(programme, "decisions").raw("book.columns"))
    for number, row in grid.rows.items():
        named = {"".join(cell.text.split()): column for column, cell in row.items()}
        if wanted <= named.keys():
            return number, named
    return None


def read_lines(grid: Grid, header: Header, name: str, programme: Programme) -> Iterator[Line]:
    """The filled lines under ``header``; ``name`` is the workbook's."""
    top, columns = header
    words = Words(programme, "decisions")
    places = {field: columns[label] for field, label in zip(FIELDS, words.raw("book.columns"), strict=True)}
    for number in (number for number in grid.rows if number > top):
        cells = {field: grid.at(number, column).text.strip() for field, column in places.items()}
        key = _key(grid.at(number, columns[words.text("book.key")]).text) if words.text("book.key") in columns else _Key()
        if cells["act"] or any(cells[field] for field in FILLED):
            try:
                yield Line(number, _request(cells, key, name, programme), None, key.file is not None, key.made, key.decided)
            except Refused as refused:
                yield Line(number, None, refused)


def at_odds(lines: Sequence[Line]) -> frozenset[int]:
    """The places of lines that approve and refuse one matter: which of them is meant cannot be told."""
    verdicts = [
        (n, line.request) for n, line in enumerate(lines) if line.request and line.request.act in (Act.APPROVE, Act.REFUSE)
    ]
    pairs = itertools.combinations(verdicts, 2)
    return frozenset(n for (a, one), (b, other) in pairs if one.act != other.act and _same_matter(one, other) for n in (a, b))


def _same_matter(one: Request, other: Request) -> bool:
    """Whether both may be about the same: what a line does not say, it may mean."""
    if (one.district, one.period, one.rule) != (other.district, other.period, other.rule):
        return False
    if None not in (one.indicator, other.indicator) and one.indicator != other.indicator:
        return False
    return one.bound is None or other.bound is None or dict(one.bound) == dict(other.bound)


@dataclass(frozen=True)
class _Key:
    """What the hidden column keeps of a line."""

    file: str | None = None
    period: str | None = None
    bound: Values | None = None
    compared: str | None = None
    made: dt.datetime | None = None
    decided: int | None = None


def _key(text: str) -> _Key:
    """Empty where the column was lost or written over."""
    try:
        kept = json.loads(text)
        bound = kept.get("bound")
        values = {str(name): None if value is None else int(value) for name, value in bound.items()} if bound else None
        compared, decided = kept.get("compared"), kept.get("decided")
        compared, decided = None if compared is None else str(compared), None if decided is None else int(decided)
        made = dt.datetime.fromisoformat(kept["made"])
        return _Key(kept.get("file"), kept.get("period"), values, compared, made, decided)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _Key()


def _request(cells: Mapping[str, str], key: _Key, name: str, programme: Programme) -> Request:
    if not cells["act"]:
        raise Refused("no_act")
    act = next((act for act in Words(programme, "decisions").raw("acts") if act["name"] == cells["act"]), None)
    if act is None:
        raise Refused("act", text=cells["act"])
    if not cells["basis"]:
        raise Refused("basis")
    request = Request(
        act=act["act"],
        by=cells["by"],
        reason=cells["content"] or ("" if act["act"] in REASONED else act["name"]),
        district=district_named(cells["district"], programme) or None,
        period=_period(key.period or cells["period"], programme),
        rule=cells["rule"] or None,
        indicator=indicator_named(cells["indicator"], programme) or None,
        file=key.file or cells["file"] or None,
        basis=cells["basis"],
        wording=cells["wording"],
        source=name,
        bound=key.bound,
        compared=key.compared,
    )
    return _with_content(request, act.get("content"), cells["content"], programme)


def _with_content(request: Request, kind: str | None, content: str, programme: Programme) -> Request:
    """What 办理内容 says where it is no reason: a district, a period, a time."""
    if kind == "district":
        return dataclasses.replace(request, district=district_named(content, programme) or None, period=None)
    if kind == "period":
        return dataclasses.replace(request, period=_period(content, programme), district=None)
    if kind == "received":
        return dataclasses.replace(request, received=parse_time(content))
    return request


def _period(text: str, programme: Programme) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        found = {mention.as_of for mention in find_periods(text, programme) if mention.as_of}
        return found.pop() if len(found) == 1 else None
