"""审核报告 as a page: well-formed, self-contained, safe with whatever a district wrote, the same in a real browser."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Undecided
from pipeline.model.view import ACCEPTED, PENDING, RETURNED, DistrictRecord, PeriodView
from pipeline.products.report import page as report_page
from schemas.programme import Programme
from tests.products.report_loop import ORIGINALS, loop_view
from tests.products.report_pages import (
    PROGRAMME,
    Page,
    busy_view,
    file_of,
    finding,
    matrix_of,
    page_of,
    record_of,
    rows_of,
    view_of,
)
from tests.support.programs import CHROMIUM, POPPLER, needs

RULES_PAGE = PROGRAMME.wording["outbox"]["files"]["rules_page"]
VIEWS = {"busy": busy_view(), "empty": view_of(), "clean": view_of(rest=ACCEPTED), "loop": loop_view()}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_well_formed_and_self_contained(view: PeriodView) -> None:
    source = report_page.render(PROGRAMME, view, ORIGINALS).decode("utf-8")
    page = Page(source.encode("utf-8")).root
    assert source.startswith("<!DOCTYPE html>")
    assert page.all("html")[0].attributes["lang"] == "zh-CN"
    assert not page.all("script")
    assert not re.search(r"https?://|//[a-z]|@import|url\(", source)
    assert {node.attributes["href"] for node in page.all("a") if node.attributes["href"][:1] != "#"} == {RULES_PAGE}
    assert not [name for node in page.all() for name in node.attributes if name.startswith("on")]


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_every_anchor_has_one_target(view: PeriodView) -> None:
    page = Page(report_page.render(PROGRAMME, view, ORIGINALS)).root
    targets = [node.attributes["id"] for node in page.all() if "id" in node.attributes]
    assert len(targets) == len(set(targets))
    assert {link.attributes["href"][1:] for link in page.all("a") if link.attributes["href"] != RULES_PAGE} <= set(targets)


def test_tables_have_captions_and_scopes() -> None:
    for table in Page(report_page.render(PROGRAMME, loop_view(), ORIGINALS)).root.all("table"):
        assert table.all("caption")[0].text
        assert {head.attributes.get("scope") for head in table.all("th")} <= {"col", "row"}
        assert "col" in {head.attributes.get("scope") for head in table.all("thead")[0].all("th")}


def test_same_view_same_bytes() -> None:
    assert report_page.render(PROGRAMME, busy_view()) == report_page.render(PROGRAMME, busy_view())


def test_head_names_subject_period_ledger_time_and_rules() -> None:
    header = page_of(busy_view()).all("header")[0]
    assert header.all("h1")[0].text == "“科技副总”工作情况报表审核报告"
    assert header.all("p", "subtitle")[0].text == "截至2024年9月底　数据时间：2024年10月8日09:30　规则版本：2024.1"
    assert header.all("p", "internal")[0].text == "内部资料，不得外传"


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("2024-12-31", "截至2024年底"),
        ("2024-02-29", "截至2024年2月底"),
        ("2025-02-28", "截至2025年2月底"),
        ("2025-07-15", "截至2025年7月15日"),
    ],
)
def test_period_as_it_is_spoken_of(period: str, label: str) -> None:
    page = page_of(replace(view_of(), period=dt.date.fromisoformat(period)))
    assert page.all("p", "subtitle")[0].text.split("　")[0] == label


def test_chapters_keep_their_numbers_whatever_is_empty() -> None:
    headings = [
        "一、待办事项",
        "二、状态一览",
        "三、分地区审核意见",
        "四、审核说明与认定",
        "五、提示事项",
        "六、文件清单",
        "七、未作比较的事项",
    ]
    for view in (busy_view(), view_of()):
        assert [heading.text for heading in page_of(view).all("h2")] == headings


def test_closing_line() -> None:
    assert (
        page_of(view_of()).all("footer")[0].text == "本报告由系统自动生成，供内部审核使用，不得外传。审核规则说明见《审核规则》。"
    )


NASTY = "\"><script>alert(1)</script><img src=x onerror='a'>&amp;.xlsx"


def test_everything_a_district_wrote_is_escaped() -> None:
    fault = finding("C06", "projects", "D7", observed=NASTY, expected=NASTY, message=NASTY, fix=NASTY, sheet=NASTY)
    hint = replace(fault, rule="C01", grade="hint")
    undecided = (Undecided("P01", NASTY),)
    lost = file_of(None, "returned", replace(fault, rule="F03"), hint, file=NASTY)
    view = view_of(record_of("鹿城区", RETURNED, fault, hint, file=NASTY, sheet=NASTY, undecided=undecided), extra=(lost,))
    page = page_of(replace(view, rules_version=NASTY))
    assert not page.all("script")
    assert not page.all("img")
    assert {node.tag for node in page.all()} == {node.tag for node in page_of(busy_view()).all()} | {"li"}
    row = rows_of(page.id("d1"))[0]
    assert row[5] == row[6] == row[7] == row[8] == NASTY


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("附件\udcb3\udcc7.xlsx", "附件\\xb3\\xc7.xlsx"),
        ("附件\ud800.xlsx", "附件\\ud800.xlsx"),
        ("附\x00件\x1b[31m.xlsx", "附\\x00件\\x1b[31m.xlsx"),
        ("附件\u202excod.exe", "附件\\x202excod.exe"),
    ],
)
def test_names_that_are_not_text(name: str, shown: str) -> None:
    page = page_of(view_of(record_of("鹿城区", RETURNED, finding("C06", "projects", "D7"), file=name)))
    assert rows_of(page.id("files"))[0][1] == shown


def test_a_very_long_cell_is_cut() -> None:
    page = page_of(view_of(record_of("鹿城区", RETURNED, finding("C11", "projects", "D7", observed="长" * 32767))))
    assert rows_of(page.id("d1"))[0][5] == "长" * report_page.TEXT_LIMIT + "…"


def test_another_programme(second_programme: Programme) -> None:
    """Another city's form: 5 districts, 3 indicators, another office and subject; the same code."""
    one, two, three = second_programme.indicator_ids
    district = second_programme.district_names[2]
    file = file_of(district, "pending", finding("C10", two, "C5"), values={one: 1, two: 0, three: 2})
    view = view_of(DistrictRecord(district, PENDING, values=file.values, latest=file), programme=second_programme)
    page = page_of(view, second_programme)
    assert page.all("h1")[0].text == "“科技特派员”工作情况报表审核报告"
    columns = [column.all("h3")[0].text for column in page.all("section", "column")]
    assert columns == ["请报送单位办理", "请州科技局经办人办理", "请州科技局认定"]
    assert matrix_of(page)[district] == ["待说明", "1", "核 0", "2", "", "2024年10月8日09:30", ""]
    assert list(matrix_of(page)) == list(second_programme.district_names)


