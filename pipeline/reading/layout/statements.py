"""What says of a whole table that its figures are no running totals (S13): sheet name, title, lines above, a note on 本表."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from functools import lru_cache

from pipeline.model import Grid, Kind, Meaning, Said
from pipeline.reading.layout.comparable import after_label, brackets_opened, plain
from pipeline.reading.layout.limits import limit_of
from pipeline.reading.layout.meanings import is_part_of_year, meanings, periods_in, says_only, without_months, without_names
from pipeline.reading.layout.spread import say
from pipeline.reading.layout.voids import is_void, names_void
from pipeline.reading.values.characters import alternatives
from schemas.programme import Programme

OTHERWISE = frozenset({Meaning.INCREASE, Meaning.TARGET, Meaning.OTHER, Meaning.RATE})
"""What figures may be said to be that the form does not ask for."""

_LONGEST_TITLE = 60


def statements(
    grid: Grid, headings: range, outside: tuple[int, ...], inside: Collection[int], programme: Programme
) -> tuple[Said, ...]:
    """What the name of the sheet, the lines around a table and notes among its lines (``inside``) say of all its figures.

    Text tables are named by their file.
    """
    found = [] if grid.all_text else [_of_name(grid.name, programme)]
    found = [said for said in found if said.meaning in OTHERWISE]
    for row in (*outside, *inside):
        for column, cell in grid.rows[row].items():
            if cell.kind is not Kind.TEXT:
                continue
            above = row < headings.start and row not in inside and not _is_label(grid, row, column)
            if row in headings:  # what stands there is of its column alone, unless it is a note
                meaning = _says(cell.text, above, programme)
                said = Said(row, column, cell.text.strip(), "about", meaning, frozenset({meaning})) if meaning else None
            else:
                said = _said(row, column, cell.text, above, programme)
            found += [said] if said else []
    return tuple(found)


def _said(row: int, column: int, text: str, above: bool, programme: Programme) -> Said | None:
    """What a text around a table, or among its rows, says of all figures."""
    if meaning := _says(text, above, programme):
        return Said(row, column, text.strip(), "about", meaning, frozenset({meaning}))
    if said := _limited(row, column, text, programme):
        return said
    if is_void(text, programme):
        return Said(row, column, text.strip(), "about", Meaning.OTHER, frozenset({Meaning.OTHER}))
    dates = _dates_stated(text, programme)
    return dataclasses.replace(say(row, column, dates, "about", programme), text=text.strip()) if dates else None


@lru_cache(maxsize=1024)
def _of_name(name: str, programme: Programme) -> Said:
    """What the name of a sheet says; figures on one called void are no longer, or not yet, the return's."""
    said = say(0, 0, name, "about", programme)
    return dataclasses.replace(said, meaning=Meaning.OTHER) if names_void(name, programme) else said


def said_of_row(row: int, column: int, text: str, programme: Programme) -> Said | None:
    """A text in a row, or over rows, that is nothing but words of an increase, a target … (口径 | 本月新增)."""
    told = _numberless(text)
    meaning = _otherwise(told, programme) if says_only(told, programme) else None
    if meaning:
        return Said(row, column, text.strip(), "about", meaning, frozenset({meaning}))
    dates = after_label(text, programme.form.period_labels)
    if dates and says_only(dates, programme) and meanings(dates, programme)[0] is None and periods_in(dates, programme):
        return dataclasses.replace(say(row, column, dates, "about", programme), text=text.strip())
    return _said(row, column, text, False, programme)


def _limited(row: int, column: int, text: str, programme: Programme) -> Said | None:
    """What a text says that the figures leave out, or are limited to."""
    limit = limit_of(text, programme)
    if limit is None:
        return None
    every = frozenset({limit.meaning} if limit.meaning else ())
    return Said(row, column, text.strip(), "about", limit.meaning, every, years=limit.years, without=limit.without)


