"""A 办理单 as a grid → requests: what each filled line asks for, and what cannot be understood."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from pipeline.decisions import Request
from pipeline.decisions.sheet_lines import FIELDS, Line, at_odds, find_header, read_lines
from pipeline.model import Cell, Grid, Kind
from schemas.programme import load_programme

PROGRAMME = load_programme()
HEADS = PROGRAMME.wording["decisions"]["book"]["columns"]
KEY_COLUMN = len(HEADS) + 1
PERIOD = dt.date(2024, 12, 31)
MADE = dt.datetime(2025, 1, 8, 2, tzinfo=dt.UTC)
SHA = "a" * 64
LISTED = {"file": SHA, "period": "2024-12-31", "bound": {"enterprises": 8}, "made": MADE.isoformat(), "decided": 4}
FALL = {"district": "鹿城区", "period": "2024年底", "file": "附件2.xlsx", "rule": "P01", "indicator": "已选派企业数"}
DONE = {"basis": "来函", "by": "张三"}


def text(value: str) -> Cell:
    return Cell(Kind.TEXT, value)


def grid_of(*lines: dict[str, str], keys: tuple[object, ...] = (), top: int = 2) -> Grid:
    """Lines under the header in row ``top``, with what the hidden column keeps."""
    cells = {(1, 1): text("市级办理单")} | {(top, column): text(head) for column, head in enumerate(HEADS, 1)}
    cells[top, KEY_COLUMN] = text("识别码")
    for row, line in enumerate(lines, top + 1):
        cells |= {(row, FIELDS.index(name) + 1): text(value) for name, value in line.items()}
    for row, key in enumerate(keys, top + 1):
        cells[row, KEY_COLUMN] = text(key if isinstance(key, str) else json.dumps(key))
    return Grid("市级办理单", cells)


def read(grid: Grid) -> list[Line]:
    header = find_header(grid, PROGRAMME)
    assert header
    return list(read_lines(grid, header, "办理单.xlsx", PROGRAMME))


def asked(line: dict[str, str], *keys: object) -> Request:
    (found,) = read(grid_of(line, keys=keys))
    assert found.request, found.refused
    return found.request


def refused(line: dict[str, str], *keys: object) -> str:
    (found,) = read(grid_of(line, keys=keys))
    assert found.refused
    return found.refused.text(PROGRAMME)


def test_a_line_the_book_was_written_with_is_bound_to_file_and_values() -> None:
    line = {**FALL, **DONE, "act": "同意认定", "wording": "核减2家（企业迁出）"}
    (found,) = read(grid_of(line, keys=(LISTED,)))
    assert (found.row, found.listed, found.made, found.decided) == (3, True, MADE, 4)
    assert found.request == Request(
        "approve", "张三", "同意认定", "鹿城区", PERIOD, "P01", "enterprises", SHA, "来函", "核减2家（企业迁出）",
        source="办理单.xlsx", bound={"enterprises": 8},
    )  # fmt: skip


ACTS: dict[str, tuple[dict[str, str], str, dict[str, Any]]] = {
    "approve": ({"act": "同意认定"}, "approve", {"reason": "同意认定"}),
    "approve with a reason": ({"act": "同意认定", "content": "材料齐全"}, "approve", {"reason": "材料齐全"}),
    "refuse": ({"act": "不予认定", "content": "材料不全"}, "refuse", {"reason": "材料不全"}),
    "explain": ({"act": "代录电话说明", "content": "迁出2家"}, "explain", {"reason": "迁出2家"}),
    "return": ({"act": "人工退回", "content": "与名单不符"}, "return", {"reason": "与名单不符"}),
    "withdraw": ({"act": "撤回"}, "withdraw", {"reason": "撤回"}),
    "district": ({"act": "指定地区", "content": "龙湾"}, "assign", {"district": "龙湾区", "period": None}),
    "period": ({"act": "指定报告期", "content": "2024年9月"}, "assign", {"district": None, "period": dt.date(2024, 9, 30)}),
    "receipt": (
        {"act": "登记收到时间", "content": "2025年1月3日16:30"},
        "receive",
        {"received": dt.datetime(2025, 1, 3, 8, 30, tzinfo=dt.UTC)},
    ),
    "receipt on a day": (
        {"act": "登记收到时间", "content": "2025-1-3"},
        "receive",
        {"received": dt.datetime(2025, 1, 2, 16, 0, tzinfo=dt.UTC)},
    ),
    "excuse": ({"act": "免报"}, "excuse", {"reason": "免报"}),
    "reopen": ({"act": "启动更正", "content": "龙湾区来函更正"}, "reopen", {"reason": "龙湾区来函更正"}),
}


@pytest.mark.parametrize(("filled", "act", "fields"), ACTS.values(), ids=ACTS)
def test_every_act_of_the_drop_down_is_understood(filled: dict[str, str], act: str, fields: dict[str, Any]) -> None:
    request = asked({**FALL, **DONE, **filled})
    assert request.act == act
    assert {name: getattr(request, name) for name in fields} == fields


def test_every_act_of_the_drop_down_has_a_case() -> None:
    assert {act["name"] for act in PROGRAMME.wording["decisions"]["acts"]} == {filled["act"] for filled, _, _ in ACTS.values()}


REFUSED = {
    "no act": ({"content": "材料齐全"}, "没有选择办理意见。"),
    "an act of one's own": ({"act": "同意"}, "没有“同意”这种办理意见。"),
    "no grounds": ({"act": "同意认定", "basis": ""}, "没有填写依据。"),
}


@pytest.mark.parametrize(("filled", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_understood_says_why(filled: dict[str, str], why: str) -> None:
    assert refused({**FALL, **DONE, **filled}) == why


def test_lines_without_an_act_are_left_alone() -> None:
    assert read(grid_of(FALL, {**FALL, "by": "张三", "date": "2025-01-08"}, keys=(LISTED, LISTED))) == []


@pytest.mark.parametrize("key", ["", "—", "[]", "{}", '{"made": "昨天"}', '{"made": 3}', json.dumps({**LISTED, "bound": [8]})])
def test_a_line_whose_key_was_lost_goes_by_what_it_shows(key: str) -> None:
    (found,) = read(grid_of({**FALL, **DONE, "act": "同意认定"}, keys=(key,)))
    assert found.request
    assert (found.listed, found.made, found.decided, found.request.bound) == (False, None, None, None)
    assert (found.request.file, found.request.period) == ("附件2.xlsx", PERIOD)


def test_a_book_of_an_earlier_version_says_only_when_it_was_made() -> None:
    key = {name: value for name, value in LISTED.items() if name != "decided"}
    (found,) = read(grid_of({**FALL, **DONE, "act": "同意认定"}, keys=(key,)))
    assert (found.listed, found.made, found.decided) == (True, MADE, None)


def test_names_that_mean_nothing_are_kept_to_be_refused_with() -> None:
    request = asked({**FALL, **DONE, "act": "撤回", "district": "杭州市", "indicator": "专利数"})
    assert (request.district, request.indicator) == ("杭州市", "专利数")


def test_the_header_is_found_wherever_it_stands_and_however_it_breaks() -> None:
    grid = grid_of({**FALL, **DONE, "act": "撤回"}, top=7)
    cells = {**grid.cells, (7, 1): text(" 序\n号 ")}
    (found,) = read(Grid("a", cells))
    assert found.row == 8


def test_a_sheet_without_one_of_the_columns_is_no_decision_book() -> None:
    grid = grid_of()
    assert find_header(Grid("a", {place: cell for place, cell in grid.cells.items() if cell.text != "依据"}), PROGRAMME) is None


APPROVE, REFUSE = ({**FALL, **DONE, "act": act} for act in ("同意认定", "不予认定"))
AT_ODDS = {
    "one line each": ((APPROVE, REFUSE), (LISTED, LISTED), {0, 1}),
    "one of the city's own": ((APPROVE, {**REFUSE, "file": "", "indicator": ""}), (LISTED, {}), {0, 1}),
    "another indicator": ((APPROVE, {**REFUSE, "indicator": "促成科技成果转化数"}), (LISTED, LISTED), set()),
    "another value": ((APPROVE, REFUSE), (LISTED, {**LISTED, "bound": {"enterprises": 9}}), set()),
    "another district": ((APPROVE, {**REFUSE, "district": "龙湾区"}), (LISTED, LISTED), set()),
    "twice the same": ((APPROVE, APPROVE), (LISTED, LISTED), set()),
    "a third line": ((APPROVE, {**APPROVE, "rule": "P08"}, REFUSE), (LISTED, LISTED, LISTED), {0, 2}),
}


@pytest.mark.parametrize(("lines", "keys", "opposed"), AT_ODDS.values(), ids=AT_ODDS)
def test_lines_that_approve_and_refuse_one_matter_are_at_odds(
    lines: tuple[dict[str, str], ...], keys: tuple[object, ...], opposed: set[int]
) -> None:
    assert at_odds(read(grid_of(*lines, keys=keys))) == opposed


@pytest.mark.parametrize(("key", "compared"), [(LISTED, None), ({**LISTED, "compared": "10"}, "10"), ({"made": "x"}, None)])
def test_what_a_value_was_compared_with_is_kept(key: object, compared: str | None) -> None:
    assert asked(APPROVE, key).compared == compared
