"""What surrounds a return: earlier periods, deadlines, the form's own fields, what the city did by hand (F06-F16, M01)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator

from pipeline.model import Act
from pipeline.model.labels import date_label, period_label, time_label
from pipeline.model.matters import sent_back
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.rules.judging.cases import FileCase
from pipeline.rules.rule import Found

MISSING_BACK = 24  # earlier periods asked for (F06): no more than a district's history in ``past`` is sure to hold


def f06(file: FileCase) -> Iterator[Found]:
    """F06: periods that were called, or reported by others, and not by this district; excused and issued ones are settled."""
    own_district, period = file.place
    end = bisect_left(file.owed, period)
    own = file.past.get(own_district, {})
    settled = {day for district, day in file.known.excused if district == own_district} | own.keys() | file.known.issued.keys()
    missing = [day for day in file.owed[max(0, end - MISSING_BACK) : end] if day not in settled]
    if missing:
        previous = "、".join(period_label(day, file.programme) for day in missing)
        yield Found(observed=previous, words={"previous": previous})


def f09(file: FileCase) -> Iterator[Found]:
    """F09: the first return came after the deadline, or one that had been sent back came again after its days of grace."""
    deadline = file.calendar.deadline(file.place[1])
    late = _late_since(file, deadline) if deadline else None
    if deadline and late:
        due, received = date_label(deadline.date(), file.programme), time_label(late, file.programme)
        yield Found(observed=received, expected=due, words={"deadline": due, "received": received})


def _late_since(file: FileCase, deadline: dt.datetime) -> dt.datetime | None:
    """The receipt that makes the return late, None when it is in time."""
    if file.received is None:
        return None
    receipt = file.known.receipts.get(file.place)
    first = receipt.first if receipt else file.received
    if first > deadline:
        return first
    before = [time for entry, time in receipt.returned if entry < file.placed.order] if receipt else []
    again = bool(before) and file.received > max(deadline, file.calendar.resend_by(before[-1]))
    return file.received if again else None


def f14(file: FileCase) -> Iterator[Found]:
    """F14: received on a day before the as-of date, as the office's clocks show it."""
    _, period = file.place
    if file.received is None or file.received.astimezone(SHOWN_ZONE).date() >= period:
        return
    due = file.calendar.due(period)
    deadline = date_label(due, file.programme) if due else Words(file.programme, "findings").text("F14.no_deadline")
    words = {"as_of_date": date_label(period, file.programme), "deadline": deadline}
    yield Found(observed=time_label(file.received, file.programme), words=words)


def f15(file: FileCase) -> Iterator[Found]:
    """F15: the issued bulletin names the district as missing; while it is being restated the return goes into the new one."""
    district, period = file.place
    issued = file.known.issued.get(period)
    if issued and district in issued.missing and district not in issued.opening:
        yield Found(words={"period": period_label(period, file.programme)})


def f10(file: FileCase) -> Iterator[Found]:
    """F10: fields of the form itself that are not filled."""
    if missing := file.placed.reading.form.missing:
        fields = "、".join(missing)
        yield Found(observed=fields, words={"fields": fields})


def f11(file: FileCase) -> Iterator[Found]:
    """F11: what the workbook carries besides its sheets."""
    if carries := file.placed.reading.carries:
        what = "、".join(Words(file.programme, "findings").table("F11")[key] for key in carries)
        yield Found(observed=what, words={"what": what})


def f16(file: FileCase) -> Iterator[Found]:
    """F16: made from another version of the template."""
    version, current = file.placed.reading.form.version.strip(), file.programme.template_version
    if version and current and version != current:
        yield Found(observed=version, expected=current)


def m01(file: FileCase) -> Iterator[Found]:
    """M01, with the reason the city gave last: for the same values in whatever file, until the city takes it back."""
    placed, decisions = file.placed, file.known.decisions
    if not any(decision.act == Act.RETURN for decision in decisions):
        return
    values = {entry.indicator: entry.value for entry in file.entries}
    sent = sent_back((placed.district, placed.period), placed.reading.sha256, values, decisions, file.programme)
    if sent:
        reason = sent.reason.strip().rstrip("。")
        advice = Words(file.programme, "findings").text("M01.advice")
        yield Found(observed=reason, words={"reason": reason, "advice": advice})
