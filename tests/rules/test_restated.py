"""P06, P07 and P09: values beside those prefilled, issued and accepted before for the same period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.model import FormInfo, Issued, Opening, Prefilled, Status
from tests.support.judging import GOOD, JUNE, LUCHENG, check, history, rules, spec
from tests.support.surrounding import HERE, judged, texts

MARCH = dt.date(2024, 3, 31)
VALUES = {"enterprises": 8, "projects": 12, "transfers": 7, "institutes": 3}
FIRST = Prefilled("2024.1", MARCH, {"enterprises": 6, "projects": 9, "transfers": 5, "institutes": 1})
SECOND = Prefilled("2024.1", MARCH, {"enterprises": 7, "projects": 9, "transfers": 5, "institutes": 1})
SHOWN = {"enterprises": "6", "projects": "9", "transfers": "5", "institutes": "1"}

P06: dict[str, tuple[dict[str, str], tuple[Prefilled, ...], list[str]]] = {
    "as made": (SHOWN, (FIRST,), []),
    "with blanks and separators": ({**SHOWN, "projects": " 9 "}, (FIRST,), []),
    "as made before": (SHOWN, (FIRST, SECOND), []),
    "one changed": ({**SHOWN, "projects": "8"}, (FIRST,), ["表中预填的2024年3月底“开展技术攻关项目数”应为9，现为8。"]),
    "one taken away": ({**SHOWN, "projects": ""}, (FIRST,), ["表中预填的2024年3月底“开展技术攻关项目数”应为9，现为（空）。"]),
    "changed in the later of two": (
        {**SHOWN, "enterprises": "7", "institutes": "2"},
        (FIRST, SECOND),
        ["表中预填的2024年3月底“新建市级及以上研发机构数”应为1，现为2。"],
    ),
    "no template made": ({**SHOWN, "projects": "8"}, (), []),
    "the first period": ({"projects": "8"}, (Prefilled("2024.1", None, {}),), []),
    "no column of it": ({}, (FIRST,), []),
}


@pytest.mark.parametrize(("shown", "made", "messages"), P06.values(), ids=P06)
def test_p06(shown: dict[str, str], made: tuple[Prefilled, ...], messages: list[str]) -> None:
    submission = judged(form=FormInfo(prefilled=shown), prefilled={HERE: made})
    assert texts(submission, "P06") == messages


def test_p06_is_about_what_stands_beside_the_table() -> None:
    submission = judged(form=FormInfo(prefilled={**SHOWN, "projects": "8"}), prefilled={HERE: (FIRST,)})
    (finding,) = (f for f in submission.findings if f.rule == "P06")
    assert (finding.cell, finding.indicator, finding.observed, finding.expected) == (None, "projects", "8", "9")
    assert submission.status is Status.PENDING


def of_bulletin(*, district: str = LUCHENG, reopened: bool = False, **values: int) -> dict[Any, Issued]:
    return {JUNE: Issued({district: {**VALUES, **values}}, opening=Opening(every=1) if reopened else Opening())}


P07: dict[str, tuple[dict[Any, Issued], list[str]]] = {
    "the same": (of_bulletin(), []),
    "one other": (of_bulletin(projects=11), ["2024年6月底数据已通报，不能直接改动：“开展技术攻关项目数”由11改为12。"]),
    "two others": (
        of_bulletin(projects=11, institutes=4),
        ["2024年6月底数据已通报，不能直接改动：“开展技术攻关项目数”由11改为12；“新建市级及以上研发机构数”由4改为3。"],
    ),
    "reopened": (of_bulletin(projects=11, reopened=True), []),
    "another district opened": (
        {JUNE: Issued({LUCHENG: {**VALUES, "projects": 11}}, opening=Opening(districts={"龙湾区": 1}))},
        ["2024年6月底数据已通报，不能直接改动：“开展技术攻关项目数”由11改为12。"],
    ),
    "opened": ({JUNE: Issued({LUCHENG: {**VALUES, "projects": 11}}, opening=Opening(districts={LUCHENG: 1}))}, []),
    "another district's": (of_bulletin(district="龙湾区", projects=11), []),
    "another period's": ({MARCH: Issued({LUCHENG: {**VALUES, "projects": 11}})}, []),
}


@pytest.mark.parametrize(("issued", "messages"), P07.values(), ids=P07)
def test_p07(issued: dict[Any, Issued], messages: list[str]) -> None:
    assert texts(judged(issued=issued), "P07") == messages


def test_p07_stands_for_f08_and_p09() -> None:
    ledger = history((LUCHENG, JUNE, (8, 13, 7, 3)))
    open_period, issued = judged(history=ledger), judged(history=ledger, issued=of_bulletin(projects=13))
    assert [rule for rule in rules(open_period) if rule in ("F08", "P07", "P09")] == ["F08", "P09"]
    assert [rule for rule in rules(issued) if rule in ("F08", "P07", "P09")] == ["P07"]
    assert issued.status is Status.RETURNED


def test_p09_names_the_version_and_the_loss() -> None:
    (finding,) = (f for f in check(GOOD, ledger=history((LUCHENG, JUNE, (8, 14, 7, 3)))).findings if f.rule == "P09")
    assert finding.message == "“开展技术攻关项目数”由第1版的14改为12，减少2项。"
    assert (finding.cell, finding.observed, finding.expected, finding.grade) == ("D5", "12", "14", "query")


@pytest.mark.parametrize(("projects", "found"), [(11, ["F08", "P09"]), (12, []), (13, ["F08"])])
def test_p09_is_about_less(projects: int, found: list[str]) -> None:
    assert rules(check(spec(values={"projects": projects}), ledger=history((LUCHENG, JUNE, (8, 12, 7, 3))))) == found
