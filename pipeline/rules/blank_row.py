"""Where the figures are when the own row holds none (C02): in the total's row, beside it, in a text box, in a comment."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Row, Table
from pipeline.model.catalogue import place_name
from pipeline.model.labels import some
from pipeline.model.words import Words
from pipeline.reading.layout.asides import is_subtotal
from pipeline.rules.place import Placed
from schemas.programme import Programme


def told_blank(placed: Placed, row: int, programme: Programme) -> str:
    """The message of C02 for an own row in which nothing stands."""
    words = Words(programme, "findings")
    where = some(_elsewhere(placed, row, programme), "places", programme)
    return words.text("C02.elsewhere", where=where) if where else words.text("C02.all")


def _elsewhere(placed: Placed, row: int, programme: Programme) -> Iterator[str]:
    words, table = Words(programme, "findings"), placed.table
    if table is None:
        return
    for own in table.rows:
        if own.number == row:
            columns = sorted({*own.near, *(column for column, _ in own.astray)})
            yield from (place_name(programme, row, column, addressed=table.addressed) for column in columns)
    if not any(other.filled for other in table.rows):  # else they are the figures of those rows
        yield from (words.text("C02.row", row=each.region.strip()) for each in _sums(table, programme))
    yield from (words.table("C02")[key] for key in placed.reading.floating)


def _sums(table: Table, programme: Programme) -> Iterator[Row]:
    """The total's row, and those of sub-totals, that hold more than zeros."""
    rows = (*((table.total,) if table.total else ()), *(row for row in table.asides if is_subtotal(row.region, programme)))
    return (row for row in rows if any(entry.value for entry in row.entries))
