"""What one template is made of: the wording (schemas/wording/template.toml) filled in, and the styles of its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pipeline.model.labels import date_label, period_label
from pipeline.model.view import Office
from pipeline.products.workbook.sheets import Book, Sheet
from pipeline.products.workbook.styles import BODY, HEADER, TEXT, Column, Page
from schemas.programme import Programme

YELLOW = "FFFFCC"
"""What the district fills in."""

OWN = replace(BODY, fill=YELLOW, unlocked=True)
FILLED_IN = replace(TEXT, fill=YELLOW, unlocked=True, number="@")
"""Typed dates and phone numbers stay what was typed."""
CHOSEN = replace(FILLED_IN, align="center")
LABEL = replace(HEADER, size=12)


@dataclass(frozen=True)
class Words:
    """One template's texts, and what they are filled with."""

    programme: Programme
    district: str
    period: dt.date
    previous: tuple[dt.date, Mapping[str, int]] | None
    office: Office
    deadline: dt.date | None

    def raw(self, key: str) -> Any:
        """The text, list or table at a dotted key; KeyError when the programme's wording lacks it."""
        return self.programme.words("template", key)

    def text(self, key: str, /, **values: object) -> str:
        """The text at ``key``, filled with terms, what the template is for, and ``values``."""
        return self.fill(str(self.raw(key)), **values)

    def fill(self, text: str, /, **values: object) -> str:
        return text.format_map({**self._known, **values})

    @cached_property
    def _known(self) -> dict[str, object]:
        programme = self.programme
        known: dict[str, object] = {**programme.terms, "district": self.district, "template_version": programme.template_version}
        known |= {"unit": self.office.units.get(self.district, ""), "as_of_label": period_label(self.period, programme)}
        known |= {"start": date_label(programme.start, programme), "start_year": programme.start.year}
        if self.previous:
            known["prev_label"] = period_label(self.previous[0], programme)
        return known

    def sheet(self, book: Book, name: str, widths: Sequence[float], *, orientation: Any = "landscape") -> Sheet:
        """A sheet printed on one page, on which only unlocked cells can be filled in."""
        sheet = book.sheet(name, [Column(width) for width in widths], Page(orientation, margins=(0.5, 0.5, 0.6, 0.6)))
        sheet.raw.fit_to_pages(1, 1)
        sheet.raw.protect()
        return sheet

    @cached_property
    def content_rows(self) -> dict[str, int]:
        """Field of 填报信息 → its row, counted from 0: a title and a header stand above."""
        return {field["id"]: row for row, field in enumerate(self.raw("info.fields"), 2)}

    def content_of(self, field: str) -> str:
        """What a field of 填报信息 is filled with beforehand."""
        return self.fill(next(each.get("content", "") for each in self.raw("info.fields") if each["id"] == field))
