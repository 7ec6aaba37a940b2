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
    acts: tuple[str, ...] = ()
    """What is done with a form on a day, written behind the day (修订): it is then no period's."""
    subtotal_endings: tuple[str, ...] = ()
    """How the label of a sub-total ends (区小计)."""
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


@dataclass(frozen=True)
class NumberWords:
    """How numbers may be written, and what stands in place of one (C rules). ``minus_words`` say a minus sign (负)."""

    placeholders: tuple[str, ...]
    approximate: tuple[str, ...]
    magnitudes: tuple[str, ...]
    other_units: tuple[str, ...]
    minus_words: tuple[str, ...] = ()
    digits_max: int = 9
