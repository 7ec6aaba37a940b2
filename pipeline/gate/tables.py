"""What the gate knows and the ledger does not, as temporary tables beside it: they end with the connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Date, Engine, Integer, MetaData, StaticPool, Table, Text, create_engine, insert, text

from pipeline.gate.task import GateTask

_metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(f"gate_{name}", _metadata, *columns, prefixes=["TEMPORARY"])


def _text(name: str) -> Column[Any]:
    return Column(name, Text)


period = _table("period", Column("period", Date), Column("bulletin", Integer, comment="its number, counted from the first"))
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
    states = programme.wording["gate"]["absent"]
    yield period, [{"period": task.period, "bulletin": len(task.bulletins) + 1}]
    yield (
        districts,
        [
            {"district": name, "due": int(name in task.due), "absent": states["excused" if name in task.excused else "missing"]}
            for name in programme.district_names
        ],
    )
    yield indicators, [{"indicator": indicator} for indicator in programme.indicator_ids]
    yield approved, [{"district": district, "indicator": indicator} for district, indicator in sorted(task.approved)]
    yield (
        bulletins,
        [
            {"number": number, "district": district, "indicator": indicator, "value": value}
            for number, values in enumerate(task.bulletins, 1)
            for (district, indicator), value in values.items()
        ],
    )
    yield (
        originals,
        [
            {
                "district": each.district,
                "indicator": each.indicator,
                "sha256": each.sha256,
                "flaw": each.flaw.value if each.flaw else None,
                "value": each.value,
                "cell": each.cell,
            }
            for each in task.originals
        ],
    )
    yield (
        shown,
        [
            {"sheet": each.sheet, "district": each.district, "indicator": each.indicator, "shown": each.text}
            for each in task.bulletin
            if each.district
        ],
    )
    blank = programme.wording["bulletin"]["blank"]
    yield (
        totals,
        [
            {"sheet": each.sheet, "indicator": each.indicator, "shown": "" if each.text == blank else each.text}
            for each in task.bulletin
            if not each.district
        ],
    )
    yield restated, [{"district": district, "indicator": indicator} for district, indicator in task.restated]
    yield scans, [{"district": name, "there": int(name in task.scans_there)} for name in task.scans_due]
    yield (
        unsettled,
        [{"district": f.district, "indicator": f.indicator, "rule": f.rule, "message": f.message} for f in task.open],
    )
