"""A wrong baseline (基期数) taken back, of one district or of all that came with a file, while nothing issued rests on it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.decisions import JUDGED, Refused, Request, named_files, place_text, taken
from pipeline.ledger.baselines import baselines, resting
from pipeline.model import Act, Decision, Status
from pipeline.model.labels import period_label
from pipeline.model.view import FileRecord
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.baselines import Baseline


def withdrawal(
    connection: Connection, request: Request, files: Sequence[FileRecord], workspace: Workspace, now: dt.datetime
) -> Decision | None:
    """The decision that takes back a baseline, of all its file's districts where none is named; None for a request that is about
    something else. ``files`` are those of the period. Raises Refused."""
    if request.act != Act.WITHDRAW or request.period is None:
        return None
    meant = _meant(request, files, baselines(connection, request.period))
    if not meant:
        return None
    decision = taken(request, workspace.settings.decide.names, now)
    hashes = {baseline.sha256 for baseline in meant.values()}
    if len(hashes) > 1:
        raise Refused("which", count=len(hashes))
    if later := resting(connection, request.period, meant.values()):
        words = {"place": place_text(request, workspace.programme), "later": period_label(later, workspace.programme)}
        raise Refused("baseline_rests", **words)
    return dataclasses.replace(decision, sha256=hashes.pop())


def _meant(request: Request, files: Sequence[FileRecord], known: Mapping[str, Baseline]) -> dict[str, Baseline]:
    """By district. What a district has sent itself goes first, where it is named or no file is."""
    sent = [file for file in files if file.district == request.district and file.status in JUDGED]
    if sent if request.file is None else named_files(request.file, sent):
        return {}
    tables = [file for file in files if file.status == Status.BASELINE]
    hashes = {file.sha256 for file in (tables if request.file is None else named_files(request.file, tables))}
    return {name: one for name, one in known.items() if request.district in (None, name) and one.sha256 in hashes}
