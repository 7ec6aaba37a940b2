"""The city's decisions: from what somebody asks for to an entry of the ledger, or a reason why not. None changes a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.findings import bound_values
from pipeline.labels import period_label
from pipeline.model import Act, Decision, Finding, Grade, State, Status, Values
from pipeline.parse.explanations import why_not
from pipeline.view import FileRecord
from schemas.programme import Programme

JUDGED = (Status.ACCEPTED, Status.PENDING, Status.RETURNED)
RIVALS = "F17"
SHORTEST_HASH = 6
EXPLAIN, APPROVE, CITY = "explain", "approve", "city"
"""What closes a rule besides a corrected file (rules.csv)."""


@dataclass(frozen=True)
class Request:
    """What somebody asks for. ``file`` is a sha256, the beginning of one, or a file's name; ``received`` is UTC.

    ``bound`` is what a line of a 办理单 was written about: other values now, and the matter has changed. For ASSIGN
    ``district`` and ``period`` are those to be assigned.
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


class Refused(Exception):
    """A decision that cannot be taken: ``problem`` and ``words`` name a text of ``wording["decisions"]["refused"]``."""

    def __init__(self, problem: str, **words: object) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words

    def text(self, programme: Programme) -> str:
        return str(programme.wording["decisions"]["refused"][self.problem]).format(**self.words)


def decide(
    request: Request, files: Sequence[FileRecord], names: Collection[str], now: dt.datetime, programme: Programme
) -> Decision:
    """The decision to record, bound to what it is about. ``files`` are those of the request's period (for ASSIGN also those
    without one), in order of receipt; ``names`` those who may decide, if any are listed. Raises Refused."""
    by = request.by.strip()
    if not by:
        raise Refused("by")
    if names and by not in names:
        raise Refused("name", name=by)
    if not request.reason.strip():
        raise Refused("reason")
    _known(request, programme)
    deciding = {Act.APPROVE: _finding_act, Act.REFUSE: _finding_act, Act.EXPLAIN: _finding_act, Act.EXCUSE: _excuse}
    found = deciding.get(Act(request.act), _file_act)(request, files, programme)
    return Decision(
        request.act,
        by,
        now,
        request.reason.strip(),
        request.basis.strip(),
        request.wording.strip(),
        request.district,
        request.period,
        found.rule,
        found.indicator,
        found.sha256,
        found.values,
        request.received,
        request.source,
    )


@dataclass(frozen=True)
class _Found:
    """What a decision is bound to."""

    rule: str | None = None
    indicator: str | None = None
    sha256: str | None = None
    values: Values = field(default_factory=dict)


def _known(request: Request, programme: Programme) -> None:
    """District, period and rule are those of the programme."""
    if request.district is not None and request.district not in programme.district_names:
        raise Refused("district", text=request.district)
    if request.act != Act.ASSIGN and request.district is None:
        raise Refused("district", text="")
    if request.act != Act.ASSIGN and request.period is None:
        raise Refused("period")
    if request.rule is not None and request.rule not in programme.rules:
        raise Refused("rule", text=request.rule)


def _finding_act(request: Request, files: Sequence[FileRecord], programme: Programme) -> _Found:
    """APPROVE, REFUSE, EXPLAIN: about a finding of the district's latest return, or of one of its rivals."""
    if request.rule is None:
        raise Refused("rule", text="")
    if request.rule == RIVALS:
        raise Refused("by_withdrawal")
    file = _current(request, files)
    finding = _the_finding(request, file, programme)
    bound = bound_values(finding.rule, finding.indicator, file.values, programme)
    if request.bound is not None and dict(request.bound) != dict(bound):
        raise Refused("changed")
    _allowed(request, finding, programme)
    return _Found(finding.rule, finding.indicator, file.sha256, bound)


def _current(request: Request, files: Sequence[FileRecord]) -> FileRecord:
    """The latest return; among rivals the one that is named. A file that was named and has been followed by another has changed,
    unless the values a line was written about tell whether it still holds."""
    own = _own(request, files)
    named = own if request.file is None else _named(request, own)
    if named and _rivals(own):
        return _one([file for file in named if _is_rival(file)], request)
    if named and own[-1] not in named and request.bound is None:
        raise Refused("changed")
    return _one(own[-1:] if named else [], request)


