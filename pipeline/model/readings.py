"""What one file says: evidence, tables, rows, entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model.cells import Area, Unseen, address
from pipeline.model.columns import Column, Said
from pipeline.model.envelopes import Envelope
from pipeline.model.findings import Finding
from pipeline.model.mentions import NoPeriod, PeriodMention


class UnreadableFile(Exception):
    """A file that cannot be taken as a return: ``reason`` and ``params`` name a text of wording.md 4.2 (F01)."""

    def __init__(self, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:
        return _unreadable, (self.reason, self.params)


def _unreadable(reason: str, params: dict[str, str]) -> UnreadableFile:
    return UnreadableFile(reason, **params)


@dataclass(frozen=True)
class Evidence:
    """Something in or around a file that names a district or a period.

    ``source`` is a key of the programme's wording: ``file_name``, ``folder``, ``unit_line``, ``row``, ``title``, ``form_info``,
    ``period_column``; of what it came in ``sender``, ``subject``, ``mail``, ``archive``. ``says`` is the district's standard
    name, a period mention, or a date that is no period's.
    """

    source: str
    text: str
    says: str | PeriodMention | NoPeriod


@dataclass(frozen=True)
class Problem:
    """A C rule met while a cell was split into number or reason; ``params`` fill the rule's message."""

    rule: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One indicator of one row: where it stands, what it shows, and the number or the reasons there is none."""

    indicator: str
    row: int
    column: int
    observed: str
    value: int | None
    problems: tuple[Problem, ...] = ()
    unseen: Unseen | None = None

    @property
    def blank(self) -> bool:
        """Nothing in it, or blanks of any kind (C02)."""
        return any(problem.rule == "C02" for problem in self.problems)

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class Row:
    """A filled or recognised row of an Annex 2 table."""

    number: int
    region: str
    district: str | None
    matched: str | None
    """How the region was recognised: ``standard``, ``full`` or ``alias``; None when it was not."""
    region_column: int
    entries: tuple[Entry, ...]
    """In programme order; none in a row whose indicator cells are all blank."""
    suggestion: str | None = None
    hidden: bool = False
    periods: tuple[Evidence, ...] = ()
    """What a column of periods says of a filled row."""
    beside: tuple[Entry, ...] = ()
    """What stands in further columns of an indicator (本期新增 beside 累计): those that hold something."""
    astray: tuple[tuple[int, str], ...] = ()
    """(column, as shown) of numbers under no heading (S14)."""
    near: tuple[int, ...] = ()
    """Columns next to the indicators' that hold figures, of a row that has none in these (C02)."""
    columns: tuple[tuple[str, int], ...] = ()
    """(indicator id, column) where these are not the table's: of a block beside the first."""
    said: tuple[Said, ...] = ()
    """Texts in the row, or in a line of their own over the first rows, that say that its figures are no running totals (S13)."""

    @property
    def filled(self) -> bool:
        """Whether any of the row's indicator cells holds something."""
        return bool(self.entries or self.beside)


@dataclass(frozen=True)
class Table:
    """An Annex 2 table found in a sheet. ``flaws`` are structural findings that hold whatever the district is."""

    sheet: str
    header_row: int
    rows: tuple[Row, ...]
    total: Row | None
    columns: tuple[tuple[str, int], ...]
    """(indicator id, column) in programme order; missing indicators left out."""
    periods: tuple[Evidence, ...] = ()
    districts: tuple[Evidence, ...] = ()
    flaws: tuple[Finding, ...] = ()
    unusable: frozenset[str] = frozenset()
    """Indicators whose values may not be used (S01, S03)."""
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    addressed: bool = True
    asides: tuple[Row, ...] = ()
    """Filled rows that are no return of a district: sub-totals, 上期数, examples, rows of other periods."""
    choices: tuple[Column, ...] = ()
    """The columns of indicators that have several, or over which something says what the figures are (S13)."""
    statements: tuple[Said, ...] = ()
    """What says of the whole table what its figures are (S13)."""
    taken: tuple[Column, ...] = ()
    """Of indicators with several columns the one that was taken, in programme order (S02)."""
    unnamed: tuple[str, ...] = ()
    """Labels of blank rows that are no known district's: what stands there may be one all the same."""
    header_lines: tuple[int, ...] = ()
    """All lines of its header, those of a header that is repeated in it as well."""
    repeated: bool = False
    """Its header stands in it more than once."""
    example: bool = False
    """Its sheet or its title calls it an example."""


@dataclass(frozen=True)
class Answer:
    """What a district wrote in a file to settle a finding: a line of 审核说明 or 情况说明.

    ``rule`` stands in 审核说明 (编号). A line of 情况说明 names a ``matter`` of the programme instead, which stands for rules; a
    line of 补充说明 has neither. ``indicator`` None: the whole row. ``observed`` and ``expected`` are the values the line itself
    repeats (表中数, 对照数): the answer is to these. ``amount`` is 涉及数量 as written.
    """

    text: str
    sheet: str
    cell: str
    rule: str | None = None
    matter: str | None = None
    indicator: str | None = None
    observed: str | None = None
    expected: str | None = None
    amount: str = ""


@dataclass(frozen=True)
class FormInfo:
    """What a form says about itself: 填报信息 of the template, or the lines above and below a table.

    ``missing`` are the fields of F10 that have a place and are blank: their Chinese names, in the form's order. ``filler`` is
    personal: it goes into explanations and nowhere else. ``kind`` is 报送类型. ``prefilled`` are the previous values beside the
    table, as shown.
    """

    filler: str = ""
    missing: tuple[str, ...] = ()
    kind: str = ""
    nothing_new: bool = False
    """本期有无新增＝无: closes P02."""
    remark: str = ""
    """补充说明: closes P09."""
    version: str = ""
    """模板版本, of a template only."""
    prefilled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What one file says, as a pure function of its name, bytes and the programme."""

    file: str
    sha256: str
    size: int
    tables: tuple[Table, ...] = ()
    periods: tuple[Evidence, ...] = ()
    districts: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    """F01, F02 or F12: the file is no readable return."""
    attachment: str | None = None
    """The kind of attachment (wording.md 4.3 F12), when the file is one."""
    incomplete: bool = False
    """An unfinished container: it may still be arriving."""
    form: FormInfo = FormInfo()
    answers: tuple[Answer, ...] = ()
    carries: tuple[str, ...] = ()
    """F11: keys of the wording (``macros``, ``links``, ``objects``), in that order."""
    strays: tuple[str, ...] = ()
    """S11: what else differs from the form without effect on values, as Chinese phrases."""
    floating: tuple[str, ...] = ()
    """Where figures stand that no row of the district's has: ``text_box``, ``comment`` (C02)."""
    trouble: str = ""
    """The traceback of the internal error that ended the reading (F18): for the log alone."""
    envelope: Envelope | None = None
    """What the file came in; None where it lay in the inbox itself."""
    parcel: str | None = None
    """``mail`` or ``archive`` where the file is one that was opened."""
    enclosed: tuple[Enclosed, ...] = ()
    """What came inside it, down to the innermost."""


@dataclass(frozen=True)
class Enclosed:
    """A file that came inside another. ``file`` is its name as that of any file: ``收件.zip/鹿城区.xlsx``.

    Its bytes are ``content``, or those at ``path`` once they were laid there to be read; a file that could not be taken out has
    none. ``reading`` is there where nothing is left to be read: of what was opened with the parcel or refused, at last of all.
    """

    file: str
    envelope: Envelope
    content: bytes = b""
    path: Path | None = None
    reading: Reading | None = None
