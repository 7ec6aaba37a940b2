"""The wording of letters, filled: with the programme's terms, the period, the office, and the day of writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.mail.letters import Attachment, Letter
from pipeline.model.labels import contact_form, date_label, period_label
from pipeline.model.view import PeriodView
from pipeline.model.words import Words
from pipeline.rules.judging.calendar import Calendar
from pipeline.workspace.settings import Settings
from schemas.programme import Programme


class LetterWords(Words):
    """Texts of the letters of one period; ``days`` knows which day it is written on."""

    def __init__(self, programme: Programme, view: PeriodView, settings: Settings, days: Calendar) -> None:
        super().__init__(programme, "mail", as_of_label=period_label(view.period, programme))
        self.programme, self.view, self.settings, self.days = programme, view, settings, days

    def date(self, day: dt.date) -> str:
        return date_label(day, self.programme)

    def unit(self, district: str) -> str:
        """How a district is addressed: its unit's full name where the settings have it."""
        contact = self.settings.contacts.get(district)
        return contact.unit if contact and contact.unit else district

    def address(self, district: str) -> tuple[str, ...]:
        """The one address of a district; none where the settings have none."""
        contact = self.settings.contacts.get(district)
        return (contact.mail.strip(),) if contact and contact.mail.strip() else ()

    def reachable(self, section: str, /, **values: object) -> str:
        """Whom to ask, in the words of ``section``, filled."""
        office = self.settings.office
        form = contact_form(office.contact, office.phone)
        return self.text(f"{section}.{form}", contact=office.contact, phone=office.phone, **values)

    def listed(self, attachments: Sequence[Attachment]) -> str:
        """附件：, numbered where there are more than one."""
        if len(attachments) == 1:
            return self.text("parts.attachment", file=attachments[0].name)
        forms = ("parts.first_attachment", *["parts.other_attachment"] * (len(attachments) - 1))
        each = zip(forms, attachments, strict=True)
        return "\n".join(self.text(form, number=n, file=one.name) for n, (form, one) in enumerate(each, 1))

    def letter(
        self,
        kind: str,
        recipients: tuple[str, ...],
        parts: Sequence[str],
        values: Mapping[str, object],
        today: Mapping[str, object],
        attachments: tuple[Attachment, ...] = (),
        district: str | None = None,
        file: str = "file",
        short: str = "",
    ) -> Letter:
        """A letter of the paragraphs ``parts``; ``today`` are the values that change with the day it is written."""
        now = {"date": self.date(self.days.today), **today}
        given = {"section": self.settings.office.section, "contacts": self.reachable("parts.contact"), **values}
        if district:
            given |= {"district": district, "unit": self.unit(district), "asked": self.reachable("asked")}
        if attachments:
            given["attachments"] = self.listed(attachments)
        return Letter(
            kind=kind,
            district=district,
            file=self.text(f"{kind}.{file}", as_of=self.view.period.isoformat(), **given),
            recipients=recipients,
            subject=self.text(f"{kind}.subject", **given),
            body=self._body(parts, {**given, **now}),
            lasting=self._body(parts, {**given, **dict.fromkeys(now, "")}),
            attachments=attachments,
            short=self.text(f"{kind}.short.{short}", **given, **now) if short else "",
        )

    def _body(self, parts: Sequence[str], values: Mapping[str, object]) -> str:
        texts = (str(values[part]) if part in values else self.text(part, **values) for part in parts)
        return "\n".join(text for text in texts if text) + "\n"
