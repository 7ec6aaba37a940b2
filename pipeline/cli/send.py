"""``annex2 send``: a period's mails as drafts, and sent; what became of each letter (interface.md, wording.md 11.7)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from pipeline.cli.given import a_period, now
from pipeline.ledger.mailings import Result
from pipeline.mail.drafts import is_address
from pipeline.mail.letters import Letter
from pipeline.mail.sending import Delivery, Post, deliver, prepare
from pipeline.mail.smtp import ServerTrouble
from pipeline.model.labels import period_label
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str, typer.Argument(help=_help.raw("send_period"), metavar="P", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help=_help.raw("send_yes"))]

LEFT, UNABLE = 1, 2
"""Exit status: some letter did not go out, and: the server takes nothing, or there is nothing that could be sent."""


def send(context: typer.Context, period: Period, yes: Yes = False) -> None:
    workspace = context.obj.workspace()
    day = a_period(period, workspace)
    post = prepare(workspace, day, now())
    if not post.letters:
        _say_nothing(post, workspace.programme)
        raise typer.Exit(0 if post.called else UNABLE)
    if not yes:
        _say_drafts(post, workspace.programme)
        return
    said = Said(workspace.programme)
    try:
        said.tell(post.letters, deliver(workspace, post, now))
    except ServerTrouble as trouble:
        said.tell_trouble(trouble)
        raise typer.Exit(UNABLE) from trouble
    if said.left:
        raise typer.Exit(LEFT)


def _say_nothing(post: Post, programme: Programme) -> None:
    """There is nobody to write to."""
    key = "nothing" if post.called else "not_called"
    _say(programme, key, as_of_label=period_label(post.period, programme))


def _say_drafts(post: Post, programme: Programme) -> None:
    """Each draft: about what, to whom, with what; what was sent before; and where they are."""
    words = Words(programme, "mail")
    for letter in post.letters:
        recipients = words.text("separator").join(letter.recipients) or _no_address(letter, programme)
        attachments = words.text("separator").join(each.name for each in letter.attachments) or words.text("said.none")
        _say(programme, "draft", subject=letter.subject, recipients=recipients, attachments=attachments)
        for recipient in letter.recipients:
            known = post.known.get((letter.digest, recipient))
            if not is_address(recipient):
                _say(programme, "address", recipient=recipient, subject=letter.subject)
            elif known in (Result.SENT, Result.DOUBT):
                _say(programme, "already" if known is Result.SENT else "doubt", recipient=recipient, subject=letter.subject)
    _say(programme, "drafts", path=post.folder)
    _say(programme, "hint")


def _no_address(letter: Letter, programme: Programme) -> str:
    said = Words(programme, "mail")
    return str(said.text("said.no_address", district=letter.district) if letter.district else said.text("said.no_recipients"))


@dataclass
class Said:
    """What has been told: how many letters were sent, and how many did not go out."""

    programme: Programme
    sent: int = 0
    left: int = 0

    def tell(self, letters: Sequence[Letter], deliveries: Iterable[Delivery]) -> None:
        """Each delivery as it is made, then the letters that could not go to anybody, then how many were sent."""
        try:
            for each in deliveries:
                self._tell(each)
            for letter in letters:
                self._tell_unaddressed(letter)
        finally:
            _say(self.programme, "count", count=self.sent)

    def tell_trouble(self, trouble: ServerTrouble) -> None:
        """Why the server takes nothing."""
        print(Words(self.programme, "mail").text(f"trouble.{trouble.problem}", **trouble.words), file=sys.stderr)

    def _tell(self, each: Delivery) -> None:
        key = "already" if each.before and each.result is Result.SENT else each.result.value
        _say(self.programme, key, recipient=each.recipient, subject=each.letter.subject, reason=each.answer)
        self.sent += each.result is Result.SENT and not each.before
        self.left += each.result is not Result.SENT

    def _tell_unaddressed(self, letter: Letter) -> None:
        for recipient in letter.recipients:
            if not is_address(recipient):
                _say(self.programme, "address", recipient=recipient, subject=letter.subject)
                self.left += 1
        if not letter.recipients:
            _say(self.programme, "without", subject=letter.subject)
            self.left += 1


def _say(programme: Programme, message: str, /, **words: object) -> None:
    print(Words(programme, "mail").text(f"said.{message}", **words), file=sys.stderr, flush=True)
