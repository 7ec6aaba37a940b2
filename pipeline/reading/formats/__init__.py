"""Any readable file as grids of cells with physical addresses."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from pipeline.model import Grid, UnreadableFile
from pipeline.reading.formats.draft import MAX_ROWS, Sheet
from pipeline.reading.formats.kinds import Container, Kind, Limits, check_size

_EVERY_ROW = range(1, MAX_ROWS + 1)


def read_grids(content: bytes, container: Container, limits: Limits) -> tuple[Grid, ...]:
    """Every worksheet, hidden ones too, in workbook order, confirmed by a second reader as a whole.

    Raises UnreadableFile and IncompleteFile as ``read_sheets`` and ``confirm_rows``.
    """
    sheets = read_sheets(content, container, limits)
    confirm_rows(content, container, sheets, lambda grid: _EVERY_ROW)
    return tuple(sheet.grid for sheet in sheets)


def read_sheets(content: bytes, container: Container, limits: Limits) -> tuple[Sheet, ...]:
    """Every worksheet, hidden ones too, in workbook order; several tables of an HTML file are several sheets.

    Raises UnreadableFile (damaged, encrypted, too_large, too_many_cells, unknown_kind) or IncompleteFile (damaged), whatever the
    bytes are.
    """
    check_size(len(content), limits)
    with _sense():
        return _read(content, container, limits)


def confirm_rows(content: bytes, container: Container, sheets: Sequence[Sheet], rows: Callable[[Grid], Collection[int]]) -> None:
    """Ask a second reader about the rows that are made use of, where the format knows numbers from text.

    Raises UnreadableFile (disagreement, ``cell``): what one reader sees must be what another sees.
    """
    if container.kind in (Kind.OOXML, Kind.BIFF, Kind.ODS):
        from pipeline.reading.formats.second_reader import confirm

        used = [rows(sheet.grid) for sheet in sheets]
        with _sense():
            confirm(content, container.kind, sheets, used)


@contextmanager
def _sense() -> Iterator[None]:
    """What readers met in bytes that keep the form of their format and break its sense: a style "x", a sheet without a name."""
    try:
        yield
    except (ValueError, LookupError, OverflowError, RecursionError, struct.error) as error:
        raise UnreadableFile("damaged") from error


def _read(content: bytes, container: Container, limits: Limits) -> tuple[Sheet, ...]:
    match container.kind:
        case Kind.CSV:
            from pipeline.reading.formats.csv import read_csv

            return tuple(Sheet(grid, 0) for grid in read_csv(content, container.stem, limits))
        case Kind.HTML:
            from pipeline.reading.formats.html import read_html

            return tuple(Sheet(grid, 0) for grid in read_html(content, container.stem, limits))
        case Kind.ATTACHMENT | Kind.MAIL | Kind.ARCHIVE:
            raise UnreadableFile("unknown_kind")
        case Kind.OOXML:
            from pipeline.reading.formats.xlsx import read_ooxml as read
        case Kind.BIFF:
            from pipeline.reading.formats.xls import read_biff as read
        case Kind.XML:
            from pipeline.reading.formats.xml_spreadsheet import read_xml_spreadsheet as read
        case _:
            from pipeline.reading.formats.ods import read_opendocument as read
    return read(content, limits)
