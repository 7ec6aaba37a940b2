"""``annex2 assess``: the year-end bulletin as issued, whatever came after, and how each district reported in the year."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.products.assessment.figures import Assessment, Conduct
from pipeline.products.figures.progress import progress
from pipeline.run.books import assessment_of
from pipeline.run.rebuild import rebuild
from pipeline.workspace.workspace import Workspace
from tests.support.command import annex2
from tests.support.copied_workspaces import copied
from tests.support.issued import issue, reopen, reported, values_of, view
from tests.support.workbooks import one_page_wide, opened, printed_around, texts
from tests.support.workspaces import DECEMBER, SEPTEMBER, drop_return, run_now, workspace_at

OCTOBER, JANUARY = dt.datetime(2024, 10, 8, 2, tzinfo=dt.UTC), dt.datetime(2025, 1, 8, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DEADLINES = '[deadlines]\ndates = {"2024-09-30" = "2024-10-08", "2024-12-31" = "2025-01-07"}\n'


def assessed(office: Workspace, year: int = 2024) -> Assessment | None:
    with office.ledger() as ledger, ledger.reading() as connection:
        return assessment_of(connection, office, year)


def certain(office: Workspace, year: int = 2024) -> Assessment:
    found = assessed(office, year)
    assert found
    return found


def conduct(office: Workspace, district: str) -> Conduct:
    return next(line.conduct for line in certain(office).districts if line.line.name == district)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """Every district reported December, and it is issued."""
    return copied(issued_in_december, tmp_path)


def issued_in_december(folder: Path) -> Workspace:
    office = reported(folder, period=DECEMBER)
    issue(office, period=DECEMBER)
    return office


def test_figures_are_those_of_the_bulletin(office: Workspace) -> None:
    table = progress(office.programme, view(office, DECEMBER))
    found = certain(office)
    assert [line.line for line in found.districts] == list(table.rows)
    assert found.city.line == table.city
    counts = [tuple(count.value for count in line.counts) for line in found.districts]
    assert counts == [values_of(office, district) for district in office.programme.district_names]


def test_what_comes_after_the_issue_changes_no_figure(office: Workspace) -> None:
    before = certain(office)
    drop_return(office, "鹿城区", SEPTEMBER, (3, 4, 2, 1))
    reopen(office, period=DECEMBER)
    drop_return(office, "鹿城区", DECEMBER, (9, 9, 3, 2))
    run_now(office, now=dt.datetime(2025, 4, 21, tzinfo=dt.UTC))
    after = certain(office)
    assert view(office, DECEMBER).values["鹿城区", "enterprises"].value == 9
    assert [line.figures[:11] for line in after.districts] == [line.figures[:11] for line in before.districts]
    assert (before.reopened, after.reopened) == (False, True)


def test_the_year_before_counts_as_it_stood_at_the_issue(tmp_path: Path) -> None:
    office, end = workspace_at(tmp_path), dt.date(2025, 12, 31)
    for period, value in ((DECEMBER, 4), (end, 10)):
        drop_return(office, "鹿城区", period, (value, 8, 4, 2))
    run_now(office, now=dt.datetime(2026, 1, 8, tzinfo=dt.UTC))
    others = [name for name in office.programme.district_names if name != "鹿城区"]
    now = dt.datetime(2026, 1, 9, tzinfo=dt.UTC)
    issue(office, *others, reason="领导批示同意", now=now, period=end)
    drop_return(office, "鹿城区", DECEMBER, (5, 8, 4, 2))
    run_now(office, now=now + DAY)
    (line,) = [line.line for line in certain(office, 2025).districts if line.line.name == "鹿城区"]
    assert line.annual == 10 - 4


def test_late_returned_and_absent_periods_are_counted(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(DEADLINES, encoding="utf-8")
    office = workspace_at(tmp_path)
    for district in office.programme.district_names[2:]:
        drop_return(office, district, SEPTEMBER, values_of(office, district))
    drop_return(office, "鹿城区", SEPTEMBER, (-1, 5, 3, 1))
    run_now(office, now=OCTOBER + 3 * DAY)
    for name in office.programme.district_names:
        drop_return(office, name, DECEMBER, tuple(value + 1 for value in values_of(office, name)))
    run_now(office, now=JANUARY - 5 * DAY)
    issue(office, period=DECEMBER, now=JANUARY)
    assert conduct(office, "鹿城区") == Conduct(late=1, returned=1)
    assert conduct(office, "龙湾区") == Conduct(absent=1)
    assert conduct(office, "瓯海区") == Conduct(late=1)
    assert certain(office).city.conduct == Conduct(late=12, returned=1, absent=1)


def test_a_bulletin_issued_without_a_district_counts_as_absent_and_its_late_return_as_no_correction(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区", period=DECEMBER)
    issue(office, "龙湾区", reason="领导批示同意", period=DECEMBER)
    assert conduct(office, "龙湾区") == Conduct(absent=1)
    assert certain(office).districts[1].figures[:5] == ("未报", "未报", "未报", "未报", None)


def test_every_restatement_is_one_correction(office: Workspace) -> None:
    for number in (1, 2):
        reopen(office, now=dt.datetime(2025, 5, number, 1, tzinfo=dt.UTC), period=DECEMBER)
        drop_return(office, "龙湾区", DECEMBER, (4 + number, 6 + number, 3, 1))
        run_now(office, now=dt.datetime(2025, 5, number, 2, tzinfo=dt.UTC))
        issue(office, reason="更正", now=dt.datetime(2025, 5, number, 3, tzinfo=dt.UTC), period=DECEMBER)
    assert conduct(office, "龙湾区") == Conduct(corrected=2)
    assert certain(office).city.conduct == Conduct(corrected=2)
    assert certain(office).issue.number == 3


# --- the command and the workbook


def test_the_command_writes_the_workbook_and_shows_it(office: Workspace) -> None:
    path = office.outbox / "年度考核_2024.xlsx"
    written = path.read_bytes()
    path.unlink()
    done = annex2("assess", "2024", folder=office.root)
    assert (done.status, done.output, path.read_bytes()) == (0, b"", written)
    assert done.said.endswith(f"年度考核：{path}\n")
    assert [line.split()[1] for line in done.said.splitlines() if line.startswith("│")] == [
        *office.programme.district_names,
        "全市",
    ]


def test_the_workbook_is_one_internal_page(office: Workspace) -> None:
    (sheet,) = opened((office.outbox / "年度考核_2024.xlsx").read_bytes()).worksheets
    assert sheet.title == "2024年度考核"
    assert texts(sheet)[:2] == ["2024年度“科技副总”工作考核数据表", "截至2024年底"]
    assert printed_around(sheet) == ("内部资料，不得外传", "第&P页　共&N页")
    assert one_page_wide(sheet)
    note = texts(sheet)[-1]
    assert note.startswith("注：1.累计数、年度新增、完成率和位次为截至2024年底通报第1次定稿所载数据。2.2024年为首年，")
    assert "按2024年1个报告期（2024年底）截至数据时间的台账统计" in note


def test_rebuild_brings_it_back_byte_for_byte(office: Workspace) -> None:
    before = (office.outbox / "年度考核_2024.xlsx").read_bytes()
    shutil.rmtree(office.outbox)
    rebuild(office, None)
    assert (office.outbox / "年度考核_2024.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2025", "截至2025年底尚未定稿，不能生成2025年度考核数据。请先定稿：annex2 issue 2025-12-31 --by 姓名\n"),
        ("去年", "用法有误：YEAR的内容不符合要求\n请运行 annex2 --help 查看用法。\n"),
    ],
)
def test_a_year_that_is_not_issued_is_refused(tmp_path: Path, year: str, said: str) -> None:
    done = annex2("assess", year, folder=tmp_path)
    assert (done.status, done.output, done.said) == (2, b"", said)
    assert not (tmp_path / "outbox").exists()