def test_templates_are_compiled_once_and_give_the_same_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = report_page.render(PROGRAMME, busy_view())
    shutil.copytree(report_page.TEMPLATES, tmp_path / "t", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(report_page, "TEMPLATES", tmp_path / "t")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for _ in range(2):
        report_page.template.cache_clear()
        assert report_page.render(PROGRAMME, busy_view()) == expected
    report_page.template.cache_clear()
    assert len(list((tmp_path / "t" / "__pycache__").iterdir())) == 4


QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND"),
]


def browse(folder: Path, source: bytes, *options: str) -> str:
    """Open a page without any way out of this machine; what the browser writes to standard output."""
    page = folder / "report.html"
    page.write_bytes(source)
    command = [str(CHROMIUM.find()), *QUIET, f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def hosts_asked(folder: Path, source: bytes) -> set[str]:
    """Hosts that opening the page makes the browser ask, its maker's own services left out."""
    log = folder / "net.json"
    browse(folder, source, f"--log-net-log={log}", "--dump-dom")
    hosts = re.findall(r'"url":"https?://([^/:"]+)', log.read_text(encoding="utf-8"))
    return {host for host in hosts if not host.endswith((".google.com", ".googleapis.com", ".gvt1.com"))}


@needs(CHROMIUM)
def test_a_browser_shows_what_the_file_says(tmp_path: Path) -> None:
    seen = browse(tmp_path, report_page.render(PROGRAMME, busy_view()), "--dump-dom")
    page = Page(seen.strip().encode("utf-8")).root
    assert rows_of(page.id("overview")) == rows_of(page_of(busy_view()).id("overview"))


@needs(CHROMIUM)
def test_a_browser_asks_for_nothing_else(tmp_path: Path) -> None:
    source = report_page.render(PROGRAMME, busy_view())
    assert hosts_asked(tmp_path, source) == set()
    control = re.sub(rb"<meta http-equiv[^>]*>", b"", source).replace(b"</body>", b'<img src="http://outside.invalid/x"></body>')
    assert hosts_asked(tmp_path, control) == {"outside.invalid"}


@needs(CHROMIUM, POPPLER)
def test_printed_on_a4_landscape_with_the_folded_hints(tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    browse(tmp_path, report_page.render(PROGRAMME, busy_view()), "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size: +84[12](\.\d+)? x 59[45](\.\d+)? pts", info)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert "内部资料，不得外传" in text.split("\f")[1]
    assert "数值已规范" in text