def _is_label(grid: Grid, row: int, column: int) -> bool:
    """Whether a number stands behind a text in its line: it says what that number is (本期新增 | 3)."""
    behind = next((cell for place, cell in grid.rows[row].items() if place > column and cell.text.strip()), None)
    return behind is not None and (behind.kind is not Kind.TEXT or behind.text.strip()[:1].isdigit())


@lru_cache(maxsize=4096)  # the same lines stand in file after file
def _says(text: str, above: bool, programme: Programme) -> Meaning | None:
    """What a line says the table's figures are, if no running totals; a sentence that mentions an increase says nothing."""
    if meanings(text, programme)[0] is None and not (meanings(text, programme)[1] & OTHERWISE) and not is_part_of_year(text):
        return None
    note = _note(text, programme)
    if note is not None:
        return _said_of_table(note, programme)
    marked = _marked(text, programme)
    if marked is not None:
        return _said_first(marked, programme)
    period = after_label(text, programme.form.period_labels)
    if period and not above:
        return _said_alone(period, programme)
    if not above or _is_note(text, programme) or _counts(programme).search(plain(text)):
        return None
    if _is_title(text, programme):
        return _otherwise(text, programme)
    return next((meaning for part in _parts(text) if (meaning := _said_alone(part, programme))), None)


def _otherwise(text: str, programme: Programme) -> Meaning | None:
    told = _without_included(text, programme)
    meaning = meanings(told, programme)[0]
    if meaning in (None, Meaning.CURRENT) and _is_within(told, programme):
        return Meaning.INCREASE
    return meaning if meaning in OTHERWISE else None


def _is_within(text: str, programme: Programme) -> bool:
    """Whether figures are of some months only: 10-12月, 10月1日至12月31日. 2024年10-12月 is how a quarter is called."""
    dated = any(mention.as_of for mention in periods_in(text, programme))
    return is_part_of_year(text) and (not dated or any(day in text for day in programme.form.meanings.days))


def _without_included(text: str, programme: Programme) -> str:
    """A title without what is only included in its figures: 通报表（累计，含本月新增）."""
    includes = tuple(map(plain, programme.form.meanings.includes)) or ("\0",)
    parts = re.split(r"([()，,、；;])", brackets_opened(text))
    return "".join(part for part in parts if not plain(part).startswith(includes))


def _parts(text: str) -> list[str]:
    """The pieces between punctuation, brackets and blanks: 单位：家（本月新增） is 单位, 家 and 本月新增."""
    return [part for part in re.split(r"[，,、；;。：:()\s]+", brackets_opened(text)) if part]


def _said_alone(part: str, programme: Programme) -> Meaning | None:
    """A piece that is nothing but words of meaning, dates and units."""
    return _otherwise(part, programme) if says_only(part, programme) else None


def _marked(text: str, programme: Programme) -> str | None:
    """What follows the mark of a note (注：, ※, a bracket around all of it); None for a text without one."""
    opened = brackets_opened(text).strip()
    rest = _after_mark(programme).sub("", _BRACKETED.sub(r"\1", opened), count=1).lstrip(_SIGNS)
    return None if rest == opened else rest


_SIGNS = "※★☆▲△*＊#( "
_BRACKETED = re.compile(r"^\(([^()]*)\)$")


def _said_first(note: str, programme: Programme) -> Meaning | None:
    """What a note says its figures are: its first clause is nothing but that, and no clause speaks of running totals."""
    clauses = [clause for clause in re.split(r"[，,；;。\n]+", _numberless(note)) if clause.strip()]
    told = [_said_alone(clause, programme) for clause in clauses]
    total = any(says_only(clause, programme) and meanings(clause, programme)[0] is Meaning.TOTAL for clause in clauses)
    return None if total or not told else told[0]


def _numberless(note: str) -> str:
    """A note without the number in front (1.)."""
    return re.sub(r"^[\s()0-9一二三四五六七八九十]+[.、)]", "", note)


def _is_note(text: str, programme: Programme) -> bool:
    form = programme.form
    return bool(form.free_labels) and after_label(text, form.free_labels) is not None


