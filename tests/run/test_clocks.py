"""No clock changes what is in force, what is open or what was done: set back or ahead, or another machine's that is behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger.all_versions import versions
from pipeline.ledger.entries import SLACK, entry_by
from pipeline.ledger.settling import decisions, receipts
from pipeline.model import Act
from pipeline.model.view import Office
from pipeline.products.template import render
from pipeline.workspace.workspace import Workspace
from tests.decisions.test_decision_sheets import book, fill
from tests.returns import write_return
from tests.run.test_city import REASON, decide, record
from tests.support.filled_templates import fill as filled
from tests.support.workspaces import DECEMBER, MARCH, NOW, drop, rows, run_now, spec, workspace_at

HOUR = dt.timedelta(hours=1)
CLOCKS: dict[str, tuple[float, ...]] = {
    "right": (0, 1, 2, 3, 4, 5, 6, 7),
    "standing still": (0, 0, 0, 0, 0, 0, 0, 0),
    "set back each time": (7, 6, 5, 4, 3, 2, 1, 0),
    "set back an hour, once": (4, 3.2, 3.4, 3.6, 3.8, 4.1, 5, 6),
    "another machine ten minutes behind": (0.2, 0.05, 0.21, 0.06, 0.22, 0.07, 0.23, 0.08),
    "ahead at first": (900, 1, 2, 3, 4, 5, 6, 7),
}
"""Hours after NOW that the clock shows at each step."""


@pytest.fixture(params=[*CLOCKS.values()], ids=[*CLOCKS])
def times(request: pytest.FixtureRequest) -> list[dt.datetime]:
    return [NOW + hours * HOUR for hours in request.param]


@pytest.fixture
def office(tmp_path: Path, database: str, ledger_alone: None) -> Workspace:
    return workspace_at(tmp_path)


def sent(office: Workspace, values: tuple[int, ...], period: dt.date = MARCH, name: str = "鹿城区") -> None:
    drop(office, f"{name}{period}.xlsx", write_return(spec(office.programme, "鹿城区", period, values)))


BEFORE, FALLEN, HIGHER, LOWER_BEFORE = (12, 20, 8, 4), (9, 21, 8, 5), (15, 23, 9, 5), (8, 20, 8, 4)


def test_an_older_file_never_comes_into_force_over_its_correction(office: Workspace, times: list[dt.datetime]) -> None:
    """The first return of March fell below December; once December is corrected nothing speaks against it any more."""
    sent(office, BEFORE, DECEMBER)
    sent(office, FALLEN)
    run_now(office, now=times[0])
    sent(office, HIGHER, name="鹿城区更正")
    run_now(office, now=times[1])
    sent(office, LOWER_BEFORE, DECEMBER)
    for now in times[2:5]:
        run_now(office, now=now)
    found = record(office)
    assert (found.state, found.version, found.values["enterprises"]) == ("审核通过", 1, 15)
    assert found.latest
    assert found.latest.file == f"鹿城区更正{MARCH}.xlsx"


def test_what_was_sent_back_by_hand_is_not_in_force(office: Workspace, times: list[dt.datetime]) -> None:
    sent(office, HIGHER)
    run_now(office, now=times[0])
    decide(office, "return", now=times[1], reason="请核对")
    for now in times[2:4]:
        run_now(office, now=now)
    assert (record(office).state, record(office).version) == ("退回", None)


@pytest.fixture
def fallen(office: Workspace, times: list[dt.datetime]) -> Workspace:
    sent(office, BEFORE, DECEMBER)
    sent(office, FALLEN)
    run_now(office, now=times[0])
    return office


def explain(office: Workspace, now: dt.datetime, text: str = REASON) -> None:
    decide(office, "explain", now=now, rule="P01", indicator="enterprises", reason=text)


def about(office: Workspace, act: str, now: dt.datetime) -> None:
    decide(office, act, now=now, rule="P01", indicator="enterprises")


def test_the_later_decision_holds(fallen: Workspace, times: list[dt.datetime]) -> None:
    explain(fallen, times[1])
    about(fallen, "approve", times[2])
    about(fallen, "refuse", times[3])
    run_now(fallen, now=times[4])
    assert (record(fallen).state, record(fallen).version) == ("退回", None)


def test_a_refused_matter_that_is_explained_anew_waits_for_the_city(fallen: Workspace, times: list[dt.datetime]) -> None:
    explain(fallen, times[1])
    about(fallen, "refuse", times[2])
    explain(fallen, times[3], "两家企业注销，一家迁往丽水")
    assert record(fallen).state == "待认定"
    run_now(fallen, now=times[4])
    assert record(fallen).state == "待认定"


def test_an_explanation_laid_in_before_a_decision_counts_when_it_comes(fallen: Workspace, times: list[dt.datetime]) -> None:
    """It lies in the inbox while the city refuses an older one: the first run that takes it judges as the second does."""
    explain(fallen, times[1])
    drop(fallen, "鹿城区说明.xlsx", explained_in_the_form(fallen, "两家企业注销，一家迁往丽水"))
    about(fallen, "refuse", times[2])
    run_now(fallen, now=times[3])
    assert record(fallen).state == "待认定"
    run_now(fallen, now=times[4])
    assert record(fallen).state == "待认定"


def explained_in_the_form(office: Workspace, reason: str) -> bytes:
    """The template of March with the values of the fall, explained on the sheet 情况说明."""
    before = dict(zip(office.programme.indicator_ids, BEFORE, strict=True))
    form = render(office.programme, "鹿城区", MARCH, (DECEMBER, before), Office(), None)
    header = office.programme.indicators[0].name
    info = {"报出日期": "2025-04-02"}
    return filled(form, FALLEN, info, reasons=[(header, "核减", 3, reason)], district="鹿城区")


@pytest.mark.usefixtures("products")
def test_a_decision_sheet_laid_in_again_does_not_overturn_a_later_decision(fallen: Workspace, times: list[dt.datetime]) -> None:
    explain(fallen, times[1])
    path = fill(fallen, P01={"办理意见": "不予认定", "办理内容": "依据不足"})
    again = path.read_bytes()
    run_now(fallen, now=times[2])
    assert record(fallen).state == "退回"
    explain(fallen, times[3], "两家企业注销，一家迁往丽水")
    about(fallen, "approve", times[4])
    path.write_bytes(again)
    outcome = run_now(fallen, now=times[5])
    assert any("已办理0项" in line for line in outcome.told)
    assert (record(fallen).state, record(fallen).values["enterprises"]) == ("审核通过", 9)


@pytest.mark.usefixtures("products")
def test_a_decision_sheet_made_since_asks_anew(fallen: Workspace, times: list[dt.datetime]) -> None:
    """The same words in a book that was made after the decision are another decision."""
    explain(fallen, times[1])
    asked = {"办理意见": "不予认定", "办理内容": "依据不足"}
    fill(fallen, P01=asked)
    run_now(fallen, now=times[2])
    explain(fallen, times[3], "两家企业注销，一家迁往丽水")
    fill(fallen, P01=asked)
    run_now(fallen, now=times[4])
    assert rows(fallen, "select count(*) from decisions where act = 'refuse'") == [(2,)]


def without_number(path: Path) -> None:
    """The 办理单 as version 0.1.0 made it: it says only when it was made."""
    import json

    import openpyxl

    workbook = openpyxl.load_workbook(path)
    for row in workbook.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("{"):
                key = json.loads(cell.value)
                key.pop("decided")
                cell.value = json.dumps(key)
    workbook.save(path)


@pytest.mark.usefixtures("products")
def test_a_decision_sheet_of_an_earlier_version_is_recognised(fallen: Workspace, times: list[dt.datetime]) -> None:
    explain(fallen, times[1])
    path = fill(fallen, P01={"办理意见": "不予认定", "办理内容": "依据不足"})
    without_number(path)
    again = path.read_bytes()
    run_now(fallen, now=times[2])
    path.write_bytes(again)
    run_now(fallen, now=times[3])
    assert rows(fallen, "select count(*) from decisions where act = 'refuse'") == [(1,)]


# --- history


def test_history_never_shows_two_values_in_force(office: Workspace, times: list[dt.datetime], database: str) -> None:
    """Accepted, replaced, replaced, the last one withdrawn, another one: as of every time there is one value at most."""
    expected = []
    for number, now in enumerate(times[:5]):
        if number == 3:
            decide(office, "withdraw", now=now)
        else:
            sent(office, (15 + number, 23, 9, 5), name=f"鹿城区{number}")
            run_now(office, now=now)
        expected.append([(15 + (1 if number == 3 else number))])
    with office.ledger() as ledger, ledger.reading() as connection:
        for moment in {moment for time in times[:5] for moment in (time - HOUR / 60, time, time + HOUR / 60)}:
            done = max((number for number, time in enumerate(times[:5]) if time <= moment), default=-1)
            known = versions(connection, office.programme, up_to=entry_by(connection, moment))
            in_force = [version.values["enterprises"].value for version in known if version.in_force]
            assert in_force == (expected[done] if done >= 0 else [])
        now_in_force = [v.values["enterprises"].value for v in versions(connection, office.programme) if v.in_force]
    assert now_in_force == expected[-1]


# --- receipts


def test_the_first_return_is_the_first_of_the_ledger(office: Workspace, times: list[dt.datetime]) -> None:
    sent(office, HIGHER)
    run_now(office, now=times[0])
    sent(office, (16, 24, 9, 5), name="鹿城区更正")
    run_now(office, now=times[1])
    with office.ledger() as ledger, ledger.reading() as connection:
        assert receipts(connection, [MARCH], ())["鹿城区", MARCH].first == times[0]


def test_a_time_the_city_registered_goes_first(office: Workspace, times: list[dt.datetime]) -> None:
    registered = NOW - 24 * HOUR
    for number, now in enumerate(times[:2]):
        sent(office, (15 + number, 24, 9, 5), name=f"鹿城区{number}")
        run_now(office, now=now)
    decide(office, "receive", now=times[2], received=registered, file=f"鹿城区1{MARCH}.xlsx")
    with office.ledger() as ledger, ledger.reading() as connection:
        decided = decisions(connection, [MARCH])
        assert [decision.act for decision in decided] == [Act.RECEIVE]
        assert receipts(connection, [MARCH], decided)["鹿城区", MARCH].first == registered


# --- the order of files within a run


ORDERS: dict[str, Callable[[str], str]] = {
    "names": lambda name: name,
    "names the other way round": lambda name: f"{9 - int(name)}",
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("reverse", [False, True], ids=["laid in", "laid in the other way round"])
def test_no_order_within_a_run_changes_what_becomes_of_the_files(
    office: Workspace, order: Callable[[str], str], reverse: bool
) -> None:
    files: dict[str, tuple[tuple[int, ...], dt.date]] = {
        "1": (HIGHER, MARCH),
        "2": ((16, 24, 9, 5), MARCH),
        "3": (BEFORE, DECEMBER),
    }
    for name, (values, period) in sorted(files.items(), reverse=reverse):
        sent(office, values, period, name=f"{order(name)}鹿城区")
    run_now(office)
    found = rows(office, "select j.entries, j.status, j.period from judgements j order by j.period, cast(j.entries as text)")
    assert [(status, period) for _, status, period in found] == [
        ("accepted", str(DECEMBER)),
        ("pending", str(MARCH)),
        ("pending", str(MARCH)),
    ]
    assert len(rows(office, "select distinct entry_id from submissions")) == 1


# --- told


@pytest.mark.parametrize(
    ("behind", "told"),
    [(dt.timedelta(0), False), (SLACK, False), (SLACK * 2, True), (HOUR, True), (-HOUR, False)],
    ids=["right", "a little behind", "ten minutes behind", "an hour behind", "later"],
)
def test_a_clock_behind_the_ledger_is_told(office: Workspace, behind: dt.timedelta, told: bool) -> None:
    sent(office, HIGHER)
    run_now(office)
    assert bool(run_now(office, now=NOW - behind).told) is told


def test_what_is_told_names_both_times(office: Workspace) -> None:
    sent(office, HIGHER)
    run_now(office)
    assert run_now(office, now=NOW - HOUR).told == (
        "本机时钟（2025年4月3日09:00）早于台账最后一次记录（2025年4月3日10:00），请核对系统时间；台账次序不受影响。",
    )


def test_a_run_that_finds_nothing_new_makes_no_entry(office: Workspace) -> None:
    sent(office, FALLEN)
    sent(office, BEFORE, DECEMBER)
    run_now(office)
    before = rows(office, "select * from entries")
    run_now(office, now=NOW + HOUR)
    assert rows(office, "select * from entries") == before


def made_again(office: Workspace, path: Path) -> bytes:
    from pipeline.run.rebuild import rebuild

    path.unlink()
    rebuild(office, None)
    return path.read_bytes()


@pytest.mark.usefixtures("products")
def test_products_are_the_same_when_they_are_made_again(fallen: Workspace, times: list[dt.datetime]) -> None:
    explain(fallen, times[1])
    run_now(fallen, now=times[2])
    before: Any = book(fallen).read_bytes()
    assert made_again(fallen, book(fallen)) == before
