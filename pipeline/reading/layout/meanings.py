"""What a text says that figures are (running totals, increases, targets …), by the programme's words alone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.model import Meaning, PeriodMention
from pipeline.reading.layout.comparable import plain
from pipeline.reading.values import find_periods
from pipeline.reading.values.characters import alternatives
from schemas.programme import Programme

_KINDS = tuple(Meaning)
_CAREFUL = {meaning: place for place, meaning in enumerate((*(m for m in _KINDS if m is not Meaning.TOTAL), Meaning.TOTAL))}
"""Of two phrases of one length the other than a running total decides: what may be an increase is none."""


@lru_cache(maxsize=4096)  # offices copy the form: the same texts come again in file after file
def meanings(text: str, programme: Programme) -> tuple[Meaning | None, frozenset[Meaning]]:
    """What the longest phrase of a text says, and all that its phrases say; an indicator's name says nothing (新建…机构数)."""
    core = without_names(plain(text), programme)
    phrases = _phrases(programme)
    found = [word for word in phrases if word in core]
    if not found:
        alone = _standing_alone(programme).get(core.strip("()"))
        return alone, frozenset({alone} if alone else ())
    whole = [word for word in found if not any(word != other and word in other for other in found)]
    longest = max(map(len, whole))
    first = sorted((phrases[word] for word in whole if len(word) == longest), key=lambda m: _CAREFUL[m] if m else -1)
    return first[0], frozenset(meaning for word in whole if (meaning := phrases[word]))


@lru_cache(maxsize=4)
def _standing_alone(programme: Programme) -> dict[str, Meaning]:
    """Words that say something only where nothing stands beside them: 已立项; but not 成果转化立项情况."""
    words = programme.form.meanings
    listed = {Meaning.UNKNOWN: words.unknown, Meaning.STAGE: words.stage}
    return {plain(word): meaning for meaning, each in listed.items() for word in each}


@lru_cache(maxsize=4)
def _phrases(programme: Programme) -> dict[str, Meaning | None]:
    """Phrase, plain, to its meaning; None for those that say nothing. An indicator's own words are none (新建)."""
    words = programme.form.meanings
    phrases: dict[str, Meaning | None] = {plain(word): None for word in words.none}
    for meaning in (kind for kind in _KINDS if kind not in (Meaning.STAGE, Meaning.UNKNOWN)):
        phrases |= {plain(word): meaning for word in getattr(words, meaning.value)}
    for word in programme.form.header_affixes:
        phrases.setdefault(plain(word), Meaning.TOTAL)
    return phrases


def without_names(core: str, programme: Programme) -> str:
    """A plain text without the names of indicators in it."""
    return _any_name(programme).sub("", core)


@lru_cache(maxsize=4)
def _any_name(programme: Programme) -> re.Pattern[str]:
    names = {plain(word) for each in programme.indicators for word in (each.name, *each.headers, *each.short_headers)}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)")


@lru_cache(maxsize=4096)
def holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text has one of these words."""
    core = plain(text)
    return any(plain(word) in core for word in words)


@lru_cache(maxsize=4096)
def says_nothing(text: str, programme: Programme) -> bool:
    """Whether a text under a heading is made of words that say nothing of its figures: 数量, 家数（家）, 填报数."""
    core = without_names(plain(text), programme)
    return bool(_neutral(programme).fullmatch(core))


@lru_cache(maxsize=4)
def _neutral(programme: Programme) -> re.Pattern[str]:
    units = {indicator.unit for indicator in programme.indicators}
    words = {*programme.form.meanings.neutral, *programme.form.unit_labels, programme.terms.get("subject", ""), *units}
    return re.compile(rf"(?:{alternatives(set(map(plain, words)) - {''})}|[()/]|[0-9]{{1,2}}|[a-z])*+")


@lru_cache(maxsize=4096)
def says_only(text: str, programme: Programme) -> bool:
    """Whether a text is made of phrases of meaning, dates, units and words that say nothing: 2024年12月新增数, 上期（家）."""
    core = without_names(_undated(text, programme), programme)
    return bool(_whole(programme).fullmatch(core))


@lru_cache(maxsize=4096)
def says_only_meaning(text: str, programme: Programme) -> bool:
    """The same of what stands around an indicator's name, where hardly anything says nothing (数, 的; but not 项日数)."""
    core = _undated(text, programme)
    return without_names(core, programme) == core and bool(_around(programme).fullmatch(core))


