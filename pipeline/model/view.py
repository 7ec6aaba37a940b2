"""What the outputs of one period are made from: a picture of the ledger, as plain data.

The ledger fills it, the outputs read it; neither knows the other. Times are UTC; outputs show them in ``SHOWN_ZONE``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import Acceptance, Decision, Envelope, Finding, Grid, Issue, Status, Undecided, own_parts
from schemas.programme import Programme

SHOWN_ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

MISSING, EXCUSED, RETURNED, PENDING, TO_DECIDE, ACCEPTED = "未报", "免报", "退回", "待说明", "待认定", "审核通过"
ISSUED, RESTATING = "已通报", "更正中"


@dataclass(frozen=True)
class Source:
    """A value in force, with where it came from. ``received`` and ``recorded`` are UTC."""

    district: str
    indicator: str
    value: int
    version: int
    file: str
    sheet: str
    cell: str
    sha256: str
    received: dt.datetime
    recorded: dt.datetime
    rules_version: str


@dataclass(frozen=True)
class FileRecord:
    """One file received for the period (or that could not be placed), with what its last judgement said."""

    file: str
    sha256: str
    status: str
    """A value of ``model.Status``."""
    received: dt.datetime
    district: str | None = None
    period: dt.date | None = None
    sheet: str | None = None
    version: int | None = None
    """The version it became, if accepted."""
    in_force: bool = False
    """Its version is the one in force."""
    entry: int = 0
    """The ledger's number of the run it came with."""
    values: Mapping[str, int | None] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    """indicator → A1 address."""
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    envelope: Envelope | None = None
    """What it came in; whom a mail is from is never told to other districts."""
    parcel: str | None = None
    """``mail`` or ``archive`` where it is one that was opened."""

    @property
    def is_material(self) -> bool:
        """Whether it is something that came along (随附材料), a stamped scan perhaps, and not merely what others came in."""
        return self.status == Status.ATTACHMENT and self.parcel is None

    @property
    def own_name(self) -> str:
        """Its name with those of its folders, without the mails and archives it came in."""
        return "/".join(own_parts(self.file, self.envelope))


@dataclass(frozen=True)
class Original:
    """A file as sent. ``grids`` are its sheets (none where it could not be read); ``workbook`` says that it is OOXML inside."""

    content: bytes
    grids: tuple[Grid, ...] = ()
    workbook: bool = False
    trouble: str = ""
    """The traceback of the internal error that kept its sheets from being read again."""


@dataclass(frozen=True)
class Settlement:
    """One line of 审核说明与认定 (wording.md 6): a finding that was explained, and what the city made of it. Times are UTC.

    ``how`` is ``sheet``, ``phone`` or ``standing`` (沿用). ``verdict`` is ``approve``, ``refuse``, or empty while it waits
    and where the city is not asked.
    """

    finding: Finding
    text: str
    by: str
    how: str
    at: dt.datetime
    verdict: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    basis: str = ""
    wording: str = ""


@dataclass(frozen=True)
class NoticeChoices:
    """What the office wants in the notice beside what it always says (wording.md 10.2), and the Word files it is made of.

    ``goals``: A4 and the table of city-wide goals. ``late``: who reported late. ``cc`` replaces the usual 抄送.
    ``template``, ``restated_template``: the office's own instead of the programme's.
    """

    goals: bool = False
    late: bool = False
    cc: str = ""
    template: Path | None = None
    restated_template: Path | None = None


@dataclass(frozen=True)
class Office:
    """What the settings say to districts: whom to ask, and the full names of the reporting units by district.

    ``scan``: a stamped scan is asked for. ``definitions_confirmed``: the definitions of the indicators are in force.
    ``rank_groups``: ranks are within the programme's groups.
    """

    contact: str = ""
    phone: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    scan: bool = False
    definitions_confirmed: bool = False
    notice: NoticeChoices = NoticeChoices()
    rank_groups: bool = False


