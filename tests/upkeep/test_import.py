"""import: a consolidated table of an earlier time becomes the baseline, whole and with its cells, or nothing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.decisions import Refused, Request
from pipeline.decisions.record import record_request
from pipeline.model import Act
from pipeline.run import run_waiting
from pipeline.run.rebuild import publish_outdated
from pipeline.upkeep.baseline import Imported, ImportRefused, import_baseline
from pipeline.workspace.workspace import Workspace
from tests.support.command import annex2
from tests.support.issued import issue, reported, tree, values_of
from tests.support.workspaces import DECEMBER, MARCH, by_name, drop, drop_return, rows, rules, run_now, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

YEAR_END = dt.date(2023, 12, 31)
NOW = dt.datetime(2025, 4, 1, 2, tzinfo=dt.UTC)

Value = int | str | float | None


def table(
    office: Workspace,
    folder: Path,
    changes: Mapping[str, Sequence[Value]] | None = None,
    total: Sequence[Value] = (),
    name: str = "汇总.xlsx",
) -> Path:
    """A consolidated table: each district's ``values_of``, but for ``changes``; districts stand from row 4 on."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "附件2"
    sheet.append(["各县（市、区）“科技副总”工作情况通报表"])
    sheet.append(["截至2023年12月底"])
    sheet.append(["区域", *(f"{each.name}（{each.unit}）" for each in office.programme.indicators)])
    for district in office.programme.district_names:
        sheet.append([district, *(changes or {}).get(district, values_of(office, district))])
    sheet.append(["总数", *total])
    workbook.save(folder / name)
    return folder / name


def take(
    office: Workspace, path: Path, period: dt.date = YEAR_END, by: str = "张三", reason: str = "", now: dt.datetime = NOW
) -> Imported:
    with office.locked():
        imported = import_baseline(office, path, period, by, now, reason)
        publish_outdated(office)
    return imported


def take_back(office: Workspace, district: str | None = "龙湾区", file: str | None = None, period: dt.date = YEAR_END) -> None:
    """The withdrawal of a baseline, and what waits judged again."""
    request = Request(Act.WITHDRAW, "张三", "导入有误", district, period, file=file)
    with office.locked():
        with office.ledger() as ledger:
            record_request(ledger, office, request, NOW)
        run_waiting(office, NOW)


def in_force(office: Workspace, period: dt.date = YEAR_END) -> dict[str, int]:
    """district → its value in force of the second indicator."""
    query = (
        "select v.district, o.value from versions v join observations o on o.version_id = v.id where v.period = :day "
        "and o.indicator = 'projects' and v.id not in (select version_id from retractions) order by v.number"
    )
    return {row[0]: row[1] for row in rows(office, query, day=period.isoformat())}


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    (tmp_path / "office").mkdir()
    return workspace_at(tmp_path / "office")


def test_every_value_is_taken_over_with_its_cell(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path)
    assert take(office, path) == Imported(office.programme.district_names, ())
    query = (
        "select v.period, v.number, o.value, o.sheet, o.cell, s.file, s.sha256 from versions v "
        "join observations o on o.version_id = v.id join judgements j on j.id = v.judgement_id "
        "join submissions s on s.id = j.submission_id where v.district = '龙湾区' and o.indicator = 'projects'"
    )
    ((period, number, value, sheet, cell, file, sha256),) = rows(office, query)
    assert (period, number, value, sheet, cell, file) == ("2023-12-31", 1, 6, "附件2", "C5", "汇总.xlsx")
    assert tree(office.root / "ledger" / "originals") == {sha256: path.read_bytes()}
    assert rows(office, "select act, by, period from decisions") == [("import", "张三", "2023-12-31")]


