"""Pages of Great Expectations' Data Docs in Chinese, with nothing fetched from anywhere: its own load 16 files from the net."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.render import (
    RenderedDocumentContent,
    RenderedHeaderContent,
    RenderedSectionContent,
    RenderedTableContent,
    TextContent,
)
from great_expectations.render.renderer.renderer import Renderer
from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

from pipeline.issue.gate.checks import Said, as_json, in_form_order, said
from pipeline.issue.gate.conclusion_page import TEMPLATES
from pipeline.model import Result


class DetailsView(DefaultJinjaPageView):
    """The page of a validation result. Templates called .html are escaped, and found before those of Great Expectations."""

    _template = "details.html"

    def __init__(self, **directories: Any) -> None:
        super().__init__(**directories)
        self.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), *([self.env.loader] if self.env.loader else [])])


class IndexView(DetailsView, DefaultJinjaIndexPageView):
    """The index of the site: nobody sees it, 定稿前验收结果 stands in its place."""

    _template = "index.html"


class DetailsRenderer(Renderer):
    """A validation result as a document: a section for each expectation. ``words`` are texts of gate.toml."""

    def __init__(self, words: Mapping[str, Any], data_context: object = None) -> None:
        super().__init__()
        self._words = words

    def render(self, validation_results: ExpectationSuiteValidationResult) -> RenderedDocumentContent:
        """The document; its head is a section of its own."""
        words = self._words
        head = RenderedSectionContent(
            [
                RenderedHeaderContent(header=words["title"], subheader=words["subtitle"]),
                TextContent(text=[words["internal"], words["back"]]),
            ]
        )
        results = sorted(as_json(validation_results)["results"], key=lambda result: words["items"].index(said(result).item))
        sections = [self._section(result) for result in results]
        return RenderedDocumentContent(sections=[head, *sections], page_title=words["title"])

    def _section(self, result: Mapping[str, Any]) -> RenderedSectionContent:
        words, config, found = self._words, result["expectation_config"], said(result)
        state = Result.UNDONE if found.undone else Result.NOT_MET if found.count else Result.MET
        rule = config["meta"]["rule"]
        facts = {
            "rule": f"{rule}{words['colon']}{words['rules'][rule]}",
            "type": words["types"].get(config["type"], config["type"]),
            "count": words["failed"] if found.undone else str(found.count),
        }
        blocks = [
            RenderedHeaderContent(header=config["description"], subheader=[state.value, words["results"][state.value]]),
            RenderedTableContent(table=[[words["facts"][name], text] for name, text in facts.items()]),
            *self._rows(found),
            TextContent(text=_condition(config["kwargs"]), header=words["query"]),
        ]
        if found.undone:
            blocks.append(TextContent(text="\n".join(_errors(result["exception_info"])), header=words["error"]))
        return RenderedSectionContent(blocks, section_name=found.item)

    def _rows(self, found: Said) -> list[RenderedTableContent]:
        """The rows that should not be there, where there are any and their number can be relied on."""
        words = self._words
        rows = () if found.undone else in_form_order(found.rows, words["districts"], list(words["indicators"]))
        columns = [name for name in words["columns"] if any(name in row for row in rows)]
        table = [[self._cell(name, row.get(name)) for name in columns] for row in rows]
        return [RenderedTableContent(table=table, header_row=[words["columns"][name] for name in columns])] if table else []

    def _cell(self, column: str, value: object) -> str:
        named = {"indicator": "indicators", "flaw": "flaws"}
        if column in named:
            return str(self._words[named[column]].get(value, value))
        return self._words["none"] if value is None else str(value)


def _condition(kwargs: Mapping[str, Any]) -> str:
    """What an expectation asks, for whoever has to look into it: SQL, or its settings."""
    settings = (f"{name}: {value}" for name, value in kwargs.items() if name != "batch_id")
    return str(kwargs.get("unexpected_rows_query") or "\n".join(settings))


def _errors(info: Mapping[str, Any]) -> Iterator[str]:
    """The messages in ``exception_info``: one record, or one for each metric that failed."""
    records = [info] if "raised_exception" in info else list(info.values())
    yield from dict.fromkeys(str(record["exception_message"]) for record in records)
