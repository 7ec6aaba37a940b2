"""Blanks of every kind, and full-width ASCII: explicit tables, because NFKC would also turn ① into 1 and ² into 2."""

from __future__ import annotations

import re
from collections.abc import Iterable

# ``\s`` knows no-break and ideographic blanks; zero-width ones, soft hyphen and BOM are added. Bidirectional embeddings and
# overrides are no blanks: they change the order in which digits are shown.
BLANK = r"[\s\u00ad\u115f\u1160\u180e\u200b-\u200f\u2060\u2800\u3164\ufeff\uffa0]"
BLANKS = f"{BLANK}*+"
"""Possessive: patterns hold many of these side by side, and a run of blanks must not be tried in every split."""
_BLANKS = re.compile(rf"{BLANK}+")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def strip_blanks(text: str) -> str:
    """Without the blanks around it."""
    end = len(text)
    while end and _BLANKS.match(text, end - 1):
        end -= 1
    start = _BLANKS.match(text, 0, end)
    return text[start.end() if start else 0 : end]


def drop_blanks(text: str) -> str:
    """Without any blank, inside ones too."""
    return _BLANKS.sub("", text)


def half_width(text: str) -> str:
    """Full-width ASCII (０-９ Ａ-Ｚ ，．（）％ …) as ASCII, character for character; nothing else changes."""
    return text.translate(_HALF)


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; without words it matches nothing."""
    return f"(?:{'|'.join(map(re.escape, sorted(set(words) - {''}, key=lambda word: (-len(word), word)))) or '(?!)'})"


def spaced(words: Iterable[str]) -> str:
    """A pattern for any of the words, blanks allowed between their characters, the longest first (平 阳 县, 填 报 日 期)."""
    longest_first = sorted(set(words) - {""}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(BLANKS.join(map(re.escape, word)) for word in longest_first) or '(?!)'})"
