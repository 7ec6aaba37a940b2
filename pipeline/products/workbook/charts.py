"""Native charts that read in black and white: xlsxwriter draws a chart's frame once, every workbook fills in its own data.

A chart by xlsxwriter takes as long as two sheets, and nearly all of it says the same in every workbook. What differs, the title,
references and cached values, is written straight into the gaps. The XML is the same (tests/products/test_charts.py).
"""

from __future__ import annotations

import functools
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.chart_line import ChartLine
from xlsxwriter.xmlwriter import XMLwriter

from pipeline.products.workbook.styles import FANG, HEI

GAP = "\0"
"""Stands in a frame where a workbook's own data go; no XML holds it."""

SYMBOLS = ("square", "diamond", "triangle", "circle", "x", "plus", "star")
DASHES = ("solid", "dash", "round_dot", "long_dash_dot")
COLOURS = ("#1F3864", "#833C0B", "#385723", "#7F6000", "#3B3838", "#7030A0", "#C00000")
EDGE, GRID = "#404040", "#D9D9D9"
COLUMNS: dict[str, Any] = {"fill": {"color": "#BFBFBF"}, "border": {"color": EDGE}, "gap": 70}
FEW = 6
"""More series than these are named at the right, one below the other."""

Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Design:
    """What is the same in every chart of a kind: how many series are drawn as columns and then as lines, the number format of the
    axis, and that of the first series' values, which are shown where there is one."""

    columns: int
    lines: int
    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Cells as a formula, and what they show; None is a gap in the line, never 0."""

    formula: str
    values: Sequence[str | int | float | None]


@dataclass(frozen=True, slots=True)
class Series:
    name: Range
    values: Range


class Drawing(XMLwriter):
    """A finished chart: what a workbook of xlsxwriter asks of one of its own. ``width`` and ``height`` in pixels."""

    already_inserted, embedded, combined = False, True, None
    x_scale, y_scale, x_offset, y_offset = 1, 1, 0, 0
    formula_ids: Mapping[str, int] = {}
    fh: Any

    def __init__(self, name: str, content: str, width: int, height: int) -> None:
        super().__init__()
        self.chart_name, self.content, self.width, self.height = name, content, width, height
        self.series = [content]  # a chart without any is refused

    def _assemble_xml_file(self) -> None:
        self.fh.write(self.content)
        self._xml_close()


def content(design: Design, title: str, categories: Range, series: Sequence[Series]) -> str:
    """The XML of the chart of these series, columns first. ValueError when they are not as many as the design has."""
    labels = f"<c:cat><c:strRef>{_cached(categories, 'str')}</c:strRef></c:cat>"
    fills = [_escaped(title)]
    for each in series:
        fills.append(f"<c:tx><c:strRef>{_cached(each.name, 'str')}</c:strRef></c:tx>")
        fills.append(f"{labels}<c:val><c:numRef>{_cached(each.values, 'num')}</c:numRef></c:val>")
    first, *others = frame(design)
    return first + "".join(fill + piece for fill, piece in zip(fills, others, strict=True))


def _cached(cells: Range, kind: str) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{_escaped(value) if isinstance(value, str) else value}</c:v></c:pt>'
        for place, value in enumerate(cells.values)
        if value is not None
    )
    form = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    count = f'<c:ptCount val="{len(cells.values)}"/>'
    return f"<c:f>{_escaped(cells.formula)}</c:f><c:{kind}Cache>{form}{count}{points}</c:{kind}Cache>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)  # xml.sax.saxutils would do, but imports all of urllib, http and ssl


@functools.lru_cache(maxsize=32)
def frame(design: Design) -> tuple[str, ...]:
    """The XML of such a chart, cut where data go: the title, then name and values of each series."""
    nothing = [{"name": "=A!$A$1", "categories": "=A!$A$1", "values": "=A!$A$1"}] * (design.columns + design.lines)
    chart = composed(design, _FrameColumns(), _FrameLines(), "-", nothing)
    chart.id, chart.embedded, chart.fh = 0, True, io.StringIO()
    chart._assemble_xml_file()
    return tuple(chart.fh.getvalue().split(GAP))


def composed(design: Design, columns: Any, lines: Any, title: str, series: Sequence[Options]) -> Any:
    """The column and the line chart of xlsxwriter told what the design is; ``series`` are names, categories and values."""
    for place, own in enumerate(series):
        if place < design.columns:
            columns.add_series(own | _labels(design, place, "inside_base") | COLUMNS)
        else:
            lines.add_series(own | _labels(design, place, "above") | _line(place))
    chart = columns if design.columns else lines
    if design.columns and design.lines:
        columns.combine(lines)
    chart.set_title({"name": title, "name_font": {"name": HEI, "size": 14, "bold": False}, "overlay": False})
    axis = {"num_font": _font(11), "line": {"color": EDGE}}
    grid = {"visible": True, "line": {"color": GRID}}
    chart.set_x_axis(axis)
    chart.set_y_axis(axis | {"num_format": design.number, "min": 0, "major_gridlines": grid})
    position = "none" if len(series) == 1 else "bottom" if len(series) <= FEW else "right"
    chart.set_legend({"position": position, "font": _font(11 if len(series) <= FEW else 10)})
    chart.set_chartarea({"border": {"none": True}})
    return chart


def _labels(design: Design, place: int, position: str) -> Options:
    if place or not design.label:
        return {}
    return {"data_labels": {"value": True, "font": _font(11), "position": position, "num_format": design.label}}


def _line(place: int) -> Options:
    """Lines differ in marker and dash, in whether the marker is hollow, and only then in colour."""
    colour = COLOURS[place % len(COLOURS)]
    inside = colour if place // len(SYMBOLS) % 2 == 0 else "#FFFFFF"
    marker = {"type": SYMBOLS[place % len(SYMBOLS)], "size": 6, "border": {"color": colour}, "fill": {"color": inside}}
    return {"line": {"color": colour, "width": 1.5, "dash_type": DASHES[place % len(DASHES)]}, "marker": marker}


def _font(size: float) -> Options:
    return {"name": FANG, "size": size}


class Fonts:
    """A font is named for Chinese text too, where xlsxwriter names it for Latin text alone."""

    def _write_a_latin(self, attributes: list[tuple[str, Any]]) -> None:
        super()._write_a_latin(attributes)  # type: ignore[misc]
        typefaces = [(name, value) for name, value in attributes if name == "typeface"]
        self._xml_empty_tag("a:ea", typefaces)  # type: ignore[attr-defined]


class _Gaps(Fonts):
    """Leaves a gap for whatever differs."""

    fh: Any

    def _write_a_t(self, title: str) -> None:
        self.fh.write(f"<a:t>{GAP}</a:t>")

    def _write_series_name(self, series: object) -> None:
        self.fh.write(GAP)

    def _write_cat(self, series: object) -> None:
        """With the values."""

    def _write_val(self, series: object) -> None:
        self.fh.write(GAP)


class _FrameColumns(_Gaps, ChartColumn):
    pass


class _FrameLines(_Gaps, ChartLine):
    pass
