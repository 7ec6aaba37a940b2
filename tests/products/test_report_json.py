"""审核报告 as JSON: complete, in the shape of interface.md, the same bytes for the same view."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.model import Finding, Undecided
from pipeline.model.view import ACCEPTED, MISSING, PENDING, RETURNED, DistrictRecord, FileRecord, PeriodView
from pipeline.products.report import json_record as report_json
from schemas.programme import load_programme
from tests.products.report_loop import loop_view
from tests.support import views

PROGRAMME = load_programme()
PERIOD = dt.date(2024, 9, 30)
TIME = dt.datetime(2024, 10, 5, 1, 30, 15, tzinfo=dt.UTC)
FILE_KEYS = ["file", "sha256", "district", "period", "status", "values", "findings"]
FINDING_KEYS = [
    *("rule", "grade", "sheet", "cell", "district", "indicator", "period"),
    *("observed", "expected", "message", "fix", "state"),
]
KEYS = ["schema", "period", "ledger_time", "rules_version", "summary", "districts", "files", "undecided", "settlements", "issues"]

FINDING = Finding(
    rule="C06",
    grade="error",
    message="D7单元格为-3，应为不小于0的整数。",
    fix="请核对后填整数。",
    sheet="附件2",
    cell="D7",
    district="鹿城区",
    indicator="projects",
    period="2024-09-30",
    observed="-3",
)


def file_of(district: str | None, status: str = "accepted", **more: Any) -> FileRecord:
    """A file whose values come in another order than the programme's."""
    fields: dict[str, Any] = {
        "file": f"{district}.xlsx",
        "sha256": "a" * 64,
        "received": TIME,
        "period": PERIOD,
        "values": {"institutes": 3, "enterprises": 8},
    }
    return FileRecord(status=status, district=district, **{**fields, **more})


def view_of(*records: DistrictRecord, files: tuple[FileRecord, ...] = ()) -> PeriodView:
    """All districts of the form; those not given are 未报."""
    known = {record.district: record for record in records}
    districts = tuple(known.get(name, DistrictRecord(name, MISSING)) for name in PROGRAMME.district_names)
    found = files or tuple(record.latest for record in districts if record.latest)
    return PeriodView(PERIOD, TIME, "2024.1", districts, {}, {}, None, found)


def read(view: PeriodView) -> Any:
    return json.loads(report_json.render(PROGRAMME, view))


def returned_view() -> PeriodView:
    bad = file_of(
        "鹿城区", "returned", findings=(FINDING,), undecided=(Undecided("P01", "无以前报告期数据，未作比较", "projects"),)
    )
    good = file_of("龙湾区", version=2)
    return view_of(
        DistrictRecord("鹿城区", RETURNED, latest=bad, files=1, returns=1),
        DistrictRecord("龙湾区", ACCEPTED, ("第2版",), 2, {"enterprises": 8}, good, good, TIME, TIME, 2, 0),
    )


def test_head() -> None:
    record = read(returned_view())
    assert list(record) == KEYS
    assert record["schema"] == "annex2.report/1"
    assert (record["period"], record["ledger_time"]) == ("2024-09-30", "2024-10-05T01:30:15Z")


def test_summary_counts_states_and_keeps_empty_ones() -> None:
    assert read(returned_view())["summary"] == {"未报": 11, "免报": 0, "退回": 1, "待说明": 0, "待认定": 0, "审核通过": 1}


def test_a_rarer_state_is_counted_where_it_occurs() -> None:
    assert read(view_of(DistrictRecord("鹿城区", "更正中")))["summary"]["更正中"] == 1


def test_districts_stand_in_form_order() -> None:
    assert [entry["district"] for entry in read(returned_view())["districts"]] == list(PROGRAMME.district_names)


def test_an_accepted_district() -> None:
    entry = read(returned_view())["districts"][1]
    assert (entry["state"], entry["marks"], entry["version"]) == ("审核通过", ["第2版"], 2)
    assert entry["values"] == {"enterprises": 8, "projects": None, "transfers": None, "institutes": None}
    assert entry["received"] == "2024-10-05T01:30:15Z"


def test_a_missing_district_has_no_values_and_no_zero() -> None:
    entry = read(returned_view())["districts"][2]
    assert entry["state"] == "未报"
    assert set(entry["values"].values()) == {None}
    assert (entry["received"], entry["version"]) == (None, None)


