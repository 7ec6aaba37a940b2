"""The office's own template filled in: clean, and with what can go wrong only there (F10, F16, P06)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl import load_workbook

from bench.detection.scenes import Scene
from bench.detection.traps import LEAP, Kind, Mark, Trap, Values, a1, mark
from pipeline.model import Prefilled
from pipeline.model.view import Office
from pipeline.products.template import render
from tests.returns import Value
from tests.support.filled_templates import PEOPLE, fill, own_row, saved


def clean_template(scene: Scene) -> Trap:
    return _filled(scene, _made(scene), truth=scene.values)


def _made(scene: Scene, version: str | None = None) -> bytes:
    programme = scene.programme
    dated = (scene.setting.periods[scene.setting.number - 1], scene.before) if scene.before else None
    of_its_time = replace(programme, template_version=version or programme.template_version)
    return render(of_its_time, scene.district, scene.period, dated, Office(), None)


def _filled(
    scene: Scene,
    template: bytes,
    *marks: Mark,
    truth: Values | None = None,
    people: Mapping[str, object] | None = None,
    values: Mapping[str, Value] | None = None,
    reasons: Sequence[Sequence[object]] = (),
) -> Trap:
    """The district's values in it, or others; the ledger knows what it was made with."""
    given = [(values or scene.values)[i] for i in scene.programme.indicator_ids]
    content = fill(template, given, people, reasons, district=scene.district)
    day = scene.setting.periods[scene.setting.number - 1] if scene.before else None
    made = Prefilled(scene.programme.template_version, day, scene.before or {})
    known = replace(scene.known, prefilled={(scene.district, scene.period): (made,)})
    name = scene.rng.choice([f"{scene.district}_{scene.period}.xlsx", f"附件2（{scene.district}）.xlsx", "附件2.xlsx"])
    return Trap(((name, content),), marks, truth, known, scene.calendar, scene.received, sees=scene.values)


def _prefilled_changed(scene: Scene) -> Trap | None:
    if not scene.before:
        return None
    book = load_workbook(io.BytesIO(_made(scene)))
    form, indicator = book.worksheets[0], scene.pick()
    titles = [(r, c) for r in range(1, 9) for c in range(1, 15) if str(form.cell(r, c).value).startswith("上期累计数")]
    row, column = titles[0][0] + 1 + scene.programme.indicator_ids.index(indicator), titles[0][1]
    form.cell(row, column).value = scene.before[indicator] + scene.rng.choice([-1, 1, 5, 10])
    return _filled(scene, saved(book), mark("P06", a1(row, column), None))


def _old_version(scene: Scene) -> Trap | None:
    return _filled(scene, _made(scene, "2023.9"), mark("F16"), truth=scene.values)


def _field_blank(scene: Scene) -> Trap | None:
    field = scene.rng.choice(["审核人", "填报人", "联系电话"])
    return _filled(scene, _made(scene), mark("F10"), truth=scene.values, people={**PEOPLE, field: None})


NOTHING_SAID = (
    *(
        "我们已经核对过了",
        "经我局认真核实，数据真实有效",
        "数据已经核对无误",
        "经核实，情况属实，特此说明",
        "以上数据经反复核实均属实",
    ),
    *(
        "我单位已再次认真核对，确认数据准确无误",
        "情况就是这样，没有问题",
        "啊啊啊啊啊啊啊啊",
        "。。。。。。。。。。",
        "111111111111",
    ),
)


def _explained_by_nothing(scene: Scene) -> Trap | None:
    """A number above the three-year goal, and a line of 情况说明 about it that says nothing."""
    indicator = scene.pick()
    programme = scene.programme.indicator(indicator)
    large = {**scene.values, indicator: programme.ceiling + scene.rng.randrange(1, 90)}
    template = _made(scene)
    row = own_row(load_workbook(io.BytesIO(template)).worksheets[0], scene.district)
    cell = a1(row, 2 + scene.programme.indicator_ids.index(indicator))
    line = (programme.name, None, None, scene.rng.choice(NOTHING_SAID))
    return _filled(scene, template, mark("C10", cell), values=large, reasons=(line,))


KINDS = (
    Kind("C10 explained by nothing", _explained_by_nothing, companions=LEAP | {"X01"}),
    Kind("F10 field of the template blank", _field_blank),
    Kind("F16 old template", _old_version),
    Kind("P06 prefilled value changed", _prefilled_changed),
)
