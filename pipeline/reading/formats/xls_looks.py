"""How cells of a binary workbook look: fonts and grounds of their styles, and runs of other fonts in their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.model import Cell, Mark, Run
from pipeline.reading.formats.colours import BLACK, PLAIN, WHITE, Colour, Look, alike
from pipeline.reading.formats.runs import text_of_runs

if TYPE_CHECKING:
    import xlrd
    from xlrd.formatting import Font

_ALIGNED = {1: Mark.SUPERSCRIPT, 2: Mark.SUBSCRIPT}
_AUTOMATIC, _WINDOW = 0x7FFF, 0x41
_NOT_FILLED, _SOLID = 0, 1


class Looks:
    """The looks of a book's cell styles, each found out once."""

    def __init__(self, book: xlrd.book.Book) -> None:
        self.book = book
        self._found: dict[int, Look] = {}

    def of(self, style: int) -> Look:
        look = self._found.get(style)
        if look is None:
            look = self._found[style] = self._look(style)
        return look

    def _look(self, style: int) -> Look:
        """Of a style that is nowhere office programs take the plainest, and the first font for one that is nowhere."""
        if style >= len(self.book.xf_list):
            return PLAIN
        about = self.book.xf_list[style]
        font = self._font(style)
        return Look(self.colour(font.colour_index, BLACK), self._ground(about.background), bool(font.struck_out))

    def _font(self, style: int) -> Font:
        fonts, styles = self.book.font_list, self.book.xf_list
        number = styles[style].font_index if style < len(styles) else 0
        return fonts[number if number < len(fonts) else 0]

    def _ground(self, background: xlrd.formatting.XFBackground | None) -> Colour | None:
        if background is None or background.fill_pattern == _NOT_FILLED:
            return WHITE
        return self.colour(background.pattern_colour_index, None) if background.fill_pattern == _SOLID else None

    def colour(self, index: int, automatic: Colour | None) -> Colour | None:
        if index == _WINDOW:
            return WHITE
        return automatic if index == _AUTOMATIC else self.book.colour_map.get(index) or automatic

    def text(self, text: str, style: int, starts: Sequence[tuple[int, int]], *, formula: bool) -> Cell | None:
        """The cell of a text whose runs begin at ``starts``, each with its font; before the first stands the style's."""
        look = self.of(style)
        own = self._font(style)
        runs = [Run(part, self._mark(font, look)) for part, font in self._runs(text, own, starts)]
        return text_of_runs(runs, formula=formula)

    def _runs(self, text: str, own: Font, starts: Sequence[tuple[int, int]]) -> Iterator[tuple[str, Font]]:
        fonts = self.book.font_list
        places = [(0, own), *((first, fonts[font]) for first, font in starts if font < len(fonts))]
        units = text.encode("utf-16-le")  # places are counted in these
        for (first, font), (following, _) in zip(places, [*places[1:], (len(units) // 2, own)], strict=True):
            yield units[2 * first : 2 * following].decode("utf-16-le", "replace"), font

    def _mark(self, font: Font, look: Look) -> Mark | None:
        if font.struck_out:
            return Mark.STRUCK
        if alike(self.colour(font.colour_index, BLACK), look.ground):
            return Mark.COLOURED
        return _ALIGNED.get(font.escapement)
