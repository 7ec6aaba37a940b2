"""``send``: the letters of a period composed, laid into the outbox as drafts, and handed to the mail server, each once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from smtplib import SMTP
from typing import TYPE_CHECKING

from pipeline.ledger.freezing import frozen_products
from pipeline.ledger.mailings import Result, begin, finish, results
from pipeline.ledger.period_view import period_view
from pipeline.ledger.publications import Edition, edition_of
from pipeline.ledger.templates_made import made_at
from pipeline.mail import composing
from pipeline.mail.drafts import draft, is_address, outgoing
from pipeline.mail.letter_words import LetterWords
from pipeline.mail.letters import Attachment, Letter
from pipeline.mail.smtp import InDoubt, NotHandedOver, Refused, connected, hand_over
from pipeline.model.account import unmade
from pipeline.model.allowance import for_products
from pipeline.model.catalogue import awaits_city
from pipeline.model.told import known_district
from pipeline.model.view import ACCEPTED, MISSING, SHOWN_ZONE, PeriodView
from pipeline.model.words import Words
from pipeline.processes.pool import start_workers
from pipeline.processes.publish import render_return_copies
from pipeline.rules.judging.calendar import Calendar
from pipeline.run.templates import templates_for
from pipeline.workspace.known_around import calendar, completed
from pipeline.workspace.outbox import clear_others, write_products
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger

log = logging.getLogger(__name__)
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Post:
    """A period's letters. ``folder`` holds the drafts; ``called`` says that returns are awaited; ``known`` is what became of
    letters sent before, by digest and recipient."""

    period: dt.date
    letters: tuple[Letter, ...]
    folder: Path
    called: bool
    known: Mapping[tuple[str, str], Result] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """How a letter stands with one recipient. ``before``: it already stood so. ``answer`` is the server's, empty without one."""

    letter: Letter
    recipient: str
    result: Result
    before: bool = False
    answer: str = ""


def prepare(workspace: Workspace, period: dt.date, now: dt.datetime) -> Post:
    """Compose the period's letters as of ``now`` (UTC) and write them as drafts; drafts that no longer apply are taken away.

    Raises WorkspaceBusy, SettingsError, LedgerTrouble.
    """
    with workspace.locked(), workspace.ledger_to_read() as ledger:
        view, days = _picture(ledger, workspace, period, now)
        awaited = days.is_called(period) and workspace.programme.start <= period <= days.last_open
        words = LetterWords(workspace.programme, view, workspace.settings, days)
        letters = (*_to_all(ledger, words), *_feedback(ledger, words), *_to_missing(ledger, workspace, words, awaited))
        letters = (*letters, *_receipts(words))
        with ledger.reading() as connection:
            known = results(connection, [letter.digest for letter in letters])
        folder = workspace.outbox / period.isoformat() / words.text("folder")
        _write(folder, letters, workspace)
    return Post(period, letters, folder, awaited, known)


def _picture(ledger: Ledger, workspace: Workspace, period: dt.date, now: dt.datetime) -> tuple[PeriodView, Calendar]:
    """The period as it stands, and the calendar of the day of writing."""
    with ledger.reading() as connection:
        edition = edition_of(connection, period) or Edition(period)
        view = completed(period_view(connection, edition, workspace.programme), workspace)
        return view, calendar(connection, workspace, now)


def _to_all(ledger: Ledger, words: LetterWords) -> Iterator[Letter]:
    """The bulletin as issued, with the bytes that were frozen."""
    view = words.view
    if not view.issues or view.reopened:
        return
    with ledger.reading() as connection:
        products = dict(frozen_products(connection, view.period, view.issues[-1].number))
    files = Words(words.programme, "outbox").table("files")
    names = [files[product].format(as_of=view.period.isoformat()) for product in ("notice", "bulletin")]
    yield composing.bulletin(words, tuple(Attachment(name, products[name]) for name in names if name in products))


def _feedback(ledger: Ledger, words: LetterWords) -> Iterator[Letter]:
    """A letter for every return that goes back to a district that is known; what the city has to decide goes to nobody."""
    programme = words.programme
    waiting = tuple(
        file
        for file in words.view.waiting(programme)
        if known_district(file, programme) and not awaits_city(file.findings, programme)
    )
    if not waiting:
        return
    view = dataclasses.replace(words.view, files=waiting)
    with start_workers(1, programme) as workers:
        allowance = for_products(programme, len(waiting))
        copies, failed = workers.schedule(render_return_copies, (view, waiting, ledger.originals), allowance).result()
    for name, trace in failed:
        unmade(name, trace)
    districts = [record.district for record, _, _ in copies]
    for record, name, content in sorted(copies, key=lambda copy: programme.district_names.index(copy[0].district)):
        yield composing.feedback(words, record, Attachment(name, content), districts.count(record.district) > 1)


