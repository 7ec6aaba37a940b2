"""The lists at the end of the report: the files received, and what could not be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Decision, Grade, Status
from pipeline.model.view import FileRecord, PeriodView
from pipeline.products.report.finding_rows import judged_files
from pipeline.products.report.overview import whose_turn
from pipeline.products.report.report_words import ReportWords


@dataclass(frozen=True, slots=True)
class FileRow:
    file: str
    received: str
    kind: str
    district: str
    period: str
    state: str
    note: str


def file_rows(words: ReportWords, view: PeriodView) -> list[FileRow]:
    """All files of the period in order of receipt."""
    decided: dict[str, list[Decision]] = {}
    for decision in view.decisions:
        if decision.sha256:
            decided.setdefault(decision.sha256, []).append(decision)
    return [_file_row(words, f, () if f.status == Status.DUPLICATE else decided.get(f.sha256, ())) for f in view.files]


def _file_row(words: ReportWords, file: FileRecord, decided: Sequence[Decision]) -> FileRow:
    unread = any(finding.rule in words.raw("files.unread_rules") for finding in file.findings)
    unknown = words.text("unknown") if file.status == Status.RETURNED else words.text("blank")
    return FileRow(
        file=file.file,
        received=words.arrival(file),
        kind=words.text("files.unread") if unread else words.table("files.kinds")[file.status],
        district=file.district or unknown,
        period=words.period(file.period) if file.period else unknown,
        state=_state(words, file),
        note=words.join([_note(words, file, unread), *(_decided(words, decision) for decision in decided)]),
    )


def _state(words: ReportWords, file: FileRecord) -> str:
    """退回, 待说明 …; a pending file waits for the city when nothing is left for the district to do."""
    turns = {whose_turn(words, finding) for finding in file.findings} - {""}
    key = "decide" if file.status == Status.PENDING and turns and "district" not in turns else file.status
    return str(words.table("files.states").get(key, words.raw("blank")))


def _decided(words: ReportWords, decision: Decision) -> str:
    """What the city decided about the file itself, by whom and when."""
    text = words.table("files.decided").get(decision.act, "")
    return str(text).format(by=decision.by, date=words.day(decision.at))


def _note(words: ReportWords, file: FileRecord, unread: bool) -> str:
    """Why a file was not processed, what an attachment or repetition is, else the version or the number of findings."""
    if unread or file.status in (Status.ATTACHMENT, Status.DUPLICATE):
        return words.join(finding.message for finding in file.findings)
    if file.status in words.table("files.notes"):
        return str(words.table("files.notes")[file.status])
    found = Counter(finding.grade for finding in file.findings)
    counted = [words.text(f"files.counts.{grade}", count=found[grade]) for grade in (Grade.ERROR, Grade.QUERY) if found[grade]]
    return words.join([words.version(file.version), *counted])


def undecided(words: ReportWords, view: PeriodView) -> list[str]:
    """One sentence per reason and set of indicators, the districts together: {district}“{indicator}”：{reason}."""
    found: dict[tuple[str, str], list[str | None]] = {}
    lost = [file for file in view.files if file.district is None]
    for file in (*(file for record in view.districts for file in judged_files(words, view, record)), *lost):
        for item in file.undecided:
            found.setdefault((_who(words, file), item.reason), []).append(item.indicator)
    merged: dict[tuple[str, str], list[str]] = {}
    for (who, reason), indicators in found.items():
        merged.setdefault((words.quoted(indicators), reason), []).append(who)
    return [
        words.text("undecided.item", who=words.join(names) + quoted, reason=reason) for (quoted, reason), names in merged.items()
    ]


def _who(words: ReportWords, file: FileRecord) -> str:
    return file.district or words.text("todo.file", file=file.file)
