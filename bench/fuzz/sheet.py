"""A return changed before it is written, in any format: other contents of cells, merged, hidden and moved ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from tests.returns import ErrorValue, Formula, Percent, Value
from tests.returns.layout import Sheet

CONTENTS: tuple[Value, ...] = (
    *(None, 0, 7, 12.5, -3, 10**9, 8.0, True, Percent(0.25), dt.date(2024, 6, 30), dt.time(8, 30), ErrorValue("#REF!")),
    *(Formula("6+6", 12), Formula("6+6"), "8", "１２", "1,234", "12家", " 7 ", "约30", "—", "无", "12\u202c", "1 2", "十二", "①"),
    *(
        "2024年6月30日",
        "截至2024年9月30日",
        "单位：万家",
        "本期新增",
        "累计",
        "目标",
        "上期",
        "鹿城区",
        "瑞安",
        "总数",
        "附件2",
        "\n8\n",
        "\t",
        "8\n9",
    ),
)
Change = Callable[[random.Random, Sheet], None]


def changed(rng: random.Random, sheet: Sheet) -> None:
    """One to three changes. Some cannot be written in some formats: ValueError then."""
    for _ in range(rng.randint(1, 3)):
        rng.choice(CHANGES)(rng, sheet)


def _place(rng: random.Random, sheet: Sheet) -> tuple[int, int]:
    """The own values more often than another cell, and than one that holds nothing yet."""
    rows, columns = sheet.size
    anywhere = (rng.randint(1, rows + 1), rng.randint(1, columns + 1))
    return rng.choice((rng.choice(list(sheet.places.values())), rng.choice(list(sheet.cells)), anywhere))


def _written(rng: random.Random, sheet: Sheet) -> None:
    place, value = _place(rng, sheet), rng.choice(CONTENTS)
    sheet.cells.pop(place, None)
    sheet.put(*place, value)


def _copied(rng: random.Random, sheet: Sheet) -> None:
    sheet.put(*_place(rng, sheet), sheet.cells.get(_place(rng, sheet)))


def _exchanged(rng: random.Random, sheet: Sheet) -> None:
    first, second = _place(rng, sheet), _place(rng, sheet)
    held = {second: sheet.cells.pop(first, None), first: sheet.cells.pop(second, None)}
    for place, value in held.items():
        sheet.put(*place, value)


def _merged(rng: random.Random, sheet: Sheet) -> None:
    """Over what is there, another merged range perhaps."""
    top, left = _place(rng, sheet)
    sheet.merge(top, left, top + rng.randrange(3), left + rng.randrange(3))


def _hidden(rng: random.Random, sheet: Sheet) -> None:
    row, column = _place(rng, sheet)
    rng.choice((sheet.hidden_rows, sheet.hidden_columns)).add(rng.choice((row, column)))


def _row_gone(rng: random.Random, sheet: Sheet) -> None:
    row = _place(rng, sheet)[0]
    for place in [place for place in sheet.cells if place[0] == row]:
        del sheet.cells[place]


def _row_moved(rng: random.Random, sheet: Sheet) -> None:
    """A row's contents laid over another's."""
    source, target = _place(rng, sheet)[0], _place(rng, sheet)[0]
    for (row, column), value in list(sheet.cells.items()):
        if row == source:
            sheet.put(target, column, value)


def _column_moved(rng: random.Random, sheet: Sheet) -> None:
    source, target = _place(rng, sheet)[1], _place(rng, sheet)[1]
    for (row, column), value in list(sheet.cells.items()):
        if column == source:
            sheet.put(row, target, value)


CHANGES: tuple[Change, ...] = (
    *(_written, _written, _written, _copied, _exchanged, _merged, _hidden, _row_gone, _row_moved, _column_moved),
)
