"""What the page and the workbook of a period's report both show, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pipeline.outputs import report_conclusion, report_findings, report_lists, report_overview
from pipeline.outputs.report_findings import DistrictBlock
from pipeline.outputs.report_lists import FileRow
from pipeline.outputs.report_overview import Column, MatrixRow
from pipeline.outputs.report_words import Words
from pipeline.outputs.settlements import settlement_rows
from pipeline.view import PeriodView


@dataclass(frozen=True)
class Report:
    """The parts of one period's report, each made when it is first asked for."""

    words: Words
    view: PeriodView

    @cached_property
    def blocks(self) -> list[DistrictBlock]:
        return report_findings.blocks(self.words, self.view)

    @cached_property
    def counters(self) -> list[tuple[str, int]]:
        return report_overview.counters(self.words, self.view)

    @cached_property
    def conclusion(self) -> str:
        return report_conclusion.conclusion(self.words, self.view)

    @cached_property
    def todo(self) -> list[Column]:
        return report_overview.todo(self.words, self.view, self.blocks)

    @cached_property
    def matrix(self) -> list[MatrixRow]:
        return report_overview.matrix(self.words, self.view, self.blocks)

    @cached_property
    def undecided(self) -> list[str]:
        return report_lists.undecided(self.words, self.view)

    @cached_property
    def settlements(self) -> list[list[str]]:
        return settlement_rows(self.words, self.view)

    @cached_property
    def files(self) -> list[FileRow]:
        return report_lists.file_rows(self.words, self.view)
