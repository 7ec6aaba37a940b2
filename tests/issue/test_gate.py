"""The gate on ledgers of real runs: accepted as they are, refused when edited by hand, each edit by its own rule."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.issue.gate.read_again import read_bulletin
from pipeline.issue.gate.task import GateTask
from pipeline.model import Finding
from pipeline.workspace.workspace import Workspace
from tests.issue.gates import by_item, edit, failing, judged, office_of, task_of
from tests.support import postgres
from tests.support.workspaces import SEPTEMBER, rows, workspace_at

LUCHENG = """
where indicator = 'enterprises' and version_id in (select id from versions where district = '鹿城区' and period = '{period}')
"""


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office_of(tmp_path_factory.mktemp("june"), "2024-06-30").root


@pytest.fixture
def office(june: Path, tmp_path: Path) -> Workspace:
    """A copy of the ledger of June's sample returns."""
    shutil.copytree(june, tmp_path / "office")
    return workspace_at(tmp_path / "office")


@pytest.fixture
def both(tmp_path: Path, database: str) -> Workspace:
    """June and September in each kind of database."""
    return office_of(tmp_path / "office", "2024-06-30", "2024-09-30")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """June's ledger on a server."""
    url = postgres.schema()
    monkeypatch.setenv("ANNEX2_LEDGER__URL", url)
    yield office_of(tmp_path / "office", "2024-06-30")
    postgres.drop(url)


def lucheng(period: str = "2024-06-30") -> str:
    return LUCHENG.format(period=period)


def original(office: Workspace, district: str = "鹿城区") -> Path:
    query = "select s.sha256 from submissions s join judgements j on j.submission_id = s.id where j.district = :district"
    return office.root / "ledger" / "originals" / str(rows(office, query, district=district)[0][0])


def test_a_ledger_as_it_was_written_is_accepted(office: Workspace) -> None:
    acceptance = judged(office)
    assert failing(acceptance) == {}
    assert acceptance.refusals == ()
    assert len(acceptance.checks) == 14


def test_the_check_leaves_nothing_in_the_ledger(office: Workspace) -> None:
    query = "select name from sqlite_master order by 1"
    before, content = rows(office, query), (office.root / "ledger" / "ledger.db").read_bytes()
    judged(office)
    assert rows(office, query) == before
    assert (office.root / "ledger" / "ledger.db").read_bytes() == content


def raised(office: Workspace) -> None:
    edit(office, f"update observations set value = value + 1 {lucheng()}")


def lowered(office: Workspace) -> None:
    edit(office, f"update observations set value = value - 1 {lucheng()}")


def deleted(office: Workspace) -> None:
    edit(office, f"delete from observations {lucheng()}")


def district_deleted(office: Workspace) -> None:
    versions = "(select id from versions where district = '鹿城区')"
    edit(office, f"delete from observations where version_id in {versions}", "delete from versions where district = '鹿城区'")


def removed(office: Workspace) -> None:
    original(office).unlink()


def altered(office: Workspace) -> None:
    original(office).write_bytes(original(office).read_bytes() + b" ")


def fraction(office: Workspace) -> None:
    edit(office, f"update observations set value = 2.5 {lucheng()}")


def below_zero(office: Workspace) -> None:
    edit(office, f"update observations set value = -1 {lucheng()}")


def unknown_indicator(office: Workspace) -> None:
    edit(office, f"update observations set indicator = 'patents' {lucheng()}")


def unknown_district(office: Workspace) -> None:
    edit(office, "update versions set district = '瓯江口' where district = '鹿城区'")


def another_file(office: Workspace) -> None:
    query = "select s.sha256 from submissions s join judgements j on j.submission_id = s.id where j.district = '龙湾区'"
    other = "select j.submission_id from judgements j where j.district = '鹿城区'"
    edit(office, f"update submissions set sha256 = ({query}) where id in ({other})")


EDITS: dict[Callable[[Workspace], None], dict[str, str]] = {
    raised: {"cells": "B08"},
    lowered: {"cells": "B08"},
    deleted: {"one_value": "B08", "cells": "B08", "bulletin": "B02", "totals": "B02"},
    district_deleted: {"complete": "B01"},
    removed: {"originals": "B07"},
    altered: {"originals": "B07"},
    below_zero: {"whole": "B08", "cells": "B08"},
    unknown_indicator: {"in_sets": "B08", "one_value": "B08", "cells": "B08"},
    unknown_district: {"complete": "B01", "in_sets": "B08"},
    another_file: {"files": "B03", "cells": "B08"},
}


