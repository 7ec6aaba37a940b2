"""The bulletin's wording (schemas/wording/bulletin.toml) filled in, and numbers as its cells show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from pipeline.model.catalogue import nested
from pipeline.model.labels import period_label, short_label
from pipeline.model.view import PeriodView
from pipeline.model.words import Words
from pipeline.products.figures.counts import CountTable
from pipeline.products.figures.neutral_table import Paper, Sheet, Value, Written
from pipeline.products.figures.progress import ProgressTable, form, printed, progress
from pipeline.products.workbook.styles import ANNEX, BODY, TEXT, Column, Page, Style, columns_of
from schemas.programme import Programme

ONE_PAGE = 20
"""Up to so many districts a table is printed on one page, made smaller where it has to be; longer ones flow."""
PAGE_MARGINS = (0.5, 0.5, 0.6, 0.6)


class BulletinWords(Words):
    """Texts and cells of one period's bulletin."""

    def __init__(self, programme: Programme, view: PeriodView) -> None:
        super().__init__(programme, "bulletin", **_known(programme, view))
        self.programme, self.view = programme, view
        self.known["gain"] = self.text("gain" if view.previous else "gain_first")

    @cached_property
    def notice(self) -> Words:
        """The texts of the notice, which knows what the bulletin knows."""
        return Words(self.programme, "notice", **self.known)

    @cached_property
    def progress(self) -> ProgressTable:
        """The figures of 进度表, which 位次表 shows too."""
        return progress(self.programme, self.view)

    @cached_property
    def _styles(self) -> dict[str, Style]:
        return {name: Style(number=written) for name, written in self.table("formats").items()}

    @cached_property
    def form(self) -> CountTable:
        """Every indicator, for the sheets that share it."""
        return form(self.programme, self.view)

    def districts(self, names: Sequence[str]) -> dict[str, str]:
        """``districts`` enumerated, and ``those``: what the sentence calls them afterwards."""
        return {
            "districts": self.enumerated(names),
            "those": self.raw("those_one" if len(names) == 1 else "those_many"),
        }

    def enumerated(self, names: Iterable[str]) -> str:
        """Names with the enumeration comma, each once."""
        return str(self.raw("separator")).join(dict.fromkeys(names))

    def number(self, value: int | None) -> Value:
        return self._cell(value, "count")

    def change(self, value: int | None) -> Value:
        return self._cell(value, "change")

    def rate(self, value: Fraction | None) -> Value:
        """A rate, stored as it is printed: 0.703 for 70.3 %."""
        return self._cell(None if value is None else float(printed(value)), "rate")

    def points(self, value: Fraction | None) -> Value:
        return self._cell(None if value is None else float(value), "points")

    def _cell(self, value: int | float | None, number_format: str) -> Value:
        if value is None:
            return str(self.raw("blank"))
        return Written(value, self._styles[number_format])

    def sheet(self, paper: Paper, section: str, widths: Sequence[float], *, name: str = "", texts: Sequence[int] = ()) -> Sheet:
        """A sheet of this section, with its attachment line, title and draft line; ``texts`` are the left-aligned columns."""
        columns = [Column(width, TEXT if place in texts else BODY) for place, width in enumerate(widths)]
        return paper.sheet(name or self.text(f"{section}.sheet"), columns, self.page(alone=True))

    def page(self, *, alone: bool) -> Page:
        """``alone``: on one page where its table is not too long for that."""
        return Page(margins=PAGE_MARGINS, footer=self.raw("footer"), alone=alone and len(self.programme.districts) <= ONE_PAGE)

    def heading(self, sheet: Sheet, title: str, attachment: str = "", right: str = "") -> None:
        """附件n, the title, （送审稿）, and the line over the table."""
        self.titled(sheet, title, attachment)
        sheet.captions(self.text("as_of"), right)

    def titled(self, sheet: Sheet, title: str, attachment: str = "") -> None:
        """附件n, the title, （送审稿） until the period is issued."""
        if attachment:
            sheet.band(attachment, ANNEX)
        sheet.title(title, "" if self.view.final else self.raw("draft"))

    def broken_gain(self, width: float) -> str:
        """“比…新增” over two lines where one is too narrow: broken behind the period if that fits."""
        gain = str(self.known["gain"])
        short = str(self.known.get("prev_short", ""))
        head, period, tail = gain.partition(short) if short else (gain, "", "")
        return f"{head}{period}\n{tail}" if tail and columns_of(gain) * 8 > width * 7 >= columns_of(head + period) * 8 else gain


def _known(programme: Programme, view: PeriodView) -> dict[str, object]:
    """Years, and the period and the one before it as sentences name them."""
    known: dict[str, object] = {"year": view.period.year, "first_year": programme.start.year}
    known |= {"unit": programme.indicator(programme.headline).unit, "as_of_label": period_label(view.period, programme)}
    known["year_end_label"] = period_label(view.year_end, programme)
    if view.previous:
        known["prev_label"] = period_label(view.previous, programme)
        known["prev_short"] = short_label(view.previous, view.period, programme)
    return known


@dataclass
class Notes:
    """Notes under a table, numbered as they come; absent ones take no number."""

    words: BulletinWords
    texts: list[str] = field(default_factory=list)

    def note(self, key: str, **values: object) -> int:
        """Add the note at ``key``; its number."""
        self.texts.append(nested(self.words.text(key, **values)))
        return len(self.texts)

    def numbered(self) -> list[str]:
        """One paragraph: 注：1.…2.…"""
        return self._paragraph([f"{number}.{text}" for number, text in enumerate(self.texts, 1)])

    def plain(self) -> list[str]:
        """One paragraph without numbers."""
        return self._paragraph(self.texts)

    def _paragraph(self, texts: Sequence[str]) -> list[str]:
        return [self.words.raw("note_head") + "".join(texts)] if texts else []
