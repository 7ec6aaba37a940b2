"""A period in which everything happens, made by hand: every state, every grade, late versions, lost files, attachments."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from pipeline.model import Finding, Undecided
from pipeline.model.view import (
    ACCEPTED,
    EXCUSED,
    MISSING,
    PENDING,
    RETURNED,
    TO_DECIDE,
    DistrictRecord,
    FileRecord,
    PeriodView,
    Settlement,
)
from schemas.programme import Programme
from tests.support import views

PERIOD = dt.date(2024, 9, 30)
RECEIVED = dt.datetime(2024, 10, 8, 1, 30, tzinfo=dt.UTC)
NOT_ACCEPTED = ("龙湾区", "瓯海区", "洞头区", "乐清市", "海经区")


def busy_view(programme: Programme) -> PeriodView:
    """September 2024: eight districts accepted (one with a newer faulty version), the others in every other state."""
    values = views.without(views.SAMPLES["2024-09-30"], *NOT_ACCEPTED)
    view = views.make_view(programme, PERIOD, values, earlier={dt.date(2024, 6, 30): views.SAMPLES["2024-06-30"]})
    records = tuple(_record(programme, record) for record in view.districts)
    own = [record.current for record in records if record.current]
    own += [record.latest for record in records if record.latest and record.latest != record.current]
    return replace(view, districts=records, files=(*own, *_others(programme)), settlements=_settlements(programme))


def _settlements(programme: Programme) -> tuple[Settlement, ...]:
    """An explanation that suffices, and one that the city approved."""
    same = finding(
        programme, "P02", district="鹿城区", state="explained", message="四项指标与2024年6月底完全相同。", observed=None
    )
    fall = finding(
        programme, "P01", "transfers", "E7", district="文成县", state="approved", observed="3", expected="5",
        message="“促成科技成果转化数”由2024年6月底的5降为3，减少2项；累计数不应减少。",
    )  # fmt: skip
    return (
        Settlement(same, "本期没有新选派企业，各项工作正在推进。", "陈某", "sheet", RECEIVED),
        Settlement(
            fall, "两项成果重复计数，核减2项。", "周某", "phone", RECEIVED, "approve", "王某", RECEIVED + dt.timedelta(days=1),
            "来函（文科函〔2024〕3号）", "核减2项（重复计数）",
        ),
    )  # fmt: skip


def finding(programme: Programme, rule: str, indicator: str | None = None, cell: str | None = None, **more: Any) -> Finding:
    """A finding with its rule's grade and repair; the message names the cell."""
    known = programme.rules[rule]
    fields: dict[str, Any] = {"sheet": "附件2", "observed": "-3", "message": f"{cell or rule}为-3，应为不小于0的整数。", **more}
    fix = "请核对。" if "{" in known.fix else known.fix
    return Finding(rule, known.grade, fix=fix, indicator=indicator, cell=cell, **fields)


def file_of(name: str, status: str, *findings: Finding, **more: Any) -> FileRecord:
    fields: dict[str, Any] = {"received": RECEIVED, "period": PERIOD, "sheet": "附件2", **more}
    return FileRecord(name, f"{len(name):064x}", status, findings=findings, **fields)


def _record(programme: Programme, record: DistrictRecord) -> DistrictRecord:
    name = record.district

    def returned(*findings: Finding, status: str = "returned", **more: Any) -> FileRecord:
        return file_of(f"{name}2024年9月.xlsx", status, *findings, district=name, **more)

    match name:
        case "龙湾区":
            faulty = returned(finding(programme, "C06", "projects", "D6"), finding(programme, "S12", "projects", "D18"))
            return _judged(record, RETURNED, replace(faulty, values={"enterprises": 74, "transfers": 57, "institutes": 45}))
        case "瓯海区":
            asked = returned(
                finding(programme, "P02"), status="pending", undecided=(Undecided("P08", "无目标数，未作比较", "projects"),)
            )
            return _judged(record, PENDING, asked)
        case "洞头区":
            return _judged(record, TO_DECIDE, returned(finding(programme, "F17", sheet=None), status="pending"))
        case "乐清市":
            return replace(record, state=MISSING)
        case "海经区":
            return replace(record, state=EXCUSED)
    hints = (finding(programme, "C01", "projects", "D5"),) if name == "鹿城区" else ()
    file = returned(*hints, status="accepted", version=1, values=record.values)
    accepted = replace(_judged(record, ACCEPTED, file), version=1, current=file, accepted_at=RECEIVED, returns=0)
    if name != "永嘉县":
        return accepted
    newer = file_of("永嘉县重报.xlsx", "returned", finding(programme, "C06", "institutes", "F11"), district=name)
    return replace(accepted, latest=newer, marks=("新报第2版待处理",), files=2, returns=1)


def _judged(record: DistrictRecord, state: str, file: FileRecord) -> DistrictRecord:
    returns = int(state == RETURNED)
    return replace(record, state=state, values=file.values, latest=file, first_received=file.received, files=1, returns=returns)


def _others(programme: Programme) -> tuple[FileRecord, ...]:
    """Files that are no version of anybody."""
    scan = file_of(
        "盖章件/鹿城区.pdf", "attachment", finding(programme, "F12", sheet=None, observed=None), district="鹿城区", sheet=None
    )
    again = file_of("瑞安市（再次）.xlsx", "duplicate", finding(programme, "F07", sheet=None), district="瑞安市")
    lost = file_of("附件2.xlsx", "returned", finding(programme, "F03", sheet=None), period=None)
    formula = file_of('=HYPERLINK("x")\n.xlsx', "ignored", sheet=None, period=None)
    return scan, again, lost, formula