@pytest.mark.parametrize("by_hand", EDITS, ids=lambda edit: edit.__name__)
def test_a_ledger_edited_by_hand_is_refused(by_hand: Callable[[Workspace], None], office: Workspace) -> None:
    by_hand(office)
    found = failing(judged(office))
    assert EDITS[by_hand].items() <= found.items(), found


def test_a_number_that_is_not_whole_is_refused(office: Workspace) -> None:
    """No bulletin can be made of it; this one was made before."""
    task = task_of(office)
    fraction(office)
    found = failing(judged(office, task))
    assert {"whole": "B08", "cells": "B08", "bulletin": "B02", "totals": "B02"}.items() <= found.items(), found


def test_a_value_below_the_last_accepted_one_needs_an_approval(both: Workspace) -> None:
    edit(both, f"update observations set value = 1 {lucheng('2024-09-30')}")
    task = task_of(both, SEPTEMBER)
    check = by_item(judged(both, task))["no_fall"]
    assert (check.result, check.rule, check.grade) == ("not_met", "P01", "error")
    assert check.rows == ("鹿城区“已选派‘科技副总’企业数”：2024年6月底为8，本期为1，减少7家",)
    approved = replace(task, approved=frozenset({("鹿城区", "enterprises")}))
    assert by_item(judged(both, approved))["no_fall"].result == "met"


def test_rows_name_the_value_its_cell_and_the_number_there(office: Workspace) -> None:
    raised(office)
    check = by_item(judged(office))["cells"]
    assert check.rows == ("鹿城区“已选派‘科技副总’企业数”：台账为9，原件C5单元格为8",)
    assert check.message == "鹿城区“已选派‘科技副总’企业数”台账为9，原件C5单元格为8。"
    assert check.fix == "台账不得手工改动；请从备份恢复，或按更正程序办理。"


def test_a_district_that_may_be_missing_is_missing_in_the_bulletin_too(office: Workspace) -> None:
    district_deleted(office)
    due = tuple(name for name in office.programme.district_names if name != "鹿城区")
    assert failing(judged(office, task_of(office, due=due))) == {}
    excused = failing(judged(office, task_of(office, due=due, excused=("鹿城区",))))
    assert excused == {"bulletin": "B02"}  # the bulletin of this test says 未报, not 免报


def test_a_bulletin_of_other_numbers_is_refused(office: Workspace) -> None:
    task = task_of(office)
    shown = [replace(each, text="999") if each.district == "乐清市" else each for each in task.bulletin]
    acceptance = judged(office, replace(task, bulletin=tuple(shown)))
    assert failing(acceptance) == {"bulletin": "B02"}
    assert len(by_item(acceptance)["bulletin"].rows) == 8  # one of 进度表, three of 成效表, four of 附件2


def test_a_total_that_is_not_the_sum_is_refused(office: Workspace) -> None:
    task = task_of(office)
    shown = [each if each.district else replace(each, text="999") for each in task.bulletin]
    acceptance = judged(office, replace(task, bulletin=tuple(shown)))
    assert failing(acceptance) == {"totals": "B02"}
    assert by_item(acceptance)["totals"].message == "“开展技术攻关项目数”各地合计469，通报总数999。同类情况共8处。"


def test_a_workbook_that_cannot_be_read_is_no_bulletin(office: Workspace) -> None:
    shown = read_bulletin(b"no workbook", office.programme)
    assert {each.text for each in shown} == {""}
    found = failing(judged(office, task_of(office, bulletin=shown)))
    assert found == {"bulletin": "B02", "totals": "B02"}


def test_without_the_bulletin_read_back_nothing_is_accepted(office: Workspace) -> None:
    assert failing(judged(office, task_of(office, bulletin=()))) == {"bulletin": "B02", "totals": "B02"}


def test_without_evidence_a_value_has_no_original(office: Workspace) -> None:
    assert failing(judged(office, task_of(office, originals=()))) == {"originals": "B07"}


def test_an_original_that_says_nothing_readable_is_another_number(office: Workspace) -> None:
    task = task_of(office)
    originals = tuple(replace(each, value=None) if each.district == "鹿城区" else each for each in task.originals)
    check = by_item(judged(office, replace(task, originals=originals)))["cells"]
    assert check.rows[0] == "鹿城区“已选派‘科技副总’企业数”：台账为8，原件C5单元格为（无法读出）"


