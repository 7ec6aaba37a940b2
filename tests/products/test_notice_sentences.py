"""What the notice says (wording.md 10.1 and 10.2): every variant of every sentence, from values made for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.model.view import EXCUSED, NoticeChoices, Office, PeriodView
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.notice.by_district import Districts
from pipeline.products.notice.overall import Overall
from schemas.programme import Programme
from tests.support import views
from tests.support.views import Values, make_view, without

JANUARY, MARCH, MIDDLE, JUNE = dt.date(2025, 1, 31), dt.date(2025, 3, 31), dt.date(2025, 6, 15), dt.date(2025, 6, 30)
LAST_YEAR_END, YEAR_END = dt.date(2024, 12, 31), dt.date(2025, 12, 31)

OWED = {
    "鹿城区": 44, "龙湾区": 219, "瓯海区": 91, "洞头区": 9, "乐清市": 297, "瑞安市": 187, "永嘉县": 78, "文成县": 7,
    "平阳县": 105, "泰顺县": 8, "苍南县": 50, "龙港市": 41, "海经区": 14,
}  # fmt: skip
"""Targets at the end of 2025, 1150 together; half of that year's is owed in June, which is 825."""
NOTHING = dict.fromkeys(OWED, 0)


def values(own: Mapping[str, int], others: tuple[int, int, int] = (9, 5, 3)) -> dict[str, list[int]]:
    """Headline values by district, the other indicators the same everywhere."""
    return {name: [value, *others] for name, value in own.items()}


class Sentences(Districts):
    """All of them."""

    def overall(self) -> str:
        return Overall(self.words).text()


def said(
    programme: Programme, now: Values, before: Values | None = None, period: dt.date = JUNE, since: dt.date = MARCH
) -> Sentences:
    """The sentences of a bulletin after that of ``since``; after none without ``before``."""
    return of(programme, make_view(programme, period, now, earlier={since: before} if before else None))


def of(programme: Programme, view: PeriodView) -> Sentences:
    return Sentences(BulletinWords(programme, view))


SPECIMEN = {
    "overall": "截至2025年6月底，全市已向808家企业选派“科技副总”，"
    "完成2025年底累计目标（1150家）的70.3%，低于序时进度（71.7%）1.4个百分点。"
    "其中，2025年新增308家，完成年度目标（650家）的47.4%；比上次通报（截至2025年3月底）新增149家。"
    "全市累计开展技术攻关项目1584项、促成科技成果转化724项、新建市级及以上研发机构480家，比上次通报分别新增307项、131项、84家。",
    "progress": "累计完成率居前3位的是文成县（114.3%）、苍南县（92.0%）和洞头区（88.9%）；"
    "居后3位的是龙港市（61.0%）、龙湾区（58.9%）和泰顺县（50.0%）。",
    "pace": "6个地区达到序时进度，7个地区未达到序时进度，分别为鹿城区（差4家）、龙湾区（差28家）、瑞安市（差13家）、"
    "永嘉县（差4家）、泰顺县（差2家）、龙港市（差5家）、海经区（差1家）。",
    "gains": "比上次通报，选派企业新增较多的是乐清市（37家）、瑞安市（31家）和龙湾区（15家）；泰顺县无新增。",
    "problems": "一是进度不平衡。累计完成率最高的文成县与最低的泰顺县相差64.3个百分点；"
    "未达到序时进度的7个地区合计差57家，其中龙湾区差28家。"
    "二是部分地区无新增。泰顺县自2025年3月底以来未新增选派企业。",
}  # fmt: skip


@pytest.mark.parametrize("sentence", SPECIMEN)
def test_the_example_of_the_wording_comes_out_to_the_letter(programme: Programme, sentence: str) -> None:
    found = of(programme, views.full_view(programme))
    assert getattr(found, sentence)() == SPECIMEN[sentence]


