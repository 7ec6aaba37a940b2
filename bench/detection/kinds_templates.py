"""The office's own template filled in: clean, and with what can go wrong only there (F10, F16, P06)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

from openpyxl import load_workbook

from bench.detection.scenes import Scene
from bench.detection.traps import Kind, Mark, Trap, Values, a1, mark
from pipeline.model import Prefilled
from pipeline.outputs.template import render
from pipeline.view import Office
from tests.filled_templates import PEOPLE, fill, saved


def clean_template(scene: Scene) -> Trap:
    return _filled(scene, _made(scene), truth=scene.values)


def _made(scene: Scene, version: str | None = None) -> bytes:
    programme = scene.programme
    dated = (scene.setting.periods[scene.setting.number - 1], scene.before) if scene.before else None
    of_its_time = replace(programme, template_version=version or programme.template_version)
    return render(of_its_time, scene.district, scene.period, dated, Office(), None)


def _filled(
    scene: Scene, template: bytes, *marks: Mark, truth: Values | None = None, people: Mapping[str, object] | None = None
) -> Trap:
    """The district's values in it; the ledger knows what it was made with."""
    content = fill(template, [scene.values[i] for i in scene.programme.indicator_ids], people, district=scene.district)
    day = scene.setting.periods[scene.setting.number - 1] if scene.before else None
    made = Prefilled(scene.programme.template_version, day, scene.before or {})
    known = replace(scene.known, prefilled={(scene.district, scene.period): (made,)})
    name = scene.rng.choice([f"{scene.district}_{scene.period}.xlsx", f"附件2（{scene.district}）.xlsx", "附件2.xlsx"])
    return Trap(((name, content),), marks, truth, known, scene.calendar, scene.received)


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


KINDS = (
    Kind("F10 field of the template blank", _field_blank),
    Kind("F16 old template", _old_version),
    Kind("P06 prefilled value changed", _prefilled_changed),
)
