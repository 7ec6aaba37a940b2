"""Excel and WPS workbooks in OOXML (.xlsx, .xlsm), transitional and Strict: sheets, shared texts and number formats."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from pipeline.intake.container import Limits
from pipeline.intake.number_formats import BUILT_IN
from pipeline.intake.ooxml_sheet import SheetParser, Workbook
from pipeline.intake.package import Attributes, Package, parse_whole, relations, xml_parser
from pipeline.intake.sheets import Budget, Sheet
from pipeline.model import UnreadableFile

_TRUE = {"1", "true"}
_MAX_SHEETS = 256


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


def read_ooxml(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Every worksheet in workbook order; chart and macro sheets hold no cells and are left out.

    Raises UnreadableFile (damaged, encrypted, too_many_cells).
    """
    with Package(content, limits) as package:
        main = next((target for kind, target in relations(package, "").values() if kind == "officeDocument"), "xl/workbook.xml")
        listed, facts = _workbook(package.whole(main))
        targets = relations(package, main)
        by_kind = dict(targets.values())
        workbook = Workbook(
            texts=_shared_texts(package, by_kind.get("sharedStrings")),
            formats=_formats(package, by_kind.get("styles")),
            since_1904=facts.get("date1904", "0") in _TRUE,
            calculates_on_load=facts.get("fullCalcOnLoad", "0") in _TRUE,
            units=limits.units,
        )
        budget = Budget(limits)
        sheets = []
        for sheet in listed:
            kind, target = targets.get(sheet.relation, ("missing", ""))
            if kind == "worksheet":
                sheets.append(SheetParser(workbook, budget).read(package, target, sheet.name, hidden=sheet.hidden))
            elif kind == "missing":
                raise UnreadableFile("damaged")
        return tuple(sheets)


@functools.lru_cache(maxsize=64)
def _workbook(content: bytes) -> tuple[list[_Listed], dict[str, str]]:
    """The sheets in order, and the attributes of workbookPr and calcPr together."""
    listed: list[_Listed] = []
    facts: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        local = tag.rpartition(" ")[2]
        if local == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("/relationships id")), "")
            listed.append(_Listed(attributes["name"], relation, attributes.get("state", "visible") != "visible"))
        elif local in ("workbookPr", "calcPr"):
            facts.update(attributes)

    parse_whole(content, xml_parser(start))
    if len(listed) > _MAX_SHEETS:
        raise UnreadableFile("too_many_cells")
    return listed, facts


def _shared_texts(package: Package, part: str | None) -> list[str]:
    """The shared strings: runs joined, phonetic guides left out."""
    texts: list[str] = []
    if not part:
        return texts
    pieces: list[str] = []
    phonetic = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal phonetic
        local = tag.rpartition(" ")[2]
        if local == "si":
            pieces.clear()
        elif local == "rPh":
            phonetic = True
        elif local == "t" and not phonetic:
            parser.CharacterDataHandler = pieces.append

    def end(tag: str) -> None:
        nonlocal phonetic
        local = tag.rpartition(" ")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "rPh":
            phonetic = False
        elif local == "si":
            texts.append("".join(pieces))

    parser = xml_parser(start, end)
    package.parse(part, parser)
    return texts


def _formats(package: Package, part: str | None) -> list[str]:
    """The number format code of every cell style, in order."""
    return list(_parsed_formats(package.whole(part))) if part else []


@functools.lru_cache(maxsize=16)  # offices copy the form, and with it its styles
def _parsed_formats(content: bytes) -> tuple[str, ...]:
    codes = dict(BUILT_IN)
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        local = tag.rpartition(" ")[2]
        if local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))
        elif local == "numFmt" and "numFmtId" in attributes:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "General")

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and not tag.endswith(" cellXfs")

    parse_whole(content, xml_parser(start, end))
    return tuple(codes.get(style, "General") for style in styles)
