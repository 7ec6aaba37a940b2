"""The commands by name. One is imported when it is asked for: the list of them, on the help page, needs none."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from pipeline.cli.help import Command, page
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING

COMMANDS = {
    "demo": "pipeline.cli.demo:demo",
    "check": "pipeline.cli.check:check",
    "run": "pipeline.cli.run:run",
    "status": "pipeline.cli.status:status",
    "rebuild": "pipeline.cli.rebuild:rebuild",
    "template": "pipeline.cli.template:template",
    "approve": "pipeline.cli.decide:approve",
    "refuse": "pipeline.cli.decide:refuse",
    "explain": "pipeline.cli.decide:explain",
    "return": "pipeline.cli.decide:send_back",
    "withdraw": "pipeline.cli.decide:withdraw",
    "assign": "pipeline.cli.decide:assign",
    "excuse": "pipeline.cli.decide:excuse",
    "receive": "pipeline.cli.decide:receive",
    "issue": "pipeline.cli.issue:issue",
    "reopen": "pipeline.cli.reopen:reopen",
    "backup": "pipeline.cli.backup:backup",
    "restore": "pipeline.cli.backup:restore",
    "import": "pipeline.cli.import_:import_",
    "history": "pipeline.cli.history:history",
    "assess": "pipeline.cli.assess:assess",
    "doctor": "pipeline.cli.doctor:doctor",
    "send": "pipeline.cli.send:send",
    "watch": "pipeline.cli.watch:watch",
}
"""Each with the function behind it, in the order of the help page."""

_help = Words(DEFAULT_WORDING, "help")


class Commands(TyperGroup):
    """The command line as a whole: without a command it shows its help page, and that is wrong usage."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, made from its function; None where there is no such command."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = _made(cmd_name)
        return self.commands.get(cmd_name)

    def get_help(self, ctx: Any) -> str:
        return page(self, ctx, [(name, _help.raw(name)) for name in COMMANDS])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(self.get_help(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in COMMANDS:
            known = _help.raw("separator").join(COMMANDS)
            raise typer.BadParameter(_help.text("errors.command", text=args[0], commands=known))
        return super().resolve_command(ctx, args)


def _made(name: str) -> Any:
    module, _, function = COMMANDS[name].partition(":")
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    alone.command(name, cls=Command, help=_help.raw(name))(getattr(import_module(module), function))
    return get_command(alone)
