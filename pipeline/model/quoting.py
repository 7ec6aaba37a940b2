"""What others wrote, as a sentence quotes it (wording.md 4.3): on one line, with everything in sight."""

from __future__ import annotations

import re

from pipeline.model.words import Words
from schemas.programme import Programme

_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
_FORMATS = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f"
)
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
"""Letters and marks to Unicode, and nothing to see: fillers, variation selectors."""

_ODD = re.compile(rf"(?P<line>\r\n|[\n\r\v\f\x85\u2028\u2029])|(?P<tab>\t)|(?P<unseen>[{_CONTROLS}{_FORMATS}{_FILLERS}])")
_EDGES = re.compile(r"(?<=[“‘])\s+|\s+(?=[”’])")


def quoted(sentence: str, programme: Programme) -> str:
    """With line breaks, tabs and invisible characters named, and without blanks at the ends of what stands in quotation marks."""
    marks = Words(programme, "findings").table("marks")

    def named(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        return str(marks[kind]).format(code=f"{ord(found[0]):04X}") if kind == "unseen" else str(marks[kind])

    return _ODD.sub(named, _EDGES.sub("", sentence))
