"""What somebody asks the city's office to decide, and why it cannot be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Decision, Values
from pipeline.model.labels import period_label
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from pipeline.reading.values import find_districts
from schemas.programme import Programme

SHORTEST_HASH = 6


@dataclass(frozen=True)
class Request:
    """What somebody asks for. ``file`` is a sha256, the beginning of one, or a file's name; ``received`` is UTC.

    ``bound`` is what a line of a 办理单 was written about, and ``compared`` what its value was compared with (None: not kept):
    other values now, and the matter has changed. For ASSIGN ``district`` and ``period`` are those to be assigned.
    """

    act: str
    by: str
    reason: str
    district: str | None = None
    period: dt.date | None = None
    rule: str | None = None
    indicator: str | None = None
    file: str | None = None
    basis: str = ""
    wording: str = ""
    received: dt.datetime | None = None
    source: str = "command"
    bound: Values | None = None
    compared: str | None = None


class Refused(Exception):
    """A decision that cannot be taken: ``problem`` and ``words`` name a text of ``refused`` in decisions.toml."""

    def __init__(self, problem: str, **words: object) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words

    def __reduce__(self) -> tuple[object, ...]:
        return _refused, (self.problem, self.words)

    def text(self, programme: Programme) -> str:
        return Words(programme, "decisions").text(f"refused.{self.problem}", **self.words)


def _refused(problem: str, words: dict[str, object]) -> Refused:
    return Refused(problem, **words)


def district_named(text: str, programme: Programme) -> str:
    """The district a text names; the text itself where it names none or several, to be refused with."""
    found = find_districts(text, programme)
    return found[0] if len(found) == 1 else text.strip()


def indicator_named(text: str, programme: Programme) -> str:
    """The id of the indicator a text names in any of its ways; the text itself where it names none."""
    wanted = text.strip()
    named = (i.id for i in programme.indicators if wanted in (i.id, i.name, i.short, i.plain))
    return next(named, wanted)


def named_files(name: str | None, files: Sequence[FileRecord]) -> list[FileRecord]:
    """By hash or the beginning of one, else by name."""
    text = (name or "").strip()
    by_hash = [file for file in files if len(text) >= SHORTEST_HASH and file.sha256.startswith(text.lower())]
    return by_hash or [file for file in files if text and text in (file.file, file.file.rsplit("/", 1)[-1])]


def place_text(about: Request | Decision, programme: Programme) -> str:
    """鹿城区2024年底, as far as it is known."""
    return f"{about.district or ''}{period_label(about.period, programme) if about.period else ''}"
