"""What came inside the files of the inbox, beside them: arrivals of their own, and the place of what they came in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from pipeline.model import Evidence, Reading
from pipeline.reading.evidence import sender_address, sender_shown
from pipeline.reading.inbox import Arrival
from pipeline.rules.place import Placed
from pipeline.workspace.settings import ContactSettings

Read = tuple[Arrival, Reading]


def members(reading: Reading) -> list[Reading]:
    """What was read of a file, and behind it of all that came inside."""
    inside = [each.reading for each in reading.enclosed if each.reading is not None]
    return [dataclasses.replace(reading, enclosed=()), *inside]


def with_members(arrival: Arrival, reading: Reading) -> list[Read]:
    """The same with the arrivals. What could not be taken out lies where the innermost does that holds it."""
    paths = {arrival.name: arrival.path}
    arrivals = [arrival]
    for each in reading.enclosed:
        paths[each.file] = each.path or paths[each.envelope.covers[-1].file]
        arrivals.append(dataclasses.replace(arrival, path=paths[each.file], name=each.file, envelope=each.envelope))
    return list(zip(arrivals, members(reading), strict=True))


def with_senders(reading: Reading, contacts: Mapping[str, ContactSettings]) -> Reading:
    """With what the settings say of the address that a mail around the file came from: whose it is, if it is one's."""
    known = []
    for cover in reading.envelope.covers if reading.envelope else ():
        address = sender_address(cover)
        owners = [district for district, contact in contacts.items() if address and contact.mail.strip().lower() == address]
        known += [Evidence("sender", sender_shown(cover), owner) for owner in owners if len(owners) == 1]
    return dataclasses.replace(reading, districts=(*reading.districts, *known)) if known else reading


def with_their_places(files: Sequence[Placed]) -> list[Placed]:
    """Mails and archives that were opened belong where what came inside does: to the last period of it, and to the district where
    there is one. The others stay."""
    inside: dict[str, list[Placed]] = {}
    for file in files:
        for cover in file.reading.envelope.covers if file.reading.envelope else ():
            inside.setdefault(cover.file, []).append(file)
    return [_with_its_place(file, inside.get(file.reading.file, ())) if file.reading.parcel else file for file in files]


def _with_its_place(parcel: Placed, inside: Sequence[Placed]) -> Placed:
    periods = [file.period for file in inside if file.period]
    districts = {file.district for file in inside if file.district}
    return dataclasses.replace(
        parcel,
        period=max(periods, default=parcel.period),
        district=districts.pop() if len(districts) == 1 else None if districts else parcel.district,
    )
