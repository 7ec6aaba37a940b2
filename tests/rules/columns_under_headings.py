"""Returns whose indicators have several columns, or columns of another meaning, in every format (tests of S13)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Known, Submission
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.returns.layout import Sheet
from tests.returns.write import FORMATS
from tests.support.judging import LUCHENG, NOW, OWN, PROGRAMME, calendar, values

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
TOTALS = tuple(OWN.values())
TITLE = "各县（市、区）“科技副总”工作情况通报表"
PERIOD = "截至2024年6月30日"
OTHERS = PROGRAMME.district_names[1:]
ENDINGS = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv-gbk": "csv", "csv-utf8": "csv", "html-utf8": "xls"}
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


Outcome = tuple[str, tuple[int | None, ...]]
"""What became of a return, and the numbers taken in programme order."""
ALL_TAKEN: Outcome = ("accepted", TOTALS)
NOTHING_TAKEN: Outcome = ("returned", (None,) * len(TOTALS))


def outcome(submission: Submission) -> Outcome:
    return str(submission.status), values(submission)


def side_columns(names: Sequence[object], row: Sequence[Sequence[object]], *, merged: bool = True, sub: bool = True) -> Sheet:
    """``names`` under each indicator; ``row`` holds for each indicator what the own row has in these columns."""
    wide = len(names)
    head = ["区域", *(cell for name in NAMES for cell in (name, *[None] * (wide - 1)))]
    lines: list[Sequence[object]] = [(TITLE,), (PERIOD,), head]
    merges = [(1, 1, 1, len(head))]
    if merged:
        merges += [(3, 2 + wide * n, 3, 1 + wide * (n + 1)) for n in range(len(NAMES))]
    if sub:
        lines.append((None, *(list(names) * len(NAMES))))
        merges += [(3, 1, 4, 1)] if merged else []
    lines.append((LUCHENG, *(cell for cells in row for cell in cells)))
    return sheet_of(*lines, *((name,) for name in OTHERS), merges=merges)


def grouped(names: Sequence[str], rows: Sequence[Sequence[object]], *, merged: bool = True) -> Sheet:
    """All indicators under each of ``names`` in turn; ``rows`` holds for each name what the own row has under it."""
    wide = len(NAMES)
    above = ["区域", *(cell for name in names for cell in (name, *[None] * (wide - 1)))]
    lines = [(TITLE,), (PERIOD,), above, (None, *(list(NAMES) * len(names))), (LUCHENG, *(cell for row in rows for cell in row))]
    merges = [(1, 1, 1, len(above))]
    if merged:
        merges += [(3, 1, 4, 1), *((3, 2 + wide * n, 3, 1 + wide * (n + 1)) for n in range(len(names)))]
    return sheet_of(*lines, *((name,) for name in OTHERS), merges=merges)


def beside(names: Sequence[str], row: Sequence[Sequence[object]]) -> Sheet:
    """One line of headings; each of ``names`` is filled with the indicator's, and stands for it once for each indicator."""
    head = ("区域", *(name.format(indicator) for indicator in NAMES for name in names))
    own = (LUCHENG, *(cell for cells in row for cell in cells))
    return sheet_of((TITLE,), (PERIOD,), head, own, *((name,) for name in OTHERS), merges=[(1, 1, 1, len(head))])


def plain_form(
    *,
    title: str = TITLE,
    above: Lines = (),
    below: Lines = (),
    heading: str = "{}",
    own: Sequence[object] = TOTALS,
    name: str = "附件2",
) -> Sheet:
    """The form itself: its title, lines above and below, and headings otherwise."""
    head = ("区域", *(heading.format(indicator) for indicator in NAMES))
    others = [(other,) for other in OTHERS]
    return sheet_of((title,), (PERIOD,), *above, head, (LUCHENG, *own), *others, (), *below, name=name)
