"""How Chinese texts write dates: a table of notations, each a pattern and what it means. No judgement of what is evidence."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.reading.values.characters import B


@dataclass(frozen=True, slots=True, order=True)
class Written:
    """A date as written: year 0 when none is said, day 0 for the month's last. It need not exist (30 February)."""

    year: int
    month: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A date found in a line: ``line[start:end]`` in the notation ``kind``; ``written`` is None for a range running backwards."""

    start: int
    end: int
    kind: str
    written: Written | None


def find_dates(line: str) -> list[Place]:
    """Every date of the line, in order, not overlapping. The line must be plain, and its dashes hyphens."""
    places = []
    kinds = {kind for kind, marks in _MARKS.items() if not marks.isdisjoint(line)}
    for kind, pattern, meaning in _compiled():
        if kind not in kinds:
            continue
        for found in list(pattern.finditer(line)):
            places.append(Place(found.start(), found.end(), kind, meaning(found)))
            # A place read once is not read again, so that nothing is made of the pieces of 2024-02-30.
            line = line[: found.start()] + "\0" * len(found[0]) + line[found.end() :]
    return sorted(places, key=lambda place: place.start)


_NO_DAY = 99

_NUMERALS = "〇一二三四五六七八九"
_ZEROS = "零○"


def _number(text: str) -> int:
    """06, 十二, 二十, 二〇二四 → the number."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十")
        return 10 * (_number(tens) if tens else 1) + (_number(ones) if ones else 0)
    return int("".join(str(0 if character in _ZEROS else _NUMERALS.index(character)) for character in text))


def _year(found: re.Match[str]) -> int:
    """Two digits are years of this century; 0 when the text gives none."""
    text = found["y"]
    return 0 if not text else _number(text) + (2000 if len(text) == 2 else 0)


def _day(found: re.Match[str]) -> Written:
    """A day 0 that is written is none: 0 stands for the month's last."""
    return Written(_year(found), _number(found["m"]), _number(found["d"]) or _NO_DAY)


def _month(found: re.Match[str]) -> Written:
    return Written(_year(found), _number(found["m"]))


def _months(found: re.Match[str]) -> Written | None:
    """A range; without a year, a number before may belong to something else (附件2-1月)."""
    return _month(found) if not found["y"] or _number(found["from"]) < _number(found["m"]) else None


def _quarter(found: re.Match[str]) -> Written:
    return Written(_year(found), 3 * _number(found["q"]))


def _quarters(found: re.Match[str]) -> Written | None:
    return _quarter(found) if _number(found["from"]) < _number(found["q"]) else None


def _half(found: re.Match[str]) -> Written:
    return Written(_year(found), 12 if found["h"] in ("下", "2") else 6)


def _whole(found: re.Match[str]) -> Written:
    return Written(_year(found), 12)


TO = r"[-~〜至到]"
YEAR = r"(?:19|20)[0-9]{2}"
_Y = rf"(?<![0-9])(?P<y>{YEAR})"
_SAID_YEAR = (
    rf"(?P<y>(?<![0-9]){YEAR}(?![0-9])|(?<![0-9])[0-9]{{2}}(?={B}年)|(?<![一二三四五六七八九])[一二][{_NUMERALS}{_ZEROS}]{{3}})"
    rf"{B}(?:年度?)?{B}\)?{B}\(?{B}"
)
# Not inside a number, after a year that could not be read, in another year, or in words such as 统一月报.
_NO_YEAR = rf"(?<![0-9{_NUMERALS}十])(?<![0-9]年)(?<![去上前]年)(?<![统唯同每第单逐])"
_MAYBE = rf"(?:{_SAID_YEAR}|{_NO_YEAR})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DD = r"[0-9]{1,2}"
_D = r"(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_Q = r"[1-4一二三四]"
# 7月初 and 7月上旬 are no ends of periods.
_MONTH_TAIL = rf"月(?:份|度)?(?:{B}[底末])?(?!{B}(?:初|[上中]旬))"
_DAY_TAIL = rf"(?:{B}[日号]|(?![0-9\u4e00-\u9fff]))"
_NOT_MORE = rf"(?![0-9]|{B}[-./]{B}[0-9])"

