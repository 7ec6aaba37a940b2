"""Text → district (F03, S07, S08). All names are the programme's; a near match is only a suggestion."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.parse.characters import alternatives, drop_blanks, spaced, strip_blanks
from schemas.programme import District, Programme, RegionWords

How = Literal["standard", "full", "alias"]

_LONGEST = 100
"""Longer texts are no region cells; matching them would only cost time."""


@dataclass(frozen=True, slots=True)
class DistrictMatch:
    """A region cell recognised: ``standard`` and ``full`` (an official full name) are no finding, ``alias`` is S07."""

    district: str
    how: How


@dataclass(frozen=True, slots=True)
class _Names:
    """What the programme's names look like as patterns. ``official`` and ``short`` lead to the standard name."""

    official: dict[str, str]
    short: dict[str, str]
    whole: re.Pattern[str]
    """Prefix, name and suffixes as the whole text, without blanks."""
    frame: re.Pattern[str]
    """The prefix or the suffixes alone, to be taken off."""
    anywhere: re.Pattern[str]
    """Any name in running text, blanks inside allowed, with the words that are no district."""


def match_district(text: str, programme: Programme) -> DistrictMatch | None:
    """The district a region cell names, or None. Never a guess: every character must belong to a known name.

    City prefix and organisation suffixes may stand around the name. Blanks around the text are no change; blanks inside it, and
    aliases, make it ``alias`` (S07).
    """
    names = _names(programme.districts, programme.region)
    trimmed = strip_blanks(text)
    if len(trimmed) > _LONGEST:
        return None
    found = names.whole.fullmatch(drop_blanks(trimmed))
    if found is None:
        return None
    word = found["name"]
    if word in names.short or drop_blanks(trimmed) != trimmed:
        return DistrictMatch(names.short.get(word) or names.official[word], "alias")
    return DistrictMatch(names.official[word], "standard" if trimmed == names.official[word] else "full")


def find_districts(text: str, programme: Programme) -> tuple[str, ...]:
    """Every district mentioned in running text, in order of appearance, once each (evidence for F03).

    The longest name at a place wins and mentions never overlap. Words the programme lists as no districts, and the city's own
    name, cover what stands in them.
    """
    return tuple(dict.fromkeys(district for district in _mentions(text, programme) if district))


def suggest_district(text: str, programme: Programme) -> str | None:
    """The one district a text nearly names, for the message of S08 only; None when none or several come near.

    Near: the text contains the name, has its characters in another order, or differs by one character. Two-character names are
    not compared by distance (half of such a name is another word).
    """
    names = _names(programme.districts, programme.region)
    if len(text) > _LONGEST:
        return None
    mentioned = set(_mentions(text, programme))
    word = names.frame.sub("", drop_blanks(text))
    near = mentioned | {district for name, district in names.official.items() if _near(word, name)}
    return next(iter(near)) if len(near) == 1 and "" not in near else None


def _near(word: str, name: str) -> bool:
    if min(len(word), len(name)) < 3 or abs(len(word) - len(name)) > 1:
        return False
    if sorted(word) == sorted(name):
        return True
    start = next((place for place, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    # One character replaced, left out or added: what follows the first difference is the same.
    return any(word[start + a :] == name[start + b :] for a, b in ((1, 1), (0, 1), (1, 0)))


def _mentions(text: str, programme: Programme) -> Iterator[str]:
    """Standard names in order of appearance; an empty text stands for a word listed as no district."""
    names = _names(programme.districts, programme.region)
    for found in names.anywhere.finditer(text):
        word = drop_blanks(found[0])
        if district := names.official.get(word) or names.short.get(word):
            yield district
        elif word in programme.region.not_districts:
            yield ""


@functools.lru_cache(maxsize=8)
def _names(districts: tuple[District, ...], region: RegionWords) -> _Names:
    official = {name: district.name for district in districts for name in (district.name, *district.full_names)}
    short = {alias: district.name for district in districts for alias in district.aliases}
    prefix, suffix = alternatives(region.city_prefixes), alternatives(region.suffixes)
    name = alternatives((*official, *short))
    words = {*official, *short, *region.not_districts, *region.city_prefixes}
    return _Names(
        official,
        short,
        re.compile(rf"(?:{prefix})?(?P<name>{name})(?:{suffix})*"),
        re.compile(rf"^(?:{prefix})|(?:{suffix})+$"),
        re.compile(spaced(words)),
    )
