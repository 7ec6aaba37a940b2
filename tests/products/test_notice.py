"""The notice as a Word document: as committed, GB/T 9704-2012, its tables those of the bulletin, and nothing said beside them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from pipeline.model.view import NoticeChoices, Office, PeriodView
from schemas.programme import Programme
from tests.products import make_notices
from tests.support import golden, views

View = Callable[[Programme], PeriodView]

TABLES = {"usual": (views.full_issued_view, 3), "restated": (views.restated_view, 4)}
COMPUTED = re.compile(r"相差[\d.]+个百分点|合计差\d+家")
"""Sums and differences of what the tables hold (wording.md 10.2)."""


def document(programme: Programme, view: PeriodView) -> Any:
    return Document(io.BytesIO(golden.noticed(programme, view)))


def lines(found: Any) -> list[str]:
    """Paragraphs outside the tables."""
    return [paragraph.text for paragraph in found.paragraphs]


def body(found: Any) -> list[str]:
    """The text of the notice itself, from the address to the list of attachments."""
    texts = lines(found)
    address = next(place for place, text in enumerate(texts) if text.startswith("各县（市、区）人民政府"))
    return texts[address + 1 : next(place for place, text in enumerate(texts) if text.startswith("附件："))]


def attached(found: Any) -> list[Any]:
    """The tables of the bulletin: the last table holds the imprint."""
    return list(found.tables[:-1])


def imprint(found: Any) -> list[str]:
    """Its lines, at the foot of the last page."""
    return [row.cells[0].text for row in found.tables[-1].rows][1:]


def chosen(view: PeriodView, **choices: Any) -> PeriodView:
    return replace(view, office=Office(notice=NoticeChoices(**choices)))


@pytest.mark.parametrize("name", golden.NOTICES)
def test_notice_is_the_committed_one(programme: Programme, name: str) -> None:
    found = golden.noticed(programme, golden.NOTICES[name](programme))
    assert golden.differences(golden.path_of(name).read_bytes(), found) == ""


def test_comparator_sees_a_changed_word(programme: Programme) -> None:
    found = golden.noticed(programme, chosen(views.full_issued_view(programme), cc="各县（市、区）科技局"))
    assert "word/document.xml" in golden.differences(golden.path_of("notice_full").read_bytes(), found)


def test_two_writes_are_the_same_bytes(programme: Programme) -> None:
    first, second = (golden.noticed(programme, views.restated_view(programme)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("name", "make"), [("notice", make_notices.notice), ("notice_restated", make_notices.restated)])
def test_the_committed_templates_are_those_the_script_makes(programme: Programme, name: str, make: Callable[[], bytes]) -> None:
    committed = (programme.path.parent / f"{name}.docx").read_bytes()
    assert golden.differences(committed, make()) == ""


def test_the_page_is_that_of_the_standard(programme: Programme) -> None:
    page = document(programme, views.full_issued_view(programme)).sections[0]
    sides = (page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(side.mm) for side in sides] == [210, 297, 37, 35, 28, 26]
    assert page.orientation == WD_ORIENT.PORTRAIT


def test_twenty_two_lines_of_twenty_eight_characters_fit_on_the_page(programme: Programme) -> None:
    found = document(programme, views.full_issued_view(programme))
    page, normal = found.sections[0], found.styles["Normal"]
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    width = (page.page_width - page.left_margin - page.right_margin) / 12700
    height = (page.page_height - page.top_margin - page.bottom_margin) / 12700
    assert int(width / (normal.font.size.pt + spacing)) == 28
    assert int(height / normal.paragraph_format.line_spacing.pt) == 22


FONTS = {
    "温州市委科技创新委员会办公室": ("宋体", 22),
    "各县（市、区）人民政府": ("仿宋", 16),
    "一、总体情况": ("黑体", 16),
    "（一）完成进度。": ("楷体", 16),
    "附件1": ("黑体", 16),
}


@pytest.mark.parametrize("start", FONTS)
def test_fonts_are_named_for_chinese_text(programme: Programme, start: str) -> None:
    found = document(programme, views.full_issued_view(programme))
    run = next(paragraph for paragraph in found.paragraphs if paragraph.text.startswith(start)).runs[0]
    assert (run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt) == FONTS[start]


@pytest.mark.parametrize(("view", "count"), TABLES.values(), ids=TABLES)
def test_every_attached_table_stands_on_a_landscape_page_and_the_imprint_on_an_upright_one(
    programme: Programme, view: View, count: int
) -> None:
    found = document(programme, view(programme))
    ways = [section.orientation for section in found.sections]
    assert ways == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * count, WD_ORIENT.PORTRAIT]
    assert len(attached(found)) == count
    assert [text for text in lines(found) if re.fullmatch(r"附件\d", text)] == [f"附件{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize("name", golden.NOTICES)
def test_every_number_of_the_text_is_one_of_the_attached_tables(programme: Programme, name: str) -> None:
    view = golden.NOTICES[name](programme)
    found = document(programme, view)
    districts = len(programme.districts)
    texts = [cell.text for table in attached(found) for row in table.rows for cell in row.cells]
    shown = set(re.findall(r"\d+(?:\.\d+)?%?", " ".join(texts)))
    said = COMPUTED.sub("", "".join(body(found)))
    said = re.sub(r"截至\d+年\d*月?底|\d+年|〔\d+〕5号|居[前后]\d+位|\d+个地区|〔\d+〕\d+号|\d+-\d+年", "", said)
    numbers = set(re.findall(r"\d+(?:\.\d+)?%?", said))
    assert numbers
    assert {number for number in numbers if number not in shown and int(float(number.rstrip("%"))) > districts} == set()


def test_a_cell_of_the_attached_table_shows_what_the_sheet_shows(programme: Programme) -> None:
    table = document(programme, views.full_issued_view(programme)).tables[0]
    row = next([cell.text for cell in row.cells] for row in table.rows if row.cells[1].text == "龙湾区")
    assert row == ["2", "龙湾区", "219", "129", "58.9%", "71.7%", "-12.8", "-28", "124", "34", "27.4%", "+15", "12", "滞后"]


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN adjustRightInd snapToGrid spacing "
    "ind contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color spacing w kern position sz szCs highlight u lang",
    "tblPr": "tblStyle tblpPr bidiVisual tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
}
"""Of the children of properties, which Word insists on (ECMA-376 part 1, 17.3 and 17.4)."""


@pytest.mark.parametrize("kind", ORDER)
@pytest.mark.parametrize("name", golden.NOTICES)
def test_properties_stand_in_the_order_word_insists_on(programme: Programme, name: str, kind: str) -> None:
    known = ORDER[kind].split()
    found = document(programme, golden.NOTICES[name](programme))
    places = [
        [known.index(child.tag.partition("}")[2]) for child in properties]
        for part in (found.element, found.styles["Normal"].element)
        for properties in part.iter(qn(f"w:{kind}"))
    ]
    assert places
    assert all(own == sorted(own) for own in places)


def test_nothing_is_marked_as_a_draft(programme: Programme) -> None:
    assert not any("送审稿" in text for text in lines(document(programme, views.full_issued_view(programme))))


def test_without_problems_the_chapter_is_left_out_and_the_next_one_counts_on(programme: Programme) -> None:
    values = {name: [50, 9, 5, 3] for name in programme.district_names} | {"龙湾区": [250, 9, 5, 3], "乐清市": [300, 9, 5, 3]}
    values |= {"瑞安市": [190, 9, 5, 3], "瓯海区": [95, 9, 5, 3], "永嘉县": [80, 9, 5, 3], "平阳县": [110, 9, 5, 3]}
    found = body(document(programme, views.issued(views.make_view(programme, views.full_view(programme).period, values))))
    assert [text for text in found if text[1:2] == "、"] == ["一、总体情况", "二、各地情况", "三、下步要求"]
    assert [text.partition("。")[0] for text in found if text.startswith("（")][:3] == [
        "（一）完成进度",
        "（二）序时进度",
        "（一）加快选派进度",
    ]


def test_the_next_period_is_named_where_one_is_called(programme: Programme) -> None:
    called = "".join(body(document(programme, views.full_issued_view(programme))))
    assert called.endswith("请于2025年10月10日前报送截至2025年9月底的数据。")
    assert "请于" not in "".join(body(document(programme, views.issued_view(programme))))


def test_the_citys_goals_are_attached_where_the_settings_want_them(programme: Programme) -> None:
    found = document(programme, chosen(views.full_issued_view(programme), goals=True))
    assert "　　　4.全市“科技副总”工作目标完成情况表" in lines(found)
    assert "附件4" in lines(found)
    assert len(attached(found)) == 4


def test_the_imprint_names_who_gets_a_copy_and_the_date(programme: Programme) -> None:
    assert imprint(document(programme, views.full_issued_view(programme))) == [
        "抄送：市委科技创新委员会成员单位。",
        "温州市委科技创新委员会办公室\t2025年7月15日印发",
    ]
    own = chosen(views.full_issued_view(programme), cc="各县（市、区）科技局")
    assert imprint(document(programme, own))[0] == "抄送：各县（市、区）科技局。"


def test_the_offices_own_template_is_used(programme: Programme, tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("{{ issuer }}内部稿：{{ overall }}")
    own.save(str(tmp_path / "own.docx"))
    found = document(programme, chosen(views.full_issued_view(programme), template=tmp_path / "own.docx"))
    assert lines(found)[0].startswith("温州市委科技创新委员会办公室内部稿：截至2025年6月底，全市已向808家企业")


CORRECTIONS = [
    "《温州市委科技创新委员会办公室关于截至2024年9月底“科技副总”工作情况的通报》（温市科创办〔2024〕8号）印发后，经核实，",
    "鹿城区“已选派‘科技副总’企业数”由6家更正为5家，原因是重复计数。",
    "瓯海区“开展技术攻关项目数”由55项更正为57项，原因是数据填报有误。",
]


def test_a_correction_says_old_and_new_with_the_reason(programme: Programme) -> None:
    found = body(document(programme, views.restated_view(programme)))
    assert found[0].startswith(CORRECTIONS[0])
    assert found[1:3] == CORRECTIONS[1:]
    assert [text for text in found if text][-1].startswith("更正后，全市已向370家企业选派“科技副总”，完成率为74.0%；")
    assert "   " not in "".join(found)


def test_properties_name_title_and_office_and_the_time_of_the_ledger(programme: Programme) -> None:
    view = views.full_issued_view(programme)
    found = document(programme, view).core_properties
    assert (found.title, found.author) == ("关于截至2025年6月底“科技副总”工作情况的通报", "市科技局")
    assert found.created.replace(tzinfo=None) == view.ledger_time.replace(tzinfo=None)
