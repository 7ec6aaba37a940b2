"""Zipped workbooks that office programs open and that keep not quite to their format: as exporters leave them.

Each is a good return of an office program with one thing changed. What LibreOffice shows of it was looked at; where it shows
the figures they are read, and where a repair would be a guess the file goes back.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

import pytest

from pipeline.model import Reading
from pipeline.reading.read import read_submission
from schemas.programme import load_programme
from tests.support.handmade import zipped
from tests.support.samples import RETURNS

NAME = "瓯海2024年6月.xlsx"
SENT = (RETURNS / "2024-06-30" / NAME).read_bytes()
VALUES = [21, 33, 14, 11]
SHEET, STYLES, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELATIONS, ROOT, TYPES = "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml"
OWN = re.compile(r'<row r="7".*?</row>', re.DOTALL)
Change = Callable[[dict[str, str]], Mapping[str, str | bytes]]


def parts() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(SENT)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def replaced(part: str, pattern: str, by: str) -> Change:
    """In one part."""

    def change(sent: dict[str, str]) -> Mapping[str, str | bytes]:
        text = re.sub(pattern, by, sent[part], flags=re.DOTALL)
        assert text != sent[part]
        return {**sent, part: text}

    return change


def without(*names: str) -> Change:
    return lambda sent: {name: part for name, part in sent.items() if name not in names}


def with_parts(**more: str | bytes) -> Change:
    """``TEXTS=b""``: by the names above."""
    return lambda sent: {**sent, **{globals()[name]: part for name, part in more.items()}}


def in_encoding(part: str, encoding: str) -> Change:
    return lambda sent: {**sent, part: sent[part].replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)}


def both(first: Change, second: Change) -> Change:
    return lambda sent: second(dict(first(sent)))  # type: ignore[arg-type]


def told_inline(sent: dict[str, str]) -> dict[str, str]:
    """Each text beside its cell instead of in the table of texts."""
    items = re.findall(r"<si>.*?</si>", sent[TEXTS], re.DOTALL)
    texts = ["".join(re.findall(r"<t\b[^>]*>(.*?)</t>", item, re.DOTALL)) for item in items]
    sheet = re.sub(r' t="s"><v>(\d+)</v>', lambda cell: f' t="inlineStr"><is><t>{texts[int(cell[1])]}</t></is>', sent[SHEET])
    return {**sent, SHEET: sheet}


def own_row(change: Callable[[str], str]) -> Change:
    return lambda sent: {**sent, SHEET: OWN.sub(lambda row: change(row[0]), sent[SHEET])}


def merge(*areas: str) -> Change:
    told = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return replaced(SHEET, r"<mergeCells[^>]*>", rf"\g<0>{told}")


def listed(sheet: str, relation: str = "") -> Change:
    return both(replaced(BOOK, "</sheets>", f"{sheet}</sheets>"), related(relation))


def related(more: str) -> Change:
    return lambda sent: {**sent, RELATIONS: sent[RELATIONS].replace("</Relationships>", f"{more}</Relationships>")}


KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
READ: Mapping[str, Change] = {
    "texts counted too high": replaced(TEXTS, 'count="27" uniqueCount="27"', 'count="4294967295" uniqueCount="4294967295"'),
    "texts counted a little too high": replaced(TEXTS, 'uniqueCount="27"', 'uniqueCount="2700"'),
    "texts counted in words": replaced(TEXTS, 'uniqueCount="27"', 'uniqueCount="many"'),
    "no table of texts, though listed": both(told_inline, without(TEXTS)),
    "empty table of texts": both(told_inline, with_parts(TEXTS=b"")),
    "styles of no number": replaced(SHEET, r' s="\d+"', ' s=""'),
    "styles that are nowhere": replaced(SHEET, r' s="\d+"', ' s="99"'),
    "styles below nothing": replaced(SHEET, r' s="\d+"', ' s="-1"'),
    "no styles, though listed": without(STYLES),
    "empty styles": with_parts(STYLES=b""),
    "styles that point at nothing": replaced(STYLES, r'numFmtId="164" fontId="\d" fillId="0"', 'numFmtId="" fontId="" fillId=""'),
    "number format without a number": replaced(STYLES, 'numFmt numFmtId="164"', 'numFmt numFmtId=""'),
    "number format without a code": replaced(STYLES, 'formatCode="General"', 'formatCode=""'),
    "tint in words": replaced(STYLES, 'rgb="FF000000"', 'rgb="FF000000" tint="dark"'),
    "column merged": merge("H1:H1048576"),
    "column merged by its letter": merge("H:H"),
    "row merged by its number": merge("30:30"),
    "column of the table's blanks merged": merge("A30:A1048576"),
    "thousands merged": merge(*(f"H{row}:I{row}" for row in range(1, 9000))),
    "merged nothing": merge("", "#REF!"),
    "height in words": replaced(SHEET, 'ht="15"', 'ht="NaN"'),
    "height that is empty": replaced(SHEET, 'ht="15"', 'ht=""'),
    "width in words": replaced(SHEET, 'width="12"', 'width="auto"'),
    "hidden column without a place": replaced(SHEET, "<cols>", '<cols><col hidden="1"/>'),
    "rows without a number": replaced(SHEET, r'<row r="\d+"', '<row r=""'),
    "own row twice the same": own_row(lambda row: row + row),
    "own cell twice, once blank": own_row(lambda row: row.replace('<c r="C7"', '<c r="C7" s="3"/><c r="C7"')),
    "relation without a target": related(f'<Relationship Id="rId9" Type="{KIND}/theme"/>'),
    "relation without a type": related('<Relationship Id="rId9" Target="a.xml"/>'),
    "relation without a name": related(f'<Relationship Type="{KIND}/theme" Target="a.xml"/>'),
    "theme that is missing": related(f'<Relationship Id="rId9" Type="{KIND}/theme" Target="theme/theme1.xml"/>'),
    "texts that are not listed, counted too high": both(
        told_inline,
        both(
            replaced(TEXTS, 'uniqueCount="27"', 'uniqueCount="4294967295"'),
            replaced(RELATIONS, '<Relationship Id="rId3".*?/>', ""),
        ),
    ),
    "sheet without a name": replaced(BOOK, '<sheet name="附件2" ', "<sheet "),
    "sheet in UTF-16": in_encoding(SHEET, "UTF-16"),
    "texts in UTF-16": in_encoding(TEXTS, "UTF-16"),
    "types in UTF-16": in_encoding(TYPES, "UTF-16"),
    "texts in GBK": in_encoding(TEXTS, "GBK"),
    "sheet in GB2312": in_encoding(SHEET, "GB2312"),
    "everything in GBK": lambda sent: {name: bytes(in_encoding(name, "GBK")(sent)[name]) for name in sent},  # type: ignore[arg-type]
    "part twice the same": lambda sent: {**sent, "XL/styles.xml": sent[STYLES]},
    "folders listed twice": lambda sent: {"xl/": "", "XL/": "", **sent},
    "other part twice": lambda sent: {**sent, "docprops/app.xml": ""},
}
DAMAGED: Mapping[str, Change] = {
    "texts that are missing": without(TEXTS),
    "texts without a relation": replaced(RELATIONS, '<Relationship Id="rId3".*?/>', ""),
    "own row twice, otherwise": own_row(lambda row: row + row.replace("<v>21</v>", "<v>99</v>")),
    "own cell twice, otherwise": own_row(lambda row: row.replace('<c r="C7"', '<c r="C7"><v>99</v></c><c r="C7"')),
    "two relations of one name": related(f'<Relationship Id="rId2" Type="{KIND}/worksheet" Target="a.xml"/>'),
    "only sheet that is missing": without(SHEET),
    "second sheet without a relation": listed('<sheet name="说明" sheetId="2" r:id="rId9"/>'),
    "second sheet that is missing": listed(
        '<sheet name="说明" sheetId="2" r:id="rId9"/>',
        f'<Relationship Id="rId9" Type="{KIND}/worksheet" Target="worksheets/2.xml"/>',
    ),
    "sheet twice, otherwise": lambda sent: {**sent, "XL/worksheets/sheet1.xml": sent[SHEET].replace("<v>21</v>", "<v>99</v>")},
    "styles broken off": with_parts(STYLES='<styleSheet xmlns="a"><cellXfs>'),
    "no types": without(TYPES),
    "types of no workbook": with_parts(TYPES='<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    "no relations of the workbook": without(RELATIONS),
    "names that begin with a dot": lambda sent: {f"./{name}": part for name, part in sent.items()},
    "packed with its folder": lambda sent: {f"附件2/{name}": part for name, part in sent.items()},
}


def read(change: Change) -> Reading:
    return read_submission(NAME, zipped(change(parts())), load_programme())


@pytest.mark.parametrize("change", READ.values(), ids=READ)
def test_read_as_shown(change: Change) -> None:
    reading = read(change)
    rows = [row for table in reading.tables for row in table.rows if row.district == "瓯海区"]
    assert [[entry.value for entry in row.entries] for row in rows] == [VALUES], reading.findings


@pytest.mark.parametrize("change", DAMAGED.values(), ids=DAMAGED)
def test_damaged(change: Change) -> None:
    reading = read(change)
    assert [(finding.rule, "已损坏" in finding.message) for finding in reading.findings] == [("F01", True)]


def test_a_part_that_claims_to_be_empty_is_not() -> None:
    content = bytearray(SENT)
    place = content.index(b"PK\x01\x02")
    while not content.startswith(STYLES.encode(), place + 46):
        place = content.index(b"PK\x01\x02", place + 4)
    struct.pack_into("<I", content, place + 24, 0)  # its size in the directory
    reading = read_submission(NAME, bytes(content), load_programme())
    assert [finding.rule for finding in reading.findings] == ["F01"]
