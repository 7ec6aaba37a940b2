"""What a rule is, of a file or of a return: one function that yields what it finds, with the place and the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum
from fractions import Fraction

from pipeline.model import Area, Entry, Finding
from pipeline.model.catalogue import make_finding, place_name
from pipeline.rules.judging.cases import Case, FileCase
from schemas.programme import Programme


@dataclass(frozen=True)
class Found:
    """What a rule says. ``words`` fill its message; ``indicator_``, ``observed_`` and the like say it otherwise there than in the
    record. ``outward`` are words that name another district, ``message`` stands in place of the catalogue's."""

    cell: str | None = None
    indicator: str | None = None
    observed: str | None = None
    expected: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    outward: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Unsure:
    """A rule that has something to compare and no verdict: neither passed nor failed. ``why`` is a key of the wording."""

    why: str
    indicator: str | None = None


class Needs(IntEnum):
    """What a rule of a file has to know, in the order in which they are asked."""

    FILE = 0
    PLACE = 1
    """District and a period that was called."""
    TABLE = 2


@dataclass(frozen=True)
class FileRule:
    """About a file: what surrounds it, and how its table differs from the form."""

    id: str
    judge: Callable[[FileCase], Iterator[Found]]
    needs: Needs = Needs.FILE


@dataclass(frozen=True)
class ReturnRule:
    """About the values of a return, beside what was accepted, issued, prefilled and planned."""

    id: str
    judge: Callable[[Case, Programme], Iterator[Found | Unsure]]


class Met(Enum):
    """Where a rule is met that nothing has to ask for."""

    READING = "while a file is read"
    PLACING = "while its district, its period and its table are looked for"
    ARRIVING = "beside the files that came before, or with it"
    GATE = "by the gate, in the merged period"
    PROGRAM = "when the program itself fails"


@dataclass(frozen=True)
class MetRule:
    id: str
    met: Met


Rule = FileRule | ReturnRule | MetRule


def finding_of(rule: str, found: Found, sheet: str | None, programme: Programme) -> Finding:
    """What a rule found, as a finding with the catalogue's texts."""
    finding = make_finding(
        programme,
        rule,
        sheet=sheet,
        cell=found.cell,
        indicator=found.indicator,
        observed=found.observed,
        expected=found.expected,
        outward=found.outward,
        **found.words,
    )
    return replace(finding, message=found.message) if found.message else finding


def at(case: Case, entry: Entry, programme: Programme, *, expected: str | None = None, **words: str) -> Found:
    """At an entry's cell. What ``words`` call observed or indicator is said in the message; the record has the entry's own."""
    said = {f"{word}_" if word in ("indicator", "observed") else word: text for word, text in words.items()}
    name = place_name(programme, entry.row, entry.column, addressed=case.table.addressed if case.table else True)
    return Found(entry.cell, entry.indicator, entry.observed.strip(), expected, said | {"cell_": name})


def of_row(case: Case, *, observed: str | None = None, expected: str | None = None, **words: str) -> Found:
    """Of the whole row."""
    columns = [entry.column for entry in case.entries]
    row = case.entries[0].row if case.entries else 0
    cell = Area(row, min(columns), row, max(columns)).address if columns else None
    return Found(cell, None, observed, expected, words)


def row_of(case: Case, programme: Programme) -> str:
    """All values of the row, as findings about it show them."""
    return "、".join(str(case.values[i]) for i in programme.indicator_ids)


def failing(rule: str, case: Case) -> Iterator[tuple[Entry, int]]:
    """The entries at which the arithmetic of the rule (``schemas.observations``) fails, with their numbers."""
    cells = case.failing.get(rule)
    return ((entry, value) for entry, value in case.numbers if entry.indicator in cells) if cells else iter(())


def tenths(number: Fraction) -> str:
    """Rounded half up to one decimal, which is left out where it is 0."""
    whole, rest = divmod((20 * number.numerator + number.denominator) // (2 * number.denominator), 10)
    return f"{whole}.{rest}" if rest else str(whole)
