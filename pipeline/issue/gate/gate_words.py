"""The gate's Chinese (schemas/wording/gate.toml), filled with what a task and a row of a result say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.issue.gate.task import GateTask
from pipeline.model import Result
from pipeline.model.catalogue import nested
from pipeline.model.labels import period_label, time_label
from pipeline.model.words import Words

Row = Mapping[str, Any]
"""A row that should not be there, as its query gives it."""


class GateWords(Words):
    """Texts of one gate. ``values`` is how many values are in force in the ledger."""

    def __init__(self, task: GateTask, values: int = 0) -> None:
        programme, limits = task.programme, task.programme.thresholds
        super().__init__(
            programme,
            "gate",
            due=len(task.due),
            scans=len(task.scans_due),
            values=values,
            rules_version=programme.version,
            at=time_label(task.at, programme),
            bulletins=f"{limits['B04_bulletins']:g}",
            times=f"{limits['B04_times']:g}",
            as_of_label=period_label(task.period, programme),
            previous_period=period_label(task.previous, programme) if task.previous else "",
        )
        self.task = task


@dataclass(frozen=True)
class ItemWords:
    """The texts of one line of 定稿前验收."""

    words: GateWords
    item: str
    rule: str

    @property
    def own(self) -> Mapping[str, Any]:
        return self.words.table(f"items.{self.item}")

    def name(self) -> str:
        return self._filled(self.own["name"])

    def expected(self) -> str:
        return self._filled(self.own["expected"])

    def observed(self, result: Result, count: int) -> str:
        """实为; what there is nothing to hold against is said so."""
        if result is Result.UNDONE:
            return self.words.text("failed")
        if result is Result.MET and self._unasked():
            return self._filled(self.own["unasked"])
        return self._filled(self.own[result.value], count=count, have=len(self.words.task.due) - count)

    def _filled(self, text: str, /, **values: object) -> str:
        return nested(self.words.fill(text, **values))

    def _unasked(self) -> bool:
        task = self.words.task
        few = len(task.bulletins) < task.programme.thresholds["B04_bulletins"]
        little = {"city": few, "scans": not task.scans_due, "restated": task.previous is None}
        return little.get(self.item, False)

    def row(self, row: Row) -> str:
        """A line of 涉及数据."""
        return self._filled(self.own["row"], **self._row(row))

    def message(self, rows: Sequence[Row], count: int) -> str:
        """What is wrong: the rule's message, or the line's own where the rule speaks of something else."""
        text = self.own.get("message", self.words.task.programme.rules[self.rule].message)
        if self.own.get("whole"):
            names = dict.fromkeys(str(row["district"]) for row in rows)
            return self._filled(text, districts=self.words.text("separator").join(names))
        first = self._filled(text, count=count, **(self._row(rows[0]) if rows else {}))
        return first + (self.words.text("same", count=count) if count > 1 and "{count}" not in text else "")

    def fix(self) -> str:
        return self._filled(self.own.get("fix", self.words.task.programme.rules[self.rule].fix))

    def _row(self, row: Row) -> dict[str, object]:
        """A row's columns as words: indicators by name, dates as labels, nothing as what it means here."""
        words, programme = self.words, self.words.task.programme
        said: dict[str, object] = {**row, "sheet": row.get("sheet", ""), "problem": self._problem(row)}
        said["district"] = row.get("district") or self.own.get("file", "")
        said["districts"] = words.text("separator").join(str(row[key]) for key in ("district", "other") if row.get(key))
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
            return str(self.words.table("flaws")[row["flaw"]])
        if "none" in self.own:
            return str(self.own["none" if row.get("count", 0) == 0 else "several"])
        return ""
