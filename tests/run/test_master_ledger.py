"""总台账: everything accepted and decided, the newest periods in the workbook, older ones beside it, the same bytes again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from pathlib import Path

import pytest

from pipeline.decisions import Request
from pipeline.decisions.record import record_request
from pipeline.model import Act
from pipeline.run import run_waiting
from pipeline.run.books import write_master_ledger
from pipeline.run.rebuild import rebuild
from pipeline.workspace.workspace import Workspace, open_workspace
from tests.returns import write_return
from tests.support.command import annex2
from tests.support.workbooks import opened, printed_around, table, texts
from tests.support.workspaces import DECEMBER, MARCH, NOW, SEPTEMBER, drop_return, run_now, spec, tree, workspace_at

HOUR = dt.timedelta(hours=1)
SECOND = {"鹿城区": (14, 23, 9, 5), "龙湾区": (15, 27, 9, 5)}


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """Two districts, three periods; 鹿城区 sent March twice, 龙湾区's December was withdrawn."""
    office = workspace_at(tmp_path)
    for number, period in enumerate((SEPTEMBER, DECEMBER, MARCH)):
        for place, district in enumerate(SECOND):
            drop_return(office, district, period, (10 + number, 20 + number + place, 8, 4))
    run_now(office)
    drop_return(office, "鹿城区", MARCH, SECOND["鹿城区"])
    run_now(office, now=NOW + HOUR)
    request = Request(Act.WITHDRAW, "张三", "来函撤回", "龙湾区", DECEMBER, basis="2025年4月2日来函")
    with office.locked():
        with office.ledger() as ledger:
            record_request(ledger, office, request, NOW + 2 * HOUR)
        run_waiting(office, NOW + 2 * HOUR)
    return office


def book(office: Workspace, sheet: str) -> list[dict[str, object]]:
    return table(opened((office.outbox / "总台账.xlsx").read_bytes())[sheet], "报告期")


def test_values_in_force_stand_newest_first_and_none_for_what_is_withdrawn(office: Workspace) -> None:
    found = [(row["报告期"], row["区域"], row["状态"], row["版次"], row["已选派企业数（家）"]) for row in book(office, "数值")]
    assert found == [
        ("2025年3月底", "鹿城区", "有效", "第2版", 14),
        ("2025年3月底", "龙湾区", "有效", "第1版", 12),
        ("2024年底", "鹿城区", "有效", "第1版", 11),
        ("2024年底", "龙湾区", "已撤回", "第1版", "—"),
        ("2024年9月底", "鹿城区", "有效", "第1版", 10),
        ("2024年9月底", "龙湾区", "有效", "第1版", 10),
    ]


def test_every_version_stays_with_the_time_it_ended(office: Workspace) -> None:
    found = [(row["区域"], row["版次"], row["状态"], row["入账时间"], row["失效时间"]) for row in book(office, "版次")[:5]]
    assert found == [
        ("鹿城区", "第1版", "已替换", "2025年4月3日10:00", "2025年4月3日11:00"),
        ("鹿城区", "第2版", "有效", "2025年4月3日11:00", "—"),
        ("龙湾区", "第1版", "有效", "2025年4月3日10:00", "—"),
        ("鹿城区", "第1版", "有效", "2025年4月3日10:00", "—"),
        ("龙湾区", "第1版", "已撤回", "2025年4月3日10:00", "2025年4月3日12:00"),
    ]


def test_findings_and_decisions_stand_together(office: Workspace) -> None:
    rows = book(office, "审核意见与认定")
    assert {(row["类别"], row["规则编号"], row["等级"]) for row in rows} >= {("审核意见", "T01", "提示性"), ("撤回", "—", "—")}
    (decided,) = [row for row in rows if row["类别"] == "撤回"]
    assert (decided["区域"], decided["内容"], decided["经办人"], decided["依据"]) == (
        "龙湾区",
        "来函撤回",
        "张三",
        "2025年4月2日来函",
    )


def test_every_value_of_every_version_has_its_source(office: Workspace) -> None:
    rows = book(office, "数据来源")
    assert len(rows) == 7 * 4
    assert {key: rows[4][key] for key in ("区域", "指标", "数值", "版次", "状态", "工作表")} == {
        "区域": "鹿城区",
        "指标": "已选派企业数",
        "数值": 14,
        "版次": "第2版",
        "状态": "有效",
        "工作表": "附件2",
    }
    assert all(len(str(row["文件校验值（SHA-256）"])) == 64 for row in rows)


