"""Another city's form through the same code: five districts, three indicators, other words, one data file."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from pipeline.run import Outcome
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme, load_programme
from tests import TEST_DATA
from tests.returns import Value, cell_of
from tests.support.command import annex2
from tests.support.workspaces import VALUES_IN_FORCE, by_name, drop_return, rows, rules, run_now, spec, tree, workspace_at

PROGRAMME = TEST_DATA / "second" / "programme.toml"
JUNE, SEPTEMBER = dt.date(2025, 6, 30), dt.date(2025, 9, 30)
NOW = dt.datetime(2025, 10, 9, 2, 0, tzinfo=dt.UTC)
FIRST: dict[str, tuple[Value, ...]] = {
    "望川区": (12, 40, 6),
    "青禾市": (8, 22, 3),
    "青岩县": (5, 14, 2),
    "白鹭县": (0, 0, 0),
    "云港新区": (3, 9, 1),
}
SECOND: dict[str, tuple[Value, ...]] = {
    "望川区": (15, 52, 8),
    "青禾市": (8, 21, 3),
    "青岩县": (6, "约15", 2),
    "白鹭县": (0, 2, 0),
}
FORMATS = {"望川区": "xlsx", "青禾市": "ods", "青岩县": "csv-gbk", "白鹭县": "xls", "云港新区": "html-gbk"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace_at(tmp_path_factory.mktemp("second"), PROGRAMME)


@pytest.fixture(scope="module")
def outcomes(office: Workspace) -> list[Outcome]:
    """June, everything in order; then September with a fall, a doubtful value, results without teams, and one missing."""
    found = []
    for period, returns in ((JUNE, FIRST), (SEPTEMBER, SECOND)):
        for district, values in returns.items():
            drop_return(office, district, period, values, fmt=FORMATS[district], naming="district_iso")
        found.append(run_now(office, now=NOW))
    return found


def test_the_two_programmes_share_no_names(programme: Programme, second_programme: Programme) -> None:
    assert (len(second_programme.districts), len(second_programme.indicators)) == (5, 3)
    assert not set(programme.district_names) & set(second_programme.district_names)
    assert not set(programme.indicator_ids) & set(second_programme.indicator_ids)


def test_good_returns_are_accepted_with_their_values(office: Workspace, outcomes: list[Outcome]) -> None:
    assert {str(file.status) for file in outcomes[0].files} == {"accepted"}
    found = {file.district: tuple(file.values[i] for i in office.programme.indicator_ids) for file in outcomes[0].files}
    assert found == FIRST
    assert outcomes[0].missing == ()


def test_faults_are_found_at_their_cells(office: Workspace, outcomes: list[Outcome]) -> None:
    files = {file.district: file for file in by_name(outcomes[1]).values()}
    grave = {
        district: [(f.rule, f.cell) for f in file.findings if f.grade != "hint"]
        for district, file in files.items()
        if str(file.status) != "accepted"
    }
    fall = cell_of(spec(office.programme, "青禾市", SEPTEMBER, (8, 21, 3)), "courses")
    about = cell_of(spec(office.programme, "青岩县", SEPTEMBER, (6, 15, 2)), "courses")
    assert grave["青禾市"] == [("P01", fall)]
    assert grave["青岩县"] == [("C04", about)]
    assert "X01" in rules(files["白鹭县"])
    assert outcomes[1].missing == ("云港新区",)


def test_the_ledger_holds_what_was_accepted(office: Workspace, outcomes: list[Outcome]) -> None:
    places = {(district, period) for district, period, *_ in rows(office, VALUES_IN_FORCE)}
    accepted = {(f.district, str(f.period)) for o in outcomes for f in o.files if str(f.status) == "accepted"}
    assert places == accepted
    assert ("望川区", "2025-09-30") in places


def test_messages_speak_the_other_form_s_words(outcomes: list[Outcome]) -> None:
    said = " ".join(finding.message for outcome in outcomes for file in outcome.files for finding in file.findings)
    assert "举办技术培训场次" in said
    assert not any(name in said for name in (*load_programme().district_names, "科技副总", "附件2"))


@pytest.mark.usefixtures("outcomes")
def test_every_product_is_made_and_speaks_the_other_form_s_words(office: Workspace) -> None:
    made = tree(office.outbox)
    files = office.programme.wording["outbox"]["files"]
    names, rules = [name for product, name in files.items() if product != "notice"], files["rules_page"]
    returned = {f"{SEPTEMBER}/审核反馈/{district}_{SEPTEMBER}_退回.xlsx" for district in ("青禾市", "青岩县", "白鹭县")}
    assert set(made) == {f"{day}/{name.format(as_of=day)}" for day in (JUNE, SEPTEMBER) for name in names} | returned | {
        "总台账.xlsx"
    }
    for name, body in made.items():
        if name.endswith((".html", ".json")):
            text = body.decode("utf-8")
            assert "望川区" in text or name.endswith(rules)
            assert not [word for word in ("科技副总", "鹿城", "温州", "附件2") if word in text]


@pytest.mark.usefixtures("outcomes")
def test_the_command_line_takes_the_other_programme(office: Workspace) -> None:
    done = annex2("--programme", PROGRAMME, "status", "--period", "2025-09-30", "--json", folder=office.root)
    shown = {entry["district"]: (entry["state"], entry["values"]) for entry in json.loads(done.output)["districts"]}
    assert done.status == 0
    assert list(shown) == list(FIRST)
    assert shown["望川区"] == ("审核通过", {"teams": 15, "courses": 52, "sites": 8})
    assert shown["云港新区"][0] == "未报"
