"""Columns under the heading of an indicator, and what the texts over them say that their figures are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model.readings import PeriodMention


class Meaning(StrEnum):
    """What figures are, by the words over them. Only running totals are asked for (S13)."""

    TOTAL = "total"
    CURRENT = "current"
    """The running total beside a column of another period; else it may be the period's increase."""
    INCREASE = "increase"
    TARGET = "target"
    OTHER = "other"
    """Of another period."""
    RATE = "rate"


@dataclass(frozen=True)
class Said:
    """A text that may say what figures are: ``meaning`` by its longest phrase, ``every`` meaning it holds, the periods it names.

    ``row`` is 0 for the name of a sheet. ``as_of`` says that its dates are those up to which is counted (12月底), ``span`` that
    they may be those within which is counted (第四季度, 12月). ``level`` is where it stands: ``group`` over several indicators,
    ``heading``, ``sub`` under it, ``about`` the whole table.
    """

    row: int
    column: int
    text: str
    level: str
    meaning: Meaning | None = None
    every: frozenset[Meaning] = frozenset()
    periods: tuple[PeriodMention, ...] = ()
    as_of: bool = False
    span: bool = False
    years: tuple[int, ...] = ()
    """Years that stand alone in it."""


@dataclass(frozen=True)
class Column:
    """A column that may hold an indicator's figures. ``said`` from the top down; ``name`` is the sub-heading as shown, or empty.

    ``own`` is the one column under a heading that stands alone: it holds what the form asks for unless something says otherwise.
    """

    indicator: str
    column: int
    said: tuple[Said, ...] = ()
    name: str = ""
    own: bool = False
