"""Faults of the heading: columns missing, doubled, moved, called otherwise, or in other units (F02, S01-S03)."""

from __future__ import annotations

from bench.detection.scenes import Scene
from bench.detection.traps import Kind, Trap, a1, form_sheet, mark, trap
from tests.returns import GOOD, LAYOUTS
from tests.returns.layout import Sheet

IN_HEADER = tuple(name for name in GOOD if LAYOUTS[name].units == "header")
UNITS_ROW = tuple(name for name in GOOD if LAYOUTS[name].units == "row")
UNITS_LINE = tuple(name for name in GOOD if LAYOUTS[name].units == "line")


def _header_cell(scene: Scene, sheet: Sheet, indicator: str) -> str:
    """Where the heading stands: in the lower line under a group's heading."""
    return a1(sheet.header[0] + (scene.spec.form.header == "group"), sheet.places[indicator][1])


def _header_renamed(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    text = scene.rng.choice(["项目经费", "经费（万元）", "拟选派企业数", "计划数", "第3列", "完成情况", "新增企业"])
    after = scene.with_spec(headers={indicator: text})
    return trap(after, mark("S01", _header_cell(after, form_sheet(after), indicator)))


def _column_missing(scene: Scene) -> Trap | None:
    """The column is blank from the heading on: nothing says where it was."""
    indicator = scene.pick()
    column = form_sheet(scene).places[indicator][1]

    def edit(sheet: Sheet) -> None:
        for place in [place for place in sheet.cells if place[1] == column and place[0] >= sheet.header[0]]:
            if place not in {(top, left) for top, left, _, _ in sheet.merges}:
                del sheet.cells[place]

    sheet = form_sheet(scene)
    return trap(scene, mark("S01", None, _header_cell(scene, sheet, indicator)), edit=edit)


def _column_doubled(scene: Scene) -> Trap | None:
    first, second = scene.rng.sample(scene.programme.indicator_ids, 2)
    sheet = form_sheet(scene)
    text = sheet.cells[sheet.header[0] + (scene.spec.form.header == "group"), sheet.places[first][1]]
    after = scene.with_spec(headers={second: str(text)})
    places = (_header_cell(after, sheet, first), _header_cell(after, sheet, second))
    return trap(after, mark("S01", *places), mark("S01", None))


def _wrong_unit(scene: Scene) -> str:
    return scene.rng.choice(["万{0}", "百{0}", "千{0}"]).format(scene.programme.indicator(scene.pick()).unit)


def _unit_in_header(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    unit = scene.rng.choice(["%", "人", "万元", _wrong_unit(scene)])
    after = scene.with_spec(headers={indicator: f"{scene.programme.indicator(indicator).name}（{unit}）"})
    return trap(after, mark("S03", _header_cell(after, form_sheet(after), indicator)))


def _unit_in_row(scene: Scene) -> Trap | None:
    indicator, unit = scene.pick(), _wrong_unit(scene)
    sheet = form_sheet(scene)
    place = (sheet.header[1], sheet.places[indicator][1])
    return trap(scene, mark("S03", a1(*place)), edit=lambda written: written.put(*place, unit))


def _unit_in_line(scene: Scene) -> Trap | None:
    place = next(p for p, text in form_sheet(scene).cells.items() if str(text).startswith("单位"))
    unit = _wrong_unit(scene)
    return trap(scene, mark("S03", a1(*place)), edit=lambda sheet: sheet.put(*place, f"单位：{unit}"))


def _columns_moved(scene: Scene) -> Trap | None:
    after = scene.with_form(columns=scene.rng.choice(["reversed", "rotated"]))
    return trap(after, mark("S02"), truth=scene.values)


def _no_header(scene: Scene) -> Trap | None:
    names = scene.rng.choice(
        [[f"第{n}列" for n in range(1, 5)], ["姓名", "职务", "单位", "电话"], ["一季度", "二季度", "三季度", "四季度"]]
    )
    return trap(scene.with_spec(headers=dict(zip(scene.programme.indicator_ids, names, strict=True))), mark("F02"))


KINDS = (
    Kind("F02 no form", _no_header, telling=True),
    Kind("S01 heading renamed", _header_renamed, telling=True),
    Kind("S01 column missing", _column_missing, telling=True),
    Kind("S01 column doubled", _column_doubled, telling=True, instead=frozenset({"S13"})),
    Kind("S02 columns moved", _columns_moved, telling=True),
    Kind("S03 unit in the heading", _unit_in_header, layouts=IN_HEADER, telling=True),
    Kind("S03 unit in its row", _unit_in_row, layouts=UNITS_ROW, telling=True),
    Kind("S03 unit in its line", _unit_in_line, layouts=UNITS_LINE, telling=True),
)
