"""Faults of the file as a whole: what it is, whose, of when, how often and when it came (F rules, M01, Z01)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from bench.detection.scenes import TEXTS, Scene
from bench.detection.traps import READING, Kind, Trap, mark, trap
from pipeline.model import Accepted, Decision, Issued, Known, Seen, Status
from pipeline.rules.judging.calendar import Deadlines
from tests.returns import ReturnSpec, file_name, write_return
from tests.returns.names import PERIOD_STYLES
from tests.support.handmade import compound, zipped

_PASSWORD: bytes = b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x02\x00\x01\x00"
BROKEN: Mapping[str, Callable[[bytes, Scene], bytes]] = {
    "cut off": lambda content, scene: content[: scene.rng.randrange(40, len(content) - PADDING)],
    "empty": lambda content, scene: b"",
    "encrypted": lambda content, scene: scene.rng.choice(
        [compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 600}), compound({"Workbook": _PASSWORD})]
    ),
    "no spreadsheet": lambda content, scene: scene.rng.choice(
        [b"\x7fELF" + bytes(60), zipped({}), b"Rar!\x1a\x07\x01\x00....", bytes(scene.rng.randbytes(900))]
    ),
}
PADDING = 600
"""The last sector of an .xls may hold nothing: without it the file says all it said."""
ATTACHED = {
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "jpg": b"\xff\xd8\xff\xe0..JFIF" + bytes(40),
    "ofd": zipped({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<d/>"}),
    "doc": compound({"WordDocument": b"x" * 600}),
}


def _broken(how: str) -> Callable[[Scene], Trap | None]:
    def spoil(scene: Scene) -> Trap | None:
        if how == "cut off" and scene.spec.fmt.startswith(TEXTS):
            return None  # half a text is a text
        made = trap(scene, mark("F01"))
        ((name, content),) = made.files
        return replace(made, files=((name, BROKEN[how](content, scene)),))

    return spoil


def _attachment(scene: Scene) -> Trap | None:
    """A scan, at times renamed to look like a workbook."""
    kind = scene.rng.choice(list(ATTACHED))
    made = trap(scene, mark("F12"))
    name = PurePosixPath(made.files[0][0]).with_suffix(scene.rng.choice([f".{kind}", f".{kind}", ".xlsx"]))
    return replace(made, files=((str(name), ATTACHED[kind] + scene.rng.randbytes(4)),))


def _name_list(scene: Scene) -> Trap | None:
    made = trap(scene.with_spec(headers=dict(zip(scene.programme.indicator_ids, ("姓名", "学历", "企业", "电话"), strict=True))))
    name = f"{scene.district}{PERIOD_STYLES['month'](scene.period)}选派名单.{scene.spec.fmt.split('-')[0]}"
    return replace(made, files=((name, made.files[0][1]),), marks=(mark("F12"),))


def _other_name(scene: Scene) -> Trap | None:
    """The file is called after another district than its row."""
    other = ReturnSpec(scene.other(), scene.period, {}, fmt=scene.spec.fmt, naming=scene.spec.naming)
    return _renamed(trap(scene, mark("F03")), file_name(other))


def _other_filler(scene: Scene) -> Trap | None:
    if scene.spec.form.filler == "absent":
        return None
    return trap(scene.with_spec(filler=f"{scene.other()}科技局"), mark("F03"))


def _renamed(made: Trap, name: str) -> Trap:
    return replace(made, files=((name, made.files[0][1]),))


def _other_period(scene: Scene) -> Trap | None:
    if scene.spec.form.period_at in ("nowhere", "sheet") or scene.spec.form.extra:
        return None  # a sheet's name is weak evidence, for often it is left over; and another sheet may state that period
    other = scene.rng.choice([day for day in scene.setting.periods if day != scene.period])
    return trap(scene.with_spec(stated=other), mark("F04"))


def _no_period(scene: Scene) -> Trap | None:
    if scene.spec.form.extra:
        return None  # another sheet may state a period
    after = scene.with_spec(naming=scene.rng.choice(["district_only", "form_only", "folder"])).with_form(period_at="nowhere")
    return trap(after, mark("F04")) if len(scene.calendar.open_periods()) > 1 else None


def _not_called(scene: Scene) -> Trap | None:
    """Before the plan, far ahead, or a month that was not called."""
    how = scene.rng.choice(["before", "ahead", "between"])
    if how == "between":
        made = trap(scene, mark("F05"))
        others = frozenset(day for day in scene.setting.periods if day != scene.period)
        return replace(made, calendar=replace(scene.calendar, called=others))
    if how == "before":
        return trap(scene.with_spec(period=dt.date(2023, 12, 31)), mark("F05"), known=Known())
    made = trap(scene, mark("F05"))
    today = scene.period - dt.timedelta(days=scene.rng.randrange(11, 80))
    return None if scene.setting.coming else replace(made, calendar=replace(scene.calendar, today=today), received=_at(today))


def _at(day: dt.date, hour: int = 2) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def _gap(scene: Scene) -> Trap | None:
    """The period before is not there."""
    own = scene.known.history.get(scene.district, {})
    before = max((day for day in own if day < scene.period), default=None)
    if before is None:
        return None
    history = {**scene.known.history, scene.district: {day: a for day, a in own.items() if day != before}}
    return trap(scene, mark("F06"), truth=scene.values, known=replace(scene.known, history=history))


def _received(scene: Scene, rule: str, district: str, period: dt.date) -> Trap:
    """The ledger has these bytes already."""
    made = trap(scene, mark(rule))
    status = scene.rng.choice([Status.RETURNED, Status.PENDING])
    seen = Seen(district, period, status, scene.received - dt.timedelta(days=1), submission=1)
    sha256 = hashlib.sha256(made.files[0][1]).hexdigest()
    return replace(made, known=replace(scene.known, seen={sha256: (seen,)}))


def _again(scene: Scene) -> Trap | None:
    return _received(scene, "F07", scene.district, scene.period)


def _of_another(scene: Scene) -> Trap | None:
    return _received(scene, "F13", scene.other(), scene.period)


def _of_another_period(scene: Scene) -> Trap | None:
    """Last period's file under a new name."""
    if not scene.setting.number:
        return None
    after = scene.with_form(period_at="nowhere", dated=False)
    return _received(after, "F13", scene.district, scene.setting.periods[scene.setting.number - 1])


