"""What the gate knows and the ledger does not, as temporary tables beside it: they end with the connection."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Date, Engine, Float, Integer, MetaData, StaticPool, Table, Text, create_engine, insert, text

from pipeline.issue.gate.read_again import parts
from pipeline.issue.gate.task import GateTask, Place
from pipeline.model.words import Words

_metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(f"gate_{name}", _metadata, *columns, prefixes=["TEMPORARY"])


def _text(name: str) -> Column[Any]:
    return Column(name, Text)


period = _table(
    "period",
    Column("period", Date),
    Column("bulletin", Integer, comment="its number, counted from the first"),
    Column("least", Integer, comment="so many earlier bulletins, and an increase may be judged (B04)"),
    Column("times", Float, comment="the largest earlier increase, and it is too much (B04)"),
)
districts = _table("districts", _text("district"), Column("due", Integer), _text("absent"))
indicators = _table("indicators", _text("indicator"))
approved = _table("approved", _text("district"), _text("indicator"))
bulletins = _table("bulletins", Column("number", Integer), _text("district"), _text("indicator"), Column("value", Integer))
originals = _table("originals", *map(_text, ("district", "indicator", "sha256", "flaw")), Column("value", Integer), _text("cell"))
shown = _table("shown", *map(_text, ("sheet", "district", "indicator", "shown")))
totals = _table("totals", *map(_text, ("sheet", "indicator", "shown")))
restated = _table("restated", _text("district"), _text("indicator"))
scans = _table("scans", _text("district"), Column("there", Integer))
unsettled = _table("open", *map(_text, ("district", "indicator", "rule", "message")))


@contextmanager
def beside(ledger: Engine, task: GateTask, views: Iterable[str]) -> Iterator[Engine]:
    """An engine with one connection of its own to the ledger, the task in temporary tables beside it, and these views.

    Whoever asks it for a connection gets this one; nothing of it stays behind.
    """
    engine = create_engine(ledger.url, poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            _metadata.create_all(connection, checkfirst=False)
            for table, rows in _rows(task):
                if rows:
                    connection.execute(insert(table), rows)
            for view in views:
                connection.execute(text(view))
        yield engine
    finally:
        engine.dispose()


def _rows(task: GateTask) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    programme = task.programme
    limits = {"least": programme.thresholds["B04_bulletins"], "times": programme.thresholds["B04_times"]}
    yield period, [{"period": task.period, "bulletin": len(task.bulletins) + 1, **limits}]
    yield districts, _districts(task)
    yield indicators, [{"indicator": indicator} for indicator in programme.indicator_ids]
    yield approved, [_place(place) for place in sorted(task.approved)]
    earlier = [(number, place, value) for number, values in enumerate(task.bulletins, 1) for place, value in values.items()]
    yield bulletins, [{"number": number, **_place(place), "value": value} for number, place, value in earlier]
    yield originals, [dataclasses.asdict(each) for each in task.originals]
    yield from _bulletin(task)
    yield restated, [_place(place) for place in task.restated]
    yield scans, [{"district": name, "there": int(name in task.scans_there)} for name in task.scans_due]
    found = ({name: getattr(finding, name) for name in ("district", "indicator", "rule", "message")} for finding in task.open)
    yield unsettled, list(found)


def _place(place: Place) -> dict[str, Any]:
    return {"district": place[0], "indicator": place[1]}


def _districts(task: GateTask) -> list[dict[str, Any]]:
    """Every district of the form: whether it owes a return, and what the bulletin shows where it has none."""
    absent = Words(task.programme, "gate").table("absent")
    return [
        {"district": name, "due": int(name in task.due), "absent": absent["excused" if name in task.excused else "missing"]}
        for name in task.programme.district_names
    ]


def _bulletin(task: GateTask) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """What the bulletin shows at every place where it has to show something; "" where nothing was found."""
    read = {(each.sheet, each.district, each.indicator): each.text for each in task.bulletin}
    columns = [(part.sheet, indicator) for part in parts(task.programme) for indicator in part.heads]
    names = task.programme.district_names
    yield (
        shown,
        [
            {"sheet": sheet, "district": name, "indicator": indicator, "shown": read.get((sheet, name, indicator), "")}
            for sheet, indicator in columns
            for name in names
        ],
    )
    blank = Words(task.programme, "bulletin").text("blank")
    sums = ((sheet, indicator, read.get((sheet, "", indicator), "")) for sheet, indicator in columns)
    yield totals, [{"sheet": sheet, "indicator": each, "shown": "" if text == blank else text} for sheet, each, text in sums]
