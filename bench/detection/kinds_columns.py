"""Several columns under one heading, and numbers under none (S02, S13, S14)."""

from __future__ import annotations

from collections.abc import Sequence

from bench.detection.edits import SIMPLE, edited, insert_column, insert_row
from bench.detection.scenes import Scene
from bench.detection.traps import ANYWHERE, LEAP, Edit, Kind, Trap, a1, form_sheet, mark, own_row, trap
from tests.returns import LAYOUTS, Value
from tests.returns.layout import Sheet

TOTALS = (
    *(
        ("本期新增", "累计", 1),
        ("累计", "本期新增", 0),
        ("当月", "累计数", 1),
        ("累计完成", "本季新增", 0),
        ("本月新增", "累计完成数", 1),
    ),
    *(("目标", "完成", 1), ("年度目标", "实际完成", 1), ("目标任务", "完成数", 1), ("上期", "本期", 1), ("本期", "上年同期", 0)),
)
"""Sub-headings of which one is the running total, and which."""
NO_TOTALS = (
    ("本期新增", "上期"),
    ("目标", "本月新增"),
    ("上期累计", "本期新增"),
    ("净增", "目标"),
    ("上年同期", "当期"),
    ("新增", "新增"),
)
BEHIND = frozenset({"S14", "P01", "S12"})
"""Behind the last heading that is not merged the second number stands outside the table; the first may then be too small."""
OPEN_END = tuple(name for name in SIMPLE if not LAYOUTS[name].remark)
"""Nothing stands right of the last indicator."""
ROW_FOLLOWS = LEAP | {"P01", "P09", "X01", "S12", "C11"}
"""What wrong numbers in the right columns may lead to beside what is said of their place."""


def _beside(
    scene: Scene, indicators: Sequence[str], subs: Sequence[str], total: int, *, merged: bool, blank: bool = False
) -> Edit:
    """These indicators have two columns: the running total in column ``total`` (0, 1); another number, or none, in the other."""
    others = {i: max(1, scene.values[i] // 3) for i in indicators}

    def edit(sheet: Sheet) -> None:
        line = sheet.header[1]
        for indicator in indicators:
            row, column = sheet.places[indicator]
            insert_column(sheet, column + 1)
            value = sheet.cells.pop((row, column), None)
            sheet.put(row, column + total, value)
            sheet.put(row, column + 1 - total, None if blank else others[indicator])
            sheet.places[indicator] = (row, column + total)
            if merged:
                sheet.merge(line, column, line, column + 1)
        if subs:
            insert_row(sheet, line + 1)
            for indicator in indicators:
                left = sheet.places[indicator][1] - total
                for step, text in enumerate(subs):
                    sheet.put(line + 1, left + step, text)

    return edit


def _some(scene: Scene) -> list[str]:
    """One indicator, or all of them."""
    return [scene.pick()] if scene.rng.random() < 0.5 else list(scene.programme.indicator_ids)


def _total_said(scene: Scene) -> Trap | None:
    left, right, total = scene.rng.choice(TOTALS)
    edit = _beside(scene, _some(scene), (left, right), total, merged=True)
    return trap(scene, mark("S02"), truth=scene.values, edit=edit)


def _right_column(scene: Scene) -> Trap | None:
    """A heading over two columns, of which only the right one is used: nothing to ask. Nothing is merged in separated values."""
    if scene.spec.fmt.startswith("csv"):
        return None
    return trap(scene, truth=scene.values, edit=_beside(scene, _some(scene), (), 1, merged=True, blank=True))


def _none_said(scene: Scene) -> Trap | None:
    """Merged over both; or followed by a column without a heading, where another heading comes after it."""
    merged = scene.rng.random() < 0.6 and not scene.spec.fmt.startswith("csv")  # nothing is merged in separated values
    indicators = _some(scene)
    last = max(form_sheet(scene).places.items(), key=lambda place: place[1])[0]
    if not merged and indicators == [last]:
        return None
    edit = _beside(scene, indicators, (), scene.rng.randrange(2), merged=merged)
    return trap(scene, mark("S13", ANYWHERE), edit=edit)


def _no_total(scene: Scene) -> Trap | None:
    edit = _beside(scene, _some(scene), scene.rng.choice(NO_TOTALS), 0, merged=True)
    return trap(scene, mark("S13", ANYWHERE), edit=edit)


def _surplus(scene: Scene) -> Trap | None:
    """A number in the own row behind the table."""
    row = own_row(form_sheet(scene))
    column = max(column for _, column in form_sheet(scene).places.values()) + scene.rng.randint(1, 3)
    number = scene.rng.randrange(1, 900)
    value: Value = str(number) if scene.rng.random() < 0.5 else number
    return trap(scene, mark("S14", a1(row, column)), edit=lambda sheet: sheet.put(row, column, value))


def _split(scene: Scene) -> Trap | None:
    """1,234 in two cells: what follows stands a column further to the right, and the last under nothing."""
    large = {i: value + 1000 for i, value in scene.values.items()}
    indicator = scene.pick()

    def edit(sheet: Sheet) -> None:
        row, column = sheet.places[indicator]
        last = max(column for _, column in sheet.places.values())
        for place in range(last, column, -1):
            sheet.put(row, place + 1, sheet.cells.pop((row, place), None))
        sheet.put(row, column, large[indicator] // 1000)
        sheet.put(row, column + 1, f"{large[indicator] % 1000:03}")

    sheet = edited(scene, edit)
    row, last = own_row(sheet), max(column for _, column in sheet.places.values())
    return trap(scene, mark("S14", a1(row, last + 1)), edit=edit)


KINDS = (
    Kind("S02 running total among two columns", _total_said, telling=True, layouts=SIMPLE),
    Kind("S02 right column of a merged heading", _right_column, telling=True, layouts=SIMPLE),
    Kind("S13 two columns, nothing said", _none_said, telling=True, layouts=SIMPLE, companions=BEHIND),
    Kind("S13 two columns, none a running total", _no_total, telling=True, layouts=SIMPLE),
    Kind("S14 number behind the table", _surplus, telling=True, layouts=OPEN_END),
    Kind("S14 thousands in two cells", _split, telling=True, layouts=OPEN_END, companions=ROW_FOLLOWS),
)
