"""What must be in force, open and issued after a sequence of events: a small model of the domain.

Written from the domain's description alone (districts' returns, explanations bound to values, the city's decisions, issue and
restatement), for the rules C06, F07, F17, M01, P01, P07, P08, P09 and X02. It shares no code with the product and knows no
times: what happened later is later. Where the domain leaves open what follows, ``sure`` becomes False and nothing is foretold
any more.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

INDICATORS = ("enterprises", "projects", "transfers", "institutes")
Place = tuple[str, dt.date]
Row = tuple[int | None, ...]
"""In the order of INDICATORS; None where there is no usable number."""
About = tuple[str, str | None]
"""Rule and indicator."""
Matter = tuple[About, Place, Row, int | None]
"""What explanations and decisions are bound to: rule and indicator, district and period, what is observed (the whole row, or one
value) and what it was compared with."""

ERRORS = {"C06", "M01", "P01", "P07", "P08"}
CLOSED_BY_CITY = {"P01", "P08"}
"""An explanation and the city's approval."""
CLOSED_BY_WORDS = {"P09", "X02"}
OPEN, EXPLAINED, APPROVED, REFUSED = "open", "explained", "approved", "refused"


@dataclass
class File:
    """A return that was received. ``run`` is the run it came with; ``said`` the reasons it gives, by rule and indicator."""

    number: int
    place: Place
    row: Row
    run: int
    said: Mapping[About, str]
    state: str = "waiting"
    """waiting, accepted, repeated or withdrawn."""
    found: dict[About, Matter] = field(default_factory=dict)
    answered: dict[About, Matter] = field(default_factory=dict)
    """What its reasons were taken for: the first time the finding arose."""

    @property
    def alive(self) -> bool:
        return self.state in ("waiting", "accepted")


@dataclass
class Hold:
    """An accepted file holds its values until they are taken out of force."""

    file: File
    ended: bool = False


@dataclass
class Bulletin:
    values: dict[str, Row]
    missing: frozenset[str]


@dataclass(frozen=True)
class Event:
    """Something said or decided about a matter: an explanation (``text``), an approval or a refusal. ``file`` is the one it stood
    in or was about; with the file all but a refusal is gone."""

    order: int
    kind: str
    file: File
    text: str = ""

    @property
    def holds(self) -> bool:
        return self.kind == REFUSED or self.file.state != "withdrawn"


