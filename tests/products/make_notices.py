"""Makes the Word templates of the notice by GB/T 9704-2012: ``python -m tests.products.make_notices``.

They were made once, and are the office's to edit from then on: run this only to begin anew. Measures: domain.md.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.products.return_copy.packing import repacked
from schemas.programme import DEFAULT_PROGRAMME

SONG, HEI, FANG, KAI = "宋体", "黑体", "仿宋", "楷体"
BODY, TITLE, PAGE_NUMBER = Pt(16), Pt(22), Pt(14)
PITCH = Pt(28.95)
"""29 pt would be a fifth of a point too much for 22 lines."""
NARROWER = -5
"""Twentieths of a point between characters: 28 of 16 pt are 6 pt wider than the line."""

REQUIREMENTS = (
    (
        "加快选派进度。",
        "各地要对照年度目标任务，摸清企业需求，抓好精准匹配。"
        "未达到序时进度的地区要分析原因、细化措施，确保完成{{ year }}年目标任务。",
    ),
    (
        "提升工作成效。",
        "各地要支持{{ subject }}立足企业需求开展技术攻关、促成成果转化、推动研发机构建设，做到选派与服务并重。",
    ),
    (
        "提高数据质量。",
        "各地要落实专人、严格审核，如实、按时报送数据，发现有误的及时按程序更正。"
        "{% if next_deadline %}请于{{ next_deadline }}前报送截至{{ next_as_of_label }}的数据。{% endif %}",
    ),
)


def notice() -> bytes:
    """The usual notice (wording.md 10.1)."""
    document = _page()
    _head(document)
    opening = "根据{{ plan }}（{{ doc_ref }}），现将截至{{ as_of_label }}{{ city }}{{ subject }}工作情况通报如下："
    _text(document, (opening, FANG, False))
    _text(document, ("{{ chapter.overall }}、总体情况", HEI, True))
    _text(document, ("{{ overall }}", FANG, False))
    _tag(document, "{%p if districts %}")
    _text(document, ("{{ chapter.districts }}、各地情况", HEI, True))
    _tag(document, "{%p for part in districts %}")
    _text(document, ("（{{ part.number }}）{{ part.heading }}。", KAI, True), ("{{ part.text }}", FANG, False))
    _tag(document, "{%p endfor %}")
    _tag(document, "{%p endif %}")
    _tag(document, "{%p if problems %}")
    _text(document, ("{{ chapter.problems }}、存在问题", HEI, True))
    _text(document, ("{{ problems }}", FANG, False))
    _tag(document, "{%p endif %}")
    _text(document, ("{{ chapter.requirements }}、下步要求", HEI, True))
    for number, (heading, text) in zip("一二三", REQUIREMENTS, strict=True):
        _text(document, (f"（{number}）{heading}", KAI, True), (text, FANG, False))
    _foot(document)
    return _saved(document)


def restated() -> bytes:
    """The notice of a restatement (wording.md 10.4)."""
    document = _page()
    _head(document)
    _text(document, ("{{ reference }}印发后，经核实，{{ districts_named }}部分数据有误，现更正如下：", FANG, False))
    _tag(document, "{%p for correction in corrections %}")
    _text(document, ("{{ correction }}", FANG, False))
    _tag(document, "{%p endfor %}")
    _text(document, ("{{ after }}", FANG, False))
    _foot(document)
    return _saved(document)


def _page() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(PITCH.pt * 20)))
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FANG, BODY
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(name), FANG)
    narrower = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{NARROWER}"/>')
    normal.element.get_or_add_rPr().insert_element_before(narrower, "w:kern", "w:position", "w:sz", "w:szCs")
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no blanks between Chinese and digits
        blank = parse_xml(f'<{name} {nsdecls("w")} w:val="0"/>')
        normal.element.get_or_add_pPr().insert_element_before(blank, "w:spacing")
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    language.set(qn("w:val"), "en-US")  # of digits: as Chinese, LibreOffice would break lines within a number
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    return document


def _number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character from the edge."""
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = PAGE_NUMBER
    _run(paragraph, "— ", SONG, size=PAGE_NUMBER)
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)
    _dress(Run(field[0], paragraph), SONG, size=PAGE_NUMBER)
    _run(paragraph, " —", SONG, size=PAGE_NUMBER)


def _head(document: Any) -> None:
    for text in ("{{ issuer }}", "{{ matter[0] }}", "{{ matter[1] }}"):
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.line_spacing = Pt(34)
        _run(title, text, SONG, bold=True, size=TITLE)
    document.add_paragraph()
    _run(document.add_paragraph(), "{{ addressees }}：", FANG)


def _foot(document: Any) -> None:
    """The list of attachments, and who signs: three lines about one axis, four characters from the right."""
    document.add_paragraph()
    _tag(document, "{%p for line in attachments %}")
    attachment = document.add_paragraph()
    attachment.paragraph_format.left_indent = BODY * 2
    _run(attachment, "{{ line }}", FANG)
    _tag(document, "{%p endfor %}")
    for _ in range(2):
        document.add_paragraph().paragraph_format.keep_with_next = True
    for text in ("{{ issuer }}", "{{ issuer_note }}", "{{ issue_date }}"):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.left_indent, line.paragraph_format.right_indent = BODY * 9, BODY * 2
        line.paragraph_format.keep_with_next = text != "{{ issue_date }}"
        _run(line, text, FANG)


def _text(document: Any, *runs: tuple[str, str, bool]) -> None:
    """A paragraph of running text, its first line two characters in."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.keep_with_next = runs[-1][1] == HEI or None  # a chapter's heading is not left alone at the foot
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(int(BODY.pt * 2 * 20)))
    for text, font, bold in runs:
        _run(paragraph, text, font, bold=bold and font != HEI)


def _tag(document: Any, tag: str) -> None:
    """A paragraph that docxtpl takes away."""
    _run(document.add_paragraph(), tag, FANG)


def _run(paragraph: Paragraph, text: str, font: str, *, bold: bool = False, size: Any = BODY) -> None:
    _dress(paragraph.add_run(text), font, bold=bold, size=size)


def _dress(run: Run, font: str, *, bold: bool = False, size: Any = BODY) -> None:
    run.font.name, run.font.size, run.font.bold = font, size, bold
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # else Word sets Chinese quotation marks as narrow ones


def _saved(document: Any) -> bytes:
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "annex2", "", ""
    properties.created = properties.modified = dt.datetime(2026, 1, 1)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def main(folder: Path = DEFAULT_PROGRAMME.parent) -> None:
    (folder / "notice.docx").write_bytes(notice())
    (folder / "notice_restated.docx").write_bytes(restated())


if __name__ == "__main__":
    main()
