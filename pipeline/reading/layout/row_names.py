"""Districts named with more in their cell: with the date of the figures (鹿城区2024年12月), or as the sum of it (鹿城区合计)."""

from __future__ import annotations

from functools import lru_cache

from pipeline.model import Evidence
from pipeline.reading.layout.comparable import plain
from pipeline.reading.layout.meanings import dates_in, is_part_of_year, is_span
from pipeline.reading.layout.period_columns import SOURCE
from pipeline.reading.values import find_periods, match_district
from pipeline.reading.values.districts import DistrictMatch
from schemas.programme import Programme


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def match_row(text: str, programme: Programme) -> DistrictMatch | None:
    """The district a region cell names, a date up to which is counted left out; S07 where there is one."""
    match = match_district(text, programme)
    if match or not _dated(text, programme):
        return match
    rest = text
    for date in dates_in(text, programme):
        rest = rest.replace(date, " ", 1)
    found = match_district(rest, programme)
    return DistrictMatch(found.district, "alias") if found else None


def name_periods(text: str, programme: Programme) -> tuple[Evidence, ...]:
    """What the name of a row says of its period."""
    if match_district(text, programme) or not _dated(text, programme):
        return ()
    return tuple(Evidence(SOURCE, text.strip(), mention) for mention in find_periods(text, programme))


def _dated(text: str, programme: Programme) -> bool:
    """Whether a text holds one day with its year, and no span within which is counted (二季度, 4-6月)."""
    days = [mention.as_of for mention in find_periods(text, programme)]
    return len(days) == 1 and days[0] is not None and not is_span(text, programme) and not is_part_of_year(text)


@lru_cache(maxsize=1024)
def district_summed(text: str, programme: Programme) -> str | None:
    """The district of which a row's label says that it is the sum: 鹿城区合计."""
    core = plain(text)
    ending = next((label for label in map(plain, programme.form.total_labels) if core.endswith(label)), None)
    match = match_district(core.removesuffix(ending), programme) if ending else None
    return match.district if match else None