class Model:
    """Events come in as calls; what follows is asked afterwards."""

    def __init__(self, districts: tuple[str, ...]) -> None:
        self.districts = districts
        self.files: list[File] = []
        self.holds: dict[Place, list[Hold]] = {}
        self.matters: dict[Matter, list[Event]] = {}
        self.events = 0
        self.returned: dict[tuple[Place, Row], list[File]] = {}
        self.excused: set[Place] = set()
        self.bulletins: dict[dt.date, list[Bulletin]] = {}
        self.opened: dict[dt.date, dict[str, int]] = {}
        """Of an issued period the districts that may restate, and the last run before they might."""
        self.runs, self.running = 0, -1
        self.sure = True
        self.why = ""

    def unsure(self, why: str) -> None:
        self.sure, self.why = False, self.why or why

    # ------------------------------------------------------------------ what is asked

    def hold(self, place: Place) -> Hold | None:
        standing = [hold for hold in self.holds.get(place, []) if not hold.ended]
        return standing[-1] if standing else None

    def in_force(self) -> dict[Place, dict[str, int | None]]:
        found = {place: hold.file.row for place in self.holds if (hold := self.hold(place))}
        return {place: dict(zip(INDICATORS, row, strict=True)) for place, row in found.items()}

    def latest(self, place: Place) -> list[File]:
        """The file that came last for the place, or the rivals that came together."""
        alive = [file for file in self.files if file.place == place and file.alive]
        return [file for file in alive if file.run == max(each.run for each in alive)] if alive else []

    def waiting(self, place: Place) -> list[File]:
        return [file for file in self.latest(place) if file.state == "waiting"]

    def in_question(self, place: Place) -> File | None:
        """The one file whose findings are to be explained and decided: the latest where it waits, else the one in force."""
        latest = self.latest(place)
        if len(latest) == 1 and latest[0].state == "waiting":
            return latest[0]
        hold = self.hold(place)
        return hold.file if hold and latest and latest[-1] is hold.file else None

    def states(self, file: File) -> dict[About, str]:
        """The findings of the file that a decision is about, with their states."""
        return {about: self.state_of(matter) for about, matter in file.found.items()}

    def state_of(self, matter: Matter) -> str:
        """An approval is of an explanation; after a refusal only other words count."""
        events = self.matters.get(matter, [])
        verdict = next((event for event in reversed(events) if event.kind in (APPROVED, REFUSED)), None)
        said = [event for event in (*events, *self._standing(matter)) if event.kind == EXPLAINED and event.holds]
        if verdict and verdict.kind == REFUSED:
            before = {bare(e.text) for e in (*events, *self._standing(matter)) if e.kind == EXPLAINED and e.order < verdict.order}
            since = [event for event in said if event.order > verdict.order and bare(event.text) not in before]
            return EXPLAINED if since else REFUSED
        if said:
            return APPROVED if verdict and verdict.holds else EXPLAINED
        return OPEN

    def district_state(self, place: Place) -> set[str]:
        """Several where the domain allows them."""
        district, period = place
        hold, latest = self.hold(place), self.latest(place)
        if hold:
            if district in self.opened.get(period, {}):
                return {"更正中"}
            return {"已通报"} if self._as_issued(place, hold) else {"审核通过"}
        if not latest:
            if place in self.excused:
                return {"免报", "未报"} if any(file.place == place for file in self.files) else {"免报"}
            return {"未报"}
        if any(("F17", None) in file.found for file in latest):
            return {"待认定"}
        return {self._waits_as(self.states(latest[-1]))} | ({"免报"} if place in self.excused else set())

    def _as_issued(self, place: Place, hold: Hold) -> bool:
        issued = self.bulletins.get(place[1], [])
        return bool(issued) and issued[-1].values.get(place[0]) == hold.file.row

    def _waits_as(self, states: Mapping[About, str]) -> str:
        left = {about: state for about, state in states.items() if not self._settled(about, state)}
        if any(about[0] in ERRORS and state != EXPLAINED for about, state in left.items()):
            return "退回"
        by_city = all(about[0] == "F17" or (about[0] in CLOSED_BY_CITY and state == EXPLAINED) for about, state in left.items())
        return "待认定" if by_city else "待说明"

    def is_returned(self, file: File) -> bool:
        return file.state == "waiting" and self._waits_as(self.states(file)) == "退回"

    @staticmethod
    def _settled(about: About, state: str) -> bool:
        return state == APPROVED or (state == EXPLAINED and about[0] in CLOSED_BY_WORDS)

    def open_in_force(self, place: Place) -> bool:
        """Whether something about the values in force waits for an answer (需复核)."""
        hold = self.hold(place)
        return hold is not None and any(not self._settled(about, state) for about, state in self.states(hold.file).items())

    # ------------------------------------------------------------------ what happens

    def run(self, arrived: list[File]) -> None:
        """Files come in together; then everything is judged until nothing changes."""
        self.runs += 1
        for file in arrived:
            file.run = self.runs
            self.files.append(file)
        self.running = self.runs
        self.settle()
        self.running = -1

    def settle(self) -> None:
        for _ in range(12):
            before = self._told()
            for place in sorted({file.place for file in self.files}, key=lambda place: place[1]):
                self._judge_in_force(place)
                self._judge_waiting(place)
            if self._told() == before:
                return
        self.unsure("no end of judging")

    def _told(self) -> object:
        states = [(file.number, file.state, tuple(self.states(file).items())) for file in self.files]
        return copy.deepcopy(
            (states, {place: (hold.file.number if hold else None) for place in self.holds for hold in [self.hold(place)]})
        )

    def _judge_in_force(self, place: Place) -> None:
        """What was accepted stays accepted; what it is compared with may have changed. A later period asks for itself (P08), and
        nothing is an earlier version of itself (P09)."""
        hold = self.hold(place)
        if hold is None:
            return
        found = {about: matter for about, matter in hold.file.found.items() if about[0] in ("P08", "P09")}
        found |= {a: m for a, m in self._compared(hold.file) if a[0] in ("P01", "X02")}
        hold.file.found = found
        self._answers(hold.file)

    def _judge_waiting(self, place: Place) -> None:
        group = self.waiting(place)
        rivals = len({file.row for file in group}) > 1
        for file in group:
            file.found = dict(self._compared(file))
            if rivals:
                file.found["F17", None] = (("F17", None), place, file.row, file.number)
            self._answers(file)
        for file in group:
            if all(self._settled(about, state) for about, state in self.states(file).items()):
                file.state = "accepted"
                self.holds.setdefault(place, []).append(Hold(file))

    def _answers(self, file: File) -> None:
        """The reasons a file gives are given for the findings as they first arise in it: as they are when its run has ended."""
        for about, text in file.said.items():
            known, found = file.answered.get(about), file.found.get(about)
            if found is None or known == found or (known is not None and file.run != self.running):
                continue
            if known is not None:
                self.matters[known] = [event for event in self.matters[known] if event.file is not file or event.text != text]
            file.answered[about] = found
            self.matters.setdefault(found, []).append(Event(self._next(), EXPLAINED, file, text))

    def _next(self) -> int:
        self.events += 1
        return self.events

    def _compared(self, file: File) -> Iterator[tuple[About, Matter]]:
        about: About
        place, row = file.place, file.row
        district, period = place
        if any(each.state != "withdrawn" for each in self.returned.get((place, row), [])):
            about = ("M01", None)
            yield about, (about, place, row, None)
        before, after, current = self._before(place), self._after(place), self.hold(place)
        issued = self.bulletins.get(period, [])
        values = issued[-1].values.get(district) if issued else None
        since = self.opened.get(period, {}).get(district)
        closed = since is None or file.run <= since
        same = current is not None and current.file.row == row
        restated = (
            bool(values) and closed and not same and any(a not in (None, b) for a, b in zip(row, values or row, strict=True))
        )
        if restated:
            about = ("P07", None)
            yield about, (about, place, row, None)
        for n, name in enumerate(INDICATORS):
            value = row[n]
            if value is None:
                about = ("C06", name)
                yield about, (about, place, row, None)
                continue
            own: Row = (value,)
            fell = before is not None and (was := before.row[n]) is not None and value < was
            if fell and before is not None:
                about = ("P01", name)
                yield about, (about, place, own, before.row[n])
            if after is not None and (then := after.row[n]) is not None and value > then:
                about = ("P08", name)
                matter = (about, place, own, then)
                yield from [] if self._approved_later(after, name, then, value) else [(about, matter)]
            if current and current.file is not file and not fell and not restated:
                held = current.file.row[n]
                if held is not None and value < held:
                    about = ("P09", name)
                    yield about, (about, place, own, held)
        firms, institutes = row[0], row[3]
        if firms and institutes is not None and institutes >= firms + 3 and institutes * 100 > firms * 110:
            about = ("X02", "institutes")
            yield about, (about, place, row, None)

    def _before(self, place: Place) -> File | None:
        held = [
            (day, hold) for (name, day) in self.holds if name == place[0] and day < place[1] and (hold := self.hold((name, day)))
        ]
        return max(held, key=lambda each: each[0])[1].file if held else None

    def _after(self, place: Place) -> File | None:
        held = [
            (day, hold) for (name, day) in self.holds if name == place[0] and day > place[1] and (hold := self.hold((name, day)))
        ]
        return min(held, key=lambda each: each[0])[1].file if held else None

    def _approved_later(self, after: File, name: str, then: int, value: int) -> bool:
        """The city approved the later period's fall below this very value: the pair was questioned once."""
        about: About = ("P01", name)
        return self.state_of((about, after.place, (then,), value)) == APPROVED

    def _standing(self, matter: Matter) -> list[Event]:
        """X02: what explained a row in force of an earlier period of the year stands while the ratio grows by no more than a
        fifth, unless it was refused since, where it was given or where it stood."""
        about, (district, period), row, _ = matter
        found: list[Event] = []
        if about[0] != "X02":
            return found
        others = {m: e for m, e in self.matters.items() if m[0] == about and m[1][0] == district and m[1][1].year == period.year}
        refused = [(m[1][1], event) for m, e in others.items() if m != matter for event in e if event.kind == REFUSED]
        for other, events in others.items():
            when, hold = other[1][1], self.hold(other[1])
            if when >= period or hold is None or hold.file.row != other[2]:
                continue
            if self._ratio(row) <= self._ratio(other[2]) * Fraction(6, 5):
                later = [event.order for day, event in refused if when <= day <= period]
                found += [e for e in events if e.kind == EXPLAINED and e.holds and not any(n > e.order for n in later)]
        return sorted(found, key=lambda event: event.order)

    @staticmethod
    def _ratio(row: Row) -> Fraction:
        firms, institutes = row[0], row[3]
        return Fraction(institutes or 0, firms or 1)

    # ------------------------------------------------------------------ what the city decides

    def explain(self, matter: Matter, file: File, text: str) -> None:
        self._decided(matter, Event(self._next(), EXPLAINED, file, text))

    def approve(self, matter: Matter, file: File) -> None:
        self._decided(matter, Event(self._next(), APPROVED, file))

    def _decided(self, matter: Matter, event: Event) -> None:
        self.matters.setdefault(matter, []).append(event)
        self.settle()

    def refuse(self, matter: Matter, file: File) -> None:
        """The refused value is out of force in every version that holds it."""
        (rule, name), place, observed, _ = matter
        for hold in self.holds.get(place, []):
            row = hold.file.row
            held = row if rule == "X02" else (row[INDICATORS.index(name or "")],)
            if held == observed:
                hold.ended = True
                self._waits_again(hold.file)
        self._decided(matter, Event(self._next(), REFUSED, file))

    def send_back(self, file: File) -> None:
        """The same four values are sent back in whatever file."""
        self.returned.setdefault((file.place, file.row), []).append(file)
        for hold in self.holds.get(file.place, []):
            if hold.file.row == file.row:
                hold.ended = True
                self._waits_again(hold.file)
        self.settle()

    @staticmethod
    def _waits_again(file: File) -> None:
        if file.state == "accepted":
            file.state = "waiting"

    def withdraw(self, file: File) -> None:
        """The file, its values and its explanations settle nothing any more."""
        beneath = [each for each in self.files if each.place == file.place and each.state == "waiting" and each.run < file.run]
        if beneath:
            self.unsure("an older return that was replaced lies beneath the withdrawn one")
        file.state = "withdrawn"
        for hold in self.holds.get(file.place, []):
            if hold.file is file:
                hold.ended = True
        self.settle()

    def excuse(self, place: Place) -> None:
        self.excused.add(place)
        self.settle()

    def take_excuse_back(self, place: Place) -> None:
        self.excused.discard(place)
        self.settle()

    def issue(self, period: dt.date, missing: frozenset[str]) -> None:
        values = {district: hold.file.row for district in self.districts if (hold := self.hold((district, period)))}
        self.bulletins.setdefault(period, []).append(Bulletin(values, missing))
        self.opened.pop(period, None)
        self.settle()

    def may_reopen(self, period: dt.date, districts: frozenset[str]) -> bool:
        """What is issued, and not open already."""
        return period in self.bulletins and not (districts and districts & self.opened.get(period, {}).keys())

    def reopen(self, period: dt.date, districts: frozenset[str]) -> None:
        """What was sent back before because the period was issued must be sent again."""
        for district in districts or frozenset(self.districts):
            self.opened.setdefault(period, {}).setdefault(district, self.runs)
        self.settle()

    def is_repeated(self, file: File) -> bool:
        """Whether the same bytes sent again would be nothing new: not where they were withdrawn, nor where they were sent back
        and the district may restate since."""
        since = self.opened.get(file.place[1], {}).get(file.place[0])
        return file.alive and not (self.is_returned(file) and since is not None and file.run <= since)

    def is_frozen(self, place: Place) -> bool:
        """An issued bulletin says something of the district, and it may not be restated."""
        issued = self.bulletins.get(place[1], [])
        closed = place[0] not in self.opened.get(place[1], {})
        return bool(issued) and closed and (place[0] in issued[-1].values or not self.latest(place))

    def changed(self, period: dt.date) -> bool:
        """Whether an issue would state other values than the last one."""
        values = {district: hold.file.row for district in self.districts if (hold := self.hold((district, period)))}
        return values != self.bulletins[period][-1].values

    def may_issue(self, period: dt.date, missing: frozenset[str]) -> bool | None:
        """Whether nothing keeps the period from being issued; None where it cannot be told."""
        places = [(district, period) for district in self.districts]
        if any(not self.hold(place) and place not in self.excused and place[0] not in missing for place in places):
            return False
        if any(self.open_in_force(place) for place in places):
            return False
        return True if all(self.hold(place) and not self.waiting(place) for place in places) else None


def bare(text: str) -> str:
    """Word for word: blanks and punctuation aside."""
    return "".join(character for character in text if character.isalnum())