def test_it_is_to_be_filtered_read_and_printed(office: Workspace) -> None:
    sheets = opened((office.outbox / "总台账.xlsx").read_bytes())
    assert sheets.sheetnames == ["数值", "版次", "审核意见与认定", "数据来源"]
    for sheet in sheets.worksheets:
        head = next(cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "报告期")
        assert str(sheet.auto_filter.ref) == f"A{head}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert sheet.freeze_panes == f"C{head + 1}"
        assert printed_around(sheet)[0] == "内部资料，不得外传"
        assert "数据时间：2025年4月3日12:00" in texts(sheet)
    assert not (office.outbox / "总台账").exists()


def test_rebuild_brings_it_back_byte_for_byte(office: Workspace) -> None:
    before = tree(office.outbox)
    shutil.rmtree(office.outbox)
    rebuild(office, None)
    assert tree(office.outbox) == before


def small(office: Workspace, **book: int) -> Workspace:
    lines = "".join(f"{name} = {value}\n" for name, value in book.items())
    (office.root / "settings.toml").write_text(f"[book]\n{lines}", encoding="utf-8")
    return open_workspace(office.root)


def test_periods_that_do_not_fit_go_beside_it_and_the_first_sheet_says_so(office: Workspace) -> None:
    office = small(office, rows=12)
    rebuild(office, None)
    assert {row["报告期"] for row in book(office, "数据来源")} == {"2025年3月底"}
    sheets = opened((office.outbox / "总台账.xlsx").read_bytes())
    told = "本表为2025年3月底及以后各期，以前各期见“总台账”文件夹中的CSV文件。"
    assert [told in texts(sheet) for sheet in sheets.worksheets] == [True, False, False, False]
    names = {path.name for path in (office.outbox / "总台账").iterdir()}
    assert names == {"数值_2024.csv", "版次_2024.csv", "审核意见与认定_2024.csv", "数据来源_2024.csv"}
    content = (office.outbox / "总台账" / "数值_2024.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["报告期"], row["区域"], row["已选派企业数（家）"]) for row in read] == [
        ("2024年底", "鹿城区", "11"),
        ("2024年底", "龙湾区", "—"),
        ("2024年9月底", "鹿城区", "10"),
        ("2024年9月底", "龙湾区", "10"),
    ]
    rebuild(small(office), None)
    assert not (office.outbox / "总台账").exists()


def test_no_text_of_a_csv_file_is_a_formula(office: Workspace) -> None:
    drop_return(office, "瓯海区", SEPTEMBER, (7, 9, 5, 2))
    (office.inbox / "瓯海区_2024年第三季度.xlsx").rename(office.inbox / "=瓯海区_2024年第三季度.xlsx")
    office = small(office, rows=1)
    run_now(office, now=NOW + 3 * HOUR)
    rebuild(office, None)
    content = (office.outbox / "总台账" / "版次_2024.csv").read_text(encoding="utf-8-sig")
    assert ",'=瓯海区_2024年第三季度.xlsx," in content
    assert "各期均见" in "".join(texts(opened((office.outbox / "总台账.xlsx").read_bytes())["数值"]))


def test_a_run_leaves_the_book_of_a_large_ledger_to_rebuild(office: Workspace) -> None:
    before = (office.outbox / "总台账.xlsx").read_bytes()
    office = small(office, versions=7)
    drop_return(office, "瓯海区", MARCH, (7, 9, 5, 2))
    run_now(office, now=NOW + 3 * HOUR)
    assert (office.outbox / "总台账.xlsx").read_bytes() == before
    rebuild(office, MARCH)
    assert (office.outbox / "总台账.xlsx").read_bytes() == before
    rebuild(office, None)
    assert "瓯海区" in {row["区域"] for row in book(office, "数值")}


def test_an_empty_ledger_has_no_book(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    with office.ledger() as ledger:
        write_master_ledger(ledger, office)
    assert not office.outbox.exists()


def test_a_baseline_stands_in_it_at_once(office: Workspace) -> None:
    """No bulletin is made for it, so nothing else in the outbox changes."""
    period = dt.date(2024, 6, 30)
    made = spec(office.programme, "洞头区", period, (3, 4, 2, 1))
    (office.root / "附件2.xlsx").write_bytes(write_return(made))
    done = annex2("import", "附件2.xlsx", "--period", "2024-06-30", "--by", "张三", folder=office.root)
    assert done.status == 0, done.said
    assert {row["区域"] for row in book(office, "数值") if row["报告期"] == "2024年6月底"} == {"洞头区"}
    before = tree(office.outbox)
    shutil.rmtree(office.outbox)
    rebuild(office, None)
    assert tree(office.outbox) == before
