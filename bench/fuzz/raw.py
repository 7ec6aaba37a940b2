"""Bytes of any file changed, cut, moved, doubled: what bad disks, mail programs and transfers do."""

from __future__ import annotations

import random
from collections.abc import Callable

Change = Callable[[random.Random, bytearray], None]
FEW = 4
"""Changes of one mutant, at most."""


def damaged(rng: random.Random, content: bytes) -> bytes:
    """The content after one to FEW changes; it may be empty."""
    held = bytearray(content)
    for _ in range(rng.randint(1, FEW)):
        if held:
            rng.choice(CHANGES)(rng, held)
    return bytes(held)


def _piece(rng: random.Random, held: bytearray, longest: int = 64) -> slice:
    start = rng.randrange(len(held))
    return slice(start, min(len(held), start + rng.randint(1, longest)))


def _bit(rng: random.Random, held: bytearray) -> None:
    held[rng.randrange(len(held))] ^= 1 << rng.randrange(8)


def _byte(rng: random.Random, held: bytearray) -> None:
    held[rng.randrange(len(held))] = rng.choice((0, 0xFF, 0x20, 0x2C, 0x3C, rng.randrange(256)))


def _end_cut(rng: random.Random, held: bytearray) -> None:
    del held[rng.randrange(len(held)) :]


def _start_cut(rng: random.Random, held: bytearray) -> None:
    del held[: rng.randint(1, 16)]


def _piece_cut(rng: random.Random, held: bytearray) -> None:
    del held[_piece(rng, held)]


def _inserted(rng: random.Random, held: bytearray) -> None:
    place = rng.randrange(len(held) + 1)
    held[place:place] = rng.randbytes(rng.randint(1, 16))


def _doubled(rng: random.Random, held: bytearray) -> None:
    piece = _piece(rng, held, 512)
    held[piece.start : piece.start] = held[piece]


def _moved(rng: random.Random, held: bytearray) -> None:
    piece = _piece(rng, held)
    taken = held[piece]
    del held[piece]
    place = rng.randrange(len(held) + 1)
    held[place:place] = taken


def _zeroed(rng: random.Random, held: bytearray) -> None:
    piece = _piece(rng, held, 512)
    held[piece] = bytes(piece.stop - piece.start)


def _appended(rng: random.Random, held: bytearray) -> None:
    held.extend(rng.choice((b"\0" * 64, b"\r\n\r\n", rng.randbytes(40), bytes(held[:200]))))


CHANGES: tuple[Change, ...] = (
    *(_bit, _bit, _byte, _byte, _end_cut, _start_cut, _piece_cut, _inserted, _doubled, _moved, _zeroed, _appended),
)
