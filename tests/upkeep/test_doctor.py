"""`annex2 doctor`: what is wrong is named with what to do, nothing is changed, and no check stops the next."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.upkeep import doctor
from pipeline.upkeep.doctor import Office, Seen, State, examination
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests import TEST_DATA
from tests.support.command import annex2
from tests.support.workspaces import NOW, drop_return, run_now, tree, workspace_at
from tests.upkeep.doctored import WORDS, case, office_at, said, setting

SECOND = TEST_DATA / "second" / "programme.toml"


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return office_at(tmp_path)


def states(office: Workspace) -> dict[str, set[State]]:
    found: dict[str, set[State]] = {}
    for one in doctor.examine(Office(office, NOW, NOW)):
        found.setdefault(one.subject, set()).add(one.state)
    return found


# --- the command


def test_a_folder_fit_for_work_ends_with_0_and_says_so_on_standard_error(office: Workspace) -> None:
    done = annex2("doctor", folder=office.root)
    assert (done.status, done.output) == (0, b"")
    lines = done.said.splitlines()
    assert lines[0] == f"检查工作目录：{office.root}"
    assert "异常0项。能够正常使用。" in lines[-1]
    assert all(re.match("【(正常|注意|缺少)】[^：]+：.+|　　　　.+。$", line) for line in lines[1:-1])


def test_what_is_broken_ends_with_2(office: Workspace) -> None:
    (office.root / "outbox").write_bytes(b"x")
    done = annex2("doctor", folder=office.root)
    assert (done.status, done.output) == (2, b"")
    assert (
        f"【异常】文件夹：应当是文件夹，实际是文件或失效的链接：{office.root / 'outbox'}\n　　　　请移走该文件。\n" in done.said
    )
    assert done.said.endswith("标为“异常”的，请先解决，再运行其他命令。\n")


def test_everything_missing_is_said_in_a_folder_with_nothing(tmp_path: Path) -> None:
    found = states(workspace_at(tmp_path))
    assert found["设置"] == found["认定人"] == found["报送截止时间"] == {State.NOTE}
    assert found["填报单位"] == {State.MISSING}
    assert found["联系人"] == {State.MISSING, State.NOTE}
    assert not any(State.BROKEN in state for state in found.values())


def test_another_programme_is_examined_by_the_same_checks(tmp_path: Path, second_programme: Programme) -> None:
    office = workspace_at(tmp_path, SECOND)
    later = dt.datetime.combine(second_programme.start, dt.time(), dt.UTC) + dt.timedelta(days=200)
    (units,) = said(office, "districts", later)
    assert units == case("districts", "units", names="、".join(second_programme.district_names))
    assert said(office, "programme")[0].text.startswith(second_programme.terms["form_title"])


@pytest.mark.parametrize("with_ledger", [False, True])
def test_nothing_is_changed_and_no_ledger_is_made(office: Workspace, with_ledger: bool) -> None:
    drop_return(office, "鹿城区")
    if with_ledger:
        run_now(office)
    before = (tree(office.root), sorted(office.root.rglob("*")))
    list(doctor.examine(Office(office, NOW, NOW)))
    assert (tree(office.root), sorted(office.root.rglob("*"))) == before


def test_every_case_of_the_wording_has_a_known_state_and_what_is_not_fine_says_what_to_do() -> None:
    for check in (*dict(examination.CHECKS), "check"):
        for name, told in WORDS[check].items():
            if isinstance(told, dict) and "text" in told:
                assert (State(told["state"]) == State.FINE) != bool(told.get("advice")), (check, name)


# --- no check stops the others


def test_a_check_that_fails_is_told_and_the_next_is_made(office: Workspace) -> None:
    def fail(_: Office) -> Iterator[Seen]:
        raise ZeroDivisionError("broken")

    checks = (("fonts", fail), ("deciders", dict(examination.CHECKS)["deciders"]))
    failed, deciders = doctor.examine(Office(office, NOW, NOW), checks)
    assert failed == Seen("字体", State.NOTE, "检查没有做完（ZeroDivisionError: broken）。", "请将这一行发给技术人员。")
    assert deciders == case("deciders", "fine", names="张三、李四")


def test_a_check_that_hangs_is_left_and_the_next_is_made(office: Workspace) -> None:
    let_go = threading.Event()

    def hang(_: Office) -> Iterator[Seen]:
        let_go.wait(60)
        yield case("fonts", "fine", names="")

    checks = (("folders", hang), ("deciders", dict(examination.CHECKS)["deciders"]))
    try:
        late, deciders = doctor.examine(Office(office, NOW, NOW), checks, seconds=0.05)
    finally:
        let_go.set()
    assert (late.subject, late.state) == ("文件夹", State.NOTE)
    assert deciders.state == State.FINE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[periods]\ncaled = []\n", "settings.toml中的“periods.caled”不是设置项，是否为“called”"),
        ("[periods\n", "settings.toml第1行写法有误"),
    ],
)
def test_settings_that_cannot_be_used_are_broken_and_what_needs_them_is_left_out(
    office: Workspace, text: str, reason: str
) -> None:
    (office.root / "settings.toml").write_text(text, encoding="utf-8")
    office = workspace_at(office.root)
    assert said(office, "settings") == [case("settings", "broken", reason=reason)]
    assert [one.text for one in said(office, "ledger")] == ["报表方案或设置有误，未检查。"]
    assert said(office, "software")[0].state == State.FINE


def test_a_programme_that_cannot_be_read_is_broken(office: Workspace) -> None:
    (found,) = said(workspace_at(office.root, office.root / "没有.toml"), "programme")
    assert (found.state, "没有.toml" in found.text) == (State.BROKEN, True)


def test_variables_that_go_before_the_settings_are_named_without_what_they_hold(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNEX2_OFFICE__PHONE", "secret")
    found = said(office, "settings")
    assert found[1] == case("settings", "variables", names="ANNEX2_OFFICE__PHONE")
    assert "secret" not in str(found)


# --- what the settings say of the office


@pytest.mark.parametrize(
    ("old", "new", "check", "expected"),
    [
        ('contact = "王五"', "", "office", [("contact", {})]),
        ('phone = "0577-00000000"', "", "office", [("phone", {})]),
        (
            "definitions_confirmed = true",
            "",
            "office",
            [("fine", {"contact": "王五", "phone": "0577-00000000"}), ("unconfirmed", {})],
        ),
        ('names = ["张三", "李四"]', "", "deciders", [("none", {})]),
        ("working_day = 5", "", "deadlines", [("none", {})]),
        ("working_day = 5", 'dates = {"2025-03-31" = "2025-04-08"}', "deadlines", [("fine", {})]),
        ('off = ["2025-01-01"]', 'off = ["2024-01-01"]', "deadlines", [("holidays", {"year": 2025})]),
        ('unit = "龙湾区科学技术局"', "", "districts", [("units", {"names": "龙湾区"})]),
        (
            '[contacts."龙湾区"]',
            '[contacts."龙湾"]',
            "districts",
            [("strangers", {"names": "龙湾"}), ("units", {"names": "龙湾区"})],
        ),
    ],
)
def test_a_gap_in_the_settings_is_named(
    office: Workspace, old: str, new: str, check: str, expected: list[tuple[str, dict[str, object]]]
) -> None:
    assert said(setting(office, old, new), check) == [case(check, name, **words) for name, words in expected]


def test_settings_without_a_gap_are_fine(office: Workspace) -> None:
    found = [one for check in ("settings", "office", "deciders", "deadlines", "districts") for one in said(office, check)]
    assert {one.state for one in found} == {State.FINE}
