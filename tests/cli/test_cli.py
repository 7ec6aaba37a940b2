"""The command line by its interface: exit statuses, JSON to the letter, messages on standard error only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.programme import Programme, load_programme
from tests.returns import cell_of, write_return
from tests.support.command import annex2, annex2_anew
from tests.support.workspaces import DECEMBER, MARCH, drop, drop_return, left, run_now, spec, tree, workspace_at

FILE_KEYS = ["file", "sha256", "district", "period", "status", "values", "findings"]
FINDING_KEYS = [
    "rule",
    "grade",
    "sheet",
    "cell",
    "district",
    "indicator",
    "period",
    "observed",
    "expected",
    "message",
    "fix",
    "state",
]
COUNTED = ["accepted", "pending", "returned", "duplicate", "attachment", "ignored", "waiting"]


@pytest.fixture
def good(tmp_path: Path, programme: Programme) -> Path:
    path = tmp_path / "鹿城区2025年3月.xlsx"
    path.write_bytes(write_return(spec(programme, "鹿城区")))
    return path


@pytest.fixture
def bad(tmp_path: Path, programme: Programme) -> Path:
    path = tmp_path / "龙湾区2025年3月.xlsx"
    path.write_bytes(write_return(spec(programme, "龙湾区", values=(20, "约30", 18, -1))))
    return path


# --- exit statuses and JSON


def test_check_of_a_good_file_is_clean(good: Path) -> None:
    done = annex2("check", good.name, "--json", folder=good.parent)
    assert done.status == 0
    (file,) = done.json["files"]
    assert list(done.json) == ["schema", "files", "summary"]
    assert done.json["schema"] == "annex2.outcome/1"
    assert list(file) == FILE_KEYS
    assert {name: file[name] for name in ("file", "district", "period", "status")} == {
        "file": good.name,
        "district": "鹿城区",
        "period": "2025-03-31",
        "status": "accepted",
    }
    assert [(finding["rule"], finding["grade"]) for finding in file["findings"]] == [("T01", "hint")]
    assert list(file["values"].items()) == list(zip(load_programme().indicator_ids, (20, 30, 18, 8), strict=True))
    assert list(done.json["summary"]) == [*COUNTED, "missing"]
    assert done.json["summary"]["accepted"] == 1


def test_check_of_a_faulty_file_tells_each_finding_at_its_cell(bad: Path, programme: Programme) -> None:
    done = annex2("check", bad.name, "--json", folder=bad.parent)
    assert done.status == 1
    (file,) = done.json["files"]
    made = spec(programme, "龙湾区")
    assert file["status"] == "returned"
    assert file["values"] == {"enterprises": 20, "projects": None, "transfers": 18, "institutes": None}
    assert {(finding["rule"], finding["cell"], finding["observed"]) for finding in file["findings"]} >= {
        ("C04", cell_of(made, "projects"), "约30"),
        ("C06", cell_of(made, "institutes"), "-1"),
    }
    for finding in file["findings"]:
        assert list(finding) == FINDING_KEYS
        assert (finding["district"], finding["period"], finding["state"]) == ("龙湾区", "2025-03-31", "open")


@pytest.mark.parametrize("shape", ["./{name}", "{folder}/{name}", "../{last}/{name}"])
def test_check_names_files_as_given(good: Path, shape: str) -> None:
    given = shape.format(name=good.name, folder=good.parent, last=good.parent.name)
    assert annex2("check", given, "--json", folder=good.parent).json["files"][0]["file"] == given


def test_check_writes_nothing_and_creates_no_ledger(good: Path, bad: Path) -> None:
    before = tree(good.parent)
    annex2_anew("check", good.name, bad.name, folder=good.parent)
    assert tree(good.parent) == before
    assert {path.name for path in good.parent.iterdir()} == {good.name, bad.name}


def test_check_says_what_it_found_on_standard_error_only(good: Path, bad: Path) -> None:
    done = annex2_anew("check", good.name, bad.name, folder=good.parent)
    assert done.output == b""
    assert f"{good.name}（鹿城区，截至2025年3月底）：审核通过" in done.said
    assert f"{bad.name}（龙湾区，截至2025年3月底）：退回" in done.said
    assert "（C04）" in done.said


def test_run_ends_clean_returned_and_clean_again(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    first = annex2_anew("run", "--json", folder=tmp_path)
    drop_return(office, "龙湾区", values=(20, "约30", 18, 8))
    drop(office, "~$锁.xlsx", b"x")
    second = annex2_anew("--workspace", tmp_path, "run", "--json", folder=tmp_path.parent)
    third = annex2_anew("run", folder=tmp_path)
    assert (first.status, second.status, third.status) == (0, 1, 0)
    nothing, names = dict.fromkeys(COUNTED, 0), list(office.programme.district_names)
    assert first.json["summary"] == {**nothing, "accepted": 1, "missing": names[1:]}
    assert second.json["summary"] == {**nothing, "returned": 1, "ignored": 1, "missing": names[2:]}
    assert left(office) == ["~$锁.xlsx"]


def test_run_says_what_came_in_and_where_the_report_is(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    done = annex2("run", folder=tmp_path)
    assert done.output == b""
    assert "截至2025年3月底：收到1份，审核通过1份，待说明0份，待认定0份，退回0份，随附材料0份，重复0份。" in done.said
    assert "未报：龙湾区、瓯海区、" in done.said
    path = office.outbox / "2025-03-31" / "审核报告_2025-03-31.html"
    assert f"审核报告：{path}" in done.said
    assert path.is_file()


def test_run_tells_a_file_that_is_refused(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    (office.inbox / "鹿城区2025年3月.xlsx").symlink_to(tmp_path / "elsewhere")
    done = annex2("run", "--json", folder=tmp_path)
    (file,) = done.json["files"]
    assert done.status == 1
    assert (file["status"], file["sha256"], [f["rule"] for f in file["findings"]]) == ("returned", "", ["F01"])
    assert "不是普通文件" in done.said


def test_the_workspace_may_be_named_by_a_variable(tmp_path: Path) -> None:
    drop_return(workspace_at(tmp_path / "office"), "鹿城区")
    done = annex2("run", "--json", folder=tmp_path, ANNEX2_WORKSPACE=str(tmp_path / "office"))
    assert done.json["summary"]["accepted"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


@pytest.mark.parametrize("period", ["2025-03-31", "2025年3月底", "2025年第一季度", "2025Q1", "截至2025年3月31日"])
def test_a_period_may_be_written_in_any_way(tmp_path: Path, programme: Programme, period: str) -> None:
    (tmp_path / "鹿城区.xlsx").write_bytes(write_return(spec(programme, "鹿城区", layout="period_nowhere")))
    done = annex2("check", "鹿城区.xlsx", "--period", period, "--json", folder=tmp_path)
    assert (done.status, done.json["files"][0]["period"]) == (0, "2025-03-31")


def test_without_a_period_a_file_that_states_none_is_returned(tmp_path: Path, programme: Programme) -> None:
    (tmp_path / "鹿城区.xlsx").write_bytes(write_return(spec(programme, "鹿城区", layout="period_nowhere")))
    done = annex2("check", "鹿城区.xlsx", "--json", folder=tmp_path)
    (file,) = done.json["files"]
    assert (done.status, file["period"], [f["rule"] for f in file["findings"]]) == (1, None, ["F04"])


# --- status, rebuild


def test_status_shows_every_district(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区", DECEMBER)
    drop_return(office, "鹿城区", MARCH, (20, "约30", 18, 8))
    run_now(office)
    latest = annex2("status", "--json", folder=tmp_path)
    asked = annex2("status", "--period", "2024年底", "--json", folder=tmp_path)
    assert (latest.status, list(latest.json)) == (0, ["period", "districts"])
    assert [entry["district"] for entry in latest.json["districts"]] == list(office.programme.district_names)
    assert latest.json["districts"][0] == {
        "district": "鹿城区",
        "state": "退回",
        "marks": [],
        "version": None,
        "values": {"enterprises": 20, "projects": None, "transfers": 18, "institutes": 8},
        "open": {"error": 1, "query": 0, "hint": 1},
    }
    assert asked.json["period"] == "2024-12-31"
    assert (asked.json["districts"][0]["state"], asked.json["districts"][0]["version"]) == ("审核通过", 1)
    assert asked.json["districts"][1]["state"] == "未报"


def test_status_as_a_table_is_on_standard_error(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    run_now(office)
    done = annex2("status", folder=tmp_path, COLUMNS="100")
    assert (done.status, done.output) == (0, b"")
    assert all(name in done.said for name in office.programme.district_names)
    assert "\x1b[" not in done.said


def test_status_of_nothing(tmp_path: Path) -> None:
    shown, record = annex2("status", folder=tmp_path), annex2("status", "--json", folder=tmp_path)
    assert (shown.status, shown.said) == (0, "台账中还没有数据。\n")
    assert (record.status, record.json) == (0, {"period": None, "districts": []})
    assert list(tmp_path.iterdir()) == []


def test_rebuild_says_what_it_made(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    run_now(office)
    assert annex2("rebuild", "2025-03-31", folder=tmp_path).said == f"已重新生成：{office.outbox / '2025-03-31'}\n"
    assert annex2("rebuild", "2024-12-31", folder=tmp_path).said == "台账中没有可以生成的内容。\n"


# --- the console itself


PLACE = ("2025-03-31", "--by", "张三", "--reason", "来函")
COMMANDS = [
    ["check", "."],
    ["run"],
    ["status"],
    ["rebuild"],
    ["template"],
    ["withdraw", "鹿城区", *PLACE],
    ["issue", "2025-03-31", "--by", "张三"],
    ["reopen", *PLACE],
    ["backup", "b.zip"],
    ["restore", "b.zip"],
    ["import", "b.xlsx", "--period", "2023-12-31", "--by", "张三"],
    ["history"],
    ["assess", "2024"],
    ["doctor"],
    ["send", "2025-03-31"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_command_by_a_python_of_its_own_says_what_it_says_in_the_tests(tmp_path: Path, words: list[str]) -> None:
    """The other tests fork it from a process that has imported everything; here it imports what it needs, in its own order."""
    done = []
    for name, command in (("甲", annex2), ("乙", annex2_anew)):
        office = workspace_at(tmp_path / name)
        done.append(command(*words, folder=office.root))
    assert done[0].status == done[1].status != 3
    said = [re.sub(r"\d", "", each.said.replace(str(tmp_path / name), "")) for name, each in zip("甲乙", done, strict=True)]
    assert said[0] == said[1] != ""
    assert done[0].output == done[1].output
