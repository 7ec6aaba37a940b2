"""What a text says figures leave out or are limited to (仅含第四季度, 不含以前累计): then they are no running totals."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Meaning
from pipeline.reading.layout.comparable import brackets_opened
from pipeline.reading.layout.meanings import known_words, meanings
from pipeline.reading.values.characters import alternatives, unified
from schemas.programme import Programme

_LONGEST = 40
"""Longer clauses are sentences."""
_QUARTER, _YEAR = 3, 12
"""Months."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``meaning`` where figures are an increase whatever the period; ``years`` are those of which they are still all; ``without``
    are (year, last month) of spans left out, year 0 for the period's own: they matter only where they lie before its end."""

    meaning: Meaning | None = None
    years: tuple[int, ...] = ()
    without: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Time:
    """A time named in a clause, from its ``first`` to its ``last`` month; 0 for a year alone. ``day`` is the first day, or 0."""

    year: int
    first: int
    last: int
    day: int
    before: bool
    """3月底以前."""
    since: bool
    """4月1日起."""
    end: bool
    """12月底: a day up to which is counted."""


@lru_cache(maxsize=4096)  # the same lines stand in file after file
def limit_of(text: str, programme: Programme) -> Limit | None:
    """The first limit that a clause of a text states, and nothing else; None for a text without one."""
    triggers = _triggers(programme)
    if triggers is None or not triggers.search(text):
        return None
    clauses = [_NUMBERING.sub("", clause) for clause in _CLAUSES.split(_compact(text))]
    joint = [first + second for first, second in itertools.pairwise(clauses) if _lacks(second, programme)]
    told = (_of_clause(clause, programme) for clause in (*clauses, *joint) if clause and len(clause) <= _LONGEST)
    return next(filter(None, told), None)


def _lacks(clause: str, programme: Programme) -> bool:
    """Whether a clause does not say itself what is left out: 前三季度已报，未计入."""
    excluded = _any(programme.form.meanings.excludes).search(clause)
    return excluded is not None and not clause[excluded.end() :]


_CLAUSES = re.compile(r"[,、;。:!\n()]|(?<=[\u4e00-\u9fff])[0-9]\.(?![0-9])")
_NUMBERING = re.compile(r"^[0-9]{1,2}\.(?![0-9])")
_BLANKS = re.compile(r"[ \t\u3000“”\"'‘’「」『』·•*※★☆▲△#]+")


def _compact(text: str) -> str:
    return _BLANKS.sub("", brackets_opened(unified(text)))


@lru_cache(maxsize=4)
def _triggers(programme: Programme) -> re.Pattern[str] | None:
    words = programme.form.meanings
    every = (*words.excludes, *words.only, *words.after, *words.not_total)
    return re.compile(alternatives(every)) if every else None


def _of_clause(clause: str, programme: Programme) -> Limit | None:
    times: list[_Time] = []

    def held(found: re.Match[str]) -> str:
        if not (found["year"] or found["span"]):
            return found[0]
        times.append(_time(found))
        return _HELD

    rest = _times(programme).sub(held, clause)
    if not _made_of_words(programme).fullmatch(rest):
        return None
    words, start = programme.form.meanings, programme.start
    if _any(words.not_total).search(rest):
        return Limit(Meaning.INCREASE)
    if excluded := _any(words.excludes).search(rest):
        return _without(rest[: excluded.start()], rest[excluded.end() :], times, programme)
    if not times:
        limited = _any(words.only).search(rest) and meanings(rest, programme)[0] is Meaning.INCREASE
        return Limit(Meaning.INCREASE) if limited else None
    if any(time.before for time in times):
        return None
    if any(time.since for time in times):
        return None if _any(words.asks).search(rest) else _since(times[0], start)
    spanned = not times[0].day and not times[0].end
    return _limited_to(times[0], start) if spanned and _any(words.only).search(rest) else None


_HELD = "\x01"


@lru_cache(maxsize=32)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(alternatives(words))


