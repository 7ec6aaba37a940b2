"""XML Spreadsheet 2003, which Excel, WPS and many business systems write, often under the name .xls.

Its numbers are plain text, so no second reader is asked. What could change a number and is not known here is not read over: it
refuses the file. Source: Microsoft's XML Spreadsheet Reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from pipeline.model import Area, Mark, UnreadableFile
from pipeline.reading.formats.colours import PLAIN
from pipeline.reading.formats.conditions import Condition, Effect, compared, hide
from pipeline.reading.formats.draft import MAX_COLUMNS, MAX_ROWS, Budget, Draft, Sheet
from pipeline.reading.formats.html_looks import Looks as CssLooks
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.xml_parts import Attributes, parse_document, xml_parser
from pipeline.reading.formats.xml_spreadsheet_cells import OpenCell, made_cell
from pipeline.reading.formats.xml_spreadsheet_styles import Style, Styles

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_HTML = "http://www.w3.org/TR/REC-html40"
_PREFIXES = {SPREADSHEET: "ss", _EXCEL: "x", _HTML: "html"}
_DEEPEST, _USUAL_DEPTH = 64, 16
_IN_ROW = {"ss:Cell"}
_IN_CELL = {"ss:Data", "ss:Comment", "ss:NamedCell", "x:PhoneticText"}
_IN_TABLE = {"ss:Row", "ss:Column"}
_PLACES = {
    "ss:Worksheet": "ss:Workbook", "ss:Table": "ss:Worksheet", "ss:Column": "ss:Table", "ss:Row": "ss:Table", "ss:Cell": "ss:Row",
    "ss:Data": "ss:Cell",
}  # fmt: skip
"""Elements that hold values, and where alone they may stand."""
_ATTRIBUTES = {
    "ss:Table": {"DefaultColumnWidth", "DefaultRowHeight", "ExpandedColumnCount", "ExpandedRowCount", "StyleID"},
    "ss:Column": {"AutoFitWidth", "Hidden", "Index", "Span", "StyleID", "Width"},
    "ss:Row": {"AutoFitHeight", "Height", "Hidden", "Index", "Span", "StyleID"},
    "ss:Cell": {"ArrayRange", "Formula", "HRef", "Index", "MergeAcross", "MergeDown", "StyleID"},
    "ss:Data": {"Type"},
}
"""All that may be said of what holds values. A table may also say that it does not begin in A1; no program writes that."""
_WITHOUT_MEANING = {"ss:Comment", "ss:Names"}
"""Elements whose contents are no cells."""
_CELL = re.compile(r"R([0-9]+)C([0-9]+)")
_WHOLE = re.compile(r"R([0-9]+)|C([0-9]+)")
_LITERAL = re.compile(r"-?[0-9.]+|\"[^\"]*\"")
_OPERATORS = {
    "Between": "between", "NotBetween": "notBetween", "Equal": "equal", "NotEqual": "notEqual", "Greater": "greaterThan",
    "Less": "lessThan", "GreaterOrEqual": "greaterThanOrEqual", "LessOrEqual": "lessThanOrEqual",
}  # fmt: skip


def read_xml_spreadsheet(content: bytes, limits: Limits, _: str) -> tuple[Sheet, ...]:
    """Every worksheet in order. Raises UnreadableFile (damaged, too_many_cells, xml_table: what is not known here)."""
    reader = _Reader(limits)
    parse_document(content, reader.parser)
    return tuple(reader.sheets)


class _Reader:
    """Collects the sheets of one document; not to be used twice."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.budget = limits, Budget(limits)
        self.sheets: list[Sheet] = []
        self.styles = Styles()
        self.style: Style | None = None
        self.since_1904 = False
        self.draft: Draft | None = None
        self.tables = 0
        self.row = self.column = self.columns_seen = self.row_span = self.column_span = 0
        self.row_style, self.column_styles = "", dict[int, str]()
        self.cell: OpenCell | None = None
        self.in_row = False
        self.hanging: list[Area] = []
        """Merged areas that reach down into the rows that follow."""
        self.inside: list[str] = []
        """The elements around, the innermost last."""
        self.skipping, self.collecting, self.in_data = 0, False, False
        self.checked: set[tuple[str, str]] = set()
        """Elements below elements that were found to be in their places."""
        self.text: list[str] = []
        self.looks: dict[tuple[int, int], str] = {}
        self.conditions: list[Condition] = []
        self.range, self.condition = "", dict[str, str]()
        self.parser = xml_parser(self._start, self._end)
        self.parser.CharacterDataHandler = self._characters
        self.starts: dict[str, Callable[[Attributes], object]] = {
            "ss:Style": self._start_style, "ss:Font": self._font, "ss:Interior": self._ground, "ss:NumberFormat": self._format,
            "ss:Worksheet": self._start_sheet, "ss:Table": self._start_table, "ss:Column": self._column,
            "ss:Row": self._start_row, "ss:Cell": self._start_cell, "ss:Data": self._start_data,
            "x:PhoneticText": self._start_text, "x:Visible": self._start_text, "x:Date1904": self._set_1904,
            "x:Range": self._start_text, "x:Qualifier": self._start_text, "x:Value1": self._start_text,
            "x:Value2": self._start_text, "x:Condition": self._start_condition, "x:Format": self._condition_format,
        }  # fmt: skip
        self.ends: dict[str, Callable[[], object]] = {
            "ss:Style": self._end_style, "ss:Worksheet": self._end_sheet, "ss:Row": self._end_row, "ss:Cell": self._end_cell,
            "ss:Data": self._end_data,
            "x:PhoneticText": self._end_phonetic, "x:Visible": self._end_visible, "x:Range": self._end_range,
            "x:Qualifier": self._end_qualifier, "x:Value1": self._end_value, "x:Value2": self._end_value,
            "x:Condition": self._end_condition,
        }  # fmt: skip

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = _short(tag)
        if self.skipping or name in _WITHOUT_MEANING:
            self.skipping += 1
            return
        inside = self.inside
        above = inside[-1] if inside else ""
        if self.in_data or (above, name) not in self.checked:
            self._check(above, name)
        inside.append(name)
        if self.cell is not None and name.startswith("html:"):
            self.cell.around.append((name[5:].lower(), {_local(key): value for key, value in attributes.items()}))
        elif handler := self.starts.get(name):
            handler(_said(name, attributes))

    def _check(self, above: str, name: str) -> None:
        """What could hold a value or change one and is not known. Raises UnreadableFile (damaged, xml_table)."""
        known = {"ss:Table": _IN_TABLE, "ss:Row": _IN_ROW, "ss:Cell": _IN_CELL}.get(above)
        if known is not None and name not in known and (name.startswith("ss:") or above == "ss:Cell"):
            raise UnreadableFile("xml_table")
        if self.in_data and not name.startswith("html:"):
            raise UnreadableFile("xml_table")
        place = _PLACES.get(name, above)
        if place != above or (not above and name != "ss:Workbook") or len(self.inside) >= _DEEPEST:
            raise UnreadableFile("damaged")
        if len(self.inside) < _USUAL_DEPTH:
            self.checked.add((above, name))

    def _end(self, _: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        name = self.inside.pop()
        if self.cell is not None and name.startswith("html:"):
            self.cell.around.pop()
        elif handler := self.ends.get(name):
            handler()

    def _characters(self, text: str) -> None:
        if self.skipping:
            return
        if self.cell is not None and self.in_data:
            self.cell.pieces.append((text, tuple(self.cell.around)))
        elif self.collecting:
            self.text.append(text)

    # --- styles ---

    def _start_style(self, attributes: Attributes) -> None:
        if self.sheets or self.draft is not None:
            raise UnreadableFile("damaged")  # cells were made without it
        self.style = self.styles.own[attributes.get("ID", "")] = Style(attributes.get("Parent", ""))

    def _end_style(self) -> None:
        self.style = None

    def _font(self, attributes: Attributes) -> None:
        if self.style is not None:
            self.style.take_font(attributes)

    def _ground(self, attributes: Attributes) -> None:
        if self.style is not None:
            self.style.take_ground(attributes)

    def _format(self, attributes: Attributes) -> None:
        if self.style is not None:
            self.style.take_format(attributes)

    def _set_1904(self, _: Attributes) -> None:
        self.since_1904 = True

    # --- sheets, columns, rows ---

    def _start_sheet(self, attributes: Attributes) -> None:
        if self.draft is not None:
            raise UnreadableFile("damaged")
        self.budget.begin_sheets()
        self.draft = Draft(attributes.get("Name", ""), hidden=False)
        self.row = self.column = self.columns_seen = self.row_span = self.column_span = self.tables = 0
        self.column_styles, self.looks, self.conditions, self.hanging = {}, {}, [], []

    def _end_sheet(self) -> None:
        if self.draft is not None:
            if self.conditions:
                hide(self.draft.cells, self.conditions, lambda place: self.styles.of(self.looks.get(place, "")).look)
            self.sheets.append(Sheet(self.draft.grid(), 0))
        self.draft = None

    def _sheet(self) -> Draft:
        if self.draft is None:
            raise UnreadableFile("damaged")
        return self.draft

    def _start_table(self, attributes: Attributes) -> None:
        self.tables += 1
        if self.tables > 1:
            raise UnreadableFile("damaged")
        if _is_zero(attributes.get("DefaultRowHeight")):
            self._sheet().hidden_rows.append((1, MAX_ROWS))
        if _is_zero(attributes.get("DefaultColumnWidth")):
            self._sheet().hidden_columns.append((1, MAX_COLUMNS))
        self.column_styles[0] = attributes.get("StyleID", "")

    def _column(self, attributes: Attributes) -> None:
        first = _following(attributes, self.columns_seen, MAX_COLUMNS, spanned=self.column_span)
        self.column_span = _count(attributes, "Span", MAX_COLUMNS - first)
        self.columns_seen = last = first + self.column_span
        if _is_true(attributes.get("Hidden")) or _is_zero(attributes.get("Width")):
            self._sheet().hidden_columns.append((first, last))
        if style := attributes.get("StyleID"):
            self.column_styles |= dict.fromkeys(range(first, last + 1), style)

    def _start_row(self, attributes: Attributes) -> None:
        self.row = first = _following(attributes, self.row + self.row_span, MAX_ROWS, spanned=self.row_span)
        self.row_span = _count(attributes, "Span", MAX_ROWS - first)
        self.column, self.in_row = 0, False
        self.hanging = [area for area in self.hanging if area.bottom >= first]
        self.row_style = attributes.get("StyleID", "")
        if _is_true(attributes.get("Hidden")) or _is_zero(attributes.get("Height")):
            self._sheet().hidden_rows.append((first, first + self.row_span))

    def _end_row(self) -> None:
        self.budget.spend(0, self.in_row)

    # --- cells ---

    def _start_cell(self, attributes: Attributes) -> None:
        column = _following(attributes, self.column, MAX_COLUMNS)
        across = _count(attributes, "MergeAcross", MAX_COLUMNS - column)
        down = _count(attributes, "MergeDown", MAX_ROWS - self.row)
        if across or down:
            area = Area(self.row, column, self.row + down, column + across)
            self._sheet().merge(area)
            if down:
                self.hanging.append(area)
        self.column = column + across
        style = attributes.get("StyleID") or self.row_style or self.column_styles.get(column) or self.column_styles.get(0, "")
        self.cell = OpenCell(self.row, column, style, attributes.get("Formula"))

    def _start_data(self, attributes: Attributes) -> None:
        if self.cell is None or self.cell.type is not None or "Type" not in attributes:
            raise UnreadableFile("damaged")
        self.cell.type = attributes["Type"]
        self.in_data = True

    def _end_data(self) -> None:
        self.in_data = False

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None:
            return
        style = self.styles.of(cell.style)
        made = made_cell(cell, style, self.limits.units, since_1904=self.since_1904)
        if made is None:
            return
        place = (cell.row, cell.column)
        self._refuse_covered(place)
        self.budget.spend(1, 0)
        self.in_row = True
        if style.look is not PLAIN:
            self.looks[place] = cell.style
        self._sheet().put(*place, made)

    def _refuse_covered(self, place: tuple[int, int]) -> None:
        """No program writes a value under an area merged from above, and each would show it elsewhere.

        Raises UnreadableFile (damaged).
        """
        if any(place in area and place[0] > area.top for area in self.hanging):
            raise UnreadableFile("damaged")

    def _start_text(self, _: Attributes) -> None:
        self.text.clear()
        self.collecting = True

    def _taken(self) -> str:
        self.collecting = False
        return "".join(self.text).strip()

    def _end_phonetic(self) -> None:
        if self.cell is not None:
            self.cell.ruby += self._taken()

    def _end_visible(self) -> None:
        if self.draft is not None and self.inside[-1:] == ["x:WorksheetOptions"]:
            self.draft.hidden = self._taken() != "SheetVisible"

    # --- conditional formats ---

    def _end_range(self) -> None:
        if self.inside[-1:] == ["x:ConditionalFormatting"]:
            self.range = self._taken()

    def _start_condition(self, _: Attributes) -> None:
        self.condition = {}

    def _end_qualifier(self) -> None:
        self.condition["Qualifier"] = self._taken()

    def _end_value(self) -> None:
        self.condition["Value2" if "Value1" in self.condition else "Value1"] = self._taken()

    def _condition_format(self, attributes: Attributes) -> None:
        self.condition["Style"] = attributes.get("Style", "")

    def _end_condition(self) -> None:
        areas = tuple(_areas(self.range))
        if not areas:
            return
        base = areas[0].top, areas[0].left
        shown = CssLooks().of("td", {"style": self.condition.get("Style", "")})
        effect = Effect(shown.letters, shown.ground, True if shown.mark is Mark.STRUCK else None)
        self.conditions.append(Condition(areas, base, self._formula(base), effect, len(self.conditions)))

    def _formula(self, base: tuple[int, int]) -> str:
        """A comparison with values; any other condition, in the R1C1 of this format, is taken to hold: a person looks."""
        given = [self.condition[name] for name in ("Value1", "Value2") if name in self.condition]
        operator = _OPERATORS.get(self.condition.get("Qualifier", ""))
        if operator is None or not all(_LITERAL.fullmatch(value) for value in given):
            return "TRUE"
        return compared(base, operator, given) or "TRUE"


def _said(name: str, attributes: Attributes) -> Attributes:
    """The attributes by their local names; those of elements of the format itself bear its prefix, or mean nothing.

    Raises UnreadableFile (xml_table) for what is not known to be said of what holds values.
    """
    if not attributes:
        return attributes
    if not name.startswith("ss:"):
        return {_local(key): value for key, value in attributes.items()}
    given = {_local(key): value for key, value in attributes.items() if key.startswith(SPREADSHEET)}
    if (known := _ATTRIBUTES.get(name)) is not None and not given.keys() <= known:
        raise UnreadableFile("xml_table")
    return given


@lru_cache(maxsize=1024)
def _local(key: str) -> str:
    return key.rpartition(" ")[2]


@lru_cache(maxsize=1024)
def _short(tag: str) -> str:
    """``"uri local"`` as ``"ss:Cell"``."""
    namespace, _, local = tag.rpartition(" ")
    return f"{_PREFIXES.get(namespace, 'other')}:{local}"


def _is_true(written: str | None) -> bool:
    return written is not None and written.lower() not in ("0", "false")


def _is_zero(size: str | None) -> bool:
    return size is not None and not size.strip("0.")


def _count(attributes: Attributes, name: str, most: int) -> int:
    """Raises UnreadableFile (damaged) for what no sheet can hold."""
    written = attributes.get(name, "0")
    if not (written.isascii() and written.isdecimal() and len(written) < 9 and int(written) <= most):
        raise UnreadableFile("damaged")
    return int(written)


def _following(attributes: Attributes, last: int, most: int, *, spanned: int = 0) -> int:
    """The place of a row, column or cell: its index, or the one behind the last. Raises UnreadableFile (damaged, xml_table).

    Behind one that stands for several (``spanned``) Excel writes the index, and programs count differently without.
    """
    if spanned and "Index" not in attributes:
        raise UnreadableFile("xml_table")
    place = _count(attributes, "Index", most) if "Index" in attributes else last + 1
    if not last < place <= most:
        raise UnreadableFile("damaged")
    return place


def _areas(written: str) -> Iterator[Area]:
    """``R3C2:R9C4,R11C2``; whole rows and columns too."""
    for part in written.split(","):
        first, _, last = part.strip().partition(":")
        ends = _corner(first, 1, 1), _corner(last or first, MAX_ROWS, MAX_COLUMNS)
        if ends[0] and ends[1]:
            yield Area(*ends[0], *ends[1])


def _corner(written: str, row: int, column: int) -> tuple[int, int] | None:
    if found := _CELL.fullmatch(written):
        return int(found[1]), int(found[2])
    if found := _WHOLE.fullmatch(written):
        return int(found[1] or row), int(found[2] or column)
    return None