HELD_AGAINST = {
    "behind": (JUNE, 808, "完成2025年底累计目标（1150家）的70.3%，低于序时进度（71.7%）1.4个百分点"),
    "ahead": (JUNE, 843, "完成2025年底累计目标（1150家）的73.3%，高于序时进度（71.7%）1.6个百分点"),
    "equal": (JUNE, 825, "完成2025年底累计目标（1150家）的71.7%，与序时进度（71.7%）持平"),
    "one below, the same printed": (JUNE, 824, "完成2025年底累计目标（1150家）的71.7%，略低于序时进度（71.7%）"),
    "just above, the same printed": (MIDDLE, 798, "完成2025年底累计目标（1150家）的69.4%，略高于序时进度（69.4%）"),
    "year's end, one missing": (YEAR_END, 1149, "未完成2025年底累计目标（1150家），完成率为99.9%"),
    "year's end, as many": (YEAR_END, 1150, "完成2025年底累计目标（1150家），完成率为100.0%"),
    "year's end, more": (YEAR_END, 1200, "超额完成2025年底累计目标（1150家），完成率为104.3%"),
}


@pytest.mark.parametrize(("period", "value", "text"), HELD_AGAINST.values(), ids=HELD_AGAINST)
def test_the_city_is_held_against_its_pace(programme: Programme, period: dt.date, value: int, text: str) -> None:
    first = said(programme, values({**NOTHING, "乐清市": value}), period=period).overall().partition("。")[0]
    label = "2025年6月15日" if period == MIDDLE else "2025年底" if period == YEAR_END else "2025年6月底"
    assert first == f"截至{label}，全市已向{value}家企业选派“科技副总”，{text}"


OTHERS = "全市累计开展技术攻关项目117项、促成科技成果转化65项、新建市级及以上研发机构39家"
CHANGES = {
    "all grew": ((8, 4, 2), "，比上次通报分别新增13项、13项、13家。"),
    "one fell": ((8, 6, 2), "，比上次通报新增13项、减少13项、新增13家。"),
    "one stands": ((8, 5, 2), "，比上次通报新增13项、持平、新增13家。"),
    "all stand": ((9, 5, 3), "，与上次通报持平。"),
}


@pytest.mark.parametrize(("then", "text"), CHANGES.values(), ids=CHANGES)
def test_the_other_indicators_are_held_against_the_previous_bulletin(
    programme: Programme, then: tuple[int, int, int], text: str
) -> None:
    assert said(programme, values(OWED), values(OWED, then)).overall().endswith(OTHERS + text)


def test_the_first_bulletin_compares_with_nothing(programme: Programme) -> None:
    first = said(programme, values(OWED))
    assert first.overall().endswith(f"{OTHERS}。")
    assert "上次通报" not in first.overall()
    assert first.gains() == first.problems() == ""


CITY = {
    "grew": ({**OWED, "乐清市": 290}, "比上次通报（截至2025年3月底）新增7家。"),
    "fell": (
        {**OWED, "鹿城区": 47, "洞头区": 10, "乐清市": 296},
        "比上次通报（截至2025年3月底）减少3家，系鹿城区、洞头区核减所致。",
    ),
    "stands": (OWED, "与上次通报（截至2025年3月底）持平。"),
}


@pytest.mark.parametrize(("then", "text"), CITY.values(), ids=CITY)
def test_the_city_is_held_against_the_previous_bulletin(programme: Programme, then: dict[str, int], text: str) -> None:
    assert text in said(programme, values(OWED), values(then)).overall()


def test_the_first_period_of_a_year_names_the_year_before(programme: Programme) -> None:
    then = {**OWED, "乐清市": 288}
    first = said(programme, values(OWED), values(then), JANUARY, LAST_YEAR_END)
    assert "其中，2025年新增9家，完成年度目标（650家）的1.4%；比上次通报（截至2024年底）新增9家。" in first.overall()
    gone = {**then, "泰顺县": 8}
    assert "泰顺县" in said(programme, values(OWED), values(gone), JANUARY, LAST_YEAR_END).gains()


ABSENT = {
    "one": (("乐清市",), "乐清市未报送本期数据，以上数据不含该地，完成率、序时进度和新增数均按已报送的12个地区计算。"),
    "two": (
        ("洞头区", "海经区"),
        "洞头区、海经区未报送本期数据，以上数据不含上述地区，完成率、序时进度和新增数均按已报送的11个地区计算。",
    ),
}


