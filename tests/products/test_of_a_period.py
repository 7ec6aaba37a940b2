"""The products of a period are rows, and none is made twice: not by a run, and not by an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.work import put_at_hand
from pipeline.processes.publish import publish
from pipeline.products import bulletin, decision_book, notice, working_papers
from pipeline.products.of_a_period import PRODUCTS
from pipeline.products.report import Report, book, json_record, page, rules_page
from schemas.programme import Programme
from tests.stateful.offices import in_this_process
from tests.support.issued import issue, reported, view
from tests.support.views import full_view

MADE = (
    (bulletin, "render"),
    (notice, "render"),
    (working_papers, "render"),
    (page, "page"),
    (book, "workbook"),
    (json_record, "render"),
    (decision_book, "render"),
    (rules_page, "render"),
    (Report, "__init__"),
)
"""What makes each product, in the order of its row, and what two of them show."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each was made since, by module and name."""
    found: Counter[str] = Counter()

    def counting(name: str, known: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **more: Any) -> Any:
            found[name] += 1
            return known(*arguments, **more)

        return made

    for where, what in MADE:
        name = where.__name__.rpartition(".")[2]
        monkeypatch.setattr(where, what, counting(name, getattr(where, what)))
    return found


def once(*without: str) -> dict[str, int]:
    names = [where.__name__.rpartition(".")[2] for where, _ in MADE]
    return {name: 1 for name in names if name not in without}


def test_every_product_has_its_name_in_the_wording(programme: Programme) -> None:
    assert {product.key for product in PRODUCTS} == set(programme.wording["outbox"]["files"])
    assert len(PRODUCTS) == len(MADE) - 1


def test_a_run_makes_each_once(programme: Programme, counted: Counter[str], tmp_path: Path) -> None:
    put_at_hand(programme)
    assert not publish(tmp_path, full_view(programme), {}).unmade
    assert counted == once("notice")


def test_an_issue_makes_each_once(counted: Counter[str], tmp_path: Path) -> None:
    office = reported(tmp_path)
    with in_this_process():  # and what stands in the period's folder is not made again
        assert issue(office).folder
    assert counted == once("decision_book")


def test_where_a_product_cannot_be_made_nothing_is_issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = reported(tmp_path)
    monkeypatch.delattr(notice, "render")
    with in_this_process():
        done = issue(office)
    assert done.folder is None
    assert done.acceptance
    assert "B02" in {check.rule for check in done.acceptance.refusals}  # as where there is no bulletin
    assert not view(office).issues
