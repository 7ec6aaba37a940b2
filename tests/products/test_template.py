"""报表模板 as a workbook: its four sheets to the letter, what can be filled in, what is checked in the sheet."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.view import Office
from pipeline.products.template import render
from schemas.programme import Programme, load_programme
from tests.support.filled_templates import JUNE, OUHAI, UNIT, fill, office_saved, own_row, template
from tests.support.workbooks import opened, rows, texts

PROGRAMME = load_programme()
BELOW = "小于上期累计数，请核对；确需核减的，请在“情况说明”表写明"


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(template(PROGRAMME, deadline=dt.date(2025, 7, 8), contact="李某", phone="0577-88960000"))


def unlocked(sheet: Worksheet) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def beside(sheet: Worksheet) -> list[list[object]]:
    """The block right of the table: header and a line for each indicator."""
    top = next(cell.row for cell in sheet["G"] if cell.value == "指标名称")
    return [[sheet.cell(row, column).value for column in range(7, 11)] for row in range(top, top + 5)]


# --- the sheets


def test_the_sheets_stand_in_order(book: Workbook) -> None:
    assert book.sheetnames == ["附件2", "填报信息", "情况说明", "填表说明"]


def test_the_form_is_the_plan_s(book: Workbook) -> None:
    form = book["附件2"]
    table = [row[:5] for row in rows(form)]
    heads = [f"{each.name}\n（{each.unit}）" for each in PROGRAMME.indicators]
    assert [row[0] for row in table[:3]] == ["附件2", "各县（市、区）“科技副总”工作情况通报表", "截至2025年6月底"]
    assert table[3][1:] == heads
    assert str(table[3][0]).split() == ["指标名称", "区域"]
    assert form["A4"].border.diagonalDown
    assert [row[0] for row in table[4:18]] == [*PROGRAMME.district_names, "总数"]
    assert not any(value for row in table[4:18] for value in row[1:])


def test_the_lines_under_the_table_take_what_the_second_sheet_says() -> None:
    form = load_workbook(io.BytesIO(template(PROGRAMME)), data_only=True)["附件2"]
    shown = [[cell.value for cell in row if cell.value] for row in form.iter_rows(min_row=19, max_col=5)]
    assert [line for line in shown if line] == [
        ["填报单位（盖章）：", UNIT, "单位负责人："],
        ["审核人：", "填报人："],
        ["联系电话：", "报出日期："],
    ]


def test_the_form_is_printed_alone_on_one_page_across_a4(book: Workbook) -> None:
    form = book["附件2"]
    assert form.print_area == "'附件2'!$A$1:$E$22"
    assert (form.page_setup.paperSize, form.page_setup.orientation) == (9, "landscape")
    properties = form.sheet_properties.pageSetUpPr
    assert properties
    assert properties.fitToPage
    assert form.page_setup.fitToHeight in (None, 1)


INFO = [
    ("报告期", "截至2025年6月底", "已预填，请勿改动。"),
    ("填报地区", OUHAI, "已预填，请勿改动。"),
    ("填报单位", UNIT, "填单位全称。"),
    ("单位负责人", None, None),
    ("审核人", None, "一般不与填报人为同一人。"),
    ("填报人", None, None),
    ("联系电话", None, "填可直接联系到填报人的电话。"),
    ("报出日期", None, "如2025-07-03。"),
    ("报送类型", "首次报送", "下拉：首次报送／重新报送／补报／更正。"),
    ("本期有无新增", None, "下拉：有／无。四项指标均无新增的选“无”，不必另作说明。"),
    ("补充说明", None, "重新报送、更正的原因写在此处；核减等写在“情况说明”表。"),
    ("模板版本", PROGRAMME.template_version, "已预填，请勿改动。"),
]


def test_the_second_sheet_asks_what_the_wording_asks(book: Workbook) -> None:
    sheet = book["填报信息"]
    assert [cell.value for cell in sheet[2]] == ["项目", "填写内容", "填写要求"]
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)] == INFO


def choices(sheet: Worksheet) -> dict[str, list[str]]:
    found = sheet.data_validations.dataValidation
    return {str(one.sqref): str(one.formula1).strip('"').split(",") for one in found if one.type == "list"}


def test_what_can_be_chosen_is_offered(book: Workbook) -> None:
    assert choices(book["填报信息"]) == {"B11": ["首次报送", "重新报送", "补报", "更正"], "B12": ["有", "无"]}
    lines = choices(book["情况说明"])
    assert lines["B3:B10"] == [*(each.name for each in PROGRAMME.indicators), "四项合计"]
    assert lines["C3:C10"] == ["核减", "增幅较大", "本期无新增", "研发机构多于企业", "超额完成", "其他"]


def test_the_third_sheet_has_blank_lines(book: Workbook) -> None:
    table = rows(book["情况说明"])
    assert table[0] == ["情况说明（有需要说明的情况时填写）"]
    assert table[1] == ["序号", "指标", "事项", "涉及数量", "原因"]
    assert table[2:] == [[number] for number in range(1, 9)]


# --- the notes


def notes(**office: object) -> list[str]:
    return texts(opened(template(PROGRAMME, **office))["填表说明"])  # type: ignore[arg-type]


def test_the_notes_are_numbered_and_filled_in(book: Workbook) -> None:
    said = texts(book["填表说明"])
    assert said[1] == "1.本表依据市委科创办〔2024〕5号制定，由各县（市、区）和海经区科技主管部门填报，报市科技局。"
    assert said[2].startswith("2.各项指标均填2024年1月1日以来的累计数，填整数。没有发生的填0，不留空，不填“—”“无”等符号或文字；")
    assert said[5].startswith("（1）已选派“科技副总”企业数：指已选派“科技副总”任职的企业家数。按企业计算，不按人数计算；")
    assert said[-3:] == [
        "6.请于2025年7月8日前将本文件（电子表格）报市科技局。",
        "7.填报单位对数据的真实性、准确性负责，应当建立台账、留存名单备查，不得虚报、瞒报。",
        "8.联系人：李某，电话：0577-88960000。",
    ]


def test_the_definitions_say_that_they_are_not_confirmed_until_they_are() -> None:
    marked = "4.指标解释（以下口径方案未作规定，须经市科技局确认后启用）："
    assert marked in notes()
    confirmed = notes(definitions_confirmed=True)
    assert marked not in confirmed
    assert "4.指标解释：" in confirmed


def test_without_deadline_or_contact_the_notes_name_none() -> None:
    said = notes()
    assert "6.请将本文件（电子表格）报市科技局。" in said
    assert said[-1].startswith("7.")


def test_a_stamped_scan_is_asked_for_where_the_settings_say_so() -> None:
    asked = "同时报送加盖公章的打印件扫描件；数据以电子表格为准，两者应当一致。"
    assert not any(asked in text for text in notes())
    assert any(text.startswith("6.") and text.endswith(asked) for text in notes(scan=True))


# --- what can be filled in


def test_only_what_the_district_fills_is_unlocked(book: Workbook) -> None:
    own = own_row(book["附件2"])
    assert unlocked(book["附件2"]) == {f"{column}{own}" for column in "BCDE"}
    assert unlocked(book["填报信息"]) == {f"B{row}" for row in range(5, 14)}
    assert unlocked(book["情况说明"]) == {f"{column}{row}" for column in "BCDE" for row in range(3, 11)}
    assert unlocked(book["填表说明"]) == set()


def test_sheets_and_workbook_are_protected_without_a_password(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert book.security.lockStructure
    assert book.security.workbookPassword is None


def test_nothing_but_whole_numbers_from_0_is_let_in(book: Workbook) -> None:
    form = book["附件2"]
    (entry,) = form.data_validations.dataValidation
    assert str(entry.sqref) == f"B{own_row(form)}:E{own_row(form)}"
    assert (entry.type, entry.operator, entry.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert entry.errorStyle in (None, "stop")
    assert (entry.errorTitle, entry.promptTitle) == ("请填整数", "填累计数")
    assert entry.error == "本栏应填不小于0的整数（累计数）。没有发生请填0，不要用“—”“无”等代替。"
    assert entry.prompt == "填2024年以来的累计数，不是本期新增数。"


# --- the self-check


def test_the_previous_values_stand_beside_the_table_with_stored_results() -> None:
    form = load_workbook(io.BytesIO(template(PROGRAMME)), data_only=True)["附件2"]
    head, *lines = beside(form)
    assert head == ["指标名称", "上期累计数（截至2025年3月底，仅供核对）", "本期增加", "填写自查"]
    assert lines == [
        [each.name, value, None, "未填"] for each, value in zip(PROGRAMME.indicators, (50, 110, 41, 30), strict=True)
    ]


def test_a_first_period_has_no_previous_values() -> None:
    form = load_workbook(io.BytesIO(template(PROGRAMME, before=None)), data_only=True)["附件2"]
    head, *lines = beside(form)
    assert head[1] == "上期累计数（无）"
    assert [line[1:] for line in lines] == [["—", "—", "未填"]] * 4


def test_the_self_check_answers_while_the_form_is_filled_in(tmp_path: Path) -> None:
    filled = fill(template(PROGRAMME), (55, 100, 41, 30.5))
    form = load_workbook(io.BytesIO(office_saved(filled, "xlsx", tmp_path)), data_only=True)["附件2"]
    assert [line[2:] for line in beside(form)[1:]] == [[5, "通过"], [-10, BELOW], [0, "与上期相同"], [0.5, "请填整数"]]
    shown = [str(cell.value) for row in form.iter_rows(min_row=20, max_col=5) for cell in row if cell.value]
    assert [text for text in shown if not text.endswith("：")] == [UNIT, "赵某", "王某", "张某", "0577-00000000", "2025-07-03"]


def test_a_value_below_the_previous_one_is_marked_and_not_stopped(book: Workbook) -> None:
    form = book["附件2"]
    marks = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in form.conditional_formatting}
    own = own_row(form)
    assert marks[f"B{own}"] == [f"AND(ISNUMBER($B${own}),$B${own}<$H$5)"]
    assert marks["J5"] == marks[f"B{own}"]
    assert len(marks) == 8


# --- the file


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert template(PROGRAMME) == template(PROGRAMME)


def test_another_city_s_template_speaks_its_own_words(second_programme: Programme) -> None:
    made = opened(render(second_programme, "青禾市", JUNE, None, Office(), None))
    said = " ".join(text for sheet in made.worksheets for text in texts(sheet))
    assert made.sheetnames[0] == "附表3"
    assert "三项合计" in str(choices(made["情况说明"]))
    assert not [word for word in ("科技副总", "鹿城", "温州", "附件2", "四项") if word in said]
    assert unlocked(made["附表3"]) == {f"{column}{own_row(made['附表3'], '青禾市')}" for column in "BCD"}
