"""Units of measure in the lines around a table: another than the form's, wherever it stands, is S03 (单位：万项, （百家）)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model import Finding, Grid, Kind, address
from pipeline.model.catalogue import make_finding
from pipeline.reading.layout.comparable import plain
from pipeline.reading.layout.headers import is_unit
from pipeline.reading.values.characters import alternatives, spaced, unified
from schemas.form import FormWords
from schemas.programme import Programme


def unit_flaws(
    grid: Grid, rows: tuple[int, ...], programme: Programme, beside: frozenset[int] = frozenset()
) -> tuple[Finding, ...]:
    """S03, one for each cell of these rows that states another unit; cells in columns ``beside`` are left out."""
    found = []
    for row, column, units in _stated(grid, rows, programme):
        right = tuple(dict.fromkeys(indicator.unit for indicator in programme.indicators))
        if column not in beside and not set(units) <= set(right):
            names = "、".join(indicator.name for indicator in programme.indicators)
            words = {"observed": "、".join(units), "expected": "、".join(right), "indicator_": names}
            found.append(make_finding(programme, "S03", sheet=grid.name, cell=address(row, column), **words))
    return tuple(found)


def _stated(grid: Grid, rows: tuple[int, ...], programme: Programme) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(row, column, units) of every cell that states units: behind a label in it, or behind a cell that is the label."""
    for row in rows:
        labelled = False
        for column, cell in grid.rows[row].items():
            if cell.kind is not Kind.TEXT or not cell.text.strip():
                labelled = labelled and not cell.text.strip()
                continue
            units, labelled = _units_and_label(cell.text, labelled, programme)
            if units:
                yield row, column, units


@lru_cache(maxsize=1024)  # the same lines stand in file after file
def _units_and_label(text: str, labelled: bool, programme: Programme) -> tuple[tuple[str, ...], bool]:
    """The units that a cell states (``labelled``: behind a label of units), and whether it is such a label itself."""
    return _units(text, programme) if labelled else units_in(text, programme), _is_label(text, programme)


def _is_label(text: str, programme: Programme) -> bool:
    return plain(re.sub(r"[（(][^）)]*[）)]", "", text)) in {plain(label) for label in programme.form.unit_labels}


def units_in(text: str, programme: Programme) -> tuple[str, ...]:
    """The units that a text states: behind 单位： anywhere in it, in another phrase, or in brackets; none in 填报单位：."""
    line = unicodedata.normalize("NFKC", unified(text))
    units: list[str] = []
    labels = list(_labels(programme.form).finditer(line))
    ends = [*(label.start() for label in labels[1:]), len(line)]
    for label, end in zip(labels, ends, strict=False):
        if label["unit"]:
            value = line[label.end() : end]
            units += _units(value if label["colon"] else _SEPARATORS.split(value.strip(), maxsplit=1)[0], programme)
    for phrase in _phrases(programme.form).finditer(line):
        units += _units(next(filter(None, phrase.groups())), programme)
    units += [plain(inside) for inside in _ENCLOSED.findall(line) if _is_scaled(inside, programme)]
    if _is_scaled(line, programme):
        units.append(plain(line))
    return tuple(dict.fromkeys(units))


_SEPARATORS = re.compile(r"[、,/()\[\]【】;。\s]+")
_ENCLOSED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,6})[)\]】〕]")


def _units(text: str, programme: Programme) -> tuple[str, ...]:
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", unified(text)))
    return tuple(plain(part) for part in parts if part and is_unit(part, programme))


def _is_scaled(text: str, programme: Programme) -> bool:
    """Whether a text is a multiple of one of the form's units and nothing else (百家): it needs no label."""
    word = plain(text)
    core = word.lstrip("".join(programme.numbers.magnitudes))
    return core != word and core in {indicator.unit for indicator in programme.indicators}


@lru_cache(maxsize=8)
def _labels(form: FormWords) -> re.Pattern[str]:
    """Any label of the form, so that what is behind 填报单位 is not taken for a unit; those of units are told apart."""
    others = (*form.filler_labels, *form.note_labels, *form.period_labels, *form.date_labels)
    return re.compile(
        rf"(?:{spaced(set(others) - set(form.unit_labels))}|(?P<unit>{spaced(form.unit_labels)}))"
        r"[^\S\n]*(?:\([^()]*\)[^\S\n]*)?(?P<colon>:)?"
    )


@lru_cache(maxsize=8)
def _phrases(form: FormWords) -> re.Pattern[str]:
    """Other ways to say it (以百家为单位): what stands for ``{unit}`` is a group."""
    phrases = [re.escape(phrase).replace(r"\{unit\}", "([^、,;。()为是]{1,4}?)") for phrase in form.unit_phrases]
    return re.compile(
        "|".join(rf"{phrase}(?![^\W_])" if phrase.endswith(")") else phrase for phrase in phrases) or alternatives(())
    )
