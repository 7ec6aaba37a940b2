"""The header of an Annex 2 table: one or two lines, merged or split, with units in it or under it, columns in any order."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.findings import make_finding
from pipeline.layout.words import plain, split_bracket
from pipeline.model import BLANK, Finding, Grid, Kind, address
from pipeline.parse import find_periods, match_district
from schemas.programme import Programme

HEADER_MINIMUM = 2  # indicators that make a row a header (F02)


@dataclass(frozen=True)
class Header:
    """``columns`` maps indicator ids, in programme order, to columns; the values of ``unusable`` indicators (S01, S03) count for
    nothing."""

    top: int
    bottom: int
    columns: Mapping[str, int]
    region_columns: tuple[int, ...]
    flaws: tuple[Finding, ...]
    unusable: frozenset[str]


@dataclass(frozen=True)
class _Label:
    """A header cell recognised as an indicator's, with the unit it states, if any."""

    indicator: str
    unit: str | None
    row: int
    column: int


def find_headers(grid: Grid, programme: Programme) -> tuple[Header, ...]:
    """All headers of a sheet, top to bottom."""
    headers: list[Header] = []
    for row in grid.rows:
        if headers and row <= headers[-1].bottom:
            continue
        labels = _labels(grid, row, programme)
        if len({label.indicator for label in labels}) >= HEADER_MINIMUM:
            header = _header(grid, row, labels, programme)
            if header:
                headers.append(header)
    return tuple(headers)


def _labels(grid: Grid, row: int, programme: Programme) -> list[_Label]:
    """Indicators headed from this row on: here, over this cell and the one below, or below a group's heading."""
    labels = []
    below = grid.rows.get(row + 1, {})
    for column, upper in grid.rows[row].items():
        if upper.kind is not Kind.TEXT:
            continue
        if found := recognise(upper.text, programme):
            labels.append(_Label(*found, row, column))
            continue
        lower = below.get(column, BLANK)
        if lower.kind is Kind.TEXT and (found := recognise(upper.text + lower.text, programme)):
            labels.append(_Label(*found, row + 1, column))
    return [*labels, *_grouped(grid, row + 1, labels, programme)] if labels else []


def _grouped(grid: Grid, row: int, above: list[_Label], programme: Programme) -> list[_Label]:
    """Indicators headed in the line below, in columns of which the line above names none."""
    if any(cell.kind is Kind.TEXT and match_district(cell.text, programme) for cell in grid.rows.get(row, {}).values()):
        return []  # a row of the table; what stands beside it is the template's
    taken = {label.column for label in above}
    cells = {column: cell for column, cell in grid.rows.get(row, {}).items() if column not in taken and cell.kind is Kind.TEXT}
    return [_Label(*found, row, column) for column, cell in cells.items() if (found := recognise(cell.text, programme))]


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def recognise(text: str, programme: Programme) -> tuple[str, str | None] | None:
    """The indicator a header text names, and the unit it states; None when it names none."""
    names = _names(programme)
    core, unit = text, None
    while plain(core) not in names:
        core, remark = split_bracket(core)
        if remark is None:
            break
        if is_unit(remark, programme):
            unit = unit or plain(remark)
        elif not _harmless(remark, programme):
            return None
    core = plain(core)
    if core not in names:
        core = _NUMBER.sub("", core)
    if core not in names and (tail := _tail_unit(programme).search(core)):
        core, unit = core[: tail.start()], unit or tail[1]
    return (names[core], unit) if core in names else None


_NUMBER = re.compile(r"^\(?(?:[0-9]{1,2}|[一二三四五六七八九十])\)?\.?")  # 1.已选派…, （一）已选派…


@lru_cache(maxsize=4)
def _tail_unit(programme: Programme) -> re.Pattern[str]:
    """A unit behind the heading without brackets: …数 单位：家, …数/家."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, programme.form.unit_labels))}|/)(.{{1,3}})$")


def _bare_unit(text: str, programme: Programme) -> str:
    """单位：家 is 家."""
    return re.sub(rf"^(?:{'|'.join(map(re.escape, programme.form.unit_labels))})", "", plain(text))


@lru_cache(maxsize=4)
def _names(programme: Programme) -> dict[str, str]:
    """Every way an indicator's column may be headed, plain, to its id."""
    names: dict[str, str] = {}
    affixes = ["", *map(plain, programme.form.header_affixes)]
    for indicator in programme.indicators:
        for heading in (indicator.name, *indicator.headers):
            for affix in affixes:
                names.setdefault(affix + plain(heading), indicator.id)
                names.setdefault(plain(heading) + affix, indicator.id)
    return names


def is_unit(text: str, programme: Programme) -> bool:
    """Whether a text is a unit of measure, right or wrong: 家, 万项, 百家, %."""
    units = {indicator.unit for indicator in programme.indicators} | set(programme.numbers.other_units)
    core = _bare_unit(text, programme)
    core = core.lstrip("".join(programme.numbers.magnitudes))
    return core in units or plain(text) in {"%", "‰", *programme.numbers.magnitudes}


