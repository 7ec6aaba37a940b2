"""What a file says of its whole table (S13): sheet names, titles, lines above, notes on 本表; and sentences."""

from __future__ import annotations

import pytest

from pipeline.model import Meaning
from pipeline.reading.layout.meanings import meanings
from tests.rules.columns_under_headings import (
    ALL_TAKEN,
    NAMES,
    NOTHING_TAKEN,
    OTHERS,
    PERIOD,
    TITLE,
    TOTALS,
    judged,
    outcome,
    plain_form,
    sheet_of,
)
from tests.support.judging import LUCHENG, PROGRAMME, values

FORMATS = ("xlsx", "xls", "ods", "csv-gbk", "html-utf8")

PHRASES: dict[str, Meaning | None] = {
    "累计新增": Meaning.TOTAL,
    "目标完成数": Meaning.TOTAL,
    "任务完成情况": Meaning.TOTAL,
    "累计完成": Meaning.TOTAL,
    "上期累计": Meaning.OTHER,
    "上期新增": Meaning.OTHER,
    "本期新增": Meaning.INCREASE,
    "当月完成数": Meaning.INCREASE,
    "累计目标": Meaning.TARGET,
    "累计完成率": Meaning.RATE,
    "本期": Meaning.CURRENT,
    "本期累计": Meaning.TOTAL,
    "新建市级及以上研发机构数": None,
    "三年行动计划": None,
    "目标责任": None,
    "通报表": None,
}


@pytest.mark.parametrize(("text", "meaning"), PHRASES.items())
def test_the_longest_phrase_of_a_text_decides(text: str, meaning: Meaning | None) -> None:
    assert meanings(text, PROGRAMME)[0] is meaning