def _to_missing(ledger: Ledger, workspace: Workspace, words: LetterWords, awaited: bool) -> Iterator[Letter]:
    """布置填报 with the template made, on the day of making and until the period is over; else 催报, while it is awaited.

    Nothing once it is issued: what comes after that is 补报.
    """
    period, today = words.view.period, words.days.today
    with ledger.reading() as connection:
        made = {district: at.astimezone(SHOWN_ZONE).date() for district, at in made_at(connection, period).items()}
    called = {district for district, day in made.items() if today <= max(day, period)}
    missing = [each.district for each in words.view.districts if each.state == MISSING and (awaited or each.district in called)]
    if not missing or words.view.issues:
        return
    templates = {district: Attachment(*each) for district, each in templates_for(ledger, workspace, period, missing).items()}
    for district in missing:
        template = templates.get(district)
        if template and district in called:
            yield composing.call(words, district, template)
        elif awaited:
            yield composing.reminder(words, district, template)


def _receipts(words: LetterWords) -> Iterator[Letter]:
    """报送回执, where the settings ask for them."""
    if not words.settings.mail.receipts:
        return
    for record in words.view.districts:
        if record.state == ACCEPTED and record.current and not record.questioned:
            own = (file for file in words.view.files if file.district == record.district)
            scanned = not words.settings.office.scan or any(file.is_material for file in own)
            yield composing.receipt(words, record, scanned)


def _write(folder: Path, letters: tuple[Letter, ...], workspace: Workspace) -> None:
    """The drafts, and the short messages in a file beside them."""
    drafts = {letter.file: draft(letter, workspace.settings.mail.sender) for letter in letters}
    short = [letter.short for letter in letters if letter.short]
    if short:
        drafts[Words(workspace.programme, "mail").text("short_file")] = "\r\n\r\n".join((*short, "")).encode("utf-8-sig")
    if drafts:
        write_products(folder, drafts.items())
    if folder.is_dir():
        clear_others(folder, drafts)
        if not drafts:
            folder.rmdir()


def deliver(workspace: Workspace, post: Post, clock: Clock) -> Iterator[Delivery]:
    """Hand over what was not sent before, one recipient after the other; each is noted in the ledger before, answered after.

    One that is refused stops no other. Raises ServerTrouble when the server takes nothing (more), WorkspaceBusy while another
    window sends.
    """
    with workspace.mailing(), workspace.ledger() as ledger, ExitStack() as connection:
        courier = Courier(workspace, ledger, post.period, clock, connection)
        for letter in post.letters:
            for recipient in letter.recipients:
                if is_address(recipient):
                    yield courier.deliver(letter, recipient)


@dataclass
class Courier:
    """A connection to the server that is made when it is first needed, and again after it broke."""

    workspace: Workspace
    ledger: Ledger
    period: dt.date
    clock: Clock
    connection: ExitStack
    server: SMTP | None = None

    def deliver(self, letter: Letter, recipient: str) -> Delivery:
        """Hand one letter over for one recipient, unless that was done before."""
        key = (letter.digest, recipient)
        with self.ledger.reading() as connection:
            known = results(connection, [letter.digest]).get(key)
        if known in (Result.SENT, Result.DOUBT):
            return Delivery(letter, recipient, known, before=True)
        server = self._ready()
        mailing = begin(self.ledger, key, self.period, letter.kind, letter.district, self.clock())
        if mailing is None:  # another machine of the same ledger has just begun
            return Delivery(letter, recipient, Result.DOUBT, before=True)
        result, answer = self._handed_over(server, letter, recipient)
        if result is not Result.DOUBT:
            finish(self.ledger, mailing, result, answer, self.clock())
        return Delivery(letter, recipient, result, answer=answer)

    def _handed_over(self, server: SMTP, letter: Letter, recipient: str) -> tuple[Result, str]:
        sender = self.workspace.settings.mail.sender
        try:
            return Result.SENT, hand_over(server, sender, recipient, outgoing(letter, sender, self.clock()))
        except Refused as refused:
            return Result.REFUSED, str(refused)
        except NotHandedOver:
            self._drop()
            return Result.UNSENT, ""
        except InDoubt:
            self._drop()
            return Result.DOUBT, ""

    def _ready(self) -> SMTP:
        """A server that answers and has forgotten the message before. Raises ServerTrouble."""
        if self.server is not None:
            try:
                if self.server.rset()[0] // 100 == 2:
                    return self.server
            except OSError:  # smtplib's own exceptions are OSErrors
                log.info("the mail server closed the connection; another one is made")
            self._drop()
        self.server = self.connection.enter_context(connected(self.workspace.settings.mail))
        return self.server

    def _drop(self) -> None:
        self.connection.close()
        self.server = None
