"""What an explanation says besides stock phrases (domain.md “Grades and the loop”)."""

from __future__ import annotations

import functools
import re

from pipeline.model.words import Words
from pipeline.reading.values.characters import plain
from pipeline.reading.values.numerals import is_numeral
from schemas.programme import Programme

_REPEATED = re.compile(r"\A(.{1,200}?)\1+\Z", re.DOTALL)


def substance(text: str, programme: Programme) -> str:
    """The text without stock phrases, punctuation and blanks: what is left is the reason it gives. Nothing where that is made of
    filler words alone, or of one or two characters over and over; what is said several times counts once."""
    kept = bare(text)
    rules = programme.answers
    said = _REPEATED.sub(r"\1", _without(rules.stock_phrases).sub("", kept))
    different = {character for character in said if character.isalpha()}
    beside = _without((*rules.stock_phrases, *rules.filler_words)).sub("", kept)
    return said if len(different) >= rules.min_different and len(beside) >= rules.min_reason else ""


def bare(text: str) -> str:
    """The text without blanks and punctuation: what tells whether the same was said before."""
    return "".join(character for character in plain(text) if character.isalnum())


def why_not(text: str, rule: str, programme: Programme) -> str | None:
    """Why an explanation of a finding of ``rule`` is not taken, in Chinese: an empty phrase, or a fall without its amount. None
    when it is (wording.md 4.3)."""
    words = Words(programme, "answers")
    if len(substance(text, programme)) < programme.answers.min_length:
        return words.text("refused.empty", text=text.strip())
    if rule in programme.answers.amount_rules and not _states_amount(plain(text), programme):
        return words.text("refused.no_amount")
    return None


def _states_amount(line: str, programme: Programme) -> bool:
    """A number that is no part of a date, or a numeral before a unit of measure: 核减3, 两家; not 2024年, not 一并."""
    dates = programme.form.date_marks
    if any(not line[number.end() :].lstrip().startswith(dates) for number in re.finditer("[0-9]+", line)):
        return True
    after = (*(indicator.unit for indicator in programme.indicators), *programme.numbers.other_units, ")")
    return any(is_numeral(character) and line.startswith(after, place) for place, character in enumerate(line, 1))


@functools.lru_cache(maxsize=8)
def _without(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """The longest first: 情况属实 before 属实."""
    return re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) or r"(?!)")
