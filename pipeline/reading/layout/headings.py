"""One heading: the indicator it names through numbers, marks, brackets and words of meaning, and what stands around the name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.reading.layout.comparable import brackets_opened, plain
from pipeline.reading.layout.meanings import dates_in, meanings, periods_in, says_only, says_only_meaning, without_names
from schemas.programme import Programme

Sure = Literal["whole", "short", "near"]

_LONGEST = 120
"""Longer texts are sentences; matching them would only cost time."""
_NEAR_LEAST = 5
"""Characters of a name that may have one wrong: of shorter ones too little is left."""


@dataclass(frozen=True)
class Heading:
    """``around`` is what the text says besides the name (本期新增, 累计), the unit apart.

    ``sure`` is ``short`` where the name counts only beside the other indicators, ``near`` where one character is wrong or a
    bracket holds something unknown: no column is taken for it (S01).
    """

    indicator: str
    unit: str | None
    around: str = ""
    sure: Sure = "whole"


def recognise(text: str, programme: Programme) -> tuple[str, str | None] | None:
    """The indicator a text names, and the unit it states; None when it names none for sure."""
    heading = read_heading(text, programme)
    return (heading.indicator, heading.unit) if heading and heading.sure != "near" else None


@lru_cache(maxsize=32_768)  # a sheet is looked through several times, and offices copy the form
def read_heading(text: str, programme: Programme) -> Heading | None:
    """The indicator a header text names, or nearly names; None when it names none."""
    if len(text) > _LONGEST or not _may_name(text, programme):
        return None
    names = _names(programme)
    word, unit, around, strange = brackets_opened(text), None, "", False
    while plain(word) not in names and (found := _BRACKET.search(word)):
        word, beside = f"{word[: found.start()]} {word[found.end() :]}", word
        joined = beside[: found.start()] + found[1] + beside[found.end() :]
        if len(found[1]) > 1 and plain(joined) in names:  # a part of the name is: 已选派《科技副总》企业数
            word = joined
            break
        if _may_name(found[1], programme) and not _may_name(word, programme):  # the name itself is in brackets
            word = f"{beside[: found.start()]} {found[1]} {beside[found.end() :]}"
            continue
        for part in () if narrows_nothing(found[1], programme) else _parts(found[1]):
            if is_unit(part, programme):
                unit = unit or bare_unit(part, programme)
            elif periods_in(part, programme) or (meanings(part, programme)[0] and says_only(part, programme)):
                around = f"{part} {around}"
            elif not _harmless(part, programme):
                strange = True
    if plain(word) not in names:
        for date in dates_in(word, programme):
            word, around = word.replace(date, " ", 1), f"{date} {around}"
        word = _without_foreign(word, programme)
    if plain(word) not in names and (tail := _DIVIDED.search(word)) and is_unit(tail[1], programme):
        word, unit = word[: tail.start()], unit or tail[1]
    return _named(plain(word), unit, around.strip(), strange, programme)


_BRACKET = re.compile(r"\(([^()]*)\)")
_DIVIDED = re.compile(r"[,:;、\s_-]\s*(\S{1,3})\s*$")
"""The end of a text after a mark or a blank: 企业数，家."""
_FOREIGN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2,}(?![0-9A-Za-z])")


def _without_foreign(word: str, programme: Programme) -> str:
    """A text without what it says in foreign letters too (Enterprises, yixuanpai), unless that may narrow the figures."""
    found = {each.lower() for each in _FOREIGN.findall(word)}
    return word if found & set(programme.form.meanings.foreign) else _FOREIGN.sub(" ", word)


def _parts(remark: str) -> list[str]:
    """累计，家 is 累计 and 家."""
    return [part.strip() for part in re.split(r"[，,、；;/|\s]+", remark) if part.strip()]


def _named(core: str, unit: str | None, around: str, strange: bool, programme: Programme) -> Heading | None:
    """The heading of a plain text without brackets."""
    bare = bare_heading(core, programme)
    for attempt in dict.fromkeys((core, bare, bare.replace("的", ""))):
        name, tail, more = _match(attempt, programme)
        if name:
            said = " ".join(filter(None, (more, around)))
            sure: Sure = "near" if strange else "short" if name in _short_names(programme) else "whole"
            return Heading(_names(programme)[name], unit or tail, said, sure)
    near = _near(bare, programme) or _with_more(bare, programme)
    return Heading(near, unit, around, "near") if near else None


def _match(core: str, programme: Programme) -> tuple[str | None, str | None, str]:
    """(name, unit behind it, words of meaning around it) of a plain text."""
    names = _names(programme)
    if core in names:
        return core, None, ""
    if (tail := _tail_unit(programme).search(core)) and core[: tail.start()] in names:
        return core[: tail.start()], tail[1], ""
    for name in _by_length(programme):
        start = core.find(name)
        if start >= 0:
            before, behind = core[:start], core[start + len(name) :]
            if _is_around(before, programme) and _is_around(behind, programme):
                return name, None, f"{before} {behind}".strip()
    return None, None, ""


def _is_around(text: str, programme: Programme) -> bool:
    """Whether what stands before or behind a name only says what is counted of it, or nothing."""
    return not text or says_only_meaning(text, programme)


_MARKS = "†‡§※☆★▲△#^"


def bare_heading(core: str, programme: Programme) -> str:
    """Without a mark (★) or a number before it (1. A. 指标1：, 一), and a footnote's mark or number behind it."""
    return _mark(programme).sub("", _number(programme).sub("", core.lstrip(_MARKS), count=1), count=1)


