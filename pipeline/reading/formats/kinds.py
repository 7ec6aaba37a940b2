"""The kinds of files there are, what one may cost, and what one that is cut off or too large is told: what every format needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model import UnreadableFile


class Kind(StrEnum):
    """The names of the formats a return may come in, and of what comes beside it."""

    OOXML = "ooxml"
    BIFF = "biff"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    XML = "xml"
    ATTACHMENT = "attachment"
    MAIL = "mail"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Container:
    """A file of a known kind, which is the name of a row of ``FORMATS``.

    ``attachment`` is a key of ``attachment`` in intake.toml; ``stem`` names nameless sheets.

    ``carries`` are keys of ``F11`` in findings.toml: what a workbook holds besides its sheets.
    """

    kind: str
    attachment: str | None = None
    stem: str = ""
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: bytes as sent, cells that hold something, rows that hold something (all sheets
    together), sheets.

    ``max_members`` are files in a mail or archive and those inside it, ``max_levels`` how deep those may lie: 2 is an archive
    in a mail. ``max_folders`` and ``max_path`` bound where a file may lie: folders in folders, characters of its path in the
    inbox. ``units`` are the words a number format may show behind a number without changing what it means (the indicators'
    units).
    """

    max_bytes: int = 50 * 1024 * 1024
    max_cells: int = 2_000_000
    max_rows: int = 200_000
    max_members: int = 200
    max_levels: int = 2
    max_folders: int = 20
    max_path: int = 1000
    max_sheets: int = 256
    units: frozenset[str] = frozenset()

    @property
    def max_unpacked(self) -> int:
        """Bytes that all parts of a zipped file may unpack to together: XML of real workbooks packs about eight to one."""
        return 8 * self.max_bytes


class IncompleteFile(UnreadableFile):
    """An unfinished container: it may still be arriving."""

    def __reduce__(self) -> tuple[object, ...]:
        return _incomplete, (self.reason, self.params)


def _incomplete(reason: str, params: dict[str, str]) -> IncompleteFile:
    return IncompleteFile(reason, **params)


def check_size(size: int, limits: Limits) -> None:
    """Raises UnreadableFile (too_large) with both sizes in MB."""
    if size > limits.max_bytes:
        raise UnreadableFile("too_large", size=megabytes(size), limit=megabytes(limits.max_bytes))


def megabytes(count: int) -> str:
    """A number of bytes in MB with at most one decimal: ``50MB``, ``51.3MB``; never rounded down to a limit it exceeds."""
    tenths = -(-count * 10 // (1024 * 1024))
    return f"{tenths // 10}MB" if tenths % 10 == 0 else f"{tenths / 10:.1f}MB"


def carried(*, macros: bool, links: bool, objects: bool) -> tuple[str, ...]:
    """The keys of what is there (F11), in the order the office lists them."""
    return tuple(key for key, there in (("macros", macros), ("links", links), ("objects", objects)) if there)
