"""Where everything of a return stands: sheets as cells with rows and columns counted from 1, whatever the format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from tests.returns.names import period_text
from tests.returns.spec import Layout, ReturnSpec, Value, Values
from tests.returns.words import (
    contact_line,
    date_line,
    filler_line,
    header_text,
    instructions,
    note,
    region_headers,
    region_text,
    unit_line,
)

Place = tuple[int, int]


@dataclass
class Sheet:
    """One sheet to be written; ``merges`` are (top, left, bottom, right), ``places`` the district's value cells."""

    name: str
    cells: dict[Place, Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    header: Place = (0, 0)
    """First and last row of the header."""
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, value: Value) -> None:
        if value is not None:
            self.cells[row, column] = value

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Only the first cell keeps its value, as in every spreadsheet program."""
        if (top, left) == (bottom, right):
            return
        self.merges.append((top, left, bottom, right))
        for place in [p for p in self.cells if top <= p[0] <= bottom and left <= p[1] <= right and p != (top, left)]:
            del self.cells[place]

    @property
    def size(self) -> Place:
        """Last row and column in use."""
        return max(row for row, _ in self.cells), max(column for _, column in self.cells)


@dataclass(frozen=True)
class Columns:
    first: int
    region: tuple[int, ...]
    indicators: dict[str, int]
    """In the order they are written."""
    serial: int | None
    remark: int | None

    @property
    def last(self) -> int:
        return self.remark or max(self.indicators.values())


def cell_of(spec: ReturnSpec, indicator: str) -> str:
    """The A1 address of the district's value of ``indicator`` in what ``write_return`` writes."""
    row, column = sheets_of(spec)[spec.form.own_sheet].places[indicator]
    return f"{get_column_letter(column)}{row}"


def sheets_of(spec: ReturnSpec) -> list[Sheet]:
    """All sheets of the workbook in order; the district's values are on ``spec.form.own_sheet``."""
    others = [_extra(spec, kind) for kind in spec.form.extra]
    place = spec.form.own_sheet
    return [*others[:place], _form(spec), *others[place:]]


def _extra(spec: ReturnSpec, kind: str) -> Sheet:
    shown = replace(spec.form, hidden=(), hidden_columns=(), merged_columns=None, merged_down=None)
    if kind == "instructions":
        lines = instructions(spec.programme)
        return Sheet("填表说明", {(row, 1): line for row, line in enumerate(lines, 1)})
    if kind == "earlier":
        period, values = spec.earlier or (spec.period, {})
        return _form(replace(spec, period=period, values=values, sheet=period_text(period, "iso"), stated=None, layout=shown))
    empty = replace(shown, period_at="nowhere", filler="absent", total="blank", region_as="standard")
    return _form(replace(spec, values={}, sheet="空表", layout=empty, others={}, total=None))


def _form(spec: ReturnSpec) -> Sheet:
    form = spec.form
    in_name = form.period_at == "sheet"
    sheet = Sheet(spec.sheet or (_period(spec) if in_name else spec.programme.terms["form"]), hidden="sheet" in form.hidden)
    columns = _columns(spec)
    row = _heading(spec, sheet, columns, form.top + 1)
    row = _header(spec, sheet, columns, row)
    row = _rows(spec, sheet, columns, row)
    row = _total(spec, sheet, columns, row)
    _foot(spec, sheet, columns, row + 1)
    _hide_and_merge(form, sheet, columns)
    return sheet


def _period(spec: ReturnSpec) -> str:
    return period_text(spec.stated or spec.period, spec.form.period_as)


def _columns(spec: ReturnSpec) -> Columns:
    form, first = spec.form, spec.form.left + 1
    start = first + form.serial
    width = 2 if form.region in ("second", "merged") else 1
    order = list(spec.programme.indicator_ids)
    if form.columns == "reversed":
        order.reverse()
    elif form.columns == "rotated":
        order = order[1:] + order[:1]
    indicators = {indicator: start + width + n for n, indicator in enumerate(order)}
    end = start + width + len(order)
    region = tuple(range(start, start + width))
    return Columns(first, region, indicators, first if form.serial else None, end if form.remark else None)


def _heading(spec: ReturnSpec, sheet: Sheet, columns: Columns, row: int) -> int:
    """The lines above the table; returns the row after them."""
    form, terms = spec.form, spec.programme.terms
    if form.attachment_line:
        sheet.put(row, columns.first, terms["form"])
        row += 1
    bracket = f"（{_period(spec)}）" if form.period_at == "title" else ""
    sheet.put(row, columns.first, terms["form_title"] + bracket)
    sheet.merge(row, columns.first, row, columns.last)
    row += 1
    if form.period_at == "line":
        sheet.put(row, columns.first, spec.programme.form.period_labels[0] + _period(spec))
        row += 1
    if "above" in spec.strays:
        sheet.put(row, columns.first, spec.strays["above"])
        row += 1
    left = filler_line(spec) if form.filler == "above" else None
    right = _period(spec) if form.period_at == "unit_line" else unit_line(spec.programme) if form.units == "line" else None
    sheet.put(row, columns.first, left)
    sheet.put(row, columns.last - 1, right)
    return row + (left is not None or right is not None)