@lru_cache(maxsize=4)
def _number(programme: Programme) -> re.Pattern[str]:
    labels = "|".join(re.escape(plain(word)) for word in sorted(programme.form.label_headers, key=len, reverse=True)) or "(?!)"
    number = "[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[a-z]|[ivx]{1,4}"
    return re.compile(rf"^(?:{labels})?(?:第?(?:{number})项?(?:[.)]|(?=[^0-9a-z.])))+")


@lru_cache(maxsize=4)
def _mark(programme: Programme) -> re.Pattern[str]:
    marks = "|".join(re.escape(plain(word)) for word in programme.form.note_marks if plain(word)) or "(?!)"
    return re.compile(rf"(?:{marks})?[0-9]{{0,2}}[{_MARKS}]*$")


@lru_cache(maxsize=4)
def _tail_unit(programme: Programme) -> re.Pattern[str]:
    """A unit behind the heading without brackets: …数 单位：家, …数/家."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, programme.form.unit_labels))}|/)(.{{1,3}})$")


@lru_cache(maxsize=1024)
def bare_unit(text: str, programme: Programme) -> str:
    """单位：家 is 家."""
    return re.sub(rf"^(?:{'|'.join(map(re.escape, programme.form.unit_labels))})", "", plain(text))


@lru_cache(maxsize=4)
def _names(programme: Programme) -> dict[str, str]:
    """Every way an indicator's column may be headed, plain, to its id."""
    names: dict[str, str] = {}
    for indicator in programme.indicators:
        for heading in (indicator.name, *indicator.headers):
            names.setdefault(plain(heading), indicator.id)
            names.setdefault(plain(heading).replace("的", ""), indicator.id)
    for indicator in programme.indicators:
        for heading in indicator.short_headers:
            names.setdefault(plain(heading), indicator.id)
    return names


@lru_cache(maxsize=4)
def _short_names(programme: Programme) -> frozenset[str]:
    sure = {plain(word) for each in programme.indicators for word in (each.name, *each.headers)}
    return frozenset({plain(word) for each in programme.indicators for word in each.short_headers} - sure)


@lru_cache(maxsize=4)
def _by_length(programme: Programme) -> tuple[str, ...]:
    return tuple(sorted(_names(programme), key=lambda name: (-len(name), name)))


def _may_name(text: str, programme: Programme) -> bool:
    """Whether a text has half of any name: one that names an indicator, or nearly so, has it. Most texts have not."""
    whole = plain(brackets_opened(text))
    core = _AMONG.sub("", whole)
    half = _halves(programme)
    return bool(half.search(core) or half.search(whole))


