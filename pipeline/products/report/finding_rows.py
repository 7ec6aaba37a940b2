"""Findings as the report shows them: rows of a table, identical messages of several cells merged, each row with an anchor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.model import Finding, Grade, Status
from pipeline.model.catalogue import weight
from pipeline.model.view import DistrictRecord, FileRecord, PeriodView
from pipeline.products.report.report_words import ReportWords


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of findings; ``who`` is its district, or the file when the district is not known."""

    anchor: str
    who: str
    grade: str
    label: str
    rule: str
    rule_name: str
    places: str
    indicators: str
    observed: str
    expected: str
    message: str
    fix: str
    progress: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileBlock:
    """A file with the errors and queries of its last judgement; ``anchor`` begins those of its rows."""

    anchor: str
    file: FileRecord
    line: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DistrictBlock:
    """What chapter 三 says of one district (or of the files without one).

    ``note`` stands where no file came, ``hints`` (shown in chapter 五) where there is nothing heavier; ``corrected`` is the
    return before the latest, with what the latest has put right.
    """

    anchor: str
    who: str
    title: str
    note: str
    files: tuple[FileBlock, ...]
    hints: tuple[Line, ...]
    corrected: FileBlock | None = None

    @property
    def hint_count(self) -> int:
        return sum(len(line.findings) for line in self.hints)

    @property
    def rows(self) -> tuple[Line, ...]:
        return tuple(row for file in self.files for row in file.rows)


def blocks(words: ReportWords, view: PeriodView) -> list[DistrictBlock]:
    """One block per district in form order, then one for the files whose district is not known, if there are any."""
    found = [_district(words, view, number, record) for number, record in enumerate(view.districts, 1)]
    lost = [file for file in view.files if file.district is None and file.findings and file.status != Status.WITHDRAWN]
    return [*found, _lost(words, lost)] if lost else found


def judged_files(words: ReportWords, view: PeriodView, record: DistrictRecord) -> list[FileRecord]:
    """The files of a district that still matter, as they came: the version in force, the last judged, and its rivals."""
    found: list[FileRecord] = []
    for file in (record.current, record.latest, *_rivals(words, view, record)):
        if file is not None and file not in found:
            found.append(file)
    return sorted(found, key=view.files.index)


def _rivals(words: ReportWords, view: PeriodView, record: DistrictRecord) -> list[FileRecord]:
    """Pending files that wait for the same decision of the city as the last judged (F17); older ones are superseded."""
    asked = {finding.rule for finding in record.open_findings if words.closes(finding) == "city"}
    pending = (file for file in view.files if file.district == record.district and file.status == Status.PENDING)
    return [file for file in pending if any(finding.rule in asked for finding in file.findings)]


def _district(words: ReportWords, view: PeriodView, number: int, record: DistrictRecord) -> DistrictBlock:
    files = judged_files(words, view, record)
    aside = [file for file in view.files if file.district == record.district and file.status in _ASIDE]
    key = "findings.district" if record.version is None else "findings.district_version"
    title = words.text(key, district=record.district, status=record.state, version=record.version)
    shown = tuple(_file(words, file, f"d{number}-{place}", record.district) for place, file in enumerate(files, 1))
    hints = [(record.district, finding) for file in (*files, *aside) for finding in file.findings if _is_hint(finding)]
    note = "" if files else str(words.table("states.sentences").get(record.state, words.raw("findings.none")))
    rows = _lines(words, f"d{number}-h", hints, {file.sheet for file in files})
    return DistrictBlock(f"d{number}", record.district, title, note, shown, rows, _corrected(words, f"d{number}-c", record))


def _corrected(words: ReportWords, anchor: str, record: DistrictRecord) -> FileBlock | None:
    """What was said of the return before the latest and is said no more, as far as the latest gives the numbers it was about."""
    before, latest = record.before, record.latest
    if before is None or latest is None or before == record.current:
        return None
    still = {(finding.rule, finding.indicator) for finding in latest.findings}
    known = {indicator for indicator, value in latest.values.items() if value is not None}
    needed = set(words.programme.indicator_ids)
    gone = [
        (record.district, finding)
        for finding in before.findings
        if not _is_hint(finding)
        and (finding.rule, finding.indicator) not in still
        and ({finding.indicator} if finding.indicator else needed) <= known
    ]
    if not gone:
        return None
    rows = (replace(row, progress=words.text("progress.corrected")) for row in _lines(words, anchor, gone, {before.sheet}))
    line = words.text("findings.corrected", line=_source(words, before))
    return FileBlock(anchor, before, line, tuple(rows))


