"""Excel and WPS workbooks in OOXML (.xlsx, .xlsm), transitional and Strict: sheets, shared texts and number formats."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from pipeline.model import UnreadableFile
from pipeline.reading.formats.draft import Budget, Sheet
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.package import Package, relations
from pipeline.reading.formats.xlsx_sheet import NAMESPACES, SheetParser, Workbook
from pipeline.reading.formats.xlsx_styles import Colours, Styles, parsed_styles
from pipeline.reading.formats.xlsx_texts import shared_texts
from pipeline.reading.formats.xml_parts import Attributes, parse_whole, xml_parser

_TRUE = {"1", "true"}
_USUAL_TEXTS = "xl/sharedStrings.xml"
"""Where other readers look for the texts, listed or not."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


def read_workbook(content: bytes, limits: Limits, _: str) -> tuple[Sheet, ...]:
    """Every worksheet in workbook order; chart and macro sheets hold no cells and are left out.

    Raises UnreadableFile (damaged, encrypted, too_many_cells).
    """
    with Package(content, limits) as package:
        main = next((target for kind, target in relations(package, "").values() if kind == "officeDocument"), "xl/workbook.xml")
        listed, facts = _workbook(package.whole(main))
        budget = Budget(limits)
        budget.begin_sheets(len(listed))
        targets = relations(package, main)
        by_kind = dict(targets.values())
        texts = by_kind.get("sharedStrings")
        package.odd = package.has(_USUAL_TEXTS) and (texts or "").lower() != _USUAL_TEXTS.lower()
        styles = _styles(package, by_kind.get("styles"))
        theme = by_kind.get("theme", "")
        workbook = Workbook(
            texts=shared_texts(package, texts),
            styles=styles,
            colours=Colours(styles.palette, lambda: package.whole(theme) if package.holds(theme) else b""),
            since_1904=facts.get("date1904", "0") in _TRUE,
            calculates_on_load=facts.get("fullCalcOnLoad", "0") in _TRUE,
            units=limits.units,
        )
        sheets: list[Sheet] = []
        for sheet in listed:
            kind, target = targets.get(sheet.relation, ("missing", ""))
            if kind == "worksheet":
                sheets.append(SheetParser(workbook, budget).read(package, target, sheet.name, hidden=sheet.hidden))
            elif kind == "missing":  # office programs show a sheet without cells; but something is lost
                raise UnreadableFile("damaged")
        return tuple(replace(sheet, odd=True) for sheet in sheets) if package.odd else tuple(sheets)


@functools.lru_cache(maxsize=64)
def _workbook(content: bytes) -> tuple[list[_Listed], dict[str, str]]:
    """The sheets in order, and the attributes of workbookPr and calcPr together.

    Raises UnreadableFile (damaged) for a part that office programs see no sheets in: of another namespace, or with sheets
    elsewhere than in their list.
    """
    listed: list[_Listed] = []
    facts: dict[str, str] = {}
    above: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        namespace, _, local = tag.rpartition(" ")
        if namespace not in NAMESPACES:
            local = "foreign"
        above.append(local)
        if len(above) == 1 and local != "workbook":
            raise UnreadableFile("damaged")
        if local == "sheet":
            if above != ["workbook", "sheets", "sheet"]:
                raise UnreadableFile("damaged")
            relation = next((value for key, value in attributes.items() if key.endswith("/relationships id")), "")
            listed.append(_Listed(attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif local in ("workbookPr", "calcPr"):
            facts.update(attributes)

    parse_whole(content, xml_parser(start, lambda _: above.pop()))
    return listed, facts


def _styles(package: Package, part: str | None) -> Styles:
    return parsed_styles(package.whole(part)) if part and package.holds(part) else Styles()
