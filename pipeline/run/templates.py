"""报表模板 made for a period: previous values from the ledger, files in the outbox, a record of each in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ledger.lookup import history
from pipeline.ledger.templates_made import all_templates, record_templates
from pipeline.model import Place, Prefilled
from pipeline.model.labels import date_label, period_label
from pipeline.model.words import Words
from pipeline.products.template import render
from pipeline.reading.values import match_district
from pipeline.workspace.outbox import write_products
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger


_ANY_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A deadline does not hang on today."""


class TemplateRefused(Exception):
    """No template is made: ``problem`` and ``words`` name a text of ``refused`` in template.toml."""

    def __init__(self, problem: str, **words: str) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words

    def text(self, programme: Programme) -> str:
        return Words(programme, "template").text(f"refused.{self.problem}", **self.words)


def make_templates(
    workspace: Workspace, period: dt.date, named: Sequence[str], out: Path | None, now: dt.datetime
) -> tuple[Path, int]:
    """Write the templates of the named districts (of all, without names) into ``out`` or the outbox, and record them at ``now``.

    The folder, and how many. The period counts as called from then on. Raises TemplateRefused, WorkspaceBusy, SettingsError.
    """
    programme = workspace.programme
    districts = _districts(named, programme)
    _require_sense(period, programme)
    folder = out or _folder(workspace, period)
    with workspace.locked(), workspace.ledger() as ledger, ledger.writing() as connection:
        templates = _prefilled(connection, districts, period, programme)
        _write(workspace, folder, templates)
        record_templates(connection, templates, now)
    return folder, len(templates)


def remake_templates(ledger: Ledger, workspace: Workspace, period: dt.date | None) -> tuple[Path, ...]:
    """Those that the ledger knows of, again into the outbox, of one period or all; the folders. The workspace is locked."""
    with ledger.reading() as connection:
        made = all_templates(connection, period)
    folders = []
    for day in sorted({day for _, day in made}):
        folders.append(_folder(workspace, day))
        _write(workspace, folders[-1], {place: one for place, one in made.items() if place[1] == day})
    return tuple(folders)


def templates_for(
    ledger: Ledger, workspace: Workspace, period: dt.date, districts: Sequence[str]
) -> dict[str, tuple[str, bytes]]:
    """district → file name and content: the template made for it, else one as it would be made now, which nobody records."""
    if not workspace.programme.template_version:
        return {}
    with ledger.reading() as connection:
        made = all_templates(connection, period)
        fresh = _prefilled(connection, districts, period, workspace.programme)
    wanted = {(district, period): made.get((district, period), fresh[district, period]) for district in districts}
    return dict(zip(districts, _products(workspace, wanted), strict=True))


def _districts(named: Sequence[str], programme: Programme) -> tuple[str, ...]:
    """In form order."""
    chosen = set()
    for text in named:
        match = match_district(text, programme)
        if match is None:
            known = Words(programme, "messages").text("separator").join(programme.district_names)
            raise TemplateRefused("district", text=text, districts=known)
        chosen.add(match.district)
    return tuple(name for name in programme.district_names if not named or name in chosen)


def _require_sense(period: dt.date, programme: Programme) -> None:
    label = period_label(period, programme)
    if not programme.template_version:
        raise TemplateRefused("version")
    if period < programme.start:
        raise TemplateRefused("before_start", as_of_label=label, start=date_label(programme.start, programme))
    if period > programme.end:
        raise TemplateRefused("after_end", as_of_label=label, end=date_label(programme.end, programme))


def _folder(workspace: Workspace, period: dt.date) -> Path:
    return workspace.outbox / period.isoformat() / Words(workspace.programme, "template").text("folder")


def _prefilled(connection: Connection, districts: Sequence[str], period: dt.date, programme: Programme) -> dict[Place, Prefilled]:
    """Each district's last accepted values of an earlier period, whatever lies between."""
    accepted = history(connection, districts, period, period)
    found = {}
    for district in districts:
        previous = max((day for day in accepted[district] if day < period), default=None)
        values = accepted[district][previous].values if previous else {}
        ordered = {indicator: values[indicator] for indicator in programme.indicator_ids if indicator in values}
        found[district, period] = Prefilled(programme.template_version, previous, ordered)
    return found


def _write(workspace: Workspace, folder: Path, templates: Mapping[Place, Prefilled]) -> None:
    write_products(folder, _products(workspace, templates))


def _products(workspace: Workspace, templates: Mapping[Place, Prefilled]) -> Iterator[tuple[str, bytes]]:
    programme, office, days = workspace.programme, workspace.office, workspace.calendar(_ANY_DAY)
    name = str(Words(programme, "template").raw("file"))
    for (district, period), one in templates.items():
        previous = (one.previous, one.values) if one.previous else None
        content = render(programme, district, period, previous, office, days.due(period))
        yield name.format(district=district, as_of=period.isoformat()), content
