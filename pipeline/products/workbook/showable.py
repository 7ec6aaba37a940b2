"""Text that districts sent, as it can be shown: no broken or control characters, nothing that turns its direction."""

from __future__ import annotations

import functools
import re

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and those that turn the direction of the text after them."""


def printable(text: str) -> str:
    """``text`` with everything that is not valid Unicode escaped: the byte D6 of a GBK file name becomes ``\\xd6``."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


@functools.lru_cache(maxsize=4096)  # the same names and labels stand in cell after cell
def showable(text: str, limit: int) -> str:
    """``text`` cut to ``limit`` characters (… says so), with what a page or a cell cannot show written as an escape."""
    if len(text) > limit:
        text = text[:limit] + "…"
    return _UNSHOWABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", printable(text))
