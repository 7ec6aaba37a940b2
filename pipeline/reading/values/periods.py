"""Text → periods (F04): every as-of date a text names, as evidence. Which one holds is the caller's to judge."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator

from pipeline.model import NoPeriod, PeriodMention
from pipeline.reading.values.characters import B, drop_blanks, plain, spaced
from pipeline.reading.values.notations import TO, YEAR, Place, Written, find_dates
from schemas.form import FormWords
from schemas.programme import Programme


@functools.lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def find_periods(text: str, programme: Programme, called: frozenset[dt.date] = frozenset()) -> tuple[PeriodMention, ...]:
    """Every period mentioned, in order of appearance.

    A month, quarter or half-year means its last day; of a range, the end. A full day counts when it ends a preset period or is in
    ``called``. No evidence (F04): bare years and the plan's years, document and phone numbers, version marks, what follows a
    label of filling or contact data, deadlines (6月底前) and starting points (2024年1月以来).
    """
    found = [_mention(shown, written, programme, called) for shown, written, _ in _dates(text, programme.form)]
    if not found:
        loose = _loosely(_covered(text, programme.form), programme.form)
        found = [_mention(text[start:end].rstrip(), day, programme, called) for start, end, day in loose if day.month]
    return tuple(mention for mention in found if mention)


@functools.lru_cache(maxsize=1024)
def find_no_periods(
    text: str, programme: Programme, called: frozenset[dt.date] = frozenset(), *, labelled: bool = False
) -> tuple[NoPeriod, ...]:
    """The dates that end no period, or that do not exist, among those a text gives (12月25日, 11月31日), in order of appearance.

    ``labelled`` are only those behind a label of the period (截至, 报告期) in the text itself.
    """
    line = _covered(text, programme.form)
    found: list[tuple[int, str, Written | None]] = [
        (start, shown, written)
        for shown, written, start in _dates(text, programme.form)
        if written.day and _mention(shown, written, programme, called) is None
    ]
    found += [(place.start(), place[0], None) for place in _NO_MONTH.finditer(line)]
    if labelled:
        found = [each for each in found if _is_labelled(line, each[0], programme.form)]
        for start, end, written in _loosely(line, programme.form):
            may_end = _MAY_END <= written.day <= 31 if not written.month else _mention("", written, programme, called)
            if not may_end:
                found.append((start, text[start:end].rstrip(), dataclasses.replace(written, month=written.month or 1)))
    return tuple(
        NoPeriod(shown, real=written is not None and _exists(written)) for _, shown, written in sorted(found, key=_start)
    )


def _loosely(line: str, form: FormWords) -> Iterator[tuple[int, int, Written]]:
    """(start, end, date) of what is a date only behind a label of the period: 12.25, 25日, 12月中旬.

    Month 0 is one that is not said; day 1 stands for 12月初 and 12月中旬, which end no period either.
    """
    for label in _labels(form).finditer(line):
        found = _LOOSE.match(line, label.end()) if drop_blanks(label[0]) in form.period_labels else None
        if found:
            month, day = int(found["m"] or found["part"] or 0), int(found["d"] or found["d2"] or found["alone"] or 1)
            yield found.start("date"), found.end("date"), Written(0, month, day)


_LOOSE = re.compile(
    rf"{B}(?:\([^()]*\){B})?:?{B}[到至]?{B}"
    rf"(?P<date>(?P<m>1[0-2]|0?[1-9]){B}(?:[./]{B}(?P<d>[0-9]{{1,2}})|-{B}(?P<d2>1[3-9]|[23][0-9]))"
    rf"(?![0-9]|{B}[-./年月%万亿千百])"
    rf"|(?:{YEAR}{B}年{B})?(?P<part>[0-9]{{1,2}}){B}月{B}(?:初|[上中]旬)|(?P<alone>[0-9]{{1,2}}){B}日)"
)


def _start(found: tuple[int, str, Written | None]) -> int:
    return found[0]


_MAY_END = 28
"""A day of a month that is not said may end one from here on."""
_NO_MONTH = re.compile(rf"(?<![0-9])(?:{YEAR}{B}年{B})?(?:1[3-9]|[2-9][0-9]|00?){B}月(?:{B}[0-9]{{1,2}}{B}日)?")
"""A month that no year has."""


def _exists(written: Written) -> bool:
    return any(_date(year, written.month, written.day) for year in _years(written))


def _is_labelled(line: str, start: int, form: FormWords) -> bool:
    """Whether a date stands behind a label of the period, with no other date between but the one it is the end of."""
    labels = [label for label in _labels(form).finditer(line, 0, start) if drop_blanks(label[0]) in form.period_labels]
    if not labels:
        return False
    places = [place for place in find_dates(line) if labels[-1].end() <= place.start <= start]
    spanned = all(_is_range(line, first, second) for first, second in itertools.pairwise(places))
    return spanned and not re.search("[;。]", line[labels[-1].end() : start])


def _dates(text: str, form: FormWords) -> Iterator[tuple[str, Written, int]]:
    """(text, date, place in the text) of every date that may be a period's: of a range the end; no starting points, no deadlines,
    and no day on which something was sent or changed (7月3日修订)."""
    line = _covered(text, form)
    start: Written | None = None
    places = find_dates(line)
    for place, following in zip(places, (*places[1:], None), strict=False):
        written = place.written
        if following and _is_range(line, place, following):
            start = written
            continue
        if written and start and not written.year:
            written = Written(start.year, written.month, written.day)
        start = None
        if not written or _NO_END.match(line, place.end):
            continue
        if written.day and _acts(form.acts).match(line, place.end) and not _is_labelled(line, place.start, form):
            continue
        yield text[place.start : place.end].rstrip(), written, place.start


@functools.lru_cache(maxsize=8)
def _acts(words: tuple[str, ...]) -> re.Pattern[str]:
    """What is done with a form on a day, behind the day."""
    return re.compile(rf"{B}[,、]?{B}{spaced(words)}")


def in_year(mention: PeriodMention, year: int) -> dt.date | None:
    """The as-of date of a mention, ``year`` filling in where it states none; None for a 29 February the year has not."""
    return mention.as_of or _date(year, mention.month, mention.day)


def is_preset_end(day: dt.date, presets: tuple[str, ...]) -> bool:
    """Whether the day ends one of the programme's presets: ``month_end``, ``quarter_end``, ``half_year_end``, ``year_end``."""
    lengths = [_MONTHS[preset] for preset in presets]
    return (day + dt.timedelta(days=1)).day == 1 and any(day.month % length == 0 for length in lengths)


