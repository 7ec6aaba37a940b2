"""Charts filled into a frame are the charts xlsxwriter draws."""

from __future__ import annotations

import io
from typing import Any

import pytest
from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.chart_line import ChartLine

from pipeline.products.workbook.charts import Design, Fonts, Range, Series, composed, content

DESIGNS = [Design(1, 1, "0%", "0.0%"), Design(0, 1, "0", "0"), Design(0, 3, "0"), Design(0, 13, "0"), Design(2, 0, "0")]
TITLE = "图1　“科技副总”<A&B>"
HEADS = Range("走势!$B$6:$E$6", ["2024年\n3月底", "2024年\n6月底", "A&B<", "2024年底"])


class Columns(Fonts, ChartColumn):
    pass


class Lines(Fonts, ChartLine):
    pass


def _series(place: int) -> Series:
    values: list[float | None] = [0, place * 7, 0.717, None]
    row = 7 + place
    return Series(Range(f"走势!$A${row}", [f"鹿城区&{place}"]), Range(f"走势!$B${row}:$E${row}", values))


def _options(series: Series) -> dict[str, Any]:
    parts = {"name": series.name, "categories": HEADS, "values": series.values}
    formulas = {key: f"={cells.formula}" for key, cells in parts.items()}
    return formulas | {f"{key}_data": list(cells.values) for key, cells in parts.items()}


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_the_xml_is_that_of_xlsxwriter(design: Design) -> None:
    series = [_series(place) for place in range(design.columns + design.lines)]
    chart = composed(design, Columns(), Lines(), TITLE, [_options(each) for each in series])
    chart.id, chart.embedded, chart.fh = 0, True, io.StringIO()
    chart._assemble_xml_file()
    assert content(design, TITLE, HEADS, series) == chart.fh.getvalue()


def test_as_many_series_as_the_design_has() -> None:
    with pytest.raises(ValueError, match="zip"):
        content(Design(0, 2, "0"), TITLE, HEADS, [_series(0)])


def test_no_two_lines_of_a_chart_look_alike_in_black() -> None:
    """Marker, filling and dash together."""
    from pipeline.products.workbook.charts import _line

    looks = []
    for place in range(14):
        line = _line(place)
        hollow = line["marker"]["fill"]["color"] == "#FFFFFF"
        looks.append((line["marker"]["type"], hollow, line["line"]["dash_type"]))
    assert len(set(looks)) == 14
