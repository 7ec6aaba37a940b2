"""What the lines around a table say: period and reporting unit. Filling dates and phones say nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model import Evidence, Grid, Kind, NoPeriod
from pipeline.model.catalogue import place_name
from pipeline.reading.layout.comparable import after_label, plain
from pipeline.reading.values import find_districts, find_no_periods, find_periods
from schemas.programme import Programme

Lines = tuple[tuple[Evidence, ...], tuple[Evidence, ...]]
"""What lines say of the period, and of the district."""


def is_note(grid: Grid, row: int, programme: Programme) -> bool:
    """Whether a row is a line of notes (填报单位：…, 注：…, 截至…), not a row of the table."""
    return _is_note(_first_text(grid, row), programme)


def is_foot(grid: Grid, row: int, programme: Programme) -> bool:
    """Whether a row is a note that may stand below a table; what states the period belongs to the table under it."""
    return _is_foot(_first_text(grid, row), programme)


def _first_text(grid: Grid, row: int) -> str:
    for cell in grid.rows[row].values():
        if cell.kind is Kind.TEXT and cell.text.strip():
            return cell.text
    return ""


@lru_cache(maxsize=4096)  # the same lines stand in file after file
def _is_foot(text: str, programme: Programme) -> bool:
    return after_label(text, (*programme.form.filler_labels, *programme.form.note_labels)) is not None


@lru_cache(maxsize=4096)
def _is_note(text: str, programme: Programme) -> bool:
    return _is_foot(text, programme) or after_label(text, programme.form.period_labels) is not None


def lines_around(grid: Grid, top: int, outside: tuple[int, ...], programme: Programme, called: frozenset[dt.date]) -> Lines:
    """Evidence of period and district from the rows ``outside`` the table whose header is at ``top``."""
    periods: list[Evidence] = []
    districts: list[Evidence] = []
    for row, column, text, before in _texts(grid, outside):
        above = row < top
        if (above and not _is_remark(text, programme)) or _states_period(text, before, programme):
            found = _periods(text, before, programme, called)
            periods += found
            if days := _no_periods(text, before, programme, called, above=above, beside=bool(found)):
                where = place_name(programme, row, column, addressed=grid.addressed)
                periods += [Evidence("title", text.strip(), dataclasses.replace(day, where=where)) for day in days]
        districts += _districts(text, before, programme)
    return tuple(periods), tuple(districts)


def _texts(grid: Grid, rows: tuple[int, ...]) -> Iterator[tuple[int, int, str, str]]:
    """(row, column, text, text of the filled cell before it in the row) of every text or date in these rows."""
    for row in rows:
        before = ""
        for column, cell in grid.rows[row].items():
            if cell.kind in (Kind.TEXT, Kind.DATE) and cell.text.strip():
                yield row, column, cell.text, before
                before = cell.text
            elif cell.kind is not Kind.BLANK:
                before = ""


@lru_cache(maxsize=1024)
def _is_remark(text: str, programme: Programme) -> bool:
    """注：… may speak of any other day."""
    return bool(programme.form.free_labels) and after_label(text, programme.form.free_labels) is not None


@lru_cache(maxsize=1024)
def _states_period(text: str, before: str, programme: Programme) -> bool:
    """Below the table only a labelled date is evidence: the others are dates of filling or signature."""
    labels = programme.form.period_labels
    return _is_label(before, labels) or any(plain(label) in plain(text) for label in labels)


@lru_cache(maxsize=1024)  # the same lines stand in file after file
def _periods(text: str, before: str, programme: Programme, called: frozenset[dt.date]) -> tuple[Evidence, ...]:
    if _is_label(before, programme.form.date_labels):
        return ()
    return tuple(Evidence("title", text.strip(), mention) for mention in find_periods(text, programme, called))


@lru_cache(maxsize=1024)
def _no_periods(
    text: str, before: str, programme: Programme, called: frozenset[dt.date], *, above: bool, beside: bool
) -> tuple[NoPeriod, ...]:
    """Dates that end no period. In the period's own place (behind its label, in the title) they bind; ``beside`` a period in the
    same text only those behind the label do. A date of its own above the table may be one of filling: it is only told."""
    form = programme.form
    if _is_label(before, form.date_labels):
        return ()
    labelled = find_no_periods(text, programme, called, labelled=True)
    own = (
        find_no_periods(text, programme, called)
        if _is_label(before, form.period_labels) or is_title(text, programme)
        else labelled
    )
    binding = labelled if beside else own
    told = () if beside or not above else find_no_periods(text, programme, called)
    return tuple(dataclasses.replace(day, binding=day in binding) for day in dict.fromkeys((*binding, *told)))


@lru_cache(maxsize=1024)
def is_title(text: str, programme: Programme) -> bool:
    """Whether a text names the form, or ends as titles do: ``各县（市、区）“科技副总”工作情况通报表（2024年6月）``."""
    subject = plain(programme.terms.get("subject", ""))
    core = _BRACKET.sub("", text.strip())
    for day in find_no_periods(core, programme):
        core = core.replace(day.text, "")
    core = plain(core)
    named = bool(subject) and subject in core
    return bool(core) and not _is_foot(text, programme) and (named or core.endswith(programme.form.title_endings))


_BRACKET = re.compile(r"[（(【\[〔][^（）()]*[）)】\]〕]\s*$")


@lru_cache(maxsize=1024)
def _districts(text: str, before: str, programme: Programme) -> tuple[Evidence, ...]:
    labels = programme.form.filler_labels
    rest = text if _is_label(before, labels) else after_label(text, labels)
    if not rest:
        return ()
    return tuple(Evidence("unit_line", rest.strip(), district) for district in find_districts(rest, programme))


@lru_cache(maxsize=1024)
def _is_label(text: str, labels: tuple[str, ...]) -> bool:
    """Whether a cell is a label and nothing else, so that the next cell is what it labels."""
    return bool(text) and plain(re.sub(r"[（(][^）)]*[）)]", "", text)) in {plain(label) for label in labels}
