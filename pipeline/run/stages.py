"""A run's stages in their order: read → judge → post → publish. The ledger, and all that needs it, is imported with this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.decisions.sheets_in import take_decision_sheets
from pipeline.issue.in_place import finish_issues
from pipeline.ledger.entries import SLACK, latest_time
from pipeline.ledger.lookup import reported
from pipeline.ledger.originals import keep_originals
from pipeline.ledger.settling import excused_places
from pipeline.ledger.waiting import waiting
from pipeline.model import Status, Submission
from pipeline.model.labels import time_label
from pipeline.model.words import Words
from pipeline.model.work import Progress, Workers, silent
from pipeline.processes.ahead import PRODUCTS, get_ready
from pipeline.processes.crew import Crew
from pipeline.processes.judging import start_judging
from pipeline.rules.judging.batch import settle_run
from pipeline.run.gathering import Gathered, at_rest, gather, opened, read_again
from pipeline.run.members import Read
from pipeline.run.outcome import Outcome, record_of
from pipeline.run.posting import Judged, Posted, finish_interrupted, kept_whole, post_periods
from pipeline.run.publishing import Publisher
from pipeline.run.reviewing import review_in_force
from pipeline.run.taking import Taken
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger


@dataclass(frozen=True)
class Batch:
    """What one run does with what it took: ``walk`` goes through the stages. While others work, this process does what needs
    neither of them. ``given`` is the period of files that state none, ``now`` is UTC."""

    crew: Crew
    workers: Workers
    ledger: Ledger
    workspace: Workspace
    given: dt.date | None
    now: dt.datetime
    progress: Progress

    def walk(self, taken: Taken) -> Outcome:
        """Read, judge, post and publish what was taken, and what waits in the ledger."""
        told = (*self._clock_behind(), *self._decided(taken))
        again = read_again(self.ledger, self.workers, self.workspace)
        for _ in range(taken.count):  # one for each worker, when there is nothing to read any more
            self.workers.schedule(get_ready, (PRODUCTS,))
        read, staying = at_rest(opened(taken.arrivals, taken.readings(), self.workspace), self.now, self.workspace)
        posted_before = finish_interrupted(self.ledger, read)
        gathered = gather(self.ledger, self.workspace, read, posted_before, again(), self.given, self.now)
        new = [(arrival, reading) for arrival, reading in read if arrival not in posted_before]
        posted, reviewed, folders = self._publish(self._post(*self._judge(gathered, new), self.progress))
        period = self.given or max((submission.period for submission in posted if submission.period), default=None)
        with self.ledger.reading() as connection:
            missing = missing_districts(connection, self.workspace, period)
        records, again_said = ([record_of(each, self.workspace) for each in every] for every in (posted, reviewed))
        return Outcome((*records, *staying), period, missing, folders, told, tuple(again_said))

    def _clock_behind(self) -> tuple[str, ...]:
        """What is to be told where this machine's clock shows less than the ledger's newest time, by more than clocks differ."""
        with self.ledger.reading() as connection:
            last = latest_time(connection)
        if last is None or self.now >= last - SLACK:
            return ()
        programme = self.workspace.programme
        text: str = Words(programme, "messages").raw("clock_behind")
        return (text.format(now=time_label(self.now, programme), last=time_label(last, programme)),)

    def _decided(self, taken: Taken) -> tuple[str, ...]:
        """What became of the city's decision workbooks."""
        return take_decision_sheets(taken.laid, taken.books(), self.ledger, self.workspace, self.now)

    def _judge(self, gathered: Gathered, new: Sequence[Read]) -> tuple[list[Judged], set[Path]]:
        """What the rules say of what was gathered; meanwhile the originals of what is ``new`` are kept: those that could be."""
        files = [(file, source.received) for source, file in gathered.files]
        submissions = start_judging(self.crew, settle_run, files, gathered.around, gathered.days)
        originals = [(arrival.path, reading.sha256) for arrival, reading in new]
        kept = keep_originals(self.ledger, originals, self.workers) if originals else set()
        judged = list(zip((source for source, _ in gathered.files), submissions(), strict=True))
        return judged, kept_whole(judged, kept)

    def _post(self, judged: Sequence[Judged], kept: set[Path], progress: Progress) -> Iterable[Posted]:
        return post_periods(self.ledger, judged, kept, self.now, self.workspace.programme, progress)

    def _publish(self, batches: Iterable[Posted]) -> tuple[list[Submission], list[Submission], tuple[Path, ...]]:
        """Products of a period are made while the next one is posted; then what is in force is reviewed. What waits is judged
        once more as long as that accepts or says anything that it may have waited for, so that the next run finds nothing to do;
        then whatever else is behind the ledger is made. What was posted, what was said otherwise of what is in force, and the
        folders."""
        publisher = Publisher(self.ledger, self.workers, self.workspace, self.progress)
        posted: dict[_File, Submission] = {}
        reviewed: dict[_File, Submission] = {}
        while batches:
            accepted: set[str | None] = set()
            for edition, submissions in batches:
                posted |= {_file(each): each for each in submissions}
                accepted |= {each.district for each in submissions if each.status is Status.ACCEPTED}
                publisher.start([edition] if edition else [])
            again = review_in_force(self.crew, self.ledger, self.workspace, self.workers, self.now)
            reviewed |= {_file(each): each for each in again}
            batches = self._once_more(frozenset(name for name in (*accepted, *(each.district for each in again)) if name))
        publisher.start_outdated()
        folders = publisher.finish()
        publisher.note()
        finish_issues(self.ledger, self.workspace)
        return list(posted.values()), list(reviewed.values()), folders

    def _once_more(self, districts: frozenset[str]) -> Iterable[Posted]:
        """What waits, judged as the next run would; nothing where nothing waits of these districts."""
        unhandled = self.workspace.programme.rule_for("unhandled")
        with self.ledger.reading() as connection:
            if districts.isdisjoint(each.district for each in waiting(connection, unhandled)):
                return ()
        again = read_again(self.ledger, self.workers, self.workspace)()
        judged, kept = self._judge(gather(self.ledger, self.workspace, (), (), again, None, self.now), ())
        return self._post(judged, kept, silent)


_File = tuple[str, str, bool]


def _file(submission: Submission) -> _File:
    """What is said of a file in a later pass takes the place of what was said before; a repetition is a file of its own."""
    return submission.reading.file, submission.reading.sha256, submission.status is Status.DUPLICATE


def missing_districts(connection: Connection, workspace: Workspace, period: dt.date | None) -> tuple[str, ...]:
    """Districts that owe a return for the period and sent none, in form order."""
    if period is None:
        return ()
    known = reported(connection, period) | {district for district, day in excused_places(connection) if day == period}
    return tuple(district for district in workspace.programme.district_names if district not in known)