TITLES = (
    *("各县（市、区）“科技副总”工作本月新增情况通报表", "2024年6月“科技副总”新增情况表", "“科技副总”目标任务分解表"),
    *(
        "各县（市、区）“科技副总”工作情况通报表（本期新增）",
        "各县（市、区）“科技副总”工作情况通报表【当月】",
        "“科技副总”上期工作情况表",
    ),
    *("科技副總新增情況表", "“科技副总”年度目标表", "新增情况统计表", "“科技副总”同比情况表", "科技副总当期数据统计表"),
)
GOOD_TITLES = (
    *("“科技副总”任务完成情况表", "“科技副总”目标完成情况统计表", "“科技副总”累计新增情况表", "“科技副总”选派工作进度表"),
    *("温州市“科技副总”三年行动计划工作情况通报表", "2024年第二季度“科技副总”工作情况表", "2024年度目标任务完成情况"),
    *("“科技副总”重点任务推进情况表", "“科技副总”本期工作情况表", "“科技副总”新建市级及以上研发机构数情况表"),
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_names_other_figures_is_s13_at_its_cell(title: str) -> None:
    submission = judged(plain_form(title=title))
    assert outcome(submission) == NOTHING_TAKEN
    assert [(finding.rule, finding.cell) for finding in submission.findings if finding.grade == "error"] == [("S13", "A1")]


@pytest.mark.parametrize("title", GOOD_TITLES)
def test_a_title_that_only_holds_such_a_word_is_no_finding(title: str) -> None:
    submission = judged(plain_form(title=title))
    assert outcome(submission) == ALL_TAKEN


ABOVE = (
    *(
        "本期新增",
        "2024年6月新增数",
        "单位：家、项（本月新增）",
        "单位：家、项　当月数",
        "（以下为本期新增数）",
        "以下数据为2024年6月当月数",
        "上期情况",
    ),
    *("统计口径：本月新增", "数据口径：当期", "本表为当月新增数", "填报说明：本表填新增数", "（目标数）"),
)
SENTENCES = (
    *(
        "请于7月5日前报送，本期新增较多的请说明",
        "注：新增企业请另附名单",
        "目标任务见附件1",
        "本期有无新增：有",
        "较上期新增3家",
        "本期较上期增加3家，系新签约企业",
        "口径：2024年以来累计",
    ),
    *("注：本表数据为累计数，本期新增不填", "截至目前累计数", "根据年度目标任务，请各地抓紧填报", "本期新增较多，请说明原因"),
)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("line", ABOVE)
def test_a_line_above_the_table_that_names_other_figures_is_s13(line: str, fmt: str) -> None:
    submission = judged(plain_form(above=((line,),)), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    assert [(finding.rule, finding.cell) for finding in submission.findings if finding.grade == "error"] == [("S13", "A3")]


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_that_mentions_an_increase_is_no_finding(line: str) -> None:
    for sheet in (plain_form(above=((line,),)), plain_form(below=((line,),))):
        submission = judged(sheet)
        assert outcome(submission) == ALL_TAKEN


def test_a_word_with_its_own_number_says_nothing_of_the_table() -> None:
    assert values(judged(plain_form(above=(("本期新增", 3),)))) == TOTALS


NOTES = (
    *(
        "本表为6月当月数",
        "注：本表数据为本期新增数。",
        "说明：本表所填为当月新增数。",
        "所填数据为本月新增",
        "注：1.本表填本期新增数。2.其他",
    ),
    *("统计周期：本季度", "报告期：本月", "数据周期：当月"),
    *(
        "注：所填均为上期数",
        "注：表中数据为年度目标数",
        "填表说明：本表统计本月新增选派企业",
        "注：本表填写的是2024年第二季度新增数",
        "备注：本表为当季完成数",
    ),
)
GOOD_NOTES = (
    *(
        "注：本表数据与上期一致。",
        "本表由市科技局根据目标任务制定。",
        "注：本表所填数据均为累计数，其中本期新增3家。",
        "注：新增2家。",
        "备注：本期新增5家",
    ),
    *(
        "说明：目标数见附件1。",
        "本表不填新增数，只填累计数",
        "注：本表为累计数，不是新增数",
        "本表数据较上期新增5家",
        "说明：上期5家，本期新增3家，累计8家。",
    ),
)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("note", NOTES)
def test_a_note_that_says_what_the_table_holds_is_s13(note: str, fmt: str) -> None:
    submission = judged(plain_form(below=((note,),)), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    assert {finding.rule for finding in submission.findings if finding.grade == "error"} == {"S13"}


@pytest.mark.parametrize("note", GOOD_NOTES)
def test_a_note_that_mentions_other_figures_is_no_finding(note: str) -> None:
    submission = judged(plain_form(below=((note,),)))
    assert outcome(submission) == ALL_TAKEN


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", ["本月新增", "新增", "目标任务", "上期", "6月新增数", "上年同期", "附件2（新增）", "附件2-当期"])
def test_a_sheet_called_otherwise_is_s13(name: str, fmt: str) -> None:
    submission = judged(plain_form(name=name), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    messages = [finding.message for finding in submission.findings if finding.rule == "S13"]
    assert messages == [f"工作表名为“{name}”；本表应填2024年1月1日以来的累计数。"]


@pytest.mark.parametrize("name", ["累计", "目标完成情况", "任务完成情况", "本期", "三年行动计划", "2024年6月", "进度表", "附件2"])
def test_a_sheet_s_name_that_says_nothing_else_is_no_finding(name: str) -> None:
    assert values(judged(plain_form(name=name))) == TOTALS


def test_a_file_called_otherwise_says_nothing_of_a_text_table() -> None:
    assert values(judged(plain_form(), fmt="csv-gbk", file="鹿城区_2024年6月_新增后")) == TOTALS


def test_of_two_tables_the_one_that_says_it_holds_the_last_period_is_left_aside() -> None:
    head = ("区域", *NAMES)
    rest = [(name,) for name in OTHERS]
    first = ((TITLE,), ("上期情况",), head, (LUCHENG, 5, 6, 4, 2), *rest)
    second = ((), (TITLE,), ("本期情况",), head, (LUCHENG, *TOTALS), *rest)
    assert values(judged(sheet_of((PERIOD,), *first, *second))) == TOTALS
    two = judged(plain_form(name="上期", own=(5, 6, 4, 2)), plain_form())
    assert (str(two.status), values(two)) == ("accepted", TOTALS)


NOTED = (
    *("注：均为本月新增，请知悉", "（注：均为新增）", "※均为当月数", "★本表只填本月", "备注：只统计新增", "注：仅为新增部分"),
    *("（以上为本季新增数，累计数见附表）", "填报说明：各指标填报当季新增数", "备注：数据口径为当月", "统计口径：当期新增"),
    *(
        "口径说明：当季",
        "注：1.数据为当季；2.单位为家、项",
        "注：此表为目标",
        "注：表中数为4月至6月发生数",
        "注：表中为2025年计划数",
    ),
    *("注：本表数据为2023年底数", "注：本表数据为2025年数", "注：非累计数"),
)
LIMITED = (
    *(
        "注：仅含第二季度",
        "未含第一季度",
        "不含以前累计",
        "本表只统计4-6月",
        "注：不包括上期已报数",
        "（仅含第二季度）",
        "注：剔除历史数",
    ),
    *(
        "说明：本表不含存量",
        "注：除一季度外",
        "前3个月数据未计入",
        "注：一季度已报，未计入",
        "注：自2024年4月1日起累计",
        "注：不含3月底以前的数",
    ),
    *("统计区间：4月1日至6月30日", "注：1.单位为家、项；2.不含1-3月", "本表从4月起统计", "注：4月以来", "不含2024年3月31日以前"),
)
UNLIMITED = (
    *(
        "注：不包括2024年以前",
        "注：不含2023年",
        "自2024年1月1日起累计",
        "注：2024年以来",
        "注：仅统计规上企业",
        "注：不含续聘企业",
    ),
    *(
        "注：不含下半年",
        "注：不含下半年计划",
        "注：一季度未报，本次一并补报",
        "注：累计数，不含计划数",
        "注：仅含2024年",
        "注：仅填累计数",
    ),
    *("注：不含以前年度退出的企业", "注：只填数字", "请从7月起报送", "注：本表只含上半年"),
)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("note", LIMITED)
def test_a_line_that_says_what_figures_leave_out_is_s13(note: str, fmt: str) -> None:
    submission = judged(plain_form(below=((note,),)), fmt=fmt)
    assert outcome(submission) == NOTHING_TAKEN
    assert {finding.rule for finding in submission.findings if finding.grade == "error"} == {"S13"}


@pytest.mark.parametrize("note", UNLIMITED)
def test_a_line_that_leaves_out_nothing_of_the_running_total_is_no_finding(note: str) -> None:
    submission = judged(plain_form(below=((note,),)))
    assert outcome(submission) == ALL_TAKEN


VOID = ("作废", "草稿", "测试", "旧表", "停用", "备份", "附件2（作废）", "附件2-旧", "草稿1", "附件2备份20240630", "old", "Test")


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", VOID)
def test_a_sheet_called_void_is_s13_alone_and_left_aside_beside_another(name: str, fmt: str) -> None:
    alone = judged(plain_form(name=name), fmt=fmt)
    assert [finding.message for finding in alone.findings if finding.grade == "error"] == [
        f"工作表名为“{name}”；本表应填2024年1月1日以来的累计数。"
    ]
    void = plain_form(name=name, own=(5, 6, 4, 2))
    for sheets in ((void, plain_form()), (plain_form(), void)):
        submission = judged(*sheets, fmt=fmt)
        assert outcome(submission) == ALL_TAKEN
        assert f"工作表“{name}”未采用" in next(finding.message for finding in submission.findings if finding.rule == "S11")


@pytest.mark.parametrize("line", ["作废", "（草稿）", "本表作废", "测试数据，勿用"])
def test_a_line_that_calls_the_table_void_is_s13(line: str) -> None:
    for sheet in (plain_form(above=((line,),)), plain_form(title=f"{TITLE}（{line}）")):
        assert "S13" in {finding.rule for finding in judged(sheet).findings}
    assert values(judged(plain_form(below=(("注：测试设备采购项目不计",),)))) == TOTALS


GOOD_NOTED = (
    *(
        "注：累计数=上期累计+本期新增",
        "注：累计数，含本期新增",
        "说明：“本期新增”不在本表填报",
        "以上数据与上期累计衔接",
        "*含本月新增",
    ),
    *(
        "注：本表按季报送，各指标为累计数",
        "填报要求：请填累计数，勿填当月数",
        "注：1-6月累计",
        "统计口径：累计",
        "附：新增企业名单（5家）",
    ),
    *("以上5家企业均为规上企业", "注：完成目标的84%", "注：本表数据为2024年6月底数", "注：本表数据为2024年数"),
)


@pytest.mark.parametrize("note", NOTED)
def test_a_note_that_says_nothing_but_what_figures_are_is_s13(note: str) -> None:
    for sheet in (plain_form(below=((note,),)), plain_form(above=((note,),))):
        submission = judged(sheet)
        assert outcome(submission) == NOTHING_TAKEN
        assert "S13" in {finding.rule for finding in submission.findings if finding.grade == "error"}


@pytest.mark.parametrize("note", GOOD_NOTED)
def test_a_note_on_how_running_totals_come_about_is_no_finding(note: str) -> None:
    for sheet in (plain_form(below=((note,),)), plain_form(above=((note,),))):
        submission = judged(sheet)
        assert outcome(submission) == ALL_TAKEN


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    "line",
    [("区域", "口径", *NAMES), ("口径", "区域", *NAMES), ("区域", *NAMES, "口径")],
    ids=["behind the region", "before it", "behind the indicators"],
)
@pytest.mark.parametrize(("said", "status"), [("本月新增", "returned"), ("目标", "returned"), ("累计", "accepted")])
def test_what_a_row_says_of_its_own_figures_counts(line: tuple[str, ...], said: str, status: str, fmt: str) -> None:
    row: list[object] = [TOTALS[NAMES.index(head)] if head in NAMES else LUCHENG if head == "区域" else said for head in line]
    submission = judged(sheet_of((TITLE,), (PERIOD,), line, row), fmt=fmt)
    assert str(submission.status) == status
    errors = {finding.rule for finding in submission.findings if finding.grade == "error"}
    assert errors == ({"S13"} if status == "returned" else set())


REMARKS = {
    "数据截至2024年3月底": "S13",
    "截止3月": "S13",
    "截至2024年3月底数据": "S13",
    "单位：万家": "S03",
    "数据单位为百家": "S03",
    "截至2024年6月底": "",
    "已核实": "",
    "其中3家为新增": "",
    "新签约企业5家": "",
    "单位：市人民医院": "",
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("remark", "rule"), REMARKS.items())
def test_a_remark_of_another_period_or_unit_is_told(remark: str, rule: str, fmt: str) -> None:
    submission = judged(sheet_of((TITLE,), (PERIOD,), ("区域", *NAMES, "备注"), (LUCHENG, *TOTALS, remark)), fmt=fmt)
    errors = [(finding.rule, finding.cell) for finding in submission.findings if finding.grade == "error"]
    assert errors == ([(rule, "F4")] if rule else [])
    assert values(submission) == ((None,) * len(TOTALS) if rule else TOTALS)


@pytest.mark.parametrize("label", ["本月新增", "一、6月当月", "（新增情况）"])
def test_a_line_over_the_rows_that_names_an_increase_is_s13(label: str) -> None:
    lines = ((TITLE,), (PERIOD,), ("区域", *NAMES))
    submission = judged(sheet_of(*lines, (label,), (LUCHENG, *TOTALS), *((name,) for name in OTHERS)))
    assert [(finding.rule, finding.cell) for finding in submission.findings if finding.grade == "error"] == [("S13", "A4")]
    assert values(judged(sheet_of(*lines, ("一、市区",), (LUCHENG, *TOTALS), *((name,) for name in OTHERS)))) == TOTALS


@pytest.mark.parametrize(
    "title",
    [
        "“科技副总”工作情况通报表（4-6月）",
        "“科技副总”工作情况通报表（2024年4月1日—6月30日）",
        "2024年6月新选派“科技副总”情况表",
        "“科技副总”工作情况通报表（6月单月）",
        "“科技副总”工作情况通报表（非累计）",
    ],
)
def test_a_title_of_some_months_only_is_s13(title: str) -> None:
    submission = judged(plain_form(title=title))
    assert [finding.rule for finding in submission.findings if finding.grade == "error"] == ["S13"]


@pytest.mark.parametrize(
    "title",
    [
        "“科技副总”工作情况通报表（含本月新增）",
        "“科技副总”工作情况通报表（累计，含新增）",
        "“科技副总”计划实施情况通报表",
        "“科技副总”增量提质行动工作情况表",
        "“科技副总”工作情况通报表（2024年4-6月）",
        "“科技副总”工作情况通报表（1-6月）",
    ],
)
def test_a_title_that_includes_an_increase_or_calls_the_quarter_is_no_finding(title: str) -> None:
    assert values(judged(plain_form(title=title))) == TOTALS
    assert values(judged(plain_form(name="科技副总计划"))) == TOTALS
