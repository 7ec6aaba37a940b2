"""审核反馈件 (wording.md 8): a return that was sent back or waits, with its findings marked in it and room to answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from openpyxl import Workbook

from pipeline.model import Answer, Grid
from pipeline.model.file_names import fitting, portable
from pipeline.model.told import is_placed, told
from pipeline.model.view import FileRecord, Original
from pipeline.products.return_copy.cell_marks import clear_marks, has_marks, mark
from pipeline.products.return_copy.copy_words import CopyWords
from pipeline.products.return_copy.grid_copy import copy_grids
from pipeline.products.return_copy.packing import packed
from pipeline.products.return_copy.sent_workbook import NotOpened, open_sent
from pipeline.products.return_copy.sheet import Links, Sender, write_answer_sheet
from pipeline.products.workbook.showable import showable
from pipeline.reading.layout.answer_sheet import is_answer_sheet, read_answer_sheet
from pipeline.reading.layout.comparable import plain
from schemas.programme import Programme

STEM_LIMIT = 60
"""Characters: nobody reads more."""
AROUND = "_" * 48
"""As many bytes as may be written around the stem of a copy's name: a hash, a status, what makes it a temporary one."""


def is_wanted(programme: Programme, record: FileRecord) -> bool:
    """Whether a file that something has to be done about goes back to its district: there is something for it to settle."""
    return record.status in CopyWords(programme).table("files.status") and bool(told(programme, record).open)


def name(programme: Programme, record: FileRecord, several: bool) -> str:
    """The copy's file name; ``several``: the district has more than one of the period.

    Where it is not clear whose return for when this is, the file's own name stays, for it is one side of the contradiction.
    """
    phrases = CopyWords(programme)
    form = "unclear" if not is_placed(record, programme) else "several" if several else "name"
    return phrases.text(
        f"files.{form}",
        district=record.district,
        as_of=record.period.isoformat() if record.period else "",
        stem=fitting(portable(showable(PurePosixPath(record.file).stem, STEM_LIMIT)), AROUND),
        sha256=record.sha256[:8],
        status=phrases.table("files.status")[record.status],
    )


def render(programme: Programme, sender: Sender, record: FileRecord, original: Original) -> bytes:
    """The copy as .xlsx, a pure function of these.

    A file that could not be read, and one too large for a copy, comes as the list of its findings alone.
    """
    phrases, findings = CopyWords(programme), told(programme, record)
    answers = [grid for grid in original.grids if is_answer_sheet(grid, programme)]
    workbook, sheets = _workbook(programme, record, original, {grid.name for grid in answers})
    if answers or has_marks(workbook, phrases):
        clear_marks(workbook, phrases)
    for found, title in sheets.items():
        mark(workbook[title], [f for f in findings.every if f.sheet == found], phrases)
    sheet = workbook.create_sheet(_free_name(phrases.text("sheet"), workbook), 0)
    workbook.active, sheet.sheet_view.tabSelected = 0, True
    write_answer_sheet(sheet, phrases, sender, record, findings, Links(sheets), _supplements(answers, programme))
    return packed(workbook, phrases.text("title"), phrases.text("author"), record.received)


def _workbook(programme: Programme, record: FileRecord, original: Original, old: set[str]) -> tuple[Workbook, Mapping[str, str]]:
    """The return as a workbook without the answer sheets that came with it, and sheet as findings name it → its title."""
    grids = tuple(_without_checks(grid, programme) for grid in original.grids)
    try:
        if original.workbook:
            try:
                workbook = open_sent(original.content, grids, programme)
            except NotOpened:
                workbook, names = copy_grids(grids, record.file, programme)
            else:
                names = {grid.name: grid.name for grid in grids}
        else:
            workbook, names = copy_grids(grids, record.file, programme)
    except NotOpened:
        workbook, names = copy_grids((), record.file, programme)
    for found in old & names.keys():
        workbook.remove(workbook[names[found]])
    return workbook, {found: title for found, title in names.items() if found not in old}


def _without_checks(grid: Grid, programme: Programme) -> Grid:
    """Without what a template computes beside the table: as a mere text 填写自查 would go on blaming what was corrected."""
    heads = tuple(map(plain, programme.form.beside_headers))
    columns = {column for (_, column), cell in grid.cells.items() if heads and plain(cell.text).startswith(heads)}
    kept = {place: cell for place, cell in grid.cells.items() if not (cell.formula and place[1] in columns)}
    return replace(grid, cells=kept)


def _supplements(answers: list[Grid], programme: Programme) -> list[Answer]:
    """补充说明 that came with the file, to be sent along again."""
    return [line for grid in answers for line in read_answer_sheet(grid, programme).supplements]


def _free_name(wanted: str, workbook: Workbook) -> str:
    """A sheet of the district may have the name already."""
    taken = {sheet.title.lower() for sheet in workbook.worksheets}
    numbered = (f"{wanted}{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (wanted, *numbered) if each.lower() not in taken)