def _without(before: str, behind: str, times: list[_Time], programme: Programme) -> Limit | None:
    """What a clause says is left out, behind the word for it or in front (前三季度数未计入)."""
    words = programme.form.meanings
    earlier = _any((*words.earlier, *words.other))
    told = behind if earlier.search(behind) or _HELD in behind else before
    if meanings(behind, programme)[0] in (Meaning.TARGET, Meaning.RATE) or (told is before and meanings(behind, programme)[0]):
        return None  # 不含下半年计划; 累计数，不含新增
    if earlier.search(told):
        return Limit(Meaning.INCREASE)
    return _left_out(times, programme.start) if _HELD in told else None


def _left_out(times: list[_Time], start: dt.date) -> Limit | None:
    """What lies before the programme's first day may be left out."""
    without = []
    for time in times:
        begins = (time.year or start.year, time.first or 1, time.day or 1)
        early = time.before and not time.end and begins <= (start.year, start.month, start.day)
        if not time.since and not early and not 0 < time.year < start.year:
            without.append((time.year, time.last or _YEAR))
    return Limit(without=tuple(without)) if without else None


def _since(time: _Time, start: dt.date) -> Limit | None:
    """Counting from the programme's first day is what is asked for."""
    if (time.first or 1, time.day or 1) != (start.month, start.day) or time.end or time.year > start.year:
        return Limit(Meaning.INCREASE)
    return None if time.year else Limit(years=(start.year,))


def _limited_to(time: _Time, start: dt.date) -> Limit | None:
    """A span that begins with the programme holds all there is."""
    if (time.first or 1) != start.month or time.year not in (0, start.year):
        return Limit(Meaning.INCREASE)
    return Limit(years=(start.year,))


_FIGURES = {figure: number for number, figure in enumerate("一二三四五六七八九十", start=1)} | {"十一": 11, "十二": 12, "两": 2}
_NUMBER = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九两])"


@lru_cache(maxsize=4)
def _times(programme: Programme) -> re.Pattern[str]:
    words, day = programme.form.meanings, "[0-9]{1,2}[日号]"
    behind = rf"(?P<end>[底末])?(?:(?P<before>{alternatives(words.before)})|(?P<since>{alternatives(words.after)}))?"
    spans = (
        "(?P<half>[上下])半年",
        "第?(?P<quarter>[1-4一二三四])季度?|[Qq](?P<q>[1-4])",
        "前(?P<quarters>[1-3一二三两])个?季度?",
        f"前(?P<months>{_NUMBER})个?月",
        rf"(?P<from>{_NUMBER})(?:月份?(?P<on>{day})?)?[-–—―~至到]+(?:20[0-9]{{2}}年)?(?P<to>{_NUMBER})月份?(?:{day})?",
        f"(?P<month>{_NUMBER})月份?(?P<day>{day})?",
    )
    return re.compile(f"(?:[自从])?(?:(?P<year>20[0-9]{{2}})年度?)?(?P<span>{'|'.join(spans)})?{behind}")


def _time(found: re.Match[str]) -> _Time:
    first, last = _months(found)
    day = found["on"] or found["day"]
    flags = (bool(found["before"]), bool(found["since"]), bool(found["end"]))
    return _Time(int(found["year"] or 0), first, last, int(day[:-1]) if day else 0, *flags)


def _months(found: re.Match[str]) -> tuple[int, int]:
    """The first and the last month of a span."""
    if half := found["half"]:
        return (1, 6) if half == "上" else (7, _YEAR)
    if quarter := found["quarter"] or found["q"]:
        return _QUARTER * _number(quarter) - 2, _QUARTER * _number(quarter)
    if quarters := found["quarters"]:
        return 1, _QUARTER * _number(quarters)
    if months := found["months"]:
        return 1, _number(months)
    if first := found["from"]:
        return _number(first), _number(found["to"])
    month = _number(found["month"]) if found["month"] else 0
    return month, month


def _number(figure: str) -> int:
    return _FIGURES.get(figure) or int(figure)


@lru_cache(maxsize=4)
def _made_of_words(programme: Programme) -> re.Pattern[str]:
    words = programme.form.meanings
    names = {_compact(name) for each in programme.indicators for name in (each.name, *each.headers)}
    every = {
        *words.excludes,
        *words.not_total,
        *words.only,
        *words.earlier,
        *words.after,
        *words.before,
        *words.counted,
        *words.about,
        *words.says,
    }
    return re.compile(rf"(?:{alternatives(every | names | known_words(programme))}|{_HELD})*+")
