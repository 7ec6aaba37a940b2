"""Mail: what ``send`` needs. Without a server there are drafts, which people send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.upkeep.doctor.seen import Office, Seen, listed, seen
from pipeline.workspace.settings import MailSettings

ADDRESS = re.compile(r"[^@\s<>,;，；、]+@[^@\s<>,;，；、]+")
KEYRING = "annex2"


def check(examined: Office) -> Iterator[Seen]:
    """Addresses for the drafts first, then the server."""
    mail = examined.workspace.settings.mail
    yield from _addresses(examined)
    if not mail.host:
        yield seen("mail", "none")
        return
    gaps = list(_gaps(mail))
    yield from gaps or [seen("mail", "fine", host=mail.host, sender=mail.sender)]
    if mail.security == "none":
        yield seen("mail", "open")


def _addresses(examined: Office) -> Iterator[Seen]:
    settings, names = examined.workspace.settings, examined.workspace.programme.district_names
    without = [name for name in names if name not in settings.contacts or not settings.contacts[name].mail]
    if without:
        yield seen("mail", "districts", names=listed(without))
    if not settings.mail.recipients:
        yield seen("mail", "recipients")
    given = (settings.mail.sender, *settings.mail.recipients, *(contact.mail for contact in settings.contacts.values()))
    wrong = [address for address in given if address and not ADDRESS.fullmatch(address)]
    if wrong:
        yield seen("mail", "addresses", names=listed(wrong))


def _gaps(mail: MailSettings) -> Iterator[Seen]:
    if not mail.sender:
        yield seen("mail", "sender")
    if not mail.user:
        yield seen("mail", "user")
    elif not mail.password:
        yield from _keyring(mail.user)


def _keyring(user: str) -> Iterator[Seen]:
    """The password is looked for and not shown."""
    try:
        import keyring
    except ImportError:
        yield seen("mail", "no_keyring")
        return
    try:
        found = keyring.get_password(KEYRING, user)
    except keyring.errors.KeyringError:  # this system has none, or it is locked
        found = None
    if not found:
        yield seen("mail", "password", user=user)
