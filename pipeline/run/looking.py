"""The ledger looked into: how a period stands, and values with their versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.ledger.all_versions import versions
from pipeline.ledger.entries import entry_by
from pipeline.ledger.period_view import period_view
from pipeline.ledger.publications import Edition, editions
from pipeline.model import Version
from pipeline.model.view import PeriodView
from pipeline.workspace.known_around import completed
from pipeline.workspace.workspace import Workspace


def look(workspace: Workspace, period: dt.date | None) -> PeriodView | None:
    """The period as it stands (the latest one without ``period``); None when the ledger holds nothing."""
    with workspace.ledger_to_read() as ledger, ledger.reading() as connection:
        every = [edition for edition in editions(connection) if edition.period and (period is None or edition.period <= period)]
        last = every[-1] if every else Edition(period)
        wanted = replace(last, period=period or last.period)
        return completed(period_view(connection, wanted, workspace.programme), workspace) if wanted.period else None


def versions_of(
    workspace: Workspace, district: str | None, period: dt.date | None, until: dt.datetime | None, everything: bool
) -> list[Version]:
    """Versions of a district (of all), of a period (of all), as the ledger knew them at ``until`` (UTC; as it stands): those in
    force, or ``everything``."""
    with workspace.ledger_to_read() as ledger, ledger.reading() as connection:
        up_to = entry_by(connection, until) if until else None
        known = versions(connection, workspace.programme, district=district, period=period, up_to=up_to)
    return [version for version in known if everything or version.in_force]
