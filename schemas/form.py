"""The words a form is written in, as data: how its region column, headers, fields, totals, dates and numbers may read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RegionWords:
    """What may stand around a district's name: the city in front, organisation suffixes behind."""

    city_prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    not_districts: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    """Words behind a name that change nothing (盖章, 的)."""


@dataclass(frozen=True)
class FormField:
    """A field of the form that has to be filled in (F10). ``labels`` are other ways it is labelled."""

    id: str
    name: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeaningWords:
    """What headings, titles and notes may say that figures are (S13); where a text holds several, the longest decides.

    ``current`` is the running total beside a column of another period, else nothing certain. ``none`` are phrases that hold such
    a word and say nothing of the figures (三年行动计划). ``filling`` may stand around and says nothing, ``around`` even so beside
    an indicator's name. ``about`` begins a note on the whole table; one of ``says`` leads from there to what its figures are,
    unless one of ``denies`` stands between. ``sentences`` begin a request or a reference, in a line that is no heading.
    ``as_of`` mark a date up to which is counted; ``spans`` are parts of a year: beside another column, a quarter's figures may be
    those of the quarter alone. ``includes`` begin a remark in brackets that narrows nothing (含省级); ``since`` follow the day
    that values count from.
    """

    total: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    increase: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    rate: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    """The year (今年), which is no running total beside the one before."""
    stage: tuple[str, ...] = ()
    """What is at one stage alone (在谈); ``done`` are words of ``total`` that are one too, beside another stage (已完成)."""
    done: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """What figures may be called that are not the district's own count (核定数)."""
    first_year: tuple[str, ...] = ()
    """Words of ``total`` that are one in the programme's first year alone (全年累计)."""
    neutral: tuple[str, ...] = ()
    """Words under a heading that say nothing of the figures (数量, 家数); any other is ``unknown``."""
    none: tuple[str, ...] = ()
    filling: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    as_of: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """What stands behind the number of a day (日)."""
    excludes: tuple[str, ...] = ()
    """Say that something is left out of the figures (不含); ``earlier`` is what makes them no running totals (以前, 存量)."""
    earlier: tuple[str, ...] = ()
    not_total: tuple[str, ...] = ()
    """Say that figures are no running totals (非累计)."""
    only: tuple[str, ...] = ()
    """Say that the figures are limited to what follows (仅)."""
    before: tuple[str, ...] = ()
    """Behind a time: what lies before it (以前); ``after`` what lies after it (起, 以后)."""
    after: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    """Words that say nothing in a clause on what is left out; ``asks`` make a request of one on a time (从7月起报送)."""
    asks: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    """Foreign words, in small letters, that may narrow what a heading counts; others beside a name are its translation."""


@dataclass(frozen=True)
class VoidWords:
    """What calls a table void: ``words`` anywhere in a sheet's name, or as a line of their own; ``names`` as a whole piece of a
    sheet's name, ``lines`` behind 本表 or the like in a line; ``filling`` may stand beside ``words`` and ``lines``."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    filling: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormWords:
    """The form's own words: headers of the region column, totals, notes, dates, units."""

    region_headers: tuple[str, ...]
    label_headers: tuple[str, ...]
    total_labels: tuple[str, ...]
    header_affixes: tuple[str, ...]
    serial_headers: tuple[str, ...]
    remark_headers: tuple[str, ...]
    unit_labels: tuple[str, ...]
    filler_labels: tuple[str, ...]
    note_labels: tuple[str, ...]
    period_labels: tuple[str, ...]
    date_labels: tuple[str, ...]
    unit_phrases: tuple[str, ...] = ()
    """How a unit is stated without its label in front (以{unit}为单位)."""
    column_number_labels: tuple[str, ...] = ()
    """What heads a line of column numbers under the header (甲 1 2 3 4)."""
    period_headers: tuple[str, ...] = ()
    """How a column of periods is headed, besides ``period_labels``."""
    loose_period_headers: tuple[str, ...] = ()
    """Headings of columns that hold periods or other dates: a day in them says nothing."""
    acts: tuple[str, ...] = ()
    """What is done with a form on a day, written behind the day (修订): it is then no period's."""
    subtotal_endings: tuple[str, ...] = ()
    """How the label of a sub-total ends (区小计)."""
    aside_rows: tuple[str, ...] = ()
    """Labels of rows whose figures are no running totals (上期数, 本期新增)."""
    part_labels: tuple[str, ...] = ()
    """How the label of a row begins whose figures are a part of another's (其中：民营)."""
    example_words: tuple[str, ...] = ()
    """Words that call a row or a table an example; ``example_labels`` do where they stand alone."""
    example_labels: tuple[str, ...] = ()
    fields: tuple[FormField, ...] = ()
    """``filler`` is the one whose value is kept (FormInfo)."""
    free_labels: tuple[str, ...] = ()
    """Those of ``note_labels`` behind which anything may be written: a stray note (S11)."""
    head_labels: tuple[str, ...] = ()
    """How the line above the title begins, a number behind it (附件2)."""
    title_endings: tuple[str, ...] = ()
    date_marks: tuple[str, ...] = ()
    """Words among the digits of a date."""
    beside_headers: tuple[str, ...] = ()
    """How columns are headed that templates have beside the table."""
    meanings: MeaningWords = MeaningWords()
    void: VoidWords = VoidWords()
    note_marks: tuple[str, ...] = ()
    """What marks a footnote behind a heading, a number behind it or none (注1)."""


@dataclass(frozen=True)
class NumberWords:
    """How numbers may be written, and what stands in place of one (C rules). ``minus_words`` say a minus sign (负)."""

    placeholders: tuple[str, ...]
    approximate: tuple[str, ...]
    magnitudes: tuple[str, ...]
    other_units: tuple[str, ...]
    minus_words: tuple[str, ...] = ()
    digits_max: int = 9
