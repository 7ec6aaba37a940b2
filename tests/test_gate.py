"""The gate on ledgers of real runs: accepted as they are, refused when edited by hand, each edit by its own rule."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.gates import edit, failing, judged, office_of, task_of
from tests.workspaces import rows, workspace_at

LUCHENG = """
where indicator = 'enterprises' and version_id in (select id from versions where district = '鹿城区' and period = '{period}')
"""


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office_of(tmp_path_factory.mktemp("june"), "2024-06-30").root


@pytest.fixture
def office(june: Path, tmp_path: Path) -> Workspace:
    """A copy of the ledger of June's sample returns."""
    shutil.copytree(june, tmp_path / "office")
    return workspace_at(tmp_path / "office")


def lucheng(period: str = "2024-06-30") -> str:
    return LUCHENG.format(period=period)


def original(office: Workspace, district: str = "鹿城区") -> Path:
    query = "select s.sha256 from submissions s join judgements j on j.submission_id = s.id where j.district = :district"
    return office.root / "ledger" / "originals" / str(rows(office, query, district=district)[0][0])


def test_a_ledger_as_it_was_written_is_accepted(office: Workspace) -> None:
    acceptance = judged(office)
    assert failing(acceptance) == {}
    assert acceptance.refusals == ()
    assert len(acceptance.checks) == 14


def test_the_check_leaves_nothing_in_the_ledger(office: Workspace) -> None:
    query = "select name from sqlite_master order by 1"
    before, content = rows(office, query), (office.root / "ledger" / "ledger.db").read_bytes()
    judged(office)
    assert rows(office, query) == before
    assert (office.root / "ledger" / "ledger.db").read_bytes() == content


def raised(office: Workspace) -> None:
    edit(office, f"update observations set value = value + 1 {lucheng()}")


def lowered(office: Workspace) -> None:
    edit(office, f"update observations set value = value - 1 {lucheng()}")


def deleted(office: Workspace) -> None:
    edit(office, f"delete from observations {lucheng()}")


def district_deleted(office: Workspace) -> None:
    versions = "(select id from versions where district = '鹿城区')"
    edit(office, f"delete from observations where version_id in {versions}", "delete from versions where district = '鹿城区'")


def removed(office: Workspace) -> None:
    original(office).unlink()


def altered(office: Workspace) -> None:
    original(office).write_bytes(original(office).read_bytes() + b" ")


def fraction(office: Workspace) -> None:
    edit(office, f"update observations set value = 2.5 {lucheng()}")


def below_zero(office: Workspace) -> None:
    edit(office, f"update observations set value = -1 {lucheng()}")


def unknown_indicator(office: Workspace) -> None:
    edit(office, f"update observations set indicator = 'patents' {lucheng()}")


def unknown_district(office: Workspace) -> None:
    edit(office, "update versions set district = '瓯江口' where district = '鹿城区'")


def another_file(office: Workspace) -> None:
    query = "select s.sha256 from submissions s join judgements j on j.submission_id = s.id where j.district = '龙湾区'"
    other = "select j.submission_id from judgements j where j.district = '鹿城区'"
    edit(office, f"update submissions set sha256 = ({query}) where id in ({other})")


EDITS: dict[Callable[[Workspace], None], dict[str, str]] = {
    raised: {"cells": "B08"},
    lowered: {"cells": "B08"},
    deleted: {"one_value": "B08", "cells": "B08", "bulletin": "B02", "totals": "B02"},
    district_deleted: {"complete": "B01"},
    removed: {"originals": "B07"},
    altered: {"originals": "B07"},
    below_zero: {"whole": "B08", "cells": "B08"},
    unknown_indicator: {"in_sets": "B08", "one_value": "B08", "cells": "B08"},
    unknown_district: {"complete": "B01", "in_sets": "B08"},
    another_file: {"files": "B03", "cells": "B08"},
}


@pytest.mark.parametrize("by_hand", EDITS, ids=lambda edit: edit.__name__)
def test_a_ledger_edited_by_hand_is_refused(by_hand: Callable[[Workspace], None], office: Workspace) -> None:
    by_hand(office)
    found = failing(judged(office))
    assert EDITS[by_hand].items() <= found.items(), found


def test_a_number_that_is_not_whole_is_refused(office: Workspace) -> None:
    """No bulletin can be made of it; this one was made before."""
    task = task_of(office)
    fraction(office)
    found = failing(judged(office, task))
    assert {"whole": "B08", "cells": "B08", "bulletin": "B02", "totals": "B02"}.items() <= found.items(), found
