"""What one template is made of: the wording (schemas/wording/template.toml) filled in, and the styles of its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from pipeline.model.labels import date_label, period_label
from pipeline.model.view import Office
from pipeline.model.words import Words
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import BODY, HEADER, TEXT, Column, Page
from schemas.programme import Programme

YELLOW = "FFFFCC"
"""What the district fills in."""

OWN = replace(BODY, fill=YELLOW, unlocked=True)
FILLED_IN = replace(TEXT, fill=YELLOW, unlocked=True, number="@")
"""Typed dates and phone numbers stay what was typed."""
CHOSEN = replace(FILLED_IN, align="center")
LABEL = replace(HEADER, size=12)


class TemplateWords(Words):
    """One template's texts, and what they are filled with. ``previous`` is a period and its values."""

    def __init__(
        self,
        programme: Programme,
        district: str,
        period: dt.date,
        previous: tuple[dt.date, Mapping[str, int]] | None,
        office: Office,
        deadline: dt.date | None,
    ) -> None:
        known: dict[str, object] = {"district": district, "template_version": programme.template_version}
        known |= {"unit": office.units.get(district, ""), "as_of_label": period_label(period, programme)}
        known |= {"start": date_label(programme.start, programme), "start_year": programme.start.year}
        if previous:
            known["prev_label"] = period_label(previous[0], programme)
        super().__init__(programme, "template", **known)
        self.programme, self.district, self.period = programme, district, period
        self.previous, self.office, self.deadline = previous, office, deadline

    def sheet(self, book: Book, name: str, widths: Sequence[float], *, orientation: Any = "landscape") -> BookSheet:
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
