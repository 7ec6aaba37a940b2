"""Clean returns as offices make them: headings and names dressed up, mentions in notes, harmless formats, other blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.detection.edits import SIMPLE
from bench.detection.scenes import Scene
from bench.detection.traps import Trap, form_sheet, row_of, trap
from tests.returns import LAYOUTS, Styled
from tests.returns.layout import Sheet

MENTIONS = (
    *("注：本期新增主要来自鞋服行业企业。", "说明：年度目标任务已分解到各乡镇（街道）。", "注：较上期新增较多，系集中签约。"),
    *("其中2家为上年选派。", "注：上年同期尚未开展此项工作。", "备注：完成率见另表。"),
)
DRESSED = ("1.{}", "{}：", "{}*", "*{}", "①{}", "（1）{}", "指标1：{}", "{}[注1]", "【{}】", "{} ", "1、{}", "A.{}", "{}①")
NAMED = ("1.{}", "{}：", "（一）{}", "{}*", "①{}", "【{}】", "1、{}", "{}[注1]")
SAID = (
    *(
        ("累计", "", "", ""),
        ("", "（累计）", "", ""),
        ("", "", "“”", "「」"),
        ("", "", "“”", '""'),
        ("", "", "开项转选", "開項轉選"),
    ),
)
"""Before, behind, and characters that are written otherwise."""
CODES = ("#,##0", "0.00", '0"家"')
RESTFUL = tuple(name for name in SIMPLE if LAYOUTS[name].rows != "own")
Variant = Callable[[Scene], Trap | None]


def _mention(scene: Scene) -> Trap | None:
    """A sentence that merely mentions an increase, a target or another period."""
    if scene.spec.form.remark:
        return None
    return trap(scene.with_spec(strays={"below": scene.rng.choice(MENTIONS)}), truth=scene.values)


def _heading_dressed(scene: Scene) -> Trap | None:
    indicators = scene.programme.indicators
    dress = scene.rng.choice(DRESSED)
    texts = {i.id: dress.format(f"{i.name}（{i.unit}）" if scene.rng.random() < 0.5 else i.name) for i in indicators}
    return trap(scene.with_spec(headers=texts), truth=scene.values)


def _heading_said_otherwise(scene: Scene) -> Trap | None:
    """With 累计, without quotation marks, in traditional characters."""
    before, behind, *characters = scene.rng.choice(SAID)
    texts = {i.id: f"{before}{i.name.translate(str.maketrans(*characters))}{behind}" for i in scene.programme.indicators}
    return trap(scene.with_spec(headers=texts), truth=scene.values)


def _name_dressed(scene: Scene) -> Trap | None:
    return trap(scene.with_spec(region=scene.rng.choice(NAMED).format(scene.district)), truth=scene.values)


def _coded(scene: Scene) -> Trap | None:
    """A number format that shows the number itself, with its unit, or a zero as nothing."""
    indicator = scene.pick()
    number, unit = scene.values[indicator], scene.programme.indicator(indicator).unit
    code = scene.rng.choice(CODES) if number else ";;;"
    if (unit not in code and '"' in code) or scene.spec.fmt.startswith("html"):
        return None
    shown = {"#,##0": f"{number:,}", "0.00": f"{number}.00", '0"家"': f"{number}家", ";;;": ""}[code]
    after = scene.with_spec(values={**scene.values, indicator: Styled(number, "format", code, shown)})
    return trap(after, truth=scene.values)


def _noise(scene: Scene) -> Trap | None:
    """What a sum leaves behind the fifteenth digit, which no program shows."""
    indicator = scene.pick()
    number = scene.values[indicator]
    if number < 3 or scene.spec.fmt.startswith(("csv", "html", "ods")):
        return None  # there the text says it
    after = scene.with_spec(values={**scene.values, indicator: number * (1 - 2**-52)})
    return trap(after, truth=scene.values)


def _others_zero(scene: Scene) -> Trap | None:
    """All other districts' rows hold zeros."""
    if scene.spec.form.rows == "own":
        return None
    others = {n: dict.fromkeys(scene.programme.indicator_ids, 0) for n in scene.programme.district_names if n != scene.district}
    return trap(scene.with_spec(others=others), truth=scene.values)


def _two_blocks(scene: Scene) -> Trap | None:
    """The second half of the districts beside the first, under the same headings."""
    if scene.spec.form.rows != "all" or scene.spec.form.remark or scene.spec.form.serial or scene.spec.form.units == "line":
        return None
    sheet, names = form_sheet(scene), scene.programme.district_names
    half = len(names) // 2 + 1
    top, bottom = row_of(sheet, names[half]), row_of(sheet, names[-1])
    first, last = min(column for _, column in sheet.cells), max(column for _, column in sheet.places.values())
    width = last - first + 2
    lifted = top - sheet.header[1] - 1

    def edit(written: Sheet) -> None:
        for (row, column), value in list(written.cells.items()):
            if not first <= column <= last:
                continue
            if sheet.header[0] <= row <= sheet.header[1]:
                written.put(row, column + width, value)
            elif top <= row <= bottom:
                written.put(row - lifted, column + width, written.cells.pop((row, column)))
        written.merges += [(t, left + width, b, right + width) for t, left, b, right in sheet.merges if t == sheet.header[0]]
        written.places = {i: (r - lifted, c + width) if r >= top else (r, c) for i, (r, c) in written.places.items()}

    return trap(scene.with_form(total="absent"), truth=scene.values, edit=edit)


VARIANTS: Mapping[str, Variant] = {
    "a mention in a note": _mention,
    "headings dressed up": _heading_dressed,
    "headings said otherwise": _heading_said_otherwise,
    "the district's name dressed up": _name_dressed,
    "a format that shows the number": _coded,
    "noise behind the last digit": _noise,
    "zeros in all other rows": _others_zero,
    "two blocks side by side": _two_blocks,
}
