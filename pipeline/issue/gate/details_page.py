"""质量验收/details.html: every expectation with all that Great Expectations found, one self-contained page.

Its own Data Docs load 16 files from the net and are in English: the page is made from the result as it is kept in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.issue.gate.checks import Said, in_form_order, said
from pipeline.issue.gate.conclusion_page import TEMPLATES
from pipeline.issue.gate.gate_words import GateWords
from pipeline.issue.gate.task import GateTask
from pipeline.model import Result
from schemas.ledger_suite import ITEMS


def details_page(task: GateTask, document: Mapping[str, Any]) -> bytes:
    """The page as UTF-8 HTML. ``document`` is the whole result as JSON (``checks.as_json``)."""
    words = GateWords(task)
    order = [item.name for item in ITEMS]
    results = sorted(document["results"], key=lambda result: order.index(said(result).item))
    content = {
        "title": words.text("docs.title"),
        "subtitle": words.text("subtitle"),
        "internal": words.text("internal"),
        "back": words.text("back"),
        "sections": [_section(words, result) for result in results],
    }
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("details.html").render(content).encode("utf-8")


def _section(words: GateWords, result: Mapping[str, Any]) -> dict[str, Any]:
    """An expectation: what it is called, how it ended, the facts, its rows, and what may be folded out."""
    config, found = result["expectation_config"], said(result)
    state = Result.UNDONE if found.undone else Result.NOT_MET if found.count else Result.MET
    rule = words.task.programme.rules[config["meta"]["rule"]]
    facts = {
        "rule": f"{rule.id}{words.raw('docs.colon')}{rule.name}",
        "type": words.table("docs.types").get(config["type"], config["type"]),
        "count": words.text("failed") if found.undone else str(found.count),
    }
    folded = {words.raw("docs.query"): _condition(config["kwargs"])}
    if found.undone:
        folded[words.raw("docs.error")] = "\n".join(_errors(result["exception_info"]))
    return {
        "item": found.item,
        "name": config["description"],
        "state": state.value,
        "result": words.raw(f"results.{state.value}"),
        "facts": [(words.raw(f"docs.facts.{name}"), text) for name, text in facts.items()],
        "table": _table(words, found),
        "folded": folded,
    }


def _table(words: GateWords, found: Said) -> dict[str, Any] | None:
    """The rows that should not be there, where there are any and their number can be relied on."""
    programme, columns = words.task.programme, words.table("docs.columns")
    rows = () if found.undone else in_form_order(found.rows, programme.district_names, programme.indicator_ids)
    shown = [name for name in columns if any(name in row for row in rows)]
    if not shown:
        return None
    cells = [[_cell(words, name, row.get(name)) for name in shown] for row in rows]
    return {"head": [columns[name] for name in shown], "rows": cells}


def _cell(words: GateWords, column: str, value: object) -> str:
    if column == "indicator":
        named = {indicator.id: indicator.name for indicator in words.task.programme.indicators}
        return str(named.get(str(value), value))
    if column == "flaw":
        return str(words.table("flaws").get(str(value), value))
    return str(words.raw("docs.none")) if value is None else str(value)


def _condition(kwargs: Mapping[str, Any]) -> str:
    """What an expectation asks, for whoever has to look into it: SQL, or its settings."""
    settings = (f"{name}: {value}" for name, value in kwargs.items() if name != "batch_id")
    return str(kwargs.get("unexpected_rows_query") or "\n".join(settings))


def _errors(info: Mapping[str, Any]) -> Iterator[str]:
    """The messages in ``exception_info``: one record, or one for each metric that failed."""
    records = [info] if "raised_exception" in info else list(info.values())
    yield from dict.fromkeys(str(record["exception_message"]) for record in records)
