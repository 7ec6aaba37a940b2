"""The office's settings: ``settings.toml`` of the workspace, overridden by ``ANNEX2_SECTION__FIELD`` variables."""

from __future__ import annotations

import datetime as dt
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

PREFIX = "ANNEX2_"


class SettingsError(Exception):
    """The settings cannot be used; the text says which field and what is wrong."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathSettings(_Section):
    """Relative paths start at the workspace."""

    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")


class LedgerSettings(_Section):
    """``url`` is any SQLAlchemy URL; without one the ledger is ``ledger/ledger.db`` of the workspace."""

    url: str | None = None
    originals: Path = Path("ledger/originals")


class PeriodSettings(_Section):
    """``called`` are the as-of dates that were called (布置); with none, every month end counts."""

    called: frozenset[dt.date] = frozenset()


class Settings(_Section):
    paths: PathSettings = PathSettings()
    ledger: LedgerSettings = LedgerSettings()
    periods: PeriodSettings = PeriodSettings()


def load_settings(workspace: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError for a file that is no TOML, an unknown field or a wrong value."""
    file = workspace / "settings.toml"
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig")) if file.exists() else {}
        for name, value in environment.items():
            _override(raw, name, value)
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file.name}: {error}") from error


def _override(raw: dict[str, Any], name: str, value: str) -> None:
    """``ANNEX2_LEDGER__URL`` sets ``ledger.url``; lists are written as JSON. Other variables of the prefix are not settings."""
    section, _, field = name.removeprefix(PREFIX).lower().partition("__")
    if name.startswith(PREFIX) and field and section in Settings.model_fields:
        parsed = json.loads(value) if value[:1] in "[{" else value
        raw[section] = {**raw.get(section, {}), field: parsed}
