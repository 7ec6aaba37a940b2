"""Help pages and usage errors in the programme's Chinese: plain text, no colours, no frames, whatever the terminal."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from schemas.programme import read_wording

_words = read_wording("help")


class Command(TyperCommand):
    """A command whose help page and whose complaints are ours."""

    def get_help(self, ctx: Any) -> str:
        return _page(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # so that the complaint about them is made here
        rest = super().parse_args(ctx, args)
        if rest:
            raise typer.BadParameter(_words["errors"]["extra"].format(text=" ".join(rest)))
        return rest


class Group(TyperGroup):
    """The command line as a whole: without a command it shows its help page, and that is wrong usage."""

    def get_help(self, ctx: Any) -> str:
        return _page(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            known = _words["separator"].join(self.commands)
            raise typer.BadParameter(_words["errors"]["command"].format(text=args[0], commands=known))
        return super().resolve_command(ctx, args)


def complaint(error: typer.TyperException) -> str:
    """What is wrong with the command line. Errors of typer are told by class and fields, their English text is not shown."""
    kind, errors = type(error).__name__, _words["errors"]
    parameter = getattr(error, "param", None)
    if kind == "BadParameter" and parameter is None:
        return error.message  # raised by a command of this product
    shown = getattr(error, "option_name", "") or (_name(parameter) if parameter else "")
    return str(errors.get(kind, errors["other"])).format(text=shown)


def _page(command: Any, ctx: Any) -> str:
    parameters = command.get_params(ctx)
    options = [p for p in parameters if p.param_type_name == "option"]
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    commands = [(name, sub.help) for name, sub in getattr(command, "commands", {}).items()]
    rest = [_words["command_mark"]] if commands else [_name(p) for p in arguments]
    lines = [_words["usage"] + " ".join([ctx.command_path, _words["options_mark"], *rest]), "", command.help or ""]
    lines += _section("commands", commands)
    lines += _section("arguments", [(_name(p), p.help) for p in arguments])
    lines += _section("options", [(_option(p), _words["help"] if "--help" in p.opts else p.help) for p in options])
    return "\n".join(lines) + "\n"


def _section(title: str, rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0) + 2
    return ["", f"{_words[title]}{_words['colon']}", *(f"  {name:<{width}}{text}" for name, text in rows)] if rows else []


def _option(parameter: Any) -> str:
    return " ".join(filter(None, (", ".join(parameter.opts), parameter.metavar)))


def _name(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name) if parameter.param_type_name == "argument" else str(parameter.opts[0])
