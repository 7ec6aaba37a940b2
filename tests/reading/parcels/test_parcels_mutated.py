"""Mails and archives changed at random: nothing but refusals, and names that are fit for a path, whatever the bytes."""

from __future__ import annotations

import random
import unicodedata
from contextlib import suppress

import pytest

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify
from pipeline.reading.formats.kinds import Kind, Limits
from pipeline.reading.parcels import Parcel, open_parcel
from tests.reading.parcels import test_archives as archives
from tests.reading.parcels import test_mails as mails
from tests.support.archives_by_hand import Made, archive, overlapping
from tests.support.handmade import zipped

ARCHIVES = [
    *(archive([Made(b"x"), made, Made(b"y")]) for made, _ in (*archives.NAMES.values(), *archives.REFUSED.values())),
    *(archive([Made(b"x"), made]) for made in archives.READ.values()),
    *(archive([Made(raw)]) for raw, _, _ in archives.HOSTILE.values()),
    zipped({"in.zip": zipped({"a.csv": "8"})}),
    overlapping(20, 1000),
]
MAILS = [
    *(mails.mixed(mails.TEXT, mails.attachment(head=b"Content-Disposition: x; " + said)) for said, _ in mails.NAMED.values()),
    *(mails.mixed(mails.TEXT, part, mails.GOOD) for part in mails.REFUSED.values()),
    *mails.ARE_MAILS.values(),
    *mails.UNFINISHED.values(),
    mails.mixed(b"Content-Type: message/rfc822\r\n\r\n" + mails.mixed(mails.GOOD, head=mails.FORWARDED), boundary=b"OUT"),
]
PIECES = (
    *(
        b"\r\n",
        b"\n",
        b"--B\r\n",
        b"--B--",
        b"=?gbk?B?",
        b"?=",
        b"*0*=",
        b";",
        b'"',
        b"\\",
        b"%",
        b"'",
        b"\xd5",
        b"begin 644 a\n",
    ),
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"../", b"Date: ", b"=?"),
    *(
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"filename*99=",
        b"From x 1\n",
    ),
)


def mutated(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at, how = chance.randrange(len(changed) + 1), chance.random()
        if how < 0.3:
            changed[at : at + 1] = chance.randbytes(1)
        elif how < 0.5:
            del changed[at : at + chance.randint(1, 40)]
        elif how < 0.8:
            changed[at:at] = chance.choice(PIECES)
        else:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            changed[at:at] = other[start : start + chance.randint(1, 300)]
    return bytes(changed)


def require_fit(parcel: Parcel) -> None:
    names = [member.name for member in parcel.members]
    assert len(set(names)) == len(names)
    for member in parcel.members:
        assert member.name.encode()
        assert not {"", ".", ".."} & set(member.name.split("/"))
        assert "Cc" not in set(map(unicodedata.category, member.name))
        assert not (member.refused and member.parcel)


@pytest.mark.parametrize(("kind", "made"), [(Kind.ARCHIVE, ARCHIVES), (Kind.MAIL, MAILS)])
def test_only_refusals_whatever_the_bytes(kind: Kind, made: list[bytes]) -> None:
    chance = random.Random(16)
    for _ in range(1500):
        content = mutated(chance.choice(made), made, chance)
        with suppress(UnreadableFile):
            identify(content, "a")
        with suppress(UnreadableFile):
            require_fit(open_parcel(content, kind, Limits()))
