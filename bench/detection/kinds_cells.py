"""Faults inside one cell: every C rule in several spellings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from bench.detection.scenes import TEXTS, Scene
from bench.detection.traps import Kind, Trap, mark, trap
from tests.returns import ErrorValue, Formula, Percent, Value, cell_of

Spelling = str | Value
"""A text with {n} for the value, {m} for a larger one, {own} and {other} for units; or a value as it stands."""

SPELT: Mapping[str, tuple[str, Sequence[Spelling]]] = {
    "blank": ("C02", (None, " ", "　", "\u00a0", "  　 ")),
    "dash": ("C03", ("—", "——", "-", "－", "–", "/", "／", "\\", "*", "***", "---", "（—）")),
    "words for nothing": (
        "C03",
        ("无", "没有", "暂无", "未统计", "同上", "N/A", "n/a", "无新增", "待定", "不详", "（无）", "暂未统计"),
    ),
    "about": (
        "C04",
        ("约{n}", "大约{n}", "{n}左右", "近{n}", "{n}余", "{n}多", "{n}余家", "不到{n}", "{n}以上", "约{n}{own}", "超过{n}"),
    ),
    "range": ("C04", ("{n}-{m}", "{n}—{m}", "{n}~{m}", "{n}至{m}", "{n}到{m}", "{n}－{m}", "＞{n}", "{n}+", "≥{n}")),
    "sum": ("C04", ("{n}+3", "{n}＋3", "{n}×2", "{n}*2", "{n}/2")),
    "Chinese numerals": ("C05", ("十二", "三十五", "一百零二", "二十", "廿", "壹拾贰", "〇", "八", "两百", "十二{own}")),
    "circled digits": ("C05", ("12①", "①", "⑫", "⑧⑨", "1²", "²", "㈠", "Ⅻ")),
    "in ten thousands": ("C05", ("{n}万", "{n}百", "{n}千", "0.5万", "1百", "1.2万{own}")),
    "another unit": ("C05", ("{n}{other}", "{n}人", "{n}个", "{n} {other}", "{n}件", "{n}次", "{n}（{other}）")),
    "three decimals": ("C05", ("8.000", "12.000", "1.000")),
    "negative": ("C06", (-1, -3, -12, "-3", "－3", "−3", "负3", "(3)", "（3）", "-{n}", "减3", "▲3")),
    "fraction": ("C06", (2.5, 0.5, 12.75, 7.9999999, "2.5", "２．５", "12.34", "{n}.5", "{n}.5{own}")),
    "percent cell": ("C07", (Percent(0.25), Percent(1.0), Percent(0.125), "25%", "25％", "100%")),
    "date cell": (
        "C07",
        (dt.date(2024, 6, 30), dt.date(1900, 1, 12), dt.date(2024, 1, 8), "2024-06-30", "2024年6月30日", "6月30日"),
    ),
    "time cell": ("C07", (dt.time(12, 30), dt.time(8, 0), "12:30")),
    "logical cell": ("C07", (True, False, "TRUE", "false")),
    "error value": (
        "C08",
        (ErrorValue("#REF!"), ErrorValue("#DIV/0!"), ErrorValue("#N/A"), ErrorValue("#VALUE!"), "#REF!", "#NAME?"),
    ),
    "formula with an error": ("C08", (Formula("1/0", ErrorValue("#DIV/0!")), Formula("A1+1", ErrorValue("#VALUE!")))),
    "formula without result": ("C08", (Formula("6+6"), Formula("A1+1"), Formula("SUM(A1:A9)"))),
    "blank inside": ("C11", ("1 2", "1　2", "1\u00a02", "1 234", "3 5")),
    "underscore inside": ("C11", ("1_0", "1_2", "10_000")),
    "wrong groups": ("C11", ("1,23", "12,34", "1,2", "1,0000", "1，2")),
    "letters": ("C11", ("l2", "O8", "1O", "0x1F", "1e3", "12a", "NaN", "inf", "∞")),
    "text": ("C11", ("见附件", "详见备注", "完成", "较多", "企业", "正常推进")),
    "ten digits": ("C11", (1234567890, 13800000000, "1234567890", "05770000000000", 10**9)),
}
ACCEPTED: Mapping[str, tuple[str, Sequence[Spelling]]] = {
    "full-width digits": ("C01", ("{wide}", " {wide}", "{wide}{own}")),
    "blanks around": ("C01", (" {n}", "{n} ", "　{n}　", "\u00a0{n}", "{n}\u200b")),
    "own unit": ("C01", ("{n}{own}", "{n} {own}", "{n}{own} ")),
    "trailing zero": ("C01", ("{n}.0", "{n}.00")),
    "marks of direction": ("C01", ("\u202a{n}\u202c", "{n}\u202c", "\u202d{n}", "{n}\ufe0f", "{n}\u00ad", "\u2060{n}")),
    "unit in brackets": ("C01", ("{n}（{own}）", "{n}({own})")),
    "full stop": ("C01", ("{n}。",)),
}
"""Hints: the value is taken, and it must be the one meant."""
ABOVE = frozenset({"P05", "P08", "T02", "X01", "X02", "X03"})
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _written(scene: Scene, indicator: str, spelling: Spelling) -> Value:
    if not isinstance(spelling, str):
        return spelling
    own = scene.programme.indicator(indicator).unit
    other = next(i.unit for i in scene.programme.indicators if i.unit != own)
    number = scene.values[indicator]
    if spelling == "formula":
        return Formula(f"{number}+0", number)
    return spelling.format(n=number, m=number + 5, own=own, other=other, wide=str(number).translate(WIDE))


def _error(rule: str, spellings: Sequence[Spelling]) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        indicator, spelling = scene.pick(), scene.rng.choice(spellings)
        if isinstance(spelling, str) and "{n}" in spelling and not scene.values[indicator]:
            return None  # what -0 or 约0 says is not worth an argument
        value = _written(scene, indicator, spelling)
        after = scene.with_spec(values={**scene.values, indicator: value})
        return trap(after, mark(rule, cell_of(after.spec, indicator)))

    return spoil


def _hint(rule: str, spellings: Sequence[Spelling]) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        indicator = scene.pick()
        value = _written(scene, indicator, scene.rng.choice(spellings))
        if scene.spec.fmt.startswith("html") and isinstance(value, str) and value.strip(" ") == str(scene.values[indicator]):
            return None  # such blanks are no part of an HTML text
        after = scene.with_spec(values={**scene.values, indicator: value})
        return trap(after, mark(rule, cell_of(after.spec, indicator)), truth=scene.values)

    return spoil


def _in_workbooks(rule: str, spelling: Spelling) -> Callable[[Scene], Trap | None]:
    """What a text table does not show. A formula's 0 counts as no result where the writer asks to calculate (C08): left out."""

    def spoil(scene: Scene) -> Trap | None:
        return None if scene.spec.fmt.startswith(TEXTS) or 0 in scene.values.values() else _hint(rule, (spelling,))(scene)

    return spoil


