"""A rule of the history kind is three files: its TOML, its function, its row. Added to a copy of the source, and run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import ROOT
from tests.returns import file_name, write_return
from tests.support.command import annex2_anew
from tests.support.judging import JUNE, SEPTEMBER, spec

TOML = """
grade = "query"
scope = "history"
name = "超过上期数倍"
condition = "above a multiple of the previous accepted value"
message = "“{indicator}”为{observed}，超过{previous_period}{expected}的{times}倍。"
fix = "请核对；情况属实的，请说明原因。"
closes = "explain"
shown_to = "both"
meaning = "本期数超过上期数的若干倍。"
may_arise_later = true

[thresholds]
times = 3

[figures]
times = "超过上期的{value}倍"
"""

FUNCTION = '''
"""A rule that somebody has added."""

from collections.abc import Iterator

from pipeline.model.labels import period_label
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Found, Unsure, at
from schemas.programme import Programme


def p12(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """P12: not above a multiple of the value before."""
    times = programme.thresholds["P12_times"]
    for entry, value in case.numbers:
        before = case.before(entry.indicator)
        if before is None or case.previous is None:
            yield Unsure("no_previous", entry.indicator)
        elif value > times * before:
            label = period_label(case.previous[0], programme)
            yield at(
                case, entry, programme, observed=str(value), expected=str(before), previous_period=label, times=f"{times:g}"
            )
'''


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The product's source, with the rule."""
    folder = tmp_path / "source"
    for name in ("pipeline", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    (folder / "schemas/rules/P12.toml").write_text(TOML, encoding="utf-8")
    (folder / "pipeline/rules/multiples.py").write_text(FUNCTION, encoding="utf-8")
    table = folder / "pipeline/rules/table.py"
    text = table.read_text(encoding="utf-8")
    text = text.replace("from pipeline.rules.own_row", "from pipeline.rules.multiples import p12\nfrom pipeline.rules.own_row")
    text = text.replace('    ReturnRule("P11", p11),\n', '    ReturnRule("P11", p11),\n    ReturnRule("P12", p12),\n')
    table.write_text(text, encoding="utf-8")
    assert sum(before.get(file) != file.read_bytes() for file in folder.rglob("*") if file.is_file()) == 3
    return folder


def test_a_rule_is_three_files(source: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    for period, projects in ((JUNE, 12), (SEPTEMBER, 37)):
        sent = spec(period=period, values={"enterprises": 12, "projects": projects})
        (workspace / "inbox").mkdir(parents=True, exist_ok=True)
        (workspace / "inbox" / file_name(sent)).write_bytes(write_return(sent))
        done = annex2_anew("--workspace", workspace, "run", "--json", folder=tmp_path, PYTHONPATH=str(source))
        assert done.status in (0, 1), done.said
    (found,) = (each for file in done.json["files"] for each in file["findings"] if each["rule"] == "P12")
    assert found["message"] == "“开展技术攻关项目数”为37，超过2024年6月底12的3倍。"
    assert (found["grade"], found["indicator"], found["observed"], found["expected"]) == ("query", "projects", "37", "12")
    assert found["cell"]
    page = next((workspace / "outbox").rglob("审核规则.html")).read_text(encoding="utf-8")
    assert page.index(">P11<") < page.index(">P12<") < page.index(">T01<")
    assert "超过上期的3倍" in page