def _twice(scene: Scene) -> Trap | None:
    """The same file under two names in one run; the second is judged."""
    made = trap(scene, mark("F07"))
    name, content = made.files[0]
    path = PurePosixPath(name)
    return replace(made, files=((str(path.with_stem(path.stem + "(1)")), content), (name, content)))


def _two_versions(scene: Scene) -> Trap | None:
    made = trap(scene, mark("F17"))
    indicator = scene.pick()
    other = scene.with_spec(values={**scene.values, indicator: scene.values[indicator] + 1})
    path = PurePosixPath(made.files[0][0])
    return replace(made, files=(*made.files, (str(path.with_stem(path.stem + "最终版")), write_return(other.spec))))


def _accepted(scene: Scene, values: Mapping[str, int]) -> Known:
    """With an accepted version of this very period."""
    own = {**scene.known.history.get(scene.district, {}), scene.period: Accepted(1, dict(values))}
    return replace(scene.known, history={**scene.known.history, scene.district: own})


def _new_version(scene: Scene) -> Trap | None:
    indicator = scene.pick()
    if not scene.values[indicator]:
        return None
    before = {**scene.values, indicator: scene.values[indicator] - 1}
    return trap(scene, mark("F08"), truth=scene.values, known=_accepted(scene, before))


def _late(scene: Scene) -> Trap | None:
    due = scene.period + dt.timedelta(days=scene.rng.randrange(3, 9))
    received = _at(due + dt.timedelta(days=scene.rng.randrange(1, 20)))
    made = trap(scene, mark("F09"), truth=scene.values)
    return replace(made, calendar=replace(scene.calendar, deadlines=Deadlines({scene.period: due})), received=received)


def _early(scene: Scene) -> Trap | None:
    day = scene.period - dt.timedelta(days=scene.rng.randrange(1, 9))
    made = trap(scene, mark("F14"), truth=scene.values)
    return None if scene.setting.coming else replace(made, calendar=replace(scene.calendar, today=day), received=_at(day))


def _people_missing(scene: Scene) -> Trap | None:
    if scene.spec.form.filler != "below":
        return None
    people = [*scene.spec.people]
    people[scene.rng.randrange(3)] = ""
    return trap(scene.with_spec(people=tuple(people)), mark("F10"), truth=scene.values)


def _after_issue(scene: Scene) -> Trap | None:
    issued = {scene.period: Issued({}, frozenset({scene.district, scene.other()}))}
    return trap(scene, mark("F15"), truth=scene.values, known=replace(scene.known, issued=issued))


def _sent_back(scene: Scene) -> Trap | None:
    made = trap(scene, mark("M01"))
    sha256 = hashlib.sha256(made.files[0][1]).hexdigest()
    decision = Decision(
        "return", "王某", scene.received, "与名单不符", district=scene.district, period=scene.period, sha256=sha256
    )
    return replace(made, known=replace(scene.known, decisions=(decision,)))


def _rule_crashes(scene: Scene) -> Trap | None:
    return replace(trap(scene, mark("Z01")), crashing=scene.rng.choice(["P01", "P02", "P08", "X01", "C10"]))


def _stumbled_over(scene: Scene) -> Trap | None:
    """An internal error while the file is read."""
    return replace(trap(scene, mark("F18")), crashing=READING)


def _kind(name: str, spoil: Callable[[Scene], Trap | None]) -> Kind:
    return Kind(name, spoil, telling=True)


KINDS = (
    *(_kind(f"F01 {how}", _broken(how)) for how in BROKEN),
    _kind("F03 another's file name", _other_name),
    _kind("F03 another filler", _other_filler),
    _kind("F04 another period stated", _other_period),
    Kind("F04 no period", _no_period),
    _kind("F05 not called", _not_called),
    _kind("F06 period before missing", _gap),
    _kind("F07 received before", _again),
    _kind("F07 twice in a run", _twice),
    _kind("F08 new version", _new_version),
    _kind("F09 late", _late),
    _kind("F10 reviewer missing", _people_missing),
    _kind("F12 scan or document", _attachment),
    _kind("F12 list of names", _name_list),
    _kind("F13 another district's bytes", _of_another),
    _kind("F13 another period's bytes", _of_another_period),
    _kind("F14 before the as-of date", _early),
    _kind("F15 after the bulletin", _after_issue),
    _kind("F17 two versions at once", _two_versions),
    _kind("F18 an internal error", _stumbled_over),
    _kind("M01 sent back by the city", _sent_back),
    _kind("Z01 a rule crashes", _rule_crashes),
)
