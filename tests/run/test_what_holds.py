"""What was decided holds for its value and what that was compared with; what was refused or withdrawn settles nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.returns import write_return
from tests.support.city_office import LUCHENG, Bureau, bureau
from tests.support.workspaces import DECEMBER, MARCH, drop, spec

__all__ = ["bureau"]

pytestmark = pytest.mark.usefixtures("database")

FALL = "企业迁出本市，核减3家"
SAME = "说明未采用：与已不予采用的说明相同"
HEADLINE, INSTITUTES = "已选派“科技副总”企业数", "新建市级及以上研发机构数"
Q1, Q2, Q3 = (dt.date(2024, *day) for day in ((3, 31), (6, 30), (9, 30)))
BRANCHES = "一家企业建有多个分支机构"


@pytest.fixture
def fallen(bureau: Bureau) -> Bureau:
    """鹿城区: 8 enterprises in December, 5 in March, explained by telephone."""
    bureau.take(8, 20, 8, 4, period=DECEMBER)
    bureau.take(5, 21, 8, 4)
    bureau.decide("explain", rule="P01", reason=FALL)
    return bureau


@pytest.fixture
def approved(fallen: Bureau) -> Bureau:
    fallen.decide("approve", rule="P01", wording="核减3家（企业迁出）")
    return fallen


def test_an_approval_holds_for_another_file_with_both_values(approved: Bureau) -> None:
    assert approved.take(5, 22, 8, 4).status == "accepted"
    assert approved.record().version == 2


def test_an_approval_of_a_fall_passes_no_larger_one(approved: Bureau) -> None:
    approved.take(13, 20, 8, 4, period=DECEMBER)
    approved.decide("explain", DECEMBER, rule="P08", reason="上期漏报5家，现予补计")
    approved.decide("approve", DECEMBER, rule="P08")
    assert approved.value(period=DECEMBER) == 13
    assert approved.take(5, 22, 8, 4).status == "returned"
    assert approved.finding("P01") == ("open", None, None)


def test_an_explanation_of_the_file_itself_holds_for_what_it_was_compared_with(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4, period=DECEMBER)
    bureau.take(5, 21, 8, 4, why=((HEADLINE, "核减", 3, "企业迁出本市所致"),))
    assert (bureau.state(), bureau.finding("P01")[0]) == ("待认定", "explained")
    bureau.take(13, 20, 8, 4, period=DECEMBER)
    bureau.run()
    assert bureau.state() == "退回"
    assert bureau.finding("P01")[::2] == ("open", "说明未采用：所说明的数值已由8改为13，请重新说明")


def test_a_refused_value_is_out_of_force_in_every_version(approved: Bureau) -> None:
    approved.take(5, 22, 8, 4)
    approved.take(5, 23, 8, 4)
    assert approved.record().version == 3
    approved.decide("refuse", rule="P01", reason="材料不全")
    assert (approved.state(), approved.value()) == ("退回", None)
    assert approved.take(5, 24, 8, 4).status == "returned"


def test_a_version_without_the_refused_value_stays(approved: Bureau) -> None:
    approved.take(9, 21, 8, 4)
    approved.take(5, 22, 8, 4, remark="上期录入有误，更正为核减后的数")
    assert (approved.state(), approved.value()) == ("审核通过", 5)
    approved.decide("refuse", rule="P01", reason="材料不全")
    assert (approved.state(), approved.value()) == ("审核通过", 9)


def test_the_same_words_are_refused_again(fallen: Bureau) -> None:
    fallen.decide("refuse", rule="P01", reason="材料不全")
    assert fallen.finding("P01")[0] == "refused"
    said = ((HEADLINE, "核减", None, "企业 迁出本市：核减3家。"),)
    assert fallen.take(5, 21, 8, 4, why=said).status == "returned"
    assert fallen.finding("P01")[::2] == ("refused", SAME)
    assert fallen.refused("explain", rule="P01", reason="企业迁出本市核减３家！") == f"{SAME}。"
    fallen.decide("explain", rule="P01", reason="两家并入集团，一家注销，共核减3家")
    assert fallen.state() == "待认定"


def test_a_refusal_can_be_overturned(fallen: Bureau) -> None:
    fallen.decide("refuse", rule="P01", reason="材料不全")
    fallen.decide("approve", rule="P01", reason="材料已补齐")
    assert (fallen.state(), fallen.value()) == ("审核通过", 5)
    fallen.decide("refuse", rule="P01", reason="材料有假")
    assert (fallen.state(), fallen.value()) == ("退回", None)
    fallen.decide("approve", rule="P01", reason="查明无误")
    assert (fallen.state(), fallen.value()) == ("审核通过", 5)


def test_an_explanation_that_came_after_the_refusal_counts_in_the_first_run_as_in_the_second(fallen: Bureau) -> None:
    fallen.send(5, 21, 8, 4, why=((HEADLINE, "核减", 3, "一家并入集团，两家注销"),))
    fallen.decide("refuse", rule="P01", reason="材料不全")
    fallen.run()
    first = (fallen.state(), fallen.finding("P01"))
    fallen.run()
    assert (fallen.state(), fallen.finding("P01")) == first
    assert first[0] == "待认定"


def test_a_return_by_hand_holds_for_its_values_in_whatever_file(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4)
    bureau.decide("return", reason="企业数与名单不符")
    assert bureau.state() == "退回"
    assert bureau.take(8, 20, 8, 4, by="李某").status == "returned"
    assert bureau.finding("M01")[0] == "open"
    assert bureau.take(9, 20, 8, 4).status == "accepted"
    assert bureau.take(8, 20, 8, 4, by="赵某", remark="上版多计一家，现更正").status == "returned"


def test_a_return_by_hand_is_out_of_force_in_every_version_of_its_row(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4)
    second = bureau.send(8, 21, 8, 4)
    bureau.run()
    bureau.take(8, 20, 8, 4, by="李某", remark="上版项目数有误，更正")
    assert (bureau.record().version, bureau.value("projects")) == (3, 20)
    bureau.decide("return", reason="企业数与名单不符")
    assert (bureau.record().version, bureau.value("projects")) == (2, 21)
    bureau.decide("withdraw", file=second)
    assert (bureau.state(), bureau.value()) == ("退回", None)


def test_the_city_takes_a_return_by_hand_back(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4)
    bureau.decide("return", reason="退错地区")
    bureau.decide("withdraw", rule="M01", reason="退错")
    assert (bureau.state(), bureau.value()) == ("审核通过", 8)
    assert "撤回" not in bureau.record().marks
    assert bureau.refused("withdraw", rule="M01") == "鹿城区2025年3月底没有这条审核意见，或已经办结。"


def test_a_withdrawn_file_sent_again_is_a_new_one(bureau: Bureau) -> None:
    name = bureau.send(8, 20, 8, 4)
    bureau.run()
    bureau.decide("withdraw")
    assert (bureau.state(), bureau.value()) == ("未报", None)
    bureau.send_again(name)
    again = bureau.run()[name]
    assert (again.status, [f.rule for f in again.findings if f.rule == "F07"]) == ("accepted", [])
    assert (bureau.state(), bureau.value(), bureau.record().version) == ("审核通过", 8, 2)


def test_a_withdrawn_explanation_and_its_approval_settle_nothing(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4, period=DECEMBER)
    why = ((HEADLINE, "核减", 3, "企业迁出本市所致"),)
    name = bureau.send(5, 21, 8, 4, why=why)
    bureau.run()
    bureau.decide("approve", rule="P01")
    assert bureau.state() == "审核通过"
    bureau.decide("withdraw")
    assert bureau.take(5, 21, 8, 4).status == "returned"
    assert bureau.finding("P01") == ("open", None, None)
    bureau.send_again(name)
    assert bureau.run()[name].status == "pending"
    assert bureau.finding("P01")[0] == "explained"
    assert bureau.state() == "待认定"


def test_what_only_repeated_a_withdrawn_version_comes_into_force(bureau: Bureau) -> None:
    first = bureau.send(8, 20, 8, 4)
    bureau.run()
    second = bureau.take(8, 20, 8, 4, by="李某")
    bureau.decide("withdraw", file=first)
    now = bureau.record()
    assert (now.state, now.version, bureau.value()) == ("审核通过", 2, 8)
    assert now.current
    assert now.current.sha256 == second.sha256
    bureau.decide("withdraw")
    assert (bureau.state(), bureau.value()) == ("未报", None)


def test_withdrawing_an_older_version_leaves_the_newest(bureau: Bureau) -> None:
    first = bureau.send(8, 20, 8, 4)
    bureau.run()
    bureau.take(9, 21, 8, 4)
    bureau.decide("withdraw", file=first)
    assert (bureau.state(), bureau.value(), bureau.record().version) == ("审核通过", 9, 2)
    bureau.decide("withdraw")
    assert bureau.state() == "未报"


@pytest.mark.parametrize("how", ["phone", "file"])
def test_an_explanation_stands_for_the_year_only_where_it_was_accepted(bureau: Bureau, how: str) -> None:
    """X02: 20 institutes beside 10 enterprises."""
    told = ((INSTITUTES, "研发机构多于企业", None, BRANCHES),) if how == "file" else ()
    bureau.take(10, 20, 8, 20, period=Q1, why=told)
    if how == "phone":
        bureau.decide("explain", Q1, rule="X02", reason=BRANCHES)
    assert bureau.state(Q1) == "审核通过"
    bureau.take(11, 21, 8, 21, period=Q2)
    assert bureau.finding("X02", Q2)[::2] == ("explained", "沿用说明")
    bureau.decide("withdraw", Q1)
    bureau.take(12, 22, 8, 22, period=Q3)
    assert bureau.finding("X02", Q3)[0] == "open"


def test_an_explanation_stands_no_more_once_it_is_refused(bureau: Bureau) -> None:
    bureau.take(10, 20, 8, 20, period=Q1)
    bureau.decide("explain", Q1, rule="X02", reason=BRANCHES)
    bureau.decide("refuse", Q1, rule="X02", reason="不符合认定口径")
    assert bureau.state(Q1) == "待说明"
    bureau.take(11, 21, 8, 21, period=Q2)
    assert bureau.finding("X02", Q2)[0] == "open"
    bureau.decide("explain", Q2, rule="X02", reason=BRANCHES)
    assert bureau.state(Q2) == "审核通过"
    bureau.decide("refuse", Q2, rule="X02", reason="不符合认定口径")
    bureau.take(11, 22, 8, 21, period=Q2, by="李某")
    assert bureau.state(Q2) == "待说明"


def test_an_explanation_stands_in_the_run_it_came_with(bureau: Bureau) -> None:
    bureau.send(10, 20, 8, 20, period=Q1, why=((INSTITUTES, "研发机构多于企业", None, BRANCHES),))
    bureau.send(11, 21, 8, 21, period=Q2)
    bureau.run()
    assert (bureau.state(Q2), bureau.finding("X02", Q2)[2]) == ("审核通过", "沿用说明")


def test_a_withdrawn_older_version_takes_its_explanation_along(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4, period=DECEMBER)
    first = bureau.send(5, 21, 8, 4, why=((HEADLINE, "核减", 3, "企业迁出本市所致"),))
    bureau.run()
    bureau.decide("approve", rule="P01")
    bureau.take(5, 22, 8, 4)
    assert (bureau.state(), bureau.value("projects")) == ("审核通过", 22)
    bureau.decide("withdraw", file=first)
    assert (bureau.value("projects"), bureau.finding("P01")[0]) == (22, "open")
    assert "需复核" in bureau.record().marks
    bureau.decide("explain", rule="P01", reason=FALL)
    bureau.decide("approve", rule="P01")
    assert (bureau.finding("P01")[0], "需复核" in bureau.record().marks) == ("approved", False)


def test_a_refusal_of_a_whole_row_leaves_the_version_before(bureau: Bureau) -> None:
    bureau.take(20, 20, 8, 4, period=Q1)
    bureau.take(10, 20, 8, 20, period=Q1, remark="上版企业数有误，现更正")
    assert bureau.state(Q1) == "审核通过"
    bureau.decide("explain", Q1, rule="X02", reason=BRANCHES)
    assert bureau.value("institutes", Q1) == 20
    bureau.decide("refuse", Q1, rule="X02", reason="不符合认定口径")
    assert bureau.value("institutes", Q1) == 4


def test_one_of_two_rivals_withdrawn_says_nothing_for_the_other(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4, period=DECEMBER)
    first = bureau.send(5, 21, 8, 4, why=((HEADLINE, "核减", 3, "企业迁出本市所致"),))
    bureau.send(5, 22, 8, 4)
    bureau.run()
    bureau.decide("withdraw", file=first)
    assert (bureau.state(), bureau.finding("P01")[0], bureau.finding("F17")[0]) == ("退回", "open", "")


def test_refused_words_are_no_better_for_a_withdrawal(bureau: Bureau) -> None:
    bureau.take(8, 20, 8, 4)
    name = bureau.send(7, 20, 8, 4, remark="上版多录一家，现更正")
    bureau.run()
    bureau.decide("refuse", rule="P09", reason="查无此事")
    assert bureau.value() == 8
    bureau.decide("withdraw", file=name)
    bureau.send_again(name)
    assert bureau.run()[name].status == "pending"
    assert (bureau.value(), bureau.finding("P09")[2]) == (8, SAME)
    assert bureau.take(7, 20, 8, 4, remark="一家企业重复登记，予以剔除").status == "accepted"


def test_a_place_given_to_a_withdrawn_file_is_given_no_more(bureau: Bureau) -> None:
    sent = write_return(spec(bureau.office.programme, LUCHENG, MARCH, layout="period_nowhere"))
    drop(bureau.office, "附件2.xlsx", sent)
    bureau.run()
    bureau.decide("assign", district=None, file="附件2.xlsx")
    assert bureau.state() == "审核通过"
    bureau.decide("withdraw")
    drop(bureau.office, "附件2.xlsx", sent)
    assert bureau.run()["附件2.xlsx"].period is None
    assert bureau.state() == "未报"