def _marked_as_text(scene: Scene) -> Trap | None:
    """What keeps a number from being changed on import: an apostrophe, or a formula of a text."""
    return _hint("C01", ('="{n}"', "'{n}"))(scene) if scene.spec.fmt.startswith(TEXTS) else None


def _whole_row_blank(scene: Scene) -> Trap | None:
    after = scene.with_spec(values=dict.fromkeys(scene.programme.indicator_ids))
    return trap(after, *(mark("C02", cell_of(after.spec, i)) for i in scene.programme.indicator_ids))


def _too_large(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    ceiling = scene.programme.indicator(indicator).ceiling
    value = scene.rng.choice([ceiling + 1, ceiling + scene.rng.randrange(1, 9000), scene.rng.randrange(10**6, 10**9)])
    after = scene.with_spec(values={**scene.values, indicator: value})
    return trap(after, mark("C10", cell_of(after.spec, indicator)))


KINDS = (
    *(Kind(f"{rule} {name}", _error(rule, spellings)) for name, (rule, spellings) in SPELT.items()),
    *(Kind(f"{rule} {name}", _hint(rule, spellings)) for name, (rule, spellings) in ACCEPTED.items()),
    Kind("C01 number as text", _in_workbooks("C01", "{n}")),
    Kind("C01 text by a mark", _marked_as_text),
    Kind("C09 formula", _in_workbooks("C09", "formula")),
    Kind("C02 whole row blank", _whole_row_blank, telling=True),
    Kind("C10 above the three-year goal", _too_large, companions=ABOVE),
)
