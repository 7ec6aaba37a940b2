"""What went wrong, told in Chinese; what is a mistake of the program goes into the workspace's log."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import typer

from pipeline.cli.help import complaint
from pipeline.cli.troubles import hindrance
from pipeline.model.account import Account, account
from pipeline.model.errors import SettingsError
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING, ProgrammeError

_messages = Words(DEFAULT_WORDING, "messages")


class WorkspaceLog(logging.FileHandler):
    """The log of a workspace, told from handlers of others. Where it cannot be written, what it tells of still goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, if the file can be opened."""
        with contextlib.suppress(OSError):
            super().emit(record)


def known_failure(error: Exception, workspace: Path) -> str | None:
    """The message for what the user, the settings or the surroundings did; None for a mistake of the program."""
    return _usage(error) or hindrance(error, workspace)


def passing_failure(error: Exception, workspace: Path) -> str:
    """The message for whoever goes on and tries again: whatever a disk or a share does may pass. A mistake of the program is
    logged. Called while the error is handled."""
    reason = known_failure(error, workspace)
    if reason is None and isinstance(error, OSError):
        return _messages.text("no_access", path=error.filename or workspace.resolve())
    return reason or mistake(workspace)


def _usage(error: Exception) -> str | None:
    """What the user wrote that cannot be understood."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error).rstrip()
    if isinstance(error, typer.TyperException):
        return _messages.text("usage", reason=complaint(error))
    if isinstance(error, SettingsError):
        return _messages.text("configuration", reason=_messages.text(f"settings.{error.problem}", **error.words))
    return _messages.text("configuration", reason=error) if isinstance(error, ProgrammeError) else None


def log_into(workspace: Path) -> None:
    """Mistakes of the program go into a log of the workspace, which is made with the first of them."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, WorkspaceLog)]:
        root.removeHandler(old)
        old.close()
    handler = WorkspaceLog(workspace / "annex2.log", encoding="utf-8", delay=True)
    handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root.addHandler(handler)


def mistake(workspace: Path) -> str:
    """Log the error that is being handled; what is said of it."""
    log: Path | None = (workspace / "annex2.log").resolve()
    try:
        workspace.joinpath("annex2.log").open("a", encoding="utf-8").close()
        log_into(workspace)
    except OSError:  # a workspace that cannot be written to: the traceback goes to the terminal
        log = None
        logging.basicConfig(force=True)
    logging.exception("internal error")
    ledger = _left(account())
    return _messages.text("crashed", ledger=ledger, log=log) if log else _messages.text("crashed_here", ledger=ledger)


def _left(account: Account) -> str:
    """What is true of the ledger."""
    if not account.changed:
        return _messages.text("left.untouched")
    if account.posted and not account.complete:
        return _messages.text("left.partly", count=account.posted)
    return _messages.text("left.posted")


def told_unmade(account: Account) -> str:
    """What is said of the products that could not be made; nothing where there are none."""
    names = _messages.text("separator").join(dict.fromkeys(account.unmade))
    return _messages.text("unmade", names=names) if names else ""