@pytest.mark.parametrize(("missing", "text"), ABSENT.values(), ids=ABSENT)
def test_missing_districts_are_named_and_left_out(programme: Programme, missing: tuple[str, ...], text: str) -> None:
    found = said(programme, without(values(OWED), *missing))
    assert found.overall().endswith(text)
    assert found.problems() == f"报送不及时。{'、'.join(missing)}未按要求报送本期数据。"
    reached = sum(value for name, value in OWED.items() if name not in missing)
    assert f"已向{reached}家企业选派“科技副总”，完成2025年底累计目标（{reached}家）的100.0%" in found.overall()


def test_an_excused_district_is_not_named(programme: Programme) -> None:
    view = make_view(programme, JUNE, without(values(OWED), "海经区"), states={"海经区": EXCUSED})
    found = of(programme, view)
    assert "海经区" not in found.overall() + found.progress() + found.pace() + found.problems()


PLACES: dict[str, tuple[dict[str, int], str]] = {
    "a tie in the first places": (
        {
            **NOTHING, "鹿城区": 22, "洞头区": 9, "泰顺县": 4, "文成县": 6, "乐清市": 99, "龙湾区": 2, "瓯海区": 1, "苍南县": 1,
            "龙港市": 1,
        },
        "累计完成率居前4位的是洞头区（100.0%）、文成县（85.7%）和鹿城区、泰顺县（并列，均为50.0%）；"
        "居后4位的是瑞安市、永嘉县、平阳县、海经区（并列，均为0.0%）。",
    ),
    "all but one share the second place": (
        {**NOTHING, "洞头区": 9},
        "累计完成率居前13位的是洞头区（100.0%）和鹿城区、龙湾区、瓯海区、乐清市、瑞安市、永嘉县、文成县、平阳县、泰顺县、苍南县、"
        "龙港市、海经区（并列，均为0.0%）。",
    ),
    "all alike": (OWED, "各地累计完成率均为100.0%。"),
    "six reported": (
        {"鹿城区": 44, "龙湾区": 200, "瓯海区": 80, "洞头区": 5, "乐清市": 100, "瑞安市": 50},
        "累计完成率居前3位的是鹿城区（100.0%）、龙湾区（91.3%）和瓯海区（87.9%）。",
    ),
    "seven reported": (
        {"鹿城区": 44, "龙湾区": 200, "瓯海区": 80, "洞头区": 5, "乐清市": 100, "瑞安市": 50, "永嘉县": 10},
        "累计完成率居前3位的是鹿城区（100.0%）、龙湾区（91.3%）和瓯海区（87.9%）；"
        "居后3位的是乐清市（33.7%）、瑞安市（26.7%）和永嘉县（12.8%）。",
    ),
    "nobody": ({}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("own", "text"), PLACES.values(), ids=PLACES)
def test_first_and_last_places(programme: Programme, own: dict[str, int], text: str) -> None:
    assert said(programme, values(own)).progress() == text


ON_TIME = {**OWED, "乐清市": 296, "海经区": 12}
PACE = {
    "all in time": (JUNE, OWED, "序时进度", "13个地区均达到序时进度。"),
    "some behind": (
        JUNE, {**OWED, "鹿城区": 28, "海经区": 9}, "序时进度",
        "11个地区达到序时进度，2个地区未达到序时进度，分别为鹿城区（差4家）、海经区（差1家）。",
    ),
    "all behind": (
        JUNE, {"鹿城区": 28, "海经区": 9}, "序时进度", "2个地区均未达到序时进度，分别为鹿城区（差4家）、海经区（差1家）。",
    ),
    "year's end, all reached": (YEAR_END, OWED, "目标完成", "13个地区均完成2025年底累计目标。"),
    "year's end, some short": (
        YEAR_END, ON_TIME, "目标完成",
        "11个地区完成2025年底累计目标，2个地区未完成2025年底累计目标，分别为乐清市（差1家）、海经区（差2家）。",
    ),
    "year's end, all short": (
        YEAR_END, {"乐清市": 296, "海经区": 12}, "目标完成",
        "2个地区均未完成2025年底累计目标，分别为乐清市（差1家）、海经区（差2家）。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("period", "own", "heading", "text"), PACE.values(), ids=PACE)
def test_who_is_behind_the_pace(programme: Programme, period: dt.date, own: dict[str, int], heading: str, text: str) -> None:
    found = said(programme, values(own), period=period)
    assert (found.notice.text(f"{found.pace_section}.heading"), found.pace()) == (heading, text)


HALF = dict.fromkeys(OWED, 5)
GAINS = {
    "four grew, three are named": (
        {**HALF, "鹿城区": 6, "乐清市": 9, "瑞安市": 6, "海经区": 6},
        "比上次通报，选派企业新增较多的是乐清市（4家）、鹿城区（1家）和瑞安市（1家）；"
        "龙湾区、瓯海区、洞头区、永嘉县、文成县、平阳县、泰顺县、苍南县、龙港市无新增。",
    ),
    "all grew": (
        dict.fromkeys(OWED, 6), "比上次通报，选派企业新增较多的是鹿城区（1家）、龙湾区（1家）和瓯海区（1家）。",
    ),
    "none grew": (HALF, "各地均无新增。"),
    "one grew, the others fell": ({**dict.fromkeys(OWED, 4), "文成县": 8}, "比上次通报，选派企业新增较多的是文成县（3家）。"),
    "all fell": (
        {"鹿城区": 3, "海经区": 4}, "鹿城区核减2家、海经区核减1家。",
    ),
    "one fell, nobody grew": ({"鹿城区": 3, "龙湾区": 5, "海经区": 5}, "鹿城区核减2家；龙湾区、海经区无新增。"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "text"), GAINS.values(), ids=GAINS)
def test_who_grew_since_the_previous_bulletin(programme: Programme, now: dict[str, int], text: str) -> None:
    assert said(programme, values(now), values(HALF)).gains() == text


SHORT = {
    "one behind": ({**OWED, "鹿城区": 28}, "进度不平衡。累计完成率最高的", "未达到序时进度的鹿城区差4家。"),
    "two behind alike": (
        {**OWED, "鹿城区": 28, "永嘉县": 52}, "进度不平衡。累计完成率最高的",
        "未达到序时进度的2个地区合计差8家，其中鹿城区、永嘉县各差4家。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("own", "start", "end"), SHORT.values(), ids=SHORT)
def test_a_single_problem_is_not_numbered(programme: Programme, own: dict[str, int], start: str, end: str) -> None:
    found = said(programme, values(own)).problems()
    assert found.startswith(start)
    assert found.endswith(end)


def test_all_problems_are_numbered_in_their_order(programme: Programme) -> None:
    now = without(values({**OWED, "鹿城区": 28}), "海经区")
    before = values({**{name: value - 1 for name, value in OWED.items()}, "鹿城区": 28, "洞头区": 9})
    assert said(programme, now, before).problems() == (
        "一是进度不平衡。累计完成率最高的龙湾区、瓯海区、洞头区、乐清市、瑞安市、永嘉县、文成县、平阳县、泰顺县、苍南县、龙港市"
        "与最低的鹿城区相差36.4个百分点；未达到序时进度的鹿城区差4家。"
        "二是部分地区无新增。鹿城区、洞头区自2025年3月底以来未新增选派企业。"
        "三是报送不及时。海经区未按要求报送本期数据。"
    )


def test_at_the_years_end_the_shortage_is_held_against_the_target(programme: Programme) -> None:
    found = said(programme, values(ON_TIME), period=YEAR_END).problems()
    assert found.endswith("未完成2025年底累计目标的2个地区合计差3家，其中海经区差2家。")
    assert "序时进度" not in found


def test_who_reported_late_is_named_only_where_the_settings_want_it(programme: Programme) -> None:
    late = str(programme.wording["findings"]["mark"]["late"])
    found = of(programme, make_view(programme, JUNE, values(OWED), marks={"文成县": (late,)}))
    assert found.problems() == ""
    assert found.problems(late=True) == "报送不及时。文成县迟报。"


def test_the_citys_goals_are_stated_only_where_the_settings_want_it(programme: Programme) -> None:
    view = views.full_view(programme)
    assert "全市目标" not in of(programme, view).overall()
    wanted = replace(view, office=Office(notice=NoticeChoices(goals=True)))
    assert of(programme, wanted).overall().endswith(
        "对照2026年底全市目标，选派企业、技术攻关项目、科技成果转化分别完成40.4%、39.6%、36.2%。"
    )  # fmt: skip


def test_the_citys_goals_have_no_rate_while_a_district_is_missing(programme: Programme) -> None:
    view = replace(views.missing_view(programme), office=Office(notice=NoticeChoices(goals=True)))
    assert "全市目标" not in of(programme, view).overall()
