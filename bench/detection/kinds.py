"""All kinds of faults by name."""

from __future__ import annotations

from collections.abc import Mapping

from bench.detection import (
    kinds_blind,
    kinds_cells,
    kinds_files,
    kinds_headings,
    kinds_history,
    kinds_ratios,
    kinds_sheets,
    kinds_templates,
)
from bench.detection.traps import Kind

_FAMILIES = (kinds_files, kinds_headings, kinds_sheets, kinds_cells, kinds_ratios, kinds_history, kinds_templates, kinds_blind)
KINDS: Mapping[str, Kind] = {kind.name: kind for family in _FAMILIES for kind in family.KINDS}
