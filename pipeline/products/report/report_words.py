"""The report's wording (schemas/wording/report.toml) with names, dates and findings put into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipeline.model import Finding, State
from pipeline.model.catalogue import nested
from pipeline.model.labels import date_label, period_label, time_label
from pipeline.model.view import SHOWN_ZONE, FileRecord
from pipeline.model.words import Words
from schemas.programme import Programme


class ReportWords(Words):
    """Texts of one programme's report, and how it names periods, times and indicators."""

    def __init__(self, programme: Programme) -> None:
        super().__init__(programme, "report")
        self.programme = programme

    def join(self, parts: Iterable[str]) -> str:
        """Enumerated with the enumeration comma, each once, in the order met."""
        return self.text("separator").join(dict.fromkeys(part for part in parts if part))

    def period(self, as_of: dt.date) -> str:
        """A period as it is spoken of."""
        return period_label(as_of, self.programme)

    def moment(self, time: dt.datetime) -> str:
        """A UTC time as the clock of the office shows it."""
        return time_label(time if time.tzinfo else time.replace(tzinfo=dt.UTC), self.programme)

    def arrival(self, file: FileRecord) -> str:
        """When the file was received, and beside it the date that the mail it came in bears itself."""
        received, sent = self.moment(file.received), file.envelope.sent if file.envelope else None
        return self.text("mailed", received=received, sent=self.moment(sent)) if sent else received

    def day(self, time: dt.datetime) -> str:
        """The day of a UTC time in the office."""
        return date_label(time.astimezone(SHOWN_ZONE).date(), self.programme)

    def version(self, number: int | None) -> str:
        return self.text("version", version=number) if number is not None else ""

    def indicators(self, identifiers: Iterable[str | None]) -> str:
        """Names of indicators, as the form has them."""
        return self.join(self.programme.indicator(identifier).name for identifier in identifiers if identifier)

    def short_indicators(self, identifiers: Iterable[str | None]) -> str:
        """Short names of indicators, as the heads of the matrix have them."""
        return self.join(self.programme.indicator(identifier).short for identifier in identifiers if identifier)

    def quoted(self, identifiers: Iterable[str | None]) -> str:
        """Names of indicators in quotation marks, in programme order, as messages quote them."""
        wanted = set(identifiers)
        names = (i.name for i in self.programme.indicators if i.id in wanted)
        return nested(self.join(self.text("indicator", indicator=name) for name in names))

    def closes(self, finding: Finding) -> str:
        """What settles the finding (``closes`` of its rule); a rule the catalogue no longer has goes back to the district."""
        rule = self.programme.rules.get(finding.rule)
        return rule.closes if rule else "resend"

    def progress(self, finding: Finding) -> str:
        """办理情况 of an error or query: what its note says, where it has one; what waits for the city says so as well."""
        texts = self.table("progress")[finding.state]
        usual = str(texts.get(self.closes(finding), texts["default"]))
        if not finding.note:
            return usual
        waits = finding.state == State.EXPLAINED and usual != texts["default"]
        return f"{finding.note}{self.text('progress.joiner')}{usual}" if waits else finding.note
