"""The folder 质量验收: what its pages say, and that they need nothing from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.issue.gates import addresses, judged, office_of, task_of
from tests.products.test_report_page import hosts_asked
from tests.support.programs import CHROMIUM, needs

PAGES = ("index.html", "details.html")


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An office whose gate refused: an original is gone, scans are asked for."""
    office = office_of(tmp_path_factory.mktemp("refused"), "2024-06-30")
    next((office.root / "ledger" / "originals").iterdir()).unlink()
    judged(office, task_of(office, scans_due=("鹿城区",)))
    return office


def page(office: Workspace, name: str) -> str:
    return (office.root / "docs" / name).read_text(encoding="utf-8")


def test_the_folder_holds_the_conclusion_and_the_details(refused: Workspace) -> None:
    assert sorted(path.name for path in (refused.root / "docs").iterdir()) == sorted(PAGES)


def test_the_conclusion_counts_what_keeps_the_period_from_being_issued(refused: Workspace) -> None:
    seen = page(refused, "index.html")
    assert "<h1>定稿前验收结果</h1>" in seen
    assert "验收未通过，不能定稿：1项不符。" in seen
    assert "".join(f'<th scope="col">{head}</th>' for head in ("验收项目", "应为", "实为", "结果", "涉及数据")) in seen
    assert seen.count("原始文件缺失</div>") == 4


def test_the_pages_lead_to_each_other_and_nowhere_else(refused: Workspace) -> None:
    assert addresses(page(refused, "index.html")) == {"data:,", "details.html"}
    assert addresses(page(refused, "details.html")) == {"data:,", "index.html"}


def test_expectations_are_described_in_chinese_in_the_order_of_the_lines(refused: Workspace) -> None:
    names = [item["name"] for item in refused.programme.wording["gate"]["items"].values()]
    seen = re.findall(r"<h3>(.*?)<span", page(refused, "details.html"))
    assert list(dict.fromkeys(seen)) == [name.format_map(refused.programme.terms) for name in names]
    assert "Great Expectations" not in page(refused, "details.html")


def test_what_an_expectation_asks_can_be_read(refused: Workspace) -> None:
    asked = re.findall(r"<summary>检验条件</summary><pre>(.*?)</pre>", page(refused, "details.html"), re.DOTALL)
    assert any(each.startswith("SELECT d.district FROM gate_districts d LEFT JOIN {batch} b ON") for each in asked)
    assert any(each == "column_list: [&#39;district&#39;, &#39;indicator&#39;]" for each in asked)


def test_an_accepted_period_can_be_issued(tmp_path: Path) -> None:
    office = office_of(tmp_path / "office", "2024-06-30")
    judged(office)
    assert "验收通过，可以定稿。" in page(office, "index.html")
    before = {name: page(office, name) for name in PAGES}
    judged(office)
    assert {name: page(office, name) for name in PAGES} == before


@needs(CHROMIUM)
@pytest.mark.parametrize("name", PAGES)
def test_a_browser_asks_for_nothing_else(name: str, refused: Workspace, tmp_path: Path) -> None:
    open_to_all = re.sub(r"<meta http-equiv[^>]*>", "", page(refused, name))
    assert hosts_asked(tmp_path, open_to_all.encode()) == set()
