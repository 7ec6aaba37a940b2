"""Layouts that occur in the sample returns, and more of the same kind. Names say what is particular about each."""

from __future__ import annotations

from dataclasses import replace

from tests.returns.spec import Layout

PLAN = Layout()
GROUPED = Layout(
    attachment_line=False,
    period_at="unit_line",
    period_as="quarter",
    filler="above",
    region="first",
    header="group",
    total="absent",
)

SAMPLES = {
    "plan": PLAN,  # as in the plan's text: first column blank, 截至 line, unit and filler below
    "offset": replace(PLAN, top=2, left=1),
    "grouped": GROUPED,  # two header lines, district first, period at the right of the line above
    "own_row": replace(PLAN, rows="own", total="absent"),
    "period_nowhere": replace(PLAN, period_at="nowhere"),
    "alias_no_total": replace(PLAN, region_as="alias", total="absent"),
    "spaced": replace(PLAN, region_as="spaced"),
    "full_name": replace(PLAN, region_as="full", filler="absent"),
    "table_only": replace(PLAN, filler="absent"),
    "no_total": replace(PLAN, total="absent"),
}

FURTHER = {
    "title_quarter": replace(PLAN, period_at="title", period_as="quarter"),
    "title_range": replace(PLAN, period_at="title", period_as="range", region="merged"),
    "sheet_period": replace(PLAN, period_at="sheet", period_as="month"),
    "merged_region": replace(PLAN, region="merged"),
    "diagonal": replace(PLAN, region="diagonal"),
    "district_first": replace(PLAN, region="first", notes=True),
    "group_second": replace(PLAN, header="group"),
    "group_units_row": replace(GROUPED, units="row", total="filled"),
    "units_row": replace(PLAN, units="row"),
    "units_line": replace(PLAN, units="line", region="first"),
    "no_units": replace(PLAN, units="none"),
    "filler_above": replace(PLAN, filler="above", dated=True),
    "dated": replace(PLAN, notes=True, dated=True, period_as="month_end"),
    "no_filler": replace(PLAN, filler="absent", notes=True),
    "serial_remark": replace(PLAN, serial=True, remark=True),
    "serial_first": replace(PLAN, serial=True, region="first", header="group", units="row"),
    "far_offset": replace(PLAN, top=9, left=4, region="merged"),
    "total_blank": replace(PLAN, total="blank"),
    "total_zero": replace(PLAN, total="zero", total_label="合计"),
    "total_label": replace(PLAN, total_label="合　计"),
    "city_in_front": replace(PLAN, region_as="city"),
    "own_row_grouped": replace(GROUPED, rows="own", period_as="q"),
    "rows_reversed": replace(PLAN, rows="reversed"),
    "columns_reversed": replace(PLAN, columns="reversed"),
    "columns_rotated": replace(PLAN, columns="rotated", region="first"),
    "empty_beside": replace(PLAN, extra=("empty", "instructions")),
    "instructions_first": replace(PLAN, extra=("instructions",), own_sheet=1),
    "earlier_beside": replace(PLAN, extra=("earlier",), own_sheet=1),
}
"""Still good returns: no error and no query."""

DOUBTFUL = {
    "hidden_row": replace(PLAN, hidden=("row",), total="absent"),
    "hidden_sheet": replace(PLAN, hidden=("sheet",), extra=("instructions",)),
    "hidden_column": replace(PLAN, hidden_columns=(1,)),
    "merged_values": replace(PLAN, merged_columns=(0, 1), total="absent"),
    "merged_down": replace(PLAN, merged_down=1, total="absent"),
}
"""Layouts that a rule minds (S05, S06)."""

LAYOUTS: dict[str, Layout] = {**SAMPLES, **FURTHER, **DOUBTFUL}
ONE_SHEET = tuple(name for name, layout in LAYOUTS.items() if not layout.extra and "sheet" not in layout.hidden)
"""Those that a text table can hold."""
GOOD = (*SAMPLES, *FURTHER)
"""Those without error and query."""
