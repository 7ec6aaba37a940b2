"""The ledger's database: whether it opens, is sound, and has the tables of this version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ledger.condition import Condition, condition
from pipeline.ledger.store import LedgerUnavailable, sqlite_url
from pipeline.model.errors import LedgerTrouble
from pipeline.model.words import Words
from pipeline.upkeep.doctor.seen import Office, Seen, seen
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING

SECONDS = 15
"""How long a database of SQLite is looked through; a ledger of ten years needs less than one."""


def check(examined: Office) -> Iterator[Seen]:
    """What is known of it without changing it."""
    try:
        found = condition_of(examined.workspace, SECONDS)
    except LedgerUnavailable as error:
        yield seen("ledger", "unavailable", ledger=error)
        return
    except LedgerTrouble as error:
        text, _, advice = Words(DEFAULT_WORDING, "messages").text(f"ledger.{error.problem}", ledger=error.ledger).partition("\n")
        yield seen("ledger", "trouble", text=text, advice=advice)
        return
    if found is None:
        yield seen("ledger", "none")
    elif found.revision is None:
        yield seen("ledger", "empty", ledger=found.address)
    elif found.older:
        yield seen("ledger", "older", ledger=found.address)
    elif found.unfinished:
        yield seen("ledger", "large", ledger=found.address)
    else:
        yield seen("ledger", "fine", ledger=found.address, submissions=found.submissions)
    if found and found.originals:
        yield from _originals(found, examined.workspace.root / examined.workspace.settings.ledger.originals)


def _originals(found: Condition, folder: Path) -> Iterator[Seen]:
    """Values are proven by the files they came from."""
    there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    if lost := found.originals - there:
        yield seen("ledger", "originals", count=len(lost), path=folder)


def condition_of(workspace: Workspace, seconds: float = 0) -> Condition | None:
    """As ``ledger.condition``; None where there is no ledger yet."""
    url, database = workspace.settings.ledger.url, workspace.root / "ledger" / "ledger.db"
    if url is None and not database.exists():
        return None
    return condition(url or sqlite_url(database), seconds)