def _header(spec: ReturnSpec, sheet: Sheet, columns: Columns, row: int) -> int:
    form, words = spec.form, spec.programme.form
    bottom = row + (form.header == "group")
    for column, text in zip(columns.region, region_headers(spec), strict=False):
        sheet.put(row, column, text)
    sheet.put(row, columns.serial or 0, words.serial_headers[0] if columns.serial else None)
    sheet.put(row, columns.remark or 0, words.remark_headers[0] if columns.remark else None)
    for indicator, column in columns.indicators.items():
        sheet.put(bottom, column, header_text(spec, indicator))
    if form.header == "group":
        first, last = min(columns.indicators.values()), max(columns.indicators.values())
        sheet.put(row, first, f"{spec.programme.terms['subject']}工作情况（累计）")
        sheet.merge(row, first, row, last)
    _merge_header(form, sheet, columns, row, bottom)
    if form.units == "row":
        bottom += 1
        for indicator, column in columns.indicators.items():
            sheet.put(bottom, column, spec.programme.indicator(indicator).unit)
    sheet.header = (row, bottom)
    return bottom + 1


def _merge_header(form: Layout, sheet: Sheet, columns: Columns, row: int, bottom: int) -> None:
    """Everything beside the group header spans both lines."""
    if form.region == "merged":
        sheet.merge(row, columns.region[0], bottom, columns.region[-1])
    else:
        for column in columns.region:
            sheet.merge(row, column, bottom, column)
    for other in (columns.serial, columns.remark):
        if other:
            sheet.merge(row, other, bottom, other)


def _rows(spec: ReturnSpec, sheet: Sheet, columns: Columns, row: int) -> int:
    form, names = spec.form, list(spec.programme.district_names)
    if form.rows == "own":
        names = [spec.district]
    elif form.rows == "reversed":
        names.reverse()
    for number, name in enumerate(names, 1):
        own = name == spec.district
        text = region_text(spec) if own else name
        _row(form, sheet, columns, row, text, spec.values if own else spec.others.get(name, {}))
        sheet.put(row, columns.serial or 0, number if columns.serial else None)
        if own:
            sheet.places = {indicator: (row, column) for indicator, column in columns.indicators.items()}
            sheet.put(row, columns.last + 2, spec.strays.get("right"))
        row += 1
    return row


def _row(form: Layout, sheet: Sheet, columns: Columns, row: int, region: str, values: Values) -> None:
    sheet.put(row, columns.region[-1] if form.region == "second" else columns.region[0], region)
    if form.region == "merged":
        sheet.merge(row, columns.region[0], row, columns.region[-1])
    for indicator, column in columns.indicators.items():
        sheet.put(row, column, values.get(indicator))


def _total(spec: ReturnSpec, sheet: Sheet, columns: Columns, row: int) -> int:
    form = spec.form
    if form.total == "absent" and spec.total is None:
        return row
    rows = [spec.values, *spec.others.values()]
    stated: dict[str, Value] = {}
    for indicator in columns.indicators:
        numbers = [v for values in rows if isinstance(v := values.get(indicator), int | float) and not isinstance(v, bool)]
        stated[indicator] = {"filled": sum(numbers) if numbers else None, "zero": 0}.get(form.total)
    label = form.total_label or spec.programme.terms["total"]
    _row(form, sheet, columns, row, label, stated if spec.total is None else spec.total)
    return row + 1


def _foot(spec: ReturnSpec, sheet: Sheet, columns: Columns, row: int) -> None:
    """Who filled the form in, notes and the filling date, after a blank line."""
    form, middle = spec.form, columns.first + (columns.last - columns.first + 1) // 2
    if form.filler == "below":
        for line, right in ((filler_line(spec), 0), (contact_line(spec, 2), 1)):
            sheet.put(row, columns.first, line)
            sheet.put(row, middle, contact_line(spec, right))
            row += 1
    if form.dated:
        sheet.put(row, columns.first, date_line(spec, spec.period + dt.timedelta(days=5)))
        row += 1
    if form.notes:
        sheet.put(row, columns.first, note(spec.programme))
        row += 1
    sheet.put(row, columns.first, spec.strays.get("below"))


def _hide_and_merge(form: Layout, sheet: Sheet, columns: Columns) -> None:
    written, places = list(columns.indicators), sheet.places
    row = next(iter(places.values()))[0]
    if "row" in form.hidden:
        sheet.hidden_rows.add(row)
    sheet.hidden_columns |= {places[written[index]][1] for index in form.hidden_columns}
    if form.merged_columns:
        first, last = (places[written[index]][1] for index in form.merged_columns)
        sheet.merge(row, first, row, last)
    if form.merged_down is not None:
        column = places[written[form.merged_down]][1]
        sheet.merge(row, column, row + 1, column)
