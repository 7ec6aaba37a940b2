"""Faults of the table around the values: sheets, hidden and merged cells, rows, totals (S rules)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench.detection.scenes import TEXTS, Scene
from bench.detection.traps import (
    Kind,
    Trap,
    a1,
    form_sheet,
    mark,
    own_range,
    own_row,
    region_cell,
    row_of,
    row_range,
    trap,
)
from pipeline.model import Accepted
from tests.returns import FORMATS, LAYOUTS, file_name, sheets_of
from tests.returns.layout import Sheet

STRANGE = ("瓯江口", "温州湾新区", "浙南产业集聚区", "高新区", "经开区")


def _two_tables(scene: Scene) -> Trap | None:
    """The same period twice in one workbook, with other values."""
    indicator = scene.pick()
    other = {**scene.values, indicator: scene.values[indicator] + scene.rng.randrange(1, 9)}
    form = replace(LAYOUTS["earlier_beside"], top=scene.rng.randrange(3), region=scene.rng.choice(["first", "second", "merged"]))
    return trap(scene.with_spec(layout=form, earlier=(scene.period, other)), mark("S04"))


def _hidden(**changes: object) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        if scene.spec.fmt.startswith("csv"):
            return None
        after = scene.with_form(**changes)
        return trap(after, mark("S05", own_range(after)))

    return spoil


def _hidden_column(scene: Scene) -> Trap | None:
    return _hidden(hidden_columns=(scene.rng.randrange(4),))(scene)


def _merged_indicators(scene: Scene) -> Trap | None:
    if scene.spec.fmt.startswith("csv"):
        return None
    first, last = sorted(scene.rng.sample(range(4), 2))
    columns = sorted(column for _, column in form_sheet(scene).places.values())
    row = own_row(form_sheet(scene))
    after = scene.with_form(merged_columns=(first, last))
    return trap(after, mark("S06", f"{a1(row, columns[first])}:{a1(row, columns[last])}"))


def _merged_districts(scene: Scene) -> Trap | None:
    sheet, last = form_sheet(scene), scene.programme.district_names[0 if scene.spec.form.rows == "reversed" else -1]
    if scene.spec.fmt.startswith("csv") or scene.spec.form.rows == "own" or scene.district == last:
        return None
    number = scene.rng.randrange(4)
    row, column = list(sheet.places.values())[number]
    after = scene.with_form(merged_down=number)
    return trap(after, mark("S06", f"{a1(row, column)}:{a1(row + 1, column)}"))


def _strange_region(scene: Scene) -> Trap | None:
    """A slip of the pen, or an area that is no district; the own row is missing with it."""
    name = scene.district
    slip = name[0] + scene.rng.choice("诚泊") + name[2:]
    after = scene.with_spec(region=scene.rng.choice([slip, name[:-1] + "片区", *STRANGE]))
    sheet = form_sheet(after)
    return trap(after, mark("S08", a1(*region_cell(sheet, own_row(sheet)))))


def _own_row_missing(scene: Scene) -> Trap | None:
    if scene.spec.form.rows == "own" or scene.spec.form.region == "merged" or scene.spec.form.serial:
        return None
    row = own_row(form_sheet(scene))

    def edit(sheet: Sheet) -> None:
        for place in [place for place in sheet.cells if place[0] == row]:
            del sheet.cells[place]

    return trap(scene.with_form(total="blank"), mark("S09"), edit=edit)


def _own_row_twice(scene: Scene) -> Trap | None:
    if scene.spec.form.rows == "own":
        return None
    sheet = form_sheet(scene)
    second = row_of(sheet, scene.other())
    values = {i: v + scene.rng.randrange(2) for i, v in scene.values.items()}

    def edit(sheet: Sheet) -> None:
        sheet.put(*region_cell(sheet, second), scene.district)
        for indicator, (_, column) in sheet.places.items():
            sheet.put(second, column, values[indicator])

    after = scene.with_form(region_as="standard", total="blank")
    return trap(after, mark("S09", row_range(sheet, own_row(sheet))), mark("S09", row_range(sheet, second)), edit=edit)


def _others_filled(scene: Scene) -> Trap | None:
    if scene.spec.form.rows == "own":
        return None
    other = scene.other()
    values = {i: scene.rng.randrange(1, 90) for i in scene.programme.indicator_ids}
    earlier = scene.known.history.get(other, {})
    if any(accepted.values == values for accepted in earlier.values()):
        return None
    after = scene.with_spec(others={other: values})
    sheet = form_sheet(after)
    return trap(after, mark("S10", row_range(sheet, row_of(sheet, other))))


def _whole_city_filled(scene: Scene) -> Trap | None:
    """The summary of all districts instead of the own row."""
    if scene.spec.form.rows == "own":
        return None
    others = {
        name: {i: scene.rng.randrange(1, 90) for i in scene.programme.indicator_ids}
        for name in scene.programme.district_names
        if name != scene.district
    }
    return trap(scene.with_spec(others=others), mark("S10"))


def _total_wrong(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    wrong = scene.values[indicator] + scene.rng.randrange(1, 40)
    after = scene.with_spec(total={**scene.values, indicator: wrong})
    last = [accepted.values[indicator] for accepted in _last_accepted(scene)]
    sheet = form_sheet(after)
    label = scene.spec.form.total_label or scene.programme.terms["total"]
    cell = a1(row_of(sheet, label), sheet.places[indicator][1])
    return None if wrong == sum(last) else trap(after, mark("S12", cell))


def _last_accepted(scene: Scene) -> list[Accepted]:
    """What the bulletin before this period held."""
    before = max((day for days in scene.known.history.values() for day in days if day < scene.period), default=None)
    return [days[before] for days in scene.known.history.values() if before and before in days]


def _short_name(scene: Scene) -> Trap | None:
    after = scene.with_form(region_as=scene.rng.choice(["alias", "spaced"]))
    sheet = form_sheet(after)
    return trap(after, mark("S07", a1(*region_cell(sheet, own_row(sheet)))), truth=scene.values)


def _stray_note(scene: Scene) -> Trap | None:
    if scene.spec.form.remark:
        return None
    after = scene.with_spec(strays={scene.rng.choice(["right", "below"]): "其中2家为上年选派。"})
    return trap(after, mark("S11"), truth=scene.values)


def _left_over(scene: Scene) -> Trap | None:
    """Values of the last bulletin in another's row."""
    other = scene.other()
    earlier = {day: a for day, a in scene.known.history.get(other, {}).items() if day < scene.period}
    if scene.spec.form.rows == "own" or not earlier:
        return None
    return trap(scene.with_spec(others={other: dict(earlier[max(earlier)].values)}), mark("S11"), truth=scene.values)


