"""What an explanation says besides stock phrases (domain.md “Grades and the loop”)."""

from __future__ import annotations

import functools
import re

from pipeline.parse.characters import plain
from schemas.programme import Programme


def substance(text: str, programme: Programme) -> str:
    """The text without stock phrases, punctuation and blanks: what is left is the reason it gives."""
    kept = "".join(character for character in plain(text) if character.isalnum())
    return _stock(programme).sub("", kept)


@functools.lru_cache(maxsize=8)
def _stock(programme: Programme) -> re.Pattern[str]:
    """The longest first: 情况属实 before 属实."""
    phrases = sorted(programme.answers.stock_phrases, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)) or r"(?!)")