_MARKS = {"digits": frozenset("0123456789"), "words": frozenset("月季半年底末终"), "letters": frozenset("QqHh")}
"""Every notation of a kind has one of these: a text without them need not be tried in each."""

_Meaning = Callable[[re.Match[str]], Written | None]
# The more a notation says the earlier it stands.
_NOTATIONS: tuple[tuple[str, str, _Meaning], ...] = (
    ("digits", rf"{_Y}{B}(?P<s>[-./]){B}(?P<m>{_DD}){B}(?:(?P=s)|月){B}(?P<d>{_DD})(?![0-9]){B}[日号]?", _day),
    ("digits", rf"{_Y}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?![0-9])", _day),
    ("digits", rf"{_Y}{B}[./]{B}(?P<from>{_M}){B}{TO}{B}(?P<m>{_M})(?:月份?|{_NOT_MORE})", _months),  # 2024.1-6
    ("digits", rf"{_Y}{B}[-./]{B}(?P<m>1[0-2]|0?[1-9])(?:{_MONTH_TAIL}|(?!月){_NOT_MORE})", _month),
    ("digits", rf"{_Y}(?P<m>0[1-9]|1[0-2])(?![0-9]|{B}[号年])", _month),
    ("words", rf"{_MAYBE}(?P<m>{_M}){B}月{B}{_D}{B}日?{B}{TO}{B}(?P<d>{_D}){B}日", _day),  # 6月1-30日
    ("words", rf"{_MAYBE}(?P<m>{_M}){B}月{B}(?P<d>{_D}){_DAY_TAIL}", _day),
    ("words", rf"{_MAYBE}(?P<from>{_M}){B}(?:月份?)?{B}{TO}{B}(?P<m>{_M}){B}{_MONTH_TAIL}", _months),
    ("words", rf"{_MAYBE}前{B}(?P<m>{_M}){B}个月", _month),
    ("words", rf"{_MAYBE}(?P<m>{_M}){B}{_MONTH_TAIL}", _month),
    ("words", rf"{_MAYBE}第?{B}(?P<from>{_Q}){B}(?:季度?)?{B}{TO}{B}第?{B}(?P<q>{_Q}){B}季度?[底末]?", _quarters),
    ("words", rf"{_MAYBE}[第前]?{B}(?P<q>{_Q}){B}个?季度?[底末]?(?!{B}一[报次])", _quarter),
    ("words", rf"{_MAYBE}(?P<h>[上下])半年度?[底末]?", _half),
    ("words", rf"{_SAID_YEAR}(?P<h>半)年[度报]", _half),
    ("words", rf"{_SAID_YEAR}(?:年?[底末终]|全年度?)", _whole),
    ("letters", rf"{_Y}(?![0-9]){B}[年_-]?{B}Q{B}(?P<q>[1-4])(?![0-9A-Z])", _quarter),
    ("letters", rf"(?<![A-Z0-9])Q(?P<q>[1-4]){B}[/_-]?{B}(?P<y>{YEAR})(?![0-9])", _quarter),
    ("letters", r"(?P<y>(?!))?(?<![A-Z0-9])Q(?P<q>[1-4])(?![0-9A-Z])", _quarter),
    ("letters", rf"{_Y}(?![0-9]){B}[年_-]?{B}H(?P<h>[12])(?![0-9A-Z])", _half),
)


@functools.cache
def _compiled() -> tuple[tuple[str, re.Pattern[str], _Meaning], ...]:
    """On first use: only a process that reads files pays for it."""
    return tuple((kind, re.compile(pattern, re.IGNORECASE), meaning) for kind, pattern, meaning in _NOTATIONS)
