"""Every product of a period made from its view."""

from __future__ import annotations

import functools
import hashlib
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pipeline.model.view import FileRecord, Original, PeriodView
from pipeline.model.work import Product
from schemas.programme import Programme

Originals = Mapping[str, Original]
"""sha256 → the file as sent."""

NO_ORIGINALS: Originals = {}

Maker = tuple[str, Callable[[], bytes]]
"""File name, and what makes the content."""

Unmade = tuple[str, str]
"""The name of a product that an internal error kept from being made, below the outbox's folder, and the traceback."""


def made_of(makers: Iterable[Maker], unmade: list[Unmade], expected: type[Exception] | tuple[()] = ()) -> Iterator[Product]:
    """The products one by one; what keeps one from being made is noted, unless it was ``expected``. Raises OSError: then none can
    be made."""
    for name, make in makers:
        try:
            content = make()
        except OSError:
            raise
        except expected:
            continue
        except Exception:
            unmade.append((name, traceback.format_exc()))
        else:
            yield name, content


def render(programme: Programme, view: PeriodView, originals: Originals = NO_ORIGINALS) -> Iterable[Product]:
    """Every product of a period, a pure function of the programme, the view and the originals of files with findings.

    The notice is written once the period is issued.
    """
    return ((name, make()) for name, make in drafts(programme, view, originals))


def drafts(programme: Programme, view: PeriodView, originals: Originals) -> Iterator[Maker]:
    makers = _makers(programme, view, originals, "")
    return _named({product: make for product, make in makers.items() if product != "notice"}, programme, view)


def render_issued(programme: Programme, view: PeriodView, originals: Originals = NO_ORIGINALS) -> Iterable[Product]:
    """The products that are frozen with an issue: nothing is left to decide in it. Without its template there is no notice."""
    makers = _makers(programme, view, originals, "../")
    left_out = {"decision_book"} if programme.notices else {"decision_book", "notice"}
    makers = {product: make for product, make in makers.items() if product not in left_out}
    return ((name, make()) for name, make in _named(makers, programme, view))


def _named(makers: Mapping[str, Callable[[], bytes]], programme: Programme, view: PeriodView) -> Iterator[Maker]:
    names = programme.wording["outbox"]["files"]
    return ((names[product].format(as_of=view.period.isoformat()), make) for product, make in makers.items())


def _makers(programme: Programme, view: PeriodView, originals: Originals, above: str) -> dict[str, Callable[[], bytes]]:
    """``above`` leads from the products' folder to the period's."""
    from pipeline.products import bulletin, decision_book, working_papers
    from pipeline.products.report import Report, rules_page
    from pipeline.products.report import book as report_book
    from pipeline.products.report import json_record as report_json
    from pipeline.products.report import page as report_page
    from pipeline.products.report.report_words import ReportWords

    @functools.cache
    def report() -> Report:
        return Report(ReportWords(programme), view)

    return {
        "bulletin": lambda: bulletin.render(programme, view),
        "notice": lambda: _notice(programme, view),
        "working_papers": lambda: working_papers.render(programme, view, above),
        "report_page": lambda: report_page.page(report(), originals, above),
        "report_book": lambda: report_book.workbook(report()),
        "report_json": lambda: report_json.render(programme, view),
        "decision_book": lambda: decision_book.render(programme, view),
        "rules_page": lambda: rules_page.render(programme),
    }


def _notice(programme: Programme, view: PeriodView) -> bytes:
    from pipeline.products import bulletin, notice

    return notice.render(programme, view, bulletin.render(programme, view))


def return_copies(
    programme: Programme,
    view: PeriodView | None,
    waiting: Sequence[FileRecord],
    originals: Originals,
    unmade: list[Unmade],
) -> Iterator[tuple[FileRecord, str, bytes]]:
    """Each file that goes back, with the name and the content of its copy. A copy that cannot be made holds the list alone; that
    it could not is noted all the same, unless it is the file that is too large to be copied."""
    from pipeline.products import return_copy

    wanted = [file for file in waiting if return_copy.is_wanted(programme, file)]
    districts = Counter(file.district for file in wanted)
    taken: set[str] = set()
    for file in wanted:
        name = _free(return_copy.name(programme, file, districts[file.district] > 1), taken)
        taken.add(name)
        original = originals.get(file.sha256, Original(b""))
        whole = functools.partial(_return_copy, programme, view, file, original)
        bare = functools.partial(_return_copy, programme, view, file, Original(b""))
        made = [*made_of([(name, whole)], unmade, MemoryError)] or [*made_of([(name, bare)], [])]
        unmade += [(name, original.trouble)] if original.trouble else []
        yield from ((file, name, content) for _, content in made)


def _free(name: str, taken: Collection[str]) -> str:
    """The name, numbered where it is taken: what could not be taken out of a mail or an archive has the hash of that."""
    path = PurePosixPath(name)
    numbered = (f"{path.stem}_{number}{path.suffix}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _return_copy(programme: Programme, view: PeriodView | None, file: FileRecord, original: Original) -> bytes:
    from pipeline.products import return_copy
    from pipeline.products.return_copy.kept import kept
    from pipeline.products.return_copy.sheet import sender_of

    sender = sender_of(view, file)
    content = hashlib.sha256(original.content).hexdigest()
    make = functools.partial(return_copy.render, programme, sender, file, original)
    return kept(programme).made(make, sender, file, content, original.workbook, bool(original.grids))
