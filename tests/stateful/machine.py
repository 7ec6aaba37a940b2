"""Random events for two offices and the model: the same for all, at other times, in other orders, on other machines.

The first office has one machine, a clock that goes forward, and SQLite. The second has two workspaces on one ledger, of which one
runs ten minutes behind, and clocks that jump; what comes in together has its names the other way round. Nothing of that may show.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from pipeline.decisions import Request
from pipeline.model import Act
from pipeline.model.labels import period_label
from pipeline.products import decision_book
from tests.returns import ReturnSpec, write_return
from tests.stateful.model import CLOSED_BY_CITY, CLOSED_BY_WORDS, INDICATORS, About, File, Matter, Model, Place, Row
from tests.stateful.offices import BASIS, BY, Office, Told, in_this_process, small_programme
from tests.support import postgres
from tests.support.filled_templates import fill, template

PERIODS = (dt.date(2024, 9, 30), dt.date(2024, 12, 31), dt.date(2025, 3, 31), dt.date(2025, 6, 30))
BEGIN = dt.datetime(2025, 7, 10, 2, tzinfo=dt.UTC)
FIRMS, PROJECTS, INSTITUTES = (4, 5, 6, 7, 8), (6, 7, 8), (2, 3, 9)
"""Few numbers that no rule but the modelled ones minds: falls, rises, and more institutes than firms by three."""
EXPLAINABLE = CLOSED_BY_CITY | CLOSED_BY_WORDS
ACTS = {"approve": "同意认定", "refuse": "不予认定", "explain": "代录电话说明"}
BOOK = "市级办理单"
"""How what is told of a 办理单 begins."""
HEADER = 2
"""The row of the 办理单 that names its columns."""


@dataclass(frozen=True)
class Sent:
    """What a district sends: whose, of when, its numbers by their places in the lists above, a negative number, reasons."""

    district: int
    period: int
    firms: int
    projects: int
    institutes: int
    negative: bool = False
    reasons: bool = False


SENT = st.builds(
    Sent,
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, len(FIRMS) - 1),
    st.integers(0, len(PROJECTS) - 1),
    st.integers(0, len(INSTITUTES) - 1),
    st.sampled_from((False,) * 9 + (True,)),
    st.sampled_from((False, False, True)),
)
PLACES = st.tuples(st.integers(0, 2), st.integers(0, 3))
NTH = st.integers(0, 30)


class Loop(RuleBasedStateMachine):
    """``other`` is the second office's database."""

    other = "postgresql"

    def __init__(self) -> None:
        super().__init__()
        self.programme = small_programme()
        self.districts = self.programme.district_names
        self.folder = Path(tempfile.mkdtemp(prefix="annex2-loop-"))
        self.closing = ExitStack()
        self.closing.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.closing.enter_context(in_this_process())
        url = None
        if self.other == "postgresql":
            url = postgres.schema()
            self.closing.callback(postgres.drop, url)
        originals = str(self.folder / "originals")
        self.one = Office(self.folder / "one")
        self.two = Office(self.folder / "two", originals, url)
        self.behind = Office(self.folder / "behind", originals, url) if url else self.two
        self.model = Model(self.districts)
        self.steps = 0
        self.ahead = dt.timedelta(0)
        self.at_second = False
        self.contents: list[tuple[File, bytes, str]] = []
        self.books: list[tuple[bytes, bytes]] = []
        self.moments: list[tuple[dt.datetime, Mapping[Place, Mapping[str, int]]]] = []
        self.frozen: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
        self.counted = 0
        self.broken = False
        self.told: Mapping[dt.date, Mapping[str, Told]] = {}

    def teardown(self) -> None:
        try:
            if not self.broken:
                self._as_of(range(len(self.moments)))
                self._still_frozen()
        finally:
            for office in {id(office): office for office in (self.one, self.two, self.behind)}.values():
                office.close()
            self.closing.close()

    # ------------------------------------------------------------------ times and machines

    @rule(jump=st.sampled_from((-60, -60, 24 * 60, -20)))
    def clock(self, jump: int) -> None:
        """The second office's clock is set back or forward."""
        self.ahead = max(self.ahead + dt.timedelta(minutes=jump), dt.timedelta(hours=-20))

    @rule()
    def other_machine(self) -> None:
        """The next events come in at the second office's other machine."""
        self.at_second = not self.at_second

    @property
    def now(self) -> dt.datetime:
        return BEGIN + dt.timedelta(minutes=self.steps)

    @property
    def then(self) -> dt.datetime:
        return self.now + self.ahead - (dt.timedelta(minutes=10) if self.at_second else dt.timedelta(0))

    @property
    def there(self) -> Office:
        return self.behind if self.at_second else self.two

    def _both(self, act: Callable[[Office, dt.datetime], Any]) -> Any:
        """The same at both offices, with the same answer."""
        self.steps += 1
        self.broken = True
        first, second = act(self.one, self.now), act(self.there, self.then)
        assert first == second
        return first

    # ------------------------------------------------------------------ returns

    @rule(every=st.lists(SENT, min_size=1, max_size=3))
    def send(self, every: Sequence[Sent]) -> None:
        """Files that come in together."""
        self._come_in([self._written(sent) for sent in every])

    @initialize(values=st.lists(st.integers(0, 4), min_size=6, max_size=6))
    def begin(self, values: Sequence[int]) -> None:
        """Two periods of all districts."""
        places = [(d, p) for p in (1, 2) for d in range(3)]
        self._come_in([self._written(Sent(d, p, firms, 0, 0)) for (d, p), firms in zip(places, values, strict=True)])

    @rule(nth=NTH, firms=st.integers(0, len(FIRMS) - 1), institutes=st.integers(0, len(INSTITUTES) - 1), reasons=st.booleans())
    def correct(self, nth: int, firms: int, institutes: int, reasons: bool) -> None:
        """A district sends again what it has sent, with other numbers."""
        file = self.model.files[nth % len(self.model.files)]
        district, period = self.districts.index(file.place[0]), PERIODS.index(file.place[1])
        self._come_in([self._written(Sent(district, period, firms, 0, institutes, reasons=reasons))])

    @rule(sent=SENT)
    def send_one(self, sent: Sent) -> None:
        self._come_in([self._written(sent)])

    @rule(nth=NTH)
    def send_again(self, nth: int) -> None:
        """The same bytes as before."""
        if self.contents:
            file, content, name = self.contents[nth % len(self.contents)]
            again = File(len(self.contents), file.place, file.row, 0, file.said)
            self._come_in([(again, content, name)])

    @rule(nth=NTH, mark=st.sampled_from(("", "。", " ")))
    def repeat_reason(self, nth: int, mark: str) -> None:
        """Another file with the numbers and the reasons of an earlier one."""
        reasoned = [file for file, _, _ in self.contents if file.said]
        if reasoned:
            file = reasoned[nth % len(reasoned)]
            self._come_in([self._with_reasons(file.place, file.row, next(iter(file.said.values())) + mark)])

    def _come_in(self, arrived: list[tuple[File, bytes, str]]) -> None:
        new: list[File] = []
        for file, content, name in arrived:
            same = [f for f, known, _ in self.contents if known == content and f.place == file.place]
            if any(self.model.is_repeated(each) for each in same):
                file.state = "repeated"
            new += [file]
            self.contents.append((file, content, name))
        names = {name: content for _, content, name in arrived}
        turned = dict(zip(self._turned(list(names)), names.values(), strict=True))
        self.one.send(names)
        self.there.send(turned)
        self.model.run(new)
        self._both(lambda office, now: sorted((f.sha256, str(f.status)) for f in office.run(now).files))
        self._agree()

    @staticmethod
    def _turned(names: Sequence[str]) -> list[str]:
        """Names that sort the other way round, and say the same."""
        return [f"{'zyxwvut'[place]}_{name}" if len(names) > 1 else name for place, name in enumerate(names)]

    def _written(self, sent: Sent) -> tuple[File, bytes, str]:
        place = (self.districts[sent.district], PERIODS[sent.period])
        row: Row = (FIRMS[sent.firms], PROJECTS[sent.projects], 1 + sent.period, INSTITUTES[sent.institutes])
        number = self._count()
        if sent.reasons and not sent.negative:
            return self._with_reasons(place, row, f"企业迁出本市等{number}家，核减{number}家")
        shown: list[Any] = [*row[:1], -3 if sent.negative else row[1], *row[2:]]
        values = dict(zip(INDICATORS, shown, strict=True))
        people = (f"张{number}", "李某", "0577-00000000")
        spec = ReturnSpec(*place, values, programme=self.programme, fmt="csv-utf8", people=people)
        known: Row = (row[0], None if sent.negative else row[1], *row[2:])
        return File(number, place, known, 0, {}), write_return(spec), _name(place, number, "csv")

    def _with_reasons(self, place: Place, row: Row, text: str) -> tuple[File, bytes, str]:
        """A template whose sheet 情况说明 gives the text as the reason of whatever may be found."""
        number = self._count()
        names = {i.id: i.name for i in self.programme.indicators}
        lines = [(names[i], "核减", None, text) for i in INDICATORS] + [(names["institutes"], "研发机构多于企业", None, text)]
        blank = template(self.programme, *place, before=None)
        content = fill(blank, row, {"填报人": f"张{number}"}, lines, district=place[0])
        said: dict[About, str] = {(rule, i): text for rule in ("P01", "P08", "P09") for i in INDICATORS}
        said["X02", "institutes"] = text
        return File(number, place, row, 0, said), content, _name(place, number, "xlsx")

    def _count(self) -> int:
        self.counted += 1
        return self.counted

    # ------------------------------------------------------------------ runs

    @rule()
    def run_again(self) -> None:
        """A run with nothing new changes nothing."""
        before = self.one.grown(), self.two.grown()
        self._both(lambda office, now: office.run(now).files)
        _same("grown", (self.one.grown(), self.two.grown()), before)
        self._agree()

    @precondition(lambda self: self.books)
    @rule(nth=NTH)
    def lay_in_again(self, nth: int) -> None:
        """A 办理单 that was carried out before is carried out no more."""
        first, second = self.books[nth % len(self.books)]
        before = self.one.grown(), self.two.grown()
        self._lay_in(first, second)
        _same("grown", (self.one.grown(), self.two.grown()), before)
        self._agree()

    # ------------------------------------------------------------------ the city decides

    @precondition(lambda self: self._explainable())
    @rule(nth=NTH, sheet=st.booleans())
    def explain(self, nth: int, sheet: bool) -> None:
        number = self._count()
        text = f"来电说明企业迁出等{number}家，核减{number}家"
        found = self._explainable()
        if (chosen := self._decided(Act.EXPLAIN, found, nth, text, sheet)) and self.model.sure:
            self.model.explain(*self._matter(*chosen), text=text)
        self._agree()

    @precondition(lambda self: self._approvable())
    @rule(nth=NTH, sheet=st.booleans())
    def approve(self, nth: int, sheet: bool) -> None:
        found = self._approvable()
        if (chosen := self._decided(Act.APPROVE, found, nth, "经研究同意", sheet)) and self.model.sure:
            self.model.approve(*self._matter(*chosen))
        self._agree()

    @precondition(lambda self: self._refusable())
    @rule(nth=NTH, sheet=st.booleans())
    def refuse(self, nth: int, sheet: bool) -> None:
        found = self._refusable()
        if (chosen := self._decided(Act.REFUSE, found, nth, "材料不全", sheet)) and self.model.sure:
            self.model.refuse(*self._matter(*chosen))
        self._agree()

    def _explainable(self) -> list[tuple[Place, About]]:
        return self._findings(lambda about, state: about[0] in EXPLAINABLE and state in ("open", "refused"))

    def _approvable(self) -> list[tuple[Place, About]]:
        return self._findings(lambda about, state: about[0] in CLOSED_BY_CITY and state == "explained")

    def _refusable(self) -> list[tuple[Place, About]]:
        found = self._findings(lambda about, state: about[0] in EXPLAINABLE and state in ("explained", "approved"))
        return [each for each in found if not self.model.is_frozen(each[0])]

    def _findings(self, wanted: Callable[[About, str], bool]) -> list[tuple[Place, About]]:
        """What may be decided about: of a district's latest file where it waits alone, else of the one in force."""
        found = []
        for period, districts in sorted(self.told.items()):
            for district, told in districts.items():
                for about, state in sorted(_in_question(told).items(), key=str):
                    if wanted(about, state):
                        found.append(((district, period), about))
        return found

    def _matter(self, place: Place, about: About) -> tuple[Matter, File]:
        file = self.model.in_question(place)
        assert file
        return file.found[about], file

    def _decided(
        self, act: Act, found: Sequence[tuple[Place, About]], nth: int, text: str, sheet: bool
    ) -> tuple[Place, About] | None:
        if not found:
            return None
        place, about = found[nth % len(found)]
        request = Request(act, BY, text, *place, *about, basis=BASIS)
        if sheet and (books := self._books(act, place, about, text)):
            self.books.append(books)
            self._lay_in(*books)
        else:
            assert self._both(lambda office, now: office.decide(request, now)) is None
        return place, about

    def _lay_in(self, first: bytes, second: bytes) -> None:
        for office, content in ((self.one, first), (self.there, second)):
            folder = office.root / "办理"
            folder.mkdir(exist_ok=True)
            (folder / f"办理单{self._count()}.xlsx").write_bytes(content)
        assert self._both(lambda office, now: [line.partition("：")[2] for line in office.run(now).told if line.startswith(BOOK)])

    def _books(self, act: Act, place: Place, about: About, text: str) -> tuple[bytes, bytes] | None:
        filled = [self._book(office, act, place, about, text) for office in (self.one, self.there)]
        return (filled[0], filled[1]) if filled[0] and filled[1] else None

    def _book(self, office: Office, act: Act, place: Place, about: About, text: str) -> bytes | None:
        """The 办理单 of the period with this one line filled; None where it has no such line."""
        view = office.view(place[1])
        workbook = openpyxl.load_workbook(io.BytesIO(decision_book.render(self.programme, view)))
        sheet = workbook.worksheets[0]
        columns = {str(cell.value): number for number, cell in enumerate(sheet[HEADER], 1)}
        short = self.programme.indicator(about[1]).short if about[1] else None
        wanted = (place[0], period_label(place[1], self.programme), about[0], short)
        given = {"办理意见": ACTS[act], "办理内容": text, "依据": BASIS, "经办人": BY}
        for row in range(HEADER + 1, sheet.max_row + 1):
            if tuple(sheet.cell(row, columns[name]).value for name in ("区域", "报告期", "规则编号", "指标")) == wanted:
                for name, value in given.items():
                    sheet.cell(row, columns[name]).value = value
                saved = io.BytesIO()
                workbook.save(saved)
                return saved.getvalue()
        return None

    def _with_file(self) -> list[Place]:
        """Places that have a return, and are not frozen."""
        places = sorted({file.place for file in self.model.files if file.alive}, key=str)
        return [place for place in places if not self.model.is_frozen(place)] if self.model.sure else []

    @precondition(lambda self: self._with_file())
    @rule(nth=NTH)
    def send_back(self, nth: int) -> None:
        places = [place for place in self._with_file() if self.model.in_question(place)]
        if not places:
            return
        place = places[nth % len(places)]
        file = self.model.in_question(place)
        assert file
        request = Request(Act.RETURN, BY, "企业数与名单不符", *place, basis=BASIS)
        problem = self._both(lambda office, now: office.decide(request, now))
        assert bool(problem) == self.model.is_returned(file)
        if not problem:
            self.model.send_back(file)
        self._agree()

    @precondition(lambda self: self._with_file())
    @rule(nth=NTH, which=NTH)
    def withdraw(self, nth: int, which: int) -> None:
        place = self._with_file()[nth % len(self._with_file())]
        latest = self.model.latest(place)
        file = latest[which % len(latest)]
        sha256 = next(_sha256(content) for known, content, _ in self.contents if known is file)
        request = Request(Act.WITHDRAW, BY, "误报", *place, file=sha256, basis=BASIS)
        assert self._both(lambda office, now: office.decide(request, now)) is None
        self.model.withdraw(file)
        self._agree()

    @rule(at=PLACES)
    def excuse(self, at: tuple[int, int]) -> None:
        place = self._place(at)
        if not self.model.sure or self.model.is_frozen(place):
            return
        request = Request(Act.EXCUSE, BY, "机构改革，同意本期免报", *place, basis=BASIS)
        problem = self._both(lambda office, now: office.decide(request, now))
        assert bool(problem) == bool(self.model.latest(place) or place in self.model.excused)
        if not problem:
            self.model.excuse(place)
        self._agree()

    @precondition(lambda self: self._excused())
    @rule(nth=NTH)
    def take_excuse_back(self, nth: int) -> None:
        place = self._excused()[nth % len(self._excused())]
        request = Request(Act.WITHDRAW, BY, "仍需报送", *place, basis=BASIS)
        assert self._both(lambda office, now: office.decide(request, now)) is None
        self.model.take_excuse_back(place)
        self._agree()

    def _excused(self) -> list[Place]:
        """Those that sent nothing, and are in no bulletin."""
        places = sorted(self.model.excused, key=str) if self.model.sure else []
        return [place for place in places if not self.model.latest(place) and not self.model.is_frozen(place)]

    @precondition(lambda self: self._frozen())
    @rule(nth=NTH, act=st.sampled_from((Act.WITHDRAW, Act.RETURN, Act.RECEIVE, Act.EXCUSE)))
    def change_what_is_issued(self, nth: int, act: Act) -> None:
        """Nothing that a bulletin says is changed without a reopening."""
        place = self._frozen()[nth % len(self._frozen())]
        received = BEGIN - dt.timedelta(days=2) if act == Act.RECEIVE else None
        request = Request(act, BY, "来函", *place, basis=BASIS, received=received)
        assert self._both(lambda office, now: office.decide(request, now))
        self._agree()

    def _frozen(self) -> list[Place]:
        return [place for place in sorted(self.model.holds, key=str) if self.model.is_frozen(place)] if self.model.sure else []

    @precondition(lambda self: self._with_file())
    @rule(nth=NTH, hours=st.integers(1, 200))
    def receive(self, nth: int, hours: int) -> None:
        """Without a deadline the time of receipt changes nothing but what is shown."""
        place = self._with_file()[nth % len(self._with_file())]
        request = Request(Act.RECEIVE, BY, "收文登记", *place, basis=BASIS, received=BEGIN - dt.timedelta(days=2, hours=hours))
        assert self._both(lambda office, now: office.decide(request, now)) is None
        self._agree()

    # ------------------------------------------------------------------ issue and restatement

    @rule(period=st.sampled_from((1, 1, 2, 2, 0, 3)), allow=st.booleans())
    def issue(self, period: int, allow: bool) -> None:
        day = PERIODS[period]
        missing = [d for d in self.districts if not self._is_there((d, day))] if allow else []
        answers = []
        self.steps += 1
        self.broken = True
        for office, now in ((self.one, self.now), (self.there, self.then)):
            issued, problem = office.issue(day, missing, now)
            answers.append((issued is not None, problem))
        assert answers[0] == answers[1]
        done, problem = answers[0]
        if self.model.sure:
            self._expected_issue(day, missing, done, problem)
        if done:
            self.model.issue(day, frozenset(missing))
            if not self.model.sure:
                self.model.bulletins[day][-1].values = _rows(self.one.issued()[day][-1])
            self._freeze()
        self._agree()

    def _expected_issue(self, day: dt.date, missing: Sequence[str], done: bool, problem: str) -> None:
        model = self.model
        if model.bulletins.get(day) and day not in model.opened:
            assert not done
            return
        if day in model.opened and not model.changed(day) and frozenset(missing) == model.bulletins[day][-1].missing:
            assert not done, "a restatement in which nothing changed"
            return
        expected = model.may_issue(day, frozenset(missing))
        assert expected is None or expected == done, problem

    def _is_there(self, place: Place) -> bool:
        return self.model.hold(place) is not None or place in self.model.excused

    @precondition(lambda self: self.model.bulletins)
    @rule(nth=NTH, named=st.sets(st.integers(0, 2), max_size=2))
    def reopen(self, nth: int, named: set[int]) -> None:
        """For the districts named, or for all."""
        day = sorted(self.model.bulletins)[nth % len(self.model.bulletins)]
        districts = frozenset(self.districts[each] for each in named)
        every = Request(Act.REOPEN, BY, "来函更正", period=day, basis=BASIS)
        requests = [dataclasses.replace(every, district=name) for name in sorted(districts)] or [every]
        problem = self._both(lambda office, now: office.decide_together(requests, now))
        if not districts and day in self.model.opened:
            pass  # all the others are opened, unless all are already
        else:
            assert bool(problem) != self.model.may_reopen(day, districts)
        if not problem:
            self.model.reopen(day, districts)
        self._agree()

    def _freeze(self) -> None:
        for known, office in zip(self.frozen, (self.one, self.two), strict=True):
            known.update({name: content for name, content in office.frozen().items() if name not in known})

    def _still_frozen(self) -> None:
        for known, office in zip(self.frozen, (self.one, self.two), strict=True):
            assert office.frozen() == known

    # ------------------------------------------------------------------ what must hold

    def _place(self, at: tuple[int, int]) -> Place:
        return self.districts[at[0]], PERIODS[at[1]]

    def _agree(self) -> None:
        """Both offices say the same, and what the model foretells."""
        force = self.one.in_force()
        _same("both in force", self.two.in_force(), force)
        assert self.one.left() == self.two.left() == self.behind.left() == []
        self._remember(force)
        if self.model.sure:
            _same("in force", force, self.model.in_force())
        told, issued = self.one.told(), self.one.issued()
        self.told = told
        _same("told", _without_files(self.two.told()), _without_files(told))
        _same("issued", self.two.issued(), issued)
        for period in PERIODS:
            if self.model.sure:
                self._as_foretold(period, told.get(period, {}))
            frozen = [each.values for each in self.model.bulletins.get(period, [])]
            assert [_rows(values) for values in issued.get(period, [])] == frozen
        self.broken = False

    def _as_foretold(self, period: dt.date, told: Mapping[str, Told]) -> None:
        for district, said in told.items():
            place = (district, period)
            _same(place, said.state in self.model.district_state(place), True, said.state, self.model.district_state(place))
            waiting = self.model.waiting(place)
            if len(waiting) == 1:
                assert said.latest
                _same(place, _told(said.latest[1]), _told(self.model.states(waiting[0])), waiting[0].found)
            hold = self.model.hold(place)
            if hold and self.model.latest(place)[-1] is hold.file:
                assert said.current
                _same(place, _unsettled(said.current[1]), _unsettled(self.model.states(hold.file)), hold.file.found)

    def _remember(self, force: Mapping[Place, Mapping[str, int]]) -> None:
        recorded = sum(self.two.grown().values())
        if not self.moments or recorded != self.recorded:
            self.moments.append((self.then, force))
        self.recorded = recorded
        self._as_of([self.steps % len(self.moments)])

    recorded = -1

    def _as_of(self, which: Sequence[int]) -> None:
        """An entry counts as recorded at the smallest time of itself and of all later ones."""
        counts: list[dt.datetime] = []
        for time, _ in reversed(self.moments):
            counts.insert(0, min(time, counts[0]) if counts else time)
        for place in which:
            time = self.moments[place][0]
            expected = [force for (_, force), known in zip(self.moments, counts, strict=True) if known <= time]
            _same(f"as of {time}", self.two.in_force(time), expected[-1] if expected else {})


