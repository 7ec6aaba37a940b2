"""import: a consolidated table of an earlier time becomes the baseline, whole and with its cells, or nothing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.baseline import Imported, ImportRefused, import_baseline
from pipeline.decisions import Refused
from pipeline.outbox import publish_outdated
from pipeline.workspace import Workspace
from tests.command import annex2
from tests.issued import issue, reported, tree, values_of
from tests.workspaces import MARCH, by_name, drop, drop_return, rows, rules, run_now, workspace_at

pytestmark = pytest.mark.usefixtures("database")

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


def take(office: Workspace, path: Path, period: dt.date = YEAR_END, by: str = "张三") -> Imported:
    with office.locked():
        imported = import_baseline(office, path, period, by, NOW)
        publish_outdated(office)
    return imported


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


def test_a_table_of_another_period_is_refused(office: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="2023年底"):
        take(office, table(office, tmp_path), dt.date(2022, 12, 31))


def test_who_may_not_decide_may_not_import(office: Workspace, tmp_path: Path) -> None:
    (office.root / "settings.toml").write_text('[decide]\nnames = ["李四"]\n', encoding="utf-8")
    with pytest.raises(Refused, match="name"):
        take(workspace_at(office.root), table(office, tmp_path))


def test_the_command_says_what_it_did(office: Workspace, tmp_path: Path) -> None:
    path = table(office, tmp_path, {"龙湾区": ["未报"] * 4})
    done = annex2("import", path, "--period", "2023-12-31", "--by", "张三", folder=office.root)
    assert (done.status, done.said.split()) == (0, ["已导入截至2023年底的基期数：12个地区。", "表中没有数的地区：龙湾区。"])
    bad = table(office, tmp_path, {"龙湾区": (4, "约6", 3, 1)}, name="约数.xlsx")
    done = annex2("import", bad, "--period", "2023-12-31", "--by", "张三", folder=office.root)
    assert done.status == 1
    assert done.said.startswith("未导入，台账未作改动：")
