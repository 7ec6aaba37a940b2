"""The formats, one row each: how a file of one is told, and what reads it as grids of cells with physical addresses.

What else wants to know something of a format asks its row: nothing branches on a kind.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath

from pipeline.model import Grid, UnreadableFile
from pipeline.reading.formats import floating
from pipeline.reading.formats.attachments import is_pdf, is_picture, is_word, refusal
from pipeline.reading.formats.draft import MAX_ROWS, Sheet
from pipeline.reading.formats.floating import Floating, Over
from pipeline.reading.formats.kinds import Container, IncompleteFile, Kind, Limits, check_size
from pipeline.reading.formats.mail_heads import is_mail
from pipeline.reading.formats.office_documents import (
    is_archive,
    is_ofd,
    is_opendocument,
    is_workbook,
    opendocument_carries,
    workbook_carries,
)
from pipeline.reading.formats.package import zip_of
from pipeline.reading.formats.plain_package import plain_workbook
from pipeline.reading.formats.second_reader import Plain, as_sent, confirm
from pipeline.reading.formats.text import is_html, is_separated, is_xml_spreadsheet
from pipeline.reading.formats.xls_stream import binary_workbook_carries, is_binary_workbook, plain_binary_workbook

Reader = Callable[[bytes, Limits, str], tuple[Sheet, ...]]
"""Every worksheet, hidden ones too, in workbook order; the text names sheets that have no name (the stem of the file's)."""


def later(module: str, function: str) -> Reader:
    """A reader of this folder, imported with the first file for it: who hands files over reads none, and all take 30 ms."""

    def read(content: bytes, limits: Limits, stem: str) -> tuple[Sheet, ...]:
        sheets: tuple[Sheet, ...] = getattr(import_module(f"{__name__}.{module}"), function)(content, limits, stem)
        return sheets

    return read


def _nothing(_: bytes) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    ``told`` says whether bytes are a file of it; it raises UnreadableFile for one that can only be of it and is damaged,
    encrypted or too old. ``read`` is None for what holds no sheets; ``carries`` is what it holds besides them (keys of F11).
    ``plain`` gives a file to the second reader, where the format knows numbers from text; ``over`` is what lies over its cells.
    ``package`` gives the workbook that a return copy may be written into. ``attachment`` is the key of what is kept unread.
    """

    kind: str
    told: Callable[[bytes], bool]
    read: Reader | None = None
    carries: Callable[[bytes], tuple[str, ...]] = _nothing
    plain: Plain | None = None
    over: Over | None = None
    package: Callable[[bytes], bytes] | None = None
    attachment: str | None = None


FORMATS: tuple[Format, ...] = (
    Format(Kind.MAIL, is_mail),
    Format(
        Kind.OOXML, is_workbook, later("xlsx", "read_workbook"), workbook_carries,
        plain=plain_workbook, over=floating.over_workbook, package=zip_of,
    ),
    Format(
        Kind.ODS, is_opendocument, later("ods", "read_opendocument"), opendocument_carries,
        plain=as_sent, over=floating.over_opendocument,
    ),
    Format(
        Kind.BIFF, is_binary_workbook, later("xls", "read_binary_workbook"), binary_workbook_carries,
        plain=plain_binary_workbook, over=floating.over_binary_workbook,
    ),
    Format(Kind.XML, is_xml_spreadsheet, later("xml_spreadsheet", "read_xml_spreadsheet"), over=floating.over_xml_spreadsheet),
    Format(Kind.HTML, is_html, later("html", "read_html"), over=floating.over_page),
    Format(Kind.CSV, is_separated, later("csv", "read_csv")),
    Format(Kind.ARCHIVE, is_archive),
    Format(Kind.ATTACHMENT, is_word, attachment="word"),
    Format(Kind.ATTACHMENT, is_ofd, attachment="ofd"),
    Format(Kind.ATTACHMENT, is_pdf, attachment="pdf"),
    Format(Kind.ATTACHMENT, is_picture, attachment="picture"),
)  # fmt: skip
"""A file is of the first that says so."""


def identify(content: bytes, name: str, limits: Limits | None = None) -> Container:
    """What kind of file this is, told by its bytes and never by its name, which only lends its stem to sheets without one.

    Raises UnreadableFile (encrypted, damaged, no_encoding, old_excel, parcel_kind, outlook_mail, too_large, unknown_kind, xlsb)
    and IncompleteFile (empty, damaged).
    """
    if not content:
        raise IncompleteFile("empty")
    check_size(len(content), limits or Limits())
    for each in FORMATS:
        if each.told(content):
            return Container(each.kind, each.attachment, PurePosixPath(name).stem, each.carries(content))
    raise refusal(content)


def format_of(container: Container) -> Format:
    return next(each for each in FORMATS if each.kind == container.kind)


def read_grids(content: bytes, container: Container, limits: Limits) -> tuple[Grid, ...]:
    """Every worksheet, hidden ones too, in workbook order, confirmed by a second reader as a whole.

    Raises UnreadableFile and IncompleteFile as ``read_sheets`` and ``confirm_rows``.
    """
    sheets = read_sheets(content, container, limits)
    confirm_rows(content, container, sheets, lambda grid: range(1, MAX_ROWS + 1))
    return tuple(sheet.grid for sheet in sheets)


def read_sheets(content: bytes, container: Container, limits: Limits) -> tuple[Sheet, ...]:
    """Every worksheet, hidden ones too, in workbook order; several tables of an HTML file are several sheets.

    Raises UnreadableFile (damaged, encrypted, too_large, too_many_cells, unknown_kind) or IncompleteFile (damaged), whatever the
    bytes are.
    """
    check_size(len(content), limits)
    read = format_of(container).read
    if read is None:
        raise UnreadableFile("unknown_kind")
    with _sense():
        return read(content, limits, container.stem)


def confirm_rows(content: bytes, container: Container, sheets: Sequence[Sheet], rows: Callable[[Grid], Collection[int]]) -> None:
    """Ask a second reader about the rows that are made use of, where the format knows numbers from text.

    Raises UnreadableFile (disagreement, ``cell``): what one reader sees must be what another sees.
    """
    plain = format_of(container).plain
    if plain is not None:
        used = [rows(sheet.grid) for sheet in sheets]
        with _sense():
            confirm(content, plain, sheets, used)


def read_floating(content: bytes, container: Container, limits: Limits) -> Floating:
    """What lies over the cells; nothing where it cannot be read, for it only explains what the cells lack."""
    over = format_of(container).over
    if over is None:
        return Floating()
    try:
        return over(content, limits)
    except (UnreadableFile, ValueError, LookupError, struct.error):
        return Floating()


@contextmanager
def _sense() -> Iterator[None]:
    """What readers met in bytes that keep the form of their format and break its sense: a style "x", a sheet without a name."""
    try:
        yield
    except (ValueError, LookupError, OverflowError, RecursionError, struct.error) as error:
        raise UnreadableFile("damaged") from error
