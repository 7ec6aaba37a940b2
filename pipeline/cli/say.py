"""What the command line shows: messages and progress on standard error, in the programme's Chinese; JSON on standard output."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.decisions import Refused, place_text
from pipeline.model import Act, Decision, Grade, State, Status
from pipeline.model.catalogue import awaits_city
from pipeline.model.labels import date_label, period_label, time_label
from pipeline.model.matters import SENT_BACK
from pipeline.model.quoting import quoted
from pipeline.model.view import ACCEPTED, EXCUSED, RETURNED, TO_DECIDE, DistrictRecord, FileRecord, PeriodView
from pipeline.model.work import Progress, silent
from pipeline.products.report.json_record import record_entry
from pipeline.run import Outcome
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.issue.issuing import Issued, Order
    from pipeline.upkeep.baseline import Imported

SHOWN_FROM = 30  # a few dozen files are done before a bar would be read


def say(programme: Programme, message: str, /, **words: object) -> None:
    """One message of ``wording["messages"]``, on standard error; names of files and the like on one line."""
    shown = {word: quoted(str(value), programme) if isinstance(value, str | Path) else value for word, value in words.items()}
    print(programme.wording["messages"][message].format(**shown), file=sys.stderr)


def print_json(record: Any) -> None:
    """A record on standard output, UTF-8 whatever the terminal."""
    sys.stdout.buffer.write((json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    sys.stdout.flush()


@contextmanager
def progress_bars(workspace: Workspace) -> Iterator[Progress]:
    """Bars for each stage when the output is a terminal and there are more than a few dozen files."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int) -> None:
            if of >= SHOWN_FROM:
                if stage not in tasks:
                    words = workspace.programme.wording["messages"]["progress"]
                    tasks[stage] = bars.add_task(words[stage], total=of)
                bars.update(tasks[stage], completed=done, total=of)

        yield show


def outcome_json(outcome: Outcome, programme: Programme) -> dict[str, Any]:
    """``annex2.outcome/1`` of interface.md."""
    counts = Counter(str(file.status) for file in outcome.files)
    never = (Status.WITHDRAWN, Status.BASELINE)  # of a run
    summary: dict[str, Any] = {status.value: counts[status.value] for status in Status if status not in never}
    summary["missing"] = list(outcome.missing)
    files = [record_entry(programme, file) for file in outcome.files]
    return {"schema": "annex2.outcome/1", "files": files, "summary": summary}


def status_json(view: PeriodView | None, programme: Programme) -> dict[str, Any]:
    """The status record of interface.md; without a period and with an empty ledger it names no period and no district."""
    if view is None:
        return {"period": None, "districts": []}
    return {"period": view.period.isoformat(), "districts": [_district_json(record, programme) for record in view.districts]}


def _district_json(record: DistrictRecord, programme: Programme) -> dict[str, Any]:
    return {
        "district": record.district,
        "state": record.state,
        "marks": list(record.marks),
        "version": record.version,
        "values": {i: record.values.get(i) for i in programme.indicator_ids},
        "open": _open(record),
    }


def _open(record: DistrictRecord) -> dict[str, int]:
    counts = Counter(str(finding.grade) for finding in record.open_findings)
    return {grade: counts[grade] for grade in ("error", "query", "hint")}


def say_check(outcome: Outcome, programme: Programme) -> None:
    """Each file with its status and its findings; or that there was none."""
    words = programme.wording["messages"]
    if not outcome.files:
        say(programme, "checked_nothing")
    for file in outcome.files:
        print(_verdict_line(file, programme), file=sys.stderr)
        for f in file.findings:
            grade = words["grades"][f.grade]
            print(words["check"]["finding"].format(grade=grade, message=f.message, fix=f.fix, rule=f.rule), file=sys.stderr)


def _verdict_line(file: FileRecord, programme: Programme) -> str:
    words = programme.wording["messages"]
    key = "place" if file.district and file.period else "line"
    label = period_label(file.period, programme) if file.period else ""
    status = words["statuses"][str(file.status)]
    name = quoted(file.file, programme)
    return str(words["check"][key]).format(file=name, district=file.district, period=label, status=status)


def say_run(outcome: Outcome, workspace: Workspace) -> None:
    """What came in, what became of it, who is missing, and where the report is; or that there was nothing."""
    say_outcome(outcome, workspace)
    if not any(file.period or file.sha256 for file in outcome.files):
        say(workspace.programme, "done_nothing")


