"""``annex2 backup`` and ``annex2 restore`` (interface.md): the workspace in one file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

Target = Annotated[Path, typer.Argument(help=_help["backup_file"], metavar="FILE", show_default=False)]
Source = Annotated[Path, typer.Argument(help=_help["restore_file"], metavar="FILE", show_default=False)]


def add_backup(app: typer.Typer) -> None:
    """Register the commands."""

    @app.command("backup", cls=Command, help=_help["backup"])
    def backup(context: typer.Context, file: Target) -> None:
        from pipeline.cli import say as console
        from pipeline.upkeep.backup import backup as write_backup

        workspace = context.obj.workspace()
        with workspace.locked():
            kept = write_backup(workspace, file)
        console.say(workspace.programme, "backed_up", path=file, count=kept.files)

    @app.command("restore", cls=Command, help=_help["restore"])
    def restore(context: typer.Context, file: Source) -> None:
        from pipeline.cli import say as console
        from pipeline.run.rebuild import rebuild
        from pipeline.upkeep.restore import restore as put_back

        chosen = context.obj
        if not file.is_file():
            raise typer.BadParameter(str(read_wording("messages")["no_file"]).format(file=file))
        restored = put_back(file, chosen.root.resolve(), chosen.programme)
        workspace = restored.workspace
        console.say_remarks(restored.remarks, workspace.programme)
        with console.progress_bars(workspace) as progress:
            rebuild(workspace, None, progress)
        console.say(workspace.programme, "restored", path=workspace.root, count=restored.files)
