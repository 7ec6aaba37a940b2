"""The checks in their order, each for itself: one that fails or hangs is told of, and the next is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue

from pipeline.model.errors import SettingsError
from pipeline.upkeep.doctor import clock, folders, fonts, ledger, mail, notice, office, software
from pipeline.upkeep.doctor import libreoffice as pdf
from pipeline.upkeep.doctor import programme_file as programme
from pipeline.upkeep.doctor.seen import Office, Seen, doctor_words, seen
from schemas.programme import ProgrammeError

Check = Callable[[Office], Iterator[Seen]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("software", software.check),
    ("programme", programme.check),
    ("settings", office.check_settings),
    ("folders", folders.check_rights),
    ("files", folders.check_files),
    ("space", folders.check_space),
    ("ledger", ledger.check),
    ("clock", clock.check),
    ("office", office.check_office),
    ("districts", office.check_districts),
    ("deciders", office.check_deciders),
    ("deadlines", office.check_deadlines),
    ("notice", notice.check),
    ("fonts", fonts.check),
    ("pdf", pdf.check),
    ("mail", mail.check),
)

SECONDS = 30
"""How long a check may take: a network folder that went away answers never."""


def examine(examined: Office, checks: tuple[tuple[str, Check], ...] = CHECKS, seconds: float = SECONDS) -> Iterator[Seen]:
    """Everything that is seen, as it is seen."""
    for name, check in checks:
        yield from _made(name, check, examined, seconds)


def _made(name: str, check: Check, examined: Office, seconds: float) -> list[Seen]:
    """In a thread that is left behind when it hangs: it ends with the process."""
    answer: SimpleQueue[list[Seen]] = SimpleQueue()
    threading.Thread(target=lambda: answer.put(_told(name, check, examined)), daemon=True).start()
    try:
        return answer.get(timeout=seconds)
    except Empty:
        return [_about(name, seen("check", "late", seconds=round(seconds)))]


def _told(name: str, check: Check, examined: Office) -> list[Seen]:
    try:
        return list(check(examined))
    except (SettingsError, ProgrammeError):  # told by the checks of these themselves
        return [_about(name, seen("check", "skipped"))]
    except Exception as error:
        return [_about(name, seen("check", "failed", error=f"{type(error).__name__}: {error}"))]


def _about(name: str, result: Seen) -> Seen:
    """What came of a check that was not made, under the check's own subject."""
    return replace(result, subject=doctor_words.text(f"{name}.subject"))
