"""How far a command got, for whoever has to say how it ended: what it posted, and what it could not make."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass
class Account:
    """``changed``: something was written into the ledger. ``complete``: all that was to be posted is."""

    posted: int = 0
    changed: bool = False
    complete: bool = False
    unmade: list[str] = field(default_factory=list)
    """Names of products that an internal error kept from being made."""


_account: ContextVar[Account] = ContextVar("_account")


def begin() -> Account:
    """A new account, for a command or one run of a watcher."""
    account = Account()
    _account.set(account)
    return account


def account() -> Account:
    """That of the command under way."""
    return _account.get(None) or begin()


def unmade(name: str, trace: str) -> None:
    """Note a product that could not be made; the traceback goes into the log."""
    log.error("%s could not be made\n%s", name, trace)
    account().unmade.append(name)
