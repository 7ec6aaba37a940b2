"""Letters as mail: drafts that mail programs open for sending, and messages for the server."""

from __future__ import annotations

import datetime as dt
import re
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from pipeline.mail.letters import Letter
from pipeline.model.view import SHOWN_ZONE

TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
OTHER = ("application", "octet-stream")

_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_SPECIAL = re.compile(r'[\s<>()\[\],;:"\\]')


def is_address(text: str) -> bool:
    """Whether a server could take it: one address, without a name around it."""
    return bool(_ADDRESS.fullmatch(text)) and not _SPECIAL.search(text) and text.count("@") == 1


def draft(letter: Letter, sender: str) -> bytes:
    """The letter as .eml, the same bytes for the same letter. ``X-Unsent`` makes a mail program open it for sending."""
    message = _message(letter, sender)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def outgoing(letter: Letter, sender: str, now: dt.datetime) -> bytes:
    """The letter as the server gets it; ``now`` is UTC."""
    message = _message(letter, sender)
    message["Date"] = format_datetime(now.astimezone(SHOWN_ZONE))
    return message.as_bytes()


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy.SMTP)
    message["Subject"] = letter.subject
    if is_address(sender):
        message["From"] = sender
    to = [address for address in letter.recipients if is_address(address)]
    if to:
        message["To"] = ", ".join(to)
    message["Message-ID"] = f"<{letter.digest[:32]}@{sender.rpartition('@')[2] if is_address(sender) else 'annex2.invalid'}>"
    message.set_content(letter.body, charset="utf-8", cte="base64")
    for attachment in letter.attachments:
        maintype, subtype = next((kind for end, kind in TYPES.items() if attachment.name.endswith(end)), OTHER)
        message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
    if message.is_multipart():
        message.set_boundary(f"=={letter.digest[:32]}==")  # else another one every time
    return message
