"""OpenDocument spreadsheets (.ods, flat .fods), read as a stream. Source: ODF 1.3 part 3, chapters 9 and 19."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.intake.conditions import Condition, Effect, hide
from pipeline.intake.container import Limits
from pipeline.intake.opendocument_cells import ValueCell, make_cell, with_look
from pipeline.intake.opendocument_conditions import ALWAYS, areas, condition
from pipeline.intake.opendocument_styles import Format, Style, Styles, default_key, read_format, read_map, read_style, short
from pipeline.intake.package import Attributes, Package, feed, finish, xml_parser
from pipeline.intake.sheets import MAX_COLUMNS, MAX_ROWS, Budget, Draft, Sheet, has_digit
from pipeline.model import Area, UnreadableFile

_SKIPPED = {"office:annotation", "table:tracked-changes", "table:dde-links", "table:shapes", "office:forms"}
"""Elements whose texts and tables are no cells of the sheet, like all drawings: notes, old versions, caches of other files."""
_EXTERNAL_CACHE = "'file:"
_MAX_SHEETS = 256
_UNSEEN = {"collapse", "filter"}


def read_opendocument(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Every sheet in order. Raises UnreadableFile (damaged, encrypted, too_many_cells)."""
    if content.startswith(b"PK"):
        with Package(content, limits) as package:
            reader = _Reader(limits, lambda: package.whole("styles.xml") if package.has("styles.xml") else b"")
            package.parse("content.xml", reader.parser)
    else:
        reader = _Reader(limits, bytes)
        feed(reader.parser, content)
        finish(reader.parser)
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
        self.column_styles: list[tuple[int, str]] = []
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
        self.names: dict[str, str] = {}
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

    def _name(self, tag: str) -> str:
        """``"uri local"`` as ``"table:table-cell"``; unknown namespaces give what no handler has."""
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = short(tag)
        return name

    def _start(self, tag: str, attributes: Attributes) -> None:
        names = self.names
        name = names.get(tag) or self._name(tag)
        handler = self.starts.get(name) if not self.skipping else None
        if handler:
            handler({names.get(key) or self._name(key): value for key, value in attributes.items()})
        elif self.skipping or name in _SKIPPED or name.startswith("drawing:"):
            self.skipping += 1
        elif name.startswith("number:"):
            given = {self._name(key): value for key, value in attributes.items()}
            self.number = read_format(name, given, self.number or Format(), self.styles.formats)

    def _end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        handler = self.ends.get(self.names.get(tag) or self._name(tag))
        if handler:
            handler()

    def _style(self, attributes: Attributes) -> None:
        self.style, self.described = read_style(attributes)
        self.styles.own[self.style] = self.described
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
        if self.depth > 1 or len(self.sheets) >= _MAX_SHEETS:
            raise UnreadableFile("damaged" if self.depth > 1 else "too_many_cells")
        name = attributes.get("table:name", "")
        self.row = self.columns_seen = self.last_row = self.last_column = 0
        self.column_styles, self.conditions, self.looks = [], [], {}
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
        self.column_styles.append((self.columns_seen, attributes.get("table:default-cell-style-name", "")))
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
            for row in range(self.row + 1, self.row + self.row_repeats + 1):
                for cell in self.row_cells:
                    self._put(self.draft, row, cell)
        self.row += self.row_repeats
        if self.row > MAX_ROWS:
            raise UnreadableFile("damaged")

    def _put(self, draft: Draft, row: int, cell: ValueCell) -> None:
        made = make_cell(cell, self.limits.units)
        if made is not None and has_digit(made.text):
            style = self._style_of(cell)
            made = with_look(cell, made, self.styles, style)
            if not self.styles.is_usual(style):
                self.looks |= {(row, column): style for column in range(cell.column, cell.column + cell.repeats)}
        for column in range(cell.column, cell.column + cell.repeats):
            if made is not None:
                draft.put(row, column, made)

    def _style_of(self, cell: ValueCell) -> str:
        own = cell.attributes.get("table:style-name", "") or self.row_style
        return own or next((style for last, style in self.column_styles if cell.column <= last), "")

    def _start_cell(self, attributes: Attributes) -> None:
        repeats = _repeats(attributes, "table:number-columns-repeated")
        self.cell = ValueCell(self.column + 1, repeats, attributes)
        self.column += repeats
        if self.column > MAX_COLUMNS:
            raise UnreadableFile("damaged")
        rows = int(attributes.get("table:number-rows-spanned", "1"))
        columns = int(attributes.get("table:number-columns-spanned", "1"))
        if self.draft is not None and (rows > 1 or columns > 1):
            top, left = self.row + 1, self.cell.column
            self.draft.merge(Area(top, left, top + rows - 1, left + columns - 1))

    def _end_cell(self) -> None:
        if self.cell is not None and not self.cell.empty:
            self.row_cells.append(self.cell)
        self.cell = None

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
        if self.cell is None or not self.cell.paragraphs or self.skipping:
            return
        if self.in_ruby:
            self.cell.ruby += text
            return
        if self.spans:
            self.cell.apart.append((len(self.cell.paragraphs) - 1, len(self.cell.paragraphs[-1]), text, tuple(self.spans)))
        self.cell.paragraphs[-1] += text

    def _spaces(self, attributes: Attributes) -> None:
        self._characters(" " * min(int(attributes.get("text:c", "1")), 1000))

    def _blank(self, _: Attributes) -> None:
        self._characters("\t")

    def _break(self, _: Attributes) -> None:
        self._characters("\n")


def _repeats(attributes: Attributes, name: str) -> int:
    """Raises UnreadableFile (damaged) for what no sheet can hold."""
    if name not in attributes:
        return 1
    count = int(attributes[name])
    if not 1 <= count <= MAX_ROWS:
        raise UnreadableFile("damaged")
    return count
