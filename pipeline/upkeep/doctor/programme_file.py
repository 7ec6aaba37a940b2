"""The programme (报表方案): can it be read?"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.upkeep.doctor.seen import Office, Seen, seen
from schemas.programme import ProgrammeError


def check(examined: Office) -> Iterator[Seen]:
    """Its size, or what is wrong with it."""
    try:
        programme = examined.workspace.programme
    except ProgrammeError as error:
        yield seen("programme", "broken", reason=error)
        return
    districts, indicators = len(programme.districts), len(programme.indicators)
    yield seen("programme", "fine", name=programme.terms["form_title"], districts=districts, indicators=indicators)
