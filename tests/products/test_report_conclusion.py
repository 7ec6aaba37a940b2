"""The sentence on top of the report once a period is issued or restated, and what it says of the gate."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.model import Acceptance, AcceptanceCheck, Grade, Imprint, Result
from pipeline.model.view import MISSING, PeriodView
from pipeline.products.report import book as report_book
from pipeline.products.report import page as report_page
from pipeline.products.report.conclusion import conclusion, settled
from pipeline.products.report.report_words import ReportWords
from schemas.programme import Programme
from tests.support import busy, views
from tests.support.workbooks import opened, texts

ISSUED = "本期已于2024年10月16日定稿（第1次定稿），数据已冻结。缺报乐清市，理由：机构改革，数据正在核对。"
RESTATING = "本期已启动更正（王某：县里来函更正）。重新定稿前，原通报仍然有效。"
LINK = '<p class="accepted">第1次<a href="{}质量验收/index.html">定稿前验收结果</a>：通过，1项。</p>'


def _said(programme: Programme, view: PeriodView) -> tuple[str, bool]:
    words = ReportWords(programme)
    return conclusion(words, view), settled(words, view)


@pytest.mark.parametrize(
    ("number", "date", "sentence"),
    [
        ("温市科创办〔2024〕8号", dt.date(2024, 10, 18), "通报已于2024年10月18日印发，文号为温市科创办〔2024〕8号。"),
        ("", dt.date(2024, 10, 18), "通报已于2024年10月18日印发。"),
        ("温市科创办〔2024〕8号", None, "通报文号为温市科创办〔2024〕8号。"),
        ("", None, ""),
    ],
)
def test_an_issued_period(programme: Programme, number: str, date: dt.date | None, sentence: str) -> None:
    view = views.issued_view(programme)
    issue = replace(view.issues[0], imprint=Imprint(number, date, "王某", view.ledger_time))
    assert _said(programme, replace(view, issues=(issue,))) == (ISSUED + sentence, True)


def test_an_issue_nobody_is_missing_from(programme: Programme) -> None:
    assert _said(programme, views.restated_view(programme)) == ("本期已于2024年10月27日定稿（第2次定稿），数据已冻结。", True)


def test_values_that_changed_since_are_not_in_the_bulletin(programme: Programme) -> None:
    view = views.issued_view(programme)
    later = {**view.values, ("文成县", "enterprises"): replace(view.values["文成县", "enterprises"], value=5)}
    said, settled = _said(programme, replace(view, values=later))
    assert said.endswith("定稿后台账数据有变动，未计入通报；确需更正的，请先启动更正。")
    assert not settled


def test_a_restatement_under_way(programme: Programme) -> None:
    view = replace(views.restating_view(programme), files=busy.busy_view(programme).files)
    assert _said(programme, view) == (RESTATING + "本期13个地区全部审核通过，可以重新定稿。", True)
    records = tuple(replace(r, state=MISSING) if r.district == "文成县" else r for r in view.districts)
    expected = RESTATING + "尚有1个地区未审核通过，暂不能重新定稿：文成县。"
    assert _said(programme, replace(view, districts=records)) == (expected, False)


def _accepted(view: PeriodView) -> PeriodView:
    return replace(view, acceptance=Acceptance((AcceptanceCheck("item", "B01", Grade.ERROR, Result.MET, "13", "13"),)))


def test_the_report_leads_to_what_the_gate_said(programme: Programme) -> None:
    view = _accepted(views.issued_view(programme))
    assert LINK.format("") in report_page.render(programme, view).decode()
    assert LINK.format("../") in report_page.render(programme, view, above="../").decode()
    assert "第1次定稿前验收结果：通过，1项。" in texts(opened(report_book.render(programme, view))["总览"])


def test_a_gate_that_checked_nothing_said_nothing(programme: Programme) -> None:
    view = replace(views.issued_view(programme), acceptance=Acceptance(()))
    assert "定稿前验收" not in report_page.render(programme, view).decode()
    assert not any("定稿前验收" in text for text in texts(opened(report_book.render(programme, view))["总览"]))
