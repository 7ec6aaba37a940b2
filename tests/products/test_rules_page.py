"""《审核规则》: every rule of the catalogue with its figures, as a page of its own that the report leads to."""

from __future__ import annotations

import re

import pytest

from pipeline.products.report import rules_page
from schemas.programme import Programme
from tests.products.report_pages import PROGRAMME, Page, rows_of


def test_a_row_for_every_rule_of_the_catalogue_with_the_columns_of_the_wording() -> None:
    page = Page(rules_page.render(PROGRAMME)).root
    assert page.all("h1")[0].text == "“科技副总”工作情况报表审核规则（2024.1）"
    heads = [head.text for head in page.all("thead")[0].all("th")]
    assert heads == ["编号", "等级", "名称", "审核内容", "参数", "办结方式", "显示对象"]
    assert [row[0] for row in rows_of(page)] == list(PROGRAMME.rules)


def test_what_a_row_says() -> None:
    rows = {row[0]: row[1:] for row in rows_of(Page(rules_page.render(PROGRAMME)).root)}
    rule = PROGRAMME.rules["P01"]
    assert rows["P01"] == ["强制性", rule.name, rule.meaning, "—", "更正，或说明后由市科技局认定", "报送单位、市科技局"]
    assert rows["S07"][-1] == "市科技局"
    assert rows["C10"][3] == "已选派企业数2000家；技术攻关项目数4000项；成果转化数2000项；研发机构数1500家"
    assert rows["F01"][3].startswith("文件不超过50MB；单元格不超过2000000个")
    assert rows["F05"][3] == "可提前10天报送"


def test_every_threshold_of_the_programme_is_named() -> None:
    unlike = [rule.id for rule in PROGRAMME.rules.values() if rule.figures.keys() != rule.thresholds.keys()]
    assert not unlike, f"schemas/rules: [figures] are not those of [thresholds]: {unlike}"


@pytest.mark.parametrize(
    ("value", "shown"), [(3, "3"), (50.0, "50"), (0.1, "10%"), (0.125, "12.5%"), (1.5, "1.5"), (200000, "200000")]
)
def test_how_a_figure_is_written(value: float, shown: str) -> None:
    assert rules_page._threshold("{value}", value) == shown


def test_nothing_for_developers_and_no_outside_request() -> None:
    source = rules_page.render(PROGRAMME).decode("utf-8")
    assert not re.search(r"https?://|//[a-z]|@import|url\(|<script", source)
    assert not [rule.id for rule in PROGRAMME.rules.values() if rule.condition[:40] in source]
    assert not re.search(r"{\w+}", "".join(cell for row in rows_of(Page(source.encode()).root) for cell in row))


def test_another_programmes_rules(second_programme: Programme) -> None:
    page = Page(rules_page.render(second_programme)).root
    rows = {row[0]: row[1:] for row in rows_of(page)}
    assert rows["X01"][1] == "无团队而有成果"
    assert rows["P01"][-1] == "报送单位、州科技局"
    assert "科技副总" not in page.all("h1")[0].text
