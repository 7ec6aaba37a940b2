"""Runs of different looks within a cell's text: what of it is set apart, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.model import Cell, Kind, Mark, Run, Unseen
from pipeline.reading.values.characters import plain

_APART = frozenset({Mark.STRUCK, Mark.SUPERSCRIPT, Mark.SUBSCRIPT, Mark.RUBY})
_WHOLE = {Mark.STRUCK: Unseen.STRUCK, Mark.COLOURED: Unseen.COLOUR}
"""What is left out of a text that is no number. Hidden text stays in: Excel hides what a narrow column has no room for."""


def text_of_runs(runs: Iterable[Run], *, formula: bool = False) -> Cell | None:
    """The cell of a text; None for nothing. A text struck out, or unseen, from end to end is a cell that is (S05)."""
    joined = tuple(_joined(runs))
    whole = "".join(run.text for run in joined if run.mark is not Mark.RUBY)
    if not any(run.mark for run in joined):
        return Cell(Kind.TEXT, whole, None, formula) if whole else None
    marks = {run.mark for run in joined if _seen(run.text)}
    if len(marks) == 1 and (unseen := _WHOLE.get(marks.pop() or Mark.RUBY)):
        return Cell(Kind.TEXT, whole, None, formula, unseen=unseen)
    left = "".join(run.text for run in joined if run.mark not in _APART)
    return Cell(Kind.TEXT, left if left.strip() else whole, None, formula, joined)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one mark as one run; blanks are not set apart, whatever their look."""
    text, mark = "", None
    for run in runs:
        if not run.text:
            continue
        own = run.mark if _seen(run.text) else mark
        if own is not mark:
            if text:
                yield Run(text, mark)
            text, mark = "", own
        text += run.text
    if text:
        yield Run(text, mark if _seen(text) else None)


def _seen(text: str) -> bool:
    """Whether a text holds anything but blanks and what has no width."""
    return bool(plain(text).strip())