def _harmless(bracket: str, programme: Programme) -> bool:
    """A remark in brackets that changes nothing: 累计, or the period."""
    return plain(bracket) in map(plain, programme.form.header_affixes) or bool(find_periods(bracket, programme))


def _header(grid: Grid, top: int, labels: list[_Label], programme: Programme) -> Header | None:
    bottom = max(label.row for label in labels)
    under = _units_under(grid, bottom, labels, programme)
    if under:
        bottom += 1
    first = {label.indicator: label.column for label in reversed(labels)}
    columns = {indicator: first[indicator] for indicator in programme.indicator_ids if indicator in first}
    region_columns = _region_columns(grid, top, bottom, labels, programme)
    if not region_columns:
        return None
    once = [
        _with_unit(label, under, bottom) for label in labels if sum(other.indicator == label.indicator for other in labels) == 1
    ]
    flaws = (*_missing_or_repeated(grid, top, labels, region_columns, programme), *_wrong_units(grid, once, programme))
    unusable = frozenset(finding.indicator for finding in flaws if finding.indicator)
    return Header(top, bottom, columns, region_columns, flaws, unusable)


def _units_under(grid: Grid, bottom: int, labels: list[_Label], programme: Programme) -> dict[int, str]:
    """column → unit, when the row under the header holds nothing but units there."""
    texts = {label.column: grid.at(bottom + 1, label.column).text for label in labels}
    texts = {column: text for column, text in texts.items() if text.strip()}
    units = {column: plain(split_bracket(text)[1] or text) for column, text in texts.items()}
    return units if units and all(is_unit(unit, programme) for unit in units.values()) else {}


def _with_unit(label: _Label, under: dict[int, str], row: int) -> _Label:
    if label.unit is not None or label.column not in under:
        return label
    return dataclasses.replace(label, unit=under[label.column], row=row)


def _region_columns(grid: Grid, top: int, bottom: int, labels: list[_Label], programme: Programme) -> tuple[int, ...]:
    """Columns left of the indicators that are headed as region or hold a district, leftmost first; others only without these."""
    taken = {label.column for label in labels}
    first = min(taken)
    words = _region_words(programme)
    named = {
        column
        for row in range(top - 1, bottom + 1)
        for column, cell in grid.rows.get(row, {}).items()
        if column not in taken and plain(cell.text) in words
    }
    holding = {
        column
        for (row, column), cell in grid.cells.items()
        if row > bottom and column not in taken and cell.kind is Kind.TEXT and match_district(cell.text, programme)
    }
    left = sorted(column for column in named | holding if column < first)
    return tuple(left or sorted(named | holding))


@lru_cache(maxsize=4)
def _region_words(programme: Programme) -> frozenset[str]:
    """How the column of the regions may be headed, plain: a word or two of them (区域指标名称)."""
    words = {plain(word) for word in (*programme.form.region_headers, *programme.form.label_headers)}
    return frozenset(words | {a + b for a in words for b in words})


def _missing_or_repeated(
    grid: Grid, top: int, labels: list[_Label], region_columns: tuple[int, ...], programme: Programme
) -> list[Finding]:
    """S01, one finding for each indicator."""
    problems = programme.wording["findings"]["problem"]
    found = {i: [label for label in labels if label.indicator == i] for i in programme.indicator_ids}
    found = {indicator: places for indicator, places in found.items() if len(places) != 1}
    unknown = _unknown_headers(grid, top, labels, region_columns, programme) if found else []
    findings = []
    for indicator, places in found.items():
        key = "repeated" if places else "unrecognised" if unknown else "missing"
        cell = address(places[-1].row, places[-1].column) if places else address(*unknown[0]) if len(unknown) == 1 else None
        seen = grid.at(*unknown[0]).text if len(unknown) == 1 and not places else None
        params = {"row": str(top), "problem": problems[key], "suggestion": ""}
        findings.append(make_finding(programme, "S01", sheet=grid.name, cell=cell, indicator=indicator, observed=seen, **params))
    return findings


def _unknown_headers(
    grid: Grid, top: int, labels: list[_Label], region_columns: tuple[int, ...], programme: Programme
) -> list[tuple[int, int]]:
    """Headings among the indicators' columns that say nothing known: perhaps a renamed indicator."""
    row = max(label.row for label in labels)
    known = {plain(w) for w in (*programme.form.remark_headers, *programme.form.serial_headers, *programme.form.region_headers)}
    taken = {label.column for label in labels} | set(region_columns)
    cells = {(r, c): cell for r in {top, row} for c, cell in grid.rows.get(r, {}).items() if c not in taken}
    return [place for place, cell in sorted(cells.items()) if cell.kind is Kind.TEXT and plain(cell.text) not in known]


def _wrong_units(grid: Grid, labels: list[_Label], programme: Programme) -> list[Finding]:
    """S03: a header or the line under it states another unit than the indicator's."""
    findings = []
    for label in labels:
        right = programme.indicator(label.indicator).unit
        unit = _bare_unit(label.unit, programme) if label.unit else right
        if unit != right:
            place = {"sheet": grid.name, "cell": address(label.row, label.column), "indicator": label.indicator}
            findings.append(make_finding(programme, "S03", observed=unit, expected=right, **place))
    return findings
