"""Text → district (F03, S07, S08). All names are the programme's; a near match is only a suggestion."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.reading.values.characters import alternatives, drop_blanks, plain, spaced, strip_blanks, unified
from schemas.form import FormWords, RegionWords
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

    City prefix and organisation suffixes may stand around the name. Blanks around the text are no change; blanks inside it,
    aliases, numbering, marks, brackets and traditional characters make it ``alias`` (S07).
    """
    trimmed = strip_blanks(plain(text))
    if trimmed in programme.district_names:
        return DistrictMatch(trimmed, "standard")
    if not trimmed or len(trimmed) > _LONGEST:
        return None
    official, short = _names(programme.districts)
    compact = drop_blanks(trimmed)
    whole = _whole(programme.districts, programme.region)
    found = whole.fullmatch(compact)
    if found is None:
        found, compact = whole.fullmatch(_bare(trimmed, programme)), ""
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
    word = re.sub(frame, "", _bare(plain(text), programme))
    near = {district for name, district in _names(programme.districts)[0].items() if _near(word, name)}
    near.update(_mentions(text, programme))
    return next(iter(near)) if len(near) == 1 and "" not in near else None


_CLOSING = r"[.．、,，:：;；)）\]】〕]"
_NUMBERING = re.compile(
    rf"[（(\[【〔]?(?:第?[0-9]{{1,2}}(?:\.[0-9]{{1,2}})*(?=[-_ ]|{_CLOSING})"
    rf"|(?:[一二三四五六七八九十]{{1,3}}|[甲乙丙丁戊己庚辛]|[A-Za-z]|[IVXivx]{{1,4}})(?={_CLOSING}))"
)
"""1. (1) 01-, 一、 甲、 A. II) in front of a name: closed by a mark, for nobody knows what 1鹿城区 is."""
_FOOTNOTE = re.compile(r"[（(\[【〔]?(?:注释?|附注)[0-9]{0,2}[）)\]】〕]?|[（(\[【〔][0-9]{1,2}[）)\]】〕]")


def _bare(text: str, programme: Programme) -> str:
    """A plain text without what offices write around a name: 区域1：, numbering, marks, brackets, 盖章.

    What is left must still be a known name, every character of it: nothing is guessed.
    """
    word = _numbered(strip_blanks(unified(text)))
    word = _FOOTNOTE.sub("", _numbered(_head(programme.form).sub("", drop_blanks(word))))
    word = "".join(character for character in word if unicodedata.category(character) in _OF_NAMES)
    return _tails(programme.region.tails).sub("", word)


def _numbered(word: str) -> str:
    """Without the number in front."""
    found = _NUMBERING.match(word)
    return word[found.end() :] if found else word


_OF_NAMES = ("Lo", "Lu", "Ll", "Nd")
"""Categories of the characters that names are made of; ①, ², Ⅳ, * and brackets have others."""


@functools.lru_cache(maxsize=8)
def _head(form: FormWords) -> re.Pattern[str]:
    """The column's heading in front of the name (区域1：鹿城区); 填报单位：鹿城区 is a line of another kind."""
    heads = set(form.region_headers) - set(form.filler_labels)
    return re.compile(rf"^{alternatives(map(plain, heads))}[0-9]{{0,2}}[:：]")


@functools.lru_cache(maxsize=8)
def _tails(tails: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(tails)}++$")


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
    for found in _anywhere(programme.districts, programme.region).finditer(unified(plain(text))):
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
