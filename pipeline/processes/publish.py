"""A period's products as one task of a worker: made, and written into the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Status
from pipeline.model.view import FileRecord, PeriodView
from pipeline.model.words import Words
from pipeline.model.work import Made, at_hand
from pipeline.processes.originals_at_hand import OriginalsAtHand
from pipeline.products.making import Originals, Unmade, made_of
from pipeline.products.report.unplaced import copy_names, unplaced_lists
from pipeline.workspace.outbox import clear_others, write_products
from schemas.programme import Programme


@dataclass(frozen=True)
class Published:
    """A folder of the outbox as it was written."""

    folder: Path
    unmade: tuple[Unmade, ...] = ()


def publish_period(outbox: Path, view: PeriodView, originals: Path) -> Published:
    """Make all products of the period and write them into its folder. A task for a worker process."""
    programme = at_hand()
    return publish(outbox, view, OriginalsAtHand(view.files, originals, programme))


def stage_bulletin(view: PeriodView) -> bytes:
    """The bulletin as it would be frozen. A task for a worker process."""
    from pipeline.products.of_a_period import staged_bulletin

    return staged_bulletin(at_hand(), view)


def render_issue(view: PeriodView, originals: Path, bulletin: bytes) -> list[Made]:
    """What is frozen when the period is issued: every product but the list of what is open. A task for a worker process."""
    from pipeline.products.of_a_period import render_issued

    programme = at_hand()
    return list(render_issued(programme, view, OriginalsAtHand(view.files, originals, programme), bulletin))


def render_return_copies(
    view: PeriodView, waiting: tuple[FileRecord, ...], originals: Path
) -> tuple[list[tuple[FileRecord, str, bytes]], list[Unmade]]:
    """Each of these files that goes back, with the name and the content of its copy, and what could not be made as it should be.
    A task for a worker process."""
    from pipeline.products.return_copy.of_files import return_copies

    programme = at_hand()
    unmade: list[Unmade] = []
    return list(return_copies(programme, view, waiting, OriginalsAtHand(waiting, originals, programme), unmade)), unmade


def publish_unplaced_files(outbox: Path, files: tuple[FileRecord, ...], decided: int, originals: Path) -> Published:
    """The folder of files without a period; ``decided`` is the last decision it knows. A task for a worker process."""
    return publish_unplaced(outbox, files, decided, originals, OriginalsAtHand(files, originals, at_hand()))


def publish(outbox: Path, view: PeriodView, originals: Originals) -> Published:
    """Make all products of the period and write them into its folder. One that fails is taken away, and the others are made."""
    from pipeline.products.of_a_period import drafts  # not with this file: whoever only names its tasks needs no product

    folder = outbox / view.period.isoformat()
    programme = at_hand()
    unmade: list[Unmade] = []
    makers = drafts(programme, view, originals)
    write_products(folder, made_of(makers, unmade))
    for name, _ in unmade:
        (folder / name).unlink(missing_ok=True)  # as it stood before, it would say what is not so any more
    write_return_copies(folder, programme, view, view.waiting(programme), originals, unmade)
    return Published(folder, tuple(unmade))


def publish_unplaced(outbox: Path, files: tuple[FileRecord, ...], decided: int, originals: Path, sent: Originals) -> Published:
    """Write the folder. ``decided`` is the last decision it knows, ``originals`` the ledger's folder of them, ``sent`` what was
    read of those with findings."""
    programme = at_hand()
    folder: Path = outbox / Words(programme, "outbox").raw("unplaced")
    waiting = [file for file in files if file.status == Status.RETURNED]
    unmade: list[Unmade] = []
    lists = dict(made_of(unplaced_lists(programme, files, decided), unmade))
    copies = copy_names(files, set(Words(programme, "outbox").table("unplaced_files").values()))
    write_products(folder, lists.items())
    write_products(folder, ((name, (originals / sha256).read_bytes()) for name, sha256 in copies.items()))
    clear_others(folder, {*lists, *copies})
    write_return_copies(folder, programme, None, waiting, sent, unmade)
    return Published(folder, tuple((f"{folder.name}/{name}", trace) for name, trace in unmade))


def write_return_copies(
    folder: Path,
    programme: Programme,
    view: PeriodView | None,
    waiting: Sequence[FileRecord],
    originals: Originals,
    unmade: list[Unmade],
) -> None:
    """审核反馈/: a copy for every file that goes back; copies of what was settled since are taken away."""
    target: Path = folder / Words(programme, "outbox").text("return_copies")
    if not waiting and not target.is_dir():
        return
    from pipeline.products.return_copy.of_files import return_copies

    failed: list[Unmade] = []
    names: list[str] = []

    def copies() -> Iterator[Made]:  # one by one: there may be thousands
        for _, name, content in return_copies(programme, view, waiting, originals, failed):
            names.append(name)
            yield name, content

    write_products(target, copies())
    unmade += [(f"{target.name}/{name}", trace) for name, trace in failed]
    clear_others(target, names)
    if not any(target.iterdir()):
        target.rmdir()
