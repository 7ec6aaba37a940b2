"""Mails and archives that came before: repeated as a whole, with all that is in them, whatever became of that."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pipeline.model import Known, Seen, Status
from pipeline.rules.arrivals import again
from pipeline.rules.place import Placed
from schemas.programme import Programme


def repeated_parcels(files: Sequence[Placed], known: Known, programme: Programme) -> list[Placed]:
    """With F07 on every mail or archive whose bytes the ledger has opened before, and on what was in it. What the ledger has no
    more of that, withdrawn since perhaps, is new."""
    new = [file for file in files if file.again is None]
    names = {file.reading.file for file in new if file.reading.parcel and _opened_before(file, known)}
    return [_repeated(f, known, programme) if f.again is None and names & {*_parcels(f)} else f for f in files]


def repeated_in_run(files: Sequence[Placed]) -> dict[int, int]:
    """Mails and archives with the bytes of one before them in the run, and what is in them: file → its like in the first."""
    new = {file.reading.file: number for number, file in enumerate(files) if file.again is None}
    parcels = [files[number].reading for number in new.values() if files[number].reading.parcel]
    first = {reading.sha256: reading.file for reading in reversed(parcels)}
    other = {reading.file: first[reading.sha256] for reading in parcels if first[reading.sha256] != reading.file}
    found = {}
    for name, number in new.items():
        parcel = next((each for each in _parcels(files[number]) if each in other), None)
        like = new.get(other[parcel] + name.removeprefix(parcel)) if parcel else None
        if like is not None:
            found[number] = like
    return found


def _parcels(file: Placed) -> tuple[str, ...]:
    """The mails and archives around the file, the outermost first, and the file itself."""
    covers = file.reading.envelope.covers if file.reading.envelope else ()
    return (*(cover.file for cover in covers), file.reading.file)


def _opened_before(parcel: Placed, known: Known) -> bool:
    return any(seen.status is Status.ATTACHMENT for seen in known.seen.get(parcel.reading.sha256, ()))


def _repeated(file: Placed, known: Known, programme: Programme) -> Placed:
    every = known.seen.get(file.reading.sha256, ())
    here = (file.district, file.period)
    alike = [seen for seen in every if (seen.status is Status.ATTACHMENT) == (file.reading.attachment is not None)]
    nearest: Seen | None = next((seen for seen in alike if (seen.district, seen.period) == here), next(iter(alike), None))
    return dataclasses.replace(file, findings=(again(nearest, programme),)) if nearest else file