def _the_finding(request: Request, file: FileRecord, programme: Programme) -> Finding:
    of_rule = [finding for finding in file.findings if finding.rule == request.rule]
    if not of_rule:
        raise Refused("nothing", place=place_text(request, programme))
    fitting = [finding for finding in of_rule if request.indicator is None or finding.indicator == request.indicator]
    if len({finding.indicator for finding in fitting}) != 1:
        raise Refused("indicator", text=request.indicator or "")
    return fitting[0]


def _allowed(request: Request, finding: Finding, programme: Programme) -> None:
    """What the rule's way of closing allows (rules.csv closes)."""
    closes = programme.rules[finding.rule].closes
    if closes == CITY and finding.grade == Grade.ERROR:
        raise Refused("not_decided_so", rule=finding.rule)
    explained = finding.explanation is not None and finding.state != State.OPEN
    place = place_text(request, programme)
    if request.act == Act.EXPLAIN:
        if closes not in (EXPLAIN, APPROVE):
            raise Refused("not_explainable", rule=finding.rule)
        if why := why_not(request.reason, finding.rule, programme):
            raise Refused("explanation", why=why)
    elif request.act == Act.APPROVE:
        if closes not in (APPROVE, CITY):
            raise Refused("not_approvable", rule=finding.rule)
        if closes == APPROVE and not explained:
            raise Refused("unexplained", place=place)
    elif closes not in (EXPLAIN, APPROVE):
        raise Refused("not_refusable", rule=finding.rule)
    elif not explained:
        raise Refused("nothing_said", place=place)
    settled = {Act.APPROVE: State.APPROVED, Act.REFUSE: State.REFUSED, Act.EXPLAIN: State.APPROVED}
    if finding.state == settled[Act(request.act)]:
        raise Refused("nothing", place=place)


def _excuse(request: Request, files: Sequence[FileRecord], programme: Programme) -> _Found:
    if any(file.status == Status.ACCEPTED and file.version for file in _own(request, files)):
        raise Refused("accepted", place=place_text(request, programme))
    return _Found()


def _file_act(request: Request, files: Sequence[FileRecord], programme: Programme) -> _Found:
    """RETURN, WITHDRAW, ASSIGN, RECEIVE: about a file."""
    if request.act == Act.ASSIGN:
        if request.district is None and request.period is None:
            raise Refused("assigned")
        return _Found(sha256=_one(_named(request, files), request).sha256)
    if request.act == Act.RECEIVE and request.received is None:
        raise Refused("time")
    own = _own(request, files)
    if request.file is not None:
        own = _named(request, own)
    elif request.act == Act.RECEIVE:
        own = own[:1]
    elif own and not _rivals(own):
        own = own[-1:]
    file = _one(own, request)
    if request.act == Act.RETURN and file.status == Status.RETURNED:
        raise Refused("returned")
    return _Found(sha256=file.sha256)


def _rivals(files: Iterable[FileRecord]) -> bool:
    return sum(_is_rival(file) for file in files) > 1


def _is_rival(file: FileRecord) -> bool:
    return file.status == Status.PENDING and any(finding.rule == RIVALS for finding in file.findings)


def _own(request: Request, files: Sequence[FileRecord]) -> list[FileRecord]:
    return [file for file in files if file.district == request.district and file.status in JUDGED]


def _named(request: Request, files: Sequence[FileRecord]) -> list[FileRecord]:
    """By hash or the beginning of one, else by name."""
    text = (request.file or "").strip()
    by_hash = [file for file in files if len(text) >= SHORTEST_HASH and file.sha256.startswith(text.lower())]
    return by_hash or [file for file in files if text and text in (file.file, file.file.rsplit("/", 1)[-1])]


def _one(files: Sequence[FileRecord], request: Request) -> FileRecord:
    if not files:
        raise Refused("file", text=request.file or request.district or "")
    if len({file.sha256 for file in files}) > 1:
        raise Refused("which", count=len(files))
    return files[-1]


def place_text(about: Request | Decision, programme: Programme) -> str:
    """鹿城区2024年底, as far as it is known."""
    return f"{about.district or ''}{period_label(about.period, programme) if about.period else ''}"
