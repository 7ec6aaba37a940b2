"""Files beside those received before and in the same run: F07 (again), F13 (another's), F08 (new version), F17 (which one?)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from pipeline.model import Finding, Seen, Status
from pipeline.model.catalogue import make_finding
from pipeline.model.labels import period_label, some, time_label
from pipeline.model.words import Words
from pipeline.rules.judging.cases import FileCase, current_version
from pipeline.rules.rule import Found
from schemas.programme import Programme


def repeated(seen: Iterable[Seen], district: str | None, period: dt.date | None, programme: Programme) -> Finding | None:
    """F07 for bytes received before for the same place, F13 for another's, None for new bytes.

    A file whose place is open (F03, F04) is judged for that first: it is nobody's duplicate.
    """
    every = tuple(seen)
    if not every or district is None or period is None:
        return None
    same = next((s for s in every if (s.district, s.period) == (district, period)), None)
    if same:
        return again(same, programme)
    placed = next((s for s in every if s.district and s.period), None)
    return _of_another(placed, district, programme) if placed else None


def again(seen: Seen, programme: Programme) -> Finding:
    """F07, with what became of the first."""
    words, became = Words(programme, "findings"), _consequence(seen)
    numbers = {"current": str(seen.current), "version": str(seen.version)}
    return make_finding(
        programme,
        "F07",
        time=time_label(seen.received, programme),
        consequence=words.text(f"F07.{became}.consequence", **numbers),
        advice=words.text(f"F07.{became}.advice", **numbers),
    )


def _consequence(seen: Seen) -> str:
    if seen.status is Status.ACCEPTED and seen.version is not None and seen.current is None:
        return "returned"  # it was sent back or refused since, and judged no more because a later one came
    if seen.status is Status.ATTACHMENT:
        return "current"
    if seen.status is Status.ACCEPTED:
        return "current" if seen.version == seen.current else "superseded"
    return "pending" if seen.status is Status.PENDING else "returned"


def _of_another(seen: Seen, district: str, programme: Programme) -> Finding:
    """F13; a district may read which of its own returns the file repeats, but not which of another's."""
    assert seen.period is not None
    other = f"{seen.district}{period_label(seen.period, programme)}"
    return make_finding(programme, "F13", other=other, outward=() if seen.district == district else ("other",))


def f08(file: FileCase) -> Iterator[Found]:
    """F08: the period already has an accepted return with other values."""
    placed, programme = file.placed, file.programme
    if placed.district is None or placed.period is None:
        return
    accepted = current_version(file.known, (placed.district, placed.period))
    values = {entry.indicator: entry.value for entry in file.entries if entry.value is not None}
    changed = {i: v for i, v in values.items() if accepted and accepted.values.get(i) != v}
    if accepted and changed:
        form = Words(programme, "findings").raw("F08.change")
        names = {i: programme.indicator(i).name for i in changed}
        changes = "；".join(form.format(indicator=names[i], old=accepted.values.get(i), new=v) for i, v in changed.items())
        yield Found(words={"version": str(accepted.version + 1), "count": str(len(changed)), "changes": changes})


def rivals(files: Iterable[tuple[str, tuple[object, ...]]], programme: Programme) -> Finding | None:
    """F17 for the (file, values) of one district and period in one run, when their values differ."""
    every = sorted(files)
    if len({values for _, values in every}) < 2:
        return None
    names = some((f"“{name}”" for name, _ in every), "files", programme)
    return make_finding(programme, "F17", observed=names, count=str(len(every)), files=names)
