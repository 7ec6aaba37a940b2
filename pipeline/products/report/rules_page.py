"""《审核规则》: the catalogue of rules as one self-contained page (wording.md 7.3), with the programme's own figures."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from pipeline.model.words import Words
from pipeline.products.report.page import template
from pipeline.products.report.report_words import ReportWords
from schemas.programme import Programme, Proportion
from schemas.rule_files import Rule

PERCENT_BELOW = 1
"""A threshold that is no whole number and below this is a share, and said in percent."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row of the table; ``cells`` are those after 编号 and 等级."""

    id: str
    grade: str
    label: str
    cells: tuple[str, ...]


@functools.lru_cache(maxsize=4)  # the same page stands beside every period
def render(programme: Programme) -> bytes:
    """The page as UTF-8 HTML, the same bytes for the same programme."""
    wording, words = Words(programme, "rules_page"), ReportWords(programme)
    content = {
        "title": wording.text("title", rules_version=programme.version),
        "caption": wording.text("caption"),
        "headers": wording.raw("headers"),
        "rows": [_row(words, rule) for rule in programme.rules.values()],
    }
    return template("rules.html.j2").render(content).encode("utf-8")


def _row(words: ReportWords, rule: Rule) -> RuleRow:
    programme = words.programme
    wording = Words(programme, "rules_page")
    parameters = wording.text("joiner").join(parameters_of(programme, rule)) or wording.text("none")
    closes = Words(programme, "report_book").table("findings.closes")[rule.closes]
    cells = (rule.name, rule.meaning, parameters, closes, wording.table("shown_to")[rule.shown_to])
    filled = tuple(str(cell).format_map(programme.terms) for cell in cells)
    return RuleRow(rule.id, rule.grade, words.table("grades")[rule.grade]["label"], filled)


def parameters_of(programme: Programme, rule: Rule) -> list[str]:
    """The figures a rule goes by, as Chinese phrases. A threshold that the rule does not name so is left out."""
    wording = Words(programme, "rules_page")
    indicators = (wording.text("ceiling", short=i.short, ceiling=i.ceiling, unit=i.unit) for i in programme.indicators)
    known = {
        "open_before_days": programme.open_before_days,
        "template_version": programme.template_version,
        "digits_max": programme.numbers.digits_max,
        "ceilings": wording.text("joiner").join(indicators),
    }
    facts = [rule.parameter.format_map(known)] if rule.parameter else []
    ratios = [_proportion(programme, each) for each in programme.proportions if each.rule == rule.id]
    figures = [_threshold(text, programme.thresholds[f"{rule.id}_{name}"]) for name, text in rule.figures.items()]
    return [*facts, *ratios, *figures]


def _proportion(programme: Programme, held: Proportion) -> str:
    words = Words(programme, "rules_page")
    indicator, base = programme.indicator(held.indicator), programme.indicator(held.base)
    parts = [words.text("proportion.over", short=indicator.short, base=base.short, percent=held.percent)]
    parts += [words.text("proportion.excess", excess=held.excess, unit=indicator.unit)] if held.excess else []
    parts += [words.text("proportion.least", least=held.least, unit=indicator.unit)] if held.least else []
    return "".join(parts)


def _threshold(text: str, value: float) -> str:
    whole = float(value).is_integer()
    shown = f"{value:.0f}" if whole else f"{value * 100:g}%" if value < PERCENT_BELOW else f"{value:g}"
    return text.format(value=shown, mega=f"{value / 2**20:g}")