def _macros(scene: Scene) -> Trap | None:
    carried = scene.rng.sample(["macros", "links", "objects"], scene.rng.randrange(1, 3))
    after = scene.with_spec(carries=tuple(carried))
    return trap(after, mark("F11"), truth=scene.values)


def _hidden_copy(scene: Scene) -> Trap | None:
    """Another version of the table on a hidden sheet."""
    made = _two_tables(scene)
    if made is None or scene.spec.fmt.startswith(TEXTS):
        return None
    indicator = scene.pick()
    other = {**scene.values, indicator: scene.values[indicator] + 1}
    spec = replace(scene.spec, layout="earlier_beside", earlier=(scene.period, other))
    sheets = sheets_of(spec)
    sheets[0].hidden = True
    return replace(made, files=((file_name(spec), FORMATS[spec.fmt](sheets)),))


def _kind(name: str, spoil: Callable[[Scene], Trap | None], **fields: object) -> Kind:
    return Kind(name, spoil, telling=True, **fields)  # type: ignore[arg-type]


KINDS = (
    _kind("F11 macros, links, objects", _macros),
    _kind("S04 two tables of the period", _two_tables),
    _kind("S04 another version hidden", _hidden_copy),
    _kind("S05 row hidden", _hidden(hidden=("row",))),
    _kind("S05 sheet hidden", _hidden(hidden=("sheet",)), layouts=("empty_beside", "instructions_first")),
    _kind("S05 column hidden", _hidden_column),
    _kind("S06 merged over indicators", _merged_indicators),
    _kind("S06 merged over districts", _merged_districts),
    _kind("S07 short name", _short_name),
    _kind("S08 unknown region", _strange_region),
    _kind("S09 own row missing", _own_row_missing),
    _kind("S09 own row twice", _own_row_twice),
    _kind("S10 another row filled", _others_filled),
    _kind("S10 the whole city filled", _whole_city_filled),
    _kind("S11 stray note", _stray_note),
    _kind("S11 left-over values", _left_over),
    _kind("S12 total wrong", _total_wrong),
)
