"""A request weighed against what is open: the decision to record, or why it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from pipeline.decisions.requests import Refused, Request, named_files, place_text
from pipeline.model import Act, Decision, Finding, Grade, State, Status, Values
from pipeline.model.matters import matter_of
from pipeline.model.view import FileRecord, is_rival
from pipeline.reading.values.explanations import why_not
from schemas.programme import Programme

JUDGED = (Status.ACCEPTED, Status.PENDING, Status.RETURNED)
FINDING_ACTS = (Act.APPROVE, Act.REFUSE, Act.EXPLAIN)
EXPLAIN, APPROVE, CITY = "explain", "approve", "city"
"""What closes a rule besides a corrected file (rules.csv)."""


def decide(
    request: Request,
    files: Sequence[FileRecord],
    names: Collection[str],
    now: dt.datetime,
    programme: Programme,
    excused: bool = False,
) -> Decision:
    """The decision to record, bound to what it is about. ``files`` are those of the request's period (for ASSIGN also those
    without one), in order of receipt; ``names`` those who may decide, if any are listed; ``excused``: the district is 免报.
    Raises Refused."""
    decision = taken(request, names, now)
    _known(request, programme)
    found = _about(request, files, now, programme, excused)
    return replace(
        decision,
        rule=found.rule,
        indicator=found.indicator,
        sha256=found.sha256,
        values=found.values,
        compared=found.compared,
    )


def taken(request: Request, names: Collection[str], now: dt.datetime) -> Decision:
    """The decision as it is asked for, bound to nothing yet. Raises Refused where nobody, or somebody else, asks, or why is not
    said."""
    by = authorised(request.by, names)
    if not request.reason.strip():
        raise Refused("reason")
    return Decision(
        request.act,
        by,
        now,
        request.reason.strip(),
        request.basis.strip(),
        request.wording.strip(),
        request.district,
        request.period,
        received=request.received,
        source=request.source,
    )


def authorised(name: str, names: Collection[str]) -> str:
    """The name of somebody who may decide. Raises Refused."""
    by = name.strip()
    if not by:
        raise Refused("by")
    if names and by not in names:
        raise Refused("name", name=by)
    return by


def _about(request: Request, files: Sequence[FileRecord], now: dt.datetime, programme: Programme, excused: bool) -> _Found:
    if request.act in FINDING_ACTS:
        return _finding_act(request, files, programme)
    if request.act == Act.REOPEN:
        return _Found()
    if request.act == Act.WITHDRAW and request.rule == programme.rule_for("sent_back"):
        return _sent_back(request, files, programme)
    if request.act == Act.EXCUSE:
        return _excuse(request, files, programme, excused)
    if request.act == Act.WITHDRAW and excused and request.file is None and not _own(request, files):
        return _Found()  # the excuse itself is taken back
    return _file_act(request, files, now, programme)


@dataclass(frozen=True)
class _Found:
    """What a decision is bound to."""

    rule: str | None = None
    indicator: str | None = None
    sha256: str | None = None
    values: Values = field(default_factory=dict)
    compared: str | None = None


def _known(request: Request, programme: Programme) -> None:
    """District, period, rule and indicator are those of the programme."""
    if request.district is not None and request.district not in programme.district_names:
        raise Refused("district", text=request.district)
    if request.act not in (Act.ASSIGN, Act.REOPEN) and request.district is None:
        raise Refused("no_district")
    if request.act != Act.ASSIGN and request.period is None:
        raise Refused("period")
    if request.rule is not None and request.rule not in programme.rules:
        raise Refused("rule", text=request.rule)
    if request.indicator is not None and request.indicator not in programme.indicator_ids:
        raise Refused("indicator", text=request.indicator)


def _finding_act(request: Request, files: Sequence[FileRecord], programme: Programme) -> _Found:
    """APPROVE, REFUSE, EXPLAIN: about a finding of the district's latest return, of one of its rivals, or of the version in
    force."""
    if request.rule is None:
        raise Refused("no_rule")
    if programme.role_of(request.rule) == "rivals":
        raise Refused("by_withdrawal")
    file = _asked_about(request, files, programme)
    finding = _the_finding(request, file, programme)
    matter = matter_of(finding, file.values, programme)
    if request.bound is not None and dict(request.bound) != dict(matter.values):
        raise Refused("changed")
    if None not in (request.compared, matter.compared) and request.compared != matter.compared:
        raise Refused("changed")
    _allowed(request, finding, programme)
    return _Found(finding.rule, finding.indicator, file.sha256, matter.values, matter.compared)


def _asked_about(request: Request, files: Sequence[FileRecord], programme: Programme) -> FileRecord:
    """The version in force where it is the one that is named, or the only one of which this can be said; else the latest."""
    held = next((file for file in _own(request, files) if file.in_force), None)
    if held is None:
        return _current(request, files, programme)
    if request.file is not None and held in named_files(request.file, [held]) and _says(held, request):
        return held
    latest = _current(request, files, programme)
    return held if request.file is None and not _says(latest, request) and _says(held, request) else latest


def _says(file: FileRecord, request: Request) -> bool:
    found = (finding for finding in file.findings if finding.rule == request.rule)
    return any(request.indicator in (None, finding.indicator) for finding in found)


def _current(request: Request, files: Sequence[FileRecord], programme: Programme) -> FileRecord:
    """The latest return; among rivals the one that is named. A file that was named and has been followed by another has changed,
    unless the values a line was written about tell whether it still holds."""
    own = _own(request, files)
    named = own if request.file is None else named_files(request.file, own)
    if named and _rivals(own, programme):
        return _one([file for file in named if is_rival(file, programme) and file.entry == own[-1].entry], request)
    if named and own[-1] not in named and request.bound is None:
        raise Refused("changed")
    return _one(own[-1:] if named else [], request)


def _the_finding(request: Request, file: FileRecord, programme: Programme) -> Finding:
    of_rule = [finding for finding in file.findings if finding.rule == request.rule]
    if not of_rule:
        raise Refused("nothing", place=place_text(request, programme))
    fitting = [finding for finding in of_rule if request.indicator is None or finding.indicator == request.indicator]
    if not fitting:
        raise Refused("nothing", place=place_text(request, programme))
    if len({finding.indicator for finding in fitting}) > 1:
        raise Refused("which_indicator", rule=request.rule)
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


def _excuse(request: Request, files: Sequence[FileRecord], programme: Programme, excused: bool) -> _Found:
    """Only of a district that has sent nothing: a return that waits would be judged again, and might be posted after all."""
    own, place = _own(request, files), place_text(request, programme)
    if any(file.status == Status.ACCEPTED for file in own):
        raise Refused("accepted", place=place)
    if own:
        raise Refused("reported", place=place)
    if excused:
        raise Refused("excused", place=place)
    return _Found()


def _file_act(request: Request, files: Sequence[FileRecord], now: dt.datetime, programme: Programme) -> _Found:
    """RETURN, WITHDRAW, ASSIGN, RECEIVE: about a file."""
    if request.act == Act.ASSIGN:
        if request.district is None and request.period is None:
            raise Refused("assigned")
        return _Found(sha256=_unplaced(request, files).sha256)
    if request.act == Act.RECEIVE and request.received is None:
        raise Refused("time")
    if request.received is not None and request.received > now:
        raise Refused("future")
    own = _own(request, files)
    if request.file is not None:
        own = named_files(request.file, own)
    elif request.act == Act.RECEIVE:
        own = own[:1]
    elif own and not _rivals(own, programme):
        own = own[-1:]
    file = _one(own, request)
    if request.act == Act.RETURN and file.status == Status.RETURNED:
        raise Refused("returned")
    return _Found(sha256=file.sha256, values=file.values if request.act == Act.RETURN else {})


def _sent_back(request: Request, files: Sequence[FileRecord], programme: Programme) -> _Found:
    """WITHDRAW of M01: the city takes back that it sent these values back by hand; the file stays."""
    own = _own(request, files)
    named = own[-1:] if request.file is None else named_files(request.file, own)
    rule = programme.rule_for("sent_back")
    sent = [file for file in named if any(finding.rule == rule for finding in file.findings)]
    if not sent:
        raise Refused("nothing", place=place_text(request, programme))
    file = _one(sent, request)
    return _Found(rule, None, file.sha256, file.values)


def _unplaced(request: Request, files: Sequence[FileRecord]) -> FileRecord:
    """What an assignment is about: a return that is not accepted."""
    file = _one(named_files(request.file, [file for file in files if file.status in JUDGED]), request)
    if file.status == Status.ACCEPTED:
        raise Refused("placed", text=file.file)
    return file


def _rivals(own: Sequence[FileRecord], programme: Programme) -> bool:
    """Whether several of a district's files wait for the city to say which one counts: a later file replaces them all."""
    return sum(is_rival(file, programme) and file.entry == own[-1].entry for file in own) > 1


def _own(request: Request, files: Sequence[FileRecord]) -> list[FileRecord]:
    return [file for file in files if file.district == request.district and file.status in JUDGED]


def _one(files: Sequence[FileRecord], request: Request) -> FileRecord:
    if not files and request.file:
        raise Refused("file", text=request.file)
    if not files:
        raise Refused("no_file")
    if len({file.sha256 for file in files}) > 1:
        raise Refused("which", count=len(files))
    return files[-1]
