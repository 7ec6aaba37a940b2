"""The rows of 总台账, sheet by sheet, and its wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby

from pipeline.model import Decision, Finding, Grade, Register, Version
from pipeline.model.labels import period_label, time_label
from pipeline.model.words import Words
from pipeline.products.report.report_words import ReportWords
from schemas.programme import Programme

Cell = str | int
INDICATORS = "{indicators}"
"""In a list of columns: one for each indicator."""


class MasterWords(Words):
    """Texts of the master ledger, and how it writes versions, indicators and times."""

    def __init__(self, programme: Programme) -> None:
        super().__init__(programme, "master_ledger")
        self.programme = programme

    @cached_property
    def report(self) -> ReportWords:
        return ReportWords(self.programme)

    @cached_property
    def names(self) -> dict[str, str]:
        return {indicator.id: indicator.short for indicator in self.programme.indicators}

    def heads(self, section: str) -> list[tuple[str, float]]:
        """Heads of a sheet's columns with their widths."""
        found: list[tuple[str, float]] = []
        for column in self.raw(f"{section}.columns"):
            width = self.table(f"{section}.widths")[column]
            every = self.programme.indicators if column == INDICATORS else ()
            found += [(self.text("indicator", name=each.short, unit=each.unit), width) for each in every] or [(column, width)]
        return found

    def period(self, day: dt.date | None) -> str:
        return period_label(day, self.programme) if day else self.text("blank")

    def moment(self, time: dt.datetime | None) -> str:
        return time_label(time, self.programme) if time else self.text("blank")

    def number(self, version: Version) -> str:
        return self.text("number", number=version.number)

    def state(self, version: Version) -> str:
        return str(Words(self.programme, "history").table("states")[version.state])

    def indicator(self, identifier: str | None) -> str:
        return self.names.get(identifier, identifier) if identifier else self.text("blank")

    def counts(self, version: Version) -> list[Cell]:
        """Its values in programme order."""
        stated = (version.values.get(identifier) for identifier in self.programme.indicator_ids)
        return [each.value if each else self.text("blank") for each in stated]


def values(words: MasterWords, register: Register) -> Iterator[list[Cell]]:
    """One row for each district: its version in force, or that none is in force any more, without values."""
    for _, own in groupby(register.versions, key=lambda version: version.district):
        every = list(own)
        version = next((one for one in every if one.in_force), every[-1])
        counts = words.counts(version) if version.in_force else [words.text("blank")] * len(words.names)
        yield [
            words.period(version.period),
            version.district,
            words.state(version),
            words.number(version),
            *counts,
            words.moment(version.received),
            words.moment(version.recorded),
        ]


def versions(words: MasterWords, register: Register) -> Iterator[list[Cell]]:
    """One row for each version ever accepted."""
    for version in register.versions:
        yield [
            words.period(version.period),
            version.district,
            words.number(version),
            words.state(version),
            *words.counts(version),
            version.file,
            words.moment(version.received),
            words.moment(version.recorded),
            words.moment(version.ended),
            version.rules_version,
        ]


def findings(words: MasterWords, register: Register) -> Iterator[list[Cell]]:
    """What was found in accepted versions, then what the city decided."""
    for version in register.versions:
        for finding in version.findings:
            yield [words.period(version.period), version.district, words.number(version), *_finding(words, finding)]
    for decision in register.decisions:
        yield [words.period(decision.period), decision.district or words.text("blank"), *_decision(words, decision)]


def _finding(words: MasterWords, finding: Finding) -> list[Cell]:
    blank = words.text("blank")
    grade = Words(words.programme, "messages").table("grades")[finding.grade]
    return [
        words.text("finding"),
        finding.rule,
        grade,
        words.indicator(finding.indicator),
        finding.observed or blank,
        finding.expected or blank,
        finding.message,
        finding.explanation or blank,
        blank if finding.grade == Grade.HINT else words.report.progress(finding),
        *[blank] * 4,
    ]


def _decision(words: MasterWords, decision: Decision) -> list[Cell]:
    blank = words.text("blank")
    bound = decision.values.get(decision.indicator) if decision.indicator else None
    return [
        blank,
        words.text(f"acts.{decision.act}"),
        decision.rule or blank,
        blank,
        words.indicator(decision.indicator),
        blank if bound is None else bound,
        blank,
        decision.reason or blank,
        *[blank] * 2,
        decision.by,
        words.moment(decision.at),
        decision.basis or blank,
        decision.wording or blank,
    ]


def sources(words: MasterWords, register: Register) -> Iterator[list[Cell]]:
    """One row for each value of each version."""
    for version in register.versions:
        for indicator, stated in version.values.items():
            yield [
                words.period(version.period),
                version.district,
                words.indicator(indicator),
                stated.value,
                words.number(version),
                words.state(version),
                version.file,
                stated.sheet,
                stated.cell,
                words.moment(version.received),
                words.moment(version.recorded),
                version.sha256,
            ]


SHEETS: dict[str, Callable[[MasterWords, Register], Iterable[list[Cell]]]] = {
    "values": values,
    "versions": versions,
    "findings": findings,
    "sources": sources,
}
"""Section of the wording → its rows, in the order of the workbook."""
