"""``annex2 history``: which version is in force, which was at an earlier time, and where every value comes from."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from pipeline.ledger.all_versions import versions
from pipeline.ledger.entries import LedgerEntry, entry_by
from pipeline.ledger.records import Posting, record_decision, register_originals, standing
from pipeline.ledger.store import Ledger, open_ledger, sqlite_url
from pipeline.model import Act, Decision, Submission
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.ledger.test_ledger import PERIODS, submission
from tests.support.command import Done, annex2
from tests.support.workspaces import DECEMBER, MARCH, NOW, drop_return, rows, run_now, workspace_at

HOUR = dt.timedelta(hours=1)
KEYS = ["district", "indicator", "period", "value", "version", "received", "file", "sheet", "cell", "sha256"]
TIMES = ["valid_from", "valid_to"]


def post(connection: Connection, one: Submission, arrival: str, now: dt.datetime) -> None:
    register_originals(connection, [(one.reading.sha256, one.reading.size)], now)
    posting = Posting(connection, LedgerEntry(now), "1", standing(connection, one.period))
    posting.add(one, arrival)
    posting.finish()


# --- a model: what is in force after every step


class Model:
    """One place, with its versions as the ledger should have them; ``step`` does to the ledger what it does to itself."""

    def __init__(self, ledger: Ledger, programme: Programme, district: str) -> None:
        self.ledger, self.programme, self.district = ledger, programme, district
        self.versions: list[dict[str, object]] = []

    def step(self, act: str, value: int, now: dt.datetime, number: int) -> None:
        sent = submission(self.programme, self.district, PERIODS[0], value, 2, 3, 4)
        with self.ledger.writing() as connection:
            if act == "send":
                post(connection, sent, str(number), now)
            else:
                place = Decision(Act.WITHDRAW, "张三", now, "来函", district=self.district, period=PERIODS[0])
                record_decision(connection, replace(place, sha256=sent.reading.sha256))
        if act == "withdraw":
            self.versions = [{**v, "gone": v["gone"] or v["value"] == value} for v in self.versions]
        elif (self.in_force or {}).get("value") != value:
            self.versions.append({"number": len(self.versions) + 1, "value": value, "gone": False})

    @property
    def in_force(self) -> dict[str, object] | None:
        return next((version for version in reversed(self.versions) if not version["gone"]), None)

    @property
    def now(self) -> tuple[object, object] | None:
        return (self.in_force["number"], self.in_force["value"]) if self.in_force else None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["鹿城区", "龙湾区"]),
        st.sampled_from(["send", "send", "withdraw"]),
        st.integers(1, 3),
        st.integers(-3, 3),
    ),
    max_size=9,
)
"""District, act, value; and how many half-hours the clock is off."""


def clocks(steps: list[tuple[str, str, int, int]]) -> list[dt.datetime]:
    return [NOW + number * HOUR + off * HOUR / 2 for number, (*_, off) in enumerate(steps)]


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_at_every_instant_the_ledger_is_known_as_it_was(programme: Programme, steps: list[tuple[str, str, int, int]]) -> None:
    """Whatever the clock showed: what came before something that was recorded by then, had been recorded too."""
    times = clocks(steps)
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(sqlite_url(Path(folder) / "ledger.db"), Path(folder) / "originals")
        models = {district: Model(ledger, programme, district) for district in ("鹿城区", "龙湾区")}
        expected = []
        for number, (district, act, value, _) in enumerate(steps):
            models[district].step(act, value, times[number], number)
            expected.append({name: model.now for name, model in models.items() if model.now})
        with ledger, ledger.reading() as connection:
            for moment in {moment for time in times for moment in (time - HOUR / 4, time, time + HOUR / 4)}:
                done = max((number for number, time in enumerate(times, 1) if time <= moment), default=0)
                known = versions(connection, programme, up_to=entry_by(connection, moment))
                in_force = [(v.district, v.number, v.values["enterprises"].value) for v in known if v.in_force]
                assert sorted(in_force) == sorted((name, *now) for name, now in (expected[done - 1] if done else {}).items())
                for version in known:
                    assert version.ended == _ended(expected[:done], times, version.district, version.number)


def _ended(
    snapshots: list[dict[str, tuple[object, object]]], times: list[dt.datetime], district: str, version: int
) -> dt.datetime | None:
    """The step after the last one that has the version in force; None while it is."""
    last = max(step for step, snapshot in enumerate(snapshots) if snapshot.get(district, (0,))[0] == version)
    return times[last + 1] if last + 1 < len(snapshots) else None


def test_versions_of_one_moment_follow_each_other(tmp_path: Path, programme: Programme) -> None:
    ledger = open_ledger(sqlite_url(tmp_path / "ledger.db"), tmp_path / "originals")
    for value in (1, 2):
        with ledger.writing() as connection:
            post(connection, submission(programme, "鹿城区", PERIODS[0], value, 2, 3, 4), str(value), NOW)
    with ledger, ledger.reading() as connection:
        first, second = versions(connection, programme)
    assert (first.ended, second.ended) == (NOW, None)


# --- the command


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """鹿城区 sent March twice, an hour apart, and December; 龙湾区 sent December."""
    office = workspace_at(tmp_path_factory.mktemp("history"))
    drop_return(office, "鹿城区", DECEMBER, (12, 20, 8, 4))
    drop_return(office, "龙湾区", DECEMBER, (13, 25, 9, 4))
    drop_return(office, "鹿城区", MARCH, (14, 21, 8, 5))
    run_now(office)
    drop_return(office, "鹿城区", MARCH, (15, 23, 9, 5))
    run_now(office, now=NOW + HOUR)
    return office


def asked(office: Workspace, *arguments: str) -> Done:
    return annex2("history", *arguments, folder=office.root)


def test_values_in_force_are_told_with_their_sources(office: Workspace) -> None:
    done = asked(office, "--district", "鹿城", "--period", "2025年3月底", "--indicator", "projects", "--json")
    (record,) = done.json
    assert (done.status, done.said, list(record)) == (0, "", [*KEYS, *TIMES])
    assert {key: record[key] for key in KEYS[:5]} == {
        "district": "鹿城区",
        "indicator": "projects",
        "period": "2025-03-31",
        "value": 23,
        "version": 2,
    }
    assert (record["valid_from"], record["valid_to"]) == ("2025-04-03T11:00:00+08:00", None)
    kept = rows(office, "select sha256 from submissions where file = :file order by id desc limit 1", file=record["file"])
    assert [(record["sha256"],)] == kept


def test_all_versions_are_told_with_the_time_they_were_replaced(office: Workspace) -> None:
    records = asked(
        office, "--district", "鹿城区", "--period", "2025-03-31", "--indicator", "已选派企业数", "--all", "--json"
    ).json
    assert [(r["version"], r["value"], r["valid_from"][11:16], (r["valid_to"] or "")[11:16]) for r in records] == [
        (1, 14, "10:00", "11:00"),
        (2, 15, "11:00", ""),
    ]


@pytest.mark.parametrize(
    ("moment", "value"),
    [
        ("2025-04-03", 15),
        ("2025年4月3日", 15),
        ("2025-04-03 11:00", 15),
        ("2025-04-03T11:00:00+08:00", 15),
        ("2025-04-03T10:59:59.999999+08:00", 14),
        ("2025-04-03 10:30", 14),
        ("2025-04-03T02:00:00Z", 14),
    ],
)
def test_the_ledger_answers_as_known_then(office: Workspace, moment: str, value: int) -> None:
    (record,) = asked(
        office, "--district", "鹿城区", "--period", "2025-03-31", "--indicator", "enterprises", "--as-of", moment, "--json"
    ).json
    assert (record["value"], record["valid_to"]) == (value, None)


@pytest.mark.parametrize("moment", ["2025-04-03 09:59", "2025-04-02"])
def test_before_anything_was_recorded_nothing_is_known(office: Workspace, moment: str) -> None:
    assert asked(office, "--as-of", moment, "--all", "--json").json == []
    assert asked(office, "--as-of", moment).said == "台账中没有符合条件的数值。\n"


def test_values_come_by_period_then_in_the_order_of_the_form(office: Workspace, programme: Programme) -> None:
    records = asked(office, "--json").json
    places = [("2024-12-31", "鹿城区"), ("2024-12-31", "龙湾区"), ("2025-03-31", "鹿城区")]
    expected = [(*place, indicator) for place in places for indicator in programme.indicator_ids]
    assert [(r["period"], r["district"], r["indicator"]) for r in records] == expected


def test_the_table_is_whole_and_names_findings_with_all(office: Workspace) -> None:
    plain, full = asked(office, "--district", "鹿城区"), asked(office, "--district", "鹿城区", "--all")
    assert (plain.status, plain.output, full.status, full.output) == (0, b"", 0, b"")
    heads = ["区域", "指标", "报告期", "数值", "版次", "来源文件", "工作表", "单元格", "收到时间", "入账时间"]
    assert [cell.strip() for cell in plain.said.splitlines()[1].strip("┃").split("┃")] == heads
    assert [cell.strip() for cell in full.said.splitlines()[1].strip("┃").split("┃")] == [*heads, "失效时间"]
    assert "…" not in plain.said
    assert "第1版（已替换，规则版本：2024.1）" not in plain.said
    assert "鹿城区2025年3月底第1版（已替换，规则版本：2024.1）\n　【提示性】" in full.said
    assert "鹿城区2025年3月底第2版（有效，规则版本：2024.1）\n　【提示性】" in full.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--district", "龙弯区"), "没有地区“龙弯区”，可用的地区：鹿城区、龙湾区"),
        (("--indicator", "企业"), "没有指标“企业”，可用的指标：已选派“科技副总”企业数、"),
        (("--period", "昨天"), "“昨天”不是报告期"),
        (("--as-of", "20250403"), "“20250403”不是时间，请写成2025-07-08或2025-07-08 16:30。"),
    ],
)
def test_what_cannot_be_understood_is_wrong_usage(office: Workspace, arguments: tuple[str, str], said: str) -> None:
    done = asked(office, *arguments)
    assert (done.status, done.output) == (2, b"")
    assert said in done.said


def test_without_a_ledger_it_says_so_and_makes_none(tmp_path: Path) -> None:
    assert annex2("history", folder=tmp_path).said == "台账中还没有数据。\n"
    assert annex2("history", "--json", folder=tmp_path).json == []
    assert list(tmp_path.iterdir()) == []


def test_a_withdrawn_version_gives_way_to_the_one_before(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    for hour, value in enumerate((12, 13)):
        drop_return(office, "鹿城区", DECEMBER, (value, 20, 8, 4))
        run_now(office, now=NOW + hour * HOUR)
    ((sha256,),) = rows(office, "select sha256 from submissions order by id desc limit 1")
    annex2(
        "withdraw",
        "--file",
        sha256,
        "--by",
        "张三",
        "--reason",
        "来函",
        "--district",
        "鹿城区",
        "--period",
        "2024-12-31",
        folder=tmp_path,
    )
    query = ("--indicator", "enterprises", "--json")
    assert [(r["version"], r["value"], r["valid_to"]) for r in asked(office, *query).json] == [(1, 12, None)]
    first, second = asked(office, *query, "--all").json
    assert first["valid_to"] is None
    assert second["valid_to"] > second["valid_from"]
    assert [r["version"] for r in asked(office, *query, "--as-of", second["valid_from"]).json] == [2]
    assert "第2版（已撤回，规则版本：2024.1）" in asked(office, "--all").said
