"""The return copies of all files that go back."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from pipeline.model.view import FileRecord, Original, PeriodView
from pipeline.products import return_copy
from pipeline.products.making import Originals, Unmade, made_of
from pipeline.products.return_copy.kept import kept
from pipeline.products.return_copy.sheet import sender_of
from schemas.programme import Programme


def return_copies(
    programme: Programme,
    view: PeriodView | None,
    waiting: Sequence[FileRecord],
    originals: Originals,
    unmade: list[Unmade],
) -> Iterator[tuple[FileRecord, str, bytes]]:
    """Each file that goes back, with the name and the content of its copy. A copy that cannot be made holds the list alone; that
    it could not is noted all the same, unless it is the file that is too large to be copied."""
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
    sender = sender_of(view, file)
    content = hashlib.sha256(original.content).hexdigest()
    make = functools.partial(return_copy.render, programme, sender, file, original)
    return kept(programme).made(make, sender, file, content, original.workbook, bool(original.grids))
