"""What title, headings, sheet name, lines and notes say of all figures: increases, targets, other periods, units (S03, S13)."""

from __future__ import annotations

from collections.abc import Callable

from bench.detection.edits import SIMPLE, title_place
from bench.detection.scenes import TEXTS, Scene
from bench.detection.traps import ANYWHERE, Kind, Trap, a1, form_sheet, mark, trap
from tests.returns import GOOD, LAYOUTS
from tests.returns.layout import Place, Sheet

GROUPED = tuple(name for name in GOOD if LAYOUTS[name].header == "group" and not LAYOUTS[name].extra)
NAMED = tuple(name for name in GOOD if LAYOUTS[name].period_at != "sheet" and not LAYOUTS[name].extra)
FILLED_BELOW = tuple(name for name in SIMPLE if not LAYOUTS[name].remark)
IN_HEADINGS = ("本月新增", "本期新增", "当期", "新增数", "净增", "目标", "年度目标", "上期", "上年同期")
IN_TITLES = ("本月新增", "当期新增数", "本季新增", "目标任务", "年度目标", "上年同期")
IN_GROUPS = ("本期新增情况", "当月新增", "目标任务", "年度目标", "上期数", "上年同期")
SHEETS = ("本月新增", "当期新增", "目标", "年度目标", "上期", "上年同期")
STATEMENTS = (
    *("注：本表所填为本期新增数。", "本表填写当月新增数。", "说明：本表数据为本季新增数。", "所填均为当期新增数。"),
    *("注：本表为年度目标数。", "本表所填为上年同期数。", "说明：本表填报目标任务数。"),
)
UNITS = ("百家", "万家", "千项", "百项", "万项")


def _heading(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    words = scene.rng.choice(IN_HEADINGS)
    after = scene.with_spec(headers={indicator: f"{scene.programme.indicator(indicator).name}（{words}）"})
    sheet = form_sheet(after)
    return trap(after, mark("S13", a1(sheet.header[1], sheet.places[indicator][1])))


def _group(scene: Scene) -> Trap | None:
    sheet = form_sheet(scene)
    place = (sheet.header[0], min(column for _, column in sheet.places.values()))
    words = scene.rng.choice(IN_GROUPS)
    return trap(scene, mark("S13", a1(*place)), edit=lambda sheet: sheet.put(*place, words))


def _title(scene: Scene) -> Trap | None:
    place, words = title_place(form_sheet(scene)), scene.rng.choice(IN_TITLES)
    return trap(scene, mark("S13", a1(*place)), edit=lambda sheet: sheet.put(*place, f"{sheet.cells[place]}（{words}）"))


def _sheet_name(scene: Scene) -> Trap | None:
    if scene.spec.fmt.startswith(TEXTS):
        return None
    return trap(scene.with_spec(sheet=scene.rng.choice(SHEETS)), mark("S13", ANYWHERE))


def _statement(scene: Scene) -> Trap | None:
    """In the line above the header, or in a note below the table."""
    text = scene.rng.choice(STATEMENTS)
    after = scene.with_spec(strays={scene.rng.choice(["above", "below"]): text})
    place = next(place for place, value in form_sheet(after).cells.items() if value == text)
    return trap(after, mark("S13", a1(*place)))


def _unit(put: Callable[[Scene, Sheet, str], tuple[Place, str]]) -> Callable[[Scene], Trap | None]:
    """A unit of another size in a text of the sheet."""

    def spoil(scene: Scene) -> Trap | None:
        place, text = put(scene, form_sheet(scene), scene.rng.choice(UNITS))
        return trap(scene, mark("S03", a1(*place)), edit=lambda sheet: sheet.put(*place, text))

    return spoil


def _after_period(scene: Scene, sheet: Sheet, unit: str) -> tuple[Place, str]:
    """ValueError for a return without such a line."""
    label = scene.programme.form.period_labels[0]
    found = [(place, str(text)) for place, text in sheet.cells.items() if str(text).startswith(label)]
    if not found:
        raise ValueError("no line of the period")
    place, text = found[0]
    return place, f"{text}　　单位：{unit}"


def _in_title(scene: Scene, sheet: Sheet, unit: str) -> tuple[Place, str]:
    place = title_place(sheet)
    return place, f"{sheet.cells[place]}（单位：{unit}）"


def _below(scene: Scene, sheet: Sheet, unit: str) -> tuple[Place, str]:
    return (sheet.size[0] + 1, min(column for _, column in sheet.cells)), f"计量单位：{unit}"


KINDS = (
    Kind("S03 unit after the period", _unit(_after_period), telling=True, layouts=SIMPLE),
    Kind("S03 unit in the title", _unit(_in_title), telling=True, layouts=SIMPLE),
    Kind("S03 unit below the table", _unit(_below), telling=True, layouts=SIMPLE),
    Kind("S13 heading", _heading, telling=True, layouts=SIMPLE),
    Kind("S13 group heading", _group, telling=True, layouts=GROUPED),
    Kind("S13 title", _title, telling=True, layouts=SIMPLE),
    Kind("S13 sheet name", _sheet_name, telling=True, layouts=NAMED),
    Kind("S13 statement about the table", _statement, telling=True, layouts=FILLED_BELOW),
)
