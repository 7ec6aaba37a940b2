"""A letter: what is said to whom about a period, and by what it is known again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Attachment(NamedTuple):
    """File name and content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """``file`` is the draft's name. ``lasting`` is the body without what changes with the day it is written: date, days overdue.

    ``district`` is None for the letter to everybody. ``short`` is the short message that goes with it, empty where there is none.
    """

    kind: str
    district: str | None
    file: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    lasting: str
    attachments: tuple[Attachment, ...] = ()
    short: str = ""

    @cached_property
    def digest(self) -> str:
        """sha256 of what is said and attached: two letters with the same digest are the same letter, on whatever day."""
        attached = [[each.name, hashlib.sha256(each.content).hexdigest()] for each in self.attachments]
        said = json.dumps([self.kind, self.subject, self.lasting, attached], ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8")).hexdigest()
