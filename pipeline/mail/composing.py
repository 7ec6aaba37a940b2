"""Every kind of letter of wording.md 11, made from the period's picture."""

from __future__ import annotations

import datetime as dt

from pipeline.mail.letter_words import LetterWords
from pipeline.mail.letters import Attachment, Letter
from pipeline.model import Grade
from pipeline.model.labels import period_label, time_label
from pipeline.model.told import known_district, told
from pipeline.model.view import DistrictRecord, FileRecord
from pipeline.products.return_copy.copy_words import CopyWords

BEGIN, END = ("parts.salutation",), ("contacts", "parts.signature")


def call(words: LetterWords, district: str, template: Attachment) -> Letter:
    """布置填报 (11.5): the district's template, and until when it is awaited, where that is set."""
    due = words.view.due
    return words.letter(
        "call",
        words.address(district),
        (*BEGIN, "call.dated" if due else "call.undated", "attached", "parts.signature"),
        {"due": words.date(due) if due else "", "attached": words.reachable("call.attached", file=template.name)},
        {},
        (template,),
        district,
    )


def reminder(words: LetterWords, district: str, template: Attachment | None) -> Letter:
    """催报 (11.1), before and after the deadline, or without one."""
    due, today = words.view.due, words.days.today
    case = "undated" if due is None else "late" if today > due else "early"
    values = {"due": words.date(due) if due else "", "new_deadline": words.date(new_deadline(words, due)) if due else ""}
    ask = "reminder.ask" if template else "reminder.ask_without_template"
    return words.letter(
        "reminder",
        words.address(district),
        (*BEGIN, f"reminder.{case}", ask, *END),
        values,
        {"days": _overdue(words, due) if due else ""},
        (template,) if template else (),
        district,
        short=case,
    )


def new_deadline(words: LetterWords, due: dt.date) -> dt.date:
    """补报 until then: every few working days after the deadline another one, so that reminders of one round are the same."""
    grace = max(words.settings.deadlines.grace, 1)
    day = words.days.working_days_after(due, grace)
    while day <= words.days.today:
        day = words.days.working_days_after(day, grace)
    return day


def _overdue(words: LetterWords, due: dt.date) -> str:
    """For how many working days; empty on the days off that follow the deadline."""
    past = (due + dt.timedelta(days=n) for n in range(1, (words.days.today - due).days + 1))
    count = sum(words.days.is_working(day) for day in past)
    return words.text("reminder.days", count=count) if count else ""


def feedback(words: LetterWords, record: FileRecord, copy: Attachment, several: bool) -> Letter:
    """审核反馈 (11.2) of one return, with its copy. ``several``: the district has more than one that goes back.

    Raises ValueError for a return whose district is in question: its copy goes to nobody.
    """
    district = known_district(record, words.programme)
    if district is None:
        raise ValueError("a return of nobody goes to nobody")
    programme, found, status = words.programme, told(words.programme, record), str(record.status)
    errors, queries = found.count(Grade.ERROR), found.count(Grade.QUERY)
    resend = _resend(words, district, record)
    return words.letter(
        "feedback",
        words.address(district),
        (*BEGIN, f"feedback.{status}", "feedback.act", "contacts", "attachments", "parts.signature"),
        {
            "status": words.text(f"feedback.status.{status}"),
            "received": time_label(record.received, programme),
            "errors": errors,
            "queries": queries,
            "count": errors + queries,
            "first_message": CopyWords(programme).message(found.open[0]),
            "sha256": record.sha256[:8],
        },
        {"resend": resend},
        (copy,),
        district,
        file="several" if several else "file",
        short=status,
    )


def _resend(words: LetterWords, district: str, record: FileRecord) -> str:
    """Until when it is awaited again, as its copy says it; soon, where there is no such day or it is past."""
    own = next(each for each in words.view.districts if each.district == district)
    until = own.resend_by if own.latest and own.latest.sha256 == record.sha256 else None
    if until is None or until < words.days.today:
        return words.text("feedback.soon")
    return words.text("feedback.until", resend_deadline=words.date(until))


def bulletin(words: LetterWords, attachments: tuple[Attachment, ...]) -> Letter:
    """发送通报 (11.3), or 更正通报 (11.6) where the last issue is a restatement."""
    issue, following = words.view.issues[-1], words.view.following
    kind, grace = "bulletin" if issue.reopened is None else "restated", max(words.settings.deadlines.grace, 1)
    number = issue.imprint.number if issue.imprint else ""
    today = {
        "number": words.text("bulletin.number", number=number) if number else "",
        "query_deadline": words.date(words.days.working_days_after(words.days.today, grace)),
        "next": "",
    }
    if following:
        label, due = period_label(following[0], words.programme), words.date(following[1])
        today["next"] = words.text("bulletin.next", next_as_of_label=label, next_deadline=due)
    parts = ("parts.everybody", f"{kind}.body", "bulletin.query", "contacts", "attachments", "bulletin.formal", "parts.signature")
    kept = parts if kind == "bulletin" else tuple(part for part in parts if not part.startswith("bulletin."))
    return words.letter(kind, tuple(map(str.strip, words.settings.mail.recipients)), kept, {}, today, attachments)


def receipt(words: LetterWords, record: DistrictRecord, scanned: bool) -> Letter:
    """报送回执 (11.4) of the version in force. ``scanned``: the stamped scan is there, or not asked for."""
    if record.current is None:
        raise ValueError("nothing was accepted")
    suffix, programme = words.text("receipt.suffix"), words.programme
    values = (
        words.text("receipt.value", short=each.short.removesuffix(suffix), value=record.values[each.id], unit=each.unit)
        for each in programme.indicators
        if record.values.get(each.id) is not None
    )
    return words.letter(
        "receipt",
        words.address(record.district),
        (*BEGIN, "receipt.body", *END),
        {
            "received": time_label(record.current.received, programme),
            "version": record.version,
            "values": words.text("separator").join(values),
            "scan": "" if scanned else words.text("receipt.scan"),
        },
        {},
        (),
        record.district,
    )
