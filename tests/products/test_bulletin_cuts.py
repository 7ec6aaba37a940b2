"""Approved falls in the bulletin: the value, the remark, and the one sentence of the decision that is for everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.model import Decision, Finding
from pipeline.model.view import PeriodView, Settlement
from pipeline.products import bulletin
from schemas.programme import Programme
from tests.support import views
from tests.support.workbooks import opened, rows, texts


def _note(programme: Programme, view: PeriodView, sheet: str = "进度表") -> str:
    return next(text for text in texts(opened(bulletin.render(programme, view))[sheet]) if text.startswith("注："))


def _everything(programme: Programme, view: PeriodView) -> str:
    return "".join(text for sheet in opened(bulletin.render(programme, view)) for text in texts(sheet))


def _approved(view: PeriodView, wording: str, value: int = 6, *later: Decision, indicator: str = "enterprises") -> PeriodView:
    """The fall of 鹿城区 in ``missing_view``, explained and approved with this 通报用语."""
    time = dt.datetime(2024, 10, 9, 1, 30, tzinfo=dt.UTC)
    approval = Decision(
        "approve", "王某某", time, "经查属实", "来函（机密一号）", wording, "鹿城区", view.period, "P01", indicator,
        values={indicator: value},
    )  # fmt: skip
    fall = Finding("P01", "error", "意见原文", "处理原文", district="鹿城区", indicator=indicator, state="approved")
    said = Settlement(fall, "说明原文", "陈某某", "sheet", time, "approve", "王某某", time, "来函（机密一号）", wording)
    return replace(view, settlements=(said,), decisions=(approval, *later))


@pytest.mark.parametrize(
    ("wording", "note"),
    [
        ("企业迁出", "鹿城区“已选派‘科技副总’企业数”核减2家：企业迁出。"),
        ("核减2家（企业迁出）。", "鹿城区“已选派‘科技副总’企业数”核减2家（企业迁出）。"),
        ("", "鹿城区“已选派‘科技副总’企业数”核减2家。"),
    ],
)
def test_an_approved_fall_stands_with_its_public_sentence(programme: Programme, wording: str, note: str) -> None:
    view = _approved(views.missing_view(programme), wording)
    row = next(row for row in rows(opened(bulletin.render(programme, view))["进度表"]) if "鹿城区" in row[:2])
    assert row[3] == 6
    assert "核减2家" in str(row[-1])
    assert _note(programme, view).endswith("7." + note)


def test_an_approved_fall_of_another_indicator_is_noted_where_it_stands(programme: Programme) -> None:
    view = _approved(views.missing_view(programme), "重复计数", 5, indicator="transfers")
    values = {**view.values, ("鹿城区", "transfers"): replace(view.values["鹿城区", "transfers"], value=5)}
    assert "鹿城区“促成科技成果转化数”核减2项：重复计数。" in _note(programme, replace(view, values=values), "成效表")


@pytest.mark.parametrize(("compared", "said"), [("8", "核减2家：企业迁出。"), (None, "核减2家：企业迁出。"), ("7", "核减2家。")])
def test_a_sentence_for_another_fall_to_the_same_value_is_not_printed(
    programme: Programme, compared: str | None, said: str
) -> None:
    """8 enterprises in the bulletin before, 6 now: what was approved of a fall from 7 says nothing of it."""
    view = _approved(views.missing_view(programme), "企业迁出")
    (approval,) = view.decisions
    view = replace(view, decisions=(replace(approval, compared=compared),))
    assert _note(programme, view).endswith("7.鹿城区“已选派‘科技副总’企业数”" + said)


def test_a_sentence_for_another_value_or_one_taken_back_is_not_printed(programme: Programme) -> None:
    view = views.missing_view(programme)
    refusal = replace(_approved(view, "企业迁出").decisions[0], act="refuse", wording="")
    for other in (_approved(view, "企业迁出", 5), _approved(view, "企业迁出", 6, refusal)):
        assert "企业迁出" not in _everything(programme, other)


def test_nothing_else_of_explanations_and_decisions_is_for_everybody(programme: Programme) -> None:
    found = _everything(programme, _approved(views.missing_view(programme), "企业迁出"))
    assert "企业迁出" in found
    assert not [
        word for word in ("王某某", "陈某某", "说明原文", "意见原文", "处理原文", "机密", "属实", ".xlsx") if word in found
    ]
