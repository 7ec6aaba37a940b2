"""Pictures of periods made by hand, without a ledger: values in, ``PeriodView`` out."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import Decision, Imprint, Issue
from pipeline.model.view import ACCEPTED, ISSUED, MISSING, RESTATING, DistrictRecord, PeriodView, Source
from schemas.pace import year_before
from schemas.programme import Programme
from tests import TEST_DATA

Values = Mapping[str, Sequence[int]]
"""District → values in programme order."""

DAY = dt.timedelta(days=1)
SAMPLES: dict[str, dict[str, list[int]]] = tomllib.loads((TEST_DATA / "values.toml").read_text(encoding="utf-8"))
"""``SAMPLES["2024-06-30"]``: values of the sample returns; 2025 and ``specimen-…``: those of the specimen of 进度表."""


def make_view(
    programme: Programme,
    period: dt.date,
    values: Values,
    *,
    earlier: Mapping[dt.date, Values] | None = None,
    states: Mapping[str, str] | None = None,
    marks: Mapping[str, tuple[str, ...]] | None = None,
) -> PeriodView:
    """A view of ``period``; who has no values is missing unless ``states`` says so, ``previous`` is the last of ``earlier``."""
    received = dt.datetime.combine(period, dt.time(1, 30), dt.UTC) + 5 * DAY
    records = tuple(
        DistrictRecord(
            district=name,
            state=(states or {}).get(name, ACCEPTED if name in values else MISSING),
            marks=(marks or {}).get(name, ()),
            values=dict(zip(programme.indicator_ids, values.get(name, ()), strict=False)),
        )
        for name in programme.district_names
    )
    history = {day: _by_place(programme, own) for day, own in (earlier or {}).items()}
    return PeriodView(
        period=period,
        ledger_time=received + DAY,
        rules_version=programme.version,
        districts=records,
        values={(d, i): _source(d, i, value, received) for (d, i), value in _by_place(programme, values).items()},
        history=history,
        previous=max((day for day in history if day < period), default=None),
        files=(),
        earlier=tuple(sorted(day for day in history if day < period)),
        year_ago=next((day for day in history if day == year_before(period)), None),
    )


def _by_place(programme: Programme, values: Values) -> dict[tuple[str, str], int]:
    return {
        (district, indicator): value
        for district, own in values.items()
        for indicator, value in zip(programme.indicator_ids, own, strict=True)
    }


def _source(district: str, indicator: str, value: int, received: dt.datetime) -> Source:
    where = {"file": f"{district}.xlsx", "sheet": "Sheet1", "cell": "B4", "sha256": "0" * 64, "rules_version": "test"}
    return Source(district, indicator, value, version=1, received=received, recorded=received, **where)


def without(values: Values, *districts: str) -> dict[str, Sequence[int]]:
    """The values, some districts left out."""
    return {name: own for name, own in values.items() if name not in districts}


def full_view(programme: Programme) -> PeriodView:
    """The specimen: mid-2025 after the bulletin of March 2025, everybody reported (wording.md 10.3)."""
    earlier = {dt.date(2024, 12, 31): SAMPLES["specimen-2024-12-31"], dt.date(2025, 3, 31): SAMPLES["2025-03-31"]}
    return make_view(programme, dt.date(2025, 6, 30), SAMPLES["2025-06-30"], earlier=earlier)


def missing_view(programme: Programme) -> PeriodView:
    """September 2024 with 乐清市 missing and 鹿城区 below its June value."""
    values = without(SAMPLES["2024-09-30"], "乐清市") | {"鹿城区": [6, 11, 5, 3]}
    return make_view(programme, dt.date(2024, 9, 30), values, earlier={dt.date(2024, 6, 30): SAMPLES["2024-06-30"]})


def issued(view: PeriodView, *, reason: str = "", reopened: str | None = None, imprint: Imprint | None = None) -> PeriodView:
    """The view once its values are issued, ten days later: who has none is missing."""
    missing = tuple(record.district for record in view.districts if record.state == MISSING)
    values = {place: source.value for place, source in view.values.items()}
    time = view.ledger_time + 10 * DAY
    number = len(view.issues) + 1
    new = Issue(view.period, number, "王某", time, reason, missing, values, reopened, imprint)
    records = tuple(replace(r, state=ISSUED if r.state == ACCEPTED else r.state) for r in view.districts)
    return replace(view, districts=records, issues=(*view.issues, new), ledger_time=time)


IMPRINT = Imprint("温市科创办〔2024〕8号", dt.date(2024, 10, 18), "王某", dt.datetime(2024, 10, 18, 2, tzinfo=dt.UTC))


def issued_view(programme: Programme) -> PeriodView:
    """``missing_view`` as issued and sent out."""
    return issued(missing_view(programme), reason="机构改革，数据正在核对", imprint=IMPRINT)


def restating_view(programme: Programme) -> PeriodView:
    """``issued_view`` opened for restatement: two values corrected, one with a sentence of the city, and 乐清市 reported late."""
    before = issued_view(programme)
    time = before.ledger_time + DAY
    values = dict(SAMPLES["2024-09-30"]) | {"鹿城区": [5, 11, 5, 3], "瓯海区": [34, 57, 23, 19]}
    marks = {"鹿城区": ("已更正",), "瓯海区": ("已更正",), "乐清市": ("补报",)}
    now = make_view(programme, before.period, values, earlier={dt.date(2024, 6, 30): SAMPLES["2024-06-30"]}, marks=marks)
    records = tuple(replace(record, state=RESTATING) for record in now.districts)
    opened = Decision("reopen", "王某", time, "县里来函更正", "来函", "数据填报有误", period=before.period)
    approval = Decision(
        "approve", "王某", time, "属实", "来函", "重复计数", "鹿城区", before.period, "P01", "enterprises",
        values={"enterprises": 5},
    )  # fmt: skip
    return replace(now, districts=records, issues=before.issues, reopened=True, decisions=(opened, approval), ledger_time=time)


def restated_view(programme: Programme) -> PeriodView:
    """``restating_view`` issued again."""
    now = restating_view(programme)
    accepted = tuple(replace(record, state=ACCEPTED) for record in now.districts)
    return issued(replace(now, districts=accepted, reopened=False), reopened="县里来函更正")


def first_view(programme: Programme) -> PeriodView:
    """June 2024, the first bulletin."""
    return make_view(programme, dt.date(2024, 6, 30), SAMPLES["2024-06-30"])


def full_issued_view(programme: Programme) -> PeriodView:
    """``full_view`` as issued, with the date it is sent out and the next period called."""
    new = issued(full_view(programme), imprint=Imprint("", dt.date(2025, 7, 15), "王某", dt.datetime(2025, 7, 14, tzinfo=dt.UTC)))
    return replace(new, following=(dt.date(2025, 9, 30), dt.date(2025, 10, 10)))


def first_issued_view(programme: Programme) -> PeriodView:
    """``first_view`` as issued."""
    return issued(first_view(programme))


def year_end_view(programme: Programme) -> PeriodView:
    """The end of 2024 as issued, two districts missing."""
    values = without(SAMPLES["2024-12-31"], "洞头区", "海经区")
    now = make_view(programme, dt.date(2024, 12, 31), values, earlier={dt.date(2024, 9, 30): SAMPLES["2024-09-30"]})
    return issued(now, reason="领导批示同意缺报定稿")


def year_first_view(programme: Programme) -> PeriodView:
    """March 2025, the year's first period, after three of 2024."""
    earlier = {dt.date.fromisoformat(day): SAMPLES[day] for day in ("2024-06-30", "2024-09-30", "2024-12-31")}
    return make_view(programme, dt.date(2025, 3, 31), SAMPLES["2025-03-31"], earlier=earlier)


