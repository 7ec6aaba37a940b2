"""HTML tables as Excel and WPS open them, also when called .xls: every table a grid, spans as merges, texts around as rows."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from pipeline.model import UnreadableFile
from pipeline.reading.formats.draft import Budget, Sheet
from pipeline.reading.formats.html_cells import HtmlTable, OpenCell
from pipeline.reading.formats.html_looks import Styles
from pipeline.reading.formats.html_selectors import Attributes
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.text import decode_html

_SHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
_UNSHOWN = {"script", "style", "title", "xml", "noscript", "select", "textarea"}
_VOID = {"br", "hr", "img", "input", "wbr", "col", "meta", "link"}
_NO_FIELDS = {"hidden", "checkbox", "radio", "submit", "button", "reset", "image", "file", "password"}
"""Fields of a form that show no text, or none that was filled in."""
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "hr", "center", "caption"}


def read_html(content: bytes, limits: Limits, name: str) -> tuple[Sheet, ...]:
    """The tables in order, empty ones left out. They have the sheet's name where the page gives one, else ``name``.

    Raises UnreadableFile (damaged, too_many_cells): a table without an end may have lost digits of its last cell.
    """
    page = _Page(limits)
    try:
        page.feed(decode_html(content))
        page.close()
    except AssertionError as error:  # html.parser's way to refuse a declaration it does not know
        raise UnreadableFile("damaged") from error
    if page.open:
        raise UnreadableFile("damaged")
    page.end_line()
    if page.tables:
        page.tables[-1].add_lines(page.lines)
    grids = [grid for table in page.tables if (grid := table.grid()).cells]
    names = page.names if len(page.names) == len(grids) else [name if n == 1 else f"{name}_{n}" for n in range(1, len(grids) + 1)]
    return tuple(Sheet(replace(grid, name=title), 0) for grid, title in zip(grids, names, strict=True))


class _Page(HTMLParser):
    """Follows a page; lines outside tables wait for the next table, or go under the last."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.budget = Budget(limits)
        self.styles = Styles()
        self.tables: list[HtmlTable] = []
        self.open: list[HtmlTable] = []
        self.names: list[str] = []
        self.lines: list[str] = []
        self.line = ""
        self.unshown: list[str] = []

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks on which line of the page something stands, and counting lines takes time."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        if tag in _UNSHOWN:
            self.unshown.append(tag)
        elif tag == "table":
            self._start_table(attributes)
        elif tag in ("html", "body") and not self.open:
            self.styles.around.insert(0, (tag, attributes))
        elif self.open:
            self._inside_table(tag, attributes)
        elif tag in _BLOCKS:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN and tag in self.unshown:
            self.unshown.remove(tag)
        elif tag == "table" and self.open:
            self.open.pop().end_row()
        elif self.open and tag in ("td", "th"):
            self.open[-1].end_cell()
        elif self.open and tag == "tr":
            self.open[-1].end_row()
        elif self.open and self.open[-1].cell is not None:
            self.open[-1].cell.leave(tag)
        elif not self.open and tag in _BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self.unshown:
            if self.unshown[-1] == "style":
                self.styles.declare(data)
            elif self.unshown[-1] == "textarea" and self.open:
                self.open[-1].hold(data)
        elif self.open:
            if self.open[-1].cell is not None:
                self.open[-1].put(data)
        else:
            self.line += data

    def handle_comment(self, data: str) -> None:
        self.names += [name.strip() for name in _SHEET_NAME.findall(data)]
        if self.unshown and self.unshown[-1] == "style":
            self.styles.declare(data)

    def end_line(self) -> None:
        line = " ".join(self.line.split())
        if line:
            self.lines.append(line)
        self.line = ""

    def _start_table(self, attributes: Attributes) -> None:
        self.budget.begin_sheets()
        self.end_line()
        table = HtmlTable(self.styles, self.limits, self.budget, attributes)
        table.add_lines(self.lines)
        self.lines = []
        self.tables.append(table)
        self.open.append(table)

    def _inside_table(self, tag: str, attributes: Attributes) -> None:
        table = self.open[-1]
        if tag == "tr":
            table.start_row(attributes)
        elif tag in ("td", "th"):
            table.start_cell(OpenCell(attributes))
        elif tag in ("thead", "tbody", "tfoot"):
            table.section()
        elif tag == "col":
            table.column(attributes)
        elif table.cell is not None:
            if tag in _BLOCKS:
                table.cell.pieces.append("\x00")  # a line break of the page, told from one of the source
            if tag == "input" and attributes.get("type", "").strip().lower() not in _NO_FIELDS:
                table.hold(attributes.get("value", ""))
            if tag not in _VOID:
                table.enter(tag, attributes)