@pytest.mark.usefixtures("products")
def test_a_baseline_is_no_bulletin_of_ours(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    assert set(tree(office.outbox)) == {"总台账.xlsx"}


def test_returns_are_held_against_the_baseline(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    name = drop_return(office, "龙湾区", MARCH, (3, 6, 3, 1))
    assert rules(by_name(run_now(office))[name]) == ["P01"]


def test_the_same_file_in_the_inbox_is_no_repeated_return(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path)
    take(office, path)
    drop(office, "龙湾区2025年3月.xlsx", path.read_bytes())
    (file,) = run_now(office).files
    assert not {"F07", "F13"} & set(rules(file))


@pytest.mark.usefixtures("products")
def test_a_period_after_the_baseline_is_published_again(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", MARCH, values_of(office, "龙湾区"))
    run_now(office)
    before = tree(office.outbox)
    take(office, table(office, tmp_path))
    assert {name.split("/")[0] for name in tree(office.outbox)} == {"2025-03-31", "总台账.xlsx"}
    assert tree(office.outbox) != before


def test_districts_without_numbers_are_left_out_and_named(office: Workspace, tmp_path: Path) -> None:
    changes: dict[str, list[Value]] = {"龙湾区": ["未报"] * 4, "瓯海区": [None] * 4}
    assert take(office, table(office, tmp_path, changes)).without == ("龙湾区", "瓯海区")


REFUSALS: dict[str, tuple[dict[str, Sequence[Value]], Sequence[Value], str]] = {
    "a fraction": ({"龙湾区": (4, 6.5, 3, 1)}, (), "龙湾区“开展技术攻关项目数”（C5单元格）为“6.5”"),
    "words": ({"龙湾区": (4, "约6", 3, 1)}, (), "（C5单元格）为“约6”"),
    "far too many": ({"龙湾区": (4, 60000, 3, 1)}, (), "龙湾区“开展技术攻关项目数”（C5单元格）为“60000”：数值过大"),
    "a total in words": ({}, ("约52",), "总数“已选派“科技副总”企业数”（B17单元格）为“约52”：不是确数"),
    "a blank": ({"龙湾区": (4, None, 3, 1)}, (), "（C5单元格）为“（空）”"),
    "another total": ({}, (1, 2, 3, 4), "总数为1，各地合计为52"),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS.keys())
def test_one_wrong_cell_keeps_everything_out(
    office: Workspace, tmp_path: Path, case: tuple[dict[str, Sequence[Value]], Sequence[Value], str]
) -> None:
    changes, total, said = case
    with pytest.raises(ImportRefused) as refused:
        take(office, table(office, tmp_path, changes, total))
    assert said in "".join(refused.value.lines)
    assert rows(office, "select count(*) from submissions") == [(0,)]


def hide_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[5].hidden = True


def hide_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["C"].hidden = True


def merge_districts(sheet: Worksheet) -> None:
    sheet.merge_cells("C5:C6")


LAYOUTS = {
    "a hidden row": (hide_row, "第5行"),
    "a hidden column": (hide_column, "C列"),
    "one cell of two": (merge_districts, "C5:C6"),
}


@pytest.mark.parametrize("case", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_what_would_be_asked_of_a_return_keeps_everything_out(
    office: Workspace, tmp_path: Path, case: tuple[Callable[[Worksheet], None], str]
) -> None:
    change, said = case
    path = table(office, tmp_path)
    workbook = openpyxl.load_workbook(path)
    change(workbook["附件2"])
    workbook.save(path)
    with pytest.raises(ImportRefused) as refused:
        take(office, path)
    assert any(line.startswith("龙湾区：") and said in line for line in refused.value.lines)
    assert rows(office, "select count(*) from submissions") == [(0,)]


def dated(path: Path, text: str) -> Path:
    """The table, stating another period."""
    workbook = openpyxl.load_workbook(path)
    workbook["附件2"]["A2"] = text
    workbook.save(path)
    return path


def test_nothing_is_imported_into_an_issued_period(tmp_path: Path) -> None:
    office = reported(tmp_path / "reported", "泰顺县")
    assert issue(office, "泰顺县", reason="来函说明").folder
    blank: dict[str, Sequence[Value]] = {name: [None] * 4 for name in office.programme.district_names if name != "泰顺县"}
    path = dated(table(office, tmp_path, blank), "截至2025年3月底")
    with pytest.raises(ImportRefused, match="已定稿"):
        take(office, path, MARCH)


def test_what_a_return_said_is_not_written_over(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", MARCH, values_of(office, "龙湾区"))
    run_now(office)
    path = dated(table(office, tmp_path), "截至2025年3月底")
    with pytest.raises(ImportRefused, match="龙湾区2025年3月底已有报送"):
        take(office, path, MARCH)


def test_a_baseline_is_mended_by_another(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    take(office, table(office, tmp_path, {"龙湾区": (5, 6, 3, 1)}, name="更正.xlsx"))
    query = "select district, number from versions where number > 1"
    assert rows(office, query) == [("龙湾区", 2)]


def refused(office: Workspace, path: Path, period: dt.date = YEAR_END, reason: str = "") -> str:
    """What is said when nothing is taken over, and nothing is."""
    before = rows(office, "select count(*) from submissions")
    with pytest.raises(ImportRefused) as told:
        take(office, path, period, reason=reason)
    assert rows(office, "select count(*) from submissions") == before
    return "\n".join(told.value.lines)


def plain(path: Path) -> Path:
    """The table, stating no period."""
    return dated(path, "科技副总")


PERIODS = {
    "not ended": (dt.date(2025, 12, 31), "2025年底尚未到填报时间。"),
    "ends in a few days": (dt.date(2025, 4, 5), "2025年4月5日尚未到填报时间。"),
    "no end of a period": (dt.date(2024, 5, 15), "2024年5月15日不是报告期末。"),
    "no end before the programme": (dt.date(2023, 12, 25), "2023年12月25日不是报告期末。"),
}


@pytest.mark.parametrize("case", PERIODS.values(), ids=PERIODS.keys())
def test_a_period_that_is_none_or_has_not_ended_takes_no_baseline(
    office: Workspace, tmp_path: Path, case: tuple[dt.date, str]
) -> None:
    period, said = case
    assert refused(office, plain(table(office, tmp_path)), period) == said


CALLED = {
    "before all that was called": (dt.date(2024, 3, 31), ""),
    "one that was called": (dt.date(2024, 6, 30), ""),
    "between": (dt.date(2024, 9, 30), "2024年9月底未布置填报，现布置的报告期为2024年6月底、2024年底。"),
    "after": (MARCH, "2025年3月底未布置填报，现布置的报告期为2024年6月底、2024年底。"),
}


@pytest.mark.parametrize("case", CALLED.values(), ids=CALLED.keys())
def test_what_was_called_counts_from_its_first_period_on(office: Workspace, tmp_path: Path, case: tuple[dt.date, str]) -> None:
    (office.root / "settings.toml").write_text('[periods]\ncalled = ["2024-06-30", "2024-12-31"]\n', encoding="utf-8")
    office, (period, said) = workspace_at(office.root), case
    path = plain(table(office, tmp_path))
    if said:
        assert refused(office, path, period) == said
    else:
        assert len(take(office, path, period).districts) == 13


CONTRADICTIONS = ["截至2023年12月25日", "截至6月底", "截至2023年11月31日"]


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_a_table_that_says_it_is_of_another_time_is_refused(office: Workspace, tmp_path: Path, text: str) -> None:
    assert refused(office, dated(table(office, tmp_path), text)).startswith("报告期不一致：")


def test_a_value_above_a_later_one_is_asked_about(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", MARCH, (4, 6, 3, 1))
    run_now(office)
    path = table(office, tmp_path, {"龙湾区": (4, 7, 3, 1)})
    assert refused(office, path) == (
        "龙湾区：“开展技术攻关项目数”为7，高于2025年3月底已审核的6。\n请逐项核对；数据无误的，请用--reason写明原因后再导入。"
    )


def test_a_value_below_an_earlier_one_is_asked_about(office: Workspace, tmp_path: Path) -> None:
    take(office, dated(table(office, tmp_path, name="2022.xlsx"), "截至2022年12月底"), dt.date(2022, 12, 31))
    path = table(office, tmp_path, {"龙湾区": (4, 5, 3, 1)})
    assert refused(office, path).startswith("龙湾区：“开展技术攻关项目数”由2022年底的6降为5，减少1项；累计数不应减少。")


def test_each_neighbour_is_the_nearest(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", DECEMBER, (4, 9, 3, 1))
    drop_return(office, "龙湾区", MARCH, (4, 10, 3, 1))
    run_now(office)
    assert take(office, table(office, tmp_path, {"龙湾区": (4, 9, 3, 1)})).asked == ()


def test_what_is_confirmed_is_taken_over_with_its_reason(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", MARCH, (4, 6, 3, 1))
    run_now(office)
    imported = take(office, table(office, tmp_path, {"龙湾区": (4, 7, 3, 1)}), reason="1家企业迁出")
    assert [(found.rule, found.district, found.observed, found.expected) for found in imported.asked] == [
        ("P08", "龙湾区", "7", "6")
    ]
    assert in_force(office)["龙湾区"] == 7
    assert rows(office, "select reason from decisions") == [("导入汇总表“汇总.xlsx”作为基期数：1家企业迁出",)]
    query = (
        "select f.rule, f.state, f.note from findings f join judgements j on j.id = f.judgement_id where j.status = 'baseline'"
    )
    assert rows(office, query) == [("P08", "approved", "同意认定（张三，2025年4月1日）")]


@pytest.mark.usefixtures("products")
def test_a_baseline_taken_back_is_as_if_it_had_never_been(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path, {"龙湾区": (4, 66, 3, 1)}))
    name = drop_return(office, "龙湾区", MARCH, (4, 6, 3, 1))
    assert rules(by_name(run_now(office))[name]) == ["P01"]
    take_back(office)
    assert "龙湾区" not in in_force(office)
    assert len(in_force(office)) == 12
    assert in_force(office, MARCH) == {"龙湾区": 6}
    assert not (office.outbox / "2023-12-31").exists()


@pytest.mark.usefixtures("products")
def test_all_that_came_with_a_file_is_taken_back_at_once(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    take_back(office, None, "汇总.xlsx")
    assert in_force(office) == {}
    assert rows(office, "select act, district from decisions order by id")[1:] == [("withdraw", None)]
    assert not (office.outbox / "2023-12-31").exists()


def test_what_was_taken_back_can_be_imported_again(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path)
    for now in (NOW, NOW + dt.timedelta(hours=1)):
        take(office, path, now=now)
        take_back(office, None)
    take(office, path, now=NOW - dt.timedelta(hours=1))
    assert len(in_force(office)) == 13
    assert rows(office, "select distinct number from versions order by 1") == [(1,), (2,), (3,)]


def test_one_district_is_not_taken_back_with_another(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    take_back(office, "鹿城区", "汇总.xlsx")
    with pytest.raises(Refused, match="no_file"):
        take_back(office, "鹿城区")
    assert len(in_force(office)) == 12


def test_of_two_files_the_one_meant_is_named(office: Workspace, tmp_path: Path) -> None:
    take(office, table(office, tmp_path))
    take(office, table(office, tmp_path, {"龙湾区": (4, 7, 3, 1)}, name="更正.xlsx"))
    with pytest.raises(Refused, match="which"):
        take_back(office, None)
    take_back(office, None, "更正.xlsx")
    assert in_force(office)["龙湾区"] == 6


def alone(office: Workspace, district: str, values: Sequence[Value]) -> dict[str, Sequence[Value]]:
    """Changes that leave the numbers of one district only."""
    return {name: values if name == district else ["未报"] * 4 for name in office.programme.district_names}


@pytest.fixture
def rested(tmp_path: Path) -> Workspace:
    """A baseline, and a bulletin issued after it."""
    office = workspace_at(tmp_path / "rested")
    take(office, table(office, tmp_path, alone(office, "龙湾区", (3, 5, 2, 1))))
    reported(office.root)
    assert issue(office).folder
    return office


def test_a_baseline_beneath_an_issued_bulletin_stays(rested: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        take_back(rested)
    assert told.value.text(rested.programme) == "龙湾区2023年底的基期数已用于截至2025年3月底通报，不能撤回。"
    said = refused(rested, table(rested, tmp_path, alone(rested, "龙湾区", (3, 4, 2, 1)), name="更正.xlsx"))
    assert said == "龙湾区2023年底的基期数已用于截至2025年3月底通报，不能再改动。"
    assert in_force(rested) == {"龙湾区": 5}


def test_a_baseline_that_came_after_the_bulletin_is_taken_back(tmp_path: Path) -> None:
    office = reported(tmp_path / "reported")
    assert issue(office).folder
    take(office, table(office, tmp_path))
    take_back(office, None)
    assert in_force(office) == {}


def test_the_same_numbers_once_more_change_nothing(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path)
    take(office, path)
    assert take(office, path) == Imported((), (), office.programme.district_names)
    assert rows(office, "select count(*) from submissions") == [(13,)]
    assert rows(office, "select count(*) from decisions") == [(1,)]


def test_one_file_is_not_the_table_of_two_periods(office: Workspace, tmp_path: Path) -> None:
    path = plain(table(office, tmp_path))
    take(office, path)
    said = "该文件已作为2023年底的基期数导入，请核对是否选错文件或报告期；以前导入有误的，请先撤回。"
    assert refused(office, path, dt.date(2022, 12, 31)) == said
    take_back(office, None)
    take(office, path, dt.date(2022, 12, 31))
    assert len(in_force(office, dt.date(2022, 12, 31))) == 13


def test_a_table_of_another_period_is_refused(office: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="2023年底"):
        take(office, table(office, tmp_path), dt.date(2022, 12, 31))


def test_who_may_not_decide_may_not_import(office: Workspace, tmp_path: Path) -> None:
    (office.root / "settings.toml").write_text('[decide]\nnames = ["李四"]\n', encoding="utf-8")
    with pytest.raises(Refused, match="name"):
        take(workspace_at(office.root), table(office, tmp_path))


@pytest.mark.usefixtures("commands")
def test_the_commands_ask_and_take_back(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "龙湾区", MARCH, (4, 6, 3, 1))
    run_now(office)
    path = table(office, tmp_path, {"龙湾区": (4, 7, 3, 1)})
    import_it = ("import", path, "--period", "2023-12-31", "--by", "张三")
    done = annex2(*import_it, folder=office.root)
    assert (done.status, done.said.splitlines()[0]) == (1, "未导入，台账未作改动：")
    done = annex2(*import_it, "--reason", "1家企业迁出", folder=office.root)
    assert done.status == 0
    assert done.said.splitlines()[:3] == [
        "已导入截至2023年底的基期数：13个地区。",
        "以下各项按写明的原因导入：",
        "　龙湾区：“开展技术攻关项目数”为7，高于2025年3月底已审核的6。",
    ]
    again = ("withdraw", "--period", "2023-12-31", "--file", "汇总.xlsx", "--by", "张三", "--reason", "导入有误")
    done = annex2(*again, folder=office.root)
    assert (done.status, done.said.splitlines()[0]) == (0, "已记录：张三撤回2023年底的报表“汇总.xlsx”。")
    assert annex2(*again, folder=office.root).status == 2


@pytest.mark.usefixtures("commands")
def test_the_command_says_what_it_did(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path, {"龙湾区": ["未报"] * 4})
    done = annex2("import", path, "--period", "2023-12-31", "--by", "张三", folder=office.root)
    assert (done.status, done.said.split()) == (0, ["已导入截至2023年底的基期数：12个地区。", "表中没有数的地区：龙湾区。"])
    bad = table(office, tmp_path, {"龙湾区": (4, "约6", 3, 1)}, name="约数.xlsx")
    done = annex2("import", bad, "--period", "2023-12-31", "--by", "张三", folder=office.root)
    assert done.status == 1
    assert done.said.startswith("未导入，台账未作改动：")
