"""What the sheet, the rows and the total say once the district is known: S01, S03, S05-S10, S12, in real files and in grids."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Area, History
from tests.returns import Layout
from tests.support.judging import (
    DECEMBER,
    JUNE,
    LUCHENG,
    MARCH,
    PROGRAMME,
    at,
    check,
    check_grid,
    grid,
    history,
    rules,
    spec,
    values,
)

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
HEAD = ("区域", *NAMES)
OWN = (LUCHENG, 8, 12, 7, 3)
Lines = Sequence[Sequence[object]]

CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str | None]], str]] = {
    "S01 renamed": ({"headers": {"projects": "项目经费"}}, [("S01", "D4")], "returned"),
    "S01 repeated": ({"headers": {"projects": NAMES[0]}}, [("S01", "D4"), ("S01", None)], "returned"),
    "S03 in the header": ({"headers": {"projects": f"{NAMES[1]}（万项）"}}, [("S03", "D4")], "returned"),
    "S03 in a group's header": (
        {"layout": "group_second", "headers": {"projects": f"{NAMES[1]}（百项）"}},
        [("S03", "D5")],
        "returned",
    ),
    "S05 row": ({"layout": "hidden_row"}, [("S05", "C5:F5")], "pending"),
    "S05 sheet": ({"layout": "hidden_sheet"}, [("S05", "C5:F5")], "pending"),
    "S05 column": ({"layout": "hidden_column"}, [("S05", "C5:F5")], "pending"),
    "S06 two indicators": ({"layout": "merged_values"}, [("S06", "C5:D5")], "returned"),
    "S06 two districts": ({"layout": "merged_down"}, [("S06", "D5:D6")], "returned"),
    "S06 and a total": ({"layout": Layout(merged_columns=(1, 3))}, [("S06", "D5:F5")], "returned"),
    "S07 alias": ({"layout": "alias_no_total"}, [], "accepted"),
    "S08": ({"region": "鹿成区"}, [("S08", "B5")], "returned"),
    "S10": ({"others": {"龙湾区": {"projects": 5}}}, [("S10", "C6:F6")], "pending"),
    "S10 two": ({"others": {"龙湾区": {"projects": 5}, "瓯海区": {"projects": 5}}}, [("S10", None)], "pending"),
    "S10 approximate": ({"others": {"龙湾区": {"projects": "约30"}}}, [("S10", "C6:F6")], "pending"),
    "S10 all 0": ({"others": {"龙湾区": dict.fromkeys(PROGRAMME.indicator_ids, 0)}}, [], "accepted"),
    "S10 placeholders": ({"others": {"龙湾区": dict.fromkeys(PROGRAMME.indicator_ids, "—")}}, [], "accepted"),
    "S12": ({"total": {"projects": 999}}, [("S12", "D18")], "pending"),
    "S12 two": ({"total": {"enterprises": 9, "institutes": 9}}, [("S12", "C18"), ("S12", "F18")], "pending"),
    "S12 beside placeholders": (
        {"others": {"龙湾区": dict.fromkeys(PROGRAMME.indicator_ids, "—")}, "total": {"projects": 13}},
        [("S12", "D18")],
        "pending",
    ),
    "S12 right": ({"total": {"projects": 12}}, [], "accepted"),
    "S12 blank": ({"total": {}}, [], "accepted"),
    "S12 0": ({"total": {"projects": 0}}, [], "accepted"),
    "S12 no number": ({"total": {"projects": "—"}}, [], "accepted"),
    "S12 depends on C04": ({"values": {"projects": "约30"}, "total": {"projects": 99}}, [("C04", "D5")], "returned"),
    "S12 depends on C02": ({"values": {"projects": None}, "total": {"projects": 99}}, [("C02", "D5")], "returned"),
    "blank row": ({"values": dict.fromkeys(PROGRAMME.indicator_ids)}, [("C02", f"{c}5") for c in "CDEF"], "returned"),
}


@pytest.mark.parametrize(("changes", "found", "status"), CASES.values(), ids=CASES)
def test_structure_of_a_file(changes: dict[str, Any], found: list[tuple[str, str | None]], status: str) -> None:
    submission = check(spec(**changes))
    assert sorted(at(submission), key=str) == sorted(found, key=str)
    assert submission.status == status


def test_an_indicator_under_s01_s03_or_s06_has_no_value_and_no_other_finding() -> None:
    ledger = history((LUCHENG, JUNE, (99, 99, 99, 99)))
    for changes, spoilt in (
        ({"headers": {"projects": "项目经费"}}, {"projects"}),
        ({"headers": {"projects": f"{NAMES[1]}（万项）"}}, {"projects"}),
        ({"layout": "merged_values"}, {"enterprises", "projects"}),
    ):
        submission = check(spec(period=DECEMBER, **changes), ledger=ledger)
        assert {i for i in PROGRAMME.indicator_ids if submission.values.get(i) is None} == spoilt
        assert {f.indicator for f in submission.findings if f.rule == "P01"} == set(PROGRAMME.indicator_ids) - spoilt


def test_a_column_that_is_gone_spoils_no_comparison_with_earlier_periods() -> None:
    head, row = HEAD[:2] + HEAD[3:], OWN[:2] + OWN[3:]
    ledger = history((LUCHENG, MARCH.replace(year=2024), (8, 12, 7, 3)))
    submission = check_grid(grid(head, row), ledger=ledger)
    assert at(submission) == [("S01", None)]
    assert set(submission.values.values()) == {8, 7, 3}


SHEETS: dict[str, tuple[Lines, dict[str, Any], list[tuple[str, str | None]]]] = {
    "own row missing": ((("龙湾区",), ("瓯海区",)), {}, [("S09", None)]),
    "own row twice": ((OWN, OWN), {}, [("S09", "B2:E2"), ("S09", "B3:E3")]),
    "own row twice, once blank": ((OWN, (LUCHENG,)), {}, []),
    "own row twice, the first blank": (((LUCHENG,), OWN), {}, []),
    "own row twice under two names": ((OWN, ("鹿城", 1, 1, 1, 1)), {}, [("S09", "B2:E2"), ("S09", "B3:E3")]),
    "unknown region, own row blank": (
        ((LUCHENG,), ("鹿成区", 8, 12, 7, 3)),
        {},
        [("S08", "A3")],
    ),
    "unknown region, no own row": ((("鹿城片区", 8, 12, 7, 3),), {}, [("S08", "A2")]),
    "unknown region with flaws": ((("鹿成区", "约30", "十二", -3, 2.5),), {}, [("S08", "A2")]),
    "no region, no own row": (((None, 8, 12, 7, 3),), {}, [("S08", "A2")]),
    "unknown region beside the own row": ((OWN, ("鹿成区", 1, 1, 1, 1)), {}, [("S10", "B3:E3")]),
    "no region beside the own row": ((OWN, (None, 1, 1, 1, 1)), {}, [("S10", "B3:E3")]),
    "neighbour that is no district": ((OWN, ("瓯江口", 1, 1, 1, 1)), {}, [("S10", "B3:E3")]),
    "merged with a remark": ((("区域",), OWN), {"merges": (Area(3, 5, 3, 6),)}, []),
    "merged with the total": ((OWN, ("总数", None, 12, 7, 3)), {"merges": (Area(2, 2, 3, 2),)}, [("S06", "B2:B3")]),
    "merged over one cell": ((OWN,), {"merges": (Area(2, 2, 2, 2),)}, []),
    "another's cells merged": ((OWN, ("龙湾区",)), {"merges": (Area(3, 2, 3, 5),)}, []),
    "hidden row of another": ((OWN, ("龙湾区",)), {"hidden_rows": frozenset({3})}, []),
    "hidden column beside": ((OWN,), {"hidden_columns": frozenset({1, 6})}, []),
    "hidden column": ((OWN,), {"hidden_columns": frozenset({3})}, [("S05", "B2:E2")]),
    "subtotal line without region": ((OWN, ("总数", 8, 12, 7, 3)), {}, []),
    "total above": ((("总数", 8, 12, 7, 3), OWN), {}, []),
    "total above, wrong": ((("总数", 8, 12, 7, 4), OWN), {}, [("S12", "E2")]),
}


@pytest.mark.parametrize(("rows", "fields", "found"), SHEETS.values(), ids=SHEETS)
def test_structure_of_a_sheet(rows: Lines, fields: dict[str, Any], found: list[tuple[str, str | None]]) -> None:
    lines = [tuple(None if isinstance(v, float) else v for v in row) for row in rows]
    assert at(check_grid(grid(HEAD, *lines, **fields))) == found


def test_values_of_a_repeated_row_are_not_taken() -> None:
    submission = check_grid(grid(HEAD, OWN, OWN))
    assert (values(submission), submission.status) == ((None,) * 4, "returned")


LEDGER = history((LUCHENG, MARCH.replace(year=2024), (4, 5, 6, 7)), ("龙湾区", MARCH.replace(year=2024), (20, 30, 10, 9)))
LEFT_OVER: dict[str, tuple[Lines, History, list[str]]] = {
    "equal to the ledger": ((OWN, ("龙湾区", 20, 30, 10, 9)), LEDGER, []),
    "equal as far as given": ((OWN, ("龙湾区", 20, None, None, 9)), LEDGER, []),
    "one value differs": ((OWN, ("龙湾区", 20, 30, 10, 10)), LEDGER, ["S10"]),
    "another district's values": ((OWN, ("瓯海区", 20, 30, 10, 9)), LEDGER, ["S10"]),
    "nothing in the ledger": ((OWN, ("龙湾区", 20, 30, 10, 9)), {}, ["S10"]),
    "total of the last bulletin": ((OWN, ("总数", 24, 35, 16, 16)), LEDGER, []),
    "total of the last bulletin but one": (
        (OWN, ("总数", 24, 35, 16, 16)),
        {**LEDGER, **history(("瓯海区", JUNE.replace(month=4), (1, 1, 1, 1)))},
        ["S12"] * 4,
    ),
    "total over what is left over": ((OWN, ("龙湾区", 20, 30, 10, 9), ("总数", 28, 42, 17, 12)), LEDGER, []),
}


@pytest.mark.parametrize(("rows", "ledger", "found"), LEFT_OVER.values(), ids=LEFT_OVER)
def test_values_left_over_from_the_last_bulletin_are_no_finding(rows: Lines, ledger: History, found: list[str]) -> None:
    submission = check_grid(grid(HEAD, *rows), ledger=ledger)
    assert [rule for rule in rules(submission) if rule in ("S10", "S12")] == found
    assert values(submission) == OWN[1:]


def test_a_short_name_is_s07_and_a_full_one_is_not() -> None:
    alias = check(spec(layout="alias_no_total"))
    (found,) = (f for f in alias.findings if f.rule == "S07")
    assert (found.cell, found.observed, found.expected, found.grade) == ("B5", "鹿城", LUCHENG, "hint")
    for region in ("温州市鹿城区", "鹿城区人民政府", "鹿城区科技局"):
        assert rules(check(spec(region=region))) == []
    for region in ("鹿 城 区", "鹿城　区"):
        assert rules(check(spec(region=region))) == ["S07"]


def test_a_near_name_is_suggested_and_never_taken() -> None:
    submission = check(spec(region="鹿成区"))
    assert "是否为“鹿城区”" in submission.findings[0].message
    assert submission.values == {}


def test_structure_is_about_the_table_that_counts() -> None:
    submission = check(
        dataclasses.replace(spec(layout="earlier_beside", total={"projects": 99}), earlier=(MARCH, {"projects": 1}))
    )
    assert rules(submission) == ["S11", "S12"]
    assert {f.sheet for f in submission.findings} == {"附件2"}


@pytest.mark.parametrize(
    ("beside", "asked"),
    [
        (234, True),
        ("234", True),
        ("005", True),
        ("000", True),
        ("-3", True),
        ("13800000000", False),
        ("见附件", False),
        ("第3期", False),
    ],
)
def test_numbers_of_the_own_row_under_no_heading(beside: object, asked: bool) -> None:
    """1,005 in two cells is 1 and 005."""
    found = check_grid(grid(HEAD, (*OWN, beside)))
    assert [(rule, cell) for rule, cell in at(found) if rule == "S14"] == ([("S14", "F2")] if asked else [])
