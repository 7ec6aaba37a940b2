"""The outbox: every product of a period made from its view and put in place whole."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.view import FileRecord, Original, PeriodView
from pipeline.workers import at_hand
from schemas.programme import Programme

Originals = Mapping[str, Original]
"""sha256 → the file as sent."""

NO_ORIGINALS: Originals = {}

Product = tuple[str, bytes]
"""File name and content."""

Maker = tuple[str, Callable[[], bytes]]
"""File name, and what makes the content."""

Unmade = tuple[str, str]
"""The name of a product that an internal error kept from being made, below the outbox's folder, and the traceback."""


@dataclass(frozen=True)
class Published:
    """A folder of the outbox as it was written."""

    folder: Path
    unmade: tuple[Unmade, ...] = ()


def publish(outbox: Path, view: PeriodView, originals: Originals) -> Published:
    """Make all products of the period and write them into its folder. One that fails is taken away, and the others are made."""
    folder = outbox / view.period.isoformat()
    programme = at_hand()
    unmade: list[Unmade] = []
    makers = _drafts(programme, view, originals)
    write_products(folder, made_of(makers, unmade))
    for name, _ in unmade:
        (folder / name).unlink(missing_ok=True)  # as it stood before, it would say what is not so any more
    write_return_copies(folder, programme, view, view.waiting, originals, unmade)
    return Published(folder, tuple(unmade))


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
    return ((name, make()) for name, make in _drafts(programme, view, originals))


def _drafts(programme: Programme, view: PeriodView, originals: Originals) -> Iterator[Maker]:
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
    from pipeline.outputs import bulletin, decision_book, report_book, report_json, report_page, rules_page, working_papers
    from pipeline.outputs.report import Report
    from pipeline.outputs.report_words import Words

    @functools.cache
    def report() -> Report:
        return Report(Words(programme), view)

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
    from pipeline.outputs import bulletin, notice

    return notice.render(programme, view, bulletin.render(programme, view))


def write_return_copies(
    folder: Path,
    programme: Programme,
    view: PeriodView | None,
    waiting: Sequence[FileRecord],
    originals: Originals,
    unmade: list[Unmade],
) -> None:
    """审核反馈/: a copy for every file that goes back; copies of what was settled since are taken away."""
    target: Path = folder / programme.wording["outbox"]["return_copies"]
    if not waiting and not target.is_dir():
        return
    failed: list[Unmade] = []
    names: list[str] = []

    def copies() -> Iterator[Product]:  # one by one: there may be thousands
        for _, name, content in return_copies(programme, view, waiting, originals, failed):
            names.append(name)
            yield name, content

    write_products(target, copies())
    unmade += [(f"{target.name}/{name}", trace) for name, trace in failed]
    clear_others(target, names)
    if not any(target.iterdir()):
        target.rmdir()


def return_copies(
    programme: Programme,
    view: PeriodView | None,
    waiting: Sequence[FileRecord],
    originals: Originals,
    unmade: list[Unmade],
) -> Iterator[tuple[FileRecord, str, bytes]]:
    """Each file that goes back, with the name and the content of its copy. A copy that cannot be made holds the list alone; that
    it could not is noted all the same, unless it is the file that is too large to be copied."""
    from pipeline.outputs import return_copy

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
    from pipeline.outputs import return_copy
    from pipeline.outputs.kept import kept
    from pipeline.outputs.return_copy_sheet import sender_of

    sender = sender_of(view, file)
    content = hashlib.sha256(original.content).hexdigest()
    make = functools.partial(return_copy.render, programme, sender, file, original)
    return kept(programme).made(make, sender, file, content, original.workbook, bool(original.grids))


def issue_folder(outbox: Path, period: dt.date, number: int, programme: Programme) -> Path:
    """第N次定稿 of the period."""
    return outbox / period.isoformat() / str(programme.wording["outbox"]["issue"]).format(number=number)


def replace_folder(folder: Path, products: Iterable[Product]) -> Path:
    """Write the files into a folder of another name and rename it: the folder holds these files and nothing else."""
    staged = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(staged, ignore_errors=True)
    write_products(staged, products)
    if folder.exists():
        shutil.rmtree(folder)
    return staged.replace(folder)


def clear_others(folder: Path, names: Collection[str]) -> None:
    """Take away what an earlier state of the ledger left in a folder that is ours alone."""
    for path in folder.iterdir():
        if path.is_file() and path.name not in names:
            path.unlink()


def write_products(folder: Path, products: Iterable[Product]) -> None:
    """Write each file under a temporary name and rename it: nobody sees half a product. Unchanged files are left alone.

    The temporary name is the product's own: what a stopped run left behind is written over, or taken away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in products:
        target, part = folder / name, folder / f".{name}.part"
        if target.exists() and target.read_bytes() == content:
            part.unlink(missing_ok=True)
        else:
            part.write_bytes(content)
            part.replace(target)


def warm() -> None:
    """Import what the products need, while a worker has nothing to do."""
    from pipeline.outputs import bulletin, report_book, report_page, working_papers  # noqa: F401

    report_page.template()
