"""A product that an internal error keeps from being made is told, the others are made, and the next run makes it again."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.cli import run_cli
from pipeline.model import account
from pipeline.model.allowance import Allowance
from pipeline.run import books, publishing
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support import hostile
from tests.support.workspaces import DECEMBER, MARCH, drop, drop_return, left, run_now, spec, statuses, tree, workspace_at

BAD = "瓯海区"
PRODUCTS = ("bulletin", "working_papers", "report_page", "report_book", "report_json", "decision_book", "rules_page")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """With a return that is accepted, one that is not, and one of an earlier period."""
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区", values=(4, 10, 5, 3))
    drop_return(office, "龙湾区", DECEMBER, values=(4, 11, 5, 3))
    drop(office, f"{BAD}2025年3月.xls", write_return(spec(office.programme, BAD, MARCH, (4, "约30", 5, 3), fmt="xls")))
    return office


def run_without(office: Workspace, patch: pytest.MonkeyPatch, product: str) -> list[str]:
    """Run while the product cannot be made; what is told as missing."""
    patch.setattr(publishing, "publish_period", functools.partial(hostile.publish_but, product))
    told = account.begin().unmade
    outcome = run_now(office)
    assert sorted(statuses(outcome).values()) == ["accepted", "accepted", "returned"]
    assert left(office) == []
    return told


@pytest.mark.parametrize("product", PRODUCTS)
def test_one_that_fails_costs_no_other(office: Workspace, monkeypatch: pytest.MonkeyPatch, product: str) -> None:
    form = office.programme.wording["outbox"]["files"][product]
    names = [form.format(as_of=period) for period in (DECEMBER, MARCH)]
    with monkeypatch.context() as patch:
        assert run_without(office, patch, product) == names
    found = tree(office.outbox)
    assert run_now(office).folders == (office.outbox / "2024-12-31", office.outbox / "2025-03-31")
    assert {name for name in tree(office.outbox) if name not in found} == {
        f"{period}/{name}" for period, name in zip((DECEMBER, MARCH), names, strict=True)
    }
    assert run_now(office).folders == ()


@pytest.mark.parametrize("what", ["copy", "original"])
def test_a_copy_that_fails_holds_the_list_alone(office: Workspace, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    name = f"审核反馈/{BAD}_2025-03-31_退回.xlsx"
    with monkeypatch.context() as patch:
        assert run_without(office, patch, what) == [name]
    copy = office.outbox / "2025-03-31" / name
    assert load_workbook(copy).sheetnames == ["审核说明"]
    assert "约30" in _texts(copy)
    run_now(office)
    assert load_workbook(copy).sheetnames == ["审核说明", "附件2"]


def _texts(book: Path) -> str:
    sheet = load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    return "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("how", ["worker", "no end", "no measure"])
def test_where_a_worker_ends_the_period_is_told(office: Workspace, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "for_products", lambda *_: Allowance(1.0, 60.0, 600 << 20))
        assert run_without(office, patch, how) == ["2024-12-31", "2025-03-31"]
    assert (office.outbox / "总台账.xlsx").exists()
    assert run_now(office).folders == (office.outbox / "2024-12-31", office.outbox / "2025-03-31")


def test_a_period_that_cannot_be_shown_keeps_no_other_from_it(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    known: Any = publishing.__dict__["period_view"]

    def view(connection: Any, edition: Any, *others: Any) -> Any:
        if edition.period == DECEMBER:
            raise ZeroDivisionError("broken on purpose")
        return known(connection, edition, *others)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "period_view", view)
        told = account.begin().unmade
        assert run_now(office).folders == (office.outbox / "2025-03-31",)
        assert told == ["2024-12-31"]
    assert run_now(office).folders == (office.outbox / "2024-12-31", office.outbox / "2025-03-31")


def test_a_book_that_fails_costs_no_period(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("broken on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(books, "write_master_ledger", broken)
        told = account.begin().unmade
        assert len(run_now(office).folders) == 2
        assert told == ["总台账.xlsx"]
    run_now(office)
    assert (office.outbox / "总台账.xlsx").exists()


# --- what is said of it


def test_it_is_told_on_standard_error_and_by_the_exit_status(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(publishing, "publish_period", functools.partial(hostile.publish_but, "bulletin"))
    assert run_cli(["--workspace", str(office.root), "run"]) == 3
    said = capfd.readouterr().err
    told = "以下文件未能生成：通报表_2024-12-31.xlsx、通报表_2025-03-31.xlsx。其余已生成；下次运行时重新生成。\n"
    assert "收到2份，审核通过1份" in said
    assert said.endswith(told)
    assert "ZeroDivisionError" in (office.root / "annex2.log").read_text(encoding="utf-8")


def test_a_file_that_is_too_large_to_be_copied_is_no_failure(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        assert run_without(office, patch, "large copy") == []
    copy = office.outbox / "2025-03-31" / f"审核反馈/{BAD}_2025-03-31_退回.xlsx"
    assert load_workbook(copy).sheetnames == ["审核说明"]
