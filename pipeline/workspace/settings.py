"""The office's settings: ``settings.toml`` of the workspace, overridden by ``ANNEX2_SECTION__FIELD`` variables."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pipeline.model.errors import SettingsError
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING
from schemas.structure import UNKNOWN, StructureError, structure

PREFIX = "ANNEX2_"
FILE = "settings.toml"
TEXTS = ("mail.password", "ledger.url")
"""Settings that are texts whatever they begin with: a variable's value is not read as JSON, and is never shown."""


@dataclass(frozen=True)
class PathSettings:
    """Relative paths start at the workspace."""

    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")


@dataclass(frozen=True)
class LedgerSettings:
    """``url`` is any SQLAlchemy URL; without one the ledger is ``ledger/ledger.db`` of the workspace."""

    url: str | None = None
    originals: Path = Path("ledger/originals")


@dataclass(frozen=True)
class PeriodSettings:
    """``called`` are the as-of dates that were called (布置); with none, every month end counts."""

    called: frozenset[dt.date] = frozenset()


@dataclass(frozen=True)
class DeadlineSettings:
    """When returns are due (报送截止时间): ``dates`` by as-of date, else the ``working_day``-th working day after the period.

    With neither nothing is late. ``grace`` are the working days a district has to send a returned file again.
    """

    working_day: int | None = None
    dates: Mapping[dt.date, dt.date] = field(default_factory=dict)
    grace: int = 3


@dataclass(frozen=True)
class HolidaySettings:
    """Days ``off`` that are no weekend, and weekend days on which one has to ``work`` (调休)."""

    off: frozenset[dt.date] = frozenset()
    work: frozenset[dt.date] = frozenset()


@dataclass(frozen=True)
class OfficeSettings:
    """Whom districts may ask, as it stands in templates, return copies and mails; ``section`` (处室) signs mails with the office.

    ``scan``: a stamped scan is to be sent too (盖章件). ``definitions_confirmed``: the programme's definitions of the indicators
    are in force; until then templates say that they are not.
    """

    contact: str = ""
    phone: str = ""
    section: str = ""
    scan: bool = False
    definitions_confirmed: bool = False


@dataclass(frozen=True)
class ContactSettings:
    """One district's reporting unit (填报单位全称), and the address its mail goes to."""

    unit: str = ""
    mail: str = ""


@dataclass(frozen=True)
class DecideSettings:
    """``names`` of those who may decide; with none, anybody may."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class BookSettings:
    """总台账.xlsx is written by every run while the ledger holds up to ``versions`` versions, beyond that by rebuild.

    A sheet has up to ``rows`` rows; older periods go beside it as CSV.
    """

    rows: int = 20_000
    versions: int = 500


@dataclass(frozen=True)
class BulletinSettings:
    """``groups``: districts are ranked within the programme's groups, not all together."""

    groups: bool = False


@dataclass(frozen=True)
class NoticeSettings:
    """``goals``: the notice states the city-wide goals too. ``late``: and who reported late. ``cc``: 抄送.

    ``template``, ``restated_template``: Word files of the office's own, relative to the workspace.
    """

    goals: bool = False
    late: bool = False
    cc: str = ""
    template: Path | None = None
    restated_template: Path | None = None


@dataclass(frozen=True)
class MailSettings:
    """The server mail goes out by; without ``host`` there are drafts only. ``security``: starttls, tls or none.

    ``sender`` is the address mail comes from, ``recipients`` are those of the bulletin. ``password`` comes from the environment
    (ANNEX2_MAIL__PASSWORD), else it is looked up in the system's keyring (service annex2, name ``user``); never in the file.
    ``receipts``: whose return was accepted is told so (报送回执).
    """

    host: str = ""
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    recipients: tuple[str, ...] = ()
    receipts: bool = False


@dataclass(frozen=True)
class Settings:
    """``contacts`` by district."""

    paths: PathSettings = PathSettings()
    ledger: LedgerSettings = LedgerSettings()
    periods: PeriodSettings = PeriodSettings()
    deadlines: DeadlineSettings = DeadlineSettings()
    holidays: HolidaySettings = HolidaySettings()
    office: OfficeSettings = OfficeSettings()
    contacts: Mapping[str, ContactSettings] = field(default_factory=dict)
    decide: DecideSettings = DecideSettings()
    book: BookSettings = BookSettings()
    bulletin: BulletinSettings = BulletinSettings()
    notice: NoticeSettings = NoticeSettings()
    mail: MailSettings = MailSettings()


