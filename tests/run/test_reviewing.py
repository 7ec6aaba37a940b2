"""Accepted returns judged again when what they were compared with changes: they stay in force, and what is found stands open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import say as console
from pipeline.issue.issuing import Order
from pipeline.ledger import records
from pipeline.mail.sending import prepare
from pipeline.model import Submission
from pipeline.model.view import PeriodView
from pipeline.run import Outcome, reviewing
from pipeline.run.looking import look
from pipeline.run.rebuild import issue_period
from pipeline.workspace.workspace import Workspace
from tests.products.return_copies import filled
from tests.returns import write_return
from tests.run.test_city import decide, record
from tests.support.issued import tree
from tests.support.workspaces import NOW, SEPTEMBER, drop, drop_return, rows, rules, run_now, spec, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

JUNE = dt.date(2024, 6, 30)
DISTRICT = "鹿城区"
FIRST, SECOND = (8, 12, 7, 3), (8, 13, 7, 4)
"""June and September of a district that had no new enterprise."""
HIGHER = (13, 12, 7, 3)
RISE = "漏报5家企业，据实补报"
FALL = "重复计数，核减5家"


def at(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def send(
    office: Workspace, period: dt.date, values: Sequence[int | None], hours: float, name: str = "", **changes: object
) -> Outcome:
    """A return of the district, taken in by a run of its own so many hours after NOW."""
    made = spec(office.programme, DISTRICT, period, values, **changes)
    drop(office, name or f"鹿城区{period:%Y年%m月}_{hours}.xlsx", write_return(made))
    return run_now(office, now=at(hours))


def matters(office: Workspace, period: dt.date = SEPTEMBER) -> list[tuple[str, str]]:
    """Errors and queries of the version in force, with their states."""
    current = record(office, period).current
    assert current
    return [(finding.rule, str(finding.state)) for finding in current.findings if finding.grade != "hint"]


def state(office: Workspace, period: dt.date = SEPTEMBER) -> tuple[str, tuple[str, ...], int | None]:
    now = record(office, period)
    return now.state, now.marks, now.version


def approved(office: Workspace, rule: str, said: str, period: dt.date, hours: float) -> None:
    """Explained by telephone, then approved."""
    decide(office, "explain", now=at(hours), period=period, rule=rule, reason=said)
    decide(office, "approve", now=at(hours + 0.1), period=period, rule=rule, wording=said)


@pytest.fixture
def restated(office: Workspace) -> Workspace:
    """June 8, September 8; then June restated to 13, its P08 approved."""
    send(office, JUNE, FIRST, 0)
    send(office, SEPTEMBER, SECOND, 1)
    send(office, JUNE, HIGHER, 2)
    approved(office, "P08", RISE, JUNE, 3)
    assert record(office, JUNE).version == 2
    return office


def test_a_restatement_above_a_later_period_stands_open_there(restated: Workspace) -> None:
    assert state(restated) == ("审核通过", ("需复核",), 1)
    assert matters(restated) == [("P01", "open")]
    assert dict(record(restated, SEPTEMBER).values)["enterprises"] == 8
    assert [finding.rule for finding in record(restated, SEPTEMBER).open_findings] == ["P01"]


def issue(office: Workspace, period: dt.date, hours: float, *there: str) -> list[str]:
    """Items of the gate that keep the period from being issued; empty when it was. ``there``: other districts that reported."""
    others = tuple(name for name in office.programme.district_names if name not in (DISTRICT, *there))
    done = issue_period(office, Order(period, "张三", "领导批示同意缺报定稿", others), at(hours))
    assert done.acceptance
    return sorted(check.item for check in done.acceptance.refusals)


def test_what_stands_open_holds_the_gate_until_it_is_approved(restated: Workspace) -> None:
    assert issue(restated, SEPTEMBER, 4) == ["no_fall", "settled"]
    approved(restated, "P01", FALL, SEPTEMBER, 5)
    assert state(restated) == ("审核通过", ("核减已认定",), 1)
    assert matters(restated) == [("P01", "approved")]
    assert issue(restated, JUNE, 6) == []
    assert issue(restated, SEPTEMBER, 7) == []


def test_an_explanation_alone_does_not_open_the_gate(restated: Workspace) -> None:
    decide(restated, "explain", now=at(4), period=SEPTEMBER, rule="P01", reason=FALL)
    assert "需复核" in state(restated)[1]
    assert "settled" in issue(restated, SEPTEMBER, 5)


def test_a_refusal_takes_it_out_of_force(restated: Workspace) -> None:
    decide(restated, "explain", now=at(4), period=SEPTEMBER, rule="P01", reason=FALL)
    decide(restated, "refuse", now=at(5), period=SEPTEMBER, rule="P01")
    assert record(restated, SEPTEMBER).state == "退回"
    assert record(restated, SEPTEMBER).current is None


def test_no_new_version_comes_of_it_and_nothing_was_received(office: Workspace) -> None:
    send(office, JUNE, FIRST, 0)
    send(office, SEPTEMBER, SECOND, 1)
    send(office, JUNE, HIGHER, 2)
    decide(office, "explain", now=at(3), period=JUNE, rule="P08", reason=RISE)
    before = rows(office, "select count(*) from submissions")
    decide(office, "approve", now=at(4), period=JUNE, rule="P08")
    assert rows(office, "select count(*) from submissions") == before
    assert rows(office, "select period, number from versions order by id") == [
        ("2024-06-30", 1), ("2024-09-30", 1), ("2024-06-30", 2),
    ]  # fmt: skip


@pytest.mark.usefixtures("products")
def test_the_copy_that_the_district_gets_comes_back_with_an_answer(restated: Workspace) -> None:
    (copy,) = sorted((restated.outbox / "2024-09-30").glob("审核反馈/*.xlsx"))
    assert copy.name == "鹿城区_2024-09-30_待说明.xlsx"
    drop(restated, "反馈.xlsx", filled(copy.read_bytes(), {"P01": FALL}))
    (answer,) = run_now(restated, now=at(5)).files
    assert (answer.status, rules(answer)) == ("pending", ["P01"])
    assert matters(restated) == [("P01", "explained")]
    decide(restated, "approve", now=at(6), period=SEPTEMBER, rule="P01")
    assert matters(restated) == [("P01", "approved")]
    assert state(restated) == ("审核通过", ("核减已认定",), 1)
    assert not (restated.outbox / "2024-09-30" / "审核反馈").exists()


@pytest.mark.usefixtures("products")
def test_the_district_is_written_to(restated: Workspace) -> None:
    letters = [letter for letter in prepare(restated, SEPTEMBER, at(4)).letters if letter.kind == "feedback"]
    (letter,) = letters
    assert (letter.district, letter.subject[:5]) == (DISTRICT, "【待说明】")
    assert "经复核，有强制性审核意见1条、核实性审核意见0条，请说明或改正。" in letter.body
    assert [attached.name for attached in letter.attachments] == ["鹿城区_2024-09-30_待说明.xlsx"]


@pytest.mark.usefixtures("products")
def test_a_decision_book_settles_it_line_by_line(restated: Workspace) -> None:
    _laid_in(restated, 办理意见="代录电话说明", 办理内容=FALL)
    run_now(restated, now=at(5))
    assert matters(restated) == [("P01", "explained")]
    _laid_in(restated, 办理意见="同意认定", 通报用语=FALL)
    outcome = run_now(restated, now=at(6))
    assert matters(restated) == [("P01", "approved")]
    assert outcome.files == ()
    assert [file.period for file in outcome.reviewed] == [SEPTEMBER]


def _laid_in(office: Workspace, **texts: str) -> None:
    """The 办理单 of September with its first line filled in, in 办理/."""
    workbook = openpyxl.load_workbook(office.outbox / "2024-09-30" / "市级办理单_2024-09-30.xlsx")
    sheet = workbook.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[2], 1)}
    for name, text in {"依据": "2025年4月3日来函", "经办人": "张三", **texts}.items():
        sheet.cell(3, columns[name]).value = text
    workbook.save(office.root / "办理" / "办理单.xlsx")


def test_what_is_in_force_is_decided_beside_a_newer_file_that_waits(restated: Workspace) -> None:
    send(restated, SEPTEMBER, (None, 13, 7, 4), 5)
    assert state(restated) == ("审核通过", ("需复核", "新报第2版待处理"), 1)
    assert [finding.rule for finding in record(restated, SEPTEMBER).open_findings] == ["C02", "P01"]
    approved(restated, "P01", FALL, SEPTEMBER, 6)
    assert matters(restated) == [("P01", "approved")]
    assert state(restated)[1] == ("核减已认定", "新报第2版待处理")


def test_an_approval_lapses_when_the_compared_value_changes(restated: Workspace) -> None:
    approved(restated, "P01", FALL, SEPTEMBER, 4)
    send(restated, JUNE, (12, 12, 7, 3), 5)
    decide(restated, "explain", now=at(6), period=JUNE, rule="P09", reason="重复计数，核减1家")
    approved(restated, "P08", "漏报4家企业，据实补报", JUNE, 7)
    assert record(restated, JUNE).version == 3
    assert matters(restated) == [("P01", "open")]
    approved(restated, "P01", "重复计数，核减4家", SEPTEMBER, 8)
    assert state(restated)[1] == ("核减已认定",)


def test_a_corrected_file_settles_it(restated: Workspace) -> None:
    send(restated, SEPTEMBER, (14, 13, 7, 4), 5)
    assert state(restated) == ("审核通过", (), 2)


def test_the_bytes_sent_again_are_still_known_as_the_version_in_force(restated: Workspace) -> None:
    outcome = send(restated, SEPTEMBER, SECOND, 5, name="再报.xlsx")
    (file,) = outcome.files
    assert file.status == "duplicate"
    assert "未重复计入" in file.findings[0].message


def test_a_withdrawal_takes_the_finding_away(office: Workspace) -> None:
    send(office, JUNE, HIGHER, 0)
    send(office, SEPTEMBER, SECOND, 1)
    approved(office, "P01", FALL, SEPTEMBER, 2)
    assert matters(office) == [("P01", "approved")]
    decide(office, "withdraw", now=at(3), period=JUNE)
    assert matters(office) == []
    assert state(office) == ("审核通过", (), 1)


def test_a_version_that_comes_back_into_force_is_judged_as_things_are_now(office: Workspace) -> None:
    send(office, SEPTEMBER, SECOND, 0)
    send(office, SEPTEMBER, (14, 13, 7, 4), 1)
    send(office, JUNE, HIGHER, 2)
    assert state(office)[2] == 2
    decide(office, "withdraw", now=at(3), period=SEPTEMBER)
    assert state(office) == ("审核通过", ("需复核", "撤回"), 1)
    assert matters(office) == [("P01", "open")]


def test_an_earlier_period_that_comes_late_is_no_longer_missed(office: Workspace) -> None:
    drop_return(office, "龙湾区", JUNE)
    send(office, SEPTEMBER, SECOND, 0)
    assert "F06" in [finding.rule for finding in _current(office).findings]
    send(office, JUNE, FIRST, 1)
    assert "F06" not in [finding.rule for finding in _current(office).findings]
    assert state(office) == ("审核通过", (), 1)


def _current(office: Workspace, period: dt.date = SEPTEMBER):  # type: ignore[no-untyped-def]
    current = record(office, period).current
    assert current
    return current


def test_a_registered_time_of_receipt_takes_off_and_puts_on_the_mark_at_once(office: Workspace) -> None:
    (office.root / "settings.toml").write_text('[deadlines]\ndates = { "2024-09-30" = 2024-10-10 }\n', encoding="utf-8")
    office = workspace_at(office.root)
    send(office, SEPTEMBER, SECOND, 0)
    assert state(office)[1] == ("迟报",)
    decide(office, "receive", now=at(1), period=SEPTEMBER, received=dt.datetime(2024, 10, 9, 2, tzinfo=dt.UTC))
    assert state(office)[1] == ()
    decide(office, "receive", now=at(2), period=SEPTEMBER, received=dt.datetime(2024, 10, 12, 2, tzinfo=dt.UTC))
    assert state(office)[1] == ("迟报",)


ORDERS = {
    "together": (((JUNE, FIRST), (SEPTEMBER, SECOND)),),
    "in order": (((JUNE, FIRST),), ((SEPTEMBER, SECOND),)),
    "the later one first": (((SEPTEMBER, SECOND),), ((JUNE, FIRST),)),
}


@pytest.mark.parametrize("runs", ORDERS.values(), ids=ORDERS)
def test_the_order_of_returns_changes_nothing(office: Workspace, runs: Iterable[Iterable[tuple[dt.date, Sequence[int]]]]) -> None:
    drop_return(office, "龙湾区", JUNE)
    run_now(office, now=at(-1))
    for hours, files in enumerate(runs):
        for period, values in files:
            drop(office, f"鹿城区{period:%Y年%m月}.xlsx", write_return(spec(office.programme, DISTRICT, period, values)))
        run_now(office, now=at(hours))
    found = {
        period: (state(office, period), sorted(f.rule for f in _current(office, period).findings if f.rule != "T01"))
        for period in (JUNE, SEPTEMBER)
    }
    assert found == {JUNE: (("审核通过", (), 1), []), SEPTEMBER: (("审核通过", (), 1), [])}


@pytest.mark.usefixtures("products")
def test_the_usual_run_judges_nothing_twice(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def ask(*arguments: object) -> list[object]:
        asked.append(arguments)
        return []

    monkeypatch.setattr(reviewing, "_judge_again", ask)
    for period in (JUNE, SEPTEMBER):
        for district in office.programme.district_names[:4]:
            drop_return(office, district, period)
    run_now(office)
    for district in office.programme.district_names[:4]:
        drop_return(office, district, dt.date(2024, 12, 31))
    run_now(office, now=at(1))
    run_now(office, now=at(2))
    assert asked == []


@pytest.mark.usefixtures("products")
def test_a_steady_ledger_is_left_alone(restated: Workspace) -> None:
    before = [rows(restated, f"select count(*) from {table}") for table in ("entries", "judgements", "reviews")]
    outcome = run_now(restated, now=at(9))
    assert outcome.reviewed == ()
    assert outcome.folders == ()
    assert [rows(restated, f"select count(*) from {table}") for table in ("entries", "judgements", "reviews")] == before


def test_a_run_stopped_before_its_review_is_made_good_by_the_next(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_return(office, "龙湾区", JUNE)
    send(office, SEPTEMBER, SECOND, 0)
    drop(office, "鹿城区2024年6月.xlsx", write_return(spec(office.programme, DISTRICT, JUNE, FIRST)))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.run.stages.review_in_force", _stop)
        with pytest.raises(KeyboardInterrupt):
            run_now(office, now=at(1))
    assert "F06" in [finding.rule for finding in _current(office).findings]
    outcome = run_now(office, now=at(2))
    assert outcome.files == ()
    assert "F06" not in [finding.rule for finding in _current(office).findings]
    assert [file.file for file in outcome.reviewed] == [_current(office).file]


def test_a_run_stopped_after_its_review_reviews_once_more_and_says_the_same(
    restated: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(restated, SEPTEMBER, (14, 13, 7, 4), 5)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.run.reviewing.note_reviewed", _stop)
        with pytest.raises(KeyboardInterrupt):
            decide(restated, "withdraw", now=at(6), period=SEPTEMBER)
    assert run_now(restated, now=at(7)).reviewed == ()
    assert matters(restated) == [("P01", "open")]


def _stop(*_arguments: object, **_words: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("products")
def test_what_is_found_of_an_issued_period_is_told_and_changes_nothing_of_it(office: Workspace) -> None:
    send(office, JUNE, FIRST, 0)
    send(office, SEPTEMBER, SECOND, 1)
    assert issue(office, SEPTEMBER, 2) == []
    folder = office.outbox / "2024-09-30" / "第1次定稿"
    frozen = tree(folder)
    send(office, JUNE, HIGHER, 3)
    approved(office, "P08", RISE, JUNE, 4)
    assert state(office)[:2] == ("已通报", ("需复核",))
    assert tree(folder) == frozen
    view = look(office, SEPTEMBER)
    assert view
    assert view.final
    decide(office, "reopen", now=at(6), district=None, period=SEPTEMBER)
    assert state(office)[:2] == ("更正中", ("需复核",))
    drop_return(office, "龙湾区", SEPTEMBER)
    run_now(office, now=at(7))
    assert "settled" in issue(office, SEPTEMBER, 8, "龙湾区")


def test_rivals_that_a_later_file_replaced_hold_nothing(office: Workspace) -> None:
    for number, values in enumerate((SECOND, (9, 13, 7, 4))):
        drop(office, f"{number}/鹿城区2024年9月.xlsx", write_return(spec(office.programme, DISTRICT, SEPTEMBER, values)))
    run_now(office)
    assert len(_view(office).waiting(office.programme)) == 2
    send(office, SEPTEMBER, (10, 13, 7, 4), 1)
    assert state(office) == ("审核通过", (), 1)
    assert _view(office).waiting(office.programme) == ()
    assert issue(office, SEPTEMBER, 2) == []


def _view(office: Workspace) -> PeriodView:
    view = look(office, SEPTEMBER)
    assert view
    return view


@pytest.mark.usefixtures("products")
def test_a_review_that_cannot_be_posted_stops_nothing(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    send(office, JUNE, FIRST, 0)
    send(office, SEPTEMBER, SECOND, 1)
    send(office, JUNE, HIGHER, 2)
    judge_again = records.Posting.judge_again

    def broken(posting: records.Posting, number: int, submission: Submission) -> bool:
        if submission.period == SEPTEMBER:
            raise ValueError("made up")
        return judge_again(posting, number, submission)

    with monkeypatch.context() as patch:
        patch.setattr(records.Posting, "judge_again", broken)
        approved(office, "P08", RISE, JUNE, 3)
    assert state(office, JUNE) == ("审核通过", (), 2)
    assert "电话说明" in (office.outbox / "2024-06-30" / "审核报告_2024-06-30.html").read_text(encoding="utf-8")
    assert (matters(office), state(office)) == ([], ("审核通过", (), 1))
    run_now(office, now=at(4))
    assert (matters(office), state(office)) == ([("P01", "open")], ("审核通过", ("需复核",), 1))


def test_the_office_is_told_what_is_asked_about_again(restated: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    current = record(restated, SEPTEMBER).current
    assert current
    console.say_effect(Outcome((), reviewed=(current,)), restated.programme)
    assert capsys.readouterr().err == "所对照的数有变动，已审核通过的报表需复核：鹿城区（截至2024年9月底）。\n"


@pytest.mark.usefixtures("products")
def test_the_report_counts_it_among_those_that_passed(restated: Workspace) -> None:
    report = (restated.outbox / "2024-09-30" / "审核报告_2024-09-30.html").read_text(encoding="utf-8")
    assert "尚有12个地区未审核通过，暂不能定稿：" in report
    assert "另有1个地区审核通过后需复核：鹿城区。" in report
