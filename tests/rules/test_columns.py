"""Which column holds an indicator's running totals (S13, S02), and numbers under no heading (S14): layouts in every format."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.model import Area, Submission
from pipeline.reading.read import read_submission
from tests.returns import GOOD, LAYOUTS, ONE_SHEET
from tests.returns.layout import Sheet
from tests.rules.columns_under_headings import (
    ALL_TAKEN,
    NAMES,
    NOTHING_TAKEN,
    OTHERS,
    PERIOD,
    TITLE,
    TOTALS,
    beside,
    grouped,
    judged,
    outcome,
    plain_form,
    sheet_of,
    side_columns,
)
from tests.support.judging import LUCHENG, PROGRAMME, SEPTEMBER, check, check_grid, grid, spec, values

FORMATS = ("xlsx", "xls", "ods", "csv-gbk", "html-utf8")
LESS = (5, 9, 5, 2)
MORE = (20, 30, 20, 10)
BEFORE = (3, 3, 2, 1)
RATES = ("40%", "40%", "35%", "30%")
NONE = (None,) * 4


def told(submission: Submission, *rules: str) -> list[str]:
    return [finding.message for finding in submission.findings if finding.rule in rules]


def across(*columns: Sequence[object]) -> list[tuple[object, ...]]:
    """For each indicator what its columns hold."""
    return list(zip(*columns, strict=True))


TAKEN: dict[str, tuple[tuple[str, ...], tuple[Sequence[object], ...]]] = {
    "新增｜累计": (("本期新增", "累计"), (LESS, TOTALS)),
    "累计｜新增": (("累计", "本期新增"), (TOTALS, LESS)),
    "当期｜累计": (("当期", "累计"), (LESS, TOTALS)),
    "本月｜累计数": (("本月", "累计数"), (LESS, TOTALS)),
    "累计完成｜当月完成": (("累计完成", "当月完成"), (TOTALS, LESS)),
    "本期完成｜累计完成": (("本期完成", "累计完成"), (LESS, TOTALS)),
    "本期｜累计": (("本期", "累计"), (LESS, TOTALS)),
    "上期｜本期": (("上期", "本期"), (BEFORE, TOTALS)),
    "本期｜上期": (("本期", "上期"), (TOTALS, BEFORE)),
    "上年同期｜本期累计": (("上年同期", "本期累计"), (BEFORE, TOTALS)),
    "上期累计｜本期累计": (("上期累计", "本期累计"), (BEFORE, TOTALS)),
    "上期累计｜本期新增｜累计": (("上期累计", "本期新增", "累计"), (BEFORE, LESS, TOTALS)),
    "基数｜新增｜累计数": (("基数", "新增", "累计数"), (BEFORE, LESS, TOTALS)),
    "目标数｜完成数": (("目标数", "完成数"), (MORE, TOTALS)),
    "目标｜完成｜完成率": (("目标", "完成", "完成率"), (MORE, TOTALS, RATES)),
    "完成率｜完成｜目标": (("完成率", "完成", "目标"), (RATES, TOTALS, MORE)),
    "计划｜实际": (("计划", "实际"), (MORE, TOTALS)),
    "任务数｜实际完成数": (("任务数", "实际完成数"), (MORE, TOTALS)),
    "累计目标｜累计完成": (("累计目标", "累计完成"), (MORE, TOTALS)),
    "占比｜数量": (("占比", "数量"), (RATES, TOTALS)),
    "同比｜累计": (("同比", "累计"), (RATES, TOTALS)),
    "合计｜其中：省级": (("合计", "其中：省级"), (TOTALS, LESS)),
    "2024年3月底｜2024年6月底": (("2024年3月底", "2024年6月底"), (BEFORE, TOTALS)),
    "截至6月底｜截至3月底": (("截至6月底", "截至3月底"), (TOTALS, BEFORE)),
    "2024年3月｜2024年6月": (("2024年3月", "2024年6月"), (BEFORE, TOTALS)),
    "上期（3月底）｜本期（6月底）": (("上期（2024年3月底）", "本期（2024年6月底）"), (BEFORE, TOTALS)),
    "期初数｜期末数": (("期初数", "期末数"), (BEFORE, TOTALS)),
    "较上期增加｜现有数": (("较上期增加", "现有数"), (LESS, TOTALS)),
    "累计新增｜本月新增": (("累计新增", "本月新增"), (TOTALS, LESS)),
    "第二季度｜累计": (("第二季度", "累计"), (LESS, TOTALS)),
    "本年累计｜累计": (("本年累计", "累计"), (LESS, TOTALS)),
    "排名｜累计": (("排名", "累计"), (LESS, TOTALS)),
    "合计｜已立项｜已完成": (("合计", "已立项", "已完成"), (TOTALS, LESS, BEFORE)),
    "核定数｜累计": (("核定数", "累计"), (LESS, TOTALS)),
    "1.新增｜2.累计": (("1.新增", "2.累计"), (LESS, TOTALS)),
    "traditional": (("本期新增數", "累計數"), (LESS, TOTALS)),
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("names", "columns"), TAKEN.values(), ids=TAKEN)
def test_the_one_column_of_running_totals_is_taken_and_s02_says_which(
    names: tuple[str, ...], columns: tuple[Sequence[object], ...], fmt: str
) -> None:
    submission = judged(side_columns(names, across(*columns), merged=not fmt.startswith("csv")), fmt=fmt)
    assert outcome(submission) == ALL_TAKEN
    assert [message[:9] for message in told(submission, "S02")] == ["一项指标下有几列数"]
    assert told(submission, "S11", "S13", "S14") == []


UNCLEAR: dict[str, tuple[tuple[object, ...], tuple[Sequence[object], ...]]] = {
    "words that say nothing": (("市级下达", "区级自查"), (MORE, TOTALS)),
    "only increases": (("本月新增", "本季新增"), (BEFORE, LESS)),
    "an increase and a target": (("当期", "目标"), (LESS, MORE)),
    "two totals": (("完成数", "累计数"), (LESS, TOTALS)),
    "本期 and a target": (("目标", "本期"), (MORE, TOTALS)),
    "two other periods": (("2024年3月底", "2023年12月底"), (BEFORE, LESS)),
    "another period alone and none": (("上期", "核减"), (BEFORE, LESS)),
    "one of them nameless": (("目标", None), (MORE, TOTALS)),
    "quarters": (("第一季度", "第二季度"), (BEFORE, LESS)),
    "halves": (("上年下半年", "上半年"), (BEFORE, LESS)),
    "months without a year": (("5月", "6月"), (BEFORE, LESS)),
    "what was there before and what is new": (("存量", "新增"), (BEFORE, LESS)),
    "words of which one ends a name": (("企业", "高校"), (LESS, TOTALS)),
    "ranges of months": (("1-3月", "4-6月"), (BEFORE, LESS)),
    "this year and last": (("今年", "去年"), (TOTALS, BEFORE)),
    "stages": (("在谈", "签约"), (MORE, TOTALS)),
    "stages of which one is completed": (("已立项", "已完成"), (MORE, TOTALS)),
    "another period and a word that says nothing": (("上期", "核定数"), (BEFORE, TOTALS)),
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("names", "columns"), UNCLEAR.values(), ids=UNCLEAR)
def test_columns_none_of_which_is_sure_are_s13_and_have_no_value(
    names: tuple[object, ...], columns: tuple[Sequence[object], ...], fmt: str
) -> None:
    submission = judged(side_columns(names, across(*columns), merged=not fmt.startswith("csv")), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    assert len(told(submission, "S13")) == len(NAMES)


@pytest.mark.parametrize("fmt", FORMATS)
def test_two_numbers_under_a_heading_without_words_are_s13(fmt: str) -> None:
    submission = judged(side_columns((None, None), across(MORE, TOTALS), sub=False, merged=not fmt.startswith("csv")), fmt=fmt)
    assert values(submission)[:3] == (None,) * 3
    assert str(submission.status) in ("returned", "pending")
    if not fmt.startswith("csv"):
        assert told(submission, "S13")[0] == (
            "“已选派‘科技副总’企业数”下有2列数（B列、C列），不能确定哪一列是累计数；本表应填2024年1月1日以来的累计数。"
        )


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if not fmt.startswith("csv")])
@pytest.mark.parametrize("columns", [(NONE, TOTALS), (TOTALS, NONE)], ids=["right", "left"])
def test_a_figure_in_any_column_of_a_merged_heading_is_found(columns: tuple[Sequence[object], ...], fmt: str) -> None:
    submission = judged(side_columns((None, None), across(*columns), sub=False), fmt=fmt)
    assert outcome(submission) == ALL_TAKEN
    assert told(submission, "S02", "S13", "S14") == []


def test_the_message_names_the_columns_by_their_sub_headings() -> None:
    submission = judged(side_columns(("市级下达", "区级自查"), across(MORE, TOTALS)))
    assert told(submission, "S13")[1] == (
        "“开展技术攻关项目数”下有2列数（D列“市级下达”、E列“区级自查”），不能确定哪一列是累计数；本表应填2024年1月1日以来的累计数。"
    )
    taken = judged(side_columns(("本期新增", "累计"), across(LESS, TOTALS)))
    assert told(taken, "S02")[0].startswith("一项指标下有几列数，已按列名取数：C列“累计”为“已选派‘科技副总’企业数”，E列“累计”为")
    text = judged(side_columns(("本期新增", "累计"), across(LESS, TOTALS), merged=False), fmt="csv-gbk")
    assert "第3列“累计”为“已选派‘科技副总’企业数”" in told(text, "S02")[0]


def test_a_blank_column_of_running_totals_is_c02_there() -> None:
    submission = judged(side_columns(("本期新增", "累计"), across(LESS, NONE)))
    assert {finding.cell for finding in submission.findings if finding.rule == "C02"} == {"C5", "E5", "G5", "I5"}
    assert values(submission) == (None,) * 4


GROUPED: dict[str, tuple[tuple[str, ...], tuple[Sequence[object], ...]]] = {
    "上期｜本期": (("上期", "本期"), (BEFORE, TOTALS)),
    "本期新增｜累计": (("本期新增", "累计"), (LESS, TOTALS)),
    "累计情况｜新增情况": (("累计情况", "新增情况"), (TOTALS, LESS)),
    "目标任务｜完成情况": (("目标任务", "完成情况"), (MORE, TOTALS)),
    "2024年3月底｜2024年6月底": (("2024年3月底", "2024年6月底"), (BEFORE, TOTALS)),
    "截至2023年12月底｜目前": (("截至2023年12月底", "目前"), (BEFORE, TOTALS)),
    "核定数｜完成数": (("核定数", "完成数"), (MORE, TOTALS)),
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("names", "rows"), GROUPED.values(), ids=GROUPED)
def test_headings_of_groups_say_whose_columns_hold_the_running_totals(
    names: tuple[str, ...], rows: tuple[Sequence[object], ...], fmt: str
) -> None:
    submission = judged(grouped(names, rows, merged=not fmt.startswith("csv")), fmt=fmt)
    assert str(submission.status) == "accepted"
    assert values(submission) == TOTALS


def test_groups_that_do_not_say_it_are_no_number() -> None:
    for names in (("市级数", "区级数"), ("本月新增", "本季新增"), ("甲", "乙"), ("上年底", "备注"), ("市级", "新增")):
        submission = judged(grouped(names, (MORE, TOTALS)))
        assert outcome(submission) == NOTHING_TAKEN


BESIDE: dict[str, tuple[tuple[str, ...], tuple[Sequence[object], ...]]] = {
    "increase in the heading": (("本期新增{}", "{}"), (LESS, TOTALS)),
    "increase in brackets": (("{}（累计）", "{}（本月）"), (TOTALS, LESS)),
    "an increase headed by its word alone": (("{}", "本期新增"), (TOTALS, LESS)),
    "a target headed by its word alone": (("{}", "目标数", "完成率"), (TOTALS, MORE, RATES)),
    "last period's before it": (("上期{}", "本期{}"), (BEFORE, TOTALS)),
    "dates": (("{}（2024年3月底）", "{}（2024年6月底）"), (BEFORE, TOTALS)),
    "a rate with a name of its own": (("{}", "完成率（%）"), (TOTALS, RATES)),
    "小计 and a part of it": (("{}", "其中：本期新增"), (TOTALS, LESS)),
    "a person": (("{}", "负责人"), (TOTALS, ("张某", "李某", "王某", "赵某"))),
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("names", "columns"), BESIDE.values(), ids=BESIDE)
def test_columns_beside_each_other_are_told_by_their_headings(
    names: tuple[str, ...], columns: tuple[Sequence[object], ...], fmt: str
) -> None:
    submission = judged(beside(names, across(*columns)), fmt=fmt)
    assert outcome(submission) == ALL_TAKEN
    assert told(submission, "S13", "S14") == []


def test_a_column_called_total_beside_the_form_s_own_heading_with_another_number_is_s13() -> None:
    submission = judged(beside(("{}", "累计"), across(LESS, TOTALS)))
    assert outcome(submission) == NOTHING_TAKEN
    assert values(judged(beside(("{}", "累计"), across(TOTALS, TOTALS)))) == TOTALS


OTHERWISE = (
    *(
        "（新增）",
        "（本期新增）",
        "（当月）",
        "（本月数）",
        "【净增】",
        "（目标数）",
        "（任务）",
        "（上期）",
        "（上年同期）",
        "（完成率）",
        "（基数）",
    ),
    *(
        "（截至2024年3月底）",
        "（2024年3月）",
        "（2024年6月新增）",
        "（2024年4-6月）",
        "（2024年4月1日至6月30日）",
        "（四至六月）",
        "（2025年目标）",
        "\n本月新增",
        "——当期",
        "（本期）",
        "当季完成数",
    ),
)


@pytest.mark.parametrize("said", OTHERWISE)
def test_a_heading_that_says_it_is_no_running_total_is_s13_at_its_cell(said: str) -> None:
    submission = judged(plain_form(heading=f"{{}}{said}"))
    assert outcome(submission) == NOTHING_TAKEN
    found = {finding.cell for finding in submission.findings if finding.rule == "S13"}
    assert found == {"B3", "C3", "D3", "E3"}


HARMLESS = (
    *(
        "（累计）",
        "累计数",
        "（截至2024年6月底）",
        "（2024年6月）",
        "（2024年1-6月）",
        "（2024年第二季度）",
        "（完成数）",
        "（现有）",
        "（填累计数）",
    ),
    *(
        "（2024年以来）",
        "（自2024年1月1日起）",
        "（2024-2026年）",
        "（含续聘）",
        "（全年累计）",
        "（必填）",
        "\n累计数",
        "（截至目前，累计）",
        "（包括省级、国家级）",
    ),
    *("[注1]", "*", "①", "注", "："),
)


@pytest.mark.parametrize("said", HARMLESS)
def test_a_heading_that_says_nothing_else_is_no_finding(said: str) -> None:
    submission = judged(plain_form(heading=f"{{}}{said}"))
    assert outcome(submission) == ALL_TAKEN
    assert told(submission, "S01", "S02", "S13", "S14") == []


UNKNOWN = (
    *(
        "核定数",
        "认定数",
        "上报数",
        "审核数",
        "调整后",
        "已立项",
        "在谈",
        "签约",
        "区级",
        "高校",
        "拟选派",
        "人数",
        "金额",
        "今年",
    ),
    *("排名", "位次", "名次", "占比", "增幅", "得分", "进度", "仅含第二季度", "不含一季度", "4月以来"),
)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("name", UNKNOWN)
def test_an_only_column_under_a_word_that_is_no_running_total_is_s13(name: str, fmt: str) -> None:
    submission = judged(side_columns((name,), across(TOTALS), merged=not fmt.startswith("csv")), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    assert {finding.cell for finding in submission.findings if finding.rule == "S13"} == {"B4", "C4", "D4", "E4"}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    "name", ["数量", "个数", "家数", "数值", "数", "合计", "总数", "累计", "填报数", "指标值", "必填", "请填整数"]
)
def test_a_neutral_word_under_a_heading_is_no_finding(name: str, fmt: str) -> None:
    submission = judged(side_columns((name,), across(TOTALS), merged=not fmt.startswith("csv")), fmt=fmt)
    assert outcome(submission) == ALL_TAKEN
    assert told(submission, "S02", "S13", "S14") == []


@pytest.mark.parametrize("ending", ["排名", "位次", "名次", "占比", "完成率", "增幅", "进度", "（排名）"])
def test_a_heading_of_what_is_derived_from_an_indicator_is_s13(ending: str) -> None:
    submission = judged(plain_form(heading=f"{{}}{ending}"))
    assert outcome(submission) == NOTHING_TAKEN
    assert {finding.rule for finding in submission.findings if finding.grade == "error"} == {"S13"}


STRAY: dict[str, tuple[tuple[object, ...], list[tuple[str, str | None]]]] = {
    "beside the last": ((*TOTALS, 234), [("S14", "F4")]),
    "further right": ((*TOTALS, None, None, 5), [("S14", "H4")]),
    "two of them": ((*TOTALS, 234, None, 5), [("S14", "F4"), ("S14", "H4")]),
    "a text": ((*TOTALS, "已核"), []),
    "a number in a text": ((*TOTALS, "含2家续聘"), []),
    "a negative number": ((*TOTALS, -3), [("S14", "F4")]),
    "nothing": (TOTALS, []),
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("own", "found"), STRAY.values(), ids=STRAY)
def test_a_number_of_the_own_row_under_no_heading_is_s14(
    own: tuple[object, ...], found: list[tuple[str, str | None]], fmt: str
) -> None:
    submission = judged(plain_form(own=own), fmt=fmt)
    assert [(finding.rule, finding.cell) for finding in submission.findings if finding.rule == "S14"] == found
    assert values(submission) == TOTALS
    assert str(submission.status) == ("pending" if found else "accepted")


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_number_over_a_column_is_no_heading(fmt: str) -> None:
    sheet = sheet_of((TITLE,), (PERIOD,), ("区域", *NAMES, "4"), (LUCHENG, *TOTALS, 4))
    assert [(finding.rule, finding.cell) for finding in judged(sheet, fmt=fmt).findings if finding.rule != "T01"] == [
        ("S14", "F4")
    ]


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_sum_of_the_row_is_no_column_of_the_last_indicator(fmt: str) -> None:
    sheet = sheet_of((TITLE,), (PERIOD,), ("区域", *NAMES, "合计"), (LUCHENG, *TOTALS, sum(TOTALS)))
    submission = judged(sheet, fmt=fmt)
    assert outcome(submission) == ALL_TAKEN
    assert told(submission, "S13", "S14") == []


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_year_alone_under_the_headings_is_the_period_s_or_none(fmt: str) -> None:
    lines = ((TITLE,), (PERIOD,), ("区域", *NAMES))
    rest = ((LUCHENG, *TOTALS), *((name,) for name in OTHERS))
    assert values(judged(sheet_of(*lines, (None, *["2024年"] * 4), *rest), fmt=fmt)) == TOTALS
    assert told(judged(sheet_of(*lines, (None, *["2025年"] * 4), *rest), fmt=fmt), "S13") != []


def test_thousands_split_by_a_comma_in_a_text_table_are_never_taken_in_silence() -> None:
    lines = f"{TITLE}\n{PERIOD}\n区域,{','.join(NAMES)}\n"
    for own in ("8,12,1,234", "1,234,12,7,3", "8,12,7,3,0", "8,1,234,7,3"):
        content = f"{lines}{LUCHENG},{own}\n".encode()
        (table,) = read_submission("鹿城区_2024年6月.csv", content, PROGRAMME).tables
        assert len(table.rows[0].astray) == own.count(",") - 3


LEGITIMATE: dict[str, Sheet] = {
    "serial numbers without a heading": sheet_of(
        (None, TITLE), (None, PERIOD), (None, "区域", *NAMES), (1, LUCHENG, *TOTALS), *enumerate(OTHERS, 2)
    ),
    "its own serial number alone": sheet_of((TITLE,), (PERIOD,), (None, "区域", *NAMES), (5, LUCHENG, *TOTALS)),
    "a telephone in a column of its own": sheet_of(
        (TITLE,), (PERIOD,), ("区域", *NAMES, "联系电话"), (LUCHENG, *TOTALS, 13800000000)
    ),
    "a rate in a column of its own": sheet_of((TITLE,), (PERIOD,), ("区域", *NAMES, "完成率"), (LUCHENG, *TOTALS, "80%")),
    "a remark in a column of its own": sheet_of((TITLE,), (PERIOD,), ("区域", *NAMES, "备注"), (LUCHENG, *TOTALS, 5)),
    "the columns of the templates": sheet_of(
        (TITLE,), (PERIOD,), ("区域", *NAMES, None, "上期累计数（截至2024年3月底，仅供核对）", "本期增加", "填写自查"),
        (LUCHENG, *TOTALS, None, 5, 3, "通过"),
    ),
    "a merged heading beside the table": sheet_of(
        (TITLE,), (PERIOD,), ("区域", *NAMES, "上期", None), (LUCHENG, *TOTALS, 5, 3), merges=[(3, 6, 3, 7)]
    ),
}  # fmt: skip


@pytest.mark.parametrize("sheet", LEGITIMATE.values(), ids=LEGITIMATE)
def test_what_may_stand_beside_the_indicators_is_no_s14(sheet: Sheet) -> None:
    submission = judged(sheet)
    assert (values(submission), told(submission, "S13", "S14")) == (TOTALS, [])
    assert str(submission.status) == "accepted"


EVERY_GOOD = [(layout, fmt) for layout in GOOD for fmt in FORMATS if layout in ONE_SHEET or not fmt.startswith(("csv", "html"))]


@pytest.mark.parametrize(("layout", "fmt"), EVERY_GOOD)
def test_no_good_layout_has_doubtful_columns(layout: str, fmt: str) -> None:
    earlier = (SEPTEMBER, dict.fromkeys(spec().values, 1)) if layout == "earlier_beside" else None
    submission = check(spec(layout=layout, fmt=fmt, earlier=earlier))
    assert told(submission, "S13", "S14", "S01") == []
    assert bool(told(submission, "S02")) is (LAYOUTS[layout].columns != "programme")


def test_another_district_s_row_says_nothing_of_the_columns() -> None:
    own, other = (LUCHENG, None, 8, None, 12, None, 7, None, 3), ("龙湾区", 1, None, 1, None, 1, None, 1, None)
    head = ("区域", *(cell for name in NAMES for cell in (name, None)))
    merges = tuple(Area(1, 2 + 2 * n, 1, 3 + 2 * n) for n in range(len(NAMES)))
    assert values(check_grid(grid(head, own, other, merges=merges))) == TOTALS
