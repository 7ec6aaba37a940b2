"""The conditional formats of a worksheet of OOXML, put together while its XML is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.model import Area
from pipeline.reading.formats.colours import BLACK
from pipeline.reading.formats.conditions import Condition, Effect, compared
from pipeline.reading.formats.draft import area
from pipeline.reading.formats.xlsx_styles import Colours, Differential, Font, Styles, differential_ground
from pipeline.reading.formats.xml_parts import Attributes

_AREA = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?")
_TRUE = {"1", "true"}


@dataclass(slots=True)
class _Rule:
    """One rule of a conditional format as written."""

    attributes: Attributes
    areas: tuple[Area, ...]
    formulas: list[str] = field(default_factory=list)
    hides: bool = False
    font: Font | None = None
    """A format of the rule's own, where it has one: the font, what is told of the ground, the number format."""
    ground: dict[str, str] = field(default_factory=dict)
    code: str | None = None

    def condition(self, styles: Styles, colours: Colours) -> Condition:
        about = self.attributes
        base = min(area.top for area in self.areas), min(area.left for area in self.areas)
        formula = self.formulas[0] if self.formulas else None
        if about.get("type") == "cellIs":
            formula = compared(base, about.get("operator", ""), self.formulas)
        number = about.get("priority", "0")
        priority = int(number) if number.lstrip("-").isdecimal() else 0
        effect = Effect(hides=True) if self.hides else self._effect(styles, colours)
        return Condition(self.areas, base, "TRUE" if self.hides else formula, effect, priority, about.get("stopIfTrue") in _TRUE)

    def _effect(self, styles: Styles, colours: Colours) -> Effect:
        number = self.attributes.get("dxfId", "")
        look = Differential(self.font, self._ground(), self.code)
        if number.isdecimal() and int(number) < len(styles.differentials):
            look = styles.differentials[int(number)]
        font = look.font
        letters = colours.of(font.colour, BLACK) if font and font.colour else None
        ground = colours.ground(look.ground) if look.ground is not None else None
        return Effect(letters, ground, font.struck or None if font else None, look.code)

    def _ground(self) -> str | None:
        about = self.ground
        return (
            differential_ground(about.get("pattern", ""), about.get("fgColor", ""), about.get("bgColor", "")) if about else None
        )


class ConditionalFormats:
    """The rules of one sheet in their order: those of all versions, and those that Excel 2010 added."""

    def __init__(self) -> None:
        self.rules: list[_Rule] = []
        self.areas: tuple[Area, ...] = ()
        self.newer: list[_Rule] | None = None
        """Newer rules, whose cells are told behind them; None outside their formats."""

    def begin(self, attributes: Attributes) -> None:
        self.areas = _areas(attributes.get("sqref", ""))

    def rule(self, attributes: Attributes) -> None:
        self.rules.append(_Rule(attributes, self.areas))

    def begin_newer(self, _: Attributes) -> None:
        self.newer = []

    def newer_rule(self, attributes: Attributes) -> None:
        if self.newer is not None:
            self.newer.append(_Rule(attributes, ()))
            self.rules.append(self.newer[-1])

    def end_newer(self, sqref: str) -> None:
        for rule in self.newer or ():
            rule.areas = _areas(sqref)
        self.newer = None

    def own_font(self) -> Font | None:
        """The font of a newer rule, to be filled."""
        if not self.newer:
            return None
        self.newer[-1].font = Font()
        return self.newer[-1].font

    def own_code(self, attributes: Attributes) -> None:
        if self.newer:
            self.newer[-1].code = attributes.get("formatCode")

    def ground(self, name: str, value: str) -> None:
        if self.newer:
            self.newer[-1].ground[name] = value

    def in_place(self, attributes: Attributes) -> None:
        """Bars or icons, which may stand in place of the value."""
        if self.rules and attributes.get("showValue") in ("0", "false"):
            self.rules[-1].hides = True

    def said(self, styles: Styles, colours: Colours) -> list[Condition]:
        return [rule.condition(styles, colours) for rule in self.rules if rule.areas]


def _areas(sqref: str) -> tuple[Area, ...]:
    return tuple(area(each) for each in sqref.split() if _AREA.fullmatch(each))