def _same(what: object, told: object, foretold: object, *more: object) -> None:
    """Says what is different: a long dictionary by its keys."""
    if told == foretold:
        return
    if isinstance(told, dict) and isinstance(foretold, dict):
        keys = [key for key in {**told, **foretold} if told.get(key) != foretold.get(key)]
        told, foretold = ({key: each.get(key) for key in keys} for each in (told, foretold))
    raise AssertionError(f"{what}: {told} instead of {foretold} {more}")


def _name(place: Place, number: int, kind: str) -> str:
    letters = "".join("abcdefghij"[int(digit)] for digit in f"{number:03d}")
    return f"{place[0]}_{place[1].isoformat()}_{letters}.{kind}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _rows(values: Mapping[str, Mapping[str, int]]) -> dict[str, Row]:
    return {district: tuple(own[i] for i in INDICATORS) for district, own in values.items()}


def _without_files(every: Mapping[dt.date, Mapping[str, Told]]) -> dict[tuple[dt.date, str], Told]:
    """Of two files that came together and say the same, it does not matter which is the latest."""
    return {
        (period, name): dataclasses.replace(
            told, current=told.current and ("", told.current[1]), latest=told.latest and ("", told.latest[1])
        )
        for period, districts in every.items()
        for name, told in districts.items()
    }


def _in_question(told: Told) -> Mapping[About, str]:
    """The findings that decisions are about."""
    if told.latest is None or any(rule == "F17" for rule, _ in told.latest[1]):
        return {}
    if told.current is None or told.current[0] == told.latest[0] or told.waiting:
        return told.latest[1]
    return {}


def _told(states: Mapping[About, str]) -> dict[About, str]:
    return {about: "open" if state == "refused" else state for about, state in states.items()}


def _unsettled(states: Mapping[About, str]) -> dict[About, str]:
    settled = {
        about for about, state in states.items() if state == "approved" or (state == "explained" and about[0] in CLOSED_BY_WORDS)
    }
    return {about: state for about, state in _told(states).items() if about not in settled}
