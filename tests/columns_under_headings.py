"""Returns whose indicators have several columns, or columns of another meaning, in every format: what the tests of S13 feed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.checks.batch import check_batch
from pipeline.checks.placing import place
from pipeline.intake.read import read_submission
from pipeline.model import Known, Submission
from tests.judging import LUCHENG, NOW, OWN, PROGRAMME, calendar
from tests.returns.layout import Sheet
from tests.returns.write import FORMATS

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
TOTALS = tuple(OWN.values())
TITLE = "各县（市、区）“科技副总”工作情况通报表"
PERIOD = "截至2024年6月30日"
OTHERS = PROGRAMME.district_names[1:]
ENDINGS = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv-gbk": "csv", "html-utf8": "xls"}
Lines = Sequence[Sequence[object]]
Merges = Sequence[tuple[int, int, int, int]]
"""(top, left, bottom, right)."""


def sheet_of(*lines: Sequence[object], merges: Merges = (), name: str = "附件2") -> Sheet:
    """A sheet row by row from A1 on; what a merge covers is taken away."""
    sheet = Sheet(name)
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            sheet.put(row, column, value)  # type: ignore[arg-type]
    for area in merges:
        sheet.merge(*area)
    return sheet


def judged(*sheets: Sheet, fmt: str = "xlsx", file: str = "鹿城区_2024年6月") -> Submission:
    """The workbook written, read again and judged alone."""
    content = FORMATS[fmt](list(sheets))
    reading = read_submission(f"{file}.{ENDINGS[fmt]}", content, PROGRAMME)
    return check_batch([(place(reading, calendar()), NOW)], Known({}, {}), calendar())[0]


def side_columns(
    names: Sequence[object], row: Sequence[Sequence[object]], *, merged: bool = True, sub: bool = True, title: str = TITLE, **more: Any
) -> Sheet:
    """``names`` under each indicator; ``row`` holds for each indicator what the own row has in these columns."""
    wide = len(names)
    spread = lambda text: (text, *[None] * (wide - 1))  # noqa: E731
    head = ("区域", *(cell for name in NAMES for cell in spread(name)))
    under = (None, *(list(names) * len(NAMES)))
    lines: list[Sequence[object]] = [(title,), (PERIOD,), head]
    merges: list[tuple[int, int, int, int]] = [(1, 1, 1, len(head))]
    if merged:
        merges += [(3, 2 + wide * n, 3, 1 + wide * (n + 1)) for n in range(len(NAMES))]
    if sub:
        lines.append(under)
        merges += [(3, 1, 4, 1)] if merged else []
    lines.append((LUCHENG, *(cell for cells in row for cell in cells)))
    lines += [(name,) for name in OTHERS]
    return sheet_of(*lines, merges=merges, **more)
