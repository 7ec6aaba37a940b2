"""The loop through the 办理单: written with the open matters, filled in, laid into 办理/ and carried out by the next run."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.decisions import sheets_read as decision_reading
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.run.test_city import LATER, REASON, decide, record
from tests.support import hostile
from tests.support.copied_workspaces import copied
from tests.support.workspaces import DECEMBER, MARCH, drop, rows, run_now, spec, workspace_at

pytestmark = pytest.mark.usefixtures("one_crew")

HEADER = 2
NEXT = LATER + dt.timedelta(days=1)


@pytest.fixture
def explained(tmp_path: Path) -> Workspace:
    """A fall of 鹿城区 that was explained by telephone, and two files of 龙湾区."""
    return copied(with_open_matters, tmp_path)


def with_open_matters(folder: Path) -> Workspace:
    office = workspace_at(folder)
    for period, values in ((DECEMBER, (12, 20, 8, 4)), (MARCH, (9, 21, 8, 5))):
        drop(office, f"鹿城区{period}.xlsx", write_return(spec(office.programme, "鹿城区", period, values)))
    for number in (20, 21):
        drop(office, f"龙湾区2025年3月{number}.xlsx", write_return(spec(office.programme, "龙湾区", MARCH, (10, number, 8, 4))))
    run_now(office)
    decide(office, "explain", rule="P01", reason=REASON)
    return office


def book(office: Workspace) -> Path:
    return office.outbox / "2025-03-31" / "市级办理单_2025-03-31.xlsx"


def lines(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, *body = sheet.iter_rows(min_row=HEADER, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in body if isinstance(row[0], int)]


def fill(office: Workspace, name: str = "办理单.xlsx", **by_rule: dict[str, str]) -> Path:
    """The 办理单 with columns filled in the first line of each rule, saved into 办理/."""
    workbook = openpyxl.load_workbook(book(office))
    sheet = workbook.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[HEADER], 1)}
    left = dict(by_rule)
    for row in range(HEADER + 1, sheet.max_row + 1):
        rule = sheet.cell(row, columns["规则编号"]).value or ("own" if sheet.cell(row, columns["序号"]).value else None)
        given = left.pop(str(rule), {})
        for column, text in ({"依据": "2025年4月18日来函", "经办人": "张三"} | given if given else {}).items():
            sheet.cell(row, columns[column]).value = text
    saved = io.BytesIO()
    workbook.save(saved)
    target = office.root / "办理" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(saved.getvalue())
    return target


def test_open_matters_stand_in_the_book(explained: Workspace) -> None:
    found = [(line["区域"], line["规则编号"], line["报送单位说明"]) for line in lines(book(explained)) if line["规则编号"]]
    assert found == [("鹿城区", "P01", REASON), ("龙湾区", "F17", None), ("龙湾区", "F17", None)]


@pytest.mark.usefixtures("database")
def test_a_filled_line_is_carried_out_and_the_bulletin_shows_the_value(explained: Workspace) -> None:
    fill(explained, P01={"办理意见": "同意认定", "通报用语": "核减3家（企业迁出）"})
    outcome = run_now(explained, now=NEXT)
    assert outcome.told == ("市级办理单“办理单.xlsx”：已办理1项；0项未办理。",)
    assert (record(explained).state, record(explained).values["enterprises"]) == ("审核通过", 9)
    bulletin = openpyxl.load_workbook(explained.outbox / "2025-03-31" / "通报表_2025-03-31.xlsx")["进度表"]
    shown = [str(cell.value) for row in bulletin.iter_rows() for cell in row if cell.value is not None]
    assert any("核减3家" in text for text in shown)
    assert [line["规则编号"] for line in lines(book(explained)) if line["规则编号"]] == ["F17", "F17"]


def test_the_workbook_is_filed_away_with_what_became_of_it(explained: Workspace) -> None:
    fill(explained, P01={"办理意见": "同意认定"})
    run_now(explained, now=NEXT)
    filed = sorted(path.name for path in (explained.root / "办理" / "已办理").iterdir())
    assert filed == ["20250421100000_办理单.xlsx", "20250421100000_办理单_办理结果.txt"]
    assert not [path for path in (explained.root / "办理").iterdir() if path.is_file()]


def test_laid_in_twice_it_is_carried_out_once(explained: Workspace) -> None:
    fill(explained, P01={"办理意见": "同意认定"})
    fill(explained, "办理单副本.xlsx", P01={"办理意见": "同意认定"})
    told = run_now(explained, now=NEXT).told
    assert rows(explained, "select act from decisions order by id") == [("explain",), ("approve",)]
    assert len([line for line in told if "此前已办理" in line]) == 1


REFUSED = {
    "no grounds": ({"办理意见": "同意认定", "依据": ""}, "没有填写依据。"),
    "nobody": ({"办理意见": "同意认定", "经办人": ""}, "没有填写经办人。"),
    "unknown act": ({"办理意见": "同意"}, "没有“同意”这种办理意见。"),
    "empty phrase": ({"办理意见": "代录电话说明", "办理内容": "情况属实"}, "说明未采用：只写了“情况属实”，没有具体原因。"),
    "no text": ({"办理意见": "代录电话说明"}, "没有填写理由（办理内容）。"),
}


@pytest.mark.parametrize(("given", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_carried_out_says_why(explained: Workspace, given: dict[str, str], reason: str) -> None:
    fill(explained, P01=given)
    told = run_now(explained, now=NEXT).told
    assert told == ("市级办理单“办理单.xlsx”：已办理0项；1项未办理。", f"　第3行未办理：{reason}")
    assert record(explained).state == "待认定"


def test_a_line_about_another_value_is_not_carried_out(explained: Workspace) -> None:
    fill(explained, P01={"办理意见": "同意认定"})
    drop(explained, "鹿城区2025年3月更正.xlsx", write_return(spec(explained.programme, "鹿城区", MARCH, (8, 21, 8, 5))))
    waiting = explained.root / "办理" / "办理单.xlsx"
    kept = waiting.read_bytes()
    waiting.unlink()
    run_now(explained, now=NEXT)
    waiting.write_bytes(kept)
    assert "第3行未办理" in run_now(explained, now=NEXT + dt.timedelta(hours=1)).told[1]
    assert rows(explained, "select count(*) from decisions where act = 'approve'") == [(0,)]


def test_a_line_of_the_city_s_own_withdraws_a_file(explained: Workspace) -> None:
    own = {"区域": "龙湾区", "文件": "龙湾区2025年3月20.xlsx", "办理意见": "撤回", "办理内容": "以后一份为准"}
    fill(explained, own=own)
    assert run_now(explained, now=NEXT).told[0].endswith("已办理1项；0项未办理。")
    assert (record(explained, district="龙湾区").state, record(explained, district="龙湾区").values["projects"]) == (
        "审核通过",
        21,
    )


def test_what_is_no_decision_book_stays_and_is_named(explained: Workspace) -> None:
    (explained.root / "办理" / "报表.xlsx").write_bytes(write_return(spec(explained.programme, "鹿城区", MARCH)))
    assert run_now(explained, now=NEXT).told == ("“报表.xlsx”不是市级办理单，未处理，请移出“办理”文件夹。",)
    assert (explained.root / "办理" / "报表.xlsx").exists()


def test_the_book_in_the_inbox_is_nobody_s_decision(explained: Workspace) -> None:
    path = fill(explained, P01={"办理意见": "同意认定"})
    drop(explained, "办理单.xlsx", path.read_bytes())
    path.unlink()
    run_now(explained, now=NEXT)
    assert rows(explained, "select count(*) from decisions where act = 'approve'") == [(0,)]
    assert record(explained).state == "待认定"


@pytest.mark.usefixtures("database")
def test_a_run_that_was_stopped_before_filing_away_repeats_nothing(explained: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fill(explained, P01={"办理意见": "同意认定"}, own={"区域": "瓯海区", "办理意见": "免报"})

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.decisions.sheets_in._file_away", stopped)
        with pytest.raises(KeyboardInterrupt):
            run_now(explained, now=NEXT)
    assert path.exists()
    told = run_now(explained, now=NEXT + dt.timedelta(hours=1)).told
    assert told[0] == "市级办理单“办理单.xlsx”：已办理0项；0项未办理。"
    assert len([line for line in told if "此前已办理" in line]) == 2
    assert rows(explained, "select act from decisions order by id") == [("explain",), ("approve",), ("excuse",)]
    assert not path.exists()
    assert (record(explained).state, record(explained, district="瓯海区").state) == ("审核通过", "免报")


@pytest.mark.usefixtures("database")
def test_withdrawn_twice_by_the_same_book_is_withdrawn_once(explained: Workspace) -> None:
    """The second time the version before would be the latest one."""
    own = {"区域": "鹿城区", "办理意见": "撤回"}
    first = fill(explained, own=own).read_bytes()
    assert run_now(explained, now=NEXT).told[0].endswith("已办理1项；0项未办理。")
    (explained.root / "办理" / "另存.xlsx").write_bytes(first)
    assert "此前已办理" in run_now(explained, now=NEXT + dt.timedelta(hours=1)).told[1]
    assert rows(explained, "select count(*) from decisions where act = 'withdraw'") == [(1,)]


def test_the_same_wish_in_a_later_book_is_another_decision(explained: Workspace) -> None:
    own = {"区域": "鹿城区", "办理意见": "人工退回", "办理内容": "企业数与名单不符"}
    fill(explained, own=own)
    run_now(explained, now=NEXT)
    drop(explained, "鹿城区2025年3月更正.xlsx", write_return(spec(explained.programme, "鹿城区", MARCH, (12, 22, 8, 5))))
    run_now(explained, now=NEXT + dt.timedelta(hours=1))
    assert record(explained).state == "审核通过"
    fill(explained, own=own)
    assert run_now(explained, now=NEXT + dt.timedelta(hours=2)).told[0].endswith("已办理1项；0项未办理。")
    assert record(explained).state == "退回"


def test_a_listed_file_that_was_withdrawn_since_has_changed(explained: Workspace) -> None:
    path = fill(explained, F17={"办理意见": "撤回"})
    kept = path.read_bytes()
    path.unlink()
    decide(explained, "withdraw", NEXT, district="龙湾区", file="龙湾区2025年3月20.xlsx")
    path.write_bytes(kept)
    told = run_now(explained, now=NEXT + dt.timedelta(hours=1)).told
    assert told[1].endswith("未办理：该事项已变化，请重新办理。")


def test_what_one_book_approves_and_refuses_is_left_undone_and_told(explained: Workspace) -> None:
    opposed = {"区域": "鹿城区", "规则编号": "P01", "办理意见": "不予认定"}
    fill(explained, P01={"办理意见": "同意认定"}, own=opposed)
    first, *told = run_now(explained, now=NEXT).told
    assert first.endswith("已办理0项；2项未办理。")
    assert [line.partition("：")[2] for line in told] == [explained.programme.wording["decisions"]["refused"]["at_odds"]] * 2
    assert rows(explained, "select act from decisions") == [("explain",)]
    assert record(explained).state == "待认定"


def test_every_sheet_of_a_workbook_counts(explained: Workspace) -> None:
    path = fill(explained, P01={"办理意见": "同意认定"})
    workbook = openpyxl.load_workbook(path)
    copy = workbook.copy_worksheet(workbook.worksheets[0])
    for row in range(HEADER + 1, copy.max_row + 1):
        copy.cell(row, 11).value = None
        copy.cell(row, 13).value = None
    own = next(row for row in range(HEADER + 1, copy.max_row + 1) if not copy.cell(row, 4).value)
    for column, text in ((2, "瓯海区"), (11, "免报"), (13, "来函"), (15, "张三")):
        copy.cell(own, column).value = text
    workbook.save(path)
    assert run_now(explained, now=NEXT).told == ("市级办理单“办理单.xlsx”：已办理2项；0项未办理。",)
    assert record(explained, district="瓯海区").state == "免报"


def test_a_damaged_workbook_stays_and_is_named(explained: Workspace) -> None:
    path = fill(explained, P01={"办理意见": "同意认定"})
    path.write_bytes(path.read_bytes()[:3000])
    (told,) = run_now(explained, now=NEXT).told
    assert told == "“办理单.xlsx”无法读取（文件已损坏），未处理。"
    assert path.exists()


def test_one_that_cannot_be_read_by_an_internal_error_stays_and_keeps_no_return_waiting(
    explained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = drop(explained, "../办理/raise办理单.xlsx", book(explained).read_bytes())
    monkeypatch.setattr(decision_reading, "read_book", hostile.read_book)
    drop(explained, "瓯海区.xlsx", write_return(spec(explained.programme, "瓯海区", MARCH, (4, 10, 5, 3))))
    outcome = run_now(explained, now=NEXT)
    assert [str(file.status) for file in outcome.files] == ["accepted"]
    assert any("raise办理单.xlsx" in line for line in outcome.told)
    assert laid.exists()
