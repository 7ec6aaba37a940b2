"""质量验收/: the conclusion, and Great Expectations' Data Docs behind it with pages of our own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from great_expectations.core import RunIdentifier
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.data_context.types.resource_identifiers import ExpectationSuiteIdentifier, ValidationResultIdentifier

from pipeline.issue.gate import doc_pages
from pipeline.issue.gate.conclusion_page import conclusion_page
from pipeline.issue.gate.gate_words import GateWords
from pipeline.issue.gate.task import GateTask
from pipeline.issue.gate.validation import context
from pipeline.model import Acceptance
from schemas.ledger_suite import ITEMS, NAME

INDEX, DETAILS = "index.html", "details.html"


def write_docs(folder: Path, task: GateTask, acceptance: Acceptance, result: ExpectationSuiteValidationResult) -> None:
    """Make the folder anew: it is written beside its place and renamed."""
    staged = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    (staged / INDEX).write_bytes(conclusion_page(task, acceptance, DETAILS))
    (staged / DETAILS).write_bytes(_details(task, result))
    shutil.rmtree(folder, ignore_errors=True)
    staged.replace(folder)


def _details(task: GateTask, result: ExpectationSuiteValidationResult) -> bytes:
    """The page of the validation result as the site builder makes it; of its site only this page is kept."""
    with tempfile.TemporaryDirectory() as site:
        docs = context({"acceptance": _site(Path(site), task)})
        run = RunIdentifier(run_name=NAME, run_time=task.at)
        docs.validation_results_store.set(ValidationResultIdentifier(ExpectationSuiteIdentifier(NAME), run, NAME), result)
        docs.build_data_docs()
        (page,) = (Path(site) / "validations").rglob("*.html")
        return page.read_bytes()


def _site(folder: Path, task: GateTask) -> dict[str, Any]:
    ours = {"module_name": doc_pages.__name__}
    return {
        "class_name": "SiteBuilder",
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "view": {**ours, "class_name": "IndexView"}},
        "site_section_builders": {
            "expectations": "None",
            "profiling": "None",
            "validations": {
                "class_name": "DefaultSiteSectionBuilder",
                "source_store_name": "validation_results_store",
                "renderer": {**ours, "class_name": "DetailsRenderer", "words": _words(task)},
                "view": {**ours, "class_name": "DetailsView"},
            },
        },
    }


def _words(task: GateTask) -> dict[str, Any]:
    """The texts of the page of details, as plain data."""
    words, programme = GateWords(task), task.programme
    return {
        **words.raw("docs"),
        "results": words.raw("results"),
        "failed": words.text("failed"),
        "title": words.text("docs.title"),
        "subtitle": words.text("subtitle"),
        "internal": words.text("internal"),
        "back": words.text("back"),
        "items": [item.name for item in ITEMS],
        "districts": list(programme.district_names),
        "indicators": {indicator.id: indicator.name for indicator in programme.indicators},
        "flaws": words.raw("flaws"),
        "rules": {rule.id: rule.name for rule in programme.rules.values()},
    }