def _lost(words: ReportWords, files: list[FileRecord]) -> DistrictBlock:
    title = words.text("findings.unplaced")
    named = [(words.text("todo.file", file=file.file), file) for file in files]
    judged = [(name, file) for name, file in named if not all(map(_is_hint, file.findings))]
    shown = tuple(_file(words, file, f"d0-{place}", name) for place, (name, file) in enumerate(judged, 1))
    hints = [(name, finding) for name, file in named for finding in file.findings if _is_hint(finding)]
    return DistrictBlock("d0", title, title, "", shown, _lines(words, "d0-h", hints, set()))


_ASIDE = (Status.DUPLICATE, Status.ATTACHMENT)
"""Files that are not judged themselves but may say something about the district (F07, F12)."""


def _is_hint(finding: Finding) -> bool:
    return finding.grade == Grade.HINT


def _file(words: ReportWords, file: FileRecord, anchor: str, who: str) -> FileBlock:
    findings = [(who, finding) for finding in file.findings if not _is_hint(finding)]
    return FileBlock(anchor, file, _source(words, file), _lines(words, anchor, findings, {file.sheet}))


def _source(words: ReportWords, file: FileRecord) -> str:
    key = "findings.file_sheet" if file.sheet else "findings.file"
    return words.text(key, file=file.file, sheet=file.sheet, received=words.arrival(file))


def _lines(words: ReportWords, prefix: str, found: Iterable[tuple[str, Finding]], known: set[str | None]) -> tuple[Line, ...]:
    """Rows with errors first; what differs only in its place becomes one row. Sheets in ``known`` are not named."""
    merged: dict[tuple[str, ...], list[Finding]] = {}
    for who, finding in sorted(found, key=lambda pair: weight(pair[1])):
        key = (who, finding.rule, finding.grade, _pattern(words, finding), finding.fix, finding.state, finding.note or "")
        merged.setdefault(key, []).append(finding)
    return tuple(
        _line(words, f"{prefix}-{number}", key[0], findings, known) for number, (key, findings) in enumerate(merged.items(), 1)
    )


_CELL, _QUOTED, _NAME = "\x00", "\x01", "\x02"


def _pattern(words: ReportWords, finding: Finding) -> str:
    """The message with its own cell (where it opens with it) and indicator left open, so that equal faults are seen as equal."""
    text = finding.message
    if finding.cell and text.startswith(finding.cell):
        text = _CELL + text.removeprefix(finding.cell)
    if finding.indicator:
        text = text.replace(words.quoted([finding.indicator]), _QUOTED)
        text = text.replace(words.indicators([finding.indicator]), _NAME)
    return text


def _message(words: ReportWords, findings: list[Finding]) -> str:
    """One message for findings of one pattern: D7、E7单元格… (wording.md 4.1)."""
    if len(findings) == 1:
        return findings[0].message
    indicators = [finding.indicator for finding in findings]
    text = _pattern(words, findings[0]).replace(_CELL, words.join(finding.cell or "" for finding in findings))
    return text.replace(_QUOTED, words.quoted(indicators)).replace(_NAME, words.indicators(indicators))


def _line(words: ReportWords, anchor: str, who: str, findings: list[Finding], known: set[str | None]) -> Line:
    first = findings[0]
    rule = words.programme.rules.get(first.rule)
    return Line(
        anchor=anchor,
        who=who,
        grade=first.grade,
        label=words.table("grades")[first.grade]["label"],
        rule=first.rule,
        rule_name=rule.name if rule else "",
        places=words.join(_place(words, finding, known) for finding in findings),
        indicators=words.short_indicators(finding.indicator for finding in findings),
        observed=words.join(finding.observed or "" for finding in findings),
        expected=words.join(finding.expected or "" for finding in findings),
        message=_message(words, findings),
        fix=first.fix,
        progress=words.progress(first),
        findings=tuple(findings),
    )


def _place(words: ReportWords, finding: Finding, known: set[str | None]) -> str:
    """The cell, and its sheet where that is not the file's."""
    cell = finding.cell or ""
    if finding.sheet is None or finding.sheet in known:
        return cell
    return words.text("findings.sheet_cell", sheet=finding.sheet, cell=cell)
