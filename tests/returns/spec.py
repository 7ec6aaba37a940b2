"""What a return to be written is: whose, of when, with which values, and how the office laid it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.programme import Programme, load_programme


@dataclass(frozen=True)
class Percent:
    """A percent cell: ``Percent(0.25)`` is shown as 25%."""

    share: float


@dataclass(frozen=True)
class ErrorValue:
    """An Excel error value, ``ErrorValue("#REF!")``."""

    code: str


@dataclass(frozen=True)
class Formula:
    """A formula; ``cached`` is the stored result, None when none was stored."""

    text: str
    cached: float | int | str | ErrorValue | None = None


@dataclass(frozen=True)
class Marked:
    """A text in runs, each with what sets it apart, or an empty text.

    ``struck``, ``superscript``, ``subscript``; in .ods and HTML also ``ruby`` and ``hidden``.
    """

    runs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Styled:
    """A number in a cell that is ``struck`` out as a whole, ``white`` on white, always or by a ``conditional`` format, or under a
    number format of its own; ``shown`` is what that makes of it."""

    value: int | float
    how: Literal["struck", "white", "conditional", "format"]
    code: str = "General"
    shown: str | None = None


Value = int | float | str | bool | dt.date | dt.time | Percent | ErrorValue | Formula | Marked | Styled | None
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Layout:
    """How an office arranges the form. Columns are named by their index in programme order."""

    attachment_line: bool = True
    """The line 附件2 above the title."""
    period_at: Literal["line", "title", "unit_line", "sheet", "nowhere"] = "line"
    """The 截至 line, the title's brackets, the right end of the line above the table, the sheet's name."""
    period_as: str = "day"
    """A key of ``names.PERIOD_STYLES``."""
    filler: Literal["above", "below", "absent"] = "below"
    """Where 填报单位 stands."""
    region: Literal["second", "first", "merged", "diagonal"] = "second"
    """The first column blank and the district in the second; in the first; both merged; one column with a diagonal header."""
    header: Literal["one", "group"] = "one"
    """One line, or a merged group header above the indicators."""
    units: Literal["header", "row", "line", "none"] = "header"
    """In the header's brackets, in a line under the header, in a line 单位：家、项 above the table, not at all."""
    rows: Literal["all", "own", "reversed"] = "all"
    region_as: Literal["standard", "alias", "spaced", "full", "city"] = "standard"
    total: Literal["filled", "blank", "zero", "absent"] = "filled"
    total_label: str | None = None
    columns: Literal["programme", "reversed", "rotated"] = "programme"
    serial: bool = False
    remark: bool = False
    top: int = 0
    """Blank rows before the first line."""
    left: int = 0
    """Blank columns before the first one."""
    notes: bool = False
    """A note below the table, with years and a document number that are no evidence of a period."""
    dated: bool = False
    """A filling date a few days after the period below the table: no evidence of a period either."""
    hidden: tuple[Literal["row", "sheet"], ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged_columns: tuple[int, int] | None = None
    """Merges the district's cells from one indicator to the other, as they stand in the table; only the first keeps its value."""
    merged_down: int | None = None
    """Merges the district's cell of this indicator with the row below."""
    extra: tuple[Literal["empty", "earlier", "instructions"], ...] = ()
    """Further sheets: an empty form, the form of ``ReturnSpec.earlier``, a page of text."""
    own_sheet: int = 0
    """Which sheet the district's values are on."""


@dataclass(frozen=True)
class ReturnSpec:
    """One return. What is left out comes from district, period and programme; what is given instead may contradict them."""

    district: str
    period: dt.date
    values: Values
    layout: str | Layout = "plan"
    """A name of ``catalogue.LAYOUTS`` or a layout of one's own."""
    fmt: str = "xlsx"
    """A key of ``write.FORMATS``."""
    naming: str = "district_quarter"
    """A key of ``names.FILE_STYLES``."""
    programme: Programme = field(default_factory=load_programme)
    region: str | None = None
    """What stands in the region column of the district's row."""
    filler: str | None = None
    """What stands behind 填报单位."""
    stated: dt.date | None = None
    """The period the sheet states, when it is not ``period``."""
    sheet: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Other header texts, by indicator."""
    others: Mapping[str, Values] = field(default_factory=dict)
    """Values in other districts' rows."""
    total: Values | None = None
    """What the total row states instead of the sums."""
    earlier: tuple[dt.date, Values] | None = None
    """Period and values of the sheet ``earlier``."""
    people: tuple[str, str, str] = ("张某", "李某", "0577-00000000")
    """Who filled it in, who checked it, and a telephone number: made up, and nobody's. Empty ones are left blank."""
    strays: Mapping[Literal["above", "right", "below"], str] = field(default_factory=dict)
    """Texts the form does not have: over the table, right of the district's row, in the last line."""
    carries: tuple[Literal["macros", "links", "objects"], ...] = ()
    """What an OOXML workbook holds besides its sheets."""

    @property
    def form(self) -> Layout:
        """The layout itself."""
        if isinstance(self.layout, Layout):
            return self.layout
        from tests.returns.catalogue import LAYOUTS

        return LAYOUTS[self.layout]
