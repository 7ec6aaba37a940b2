"""The demonstration through the command line: again and again, never over somebody's files, with the outcomes it is made for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.support.command import Done, annex2, annex2_anew
from tests.support.workspaces import VALUES_IN_FORCE, content, left, rows, tree, workspace_at
from tests.upkeep import make_demo

LAST = make_demo.data()["period"].isoformat()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def done(place: Path) -> Done:
    """The demonstration, made once for this module."""
    return annex2_anew("demo", "演示", folder=place)


def without_times(said: str) -> str:
    return re.sub(r"用时\d+\.\d秒", "用时", said)


def test_it_ends_clean_though_returns_are_faulty(done: Done) -> None:
    assert (done.status, done.output) == (0, b"")


def test_it_says_what_came_out_period_by_period(done: Done) -> None:
    shown = re.findall(r"^截至(.+?)：收到(\d+)份，审核通过(\d+)份", done.said, re.M)
    accepted = sum(case.status == "accepted" for case in make_demo.cases())
    assert [(period, int(passed)) for period, _, passed in shown] == [
        ("2024年9月底", 13),
        ("2024年底", 13),
        ("2025年3月底", accepted),
    ]
    assert "未报：永嘉县" in done.said


def test_it_ends_by_naming_what_to_open(place: Path, done: Done, programme: Programme) -> None:
    words = programme.wording["messages"]["demo"]
    end = done.said.splitlines()[-4:]
    assert end[0] == words["end"]
    named = [line.strip("　").partition("：") for line in end[1:]]
    assert [name for name, _, _ in named] == [words["bulletin"], words["report"], words["papers"]]
    files = [Path(path) for _, _, path in named]
    assert [path.name for path in files] == [f"通报表_{LAST}.xlsx", f"审核报告_{LAST}.html", f"工作底稿_{LAST}.xlsx"]
    assert {path.parent for path in files} == {(place / "演示" / "outbox" / LAST).resolve()}
    assert all(path.is_file() for path in files)


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize("case", make_demo.cases(), ids=lambda case: case.district)
def test_every_return_of_the_last_period_becomes_what_it_is_made_for(place: Path, case: make_demo.Case) -> None:
    office = workspace_at(place / "演示")
    query = (
        "select j.id, j.district, j.period, j.status from judgements j "
        "join submissions s on s.id = j.submission_id where s.file = :file"
    )
    ((judgement, *judged),) = rows(office, query, file=case.file)
    found = "select rule, cell from findings where judgement_id = :judgement and grade <> 'hint'"
    grave = rows(office, found, judgement=judgement)
    assert judged == [case.district, LAST, case.status]
    assert grave == ([case.finding] if case.finding else [])


@pytest.mark.usefixtures("done")
def test_only_accepted_returns_have_values_in_force(place: Path) -> None:
    office = workspace_at(place / "演示")
    found: dict[str, list[int]] = {}
    for district, period, _, indicator, value in rows(office, VALUES_IN_FORCE):
        if period == LAST:
            found.setdefault(district, []).append(value)
            assert indicator in office.programme.indicator_ids
    expected = {case.district: sorted(map(int, map(str, case.values))) for case in make_demo.cases() if case.status == "accepted"}
    assert {district: sorted(values) for district, values in found.items()} == expected


@pytest.mark.usefixtures("done")
def test_the_archive_is_opened_and_the_scan_is_kept(place: Path) -> None:
    office = workspace_at(place / "演示")
    words = make_demo.data()
    inside = f"{words['archive']}/{next(case.file for case in make_demo.cases() if case.district == words['archived'])}"
    query = "select s.file, j.status from judgements j join submissions s on s.id = j.submission_id where s.file in (:a, :b, :c)"
    found = rows(office, query, a=words["archive"], b=inside, c=words["attachment"])
    assert dict(found) == {words["archive"]: "attachment", inside: "duplicate", words["attachment"]: "attachment"}
    assert left(office) == []


def _without_moments(office: Workspace) -> str:
    """What stands in the ledger; what came again names the minute of the first."""
    return re.sub(r"\d\d:\d\d收到", "收到", str(content(office)))


def test_again_in_the_same_folder_it_is_made_anew(place: Path, done: Done) -> None:
    office = workspace_at(place / "演示")
    before = _without_moments(office)
    (office.root / "outbox" / "stray").write_bytes(b"x")
    again = annex2("demo", "演示", folder=place)
    assert (again.status, without_times(again.said)) == (0, without_times(done.said))
    assert _without_moments(office) == before
    assert not (office.root / "outbox" / "stray").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "重要.xlsx").write_bytes(b"x")
    before = tree(tmp_path)
    refused = annex2("demo", "office", folder=tmp_path)
    assert refused.status == 2
    assert "已有内容，且不是演示目录，请另选一个文件夹" in refused.said
    assert tree(tmp_path) == before


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_bytes(b"x")
    assert annex2("demo", folder=tmp_path).status == 2
    assert tree(tmp_path) == {"demo": b"x"}
