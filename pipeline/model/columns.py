"""Columns under the heading of an indicator, and what the texts over them say that their figures are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.mentions import PeriodMention


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
    """Or a rank, a score: what is derived from the figures."""
    YEAR = "year"
    """Of the year (今年): beside the one before it, or alone, it may be anything."""
    STAGE = "stage"
    """Of those that are at one stage (在谈, 已立项)."""
    UNKNOWN = "unknown"
    """A word over figures that says something else of them, nobody knows what (核定数)."""


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
    """Years that stand alone in it, or in which alone it says nothing against running totals."""
    without: tuple[tuple[int, int], ...] = ()
    """(year, month) up to which figures are left out, year 0 for the period's own (不含一季度)."""
    done: bool = False
    """Whether it says that something is completed (已完成): the running total, but beside columns of other stages (已立项)."""


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
