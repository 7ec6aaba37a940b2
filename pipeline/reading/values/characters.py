"""Blanks of every kind, and full-width ASCII: explicit tables, because NFKC would also turn ① into 1 and ² into 2."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from schemas.variants import variants

_BLANKS = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_ZERO_WIDTH = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2800\u3164\ufeff\uffa0"
# Word joiners, embeddings and isolates of a direction, variation selectors. An override (U+202E) is judged where digits are read.
_ZERO_WIDTH += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10))))
_ZERO_WIDTH += "\u17b4\u17b5\u180b\u180c\u180d" + "".join(map(chr, range(0xE0000, 0xE01F0)))
_PLAIN: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN.update(dict.fromkeys(map(ord, _BLANKS + _ZERO_WIDTH), " "))

_UNSEEN = "\u034f\u061c\u17b4\u17b5\u180b\u180c\u180d" + "".join(
    chr(code)
    for first, last in ((0x202A, 0x202E), (0x2061, 0x206F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
)
"""Marks of direction, variation selectors and the like: nothing that a reader of a name sees."""

B = "[ \n]*+"
"""Blanks, in patterns for plain text. Possessive: many stand side by side, and a run must not be tried in every split."""


def plain(text: str) -> str:
    """The text, character for character, with ASCII for full-width ASCII and a space for any blank but a line's end."""
    return text.translate(_PLAIN)


def unified(text: str) -> str:
    """A text for comparing names, character for character: traditional characters and radicals as the ones they stand for, a
    space for what cannot be seen. Never for reading numbers."""
    return text if text.isascii() else text.translate(_unified())


@functools.cache
def _unified() -> Mapping[int, str]:
    return {**variants(), **dict.fromkeys(map(ord, _UNSEEN), " ")}


def strip_blanks(text: str) -> str:
    """A plain text without the blanks around it."""
    return text.strip(" \n")


def drop_blanks(text: str) -> str:
    """A plain text without any blank."""
    return text.replace(" ", "").replace("\n", "")


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; without words it matches nothing."""
    return _any(map(re.escape, _longest_first(words)))


def spaced(words: Iterable[str]) -> str:
    """A pattern for any of the words, blanks allowed between their characters, the longest first (平 阳 县, 填 报 日 期)."""
    return _any(B.join(map(re.escape, word)) for word in _longest_first(words))


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(set(words) - {""}, key=lambda word: (-len(word), word))


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns) or '(?!)'})"
