"""Nearly right: a heading with a slip, figures in another row, a date of no period, another table (C02, F02, F04, S01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from bench.detection.edits import SIMPLE
from bench.detection.scenes import Scene
from bench.detection.traps import ANYWHERE, Kind, Trap, a1, form_sheet, mark, own_row, row_of, trap
from tests.returns import GOOD, LAYOUTS, period_text
from tests.returns.layout import Sheet
from tests.returns.words import header_text

WRONG = "己末拔祌曰玫廷"
"""Characters that are in no heading and mean nothing."""
DATED = tuple(n for n in GOOD if LAYOUTS[n].period_at in ("line", "title") and not LAYOUTS[n].extra)
WITH_TOTAL = tuple(n for n in SIMPLE if LAYOUTS[n].total != "absent")


def _misspelt(scene: Scene, indicator: str) -> str:
    text = header_text(scene.spec, indicator)
    place = scene.rng.randrange(2, len(scene.programme.indicator(indicator).name) - 1)
    return text[:place] + scene.rng.choice(WRONG) + text[place + 1 :]


def _near_heading(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    after = scene.with_spec(headers={indicator: _misspelt(scene, indicator)})
    sheet = form_sheet(after)
    return trap(after, mark("S01", a1(sheet.header[1], sheet.places[indicator][1]), None, says="写的是“"))


def _near_headings(scene: Scene) -> Trap | None:
    """All of them: it is still the form (never F02)."""
    after = scene.with_spec(headers={i: _misspelt(scene, i) for i in scene.programme.indicator_ids})
    return trap(
        after,
        *(mark("S01", ANYWHERE, says=f"{scene.programme.indicator(i).name[-3:]}”；") for i in scene.programme.indicator_ids),
    )


def _in_total_row(scene: Scene) -> Trap | None:
    label = scene.spec.form.total_label or scene.programme.terms["total"]
    total = row_of(form_sheet(scene), label)

    def edit(sheet: Sheet) -> None:
        for indicator, (row, column) in sheet.places.items():
            sheet.cells.pop((row, column), None)
            sheet.put(total, column, scene.values[indicator])

    sheet = form_sheet(scene)
    row = own_row(sheet)
    if not any(scene.values.values()):
        return None
    return trap(scene, *(mark("C02", a1(row, column), ANYWHERE, says=label) for _, column in sheet.places.values()), edit=edit)


def _date(days: Callable[[dt.date], str]) -> Callable[[Scene], Trap | None]:
    """The period's own place says a day that ends none, or that there never was; the file's name says the period."""

    def spoil(scene: Scene) -> Trap | None:
        said, text = period_text(scene.period, scene.spec.form.period_as), days(scene.period)
        places = [place for place, value in form_sheet(scene).cells.items() if said in str(value)]
        if len(places) != 1:
            return None
        return trap(
            scene,
            mark("F04", ANYWHERE, says=text[5:]),
            edit=lambda sheet: sheet.put(*places[0], str(sheet.cells[places[0]]).replace(said, text)),
        )

    return spoil


def _no_end(period: dt.date) -> str:
    return f"{period.year}年{period.month}月{25 if period.month % 2 else 15}日"


def _no_day(period: dt.date) -> str:
    return f"{period.year}年{period.month}月{period.day + 1}日"


def _transposed(sheet: Sheet, values: Mapping[str, int], names: Mapping[str, str], districts: tuple[str, ...], own: str) -> None:
    """Indicators in rows, districts in columns."""
    for column, district in enumerate(districts, 2):
        sheet.put(4, column, district)
    for row, (indicator, name) in enumerate(names.items(), 5):
        sheet.put(row, 1, name)
        sheet.put(row, 2 + districts.index(own), values[indicator])


def _listed(sheet: Sheet, values: Mapping[str, int], names: Mapping[str, str], districts: tuple[str, ...], own: str) -> None:
    """指标 | 数值."""
    sheet.put(4, 1, "指标")
    sheet.put(4, 2, "数值")
    for row, (indicator, name) in enumerate(names.items(), 5):
        sheet.put(row, 1, name)
        sheet.put(row, 2, values[indicator])


Table = Callable[[Sheet, Mapping[str, int], Mapping[str, str], tuple[str, ...], str], None]


def _other_table(write: Table, says: str) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        names = {i.id: f"{i.name}（{i.unit}）" for i in scene.programme.indicators}

        def edit(sheet: Sheet) -> None:
            sheet.cells.clear()
            sheet.merges.clear()
            sheet.put(1, 1, scene.programme.terms["form_title"])
            sheet.put(2, 1, f"填报单位：{scene.district}科技局")
            write(sheet, scene.values, names, scene.programme.district_names, scene.district)

        return trap(scene, mark("F02", ANYWHERE, says=says), edit=edit)

    return spoil


KINDS = (
    Kind("C02 figures in the total row", _in_total_row, telling=True, layouts=WITH_TOTAL, companions=frozenset({"S12"})),
    Kind("F02 indicators in rows", _other_table(_transposed, "指标在行"), telling=True, layouts=SIMPLE),
    Kind("F02 list of two columns", _other_table(_listed, "两列"), telling=True, layouts=SIMPLE),
    Kind("F04 day that ends no period", _date(_no_end), telling=True, layouts=DATED),
    Kind("F04 day that never was", _date(_no_day), telling=True, layouts=DATED),
    Kind("S01 one wrong character", _near_heading, telling=True, layouts=SIMPLE),
    Kind("S01 a wrong character in each", _near_headings, telling=True, layouts=SIMPLE),
)
