"""Text → number, period, district, by the programme's data alone. Knows no place: callers add sheet and address."""

from pipeline.reading.values.districts import DistrictMatch, find_districts, match_district, suggest_district
from pipeline.reading.values.numbers import read_number, written_with_marks
from pipeline.reading.values.periods import find_no_periods, find_periods, in_year, is_preset_end

__all__ = [
    "DistrictMatch",
    "find_districts",
    "find_no_periods",
    "find_periods",
    "in_year",
    "is_preset_end",
    "match_district",
    "read_number",
    "suggest_district",
    "written_with_marks",
]
