"""The gate's Chinese (schemas/wording/gate.toml), filled with what a task and a row of a result say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.issue.gate.task import GateTask
from pipeline.model import Result
from pipeline.model.catalogue import nested
from pipeline.model.labels import period_label, time_label

Row = Mapping[str, Any]
"""A row that should not be there, as its query gives it."""


@dataclass(frozen=True)
class Words:
    """Texts of one gate. ``values`` is how many values are in force in the ledger; KeyError when the wording lacks a text."""

    task: GateTask
    values: int = 0
    known: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        task, programme = self.task, self.task.programme
        known: dict[str, object] = dict(programme.terms)
        known |= {"due": len(task.due), "scans": len(task.scans_due), "values": self.values}
        known |= {"rules_version": programme.version, "at": time_label(task.at, programme)}
        limits = programme.thresholds
        known |= {"bulletins": f"{limits['B04_bulletins']:g}", "times": f"{limits['B04_times']:g}"}
        known["as_of_label"] = period_label(task.period, programme)
        known["previous_period"] = period_label(task.previous, programme) if task.previous else ""
        object.__setattr__(self, "known", known)

    def raw(self, key: str) -> Any:
        """The text, list or table at a dotted key."""
        return self.task.programme.words("gate", key)

    def text(self, key: str, /, **words: object) -> str:
        return self.fill(str(self.raw(key)), **words)

    def fill(self, text: str, /, **words: object) -> str:
        return nested(text.format_map({**self.known, **words}))


@dataclass(frozen=True)
class ItemWords:
    """The texts of one line of 定稿前验收."""

    words: Words
    item: str
    rule: str

    @property
    def own(self) -> Mapping[str, Any]:
        return dict(self.words.raw(f"items.{self.item}"))

    def name(self) -> str:
        return self.words.fill(self.own["name"])

    def expected(self) -> str:
        return self.words.fill(self.own["expected"])

    def observed(self, result: Result, count: int) -> str:
        """实为; what there is nothing to hold against is said so."""
        if result is Result.UNDONE:
            return self.words.text("failed")
        if result is Result.MET and self._unasked():
            return self.words.fill(self.own["unasked"])
        return self.words.fill(self.own[result.value], count=count, have=len(self.words.task.due) - count)

    def _unasked(self) -> bool:
        task = self.words.task
        few = len(task.bulletins) < task.programme.thresholds["B04_bulletins"]
        little = {"city": few, "scans": not task.scans_due, "restated": task.previous is None}
        return little.get(self.item, False)

    def row(self, row: Row) -> str:
        """A line of 涉及数据."""
        return self.words.fill(self.own["row"], **self._row(row))

    def message(self, rows: Sequence[Row], count: int) -> str:
        """What is wrong: the rule's message, or the line's own where the rule speaks of something else."""
        text = self.own.get("message", self.words.task.programme.rules[self.rule].message)
        if self.own.get("whole"):
            names = dict.fromkeys(str(row["district"]) for row in rows)
            return self.words.fill(text, districts=self.words.raw("separator").join(names))
        first = self.words.fill(text, count=count, **(self._row(rows[0]) if rows else {}))
        return first + (self.words.text("same", count=count) if count > 1 and "{count}" not in text else "")

    def fix(self) -> str:
        return self.words.fill(self.own.get("fix", self.words.task.programme.rules[self.rule].fix))

    def _row(self, row: Row) -> dict[str, object]:
        """A row's columns as words: indicators by name, dates as labels, nothing as what it means here."""
        words, programme = self.words, self.words.task.programme
        said: dict[str, object] = {**row, "sheet": row.get("sheet", ""), "problem": self._problem(row)}
        said["district"] = row.get("district") or self.own.get("file", "")
        said["districts"] = words.raw("separator").join(str(row[key]) for key in ("district", "other") if row.get(key))
        unit = ""
        if row.get("indicator") in programme.indicator_ids:
            indicator = programme.indicator(str(row["indicator"]))
            said["indicator"], unit = indicator.name, indicator.unit
        if row.get("since"):
            said["since"] = period_label(dt.date.fromisoformat(str(row["since"])), programme)
        observed, expected = row.get("observed", row.get("value")), row.get("expected")
        if isinstance(observed, int) and isinstance(expected, int):
            kind = "fall" if observed < expected else "rise"
            said["gap"] = f"{abs(observed - expected)}{unit}"
            said["change"] = words.text(f"change.{kind}", count=abs(observed - expected), unit=unit)
        said["observed"] = words.raw("no_value") if observed in (None, "") else observed
        said["expected"] = words.raw("no_number") if expected in (None, "") else expected
        return said

    def _problem(self, row: Row) -> str:
        if "flaw" in row:
            return str(self.words.raw("flaws")[row["flaw"]])
        if "none" in self.own:
            return str(self.own["none" if row.get("count", 0) == 0 else "several"])
        return ""
