"""``annex2 watch`` as a process: what is laid in is judged once it rests, and nothing that passes ends it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipeline.processes.crew import Crew
from pipeline.run import run_with
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.decisions.test_decision_sheets import fill
from tests.returns import file_name, write_return
from tests.run.test_city import REASON, decide, record
from tests.run.watcher import INTERVAL, wait, watching
from tests.support.command import annex2
from tests.support.other_city import movable
from tests.support.workspaces import DECEMBER, MARCH, NOW, drop, drop_return, left, run_now, spec, states, workspace_at

pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups are counted in /proc")

RAN = "截至2025年3月底：收到"
LOOKS = 5 * INTERVAL


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def test_a_dropped_file_is_judged_and_published(office: Workspace) -> None:
    with watching(office.root) as window:
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份，审核通过1份")
        assert left(office) == []
        assert states(office)["鹿城区"] == "审核通过"


def drop_thirteen(office: Workspace) -> None:
    """Every district's return, at once."""
    made = [spec(office.programme, district) for district in office.programme.district_names]
    for name, content in [(file_name(each), write_return(each)) for each in made]:
        drop(office, name, content)


def test_a_burst_of_thirteen_is_one_run(office: Workspace) -> None:
    with watching(office.root) as window:
        drop_thirteen(office)
        window.says(f"{RAN}13份")
        assert window.said.count(RAN) == 1


def test_a_file_that_is_copied_in_pieces_is_taken_when_it_is_whole(office: Workspace) -> None:
    made = spec(office.programme, "鹿城区")
    content = write_return(made)
    step = len(content) // 12 + 1
    with watching(office.root) as window, (office.inbox / file_name(made)).open("wb") as target:
        for start in range(0, len(content), step):
            target.write(content[start : start + step])
            target.flush()
            time.sleep(INTERVAL * 0.7)
        target.close()
        window.says(f"{RAN}1份，审核通过1份")
        assert "等待" not in window.said


