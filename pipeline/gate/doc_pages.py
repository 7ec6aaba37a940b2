"""Pages of Great Expectations' Data Docs in Chinese, with nothing fetched from anywhere: its own load 16 files from the net."""

from __future__ import annotations

from collections.abc import Mapping
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

from pipeline.gate.checks import as_json, said
from pipeline.gate.pages import TEMPLATES
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
        results = as_json(validation_results)["results"]
        sections = [self._section(result) for result in results]
        return RenderedDocumentContent(sections=[head, *sections], page_title=words["title"])

    def _section(self, result: Mapping[str, Any]) -> RenderedSectionContent:
        words, config, found = self._words, result["expectation_config"], said(result)
        state = Result.UNDONE if found.undone else Result.NOT_MET if found.count else Result.MET
        rule = config["meta"]["rule"]
        facts = {
            "rule": f"{rule}{words['colon']}{words['rules'][rule]}",
            "expectation": config["type"],
            "count": words["failed"] if found.undone else str(found.count),
        }
        query = config["kwargs"].get("unexpected_rows_query") or _settings(config["kwargs"])
        blocks = [
            RenderedHeaderContent(header=config["description"], subheader=[state.value, words["results"][state.value]]),
            RenderedTableContent(table=[[words["facts"][name], text] for name, text in facts.items()]),
            TextContent(text=query, header=words["query"]),
        ]
        if found.rows and not found.undone:
            columns = [name for name in found.rows[0] if name in words["columns"]]
            table = [[self._cell(name, row.get(name)) for name in columns] for row in found.rows]
            blocks.append(RenderedTableContent(table=table, header_row=[words["columns"][name] for name in columns]))
        return RenderedSectionContent(blocks, section_name=found.item)

    def _cell(self, column: str, value: object) -> str:
        named = {"indicator": "indicators", "flaw": "flaws"}
        if column in named:
            return str(self._words[named[column]].get(value, value))
        return self._words["none"] if value is None else str(value)


def _settings(kwargs: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in kwargs.items() if name != "batch_id")