def load_settings(workspace: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError for a file that is no TOML, an unknown field or a value that cannot be meant."""
    settings, variables = _read(workspace, environment)
    require_apart(settings, workspace, variables)
    return settings


def require_apart(settings: Settings, workspace: Path, variables: Mapping[str, str] = MappingProxyType({})) -> None:
    """Raises SettingsError where two folders lie in one another, or one is the workspace or a parent of it."""
    for flaw in _paths(settings, workspace):
        raise _wrong(flaw.field, flaw.seen, _expected(flaw.expected), variables)


def read_settings(workspace: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The same, wherever its paths lead: for who does not follow them."""
    return _read(workspace, environment)[0]


def _read(workspace: Path, environment: Mapping[str, str]) -> tuple[Settings, Mapping[str, str]]:
    """The settings, and which of them (``section.field``) a variable gives."""
    raw = _file(workspace / FILE)
    if isinstance(raw.get("mail"), dict) and "password" in raw["mail"]:
        raise SettingsError("password")  # the file is copied, shown and backed up
    variables = {place: name for name, value in environment.items() if (place := _override(raw, name, value))}
    try:
        settings = structure(Settings, raw, _said) if raw else Settings()
    except StructureError as error:
        raise _not_fitting(error, variables) from error
    for flaw in flaws(settings):
        raise _wrong(flaw.field, flaw.seen, _expected(flaw.expected), variables)
    return settings, variables


def _said(kind: type, text: str) -> Any:
    """Variables are texts, and dates may be: 2025-01-15, 500, true. Raises ValueError."""
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    return dt.date.fromisoformat(text) if kind is dt.date else kind(text)


def _file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig")) if file.exists() else {}
    except OSError as error:
        raise SettingsError("unreadable", file=file.name) from error
    except UnicodeDecodeError as error:
        raise SettingsError("encoding", file=file.name) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        problem = "no_date" if "Invalid date" in str(error) else "twice" if "overwrite" in str(error) else "syntax"
        raise SettingsError(problem if line else "unfinished", file=file.name, line=line[1] if line else "") from error


def _override(raw: dict[str, Any], name: str, value: str) -> str | None:
    """``ANNEX2_LEDGER__URL`` sets ``ledger.url``; lists are written as JSON. Other variables of the prefix are not settings.

    The setting it sets, if it is one's.
    """
    section, _, field = name.removeprefix(PREFIX).lower().partition("__")
    if not (name.startswith(PREFIX) and field and section in Settings.__dataclass_fields__):
        return None
    place = f"{section}.{field}"
    try:
        parsed = json.loads(value) if value[:1] in ("[", "{") and place not in TEXTS else value
    except ValueError as error:
        raise _wrong(place, value, _words()["json"], {place: name}) from error
    given = raw.get(section, {})
    raw[section] = {**given, field: parsed} if isinstance(given, dict) else given  # what is no section is told by the model
    return place if isinstance(given, dict) else None


@dataclass(frozen=True)
class Flaw:
    """A setting that is of its type and still cannot be meant. ``expected`` is a key of the wording."""

    field: str
    seen: object
    expected: str


MOST_WORKING_DAYS = 250
"""Of a year: who writes more has mistaken the setting."""
YEARS = range(2000, 2100)
BEFORE, AFTER = dt.timedelta(days=31), dt.timedelta(days=366)
"""So far from its period a deadline may lie; beyond, the year was mistyped."""
MOST_ROWS = 1_048_575
"""Under the header of a sheet."""
MOST_PORT = 65_535


def flaws(settings: Settings) -> Iterator[Flaw]:
    """What cannot be meant, in the order of the sections; where the paths lead is asked apart."""
    yield from _dates(settings)
    yield from _deadlines(settings.deadlines)
    yield from _holidays(settings.holidays)
    yield from _deciders(settings.decide.names)
    if not 1 <= settings.book.rows <= MOST_ROWS:
        yield Flaw("book.rows", settings.book.rows, "rows")
    if settings.book.versions < 0:
        yield Flaw("book.versions", settings.book.versions, "not_negative")
    if not 0 <= settings.mail.port <= MOST_PORT:
        yield Flaw("mail.port", settings.mail.port, "port")
    for number, recipient in enumerate(settings.mail.recipients):
        if not recipient.strip():
            yield Flaw(f"mail.recipients.{number}", recipient, "address")


def _paths(settings: Settings, workspace: Path) -> Iterator[Flaw]:
    """Three folders, none of them the workspace or a parent of it, none inside another: what is cleared, what is made and what is
    kept stay apart."""
    folders = {
        "paths.inbox": settings.paths.inbox,
        "paths.outbox": settings.paths.outbox,
        "ledger.originals": settings.ledger.originals,
    }
    root = workspace.absolute()
    full = {name: Path(os.path.normpath(root / path)) for name, path in folders.items()}
    for name, path in full.items():
        others = [other for other in full if other != name]
        if root.is_relative_to(path):
            yield Flaw(name, folders[name].as_posix(), "folder")
        elif any(path.is_relative_to(full[other]) or full[other].is_relative_to(path) for other in others):
            yield Flaw(name, folders[name].as_posix(), "folder_of_its_own")


def _dates(settings: Settings) -> Iterator[Flaw]:
    """Years as they may be meant."""
    dated = {
        "periods.called": settings.periods.called,
        "deadlines.dates": {*settings.deadlines.dates, *settings.deadlines.dates.values()},
        "holidays.off": settings.holidays.off,
        "holidays.work": settings.holidays.work,
    }
    yield from (Flaw(name, day, "year") for name, days in dated.items() for day in sorted(days) if day.year not in YEARS)


def _deadlines(settings: DeadlineSettings) -> Iterator[Flaw]:
    day = settings.working_day
    if day is not None and not 1 <= day <= MOST_WORKING_DAYS:
        yield Flaw("deadlines.working_day", day, "working_day")
    if not 0 <= settings.grace <= MOST_WORKING_DAYS:
        yield Flaw("deadlines.grace", settings.grace, "grace")
    for period, due in sorted(settings.dates.items()):
        if not period - BEFORE <= due <= period + AFTER:
            yield Flaw(f"deadlines.dates.{period}", due, "deadline")


def _holidays(settings: HolidaySettings) -> Iterator[Flaw]:
    """One day cannot be off and worked."""
    for day in sorted(settings.off & settings.work):
        yield Flaw("holidays.work", day, "not_off")


def _deciders(names: tuple[str, ...]) -> Iterator[Flaw]:
    """Names as they are written behind ``--by``: not blank, without blanks around them, each once."""
    for number, name in enumerate(names):
        if not name.strip():
            yield Flaw(f"decide.names.{number}", name, "name")
        elif name != name.strip() or not name.isprintable():
            yield Flaw(f"decide.names.{number}", name, "plain_name")
        elif name in names[:number]:
            yield Flaw(f"decide.names.{number}", name, "once")


def _words() -> Mapping[str, Any]:
    return Words(DEFAULT_WORDING, "messages").table("settings.expected")


def _expected(kind: str | tuple[str, ...]) -> str:
    """Chinese for what should stand there."""
    words = _words()
    return str(words[kind]) if isinstance(kind, str) else words["one_of"].format(choices=words["separator"].join(kind))


def _not_fitting(error: StructureError, variables: Mapping[str, str]) -> SettingsError:
    if error.problem != UNKNOWN:
        return _wrong(error.where, error.seen, _expected(error.expected), variables)
    name, known = error.where.rpartition(".")[2], [str(each) for each in error.expected]
    near = difflib.get_close_matches(name, known, 1)
    expected = _words()["near"].format(name=near[0]) if near else _expected(tuple(known))
    return SettingsError("unknown", file=_source(error.where, variables), field=error.where, expected=expected)


def _wrong(field: str, seen: object, expected: str, variables: Mapping[str, str]) -> SettingsError:
    shown = _words()["secret"] if field in TEXTS else _shown(seen)
    return SettingsError("value", file=_source(field, variables), field=field, seen=shown, expected=expected)


def _source(field: str, variables: Mapping[str, str]) -> str:
    """Where it stands: the file, or the variable that goes before it."""
    return next((name for place, name in variables.items() if f"{field}.".startswith(f"{place}.")), FILE)


def _shown(seen: object) -> str:
    """As somebody wrote it, on one line and not too long."""
    words = _words()
    if isinstance(seen, bool):
        return str(seen).lower()
    if isinstance(seen, str):
        text = "".join(c if c.isprintable() else " " for c in seen)
        return str(words["text"].format(text=f"{text[:40]}…" if len(text) > 40 else text))
    return str(words["listed"] if isinstance(seen, list) else words["section"] if isinstance(seen, dict) else seen)
