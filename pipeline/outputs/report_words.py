"""The report's wording (schemas/wording/report.toml) with names, dates and findings put into it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.model import Finding, Grade
from pipeline.view import SHOWN_ZONE
from schemas.programme import Programme


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of one programme's report, by dotted key."""

    programme: Programme

    def raw(self, key: str) -> Any:
        """The text, list or table at ``key``; KeyError when the programme's wording lacks it."""
        found: Any = self.programme.wording["report"]
        for part in key.split("."):
            found = found[part]
        return found

    def text(self, key: str, **values: object) -> str:
        """The text at ``key`` filled with the programme's terms and ``values``."""
        return str(self.raw(key)).format_map({**self.programme.terms, **values})

    def join(self, parts: Iterable[str]) -> str:
        """Enumerated with the enumeration comma, each once, in the order met."""
        return str(self.raw("separator")).join(dict.fromkeys(part for part in parts if part))

    def period(self, as_of: dt.date | None) -> str:
        """A period as it is spoken of: the end of a year, of a month, or a day (wording.md 0.3)."""
        if as_of is None:
            return str(self.raw("blank"))
        last = as_of.day == calendar.monthrange(as_of.year, as_of.month)[1]
        style = ("year_end" if as_of.month == 12 else "month_end") if last else "day"
        return self.text(f"dates.{style}", year=as_of.year, month=as_of.month, day=as_of.day)

    def moment(self, time: dt.datetime) -> str:
        """A UTC time as the clock of the office shows it."""
        aware = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
        local = aware.astimezone(SHOWN_ZONE)
        return self.text("dates.moment", year=local.year, month=local.month, day=local.day, hour=local.hour, minute=local.minute)

    def version(self, number: int | None) -> str:
        return self.text("version", version=number) if number is not None else ""

    def indicators(self, identifiers: Iterable[str | None]) -> str:
        """Names of indicators, as the form has them."""
        return self.join(self.programme.indicator(identifier).name for identifier in identifiers if identifier)

    def short_indicators(self, identifiers: Iterable[str | None]) -> str:
        """Short names of indicators, as the heads of the matrix have them."""
        return self.join(self.programme.indicator(identifier).short for identifier in identifiers if identifier)

    def quoted(self, identifiers: Iterable[str | None]) -> str:
        """Names of indicators in quotation marks, in programme order."""
        wanted = set(identifiers)
        names = (i.name for i in self.programme.indicators if i.id in wanted)
        return self.join(self.text("indicator", indicator=name) for name in names)

    def closes(self, finding: Finding) -> str:
        """What settles the finding (``closes`` of its rule); a rule the catalogue no longer has goes back to the district."""
        rule = self.programme.rules.get(finding.rule)
        return rule.closes if rule else "resend"

    def progress(self, finding: Finding) -> str:
        """办理情况 of an error or query."""
        texts = self.raw("progress")[finding.state]
        return str(texts.get(self.closes(finding), texts["default"]))


def weight(finding: Finding) -> int:
    """0 for an error, 1 for a query, 2 for a hint."""
    return list(Grade).index(Grade(finding.grade))