_MONTHS = {"month_end": 1, "quarter_end": 3, "half_year_end": 6, "year_end": 12}


def _date(year: int, month: int, day: int) -> dt.date | None:
    """Day 0 is the month's last; None for a day that is not there."""
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, day or last) if day <= last else None


def _mention(text: str, written: Written, programme: Programme, called: frozenset[dt.date]) -> PeriodMention | None:
    """The mention, unless the day does not exist or ends no period."""
    # Without a year both kinds of February are possible.
    dates = [date for year in _years(written) if (date := _date(year, written.month, written.day))]
    if written.day:
        days = {(day.month, day.day) for day in called} if not written.year else set()
        dates = [d for d in dates if is_preset_end(d, programme.presets) or d in called or (d.month, d.day) in days]
    if not dates:
        return None
    if written.year:
        return PeriodMention(text, dates[0], dates[0].month, dates[0].day)
    return PeriodMention(text, None, written.month, written.day)


_A_LEAP_YEAR, _A_COMMON_YEAR = 2024, 2023


def _years(written: Written) -> tuple[int, ...]:
    return (written.year,) if written.year else (_A_LEAP_YEAR, _A_COMMON_YEAR)


_JOINED = re.compile(rf"{B}起?{B}{TO}{{1,2}}{B}")
_NO_END = re.compile(rf"{B}(?:[以之]?前(?!{B}.{{1,2}}(?:季|个月))|以来|起|开始)")


def _is_range(line: str, first: Place, second: Place) -> bool:
    """Whether two dates of one notation are a range (2024年1月1日至6月30日); other neighbours are two mentions."""
    if not (first.written and second.written) or first.kind != second.kind:
        return False
    if not _JOINED.fullmatch(line, first.end, second.start):
        return False
    year = second.written.year or first.written.year
    return (first.written.year or year, first.written.month) <= (year, second.written.month)


_TELLING = re.compile("[年月季0-9半]|Q", re.IGNORECASE)
_HYPHENS = str.maketrans(dict.fromkeys("—–―‐‑‒−﹣─", "-"))
_NEVER = "|".join(
    (
        # The plan's years: 2024-2026年.
        rf"(?<![0-9]){YEAR}{B}年?度?{B}{TO}{{1,2}}{B}(?:{YEAR}(?![0-9]|{B}[-./]{B}[0-9])(?:{B}年)?|[0-9]{{2}}{B}年)",
        # Document numbers: 〔2024〕5号.
        rf"[〔\[(【]{B}{YEAR}{B}[〕\])】]{B}第?{B}[0-9]+(?:[-~、][0-9]+)?{B}号",
        # Phone numbers.
        r"(?<![0-9])(?:0[0-9]{2,3}[- ]?[0-9]{7,8}|1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9])",
        # Versions of a form.
        rf"(?<![A-Za-z])[vV](?:er)?\.?{B}[0-9][0-9.]*|版本?号?{B}:?{B}[0-9]+(?:\.[0-9]+)+|(?<![0-9.])[0-9]+(?:\.[0-9]+)+{B}版",
    )
)


def _covered(text: str, form: FormWords) -> str:
    """The text, place for place, plain, with hyphens for dashes, and with NUL over what is never evidence.

    A date label covers its value: up to a separator, a bracket it did not open, or the next period label.
    """
    line = plain(text).translate(_HYPHENS)
    if not _TELLING.search(line):
        return ""
    next_period = len(line)
    for label in reversed(list(_labels(form).finditer(line))):
        if drop_blanks(label[0]) in form.period_labels:
            next_period = label.start()
        elif value := _value().match(line, label.end(), next_period):
            line = line[: label.start()] + "\0" * (value.end() - label.start()) + line[value.end() :]
    return _never().sub(lambda found: "\0" * len(found[0]), line)


# Compiled on first use: only a process that reads files pays for it.
@functools.cache
def _never() -> re.Pattern[str]:
    return re.compile(_NEVER)


@functools.cache
def _value() -> re.Pattern[str]:
    """What may stand before a labelled value (a colon, lines to write on, a remark in brackets), and the value."""
    return re.compile(r"(?:\([^()\n]*\)|[^0-9\n)])*(?:\([^()\n]*\)|[^;|,_\n)])*")


@functools.lru_cache(maxsize=8)
def _labels(form: FormWords) -> re.Pattern[str]:
    return re.compile(spaced((*form.period_labels, *form.date_labels)))
