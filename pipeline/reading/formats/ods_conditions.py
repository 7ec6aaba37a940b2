"""Conditional formats of OpenDocument: maps of styles (ODF 1.3 part 3, 16.3), and LibreOffice's own elements beside them."""

from __future__ import annotations

import re

from pipeline.model import Area, UnreadableFile, address
from pipeline.reading.formats.conditions import Condition, Effect, compared
from pipeline.reading.formats.draft import area

ALWAYS = "=TRUE"
_FORMULA = re.compile(r"(?:is-true-formula|formula-is)\((.*)\)", re.DOTALL)
_BETWEEN = re.compile(r"(?:cell-content-is-)?(not-)?between\(([^,;]*)[,;]([^,;]*)\)")
_CONTENT = re.compile(r"(?:cell-content\(\))?\s*(<=|>=|!=|<>|=|<|>)(.*)", re.DOTALL)
_REFERENCE = re.compile(r"\[\.?([^\[\]]*)\]")
_TARGET = re.compile(r"(?:'(?:[^']|'')*'|[^.:\s']*)\.")


def written_condition(text: str, base: tuple[int, int]) -> str | None:
    """A condition as a formula for the cell ``base``; None for one that is seldom met."""
    text = text.strip().removeprefix("of:")
    if found := _FORMULA.fullmatch(text):
        return plain_formula(found[1])
    if found := _BETWEEN.fullmatch(text):
        return compared(base, "notBetween" if found[1] else "between", [plain_formula(found[2]), plain_formula(found[3])])
    if found := _CONTENT.fullmatch(text):
        operator = "<>" if found[1] == "!=" else found[1]
        return f"{address(*base)}{operator}({plain_formula(found[2])})"
    return None


def plain_formula(text: str) -> str:
    """``[.$A6]`` is ``$A6``; a reference to another sheet is left as it is, for it cannot be looked up."""
    return _REFERENCE.sub(lambda found: found[1].replace(":.", ":") if "." not in found[1].replace(":.", ":") else found[0], text)


def areas(target: str) -> tuple[Area, ...]:
    """``附件2.C1:附件2.C3 附件2.E1``, in one sheet."""
    found = []
    for part in _TARGET.sub("", target).split():
        try:
            found.append(area(part))
        except UnreadableFile:
            continue
    return tuple(found)


def base_of(written: str, default: tuple[int, int]) -> tuple[int, int]:
    """The cell that a condition is written for."""
    named = areas(written)
    return (named[0].top, named[0].left) if named else default


def condition(text: str, effect: Effect, where: tuple[Area, ...], written_for: str, priority: int) -> Condition:
    base = base_of(written_for, (where[0].top, where[0].left) if where else (1, 1))
    formula = "TRUE" if effect.hides and text == ALWAYS else written_condition(text, base)
    return Condition(where, base, formula, effect, priority)
