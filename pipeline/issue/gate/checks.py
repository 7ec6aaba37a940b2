"""What the suite said, line by line, in Chinese (wording.md 7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.issue.gate.gate_words import GateWords, ItemWords, Row
from pipeline.issue.gate.task import GateTask
from pipeline.model import AcceptanceCheck, Grade, Result

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult


@dataclass(frozen=True)
class Said:
    """One expectation's result: ``count`` rows should not be there, ``rows`` are those that came back. ``undone``: it broke."""

    item: str
    count: int
    rows: tuple[Row, ...]
    undone: bool


def as_json(result: ExpectationSuiteValidationResult) -> dict[str, Any]:
    """The whole result, as it is kept in the ledger."""
    document: dict[str, Any] = result.to_json_dict()  # type: ignore[no-untyped-call]  # Great Expectations leaves it open
    return document


def said(result: Mapping[str, Any]) -> Said:
    """An expectation's validation result, as JSON. One that broke says neither that it is met nor that it is not."""
    found = result["result"]
    rows: Sequence[Any] = found.get("details", {}).get("unexpected_rows") or ()
    rows = rows or found.get("unexpected_index_list") or found.get("unexpected_list") or ()
    count = int(found.get("observed_value", found.get("unexpected_count", 0)) or 0)
    undone = _raised(result.get("exception_info")) or result["success"] is not (count == 0)
    return Said(result["expectation_config"]["meta"]["item"], count, tuple(rows), undone)


def _raised(info: Any) -> bool:
    """``exception_info`` is one record, or one for each metric that failed."""
    if not isinstance(info, Mapping):
        return False
    return bool(info.get("raised_exception")) or any(_raised(each) for each in info.values())


def lines(
    task: GateTask, rules: Mapping[str, str], results: Iterable[Mapping[str, Any]], values: int
) -> tuple[AcceptanceCheck, ...]:
    """A line for every item, in the order of ``rules``: item → the rule it goes by. ``values`` are those in force."""
    found: dict[str, list[Said]] = {item: [] for item in rules}
    for result in results:
        each = said(result)
        found[each.item].append(each)
    words = GateWords(task, values)
    return tuple(_line(ItemWords(words, item, rule), found[item]) for item, rule in rules.items())


def _line(words: ItemWords, found: Sequence[Said]) -> AcceptanceCheck:
    programme = words.words.task.programme
    count, rows = sum(each.count for each in found), _sorted(words, found)
    result = Result.NOT_MET if count else Result.MET
    if not found or any(each.undone for each in found):
        result = Result.UNDONE
    shown: tuple[str, ...] = ()
    message = fix = ""
    if result is Result.NOT_MET:
        shown = tuple(dict.fromkeys(words.row(row) for row in rows))
        shown += (words.words.text("rest", count=count - len(rows)),) if count > len(rows) else ()
        message, fix = words.message(rows, count), words.fix()
    elif result is Result.UNDONE:
        message = words.words.text("failed")
    observed = words.observed(result, count)
    grade = Grade(programme.rules[words.rule].grade)
    return AcceptanceCheck(words.item, words.rule, grade, result, words.expected(), observed, shown, message, fix)


def _sorted(words: ItemWords, found: Sequence[Said]) -> list[Row]:
    programme = words.words.task.programme
    return in_form_order((row for each in found for row in each.rows), programme.district_names, programme.indicator_ids)


def in_form_order(rows: Iterable[Row], districts: Sequence[str], indicators: Sequence[str]) -> list[Row]:
    """Rows of a result by sheet, district and indicator; names that belong to neither at the end."""

    def place(row: Row) -> tuple[str, int, int]:
        return str(row.get("sheet", "")), _index(districts, row.get("district")), _index(indicators, row.get("indicator"))

    return sorted(rows, key=place)


def _index(names: Sequence[str], name: object) -> int:
    return names.index(str(name)) if name in names else len(names)
