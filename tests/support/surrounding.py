"""A return and what surrounds it: when it came, what the city decided, what the ledger and the settings say."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.model import Decision, FormInfo, Known, Receipt, Submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.judging.calendar import Calendar, Deadlines
from pipeline.rules.place import place
from tests.returns import ReturnSpec
from tests.support.judging import GOOD, LUCHENG, NOW, PROGRAMME, TODAY, read

HERE = (LUCHENG, GOOD.period)


def china(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2024) -> dt.datetime:
    """A time of the office's clocks, as UTC."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return dt.datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(dt.UTC)


def judged(
    return_spec: ReturnSpec = GOOD,
    *,
    at: dt.datetime = NOW,
    called: Sequence[dt.date] = (),
    due: dt.date | None = None,
    grace: int = 3,
    decisions: Sequence[Decision] = (),
    form: FormInfo | None = None,
    today: dt.date = TODAY,
    entry: int = 0,
    **known: Any,
) -> Submission:
    """The return judged alone. ``due`` is its period's deadline; decisions without a file are about this one. It came in the
    ledger's ``entry`` (0: it comes now)."""
    reading = read(return_spec)
    reading = dataclasses.replace(reading, form=form) if form else reading
    about = tuple(dataclasses.replace(d, sha256=d.sha256 or reading.sha256) for d in decisions)
    deadlines = Deadlines({return_spec.period: due} if due else {}, None, grace)
    calendar = Calendar(return_spec.programme, today, frozenset(called), deadlines)
    return check_batch(
        [(dataclasses.replace(place(reading, calendar), entry=entry), at)], Known(decisions=about, **known), calendar
    )[0]


def decision(act: str, **fields: Any) -> Decision:
    return Decision(act, by="王某", at=NOW, reason=fields.pop("reason", "电话"), district=LUCHENG, period=GOOD.period, **fields)


def receipt(first: dt.datetime, returned: dt.datetime | None = None) -> dict[tuple[str, dt.date], Receipt]:
    """The first return, and that a return was sent back in entry 2."""
    return {HERE: Receipt(first, ((2, returned),) if returned else ())}


def texts(submission: Submission, rule: str) -> list[str]:
    return [finding.message for finding in submission.findings if finding.rule == rule]


OTHER_TEMPLATE = FormInfo(version="2023.1")
CURRENT_TEMPLATE = FormInfo(version=PROGRAMME.template_version)
DUE = dt.date(2024, 7, 5)  # a Friday
IN_TIME, LATE, EARLY = china(7, 5, 17), china(7, 6, 8), china(6, 28)
