"""Files beside those received before and in the same run: F07 with its consequences, F08, F13, F17."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from pipeline.model import Status
from pipeline.rules.arrivals import rivals
from pipeline.rules.place import Placed
from schemas.programme import Programme
from tests.support.judging import GOOD, JUNE, LUCHENG, SEPTEMBER, check, history, placed, rules, run, seen, spec

OTHER = spec(values={"projects": 13})
WRONG = spec(values={"projects": "约30"})
DOUBTFUL = spec(total={"projects": 99})

CONSEQUENCES: dict[str, tuple[dict[str, Any], str, str]] = {
    "in force": ({"status": Status.ACCEPTED, "version": 1, "current": 1}, "未重复计入", "无需处理。"),
    "returned": ({"status": Status.RETURNED}, "所列问题尚未改正，仍为退回", "请按审核反馈件改正后重新报送。"),
    "replaced": (
        {"status": Status.ACCEPTED, "version": 1, "current": 2},
        "现行为第2版，未作改动",
        "如需恢复第1版，请与市科技局联系。",
    ),
    "pending": ({"status": Status.PENDING}, "尚待说明或认定，未重复计入", "请按审核反馈件说明或改正后重新报送。"),
}


@pytest.mark.parametrize(("fields", "consequence", "advice"), CONSEQUENCES.values(), ids=CONSEQUENCES)
def test_the_same_file_again_says_what_became_of_the_first(fields: dict[str, Any], consequence: str, advice: str) -> None:
    (submission,) = run([placed(GOOD)], seen=seen(GOOD, **fields))
    (finding,) = submission.findings
    assert (submission.status, finding.rule, finding.grade) == (Status.DUPLICATE, "F07", "hint")
    assert finding.message == f"与2025年4月3日09:00收到的文件完全相同，{consequence}。"
    assert (finding.fix, finding.district, finding.period) == (advice, LUCHENG, "2024-06-30")


def test_the_same_file_again_is_not_judged_again() -> None:
    (submission,) = run([placed(WRONG)], seen=seen(WRONG, Status.RETURNED))
    assert (rules(submission), submission.status) == (["F07"], Status.DUPLICATE)


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ({"district": "龙湾区"}, ["F13"]),
        ({"period": SEPTEMBER}, ["F13"]),
        ({"district": None}, []),
        ({"period": None}, []),
    ],
)
def test_bytes_of_another_district_or_period_are_f13(first: dict[str, Any], found: list[str]) -> None:
    known = {sha: tuple(dataclasses.replace(s, **first) for s in files) for sha, files in seen(GOOD, Status.ACCEPTED).items()}
    (submission,) = run([placed(GOOD)], seen=known)
    assert (rules(submission), submission.status) == (found, Status.RETURNED if found else Status.ACCEPTED)


def test_f13_names_the_other_return() -> None:
    known = {sha: (dataclasses.replace(s, district="龙湾区"),) for sha, (s,) in seen(GOOD, Status.ACCEPTED).items()}
    (submission,) = run([placed(GOOD)], seen=known)
    assert submission.findings[0].message == "与已收到的龙湾区2024年6月底报表为同一文件。"


def test_bytes_seen_here_and_elsewhere_are_this_place_s() -> None:
    ((sha, (first,)),) = seen(GOOD, Status.ACCEPTED, version=1, current=1).items()
    elsewhere = dataclasses.replace(first, district="龙湾区")
    (submission,) = run([placed(GOOD)], seen={sha: (elsewhere, first)})
    assert rules(submission) == ["F07"]


def test_a_file_that_does_not_say_its_place_is_nobody_s_duplicate() -> None:
    (submission,) = run([placed(GOOD, "龙湾区_2024年6月.xlsx")], seen=seen(GOOD, Status.ACCEPTED))
    assert (rules(submission), submission.status) == (["F03"], Status.RETURNED)


def _twice(file: Placed, name: str) -> list[Placed]:
    """The same bytes under two names."""
    return [file, dataclasses.replace(file, reading=dataclasses.replace(file.reading, file=name))]


TWINS = {
    "accepted": (GOOD, Status.ACCEPTED, "未重复计入"),
    "returned": (WRONG, Status.RETURNED, "所列问题尚未改正，仍为退回"),
    "pending": (DOUBTFUL, Status.PENDING, "尚待说明或认定，未重复计入"),
}


@pytest.mark.parametrize(("file", "status", "consequence"), TWINS.values(), ids=TWINS)
def test_the_same_file_twice_in_a_run_counts_once(file: Any, status: Status, consequence: str) -> None:
    first, second = run(_twice(placed(file), "副本.xlsx"))
    assert (first.status, second.status, rules(second)) == (status, Status.DUPLICATE, ["F07"])
    assert consequence in second.findings[0].message


def test_the_same_file_for_two_places_in_a_run_is_f13_for_the_second() -> None:
    june = placed(spec(layout="period_nowhere"))
    september = dataclasses.replace(june, period=SEPTEMBER)
    first, second = run([june, september])
    assert (first.status, rules(first)) == (Status.ACCEPTED, [])
    assert (second.status, "F13" in rules(second)) == (Status.RETURNED, True)


def test_two_files_with_other_values_in_a_run_wait_both() -> None:
    submissions = run([placed(GOOD), placed(OTHER, "鹿城区_2024年6月（改）.xlsx")])
    assert [(rules(s), s.status) for s in submissions] == [(["F17"], Status.PENDING)] * 2
    assert submissions[0].findings[0].message == (
        "本期同时收到2份内容不同的报表：“鹿城区_2024年6月（改）.xlsx”、“鹿城区_2024年第二季度.xlsx”。"
    )


def test_of_many_files_the_first_are_named_and_all_are_counted(programme: Programme) -> None:
    finding = rivals([(f"{number:02}.xlsx", (number,)) for number in range(12)], programme)
    assert finding
    named = "“00.xlsx”、“01.xlsx”、“02.xlsx”、“03.xlsx”、“04.xlsx”等12份"
    assert (finding.message, finding.observed) == (f"本期同时收到12份内容不同的报表：{named}。", named)


def test_three_files_of_which_two_agree_wait_all() -> None:
    files = [placed(GOOD), placed(OTHER, "鹿城区_2024年6月2.xlsx"), placed(spec(layout="grouped"), "鹿城区_2024年6月3.xlsx")]
    assert [rules(s) for s in run(files)] == [["F17"]] * 3


def test_the_same_values_under_other_bytes_are_no_rivals() -> None:
    submissions = run([placed(GOOD), placed(spec(layout="grouped", fmt="xls"))])
    assert [(rules(s), s.status) for s in submissions] == [([], Status.ACCEPTED)] * 2


def test_other_districts_and_periods_are_no_rivals() -> None:
    files = [
        placed(GOOD),
        placed(spec(district="龙湾区", values={"projects": 13})),
        placed(spec(period=SEPTEMBER, values={"projects": 14})),
    ]
    assert [rules(s) for s in run(files)] == [[], [], []]


def test_a_repeated_file_is_no_rival_of_the_new_one() -> None:
    again, new = run([placed(GOOD), placed(OTHER)], seen=seen(GOOD, Status.ACCEPTED, version=1, current=1))
    assert (again.status, rules(new)) == (Status.DUPLICATE, [])


def test_check_judges_each_file_alone() -> None:
    assert [rules(check(file)) for file in (GOOD, OTHER)] == [[], []]


def test_other_values_than_the_accepted_ones_are_a_new_version() -> None:
    submission = check(spec(values={"projects": 13, "institutes": 4}), ledger=history((LUCHENG, JUNE, (8, 12, 7, 3))))
    assert submission.findings[0].message == (
        "本期第2版，与上一版相比改动2处：“开展技术攻关项目数”由12改为13；“新建市级及以上研发机构数”由3改为4。"
    )
    assert (rules(submission), submission.status) == (["F08"], Status.ACCEPTED)


@pytest.mark.parametrize(
    "accepted", [(LUCHENG, JUNE, (8, 12, 7, 3)), (LUCHENG, SEPTEMBER, (9, 13, 8, 4)), ("龙湾区", JUNE, (9, 9, 9, 9))]
)
def test_the_same_values_and_other_places_are_no_new_version(accepted: Any) -> None:
    assert rules(check(GOOD, ledger=history(accepted))) == []
