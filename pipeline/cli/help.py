"""Help pages and usage errors in the programme's Chinese: plain text, no colours, no frames, whatever the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand

from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING

_words = Words(DEFAULT_WORDING, "help")


class Command(TyperCommand):
    """A command whose help page and whose complaints are ours."""

    def get_help(self, ctx: Any) -> str:
        return page(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # so that the complaint about them is made here
        rest = super().parse_args(ctx, args)
        if rest:
            raise typer.BadParameter(_words.text("errors.extra", text=" ".join(rest)))
        return rest


def complaint(error: typer.TyperException) -> str:
    """What is wrong with the command line. Errors of typer are told by class and fields, their English text is not shown."""
    kind, errors = type(error).__name__, _words.table("errors")
    parameter = getattr(error, "param", None)
    if kind == "BadParameter" and parameter is None:
        return error.message  # raised by a command of this product
    shown = getattr(error, "option_name", "") or (_name(parameter) if parameter else "")
    return str(errors.get(kind, errors["other"])).format(text=shown)


def page(command: Any, ctx: Any, commands: Sequence[tuple[str, str]] = ()) -> str:
    """The help page of a command, or of the command line with its ``commands`` and what they do."""
    parameters = command.get_params(ctx)
    options = [p for p in parameters if p.param_type_name == "option"]
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    rest = [_words.text("command_mark")] if commands else [_name(p) for p in arguments]
    lines = [_words.raw("usage") + " ".join([ctx.command_path, _words.text("options_mark"), *rest]), "", command.help or ""]
    lines += _section("commands", commands)
    lines += _section("arguments", [(_name(p), p.help) for p in arguments])
    lines += _section("options", [(_option(p), _words.text("help") if "--help" in p.opts else p.help) for p in options])
    return "\n".join(lines) + "\n"


def _section(title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0) + 2
    return ["", _words.text(title) + _words.text("colon"), *(f"  {name:<{width}}{text}" for name, text in rows)] if rows else []


def _option(parameter: Any) -> str:
    return " ".join(filter(None, (", ".join(parameter.opts), parameter.metavar)))


def _name(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name) if parameter.param_type_name == "argument" else str(parameter.opts[0])
