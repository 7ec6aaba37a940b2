"""All kinds of faults by name."""

from __future__ import annotations

from collections.abc import Mapping

from bench.detection import (
    kinds_blind,
    kinds_cells,
    kinds_columns,
    kinds_files,
    kinds_headings,
    kinds_history,
    kinds_layouts,
    kinds_looks,
    kinds_near,
    kinds_ratios,
    kinds_sheets,
    kinds_statements,
    kinds_templates,
)
from bench.detection.traps import Kind

_FAMILIES = (
    *(kinds_files, kinds_headings, kinds_columns, kinds_statements, kinds_near, kinds_sheets, kinds_layouts, kinds_cells),
    *(kinds_looks, kinds_ratios, kinds_history, kinds_templates, kinds_blind),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for family in _FAMILIES for kind in family.KINDS}
