"""The suite held against a copy of the period's rows, beside the ledger, and the pages of 质量验收."""

from __future__ import annotations

from sqlalchemy import Engine, text

from pipeline.issue.gate.checks import as_json, lines
from pipeline.issue.gate.conclusion_page import conclusion_page
from pipeline.issue.gate.details_page import details_page
from pipeline.issue.gate.task import GateTask
from pipeline.issue.gate.temporary_tables import beside
from pipeline.issue.gate.validation import validate
from pipeline.model import Acceptance
from schemas import ledger_suite

INDEX, DETAILS = "index.html", "details.html"


def hold(ledger: Engine, task: GateTask) -> tuple[Acceptance, dict[str, bytes]]:
    """What is found, and the pages by file name. Great Expectations is told to be quiet before this file is imported."""
    with beside(ledger, task, (ledger_suite.VALUES, ledger_suite.HISTORY)) as engine:
        result = validate(engine, task)
        with engine.connect() as connection:
            values = connection.execute(text("SELECT COUNT(*) FROM gate_values")).scalar_one()
    document = as_json(result)
    rules = {item.name: item.rule for item in ledger_suite.ITEMS}
    acceptance = Acceptance(lines(task, rules, document["results"], values), document)
    return acceptance, {INDEX: conclusion_page(task, acceptance, DETAILS), DETAILS: details_page(task, document)}
