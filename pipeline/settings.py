"""The office's settings: ``settings.toml`` of the workspace, overridden by ``ANNEX2_SECTION__FIELD`` variables."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import SettingsError
from schemas.structure import UNKNOWN, StructureError, structure

PREFIX = "ANNEX2_"


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
    """Read the settings. Raises SettingsError for a file that is no TOML, an unknown field or a wrong value."""
    raw = _file(workspace / "settings.toml")
    if isinstance(raw.get("mail"), dict) and "password" in raw["mail"]:
        raise SettingsError("password")  # the file is copied, shown and backed up
    for name, value in environment.items():
        _override(raw, name, value)
    return _validated(raw) if raw else Settings()


def _validated(raw: dict[str, Any]) -> Settings:
    try:
        return structure(Settings, raw, _said)
    except StructureError as error:
        raise SettingsError("unknown" if error.problem == UNKNOWN else "value", field=error.where) from error


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
        raise SettingsError("syntax" if line else "unfinished", file=file.name, line=line[1] if line else "") from error


def _override(raw: dict[str, Any], name: str, value: str) -> None:
    """``ANNEX2_LEDGER__URL`` sets ``ledger.url``; lists are written as JSON. Other variables of the prefix are not settings."""
    section, _, field = name.removeprefix(PREFIX).lower().partition("__")
    if name.startswith(PREFIX) and field and section in Settings.__dataclass_fields__:
        try:
            parsed = json.loads(value) if value[:1] in ("[", "{") else value
        except ValueError as error:
            raise SettingsError("value", field=name) from error
        given = raw.get(section, {})
        raw[section] = {**given, field: parsed} if isinstance(given, dict) else given  # what is no section is told by the model
