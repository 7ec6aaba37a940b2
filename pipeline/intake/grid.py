"""Any readable file as grids of cells with physical addresses."""

from __future__ import annotations

import struct

from pipeline.intake.container import Container, Kind, Limits, check_size
from pipeline.model import Grid, UnreadableFile


def read_grids(content: bytes, container: Container, limits: Limits) -> tuple[Grid, ...]:
    """Every worksheet, hidden ones too, in workbook order; several tables of an HTML file are several grids.

    Raises UnreadableFile (damaged, encrypted, too_large, too_many_cells, unknown_kind, disagreement) or IncompleteFile (damaged),
    whatever the bytes are.
    """
    check_size(content, limits)
    try:
        return _read(content, container, limits)
    except (ValueError, LookupError, OverflowError, RecursionError, struct.error) as error:
        # what readers met in bytes that keep the form of their format and break its sense: a style "x", a sheet without a name
        raise UnreadableFile("damaged") from error


def _read(content: bytes, container: Container, limits: Limits) -> tuple[Grid, ...]:
    if container.kind is Kind.CSV:
        from pipeline.intake.csv_table import read_csv

        return read_csv(content, container.stem, limits)
    if container.kind is Kind.HTML:
        from pipeline.intake.html_tables import read_html

        return read_html(content, container.stem, limits)
    if container.kind is Kind.ATTACHMENT:
        raise UnreadableFile("unknown_kind")
    return _read_typed(content, container.kind, limits)


def _read_typed(content: bytes, kind: Kind, limits: Limits) -> tuple[Grid, ...]:
    """The formats that know numbers from text: what one reader sees must be what another sees."""
    from pipeline.intake.second_reader import confirm

    if kind is Kind.OOXML:
        from pipeline.intake.ooxml import read_ooxml as read
    elif kind is Kind.BIFF:
        from pipeline.intake.biff import read_biff as read
    else:
        from pipeline.intake.opendocument import read_opendocument as read
    sheets = read(content, limits)
    confirm(content, kind, sheets)
    return tuple(sheet.grid for sheet in sheets)
