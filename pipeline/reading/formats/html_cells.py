"""One HTML table under construction: where its cells stand, and what they hold."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.model import MASK, Area, Cell, Grid, Kind, Mark, UnreadableFile
from pipeline.reading.formats.colours import PLAIN, Look, seen
from pipeline.reading.formats.draft import MAX_COLUMNS, MAX_ROWS, Budget, Draft, has_digit, without_result
from pipeline.reading.formats.html_looks import SAYING, Styles, is_signed, look_of, mark_of, signed, signed_cell, unsigned
from pipeline.reading.formats.html_selectors import Attributes
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.number_formats import section_for
from pipeline.reading.formats.stored_numbers import cell_of, is_number, weigh

_SOURCE_BREAK = re.compile(r"(?<=[^\x00-\x7f])[ \t]*[\r\n]\s*(?=[^\x00-\x7f])")
_SPACE = re.compile(r"[ \t\r\n]+")
_BREAKS = re.compile(r" ?\x00[ \x00]*")
_PERCENT = re.compile(r"[+-]?[0-9][0-9.,]*\s*[%％]?")
_MAX_SPANS = 10_000
_TELLING = re.compile(r"[\w+\-−－.%％]")
"""What changes a number it is written beside, and a heading; marks and arrows do not."""


def _telling(texts: Sequence[str]) -> str:
    return "".join(each for each in texts if _TELLING.search(each))


@dataclass(slots=True)
class OpenCell:
    """A cell being read; ``\\x00`` among its pieces is a line break."""

    attributes: Attributes
    pieces: list[str] = field(default_factory=list)
    within: list[tuple[str, Attributes]] = field(default_factory=list)
    """Elements of the cell that are open, the innermost last."""
    place: int = 0
    """Among the cells of its row, from 1."""
    added: list[str] = field(default_factory=list)
    """What style sheets write into its elements, which is seen, but no text of the page; and ``fields`` of a form hold."""
    fields: list[str] = field(default_factory=list)

    def leave(self, tag: str) -> None:
        """An element ends, and what was left open in it."""
        for place in range(len(self.within) - 1, -1, -1):
            if self.within[place][0] == tag:
                del self.within[place:]
                return

    @property
    def text(self) -> str:
        """White space as a browser shows it; a line of source broken inside Chinese text is no blank.

        What is set apart stands between signs (``html_looks.signed``).
        """
        if not self.pieces:
            return ""
        text = _SPACE.sub(" ", _SOURCE_BREAK.sub("", "".join(self.pieces)))
        return _BREAKS.sub("\n", text).strip(" \n")

    def span(self, name: str, most: int) -> int:
        if name not in self.attributes:
            return 1
        value = self.attributes[name].strip()
        return min(max(int(value), 1), most) if value.isascii() and value.isdecimal() and len(value) < 8 else 1


class HtmlTable:
    """Places cells by row and column, spans of earlier rows left out."""

    def __init__(self, styles: Styles, limits: Limits, budget: Budget, attributes: Attributes) -> None:
        self.styles, self.limits, self.budget = styles, limits, budget
        self.attributes, self.row_attributes = attributes, Attributes()
        self.draft = Draft("", styles.hides(attributes))
        self.row = self.next_column = self.columns = self.row_place = self.cell_place = 0
        self.in_row = False
        self.cell: OpenCell | None = None
        self.spans: list[Area] = []

    def add_lines(self, lines: list[str]) -> None:
        """Texts outside tables, each in the first cell of a row of its own, as Excel and WPS lay them out."""
        for line in lines:
            self.row += 1
            self.budget.spend(1, 1)
            self.draft.put(self.row, 1, Cell(Kind.TEXT, line))

    def column(self, attributes: Attributes) -> None:
        first = self.columns + 1
        self.columns = min(self.columns + OpenCell(attributes).span("span", MAX_COLUMNS), MAX_COLUMNS)
        if self.styles.hides(attributes) or attributes.get("width") == "0":
            self.draft.hidden_columns.append((first, self.columns))

    def start_row(self, attributes: Attributes) -> None:
        self.end_row()
        self.row, self.next_column, self.in_row = self.row + 1, 1, True
        self.row_place, self.cell_place = self.row_place + 1, 0
        self.row_attributes = attributes
        self.spans = [span for span in self.spans if span.bottom >= self.row]
        looks = self.styles.looks
        hidden = bool(looks.rules) and looks.of("tr", attributes, self.row_place).mark is Mark.HIDDEN
        if hidden or self.styles.hides(attributes) or attributes.get("height") == "0":
            self.draft.hidden_rows.append((self.row, self.row))

    def start_cell(self, cell: OpenCell) -> None:
        self.end_cell()
        if not self.in_row:
            self.start_row({})
        self.cell_place += 1
        cell.place = self.cell_place
        self.cell = cell

    def enter(self, tag: str, attributes: Attributes) -> None:
        """An element begins in the open cell."""
        if self.cell is not None:
            self.cell.within.append((tag, attributes))
            if self.styles.looks.generated:
                self.cell.added += filter(str.strip, self.styles.looks.added(tag, attributes))

    def hold(self, value: str) -> None:
        """A field of a form in the open cell holds a value."""
        if self.cell is not None and value.strip():
            self.cell.fields.append(value.strip())

    def section(self) -> None:
        """A head, body or foot of the table begins: its rows are counted anew."""
        self.end_row()
        self.row_place = 0

    def put(self, data: str) -> None:
        """A text in the open cell, signed where something sets it apart."""
        if self.cell is None:
            return
        if self.cell.within and data.strip():
            looks = self.styles.looks
            mark = mark_of((looks.of(*element) for element in reversed(self.cell.within)), self._look(self.cell).ground)
            data = signed(data, mark) if mark else data
        self.cell.pieces.append(data)

    def _look(self, cell: OpenCell) -> Look:
        looks = self.styles.looks
        around = (("td", cell.attributes), ("tr", self.row_attributes), ("table", self.attributes), *self.styles.around)
        if not looks.rules and all(SAYING.isdisjoint(attributes) for _, attributes in around):
            return PLAIN
        places = itertools.chain((cell.place, self.row_place), itertools.repeat(0))
        return look_of(looks.of(*element, place) for element, place in zip(around, places, strict=False))

    def end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None:
            return
        row, column = self.row, self._free_column()
        bottom, right = row + cell.span("rowspan", 65_534) - 1, column + cell.span("colspan", 1000) - 1
        self.next_column = right + 1
        if right > MAX_COLUMNS or bottom > MAX_ROWS:
            raise UnreadableFile("damaged")
        if bottom > row or right > column:
            self._merge(Area(row, column, bottom, right))
        made = self._make(cell)
        if made is not None:
            self.budget.spend(1, 0)
            self.draft.put(row, column, made)
            if (
                self.styles.hides(cell.attributes) or self.styles.looks.of("td", cell.attributes, cell.place).mark is Mark.HIDDEN
            ):  # nobody sees what is taken from it: its column counts as hidden (S05)
                self.draft.hidden_columns.append((column, column))

    def _merge(self, area: Area) -> None:
        self.draft.merge(area)
        if area.bottom > area.top:
            self.spans.append(area)
            if len(self.spans) > _MAX_SPANS:
                raise UnreadableFile("too_many_cells")

    def end_row(self) -> None:
        self.end_cell()
        if self.in_row and self.next_column > 1:
            self.budget.spend(0, 1)
        self.in_row = False

    def grid(self) -> Grid:
        return self.draft.grid(all_text=True)

    def _free_column(self) -> int:
        """The next column that no span of an earlier row covers."""
        column = self.next_column
        if not self.spans:
            return column
        covering = sorted((span.left, span.right) for span in self.spans if span.top < self.row <= span.bottom)
        for left, right in covering:
            if left <= column <= right:
                column = right + 1
        return column

    def _make(self, cell: OpenCell) -> Cell | None:
        """Attributes of Excel (x:…) and LibreOffice (sd…) tell numbers, truth values, errors and formulas; all else is text."""
        attributes, text = cell.attributes, cell.text
        if (self.styles.looks.generated or cell.added or cell.fields) and (more := self._more(cell, unsigned(text))):
            return more
        if not is_signed(text):
            made = self._plain(attributes, text)
            return seen(made, self._look(cell)) if made and has_digit(made.text) else made
        apart = signed_cell(text)
        if apart is None or apart.runs:
            return apart
        made = self._plain(attributes, unsigned(text))
        return made and replace(seen(made, self._look(cell)), unseen=apart.unseen)

    def _more(self, cell: OpenCell, text: str) -> Cell | None:
        """A cell of which a page shows more than its text; None where it does not."""
        before, behind = self.styles.looks.added("td", cell.attributes, cell.place)
        before, behind = _telling([before]), _telling([*cell.added, *cell.fields, behind])
        if not before and not behind:
            return None
        shown = f"{before}{text}{behind}"
        return Cell(Kind.MASKED, f"{shown}{MASK}{text}") if has_digit(shown) else Cell(Kind.TEXT, shown)

    def _plain(self, attributes: Attributes, text: str) -> Cell | None:
        formula = "x:fmla" in attributes
        if "x:err" in attributes:
            return Cell(Kind.ERROR, attributes["x:err"] or text, None, formula)
        if "x:bool" in attributes:
            return Cell(Kind.BOOLEAN, (attributes["x:bool"] or text).upper(), None, formula)
        if "x:num" in attributes or "sdval" in attributes:
            return self._stored(attributes.get("x:num", attributes.get("sdval", "")).strip() or text, text, attributes, formula)
        if not text.strip():
            return without_result(attributes["x:fmla"]) if formula else None
        return self._shown(text, attributes, formula)

    def _stored(self, value: str, text: str, attributes: Attributes, formula: bool) -> Cell | None:
        code = self.styles.format_of(attributes)
        if is_number(value):
            cell = cell_of(float(value), code, formula=formula, units=self.limits.units)
            return (
                weigh(float(value), text, formula=formula, units=self.limits.units)
                if cell.kind in (Kind.NUMBER, Kind.TEXT)
                else cell
            )
        return self._shown(text, attributes, formula) if text.strip() else None

    def _shown(self, text: str, attributes: Attributes, formula: bool) -> Cell:
        """A text whose cell has a format: percentages, dates and times keep what they show."""
        code = self.styles.format_of(attributes)
        kind = section_for(code, 1.0)[0].kind if code != "General" else Kind.NUMBER
        if kind is Kind.PERCENT and _PERCENT.fullmatch(text):
            return Cell(Kind.PERCENT, text, None, formula)
        if kind in (Kind.DATE, Kind.TIME) and any(character.isdecimal() for character in text):
            return Cell(kind, text, None, formula)
        return Cell(Kind.TEXT, text, None, formula)
