"""What the settings say of the office: who may be asked, who may decide, when returns are due."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pipeline.model.errors import SettingsError
from pipeline.model.words import Words
from pipeline.upkeep.doctor.seen import Office, Seen, listed, seen
from pipeline.workspace.settings import PREFIX
from schemas.programme import DEFAULT_WORDING

PASSWORD = f"{PREFIX}MAIL__PASSWORD"
"""Has no place in the file."""


def check_settings(examined: Office) -> Iterator[Seen]:
    """Whether the file can be used; which variables go before it, by name: their values may be secret."""
    file = examined.workspace.root / "settings.toml"
    try:
        _ = examined.workspace.settings
    except SettingsError as error:
        yield seen(
            "settings", "broken", reason=Words(DEFAULT_WORDING, "messages").text(f"settings.{error.problem}", **error.words)
        )
        return
    yield seen("settings", "fine" if file.exists() else "none", path=file)
    variables = sorted(name for name in os.environ if name.startswith(PREFIX) and "__" in name and name != PASSWORD)
    if variables:
        yield seen("settings", "variables", names=listed(variables))


def check_office(examined: Office) -> Iterator[Seen]:
    """Whom districts may ask."""
    office = examined.workspace.settings.office
    empty = [case for case in ("contact", "phone") if not getattr(office, case)]
    yield from (seen("office", case) for case in empty)
    if not empty:
        yield seen("office", "fine", contact=office.contact, phone=office.phone)
    if not office.definitions_confirmed:
        yield seen("office", "unconfirmed")


def check_districts(examined: Office) -> Iterator[Seen]:
    """The districts' reporting units."""
    contacts, names = examined.workspace.settings.contacts, examined.workspace.programme.district_names
    strangers = [name for name in contacts if name not in names]
    without = [name for name in names if name not in contacts or not contacts[name].unit]
    if strangers:
        yield seen("districts", "strangers", names=listed(strangers))
    yield seen("districts", "units", names=listed(without)) if without else seen("districts", "fine", count=len(names))


def check_deciders(examined: Office) -> Iterator[Seen]:
    """Who may decide."""
    names = examined.workspace.settings.decide.names
    yield seen("deciders", "fine", names=listed(names)) if names else seen("deciders", "none")


def check_deadlines(examined: Office) -> Iterator[Seen]:
    """When returns are due; counted in working days, that needs the year's holidays."""
    settings, year = examined.workspace.settings, examined.now.year
    if settings.deadlines.working_day is None:
        yield seen("deadlines", "fine" if settings.deadlines.dates else "none")
    elif any(day.year == year for day in settings.holidays.off):
        yield seen("deadlines", "fine")
    else:
        yield seen("deadlines", "holidays", year=year)
