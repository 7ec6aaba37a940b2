"""OpenDocument spreadsheets (.ods, flat .fods), read as a stream. Source: ODF 1.3 part 3, chapters 9 and 19."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Callable, Iterator

from pipeline.model import Area, Cell, UnreadableFile
from pipeline.reading.formats.conditions import Condition, Effect, hide
from pipeline.reading.formats.draft import MAX_ROWS, Budget, Draft, Sheet, has_digit
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.ods_cells import ValueCell, make_cell, plain_number, with_look
from pipeline.reading.formats.ods_conditions import ALWAYS, areas, condition
from pipeline.reading.formats.ods_styles import Format, Style, Styles, default_key, read_format, read_map, read_style, short
from pipeline.reading.formats.package import Package
from pipeline.reading.formats.xml_parts import Attributes, parse_document, whole_number, xml_parser

_SKIPPED = {"office:annotation", "table:tracked-changes", "table:dde-links", "table:shapes", "office:forms"}
"""Elements whose texts and tables are no cells of the sheet, like all drawings: notes, old versions, caches of other files."""
_EXTERNAL_CACHE = "'file:"
_UNSEEN = {"collapse", "filter"}
_COLUMNS_REPEATED = "table:number-columns-repeated"
_ROWS_SPANNED, _COLUMNS_SPANNED = "table:number-rows-spanned", "table:number-columns-spanned"
_KEPT = 4096
"""Ways to write an element, and cells, that are kept in mind."""


def read_opendocument(content: bytes, limits: Limits, _: str) -> tuple[Sheet, ...]:
    """Every sheet in order. Raises UnreadableFile (damaged, encrypted, too_many_cells)."""
    if content.startswith(b"PK"):
        with Package(content, limits) as package:
            reader = _Reader(limits, lambda: package.whole("styles.xml") if package.has("styles.xml") else b"")
            package.parse("content.xml", reader.parser)
    else:
        reader = _Reader(limits, bytes)
        parse_document(content, reader.parser)
    return tuple(reader.sheets)


class _Reader:
    """Collects the sheets of one content.xml; not to be used twice."""

    def __init__(self, limits: Limits, common: Callable[[], bytes]) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self.sheets: list[Sheet] = []
        self.hiding: set[str] = set()
        """Automatic styles, as family:name, that hide a sheet, row or column."""
        self.style = ""
        self.styles = Styles(common)
        self.described = Style()
        self.spans: list[str] = []
        self.column_ends: list[int] = []
        self.column_styles: list[str] = []
        """The last column of each column element, and the style of cells that have none of their own."""
        self.row_style = ""
        self.in_ruby = False
        self.conditions: list[tuple[str, str, str, str]] = []
        """Of LibreOffice's conditions: the cells, the condition (empty for bars and icons alone), the style, and the cell it is
        written for."""
        self.target = ""
        self.number: Format | None = None
        self.looks: dict[tuple[int, int], str] = {}
        """Cells of the sheet whose style is none of the usual."""
        self.draft: Draft | None = None
        self.depth = self.skipping = 0
        self.row = self.column = self.columns_seen = self.row_repeats = self.last_row = self.last_column = 0
        self.row_cells: list[ValueCell] = []
        self.cell: ValueCell | None = None
        self.names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.begins: dict[str, Callable[[Attributes], object] | None] = {}
        self.finishes: dict[str, Callable[[], object] | None] = {}
        self.made: dict[tuple[object, ...], Cell | None] = {}
        """Cells by all that they are made of: a sheet says the same again and again."""
        self.parser = xml_parser(self._start, self._end)
        self.starts: dict[str, Callable[[Attributes], object]] = {
            "style:style": self._style, "style:default-style": self._default_style, "style:table-properties": self._hiding_style,
            "style:table-row-properties": self._hiding_style, "style:table-column-properties": self._hiding_style,
            "style:text-properties": self._text_properties, "style:table-cell-properties": self._cell_properties,
            "style:map": self._map, "table:table": self._start_table, "text:span": self._start_span,
            "text:ruby-text": self._start_ruby,
            "calcext:conditional-format": self._start_condition, "calcext:condition": self._condition,
            "calcext:data-bar": self._in_place, "calcext:formatting-entry": self._in_place,
            "table:table-column": self._columns, "table:table-row": self._start_row, "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell, "text:p": self._paragraph, "text:h": self._paragraph,
            "text:s": self._spaces, "text:tab": self._blank, "text:line-break": self._break,
        }  # fmt: skip
        self.ends = {
            "table:table": self._end_table, "table:table-row": self._end_row, "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell, "text:p": self._end_paragraph, "text:h": self._end_paragraph,
            "text:span": self._end_span, "text:ruby-text": self._end_ruby,
        }  # fmt: skip

    def _start(self, tag: str, attributes: Attributes) -> None:
        if self.skipping:
            self.skipping += 1
            return
        if tag not in self.begins:
            self._meet(tag, short(tag))
        handler = self.begins[tag]
        if handler is not None:
            if attributes:
                keys = tuple(attributes)  # elements come with the same attributes again and again
                attributes = dict(zip(self.names.get(keys) or self._names(keys), attributes.values(), strict=True))
            handler(attributes)

    def _meet(self, tag: str, name: str) -> None:
        """What an element begins and ends is looked up once for each kind of element, of which a sheet has few and many."""
        begins = self.starts.get(name)
        if begins is None and (name in _SKIPPED or name.startswith("drawing:")):
            begins = self._skip
        elif begins is None and name.startswith("number:"):
            begins = functools.partial(self._format, name)
        self.begins[tag], self.finishes[tag] = begins, self.ends.get(name)

    def _names(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Of attributes by their short names."""
        names = tuple(map(short, keys))
        if len(self.names) < _KEPT:
            self.names[keys] = names
        return names

    def _end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        handler = self.finishes[tag]
        if handler is not None:
            handler()

    def _skip(self, _: Attributes) -> None:
        self.skipping = 1

    def _format(self, name: str, attributes: Attributes) -> None:
        self.number = read_format(name, attributes, self.number or Format(), self.styles.formats)

    def _style(self, attributes: Attributes) -> None:
        self.style, self.described = read_style(attributes)
        self.styles.own[self.style] = self.described
        if shown := attributes.get("style:display-name"):  # by which LibreOffice's conditions know it
            self.styles.own.setdefault(f"{attributes.get('style:family', '')}:{shown}", self.described)
        self.number = None

    def _default_style(self, attributes: Attributes) -> None:
        """Of a flat document: its common styles stand before its cells."""
        self.style, self.described = default_key(attributes), Style()
        self.styles.own[self.style] = self.described
        self.number = None

    def _text_properties(self, attributes: Attributes) -> None:
        (self.number or self.described).take_text(attributes)

    def _cell_properties(self, attributes: Attributes) -> None:
        self.described.take_cell(attributes)

    def _map(self, attributes: Attributes) -> None:
        if self.number is not None:
            self.number.take_map(attributes)
        else:
            self.described.maps = (*self.described.maps, read_map(attributes))

    def _start_condition(self, attributes: Attributes) -> None:
        self.target = attributes.get("calcext:target-range-address", "")

    def _condition(self, attributes: Attributes) -> None:
        names = ("calcext:value", "calcext:apply-style-name", "calcext:base-cell-address")
        value, style, base = (attributes.get(name, "") for name in names)
        self.conditions.append((self.target, value, style, base))

    def _in_place(self, attributes: Attributes) -> None:
        """Bars or icons, which may stand in place of the value."""
        if attributes.get("calcext:show-value") == "false":
            self.conditions.append((self.target, "", "", ""))

    def _hiding_style(self, attributes: Attributes) -> None:
        size = attributes.get("style:row-height", attributes.get("style:column-width", ""))
        if attributes.get("table:display") == "false" or (size and not size.strip("0.abcdefghijklmnopqrstuvwxyz")):
            self.hiding.add(self.style)

    def _hidden(self, family: str, attributes: Attributes) -> bool:
        return attributes.get("table:visibility") in _UNSEEN or f"{family}:{attributes.get('table:style-name')}" in self.hiding

    def _start_table(self, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > 1:
            raise UnreadableFile("damaged")
        self.budget.begin_sheets()
        name = attributes.get("table:name", "")
        self.row = self.columns_seen = self.last_row = self.last_column = 0
        self.column_ends, self.column_styles, self.conditions, self.looks = [], [], [], {}
        self.draft = (
            Draft(name, self._hidden("table", attributes)) if not (name.startswith(_EXTERNAL_CACHE) and "#$" in name) else None
        )

    def _end_table(self) -> None:
        self.depth -= 1
        if self.draft is not None:
            if self.conditions or self.looks:
                hide(self.draft.cells, self._every_condition(), lambda place: self.styles.look(self.looks.get(place, "")))
            self.sheets.append(Sheet(self.draft.grid(), self.last_row * self.last_column))
        self.draft = None

    def _every_condition(self) -> Iterator[Condition]:
        """LibreOffice's conditions, then those of the cells' own styles."""
        for number, (target, value, style, base) in enumerate(self.conditions):
            effect = self.styles.effect(style) if value else Effect(hides=True)
            yield condition(value or ALWAYS, effect, areas(target), base, number)
        for name in dict.fromkeys(self.looks.values()):
            for value, style, base in self.styles.resolved("table-cell", name).maps:
                where = tuple(Area(*place, *place) for place, own in self.looks.items() if own == name)
                yield condition(value, self.styles.effect(style), where, base, len(self.conditions))

    def _columns(self, attributes: Attributes) -> None:
        first = self.columns_seen + 1
        self.columns_seen += _repeats(attributes, "table:number-columns-repeated")
        self.column_ends.append(self.columns_seen)
        self.column_styles.append(attributes.get("table:default-cell-style-name", ""))
        if self.draft is not None and self._hidden("table-column", attributes):
            self.draft.hidden_columns.append((first, self.columns_seen))

    def _start_row(self, attributes: Attributes) -> None:
        self.row_repeats = _repeats(attributes, "table:number-rows-repeated")
        self.row_cells = []
        self.column = 0
        self.row_style = attributes.get("table:default-cell-style-name", "")
        if self.draft is not None and self._hidden("table-row", attributes):
            self.draft.hidden_rows.append((self.row + 1, self.row + self.row_repeats))

    def _end_row(self) -> None:
        held = sum(cell.repeats for cell in self.row_cells)
        if held and self.draft is not None:
            self.budget.spend(held * self.row_repeats, self.row_repeats)
            self.last_row = self.row + self.row_repeats
            self.last_column = max(self.last_column, self.row_cells[-1].column + self.row_cells[-1].repeats - 1)
            for cell in self.row_cells:
                self._put(self.draft, cell)
        self.row += self.row_repeats

    def _put(self, draft: Draft, cell: ValueCell) -> None:
        """In all rows and columns that it is repeated in."""
        style = self._style_of(cell)
        made = self._made(cell, style)
        if made is None:
            return
        rows = range(self.row + 1, self.row + self.row_repeats + 1)
        columns = range(cell.column, cell.column + cell.repeats)
        draft.fill(rows, columns, made)
        if not self.styles.is_usual(style) and has_digit(made.text):
            self.looks.update(((row, column), style) for row in rows for column in columns)

    def _made(self, cell: ValueCell, style: str) -> Cell | None:
        if (number := plain_number(cell)) is not None and self.styles.says_nothing(style):
            return number
        if cell.apart or cell.ruby:
            return self._make(cell, style)
        written = (style, *cell.attributes, *cell.attributes.values(), None, *cell.paragraphs)
        if written in self.made:
            return self.made[written]
        made = self._make(cell, style)
        if len(self.made) < _KEPT:
            self.made[written] = made
        return made

    def _make(self, cell: ValueCell, style: str) -> Cell | None:
        made = make_cell(cell, self.limits.units)
        return with_look(cell, made, self.styles, style) if made is not None and has_digit(made.text) else made

    def _style_of(self, cell: ValueCell) -> str:
        own = cell.attributes.get("table:style-name", "") or self.row_style
        place = bisect.bisect_left(self.column_ends, cell.column)
        return own or (self.column_styles[place] if place < len(self.column_styles) else "")

    def _start_cell(self, attributes: Attributes) -> None:
        repeats = _repeats(attributes, _COLUMNS_REPEATED) if _COLUMNS_REPEATED in attributes else 1
        self.cell = ValueCell(self.column + 1, repeats, attributes)
        self.column += repeats
        if self.draft is not None and (_ROWS_SPANNED in attributes or _COLUMNS_SPANNED in attributes):
            rows, columns = _repeats(attributes, _ROWS_SPANNED), _repeats(attributes, _COLUMNS_SPANNED)
            if rows > 1 or columns > 1:
                top, left = self.row + 1, self.cell.column
                self.draft.merge(Area(top, left, top + rows - 1, left + columns - 1))

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is not None and not cell.empty:
            self.row_cells.append(cell)

    def _paragraph(self, attributes: Attributes) -> None:
        if self.cell is not None:
            if style := attributes.get("text:style-name"):
                self.spans.append(f"paragraph:{style}")
            self.cell.paragraphs.append("")
            self.parser.CharacterDataHandler = self._characters

    def _end_paragraph(self) -> None:
        self.parser.CharacterDataHandler = None
        self.spans.clear()

    def _start_span(self, attributes: Attributes) -> None:
        self.spans.append(f"text:{attributes.get('text:style-name', '')}")

    def _end_span(self) -> None:
        if self.spans:
            self.spans.pop()

    def _start_ruby(self, _: Attributes) -> None:
        self.in_ruby = True

    def _end_ruby(self) -> None:
        self.in_ruby = False

    def _characters(self, text: str) -> None:
        cell = self.cell
        if cell is None or not cell.paragraphs or self.skipping:
            return
        if self.in_ruby:
            cell.ruby += text
            return
        if self.spans:
            cell.apart.append((len(cell.paragraphs) - 1, len(cell.paragraphs[-1]), text, tuple(self.spans)))
        cell.paragraphs[-1] += text

    def _spaces(self, attributes: Attributes) -> None:
        self._characters(" " * min(_repeats(attributes, "text:c"), 1000))

    def _blank(self, _: Attributes) -> None:
        self._characters("\t")

    def _break(self, _: Attributes) -> None:
        self._characters("\n")


def _repeats(attributes: Attributes, name: str) -> int:
    """At least 1, and no more than a sheet has rows, as office programs take it: what lies beyond the sheet is not shown."""
    return min(max(whole_number(attributes[name]), 1), MAX_ROWS) if name in attributes else 1