def test_open_findings_are_counted_by_grade() -> None:
    hint, explained = replace(FINDING, grade="hint"), replace(FINDING, grade="query", state="explained")
    file = file_of("鹿城区", "pending", findings=(FINDING, FINDING, hint, explained))
    assert read(view_of(DistrictRecord("鹿城区", PENDING, latest=file)))["districts"][0]["open"]["error"] == 2
    assert read(view_of(DistrictRecord("鹿城区", PENDING, latest=file)))["districts"][0]["open"]["query"] == 0


def test_file_entry_has_the_keys_of_the_interface() -> None:
    entry = read(returned_view())["files"][0]
    assert list(entry) == FILE_KEYS
    assert list(entry["values"]) == list(PROGRAMME.indicator_ids)
    assert list(entry["findings"][0]) == FINDING_KEYS
    assert entry["findings"][0]["expected"] is None
    assert entry["findings"][0]["cell"] == "D7"


def test_identical_messages_are_not_merged() -> None:
    twice = (FINDING, replace(FINDING, cell="E7", indicator="transfers"))
    files = (file_of("鹿城区", "returned", findings=twice),)
    assert [f["cell"] for f in read(view_of(files=files))["files"][0]["findings"]] == ["D7", "E7"]


def test_a_file_without_a_place_has_nulls() -> None:
    entry = read(view_of(files=(file_of(None, "returned", period=None),)))["files"][0]
    assert (entry["district"], entry["period"]) == (None, None)


def test_undecided_names_file_rule_and_indicator() -> None:
    assert read(returned_view())["undecided"] == [
        {
            "file": "鹿城区.xlsx",
            "district": "鹿城区",
            "period": "2024-09-30",
            "rule": "P01",
            "indicator": "projects",
            "reason": "无以前报告期数据，未作比较",
        }
    ]


def test_bytes_are_readable_chinese_with_a_final_newline() -> None:
    text = report_json.render(PROGRAMME, returned_view()).decode("utf-8")
    assert "应为不小于0的整数" in text
    assert text.endswith("}\n")


def test_same_view_same_bytes() -> None:
    assert report_json.render(PROGRAMME, returned_view()) == report_json.render(PROGRAMME, returned_view())


def test_a_time_without_a_zone_is_utc() -> None:
    assert report_json.utc_text(TIME.replace(tzinfo=None)) == "2024-10-05T01:30:15Z"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("鹿城区/附件2.xlsx", "鹿城区/附件2.xlsx"),
        ("鹿城".encode("gbk").decode("utf-8", "surrogateescape"), "¹\\xb3\\xc7"),
        ("a\udcff.xlsx", "a\\xff.xlsx"),
        ("a\ud800.xlsx", "a\\ud800.xlsx"),
        ('a"b\\c.xlsx', 'a"b\\c.xlsx'),
    ],
)
def test_names_that_are_not_text_are_escaped(name: str, shown: str) -> None:
    view = view_of(files=(file_of("鹿城区", "returned", file=name, findings=(replace(FINDING, observed=name),)),))
    entry = read(view)["files"][0]
    assert entry["file"] == shown
    assert entry["findings"][0]["observed"] == shown


def test_explanations_and_decisions_are_recorded() -> None:
    record = json.loads(report_json.render(PROGRAMME, loop_view()))
    assert [(line["district"], line["rule"], line["verdict"]) for line in record["settlements"]] == [
        ("鹿城区", "P01", None),
        ("瓯海区", "P02", None),
        ("洞头区", "P01", "approve"),
        ("永嘉县", "P05", None),
    ]
    approved = record["settlements"][2]
    assert (approved["explanation"], approved["by"], approved["how"]) == ("重复计数2项，核减2项。", "周某", "sheet")
    assert (approved["decided_by"], approved["decided_at"], approved["wording"]) == (
        "王某",
        "2024-10-09T01:30:00Z",
        "核减2项（重复计数）",
    )


def test_issues_with_what_was_registered_of_them() -> None:
    view = views.restated_view(PROGRAMME)
    first = {"number": 1, "at": "2024-10-16T01:30:00Z", "by": "王某", "missing": ["乐清市"]}
    second = {"number": 2, "at": "2024-10-27T01:30:00Z", "by": "王某", "missing": []}
    assert read(view)["issues"] == [
        {**first, "document_number": "温市科创办〔2024〕8号", "date": "2024-10-18"},
        {**second, "document_number": None, "date": None},
    ]
    assert read(view)["summary"]["已通报"] == 13
