"""质量验收/index.html: the conclusion and the table of 定稿前验收 (wording.md 7.4), one self-contained page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.issue.gate.gate_words import GateWords
from pipeline.issue.gate.task import GateTask
from pipeline.model import Acceptance, Grade, Result
from pipeline.model.words import Words
from pipeline.products.report import page as report_page
from pipeline.products.workbook.showable import showable

TEMPLATES = (Path(__file__).with_name("templates"), report_page.TEMPLATES)
"""The pages of this room, and the report's style sheet."""


LIMIT = 1000
"""Characters of a text that a page shows."""


def conclusion_page(task: GateTask, acceptance: Acceptance, details: str) -> bytes:
    """The page as UTF-8 HTML. ``details`` is the name of the page of details beside it."""
    words = GateWords(task)
    grades = Words(task.programme, "report").table("grades")
    content: dict[str, Any] = {
        "title": words.text("title"),
        "subtitle": words.text("subtitle"),
        "internal": words.text("internal"),
        "conclusion": conclusion(words, acceptance),
        "ready": not acceptance.refusals,
        "headers": words.raw("headers"),
        "note": words.text("note"),
        "details": details,
        "details_label": words.text("details"),
        "checks": [
            {
                "name": words.text(f"items.{check.item}.name"),
                "rule": check.rule,
                "expected": check.expected,
                "observed": check.observed,
                "state": check.result.value,
                "result": words.text(f"results.{check.result.value}"),
                "grade": check.grade.value,
                "label": grades[check.grade.value]["label"],
                "fix": check.fix,
                "rows": check.rows,
            }
            for check in acceptance.checks
        ],
    }
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_showable,
    )
    return environment.get_template("conclusion.html").render(content).encode("utf-8")


def conclusion(words: GateWords, acceptance: Acceptance) -> str:
    """通过 or not; what could not be done is counted apart, it is neither."""
    counts = {
        "not_met": sum(check.result is Result.NOT_MET for check in acceptance.refusals),
        "undone": sum(check.result is Result.UNDONE for check in acceptance.refusals),
    }
    if parts := [words.text(key, count=count) for key, count in counts.items() if count]:
        return words.text("refused", parts=words.text("joiner").join(parts))
    asked = sum(check.grade == Grade.QUERY for check in acceptance.queries)
    return words.text("passed") + (words.text("asked", count=asked) if asked else "")


def _showable(value: Any) -> Any:
    return showable(value, LIMIT) if isinstance(value, str) and not hasattr(value, "__html__") else value