def test_open_findings_keep_the_period_from_being_issued(office: Workspace) -> None:
    finding = Finding("P05", "query", "比上次新增过多。", "", district="乐清市", indicator="enterprises")
    check = by_item(judged(office, task_of(office, open=(finding,))))["settled"]
    assert (check.result, check.grade, check.rows) == ("not_met", "error", ("乐清市：比上次新增过多。（P05）",))


def test_scans_and_restated_values_are_hints(office: Workspace) -> None:
    changes: dict[str, Any] = {
        "scans_due": ("鹿城区", "龙湾区"),
        "scans_there": ("鹿城区",),
        "restated": (("乐清市", "projects"),),
    }
    acceptance = judged(office, task_of(office, previous=dt.date(2024, 3, 31), **changes))
    assert failing(acceptance) == {"scans": "B05", "restated": "B06"}
    assert (acceptance.refusals, acceptance.queries) == ((), ())
    assert by_item(acceptance)["scans"].message == "未收到盖章扫描件：龙湾区。"


def bulletins(task: GateTask, *shares: float) -> GateTask:
    """The task after bulletins in which every value was this share of what it is now."""
    now = {(each.district, each.indicator): each.value or 0 for each in task.originals}
    earlier = tuple({place: int(value * share) for place, value in now.items()} for share in shares)
    return replace(task, bulletins=earlier, previous=dt.date(2024, 3, 31))


@pytest.mark.parametrize(
    ("shares", "result"),
    [
        ((0.7, 0.8, 0.9), "met"),
        ((0.1, 0.2, 0.3), "not_met"),  # grew by 0.7 after 0.1: more than twice as much
        ((0.2, 0.3), "met"),  # too few bulletins to tell
        ((1.2,), "not_met"),  # fell
    ],
)
def test_the_city_total_is_held_against_earlier_bulletins(shares: tuple[float, ...], result: str, office: Workspace) -> None:
    acceptance = judged(office, bulletins(task_of(office), *shares))
    assert by_item(acceptance)["city"].result == result
    assert [check.item for check in acceptance.queries] == (["city"] if result == "not_met" else [])


def test_a_fall_of_the_city_total_is_explained_by_an_approved_one(office: Workspace) -> None:
    approved = frozenset(("鹿城区", indicator) for indicator in office.programme.indicator_ids)
    task = replace(bulletins(task_of(office), 1.2), approved=approved)
    assert by_item(judged(office, task))["city"].result == "met"


def test_only_districts_of_both_bulletins_are_compared(office: Workspace) -> None:
    task = bulletins(task_of(office), 0.7, 0.8, 0.9)
    first, *others = ({place: value for place, value in each.items() if place[0] != "乐清市"} for each in task.bulletins)
    task = replace(task, bulletins=(first, *others))
    assert by_item(judged(office, task))["city"].result == "met"


def test_an_expectation_that_breaks_is_neither_met_nor_not_met(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from schemas import ledger_suite

    broken = [replace(item, query="SELECT nowhere FROM {batch}") if item.name == "whole" else item for item in ledger_suite.ITEMS]
    monkeypatch.setattr(ledger_suite, "ITEMS", tuple(broken))
    acceptance = judged(office)
    (check,) = acceptance.refusals
    assert (check.item, check.result, check.message) == ("whole", "undone", "该项未能验收（系统原因），请联系技术人员。")
    page = (office.root / "docs" / "index.html").read_text(encoding="utf-8")
    assert "验收未通过，不能定稿：1项未能验收。" in page
    assert "未能验收</span>" in page


def test_the_result_can_be_kept_as_json(office: Workspace) -> None:
    document = judged(office).document
    assert json.loads(json.dumps(document))["statistics"]["evaluated_expectations"] == 16


def test_the_gate_says_nothing_on_the_terminal(office: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    removed(office)
    judged(office)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("by_hand", [raised, deleted, removed, altered], ids=lambda edit: edit.__name__)
def test_another_database_is_held_to_the_same_suite(by_hand: Callable[[Workspace], None], server: Workspace) -> None:
    assert failing(judged(server)) == {}
    by_hand(server)
    assert EDITS[by_hand].items() <= failing(judged(server)).items()
