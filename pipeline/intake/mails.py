"""Mails (.eml): told by their head."""

from __future__ import annotations

import re

_HEADS = re.compile(rb"(?im)^(from|to|subject|date|received|mime-version|message-id|return-path|x-mailer|content-type):")
_START = re.compile(rb"(\xef\xbb\xbf)?\s*(From [^\r\n]*\r?\n)?(?=[!-9;-~]+:)")
_BLANK = re.compile(rb"\r?\n\r?\n")


def is_mail(content: bytes) -> bool:
    """Whether a file begins with the head of a mail: at least two of the fields every mail program writes."""
    start = _START.match(content[:2000])
    if start is None:
        return False
    head = _BLANK.split(content[start.end() : start.end() + 65536], maxsplit=1)[0]
    return len({field.lower() for field in _HEADS.findall(head)}) >= 2