@dataclass(frozen=True)
class DistrictRecord:
    """A district's state in the period (wording.md 2). ``current`` is the accepted version's file, ``latest`` the last judged."""

    district: str
    state: str
    marks: tuple[str, ...] = ()
    version: int | None = None
    values: Mapping[str, int | None] = field(default_factory=dict)
    """Accepted values, else those of the latest file, else empty."""
    current: FileRecord | None = None
    latest: FileRecord | None = None
    accepted_at: dt.datetime | None = None
    first_received: dt.datetime | None = None
    files: int = 0
    """Returns received for the period, repeated files left out."""
    returns: int = 0
    """How many of them were sent back (退回)."""
    resend_by: dt.date | None = None
    """When a returned or waiting file is to be sent again."""
    before: FileRecord | None = None
    """The return judged before the latest one, to compare with."""
    questioned: tuple[Finding, ...] = ()
    """What is not settled of the version in force (需复核): it was accepted, and what it was compared with has changed since."""

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Findings of the latest judged file, and of the version in force, that still wait (hints are never open)."""
        of_latest = tuple(f for f in self.latest.findings if f.state == "open") if self.latest else ()
        matters = {_matter(finding) for finding in of_latest}
        return (*of_latest, *(f for f in self.questioned if f.state == "open" and _matter(f) not in matters))


def _matter(finding: Finding) -> tuple[object, ...]:
    """Two files of a district that say the same are asked about one matter."""
    return finding.rule, finding.indicator, finding.observed, finding.expected


def _waits(file: FileRecord, latest: FileRecord | None, programme: Programme) -> bool:
    """Whether a file is neither accepted nor replaced by ``latest``, its district's last one."""
    if file.status not in (Status.PENDING, Status.RETURNED):
        return False
    if latest is None:
        return file.district is None
    return file.sha256 == latest.sha256 or (is_rival(file, programme) and file.entry == latest.entry)


def is_rival(file: FileRecord, programme: Programme) -> bool:
    """Whether the city has to say which of several files of one run counts (F17)."""
    return file.status == Status.PENDING and any(programme.role_of(finding.rule) == "rivals" for finding in file.findings)


@dataclass(frozen=True)
class PeriodView:
    """Everything the products of one period show.

    ``values[(district, indicator)]`` are the accepted values in force; ``history[as_of][(district, indicator)]`` those that were
    issued (in force, where none were) of the previous bulletin's period (``previous``), of the last year-end before this period
    (``year_end``), of the periods that its bulletin may show (``earlier``) and of ``year_ago``, where there are any.
    """

    period: dt.date
    ledger_time: dt.datetime
    rules_version: str
    districts: tuple[DistrictRecord, ...]
    values: Mapping[tuple[str, str], Source]
    history: Mapping[dt.date, Mapping[tuple[str, str], int]]
    previous: dt.date | None
    files: tuple[FileRecord, ...]
    """All files of the period, in the order they came, attachments and repeated files too."""
    settlements: tuple[Settlement, ...] = ()
    """In form order of the districts."""
    decisions: tuple[Decision, ...] = ()
    """The city's decisions about the period, oldest first."""
    past: Mapping[tuple[str, str], tuple[tuple[dt.date, int], ...]] = field(default_factory=dict)
    """(district, indicator) of every indicator with a finding → accepted values of earlier periods, oldest first."""
    office: Office = Office()
    due: dt.date | None = None
    """报送截止时间 of the period."""
    following: tuple[dt.date, dt.date] | None = None
    """The next period that is called, and when it is due."""
    issues: tuple[Issue, ...] = ()
    """Of this period, oldest first."""
    reopened: bool = False
    """The last issue is being restated (更正中)."""
    restated: tuple[tuple[str, str], ...] = ()
    """(district, indicator) whose value of the previous bulletin was restated, and issued so, since it was issued first."""
    added: tuple[tuple[str, dt.date], ...] = ()
    """(district, earlier period) of 补报 that this bulletin is the first to tell."""
    acceptance: Acceptance | None = None
    """What the gate said of the last issue, or says of the one being made."""
    earlier: tuple[dt.date, ...] = ()
    """The last periods before this one that its bulletin may show, oldest first."""
    year_ago: dt.date | None = None
    """The period of a year before, where the bulletin may show it."""
    decided: int = 0
    """The ledger's number of the last decision that the period knows, 0 for none: later ones are newer than the products."""
    originals: str = ""
    """Where the files as sent lie, as a link from the period's folder; empty where products do not link to them."""

    def waiting(self, programme: Programme) -> tuple[FileRecord, ...]:
        """Files that something has to be done about: returned or pending ones that no later one replaces (each district's latest,
        its rivals, those of no district), and versions in force that are questioned."""
        latest = {record.district: record.latest for record in self.districts if record.latest}
        questioned = [record.current for record in self.districts if record.questioned]
        return tuple(
            file for file in self.files if file in questioned or _waits(file, latest.get(file.district or ""), programme)
        )

    @property
    def final(self) -> bool:
        """The products show what was issued, nothing else: without （送审稿）."""
        if not self.issues or self.reopened:
            return False
        return {place: source.value for place, source in self.values.items()} == dict(self.issues[-1].values)

    @property
    def year_end(self) -> dt.date:
        """31 December of the year before."""
        return dt.date(self.period.year - 1, 12, 31)
