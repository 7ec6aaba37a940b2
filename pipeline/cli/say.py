"""What several commands show: messages and progress on standard error, in the programme's Chinese; JSON on standard output."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.decisions import Refused
from pipeline.model import Grade, State, Status
from pipeline.model.catalogue import awaits_city
from pipeline.model.labels import period_label
from pipeline.model.quoting import quoted
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from pipeline.model.work import Progress, silent
from pipeline.run import Outcome
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

SHOWN_FROM = 30  # a few dozen files are done before a bar would be read


def say(programme: Programme, message: str, /, **words: object) -> None:
    """One message of messages.toml, on standard error; names of files and the like on one line."""
    shown = {word: quoted(str(value), programme) if isinstance(value, str | Path) else value for word, value in words.items()}
    print(Words(programme, "messages").text(message, **shown), file=sys.stderr)


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
                    words = Words(workspace.programme, "messages").table("progress")
                    tasks[stage] = bars.add_task(words[stage], total=of)
                bars.update(tasks[stage], completed=done, total=of)

        yield show


def verdict_line(file: FileRecord, programme: Programme) -> str:
    """A file with its status, and with its place where it has one."""
    words = Words(programme, "messages")
    key = "place" if file.district and file.period else "line"
    label = period_label(file.period, programme) if file.period else ""
    status = words.table("statuses")[str(file.status)]
    name = quoted(file.file, programme)
    return words.text(f"check.{key}", file=name, district=file.district, period=label, status=status)


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
        path = workspace.outbox / Words(programme, "outbox").raw("unplaced")
        say(programme, "done_unplaced", count=len(lost), path=path)
    _say_asked_again(outcome, programme)


def _say_asked_again(outcome: Outcome, programme: Programme) -> None:
    """Returns in force that a finding stands open on since what they were compared with has changed (需复核)."""
    words = Words(programme, "messages")
    asked = [file for file in outcome.reviewed if any(f.state == State.OPEN and f.grade != Grade.HINT for f in file.findings)]
    places = [words.text("place", district=f.district, period=period_label(f.period, programme)) for f in asked if f.period]
    if places:
        say(programme, "asked_again", places=words.text("separator").join(places))


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
    folder, names = workspace.outbox / period.isoformat(), Words(programme, "outbox")
    say(programme, "report", path=folder / names.text("files.report_page", as_of=period))


def _say_missing(missing: Sequence[str], programme: Programme) -> None:
    separator = Words(programme, "messages").text("separator")
    say(programme, "missing" if missing else "missing_none", districts=separator.join(missing))


def say_refused(refused: Refused, programme: Programme) -> None:
    """Why a decision is not taken."""
    print(refused.text(programme), file=sys.stderr)


def say_effect(outcome: Outcome, programme: Programme) -> None:
    """What a decision changed: the returns that are now judged otherwise."""
    for line in outcome.told:
        print(quoted(line, programme), file=sys.stderr)
    for file in outcome.files:
        print(verdict_line(file, programme), file=sys.stderr)
    _say_asked_again(outcome, programme)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """On standard error, as wide as it has to be: nothing of a row is cut off."""
    from rich.console import Console
    from rich.markup import escape
    from rich.measure import Measurement
    from rich.table import Table

    table = Table()
    for header in headers:
        table.add_column(header, no_wrap=True)
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console(stderr=True)
    console.width = max(console.width, Measurement.get(console, console.options.update(max_width=10_000), table).maximum)
    console.print(table)
