"""``annex2 backup`` and ``annex2 restore`` (interface.md): the workspace in one file and back."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import a_file
from pipeline.cli.say import progress_bars, say
from pipeline.model.quoting import quoted
from pipeline.model.words import Words
from pipeline.run.rebuild import rebuild
from pipeline.upkeep.backup import backup as back_up
from pipeline.upkeep.restore import restore as put_back
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

Target = Annotated[Path, typer.Argument(help=_help.raw("backup_file"), metavar="FILE", show_default=False)]
Source = Annotated[Path, typer.Argument(help=_help.raw("restore_file"), metavar="FILE", show_default=False)]


def backup(context: typer.Context, file: Target) -> None:
    workspace = context.obj.workspace()
    kept = back_up(workspace, file)
    say(workspace.programme, "backed_up", path=file, count=kept.files)


def restore(context: typer.Context, file: Source) -> None:
    chosen = context.obj
    restored = put_back(a_file(file), chosen.root.resolve(), chosen.programme)
    workspace = restored.workspace
    _say_remarks(restored.remarks, workspace.programme)
    with progress_bars(workspace) as progress:
        rebuild(workspace, None, progress)
    say(workspace.programme, "restored", path=workspace.root, count=restored.files)


def _say_remarks(remarks: Sequence[tuple[str, Mapping[str, str]]], programme: Programme) -> None:
    """What a restore did not follow: texts under ``backup`` in messages.toml and their words."""
    for text, words in remarks:
        print(quoted(Words(programme, "messages").text(f"backup.{text}", **words), programme), file=sys.stderr)
