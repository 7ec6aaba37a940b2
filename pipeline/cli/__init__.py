"""The command line (interface.md): what a user can ask for, and the exit status that says how it went."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.commands import Commands
from pipeline.cli.failures import known_failure, log_into, mistake, told_unmade
from pipeline.cli.given import Chosen
from pipeline.model.account import begin
from pipeline.model.words import Words
from schemas.programme import DEFAULT_PROGRAMME, DEFAULT_WORDING

CLEAN, USAGE, INTERNAL, INTERRUPTED = 0, 2, 3, 130

_help = Words(DEFAULT_WORDING, "help")
app = typer.Typer(
    cls=Commands,
    help=_help.raw("annex2"),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_root: ContextVar[Path] = ContextVar("_root", default=Path())
"""The workspace chosen, for the log of an internal error."""


@app.callback()
def _global(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option(envvar="ANNEX2_WORKSPACE", help=_help.raw("workspace"), metavar="DIR")] = Path(),
    programme: Annotated[Path, typer.Option(help=_help.raw("programme"), metavar="FILE", show_default=False)] = DEFAULT_PROGRAMME,
) -> None:
    context.obj = Chosen(workspace, programme)
    _root.set(workspace)
    log_into(workspace)


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