_AMONG = re.compile(r"的|\([^()]*\)")
"""What may stand among the characters of a name."""


@lru_cache(maxsize=4)
def _halves(programme: Programme) -> re.Pattern[str]:
    """One pattern for all: a sheet of texts is searched for it cell by cell."""
    halves: set[str] = set()
    for name in (_AMONG.sub("", each) for each in _names(programme)):
        middle = len(name) // 2
        halves |= {name[:middle], name[middle:]} if len(name) >= _NEAR_LEAST else {name}
    return re.compile("|".join(map(re.escape, sorted(halves - {""}))))


def _near(core: str, programme: Programme) -> str | None:
    """The one indicator of which a name differs from the text by one character; None when there are several or none."""
    close = (name for name in _names(programme) if len(name) >= _NEAR_LEAST and abs(len(name) - len(core)) <= 1)
    found = {_names(programme)[name] for name in close if name not in _short_names(programme) and differs_by_one(core, name)}
    return found.pop() if len(found) == 1 else None


def _with_more(core: str, programme: Programme) -> str | None:
    """The indicator whose name a text has with something unknown beside it (高校已选派…企业数, 2025年…)."""
    for name in _by_length(programme):
        more = core.replace(name, "", 1)
        if len(name) >= _NEAR_LEAST and name in core and len(more) <= _MORE_MOST and name not in _short_names(programme):
            return _names(programme)[name] if without_names(more, programme) == more else None
    return None


_MORE_MOST = 6
"""Unknown characters beside a name: with more it is a sentence about it."""


def differs_by_one(word: str, name: str) -> bool:
    """One character replaced, left out or added: what follows the first difference is the same."""
    start = next((place for place, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    return any(word[start + a :] == name[start + b :] for a, b in ((1, 1), (0, 1), (1, 0)))


@lru_cache(maxsize=1024)
def is_unit(text: str, programme: Programme) -> bool:
    """Whether a text is a unit of measure, right or wrong: 家, 万项, 百家, %."""
    units = {indicator.unit for indicator in programme.indicators} | set(programme.numbers.other_units)
    core = bare_unit(text, programme)
    core = core.lstrip("".join(programme.numbers.magnitudes))
    return core in set(map(plain, units)) or plain(text) in {"%", "‰", *programme.numbers.magnitudes}


def _harmless(part: str, programme: Programme) -> bool:
    """A remark in brackets that changes nothing: a footnote's number, 截至目前, 含省级, 2024年以来."""
    form, core = programme.form, plain(part)
    if re.fullmatch("[一二三四五六七八九十]*", core) or not _mark(programme).sub("", core, count=1):
        return True
    foreign = bool(core) and not _without_foreign(brackets_opened(part), programme).strip(_BETWEEN)
    return foreign or core in map(plain, form.header_affixes) or narrows_nothing(part, programme)


_BETWEEN = " .,'&-\n"
"""What stands between foreign words."""


def narrows_nothing(remark: str, programme: Programme) -> bool:
    """Whether a remark only says what is included, how to fill in, or that counting starts with the programme."""
    includes = tuple(map(plain, programme.form.meanings.includes))
    if _since_start(programme).fullmatch(plain(remark)):
        return True
    return bool(includes) and plain(remark).startswith(includes) and meanings(remark, programme)[0] is None


@lru_cache(maxsize=4)
def _since_start(programme: Programme) -> re.Pattern[str]:
    """The years of the programme, or that counting starts with it: 2024-2026年, 自2024年1月1日起."""
    start, end = programme.start, programme.end
    since = "|".join(re.escape(plain(word)) for word in sorted(programme.form.meanings.since, key=len, reverse=True)) or "(?!)"
    day = rf"{start.year}年?(?:0?{start.month}月?(?:0?{start.day}日?)?)?"
    return re.compile(rf"[自从]?{day}(?:{since})|{start.year}[至~到]?{end.year}年?度?")
