"""审核报告 as one self-contained HTML page (wording.md 7.1): no script, nothing fetched, prints on A4."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model.view import Original, PeriodView
from pipeline.model.words import Words
from pipeline.products.report import Report
from pipeline.products.report import conclusion as report_conclusion
from pipeline.products.report import overview as report_overview
from pipeline.products.report.finding_rows import DistrictBlock, FileBlock
from pipeline.products.report.picture import Picture, picture
from pipeline.products.report.report_words import ReportWords
from pipeline.products.report.trends import Trend, changes, trends
from pipeline.products.workbook.showable import showable
from schemas.programme import Programme

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Template

TEMPLATES = Path(__file__).with_name("templates")
ACCEPTANCE_PAGE = "index.html"
"""In the folder of the gate's pages (interface.md)."""
TEXT_LIMIT = 400
"""A cell may hold 32,767 characters; the page shows the beginning, the JSON all of it."""


NO_ORIGINALS: Mapping[str, Original] = {}


def render(programme: Programme, view: PeriodView, originals: Mapping[str, Original] = NO_ORIGINALS, *, above: str = "") -> bytes:
    """The report of a period as UTF-8 HTML; the same view gives the same bytes. Internal: it names districts' unpublished values.

    ``originals`` by sha256 give the pictures of tables; without them there are none. ``above`` leads from the page's folder to
    the period's (``../``). The programme's wording needs ``report.toml``; a text missing there is a ProgrammeError.
    """
    return page(Report(ReportWords(programme), view), originals, above)


def page(report: Report, originals: Mapping[str, Original], above: str) -> bytes:
    """The same of a report that other products show too."""
    return template().render(_content(report, originals, above)).encode("utf-8")


def _content(report: Report, originals: Mapping[str, Original], above: str) -> dict[str, Any]:
    """The page's data by the names the template uses."""
    words, view, blocks = report.words, report.view, report.blocks
    hints = [line for block in blocks for line in block.hints]
    subtitle = words.text(
        "subtitle",
        as_of_label=words.period(view.period),
        ledger_time=words.moment(view.ledger_time),
        rules_version=view.rules_version,
    )
    return {
        "t": words.text,
        "raw": words.raw,
        "table": words.table,
        "subtitle": subtitle,
        "counters": report.counters,
        "graded": report_overview.graded(words, view),
        "settled": report_conclusion.settled(words, view),
        "conclusion": report.conclusion,
        "accepted": report_conclusion.accepted_line(words, view).partition(words.text("acceptance.link")),
        "acceptance_page": f"{above}{Words(words.programme, 'outbox').raw('acceptance')}/{ACCEPTANCE_PAGE}",
        "todo": report.todo,
        "indicators": [indicator.short for indicator in words.programme.indicators],
        "matrix": report.matrix,
        "blocks": blocks,
        "pictures": _pictures(words, blocks, originals),
        "trends": _trends(words, view, blocks),
        "changes": {record.district: changes(words, record) for record in view.districts},
        "settlements": report.settlements,
        "hints": hints,
        "hint_count": sum(len(line.findings) for line in hints),
        "files": report.files,
        "undecided": report.undecided,
        "closing": words.text("closing").partition(words.text("rules_page")),
        "rules_page": Words(words.programme, "outbox").text("files.rules_page"),
    }


def _questioned(blocks: Iterable[DistrictBlock]) -> Iterable[tuple[DistrictBlock, FileBlock]]:
    return ((block, file) for block in blocks for file in block.files if file.rows)


def _pictures(words: ReportWords, blocks: Iterable[DistrictBlock], originals: Mapping[str, Original]) -> dict[str, Picture]:
    """By the anchor of the file."""
    drawn = ((file.anchor, picture(words, block, file, originals.get(file.file.sha256))) for block, file in _questioned(blocks))
    return {anchor: found for anchor, found in drawn if found}


def _trends(words: ReportWords, view: PeriodView, blocks: Iterable[DistrictBlock]) -> dict[str, list[Trend]]:
    """By the anchor of the file."""
    return {file.anchor: trends(words, view, file) for _, file in _questioned(blocks)}


@functools.cache
def template(name: str = "report.html.j2") -> Template:
    """A compiled template, kept; an idle worker may call it early. jinja2 is imported here: only this product needs it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_showable,
        bytecode_cache=_compiled(),
    )
    return environment.get_template(name)


def _compiled() -> BytecodeCache | None:
    """Compiled templates kept beside their sources as Python keeps its modules: 40 ms less in every run but the first."""
    from jinja2 import FileSystemBytecodeCache

    folder = TEMPLATES / "__pycache__"
    if sys.dont_write_bytecode or not os.access(TEMPLATES, os.W_OK):
        return None
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder), "%s.jinja")


def _showable(value: Any) -> Any:
    """Text as a page can hold it; everything the template puts out passes here, before it is escaped."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return showable(value, TEXT_LIMIT)
