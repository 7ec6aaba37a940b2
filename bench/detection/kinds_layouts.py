"""Layouts that differ from the form and leave no doubt: taken, and S11 says what was left aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench.detection.edits import SIMPLE, insert_row
from bench.detection.scenes import TEXTS, Scene
from bench.detection.traps import ANYWHERE, Edit, Kind, Trap, form_sheet, mark, own_row, region_cell, row_of, trap
from tests.returns import FORMATS, LAYOUTS, Value, sheets_of
from tests.returns.layout import Sheet

FULL = tuple(name for name in SIMPLE if LAYOUTS[name].rows == "all" and not LAYOUTS[name].serial)
WITH_TOTAL = tuple(name for name in FULL if LAYOUTS[name].total in ("filled", "blank", "zero"))
EXAMPLES = ("填写示例", "示例", "样表", "填表示例")


def _understood(says: str, edit_of: Callable[[Scene], Edit | None]) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        edit = edit_of(scene)
        return edit and trap(scene, mark("S11", ANYWHERE, says=says), truth=scene.values, edit=edit)

    return spoil


def _line(sheet: Sheet, row: int) -> dict[int, Value]:
    return {column: value for (r, column), value in sheet.cells.items() if r == row}


def _header_again(scene: Scene) -> Edit | None:
    """At a page break: between two districts."""
    sheet = form_sheet(scene)
    first, last = sheet.header[1] + 2, row_of(sheet, scene.programme.district_names[-1])
    if scene.spec.form.units == "line" or first >= last:
        return None
    row = scene.rng.randint(first, last)

    def edit(written: Sheet) -> None:
        insert_row(written, row)
        for column, value in _line(written, written.header[1]).items():
            written.put(row, column, value)

    return edit


def _subtotals(scene: Scene) -> Edit | None:
    """区小计 behind the districts of a kind, with the own values where it is of the own kind."""
    sheet = form_sheet(scene)
    row = row_of(sheet, "乐清市")
    column = region_cell(sheet, row)[1]
    own = scene.district.endswith("区") and own_row(sheet) < row

    def edit(written: Sheet) -> None:
        insert_row(written, row)
        written.put(row, column, scene.rng.choice(["区小计", "市区小计"]))
        for indicator, (_, place) in written.places.items():
            written.put(row, place, scene.values[indicator] if own else 0)

    return edit


def _before_below(scene: Scene) -> Edit | None:
    """上期数 and 本期新增 below the table."""
    before = scene.before
    if before is None:
        return None
    label = scene.spec.form.total_label or scene.programme.terms["total"]
    sheet = form_sheet(scene)
    row = row_of(sheet, label) + 1
    column = region_cell(sheet, row - 1)[1]
    words = scene.rng.choice([("上期数", "本期新增"), ("上期累计", "本期新增数"), ("上次数", "比上次新增")])

    def edit(written: Sheet) -> None:
        for step, text in enumerate(words):
            insert_row(written, row + step)
            written.put(row + step, column, text)
        for indicator, (_, place) in written.places.items():
            written.put(row, place, before[indicator])
            written.put(row + 1, place, scene.values[indicator] - before[indicator])

    return edit


def _stale_total(scene: Scene) -> Trap | None:
    """The total still has what the district stated before."""
    if scene.before is None or not any(scene.before.values()) or scene.before == scene.values:
        return None
    after = scene.with_spec(total=scene.before)
    return trap(after, mark("S11", ANYWHERE, says="总数行"), truth=scene.values)


def _example(scene: Scene) -> Edit | None:
    """The same table below, filled with made-up numbers, under a line that calls it an example."""
    sheet = form_sheet(scene)
    bottom = sheet.size[0] + 2
    header = _line(sheet, sheet.header[1])
    columns = [column for _, column in sheet.places.values()]
    region = region_cell(sheet, own_row(sheet))[1]
    title = scene.rng.choice(EXAMPLES)

    def edit(written: Sheet) -> None:
        written.put(bottom, min(header), title)
        for column, value in header.items():
            written.put(bottom + 1, column, value)
        written.put(bottom + 2, region, scene.rng.choice(["××区", scene.district, "示例区"]))
        for column in columns:
            written.put(bottom + 2, column, scene.rng.randrange(1, 99))

    return edit


def _example_sheet(scene: Scene) -> Trap | None:
    """On a sheet of its own."""
    if scene.spec.fmt.startswith(TEXTS):
        return None
    made = {i: scene.rng.randrange(1, 99) for i in scene.programme.indicator_ids}
    after = scene.with_form(extra=("earlier",), own_sheet=1, period_at="nowhere").with_spec(earlier=(scene.period, made))
    sheets = sheets_of(after.spec)
    sheets[0].name = scene.rng.choice(EXAMPLES)
    found = trap(after, mark("S11", ANYWHERE, says="示例"), truth=scene.values)
    return replace(found, files=((found.files[0][0], FORMATS[after.spec.fmt](sheets)),))


KINDS = (
    Kind("S11 header repeated", _understood("表头重复", _header_again), telling=True, layouts=FULL),
    Kind("S11 sub-totals", _understood("小计", _subtotals), telling=True, layouts=FULL),
    Kind("S11 last period's row below", _understood("行未采用", _before_below), telling=True, layouts=WITH_TOTAL),
    Kind("S11 total of the last period", _stale_total, telling=True, layouts=WITH_TOTAL),
    Kind("S11 example below", _understood("示例", _example), telling=True, layouts=FULL),
    Kind("S11 example on another sheet", _example_sheet, telling=True, layouts=FULL),
)