def ahead_view(programme: Programme) -> PeriodView:
    """Mid-2025, everybody at the year's target or above it."""
    target = programme.target_of(programme.headline, dt.date(2025, 6, 30))
    assert target
    sums = {name: years[2024] + years[2025] + place % 3 for place, (name, years) in enumerate(target.annual.items())}
    values = {name: [count, 2 * count, count, count // 2] for name, count in sums.items()}
    return make_view(programme, dt.date(2025, 6, 30), values, earlier={dt.date(2025, 3, 31): SAMPLES["2025-03-31"]})


def behind_view(programme: Programme) -> PeriodView:
    """Mid-2025 with the values of the end of 2024: everybody behind, nobody moved."""
    values = SAMPLES["2024-12-31"]
    return make_view(programme, dt.date(2025, 6, 30), values, earlier={dt.date(2024, 12, 31): values})


def ahead_issued_view(programme: Programme) -> PeriodView:
    return issued(ahead_view(programme))


def behind_issued_view(programme: Programme) -> PeriodView:
    return issued(behind_view(programme))


def other_city_view(programme: Programme) -> PeriodView:
    """The second programme (5 districts, 3 indicators) at mid-2026 after the end of 2025; the last district is missing."""
    now = {"望川区": [40, 120, 9], "青禾市": [61, 200, 20], "青岩县": [21, 44, 4], "白鹭县": [9, 30, 2]}
    then = {"望川区": [22, 70, 5], "青禾市": [33, 101, 9], "青岩县": [11, 20, 1], "白鹭县": [9, 12, 2], "云港新区": [2, 8, 1]}
    return make_view(programme, dt.date(2026, 6, 30), now, earlier={dt.date(2025, 12, 31): then})