def test_an_unfinished_file_waits_without_a_run_for_every_look(office: Workspace) -> None:
    made = spec(office.programme, "鹿城区")
    content = write_return(made)
    with watching(office.root) as window:
        drop(office, file_name(made), content[: len(content) // 2])
        window.says("等待：文件正在接收")
        time.sleep(LOOKS)
        assert window.said.count("【") == 1
        drop(office, file_name(made), content)
        window.says(f"{RAN}1份，审核通过1份")


def test_a_file_that_is_refused_in_place_is_told_once(office: Workspace) -> None:
    (office.inbox / "链接.xlsx").symlink_to(office.root)
    with watching(office.root) as window:
        window.says("未处理：")
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份")
        assert window.said.count("未处理：") == 1


@pytest.mark.parametrize(("name", "told"), [("inbox", "收件文件夹现在不能访问"), ("outbox", "成果文件夹现在不能访问")])
def test_a_share_that_goes_away_and_comes_back_is_told_once(office: Workspace, name: str, told: str) -> None:
    with watching(office.root) as window:
        drop_return(office, "龙湾区")
        window.says(f"{RAN}1份，审核通过1份")
        (office.root / name).rename(office.root / "away")
        window.says(told)
        time.sleep(LOOKS)
        assert not (office.root / name).exists()
        (office.root / "away").rename(office.root / name)
        window.says("已恢复正常")
        assert (window.said.count(told), window.said.count("已恢复正常")) == (1, 1)
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份，审核通过1份", times=2)


def test_a_run_does_not_make_an_inbox_that_has_just_gone_away(office: Workspace) -> None:
    office.inbox.rename(office.root / "away")
    with Crew() as crew, pytest.raises(FileNotFoundError):
        run_with(crew, office, None, NOW)
    assert not office.inbox.exists()


def test_a_workspace_that_another_command_holds_is_waited_for(office: Workspace) -> None:
    with watching(office.root) as window:
        with office.locked():
            drop_return(office, "鹿城区")
            window.says("另一窗口正在处理，处理完后自动继续。")
        window.says(f"{RAN}1份，审核通过1份")
        assert window.said.count("另一窗口") == 1


def test_settings_that_are_damaged_are_told_and_waited_for(office: Workspace) -> None:
    settings, name = office.root / "settings.toml", drop_return(office, "鹿城区")
    content = (office.inbox / name).read_bytes()
    (office.inbox / name).unlink()
    with watching(office.root) as window:
        settings.write_text("[paths]\ninbox = ", encoding="utf-8")
        window.says("设置有误：settings.toml")
        drop(office, name, content)
        time.sleep(LOOKS)
        assert RAN not in window.said
        settings.write_text('[paths]\ninbox = "收件"\n', encoding="utf-8")
        window.says("已按新的内容处理")
        office.inbox.rename(office.root / "收件")
        window.says(f"{RAN}1份，审核通过1份")


def test_a_changed_programme_is_read_again(tmp_path: Path, second_programme: Programme) -> None:
    folder = shutil.copytree(second_programme.path.parent, tmp_path / "programme")
    file = folder / second_programme.path.name
    known = movable(file)
    file.write_text(known, encoding="utf-8")
    (tmp_path / "office").mkdir()
    with watching(tmp_path / "office", "--programme", str(file)) as window:
        file.write_text("id = ", encoding="utf-8")
        window.says("设置有误：programme.toml")
        file.write_text(known, encoding="utf-8")
        window.says("已恢复正常")


BROKEN_WHILE_MARKED = """
from pathlib import Path
import pipeline.workspace.known_around, pipeline.run.gathering
calendar = pipeline.workspace.known_around.calendar

def broken(*arguments):
    if Path("broken").exists():
        raise ZeroDivisionError("broken on purpose")
    return calendar(*arguments)

pipeline.run.gathering.calendar = broken
from pipeline.cli import run_cli
raise SystemExit(run_cli())
"""


def test_a_mistake_of_the_program_is_logged_and_the_watcher_goes_on(office: Workspace) -> None:
    with watching(office.root, program=("-c", BROKEN_WHILE_MARKED)) as window:
        wait((office.root / "ledger" / "ledger.db").exists, "the first run")
        (office.root / "broken").touch()
        first = drop_return(office, "鹿城区")
        window.says("程序内部出错，未改动台账。")
        assert "ZeroDivisionError" in (office.root / "annex2.log").read_text(encoding="utf-8")
        assert left(office) == [first]
        (office.root / "broken").unlink()
        window.says(f"{RAN}1份，审核通过1份")


def test_where_the_process_of_the_checks_has_died_there_is_another(office: Workspace) -> None:
    with watching(office.root) as window:
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份，审核通过1份")
        for process in window.judges():
            os.kill(process, signal.SIGKILL)
        drop_return(office, "龙湾区")
        window.says(f"{RAN}1份，审核通过1份", times=2)
        assert "程序内部出错" not in window.said
        assert "JudgeEnded" in (office.root / "annex2.log").read_text(encoding="utf-8")


def test_a_filled_decision_sheet_is_carried_out(office: Workspace) -> None:
    for period, values in ((DECEMBER, (12, 20, 8, 4)), (MARCH, (9, 21, 8, 5))):
        drop(office, f"鹿城区{period}.xlsx", write_return(spec(office.programme, "鹿城区", period, values)))
    run_now(office)
    decide(office, "explain", rule="P01", reason=REASON)
    with watching(office.root) as window:
        fill(office, P01={"办理意见": "同意认定", "通报用语": "核减3家（企业迁出）"})
        window.says("已办理1项；0项未办理。")
        wait(lambda: record(office).state == "审核通过", "the decision")


def test_a_second_watcher_says_so_and_ends(office: Workspace) -> None:
    with watching(office.root) as window:
        second = annex2("watch", folder=office.root)
        assert (second.status, second.said) == (2, "本工作目录已有一个窗口在自动接收，请勿重复打开。\n")
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_ends_clean_and_leaves_no_process(office: Workspace, number: signal.Signals) -> None:
    with watching(office.root) as window:
        drop_return(office, "鹿城区")
        window.says(f"{RAN}1份")
        assert window.stop(number) == 0
        assert window.said.endswith("已停止接收。\n")
        wait(lambda: not window.group(), "the end of its processes", window.group)


@pytest.mark.parametrize("everybody", [None, signal.SIGINT, signal.SIGHUP], ids=["told alone", "Ctrl-C for all", "window closed"])
def test_a_run_in_progress_is_finished_before_it_stops(office: Workspace, everybody: signal.Signals | None) -> None:
    originals = office.root / "ledger" / "originals"
    with watching(office.root) as window:
        drop_thirteen(office)
        wait(lambda: originals.is_dir() and any(originals.iterdir()), "a run that has begun")
        if everybody:
            os.killpg(window.process.pid, everybody)
        assert window.stop() == 0
        assert f"{RAN}13份" in window.said
        assert "未报" not in states(office).values()
        wait(lambda: not window.group(), "the end of its processes", window.group)