def say_outcome(outcome: Outcome, workspace: Workspace) -> None:
    """What came in, what became of it, who is missing, and where the report is."""
    programme = workspace.programme
    for line in outcome.told:
        print(quoted(line, programme), file=sys.stderr)
    for file in outcome.files:
        if file.status == Status.WAITING:
            say(programme, "waiting", file=file.file)
        if not file.sha256 and file.findings:
            say(programme, "refused", message=file.findings[0].message, fix=file.findings[0].fix)
    placed = sorted({file.period for file in outcome.files if file.period})
    for period in placed:
        _say_period(outcome, period, workspace)
    lost = [file for file in outcome.files if file.period is None and file.sha256]
    if lost:
        path = workspace.outbox / programme.wording["outbox"]["unplaced"]
        say(programme, "done_unplaced", count=len(lost), path=path)
    _say_asked_again(outcome, programme)


def _say_asked_again(outcome: Outcome, programme: Programme) -> None:
    """Returns in force that a finding stands open on since what they were compared with has changed (需复核)."""
    words = programme.wording["messages"]
    asked = [file for file in outcome.reviewed if any(f.state == State.OPEN and f.grade != Grade.HINT for f in file.findings)]
    places = [words["place"].format(district=f.district, period=period_label(f.period, programme)) for f in asked if f.period]
    if places:
        say(programme, "asked_again", places=words["separator"].join(places))


def _say_period(outcome: Outcome, period: dt.date, workspace: Workspace) -> None:
    programme = workspace.programme
    files = [file for file in outcome.files if file.period == period]
    counts = Counter(str(file.status) for file in files)
    to_decide = sum(file.status == Status.PENDING and awaits_city(file.findings, programme) for file in files)
    say(
        programme,
        "done",
        period=period_label(period, programme),
        received=len(files),
        to_decide=to_decide,
        to_explain=counts["pending"] - to_decide,
        **{status: counts[status] for status in ("accepted", "returned", "attachment", "duplicate")},
    )
    if period == outcome.period:
        _say_missing(outcome.missing, programme)
    folder, names = workspace.outbox / period.isoformat(), programme.wording["outbox"]["files"]
    say(programme, "report", path=folder / names["report_page"].format(as_of=period))


def _say_missing(missing: Sequence[str], programme: Programme) -> None:
    separator = programme.wording["messages"]["separator"]
    say(programme, "missing" if missing else "missing_none", districts=separator.join(missing))


def say_decision(decision: Decision, file: str, programme: Programme) -> None:
    """What was recorded (wording.md 13)."""
    named = programme.rules[decision.rule].name if decision.rule else ""
    value = decision.values.get(decision.indicator) if decision.indicator else None
    text = programme.wording["decisions"]["recorded"][_recorded(decision)].format(
        by=decision.by,
        place=place_text(decision, programme),
        subject=programme.indicator(decision.indicator).name if decision.indicator else named,
        value="" if value is None else value,
        reason=decision.reason,
        file=file,
        time=time_label(decision.received, programme) if decision.received else "",
        period=period_label(decision.period, programme) if decision.period else "",
        district=decision.district or "",
    )
    print(text, file=sys.stderr)


def _recorded(decision: Decision) -> str:
    """The key of what is said of it."""
    if decision.act == Act.REOPEN and decision.district:
        return "reopen_district"
    if decision.act == Act.WITHDRAW and decision.rule == SENT_BACK:
        return "withdraw_return"
    return "withdraw_excuse" if decision.act == Act.WITHDRAW and decision.sha256 is None else decision.act


def say_refused(refused: Refused, programme: Programme) -> None:
    """Why a decision is not taken."""
    print(refused.text(programme), file=sys.stderr)


def say_issued(issued: Issued, order: Order, workspace: Workspace) -> None:
    """What was frozen and where it is; or what keeps it from being issued, and where the gate's findings are."""
    programme, words = workspace.programme, workspace.programme.wording["messages"]
    period = period_label(order.period, programme)
    if issued.folder:
        files = programme.wording["outbox"]["files"]
        name, notice = (files[product].format(as_of=order.period) for product in ("bulletin", "notice"))
        if issued.issue.missing:
            missing = words["separator"].join(issued.issue.missing)
            say(programme, "issued_missing", by=issued.issue.by, districts=missing, reason=issued.issue.reason)
        key = "issued_notice" if programme.notices else "issued"
        say(programme, key, period=period, path=issued.folder / name, notice=issued.folder / notice)
    elif issued.acceptance:
        queries = (words["issue_query"].format(message=f"{check.message}{check.fix}") for check in issued.acceptance.queries)
        refusals = [f"{check.message}{check.fix}" for check in issued.acceptance.refusals] or queries
        say(programme, "issue_refused", reasons="".join(refusals))
        folder = workspace.outbox / order.period.isoformat() / programme.wording["outbox"]["acceptance"]
        say(programme, "issue_docs", path=folder / "index.html")
    if (order.document is not None or order.date is not None) and (issued.folder or not issued.acceptance):
        date = date_label(order.date, programme) if order.date else words["not_given"]
        document, number = order.document or words["not_given"], issued.issue.number
        say(programme, "imprinted", period=period, number=number, document=document, date=date)


