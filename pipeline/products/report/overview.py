"""What stands above the details of the report: counters, conclusion, what is to be done by whom, the matrix of states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model import Finding, Grade, Status
from pipeline.model.view import EXCUSED, MISSING, DistrictRecord, FileRecord, PeriodView
from pipeline.products.report.finding_rows import DistrictBlock, Line, judged_files
from pipeline.products.report.report_words import ReportWords


@dataclass(frozen=True, slots=True)
class Task:
    text: str
    anchor: str
    grade: str


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign of one grade that leads to the first finding of that grade."""

    grade: str
    sign: str
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """``kind``: ``state``, ``settled`` (a state that is done), ``number``, or ``void`` where there is none."""

    text: str
    kind: str
    marks: tuple[Mark, ...]

    @property
    def grade(self) -> str:
        return self.marks[0].grade if self.marks else ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    district: str
    anchor: str
    cells: tuple[MatrixCell, ...]
    version: str
    received: str
    marks: str


def counters(words: ReportWords, view: PeriodView) -> list[tuple[str, int]]:
    """应报 and the districts of each usual state; excused districts and rarer states follow where there are any."""
    found = Counter(record.state for record in view.districts)
    usual = [str(state) for state in words.raw("states.counted")]
    others = [state for state in dict.fromkeys(record.state for record in view.districts) if state not in usual]
    due = len(view.districts) - found[EXCUSED]
    return [(words.text("due"), due), *((state, found[state]) for state in (*usual, *others))]


def graded(words: ReportWords, view: PeriodView) -> list[tuple[str, str]]:
    """(grade, 强制性n条（未办结m条）) over the returns that still matter, repeated files and attachments left out."""
    found = [finding for file in _mattering(words, view) for finding in file.findings]
    texts = []
    for grade, named in words.table("grades").items():
        own = [finding for finding in found if finding.grade == grade]
        waiting = sum(bool(whose_turn(words, finding)) for finding in own)
        key = "counts.open" if waiting else "counts.settled"
        texts.append((grade, words.text(key, label=named["label"], count=len(own), open=waiting)))
    return texts


def todo(words: ReportWords, view: PeriodView, blocks: Iterable[DistrictBlock]) -> list[Column]:
    """Three columns: the districts, the clerk, who decides. Districts without a return come first, in one line."""
    columns: dict[str, list[Task]] = {"district": _asked(words, view), "clerk": [], "decide": []}
    for line in (line for block in blocks for line in block.rows):
        place = whose_turn(words, line.findings[0])
        if place:
            text = words.text("todo.item", who=line.who, message=line.message, rule=line.rule)
            columns[place].append(Task(text, line.anchor, line.grade))
    return [Column(words.text(f"todo.{place}"), _once(tasks)) for place, tasks in columns.items()]


def _once(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Tasks with the same text once: both files of an F17 say the same."""
    found: dict[str, Task] = {}
    for task in tasks:
        found.setdefault(task.text, task)
    return tuple(found.values())


def whose_turn(words: ReportWords, finding: Finding) -> str:
    """``district``, ``clerk``, ``decide``, or nothing when a finding is settled or asks for nothing (``closes``)."""
    closes = words.closes(finding)
    if finding.grade == Grade.HINT or closes == "none" or finding.state == "approved":
        return ""
    if closes == "city":
        return "clerk" if finding.state == "open" else ""
    if finding.state == "explained":
        return "decide" if closes == "approve" else ""
    return "district"


def _asked(words: ReportWords, view: PeriodView) -> list[Task]:
    """States that ask for something although there is no finding (未报)."""
    tasks = []
    for state in words.raw("states.asked"):
        names = words.join(record.district for record in view.districts if record.state == state)
        if names:
            message = words.table("states.sentences")[state]
            tasks.append(Task(words.text("todo.state_item", who=names, message=message), "overview", ""))
    return tasks


def waiting_findings(words: ReportWords, view: PeriodView) -> list[tuple[FileRecord, Finding]]:
    """Findings that somebody still has to act on, each with its file; districts in form order."""
    return [(file, finding) for file in _mattering(words, view) for finding in file.findings if whose_turn(words, finding)]


def _mattering(words: ReportWords, view: PeriodView) -> list[FileRecord]:
    """The files in force or last judged of every district, and those of no district."""
    files = [file for record in view.districts for file in judged_files(words, view, record)]
    return files + [file for file in view.files if file.district is None and file.status != Status.WITHDRAWN]


def matrix(words: ReportWords, view: PeriodView, blocks: Iterable[DistrictBlock]) -> list[MatrixRow]:
    """District by indicator, in form and programme order; row-wide findings are marked at the state."""
    by_district = {block.who: block for block in blocks}
    return [_matrix_row(words, record, by_district[record.district]) for record in view.districts]


def _matrix_row(words: ReportWords, record: DistrictRecord, block: DistrictBlock) -> MatrixRow:
    lines = (*block.rows, *block.hints)
    file = record.current or record.latest
    kind = "settled" if record.state in words.raw("states.settled") else "state"
    state = MatrixCell(record.state, kind, _marks(words, lines, None))
    return MatrixRow(
        district=record.district,
        anchor=block.anchor,
        cells=(state, *(_matrix_cell(words, record, lines, indicator) for indicator in words.programme.indicator_ids)),
        version=words.version(record.version),
        received=words.arrival(file) if file else "",
        marks=words.join(record.marks),
    )


def _matrix_cell(words: ReportWords, record: DistrictRecord, lines: tuple[Line, ...], indicator: str) -> MatrixCell:
    marks = _marks(words, lines, indicator)
    value = record.values.get(indicator)
    if record.state in (MISSING, EXCUSED):
        return MatrixCell(record.state, "void", marks)
    if value is None:
        return MatrixCell(words.text("blank"), "void", marks)
    return MatrixCell(str(value), "number", marks)


def _marks(words: ReportWords, lines: Iterable[Line], indicator: str | None) -> tuple[Mark, ...]:
    """One sign per grade, heaviest first: lines come with errors first, hints last."""
    found: dict[str, Mark] = {}
    for line in lines:
        if line.grade in found or all(finding.indicator != indicator for finding in line.findings):
            continue
        label = words.text("overview.see", district=line.who, label=line.label)
        found[line.grade] = Mark(line.grade, words.table("grades")[line.grade]["mark"], line.anchor, label)
    return tuple(sorted(found.values(), key=lambda mark: list(Grade).index(Grade(mark.grade))))
