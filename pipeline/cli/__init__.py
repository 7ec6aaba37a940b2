"""The command line (interface.md): what a user can ask for, and the exit status that says how it went."""

from __future__ import annotations

import datetime as dt
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.assess import add_assess
from pipeline.cli.backup import add_backup
from pipeline.cli.decide import add_decisions
from pipeline.cli.doctor import add_doctor
from pipeline.cli.failures import known_failure, log_into, mistake, told_unmade
from pipeline.cli.help import Command, Group
from pipeline.cli.history import add_history
from pipeline.cli.import_ import add_import
from pipeline.cli.issue import add_issue, add_pdfs, add_reopen
from pipeline.cli.send import add_send
from pipeline.cli.template import add_template
from pipeline.cli.watch import add_watch
from pipeline.model import Status
from pipeline.model.account import begin
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_PROGRAMME, load_programme, read_wording

if TYPE_CHECKING:
    from pipeline.run import Outcome

CLEAN, RETURNED, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130

_help, _messages = read_wording("help"), read_wording("messages")
app = typer.Typer(
    cls=Group,
    help=_help["annex2"],
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_root: ContextVar[Path] = ContextVar("_root", default=Path())
"""The workspace chosen, for the log of an internal error."""

Period = Annotated[str | None, typer.Option("--period", help=_help["period"], metavar="P")]
Json = Annotated[bool, typer.Option("--json", help=_help["json"])]


@dataclass(frozen=True)
class Chosen:
    """What the global options chose."""

    root: Path
    programme: Path

    def workspace(self) -> Workspace:
        return open_workspace(self.root, self.programme)


@app.callback()
def _global(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option(envvar="ANNEX2_WORKSPACE", help=_help["workspace"], metavar="DIR")] = Path(),
    programme: Annotated[Path, typer.Option(help=_help["programme"], metavar="FILE", show_default=False)] = DEFAULT_PROGRAMME,
) -> None:
    context.obj = Chosen(workspace, programme)
    _root.set(workspace)
    log_into(workspace)


@app.command(cls=Command, help=_help["demo"])
def demo(
    context: typer.Context, folder: Annotated[Path, typer.Argument(help=_help["demo_folder"], metavar="DIR")] = Path("demo")
) -> None:
    from pipeline.cli import say as console
    from pipeline.upkeep.demo.demonstrate import demonstrate

    programme = load_programme(context.obj.programme)
    console.say_demo_begin(programme, folder)
    workspace = demonstrate(folder, context.obj.programme, _now(), console.say_demo_step)
    console.say_demo_end(workspace)


@app.command(cls=Command, help=_help["check"])
def check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help=_help["check_files"], metavar="FILE|FOLDER...", show_default=False)],
    period: Period = None,
    json: Json = False,
) -> None:
    from pipeline.cli import say as console
    from pipeline.run.checking import check as check_files

    workspace = context.obj.workspace()
    missing = [file for file in files if not (Path(file).is_file() or Path(file).is_dir())]
    if missing:
        raise typer.BadParameter(_messages["no_file"].format(file=missing[0]))
    given = _period(period, workspace)
    with console.progress_bars(workspace) as progress:
        outcome = check_files(workspace, files, given, _now(), progress)
    console.say_check(outcome, workspace.programme)
    _finish(outcome, workspace, json)


@app.command(cls=Command, help=_help["run"])
def run(context: typer.Context, period: Period = None, json: Json = False) -> None:
    from pipeline.cli import say as console
    from pipeline.run import run as run_inbox

    workspace = context.obj.workspace()
    given = _period(period, workspace)
    with console.progress_bars(workspace) as progress:
        outcome = run_inbox(workspace, given, _now(), progress)
    console.say_run(outcome, workspace)
    _finish(outcome, workspace, json)


@app.command(cls=Command, help=_help["status"])
def status(
    context: typer.Context,
    period: Annotated[str | None, typer.Option("--period", help=_help["status_period"], metavar="P")] = None,
    json: Json = False,
) -> None:
    from pipeline.cli import say as console
    from pipeline.run.rebuild import look

    workspace = context.obj.workspace()
    view = look(workspace, _period(period, workspace))
    if json:
        console.print_json(console.status_json(view, workspace.programme))
    elif view is None:
        console.say(workspace.programme, "no_ledger")
    else:
        console.say_status(view, workspace.programme)


@app.command(cls=Command, help=_help["rebuild"])
def rebuild(
    context: typer.Context,
    period: Annotated[str | None, typer.Argument(help=_help["rebuild_period"], metavar="[P]", show_default=False)] = None,
    issue: Annotated[int | None, typer.Option("--issue", help=_help["rebuild_issue"], metavar="N", min=1)] = None,
) -> None:
    from pipeline.cli import say as console
    from pipeline.run.rebuild import rebuild as rebuild_outbox
    from pipeline.run.rebuild import rebuild_issue

    workspace = context.obj.workspace()
    given = _period(period, workspace)
    if issue and not given:
        raise typer.BadParameter(_messages["no_period"].format(text=""))
    with console.progress_bars(workspace) as progress:
        folders = rebuild_issue(workspace, given, issue) if issue and given else rebuild_outbox(workspace, given, progress)
    for folder in folders:
        console.say(workspace.programme, "rebuilt", path=folder)
    if not folders:
        console.say(workspace.programme, "rebuilt_nothing")
    add_pdfs(folders, workspace)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _period(text: str | None, workspace: Workspace) -> dt.date | None:
    """A period as an option gives it: an ISO date, or any way the form may state it. Raises BadParameter."""
    from pipeline.reading.values import find_periods

    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        days = {mention.as_of for mention in find_periods(text, workspace.programme) if mention.as_of}
    if len(days) != 1:
        raise typer.BadParameter(_messages["no_period"].format(text=text))
    return days.pop()


def _day(text: str) -> dt.date:
    """A day as an option gives it: an ISO date. Raises BadParameter."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(_messages["no_day"].format(text=text)) from error


add_template(app, _period)
add_decisions(app, _period)
add_issue(app, _period, _day)
add_reopen(app, _period)
add_backup(app)
add_import(app, _period)
add_history(app, _period)
add_assess(app)
add_doctor(app)
add_send(app, _period)
add_watch(app)


def _finish(outcome: Outcome, workspace: Workspace, json: bool) -> None:
    from pipeline.cli import say as console

    if json:
        console.print_json(console.outcome_json(outcome, workspace.programme))
    if any(file.status == Status.RETURNED for file in outcome.files):
        raise typer.Exit(RETURNED)


def run_cli(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status; every failure ends in a Chinese sentence, never in a traceback.

    Raises KeyboardInterrupt, which the console script tells of.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK terminal lacks some signs
    account = begin()
    status = _run(arguments)
    missing = told_unmade(account)
    return _fail(missing, INTERNAL) if missing else status


def _run(arguments: list[str] | None) -> int:
    try:
        result = app(args=arguments, prog_name="annex2", standalone_mode=False)
        status = result if isinstance(result, int) else CLEAN
    except typer.Exit as stop:
        return stop.exit_code
    except Exception as error:
        reason = known_failure(error, _root.get())
        return _fail(reason, USAGE) if reason else _fail(mistake(_root.get()), INTERNAL)
    if status == INTERRUPTED:  # what the library makes of Ctrl-C
        raise KeyboardInterrupt
    return status


def _fail(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
