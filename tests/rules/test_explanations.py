"""Explanations: what is said with enough words, with an amount where one is asked for, and by a tick in the form."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.model import Answer, FormInfo, Known, State, Status
from pipeline.reading.values.explanations import bare, why_not
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.support.judging import DECEMBER, JUNE, LUCHENG, NOW, OWN, PROGRAMME, SEPTEMBER, calendar, history, read, spec
from tests.support.surrounding import judged

NO_AMOUNT = "没有写明核减数量"


@pytest.mark.parametrize(
    "text",
    [
        "企业迁出本市，核减1家",
        "企业迁出本市，核减１家",
        "两家企业迁出本市",
        "十二项重复计数，现予核减",
        "企业迁出本市，由8改为7",
        "2024年6月企业迁出，核减3",
        "企业迁出本市所致（涉及数量二）",
    ],
)
def test_a_fall_is_explained_with_its_amount(text: str) -> None:
    assert why_not(text, "P01", PROGRAMME) is None


@pytest.mark.parametrize(
    "text",
    ["企业迁出本市所致", "企业迁出本市，数据一并核减", "口径统一后重新核定", "2024年6月28日企业迁出本市", "企业于6月底迁出本市"],
)
def test_dates_and_words_with_a_numeral_are_no_amount(text: str) -> None:
    assert why_not(text, "P01", PROGRAMME) == NO_AMOUNT


def test_where_no_amount_is_asked_for_none_is_missed() -> None:
    assert why_not("企业迁出本市所致", "P05", PROGRAMME) is None


@pytest.mark.parametrize(
    "text",
    [
        "我们已经核对过了",
        "经我局认真核实，数据真实有效",
        "上述数据已经我单位反复核对，确认无误。",
        "经与企业联系核实，情况属实，特此说明",
        "经办人已逐项核对，没有问题",
        "以上数据均为实际情况，请审核",
        "领导已审核同意，数据准确",
        "已核对 已核对 已核对 已核对",
        "啊啊啊啊啊啊啊啊",
        "111111111",
        "。。。。。。。。",
        "是是是是是是对对对对",
        "哈哈呵哈哈呵哈哈呵",
        "20240630",
        "企业迁出企业迁出",
    ],
)
def test_stock_phrases_joined_by_filler_explain_nothing(text: str) -> None:
    assert why_not(text, "P05", PROGRAMME) == f"只写了“{text}”，没有具体原因"


@pytest.mark.parametrize(
    "text",
    [
        "经我局核实，企业迁出本市",
        "我们已经核对过了，系重复计数",
        "上期数据录入错误，现予更正",
        "一批项目集中验收，数据属实",
        "含省级联合攻关专项各子课题",
        "研发机构为新建分支机构",
        "企业合并后重新统计",
        "Merged with another company",
    ],
)
def test_a_reason_among_them_is_one(text: str) -> None:
    assert why_not(text, "P05", PROGRAMME) is None


SAME = history(*((LUCHENG, day, tuple(n * 10 - k for k in range(4))) for n, day in enumerate((JUNE, SEPTEMBER), 1)))
STILL = spec(period=DECEMBER, values=dict(zip(OWN, (20, 19, 18, 17), strict=True)))


@pytest.mark.parametrize(("nothing_new", "state"), [(True, State.EXPLAINED), (False, State.OPEN)])
def test_the_tick_that_nothing_is_new_answers_p02(nothing_new: bool, state: State) -> None:
    submission = judged(STILL, form=FormInfo(nothing_new=nothing_new), history=SAME)
    assert [(f.rule, f.state, f.note) for f in submission.findings if f.rule == "P02"] == [("P02", state, None)]
    assert submission.status is (Status.ACCEPTED if nothing_new else Status.PENDING)


def test_the_tick_is_kept_as_an_explanation() -> None:
    submission = judged(STILL, form=FormInfo(nothing_new=True, filler="张某"), history=SAME)
    assert [(e.rule, e.text, e.by) for e in submission.explanations] == [("P02", "本期确无新增。", "张某")]


FELL = spec(period=DECEMBER, values={"enterprises": 5})
LINE = Answer("企业迁出本市，核减3家", "审核说明", "I4", rule="P01", indicator="enterprises", observed="5")


@pytest.mark.parametrize(
    ("repeated", "before", "state", "note"),
    [
        ("8", 8, State.EXPLAINED, None),
        (None, 13, State.EXPLAINED, None),
        ("8", 13, State.OPEN, "说明未采用：所说明的数值已由8改为13，请重新说明"),
    ],
)
def test_an_answer_in_a_copy_is_to_what_its_line_was_compared_with(
    repeated: str | None, before: int, state: State, note: str | None
) -> None:
    answered = dataclasses.replace(read(FELL), answers=(dataclasses.replace(LINE, expected=repeated),))
    known = Known(history=history((LUCHENG, SEPTEMBER, (before, 12, 7, 3))))
    (submission,) = check_batch([(place(answered, calendar()), NOW)], known, calendar())
    assert [(f.state, f.note) for f in submission.findings if f.rule == "P01"] == [(state, note)]
    assert [e.compared for e in submission.explanations] == ([str(before)] if state is State.EXPLAINED else [])


@pytest.mark.parametrize(("one", "other"), [("企业迁出，核减3家。", "企业 迁出核减３家"), ("Merged, 3 fewer", "Merged 3 fewer!")])
def test_blanks_and_punctuation_make_no_other_explanation(one: str, other: str) -> None:
    assert bare(one) == bare(other)


def test_a_word_more_makes_another() -> None:
    assert bare("企业迁出，核减3家") != bare("企业没有迁出，核减3家")
