"""附件2 of a template: the form with the district's own row to fill in, its self-check beside it, the printed lines below."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.model.words import Words
from pipeline.products.bulletin.annex2 import HEADER_HEIGHT
from pipeline.products.figures.neutral_table import Head
from pipeline.products.template.template_words import OWN, TemplateWords
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import ANNEX, CORNER, HEADER, NOTE, corner_text
from pipeline.products.workbook.writer import WriteRefused

BESIDE_HEAD = replace(HEADER, size=10.5)
BESIDE = styles.Style(size=10.5)
BESIDE_NAME = replace(BESIDE, align="left")
FOOT = replace(NOTE, valign="vcenter", wrap=False)
ROW, FOOT_ROW = 31.0, 24.0
"""Points; a row has room for two lines of 填写自查."""
BELOW_FILL = "FFEB9C"
"""The fill of what has to be explained (wording.md 2)."""


@dataclass(frozen=True)
class _Beside:
    """Columns of the block right of the table, counted from 0; ``top`` is the header's row, ``own`` the district's."""

    top: int
    own: int
    left: int

    @property
    def columns(self) -> dict[str, int]:
        return {part: self.left + place for place, part in enumerate(("gap", "name", "previous", "increase", "check"))}


def write(book: Book, words: TemplateWords) -> None:
    """Add the sheet, named after the form."""
    programme = words.programme
    width = words.table("form.widths")
    sheet = words.sheet(book, programme.terms["form"], [width["region"], *[width["value"]] * len(programme.indicators)])
    sheet.band(programme.terms["form"], ANNEX)
    sheet.title(programme.terms["form_title"])
    sheet.captions(words.text("form.as_of"))
    top = sheet.at
    _head(sheet, words, width["region"])
    own = sheet.at + programme.district_names.index(words.district)
    for name in programme.district_names:
        _row(sheet, name, words)
    sheet.row([programme.terms["total"], *[None] * len(programme.indicators)], bold=True, least=ROW)
    _beside(sheet, words, _Beside(top, own, len(programme.indicators) + 1))
    _foot(sheet, words)
    sheet.raw.print_area(0, 0, sheet.at - 1, len(programme.indicators))
    sheet.raw.set_selection(own, 1, own, 1)
    sheet.raw.set_zoom(words.raw("form.zoom"))


def _head(sheet: BookSheet, words: TemplateWords, width: float) -> None:
    programme, name = words.programme, Words(words.programme, "bulletin").raw("form.indicator")
    corner = corner_text(programme.form.label_headers[0], programme.form.region_headers[0], width)
    heads = [Head(name.format(name=each.name, unit=each.unit)) for each in programme.indicators]
    sheet.header([Head(corner, style=CORNER), *heads], height=HEADER_HEIGHT, frozen_columns=1)


def _row(sheet: BookSheet, name: str, words: TemplateWords) -> None:
    count = len(words.programme.indicators)
    at = sheet.at
    sheet.row([name, *[None] * count], least=ROW)
    if name != words.district:
        return
    for column in range(1, count + 1):
        sheet.raw.write_blank(at, column, None, sheet.book.format(OWN))
    entry = {
        "validate": "integer",
        "criteria": ">=",
        "value": 0,
        "input_title": words.text("form.prompt.title"),
        "input_message": words.text("form.prompt.message"),
        "error_title": words.text("form.stop.title"),
        "error_message": words.text("form.stop.message"),
        "error_type": "stop",
    }
    if sheet.raw.data_validation(at, 1, at, count, entry):
        raise WriteRefused(f"{at} validation")


def _beside(sheet: BookSheet, words: TemplateWords, place: _Beside) -> None:
    """The previous values, the increase and the self-check, one line for each indicator."""
    raw, head, columns = sheet.raw, sheet.book.format(BESIDE_HEAD), place.columns
    for part, column in columns.items():
        raw.set_column(column, column, words.table("form.beside.widths")[part])
    heads = {
        "name": words.programme.form.label_headers[0],
        "previous": words.text("form.beside.previous" if words.previous else "form.beside.previous_none"),
        "increase": words.text("form.beside.increase"),
        "check": words.text("form.beside.check"),
    }
    for part, text in heads.items():
        raw.write_string(place.top, columns[part], text, head)
    for number in range(len(words.programme.indicators)):
        _line(sheet, words, place, number)


def _line(sheet: BookSheet, words: TemplateWords, place: _Beside, number: int) -> None:
    raw, columns, row = sheet.raw, place.columns, place.top + 1 + number
    form, own = sheet.book.format(BESIDE), xl_rowcol_to_cell(place.own, 1 + number, row_abs=True, col_abs=True)
    indicator = words.programme.indicators[number]
    value = words.previous[1].get(indicator.id) if words.previous else None
    before = xl_rowcol_to_cell(row, columns["previous"], row_abs=True, col_abs=True) if value is not None else None
    raw.write_string(row, columns["name"], indicator.name, sheet.book.format(BESIDE_NAME))
    if value is None:
        raw.write_string(row, columns["previous"], words.text("none"), form)
        raw.write_string(row, columns["increase"], words.text("none"), form)
    else:
        raw.write_number(row, columns["previous"], value, form)
        raw.write_formula(row, columns["increase"], f'=IF(ISNUMBER({own}),{own}-{before},"")', form, "")
        low = {"type": "formula", "criteria": f"=AND(ISNUMBER({own}),{own}<{before})"}
        marked = {**low, "format": _mark(sheet)}
        for line, column in ((place.own, 1 + number), (row, columns["check"])):
            raw.conditional_format(line, column, line, column, marked)
    raw.write_formula(row, columns["check"], _check(words, own, before), form, words.text("form.beside.says.blank"))


def _mark(sheet: BookSheet) -> object:
    """The mark of a value below the previous one."""
    return sheet.book.raw.add_format({"bg_color": f"#{BELOW_FILL}"})


def _check(words: TemplateWords, own: str, before: str | None) -> str:
    """The formula of 填写自查: what it says of the own cell beside the previous value."""
    says = {key: f'"{text}"' for key, text in words.table("form.beside.says").items()}
    good = f"IF({own}<{before},{says['below']},IF({own}={before},{says['same']},{says['good']}))" if before else says["good"]
    whole = f"IF(OR({own}<0,{own}<>INT({own})),{says['whole']},{good})"
    return f'=IF({own}="",{says["blank"]},IF(ISNUMBER({own}),{whole},{says["whole"]}))'


def _foot(sheet: BookSheet, words: TemplateWords) -> None:
    """Labels and values in two columns, taken from 填报信息."""
    source, form = words.text("info.sheet"), sheet.book.format(FOOT)
    last = len(words.programme.indicators)
    sheet.skip(8)
    for line in words.raw("form.foot"):
        for part, (label_at, first, end) in zip(line, ((0, 1, last - 2), (last - 1, last, last)), strict=True):
            cell = f"'{source}'!{xl_rowcol_to_cell(words.content_rows[part['field']], 1, row_abs=True, col_abs=True)}"
            shown = f'IF(ISNUMBER({cell}),TEXT({cell},"yyyy-mm-dd"),{cell})' if part["field"] == "date" else cell
            sheet.raw.write_string(sheet.at, label_at, part["label"], form)
            if end > first:
                sheet.raw.merge_range(sheet.at, first, sheet.at, end, "", form)
            stored = words.content_of(part["field"])
            sheet.raw.write_formula(sheet.at, first, f'=IF({cell}="","",{shown})', form, stored)
        sheet.raw.set_row(sheet.at, FOOT_ROW)
        sheet.at += 1