def say_imported(imported: Imported, period: dt.date, programme: Programme) -> None:
    """How many districts were taken over, what was confirmed, who is as before, and who has no numbers in the table."""
    words = programme.wording["messages"]["import"]
    separator = programme.wording["messages"]["separator"]
    if imported.districts:
        print(words["done"].format(period=period_label(period, programme), count=len(imported.districts)), file=sys.stderr)
    if imported.asked:
        shown = (words["neighbour"].format(district=found.district, message=found.message) for found in imported.asked)
        print(words["confirmed"], *(words["line"].format(text=text) for text in shown), sep="\n", file=sys.stderr)
    for text, names in (("unchanged", imported.unchanged), ("without", imported.without)):
        if names:
            print(words[text].format(districts=separator.join(names)), file=sys.stderr)


def say_import_refused(lines: Sequence[str], programme: Programme) -> None:
    """Everything that keeps a table from being taken over."""
    words = programme.wording["messages"]["import"]
    shown = (words["line"].format(text=quoted(line, programme)) for line in lines)
    print(words["refused"], *shown, sep="\n", file=sys.stderr)


def say_remarks(remarks: Sequence[tuple[str, Mapping[str, str]]], programme: Programme) -> None:
    """What a restore did not follow: texts of ``wording["messages"]["backup"]`` and their words."""
    for text, words in remarks:
        print(quoted(programme.wording["messages"]["backup"][text].format(**words), programme), file=sys.stderr)


def say_effect(outcome: Outcome, programme: Programme) -> None:
    """What a decision changed: the returns that are now judged otherwise."""
    for line in outcome.told:
        print(quoted(line, programme), file=sys.stderr)
    for file in outcome.files:
        print(_verdict_line(file, programme), file=sys.stderr)
    _say_asked_again(outcome, programme)


def say_status(view: PeriodView, programme: Programme) -> None:
    """The districts as a table, on standard error."""
    from rich.console import Console
    from rich.table import Table

    words = programme.wording["messages"]["status"]
    states = Counter(record.state for record in view.districts)
    counts = "，".join(words["count"].format(state=state, count=count) for state, count in states.items())
    due = sum(record.state != EXCUSED for record in view.districts)
    table = Table(title=words["title"].format(period=period_label(view.period, programme), due=due, counts=counts))
    for header in words["headers"]:
        table.add_column(header)
    for record in view.districts:
        numbers = [str(count) if count else "" for count in _open(record).values()]
        marks, version = programme.wording["messages"]["separator"].join(record.marks), str(record.version or "")
        table.add_row(record.district, record.state, marks, version, *numbers, style=_style(record.state))
    Console(stderr=True).print(table)


def _style(state: str) -> str:
    if state == ACCEPTED:
        return "green"
    return "red" if state == RETURNED else "yellow" if state == TO_DECIDE else ""


def say_demo_begin(programme: Programme, folder: Path) -> None:
    """Where the demonstration takes place."""
    print(programme.wording["messages"]["demo"]["begin"].format(path=folder.resolve()), file=sys.stderr)


def say_demo_step(workspace: Workspace, period: str, count: int, done: tuple[Outcome, float] | None) -> None:
    """What is dropped before a run; after it what came of it and how many seconds it took."""
    programme = workspace.programme
    words = programme.wording["messages"]["demo"]
    if done is None:
        label = period_label(dt.date.fromisoformat(period), programme)
        print(words["drop"].format(period=label, count=count), file=sys.stderr)
    else:
        outcome, seconds = done
        say_run(outcome, workspace)
        print(words["took"].format(seconds=f"{seconds:.1f}"), file=sys.stderr)


def say_demo_end(workspace: Workspace) -> None:
    """What to open: the last period's products."""
    programme = workspace.programme
    words, names = programme.wording["messages"]["demo"], programme.wording["outbox"]["files"]
    folder = max(folder for folder in workspace.outbox.iterdir() if folder.name[:1].isdecimal())
    print(words["end"], file=sys.stderr)
    for name, product in (("bulletin", "bulletin"), ("report", "report_page"), ("papers", "working_papers")):
        path = folder / names[product].format(as_of=folder.name)
        print(words["item"].format(name=words[name], path=path), file=sys.stderr)