def _note(text: str, programme: Programme) -> str | None:
    """What follows 注：1. in a text that begins with 本表 or the like, from that word on; None for another text."""
    form = programme.form
    rest = _after_mark(programme).sub("", brackets_opened(text).strip(), count=1).lstrip(_SIGNS)
    core = re.sub(r"^[\s()0-9一二三四五六七八九十.、]+", "", rest)
    return core if form.meanings.about and plain(core).startswith(tuple(map(plain, form.meanings.about))) else None


@lru_cache(maxsize=4)
def _counts(programme: Programme) -> re.Pattern[str]:
    """A number with a unit: who gives a figure speaks of it (本期较上期增加3家，系新签约), not of the table."""
    return re.compile(rf"[0-9](?:{alternatives(plain(indicator.unit) for indicator in programme.indicators)})")


@lru_cache(maxsize=4)
def _after_mark(programme: Programme) -> re.Pattern[str]:
    """注：, 填表说明： — a word or two that mark a note."""
    marks = "|".join(map(re.escape, sorted(programme.form.note_marks, key=len, reverse=True))) or "(?!)"
    return re.compile(rf"^[^:：,，。;；]{{0,4}}(?:{marks})[0-9]{{0,2}}\s*[:：]")


def _said_of_table(note: str, programme: Programme) -> Meaning | None:
    """What a note on the table says its figures are; one that says they are running totals says so, whatever it mentions else."""
    words = programme.form.meanings
    clauses = [clause for clause in re.split(r"[，,；;。\n]+", note) if clause.strip()]
    told: list[Meaning] = []
    for clause in clauses:
        core = without_names(plain(clause), programme)
        if (meaning := _stated(core, programme)) or (meaning := _said_alone(clause, programme)):
            told.append(meaning)
        elif _is_within(clause, programme) and says_only(without_months(clause), programme):
            told.append(Meaning.INCREASE)
    if Meaning.TOTAL in told or any(plain(word) in plain(clauses[0]) for word in words.denies):
        return None
    return next((meaning for meaning in told if meaning in OTHERWISE), None)


@lru_cache(maxsize=4096)
def _dates_stated(text: str, programme: Programme) -> str | None:
    """The dates that a note says the table's figures are of: 注：本表数据为2023年底数."""
    note = _note(text, programme)
    if note is None:
        return None
    words, clause = programme.form.meanings, re.split(r"[，,；;。]", note)[0]
    if any(word in clause for word in words.denies):
        return None
    for word in sorted(words.says, key=len, reverse=True):
        _, found, rest = clause.partition(word)
        if found and rest and says_only(rest, programme) and meanings(rest, programme)[0] is None:
            return rest
    return None


def _stated(core: str, programme: Programme) -> Meaning | None:
    """What follows 为, 是, 填 …, if it is a meaning at once."""
    words = programme.form.meanings
    if not any(core.startswith(plain(word)) for word in words.about):
        return None
    for word in sorted(words.says, key=len, reverse=True):
        _, found, rest = core.partition(plain(word))
        if found and (meaning := _at_once(rest, programme)):
            return meaning
    return None


def _at_once(rest: str, programme: Programme) -> Meaning | None:
    """The meaning of the longest phrase a text begins with, words that say nothing and dates before it left out."""
    for end in range(len(rest), 0, -1):
        if says_only(rest[:end], programme):
            return meanings(rest[:end], programme)[0]
    return None


def _is_title(text: str, programme: Programme) -> bool:
    """A line that names the programme's subject, or ends in 表, and is no request or reference."""
    form, core = programme.form, plain(re.sub(r"\([^()]*\)", "", brackets_opened(text)))
    whole = plain(text)
    if not core or len(whole) > _LONGEST_TITLE or re.search(r"[。；;！!？?]", text):
        return False
    if whole.startswith(tuple(map(plain, form.meanings.sentences)) or ("\0",)):
        return False
    subject = plain(programme.terms.get("subject", ""))
    endings = tuple(map(plain, form.title_endings))
    return bool(endings) and core.endswith(endings) and (core.endswith(endings[0]) or (bool(subject) and subject in core))
