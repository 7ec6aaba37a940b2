"""The working papers: as committed, and cell by cell what wording.md 6 asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.model import Decision
from pipeline.model.view import EXCUSED, MISSING, DistrictRecord, PeriodView
from pipeline.products import working_papers
from schemas.programme import Programme
from tests.support import busy, golden, views
from tests.support.workbooks import one_page_wide, opened, printed_around, rows, table, texts

ARRIVALS = (
    "序号｜区域｜状态｜首次收到时间｜是否迟报｜报送次数｜退回次数｜现行版次｜"
    "审核通过时间｜强制性｜核实性｜提示性｜盖章件｜当前待办｜备注"
)
SOURCES = "区域｜指标｜数值｜版次｜来源文件｜工作表｜单元格｜收到时间｜入账时间｜规则版本｜文件校验值（SHA-256）"


@pytest.fixture(scope="module")
def view(programme: Programme) -> PeriodView:
    return busy.busy_view(programme)


def _arrivals(programme: Programme, view: PeriodView) -> dict[object, dict[str, object]]:
    return {row["区域"]: row for row in table(opened(working_papers.render(programme, view))["报送情况"], "序号")}


def test_workbook_is_the_committed_one(programme: Programme, view: PeriodView) -> None:
    found = working_papers.render(programme, view)
    assert golden.differences(golden.path_of("working_papers").read_bytes(), found) == ""


def test_two_writes_are_the_same_bytes(programme: Programme) -> None:
    first, second = (working_papers.render(programme, busy.busy_view(programme)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("sheet", "first", "heads"), [("报送情况", "序号", ARRIVALS), ("数据来源", "区域", SOURCES)])
def test_headers_are_those_of_the_wording(programme: Programme, view: PeriodView, sheet: str, first: str, heads: str) -> None:
    found = rows(opened(working_papers.render(programme, view))[sheet])
    assert heads.split("｜") in found


def test_every_page_says_it_is_internal(programme: Programme, view: PeriodView) -> None:
    found = {printed_around(sheet) for sheet in opened(working_papers.render(programme, view))}
    assert found == {("内部资料，不得外传", "第&P页　共&N页")}


def test_every_list_prints_on_a4_landscape_one_page_wide(programme: Programme, view: PeriodView) -> None:
    book = opened(working_papers.render(programme, view))
    assert book.sheetnames == ["报送情况", "审核说明与认定", "数据来源", "审签单"]
    for sheet in book.worksheets[:-1]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert one_page_wide(sheet)
        assert sheet.print_title_rows is not None
        assert sheet.print_options.horizontalCentered


def test_properties_hold_no_person_and_no_clock(programme: Programme, view: PeriodView) -> None:
    properties = opened(working_papers.render(programme, view)).properties
    assert (properties.creator, properties.created) == (programme.terms["office"], view.ledger_time.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("district", "expected"),
    [
        (
            "鹿城区",
            {"状态": "审核通过", "现行版次": "第1版", "强制性": 0, "提示性": 1, "盖章件": "随附材料\n1份", "当前待办": "—"},
        ),
        ("龙湾区", {"状态": "退回", "退回次数": 1, "现行版次": "—", "强制性": 1, "核实性": 1}),
        ("龙湾区", {"当前待办": "报送单位：有强制性审核意见，未入台账，等待重报。", "审核通过时间": "—"}),
        ("瓯海区", {"状态": "待说明", "当前待办": "报送单位：有核实性审核意见，等待说明或更正。"}),
        ("洞头区", {"状态": "待认定", "当前待办": "市科技局：等待市科技局认定。"}),
        ("乐清市", {"状态": "未报", "报送次数": "—", "强制性": "—", "是否迟报": "—", "当前待办": "报送单位：尚未收到报表。"}),
        ("海经区", {"状态": "免报", "报送次数": "—", "当前待办": "—"}),
        ("永嘉县", {"状态": "审核通过", "报送次数": 2, "退回次数": 1, "备注": "新报第2版待处理"}),
        ("永嘉县", {"当前待办": "报送单位：新报第2版待处理。"}),
        ("文成县", {"首次收到时间": "2024年10月8日09:30", "是否迟报": "否", "备注": None}),
    ],
)
def test_arrivals(programme: Programme, view: PeriodView, district: str, expected: dict[str, object]) -> None:
    row = _arrivals(programme, view)[district]
    assert {head: row[head] for head in expected} == expected


def test_the_day_by_which_a_file_is_to_be_sent_again(programme: Programme, view: PeriodView) -> None:
    day = dt.date(2024, 10, 12)
    found = _arrivals(programme, replace(view, districts=tuple(replace(r, resend_by=day) for r in view.districts)))
    assert found["龙湾区"]["当前待办"] == "报送单位：有强制性审核意见，未入台账，等待重报。请于2024年10月12日前报回。"
    assert found["永嘉县"]["当前待办"] == "报送单位：新报第2版待处理。请于2024年10月12日前报回。"
    assert not [name for name in ("鹿城区", "洞头区", "乐清市") if "请于" in str(found[name]["当前待办"])]


def test_who_excused_a_district_and_why(programme: Programme, view: PeriodView) -> None:
    excuse = Decision("excuse", "王某", busy.RECEIVED, "机构调整", district="海经区", period=busy.PERIOD)
    assert _arrivals(programme, replace(view, decisions=(excuse,)))["海经区"]["备注"] == "王某同意免报：机构调整"


def test_a_late_return_is_marked(programme: Programme, view: PeriodView) -> None:
    records = tuple(replace(r, marks=("迟报",)) if r.district == "文成县" else r for r in view.districts)
    row = _arrivals(programme, replace(view, districts=records))["文成县"]
    assert (row["是否迟报"], row["备注"]) == ("是", "迟报")


def test_the_districts_are_counted_below(programme: Programme, view: PeriodView) -> None:
    expected = "应报12个地区，免报1个，审核通过8个，待说明1个，待认定1个，退回1个，未报1个。"
    assert expected in texts(opened(working_papers.render(programme, view))["报送情况"])


def test_every_accepted_value_has_its_source(programme: Programme, view: PeriodView) -> None:
    found = table(opened(working_papers.render(programme, view))["数据来源"], "区域")
    assert len(found) == len(view.values) == 8 * 4
    source = view.values["泰顺县", "projects"]
    row = next(row for row in found if (row["区域"], row["指标"]) == ("泰顺县", programme.indicator("projects").short))
    assert list(row.values())[2:7] == [4, "第1版", source.file, source.sheet, source.cell]
    assert (row["收到时间"], row["规则版本"], row["文件校验值（SHA-256）"]) == ("2024年10月5日09:30", "test", source.sha256)


def test_values_stand_in_form_and_programme_order(programme: Programme, view: PeriodView) -> None:
    found = table(opened(working_papers.render(programme, view))["数据来源"], "区域")
    shorts = [indicator.short for indicator in programme.indicators]
    places = [(programme.district_names.index(str(row["区域"])), shorts.index(str(row["指标"]))) for row in found]
    assert places == sorted(places)


def test_a_file_name_that_looks_like_a_formula_stays_text(programme: Programme, view: PeriodView) -> None:
    key = ("泰顺县", "projects")
    values = {**view.values, key: replace(view.values[key], file="=1+1.xlsx", sheet="https://x", cell="007")}
    sheet = opened(working_papers.render(programme, replace(view, values=values)))["数据来源"]
    cells = {
        cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value in ("=1+1.xlsx", "https://x", "007")
    }
    assert cells == {"=1+1.xlsx": "s", "https://x": "s", "007": "s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_a_period_without_any_return(programme: Programme) -> None:
    book = opened(working_papers.render(programme, views.make_view(programme, busy.PERIOD, {})))
    assert "本期尚无审核通过的数据。" in texts(book["数据来源"])
    assert "应报13个地区，免报0个，审核通过0个，待说明0个，待认定0个，退回0个，未报13个。" in texts(book["报送情况"])


def test_an_issued_district_counts_as_accepted_and_asks_for_nothing(programme: Programme, view: PeriodView) -> None:
    records = tuple(replace(r, state="已通报") if r.version and r.latest == r.current else r for r in view.districts)
    book = opened(working_papers.render(programme, replace(view, districts=records)))
    assert any("审核通过8个" in text for text in texts(book["报送情况"]))


def test_states_of_a_restatement(programme: Programme) -> None:
    view = views.restating_view(programme)
    row = _arrivals(programme, view)["鹿城区"]
    assert (row["状态"], row["当前待办"], row["备注"]) == ("更正中", "市科技局：已启动更正，等待重新定稿。", "已更正")
    summary = "应报13个地区，免报0个，审核通过0个，更正中13个，待说明0个，待认定0个，退回0个，未报0个。"
    assert summary in texts(opened(working_papers.render(programme, view))["报送情况"])


def test_another_citys_papers(second_programme: Programme) -> None:
    view = views.other_city_view(second_programme)
    records = (*view.districts[:-1], DistrictRecord(view.districts[-1].district, EXCUSED))
    assert view.districts[-1].state == MISSING
    book = opened(working_papers.render(second_programme, replace(view, districts=records)))
    assert len(table(book["数据来源"], "区域")) == 4 * 3
    assert not any("科技副总" in text for sheet in book for text in texts(sheet))
