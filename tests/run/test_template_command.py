"""``annex2 template``: what it writes, what it records, what it refuses, and that what it made is accepted when it comes back."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.ledger.settling import called_by_ledger
from pipeline.ledger.templates_made import prefilled
from pipeline.model import Prefilled
from pipeline.run.checking import check
from pipeline.run.rebuild import rebuild
from pipeline.run.templates import make_templates
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import Programme
from tests.support.command import annex2
from tests.support.filled_templates import JUNE, MARCH, OUHAI, fill, office_saved
from tests.support.workbooks import opened, texts
from tests.support.workspaces import drop, drop_return, rows, run_now, tree, workspace_at

APRIL, JULY = dt.datetime(2025, 4, 3, 2, 0, tzinfo=dt.UTC), dt.datetime(2025, 7, 3, 2, 0, tzinfo=dt.UTC)
FIRST, SECOND = (60, 110, 41, 30), (70, 118, 45, 33)
MADE = "select district, period, version, previous, prefilled from templates order by id"


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def made_for(office: Workspace, district: str, period: dt.date) -> bytes:
    return (office.outbox / period.isoformat() / "报表模板" / f"{district}_{period}_报表.xlsx").read_bytes()


# --- what it writes and records


def test_every_district_gets_its_template_at_once(tmp_path: Path, programme: Programme) -> None:
    done = annex2("template", "--period", "2025年6月底", folder=tmp_path)
    folder = tmp_path / "outbox" / "2025-06-30" / "报表模板"
    assert (done.status, done.output) == (0, b"")
    assert done.said.strip() == f"已制作报表模板13份：{folder}"
    assert {path.name for path in folder.iterdir()} == {f"{name}_2025-06-30_报表.xlsx" for name in programme.district_names}


def test_chosen_districts_in_a_chosen_folder(tmp_path: Path) -> None:
    done = annex2(
        "template", "--period", "2025-06-30", "--district", "海经", "--district", "鹿城区", "--out", "发出", folder=tmp_path
    )
    assert done.status == 0
    assert sorted(path.name for path in (tmp_path / "发出").iterdir()) == [
        "海经区_2025-06-30_报表.xlsx",
        "鹿城区_2025-06-30_报表.xlsx",
    ]
    assert not (tmp_path / "outbox").exists()


def test_previous_values_are_the_last_accepted_ones_whatever_lies_between(office: Workspace, programme: Programme) -> None:
    drop_return(office, OUHAI, dt.date(2024, 12, 31), (40, 100, 40, 20))
    drop_return(office, OUHAI, MARCH, FIRST)
    drop_return(office, "鹿城区", dt.date(2024, 12, 31), (20, 50, 20, 10))
    run_now(office)
    make_templates(office, JUNE, [OUHAI, "鹿城区", "龙港市"], None, JULY)
    with office.ledger() as ledger, ledger.reading() as connection:
        known = prefilled(connection, {(OUHAI, JUNE), ("鹿城区", JUNE), ("龙港市", JUNE), ("龙湾区", JUNE)})
    values = dict(zip(programme.indicator_ids, FIRST, strict=True))
    assert known[OUHAI, JUNE] == (Prefilled(programme.template_version, MARCH, values),)
    assert known["鹿城区", JUNE][0].previous == dt.date(2024, 12, 31)
    assert known["龙港市", JUNE] == (Prefilled(programme.template_version, None, {}),)
    assert ("龙湾区", JUNE) not in known


def test_later_and_equal_periods_are_not_previous(office: Workspace) -> None:
    for period in (JUNE, dt.date(2025, 9, 30)):
        drop_return(office, OUHAI, period, FIRST)
    run_now(office, now=dt.datetime(2025, 10, 3, tzinfo=dt.UTC))
    make_templates(office, JUNE, [OUHAI], None, JULY)
    assert rows(office, MADE)[0][3] is None


def test_a_template_makes_its_period_called(office: Workspace) -> None:
    make_templates(office, dt.date(2025, 7, 15), [OUHAI], None, JULY)
    with office.ledger() as ledger, ledger.reading() as connection:
        assert dt.date(2025, 7, 15) in called_by_ledger(connection)


def test_the_same_templates_made_again_are_the_same_files_and_one_entry(office: Workspace) -> None:
    make_templates(office, JUNE, [], None, JULY)
    before, entries = tree(office.outbox), rows(office, MADE)
    make_templates(office, JUNE, [], None, JULY + dt.timedelta(days=3))
    assert (tree(office.outbox), rows(office, MADE)) == (before, entries)
    assert len(entries) == 13


def test_a_template_with_other_previous_values_is_another_entry(office: Workspace) -> None:
    for period in (MARCH, JUNE):
        make_templates(office, period, [OUHAI], None, JULY)
    drop_return(office, OUHAI, MARCH, FIRST)
    run_now(office)
    make_templates(office, JUNE, [OUHAI], None, JULY)
    assert [row[3] for row in rows(office, MADE) if row[1] == "2025-06-30"] == [None, "2025-03-31"]


def test_rebuild_brings_templates_back_as_they_were(office: Workspace) -> None:
    for period in (MARCH, JUNE):
        make_templates(office, period, [OUHAI, "鹿城区"], None, JULY)
    drop_return(office, OUHAI, MARCH, FIRST)
    assert [str(file.status) for file in run_now(office).files] == ["accepted"]  # after the template for June was made
    before = tree(office.outbox)
    shutil.rmtree(office.outbox)
    rebuild(office, None)
    assert tree(office.outbox) == before


def test_settings_give_unit_contact_and_deadline(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        f'[office]\ncontact = "李某"\nphone = "0577-1"\nscan = true\n[contacts."{OUHAI}"]\nunit = "瓯海区科技局"\n'
        "[deadlines]\nworking_day = 5\n",
        encoding="utf-8",
    )
    office = open_workspace(tmp_path)
    make_templates(office, JUNE, [OUHAI], None, JULY)
    book = opened(made_for(office, OUHAI, JUNE))
    assert "瓯海区科技局" in texts(book["填报信息"])
    assert "8.联系人：李某，电话：0577-1。" in texts(book["填表说明"])
    assert any(text.startswith("6.请于2025年7月7日前") and "扫描件" in text for text in texts(book["填表说明"]))


# --- what it refuses


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--period", "2023-12-31"], "截至2023年底早于本项工作起始时间（2024年1月1日）"),
        (["--period", "2027-03-31"], "截至2027年3月底晚于本项工作结束时间（2026年12月31日）"),
        (["--period", "昨天"], "“昨天”不是报告期"),
        (["--period", "2025-06-30", "--district", "龙弯区"], "没有地区“龙弯区”"),
        (["--district", "龙湾区"], "缺少参数--period"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = annex2("template", *arguments, folder=tmp_path)
    assert (done.status, done.output) == (2, b"")
    assert says in done.said
    assert list(tmp_path.iterdir()) == []


# --- what comes back


def test_filled_templates_of_two_periods_are_accepted_without_a_hint(office: Workspace) -> None:
    for period, values, now in ((MARCH, FIRST, APRIL), (JUNE, SECOND, JULY)):
        make_templates(office, period, [OUHAI], None, now)
        drop(office, "附件2.xlsx", fill(made_for(office, OUHAI, period), values))
        (file,) = run_now(office, now=now).files
        assert (str(file.status), file.district, file.period, file.findings) == ("accepted", OUHAI, period, ())
        assert tuple(file.values.values()) == values


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "et"])
def test_a_template_saved_in_another_program_is_accepted_without_a_hint(office: Workspace, tmp_path: Path, fmt: str) -> None:
    make_templates(office, MARCH, [OUHAI], None, APRIL)
    drop(office, "附件2.xlsx", fill(made_for(office, OUHAI, MARCH), FIRST))
    run_now(office, now=APRIL)
    make_templates(office, JUNE, [OUHAI], None, JULY)
    sent = tmp_path / f"附件2.{fmt}"
    sent.write_bytes(office_saved(fill(made_for(office, OUHAI, JUNE), SECOND), "xls" if fmt == "et" else fmt, tmp_path))
    (file,) = check(office, [sent], None, JULY).files
    assert (str(file.status), file.district, file.period, file.findings) == ("accepted", OUHAI, JUNE, ())
