"""Text → district (F03, S07, S08). All names are the programme's; a near match is only a suggestion."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.parse.characters import alternatives, drop_blanks, plain, spaced, strip_blanks
from schemas.form import RegionWords
from schemas.programme import District, Programme

How = Literal["standard", "full", "alias"]

_LONGEST = 100
"""Longer texts are no region cells; matching them would only cost time."""


@dataclass(frozen=True, slots=True)
class DistrictMatch:
    """A region cell recognised: ``standard`` and ``full`` (an official full name) are no finding, ``alias`` is S07."""

    district: str
    how: How


@functools.lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def match_district(text: str, programme: Programme) -> DistrictMatch | None:
    """The district a region cell names, or None. Never a guess: every character must belong to a known name.

    City prefix and organisation suffixes may stand around the name. Blanks around the text are no change; blanks inside it, and
    aliases, make it ``alias`` (S07).
    """
    trimmed = strip_blanks(plain(text))
    if trimmed in programme.district_names:
        return DistrictMatch(trimmed, "standard")
    if not trimmed or len(trimmed) > _LONGEST:
        return None
    official, short = _names(programme.districts)
    compact = drop_blanks(trimmed)
    found = _whole(programme.districts, programme.region).fullmatch(compact)
    if found is None:
        return None
    if district := short.get(found["name"]):
        return DistrictMatch(district, "alias")
    return DistrictMatch(official[found["name"]], "full" if compact == trimmed else "alias")


@functools.lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
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
    if len(text) > _LONGEST:
        return None
    region = programme.region
    frame = rf"^{alternatives(region.city_prefixes)}|{alternatives(region.suffixes)}++$"
    word = re.sub(frame, "", drop_blanks(plain(text)))
    near = {district for name, district in _names(programme.districts)[0].items() if _near(word, name)}
    near.update(_mentions(text, programme))
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
    official, short = _names(programme.districts)
    for found in _anywhere(programme.districts, programme.region).finditer(plain(text)):
        word = drop_blanks(found[0])
        if district := official.get(word) or short.get(word):
            yield district
        elif word in programme.region.not_districts:
            yield ""


@functools.lru_cache(maxsize=8)
def _names(districts: tuple[District, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Official names, and short ones, with the standard name they lead to."""
    official = {name: district.name for district in districts for name in (district.name, *district.full_names)}
    return official, {alias: district.name for district in districts for alias in district.aliases}


@functools.lru_cache(maxsize=8)
def _whole(districts: tuple[District, ...], region: RegionWords) -> re.Pattern[str]:
    """Prefix, name and suffixes as the whole of a text without blanks."""
    official, short = _names(districts)
    prefix, suffix = alternatives(region.city_prefixes), alternatives(region.suffixes)
    return re.compile(rf"{prefix}?(?P<name>{alternatives((*official, *short))}){suffix}*")


@functools.lru_cache(maxsize=8)
def _anywhere(districts: tuple[District, ...], region: RegionWords) -> re.Pattern[str]:
    """Any name in running text, blanks inside allowed, with the words that are no district."""
    official, short = _names(districts)
    return re.compile(spaced((*official, *short, *region.not_districts, *region.city_prefixes)))
