"""What the gate reads for itself: originals again, and the staged bulletin."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.issue.gate.read_again import read_bulletin, reread, unread
from pipeline.issue.gate.task import Flaw, Held, Reread
from pipeline.products import bulletin
from schemas.programme import Programme
from tests.support.views import make_view


@pytest.fixture(params=["programme", "second_programme"])
def either(request: pytest.FixtureRequest) -> Programme:
    found: Programme = request.getfixturevalue(request.param)
    return found


def test_every_value_and_total_of_a_bulletin_is_read_back(either: Programme) -> None:
    missing, *others = either.district_names
    values = {name: [10 * place + column for column, _ in enumerate(either.indicators)] for place, name in enumerate(others, 1)}
    expected = {name: [str(value) for value in row] for name, row in values.items()}
    expected[missing] = ["未报"] * len(either.indicators)
    expected[""] = [str(sum(column)) for column in zip(*values.values(), strict=True)]
    shown = read_bulletin(bulletin.render(either, make_view(either, either.start.replace(month=6, day=30), values)), either)
    assert {(each.district, each.indicator): each.text for each in shown} == {
        (name, indicator): row[column] for name, row in expected.items() for column, indicator in enumerate(either.indicator_ids)
    }
    assert len(shown) == 2 * len(expected) * len(either.indicators)  # once in 附件2, once in 进度表 or 成效表


def test_what_killed_its_reader_is_not_read(programme: Programme) -> None:
    file = Held("鹿城区", "ab", "a.xlsx", "附件2", {"enterprises": "C5"})
    assert unread(file) == (Reread("鹿城区", "enterprises", "ab", None, None, "C5"),)
    assert reread(file, Path("nowhere"), programme) == unread(file, Flaw.MISSING)