def _undated(text: str, programme: Programme) -> str:
    """A text plain, without the dates in it and what marks them (截至, 底)."""
    rest = plain(text)
    for mention in find_periods(text, programme):
        rest = _marked(plain(mention.text), programme).sub("", rest, count=1)
    return rest


def dates_in(text: str, programme: Programme) -> tuple[str, ...]:
    """The dates of a text as they stand in it, with what marks them as those up to which is counted (截至12月底)."""
    mentions = find_periods(text, programme)
    return tuple(found[0] for mention in mentions if (found := _marked(mention.text, programme).search(text)))


def _marked(date: str, programme: Programme) -> re.Pattern[str]:
    marks = "|".join(re.escape(plain(mark)) for mark in programme.form.meanings.as_of) or "(?!)"
    return re.compile(rf"(?:(?:{marks})\s*)*{re.escape(date)}(?:\s*(?:{marks}))*")


@lru_cache(maxsize=4)
def _around(programme: Programme) -> re.Pattern[str]:
    known = set(_phrases(programme)) | set(map(plain, programme.form.meanings.around))
    listed = "|".join(map(re.escape, sorted(known - {""}, key=len, reverse=True)))
    return re.compile(rf"(?:{listed}|[()])*" if listed else r"[()]*")


@lru_cache(maxsize=4)
def _whole(programme: Programme) -> re.Pattern[str]:
    listed = "|".join(map(re.escape, sorted(known_words(programme), key=len, reverse=True)))
    return re.compile(rf"(?:{listed}|{_YEAR}|[()])*" if listed else rf"(?:{_YEAR}|[()])*")


@lru_cache(maxsize=4)
def known_words(programme: Programme) -> frozenset[str]:
    """Phrases of meaning, units and words that say nothing of the figures, plain."""
    form = programme.form
    words = {*form.meanings.filling, *form.date_marks, *form.period_labels, *form.unit_labels}
    words |= {indicator.unit for indicator in programme.indicators} | {programme.terms.get("subject", "")}
    return frozenset({word for word in map(plain, words) if word} | set(_phrases(programme)))


_YEAR = "(?:19|20)[0-9]{2}(?![0-9])"
"""A year alone is no period, and says nothing of the figures either: 2025年计划数."""


def periods_in(text: str, programme: Programme) -> tuple[PeriodMention, ...]:
    return find_periods(text, programme)


@lru_cache(maxsize=1024)
def is_span(text: str, programme: Programme) -> bool:
    """Whether the dates of a text may be those within which is counted: a quarter, a month without a year."""
    core = plain(text)
    named = any(plain(word) in core for word in programme.form.meanings.spans)
    return named or any(mention.as_of is None for mention in find_periods(text, programme))


@lru_cache(maxsize=1024)
def is_part_of_year(text: str) -> bool:
    """Whether a text names months or days that do not begin in January (4-6月, 10月1日至12月31日): no running total."""
    found = _MONTHS.search(unicodedata.normalize("NFKC", text))
    return found is not None and found["first"] not in ("1", "01", "一")


def without_months(text: str) -> str:
    """A text without its ranges of months or days."""
    return _MONTHS.sub("", unicodedata.normalize("NFKC", text))


_DAY = r"月(?:份)?(?:\s*[0-9]{1,2}\s*[日号])?"
_MONTHS = re.compile(
    rf"(?<![0-9])(?P<first>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*(?:{_DAY})?\s*[-–—―~～至到]+\s*(?:[0-9]{{4}}\s*年\s*)?"
    rf"(?P<last>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*{_DAY}"
)


@lru_cache(maxsize=1024)
def is_as_of(text: str, programme: Programme) -> bool:
    """Whether the dates of a text are those up to which is counted: 截至…, 12月底, 12月31日."""
    core = plain(text)
    return any(plain(mark) in core for mark in programme.form.meanings.as_of)
