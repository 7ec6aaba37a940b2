"""What the page and the workbook of a period's report both show, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pipeline.model.view import PeriodView
from pipeline.products.report import conclusion as report_conclusion
from pipeline.products.report import finding_rows as report_findings
from pipeline.products.report import lists as report_lists
from pipeline.products.report import overview as report_overview
from pipeline.products.report.finding_rows import DistrictBlock
from pipeline.products.report.lists import FileRow
from pipeline.products.report.overview import Column, MatrixRow
from pipeline.products.report.report_words import ReportWords
from pipeline.products.report.settled import settlement_rows


@dataclass(frozen=True)
class Report:
    """The parts of one period's report, each made when it is first asked for."""

    words: ReportWords
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
