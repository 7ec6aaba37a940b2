"""What surrounds a return: F06, F09, F10, F11, F14, F15, F16 and M01, on real files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.model import FormInfo, History, Issued, Opening
from pipeline.rules.judging import judge
from pipeline.rules.judging.cases import FileCase
from pipeline.rules.rule import FileRule, Found
from pipeline.rules.table import RULES
from tests.support.judging import DECEMBER, GOOD, JUNE, LUCHENG, SEPTEMBER, history, placed, rules, run, spec
from tests.support.surrounding import CURRENT_TEMPLATE, DUE, OTHER_TEMPLATE, china, decision, judged, receipt, texts

MARCH, MAY = dt.date(2024, 3, 31), dt.date(2024, 5, 31)
VALUES = (1, 1, 1, 1)
TIMES = ("F06", "F09", "F14", "F15")

EARLIER: dict[str, tuple[dict[str, Any], str | None]] = {
    "nothing called, nobody reported": ({}, None),
    "another district reported": ({"history": history(("龙湾区", MARCH, VALUES))}, "2024年3月底"),
    "this one did too": ({"history": history(("龙湾区", MARCH, VALUES), (LUCHENG, MARCH, VALUES))}, None),
    "called": ({"called": [MARCH, JUNE]}, "2024年3月底"),
    "called and reported": ({"called": [MARCH, JUNE], "history": history((LUCHENG, MARCH, VALUES))}, None),
    "called later": ({"called": [JUNE, SEPTEMBER]}, None),
    "called before the programme": ({"called": [dt.date(2023, 12, 31), JUNE]}, None),
    "two of them": ({"called": [MARCH, JUNE], "history": history(("龙湾区", MAY, VALUES))}, "2024年3月底、2024年5月底"),
    "issued": ({"called": [MARCH, JUNE], "issued": {MARCH: Issued({})}}, None),
    "excused": ({"called": [MARCH, JUNE], "excused": {(LUCHENG, MARCH)}}, None),
    "another is excused": ({"called": [MARCH, JUNE], "excused": {("龙湾区", MARCH)}}, "2024年3月底"),
    "excused of another period": ({"called": [MARCH, JUNE], "excused": {(LUCHENG, JUNE)}}, "2024年3月底"),
}


@pytest.mark.parametrize(("surroundings", "previous"), EARLIER.values(), ids=EARLIER)
def test_earlier_periods_without_a_return_are_f06(surroundings: dict[str, Any], previous: str | None) -> None:
    expected = [f"{previous}报表尚未报送或尚未审核通过。"] if previous else []
    submission = judged(today=dt.date(2024, 10, 8), **surroundings)
    assert texts(submission, "F06") == expected
    assert str(submission.status) == "accepted"


def test_returns_of_one_run_owe_nothing_to_each_other() -> None:
    files = [placed(spec(district=d, period=p)) for p in (SEPTEMBER, JUNE, DECEMBER) for d in (LUCHENG, "龙湾区")]
    assert not any("F06" in rules(submission) for submission in run(files))


def test_periods_further_back_than_the_ledger_is_asked_for_are_not_missed() -> None:
    days = [dt.date(2024, 1, 31) + dt.timedelta(days=n) for n in range(60)]
    known: History = history(*((LUCHENG, day, VALUES) for day in days[-24:]))
    assert "F06" not in rules(judged(called=[*days, JUNE], history=known))


LATE: dict[str, tuple[dict[str, Any], str | None]] = {
    "no deadline": ({"at": china(9, 1)}, None),
    "on the last day": ({"due": DUE, "at": china(7, 5, 23, 59)}, None),
    "a minute later": ({"due": DUE, "at": china(7, 6, 0, 1)}, "2024年7月6日00:01"),
    "registered earlier": ({"due": DUE, "at": china(7, 8), "decisions": [decision("receive", received=china(7, 5))]}, None),
    "registered late": (
        {"due": DUE, "at": china(7, 5), "decisions": [decision("receive", received=china(7, 9, 8, 30))]},
        "2024年7月9日08:30",
    ),
    "registered for another file": (
        {"due": DUE, "at": china(7, 8), "decisions": [decision("receive", received=china(7, 5), sha256="0" * 64)]},
        "2024年7月8日10:00",
    ),
    "first in time, again within grace": (
        {"due": DUE, "at": china(7, 9, 17), "receipts": receipt(china(7, 3), china(7, 4))},
        None,
    ),
    "first in time, again after grace": (
        {"due": DUE, "at": china(7, 10, 9), "receipts": receipt(china(7, 3), china(7, 4))},
        "2024年7月10日09:00",
    ),
    "again after grace, but before the deadline": (
        {"due": DUE, "at": china(7, 5), "receipts": receipt(china(6, 25), china(6, 26)), "grace": 1},
        None,
    ),
    "first in time, a new version later": ({"due": DUE, "at": china(8, 9), "receipts": receipt(china(7, 3))}, None),
    "first late, again within grace": (
        {"due": DUE, "at": china(7, 10), "receipts": receipt(china(7, 8), china(7, 9))},
        "2024年7月8日10:00",
    ),
    "judged again after it was sent back": (
        {"due": DUE, "at": china(7, 4), "receipts": receipt(china(7, 4), china(9, 9)), "entry": 1},
        None,
    ),
}


@pytest.mark.parametrize(("surroundings", "received"), LATE.values(), ids=LATE)
def test_late_returns_are_f09(surroundings: dict[str, Any], received: str | None) -> None:
    expected = [f"报送截止时间为2024年7月5日，收到时间为{received}，记为迟报。"] if received else []
    assert texts(judged(**surroundings), "F09") == expected


def test_blank_fields_of_the_form_are_f10() -> None:
    submission = judged(spec(people=("", "李某", "")))
    assert texts(submission, "F10") == ["填报信息缺少填报人、联系电话。"]
    assert str(submission.status) == "accepted"
    assert "F10" not in rules(judged(spec(layout="no_filler")))


@pytest.mark.parametrize("fmt", ["xlsx", "xlsm", "xlsx-strict", "ods"])
def test_what_a_workbook_carries_is_f11(fmt: str) -> None:
    submission = judged(spec(fmt=fmt, carries=("objects", "links", "macros")))
    assert texts(submission, "F11") == ["文件含宏、外部链接、嵌入对象，系统未运行，也不保留。"]
    assert str(submission.status) == "accepted"
    assert submission.values == GOOD.values


EARLY: dict[str, tuple[dict[str, Any], str | None]] = {
    "the day before": ({"at": china(6, 29, 23, 59)}, "报送截止时间"),
    "on the day": ({"at": china(6, 30, 0, 0)}, None),
    "with a deadline": ({"at": china(6, 25), "due": DUE}, "2024年7月5日"),
    "registered earlier": ({"at": china(7, 1), "decisions": [decision("receive", received=china(6, 28))]}, "报送截止时间"),
}


@pytest.mark.parametrize(("surroundings", "until"), EARLY.values(), ids=EARLY)
def test_returns_before_the_end_of_their_period_are_f14(surroundings: dict[str, Any], until: str | None) -> None:
    submission = judged(**surroundings)
    assert [(f.message, f.fix) for f in submission.findings if f.rule == "F14"] == (
        [("收到时间早于2024年6月30日，数据可能未包括期末几日。", f"期末如有变化，请在{until}前重新报送；没有变化的无需处理。")]
        if until
        else []
    )


ISSUED: dict[str, tuple[Issued, bool]] = {
    "named as missing": (Issued({}, frozenset({LUCHENG, "龙湾区"})), True),
    "named otherwise": (Issued({}, frozenset({"龙湾区"})), False),
    "being restated": (Issued({}, frozenset({LUCHENG}), Opening(every=1)), False),
    "opened": (Issued({}, frozenset({LUCHENG}), Opening(districts={LUCHENG: 1})), False),
    "another is opened": (Issued({}, frozenset({LUCHENG}), Opening(districts={"龙湾区": 1})), True),
}


@pytest.mark.parametrize(("issued", "found"), ISSUED.values(), ids=ISSUED)
def test_a_district_that_was_missing_at_issue_reports_later(issued: Issued, found: bool) -> None:
    expected = ["2024年6月底通报已印发，本表按补报计入台账，不改动已印发的通报。"] if found else []
    assert texts(judged(issued={JUNE: issued}), "F15") == expected


@pytest.mark.parametrize(("form", "found"), [(OTHER_TEMPLATE, True), (CURRENT_TEMPLATE, False), (FormInfo(), False)])
def test_another_template_is_f16(form: FormInfo, found: bool) -> None:
    expected = ["使用的模板版本为2023.1，现行版本为2024.1。"] if found else []
    assert texts(judged(form=form), "F16") == expected


def test_a_file_sent_back_by_hand_is_returned_with_the_last_reason() -> None:
    back = [decision("return", reason="口径有误。"), decision("return", reason="请附名单核对。")]
    submission = judged(decisions=back)
    found = [(f.message, f.fix, f.grade) for f in submission.findings if f.rule == "M01"]
    assert found == [("经市科技局核对，退回修改：请附名单核对。", "请按退回意见改正后重新报送。", "error")]
    assert str(submission.status) == "returned"
    assert "M01" not in rules(judged(decisions=[decision("return", sha256="0" * 64)]))


def test_nothing_is_late_or_early_without_a_place() -> None:
    nowhere = judged(
        spec(layout="period_nowhere", naming="district_only"), due=DUE, at=china(12, 1), decisions=[decision("return")]
    )
    assert nowhere.period is None
    assert "M01" in rules(nowhere)
    assert not set(TIMES) & set(rules(nowhere))


def test_a_period_that_was_not_called_owes_nothing() -> None:
    submission = judged(called=[MARCH, SEPTEMBER], due=DUE)
    assert [rule for rule in rules(submission) if rule.startswith("F")] == ["F05"]


def test_a_check_that_fails_is_z01_of_this_return_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: FileCase) -> Iterator[Found]:
        raise RuntimeError("broken")

    changed = (dataclasses.replace(r, judge=broken) if isinstance(r, FileRule) and r.id == "F09" else r for r in RULES)
    monkeypatch.setattr(judge, "RULES", tuple(changed))
    submission = judged(at=china(6, 25))
    assert texts(submission, "Z01") == ["规则F09未能得出结论。"]
    assert {"Z01", "F14"} <= set(rules(submission))
    assert "broken" in caplog.text


def test_a_good_return_in_time_has_no_finding() -> None:
    assert rules(judged(due=DUE, at=china(7, 2))) == []
