"""The table of texts of a BIFF 8 workbook, counted. Source: [MS-XLS] 2.4.265 (SST), 2.5.293 (XLUnicodeRichExtendedString)."""

from __future__ import annotations

import struct

from pipeline.reading.formats.xls_records import records

_SST, _CONTINUE = 0x00FC, 0x003C
_WIDE, _PHONETIC, _RUNS = 0x01, 0x04, 0x08


def with_counted_texts(stream: bytes) -> bytes:
    """The records of a workbook, the table of texts claiming no more than it holds: readers take it at its word."""
    pieces: list[bytes] = []
    place = 0
    for code, at, size in records(stream, 0):
        if code == _SST and not pieces and size >= 8:
            place = at
            pieces.append(stream[at + 8 : at + size])
        elif code == _CONTINUE and pieces:
            pieces.append(stream[at : at + size])
        elif pieces:
            break
    if not pieces or struct.unpack_from("<I", stream, place + 4)[0] <= (held := _count(pieces)):
        return stream
    counted = bytearray(stream)
    struct.pack_into("<I", counted, place + 4, held)
    return bytes(counted)


def _count(pieces: list[bytes]) -> int:
    """How many texts stand whole in the pieces."""
    walk = _Walk(pieces)
    count = 0
    while walk.text():
        count += 1
    return count


class _Walk:
    """A place in the pieces that moves over text after text."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.piece = self.at = 0

    def text(self) -> bool:
        """Over one text; whether it was whole."""
        head = self._fixed(3)
        if head is None:
            return False
        length, flags = struct.unpack("<HB", head)
        runs = self._fixed(2) if flags & _RUNS else b"\0\0"
        phonetic = self._fixed(4) if flags & _PHONETIC else bytes(4)
        if runs is None or phonetic is None or not self._letters(length, flags):
            return False
        return self._skip(4 * struct.unpack("<H", runs)[0] + struct.unpack("<I", phonetic)[0])

    def _fixed(self, size: int) -> bytes | None:
        """Bytes that stand in one piece."""
        while self.piece < len(self.pieces) and self.at >= len(self.pieces[self.piece]):
            self.piece, self.at = self.piece + 1, 0
        if self.piece >= len(self.pieces) or self.at + size > len(self.pieces[self.piece]):
            return None
        self.at += size
        return self.pieces[self.piece][self.at - size : self.at]

    def _letters(self, left: int, flags: int) -> bool:
        """Over the letters, which each piece begins with flags of its own."""
        while left:
            if self.at >= len(self.pieces[self.piece]):
                self.piece, self.at = self.piece + 1, 1
                if self.piece >= len(self.pieces) or not self.pieces[self.piece]:
                    return False
                flags = self.pieces[self.piece][0]
            width = 2 if flags & _WIDE else 1
            here = min(left, (len(self.pieces[self.piece]) - self.at) // width)
            if not here and self.at < len(self.pieces[self.piece]):
                return False  # half a letter
            left -= here
            self.at += here * width
        return True

    def _skip(self, left: int) -> bool:
        """Over bytes that go on in the next piece as they are."""
        while left and self.piece < len(self.pieces):
            here = min(left, len(self.pieces[self.piece]) - self.at)
            left -= here
            self.at += here
            if left:
                self.piece, self.at = self.piece + 1, 0
        return not left
