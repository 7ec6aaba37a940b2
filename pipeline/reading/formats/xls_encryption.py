"""Records of a workbook encrypted with the password that Excel tries before it asks, as “保护工作簿” leaves them.

Such a file opens for everybody without a question, so what is read is what is behind it; another password is the sender's.
Sources: [MS-XLS] 2.2.10 and 2.4.117 (FilePass), [MS-OFFCRYPTO] 2.3.5 (RC4 CryptoAPI), 2.3.6 (RC4), 2.3.7 (XOR).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable

from pipeline.model import UnreadableFile
from pipeline.reading.formats.xls_records import FILEPASS, IGNORED, file_pass, records

DEFAULT_PASSWORD = "VelvetSweatshop".encode("utf-16-le")

_BOUNDSHEET = 0x0085
_PLAIN = {0x0809, FILEPASS, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196}
"""Records that are never encrypted: BOF, FilePass, InterfaceHdr, RRDHead, UsrExcl, FileLock, RRDInfo."""
_BLOCK = 1024
"""Bytes of the stream, heads of records included, that share a key."""
_XOR_CHECK = b"\x59\xb3\x0a\x9a"
"""Key and verifier that FilePass has for the default password."""
_XOR_KEYS = bytes((135, 107, 154, 226, 30, 227, 5, 98, 30, 105, 150, 96, 152, 110, 148, 4))
"""The sixteen bytes that method 1 makes of the default password (2.3.7.2)."""
_TURNED = bytes(byte >> 5 | byte << 3 & 0xFF for byte in range(256))
"""Every byte turned right by five bits."""
_RC4, _SHA1 = 0x6801, 0x8004

KeyOfBlock = Callable[[int], bytes]


def unlocked(stream: bytes) -> bytes:
    """The records in clear, of the same length and places, without FilePass; as they are where there is none.

    Raises UnreadableFile (encrypted) for another password or a way of encryption that no Excel writes.
    """
    info = file_pass(stream)
    if info is None:
        return stream
    try:
        clear = bytearray(stream)
        _restore(clear, stream, info)
    except struct.error as error:
        raise UnreadableFile("encrypted") from error
    return bytes(clear)


def _restore(clear: bytearray, stream: bytes, info: bytes) -> None:
    """Decrypt ``clear`` in place. Raises UnreadableFile (encrypted), and struct.error where FilePass is cut off."""
    if info[:2] == b"\0\0":
        if info[2:6] != _XOR_CHECK:
            raise UnreadableFile("encrypted")
        for at, first, size in _encrypted_parts(stream):
            place = (at + size + first) % 16
            clear[at + first : at + size] = _without_xor(stream[at + first : at + size], place)
    else:
        whole = _without_rc4(stream, _key_of_block(info))
        for at, first, size in _encrypted_parts(stream):
            clear[at + first : at + size] = whole[at + first : at + size]
    for code, at, _ in records(stream, 0):
        if code == FILEPASS:
            struct.pack_into("<H", clear, at - 4, IGNORED)


def _encrypted_parts(stream: bytes) -> list[tuple[int, int, int]]:
    """(start of the data, first encrypted byte of it, its size) of every record that is; where a sheet begins is in clear."""
    return [
        (at, 4 if code == _BOUNDSHEET else 0, size) for code, at, size in records(stream, 0) if code not in _PLAIN and size > 0
    ]


def _without_xor(data: bytes, place: int) -> bytes:
    keys = (_XOR_KEYS[place:] + _XOR_KEYS * (len(data) // 16 + 1))[: len(data)]
    mixed = int.from_bytes(data, "little") ^ int.from_bytes(keys, "little")
    return mixed.to_bytes(len(data), "little").translate(_TURNED)


def _without_rc4(stream: bytes, key_of: KeyOfBlock) -> bytes:
    return b"".join(_rc4(key_of(number), stream[number * _BLOCK :][:_BLOCK]) for number in range(-(-len(stream) // _BLOCK)))


def _rc4(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    return Cipher(ARC4(key), mode=None).decryptor().update(data)


def _key_of_block(info: bytes) -> KeyOfBlock:
    """Raises UnreadableFile (encrypted) where the verifier says that the password is another."""
    kind, major, minor = struct.unpack_from("<HHH", info)
    if (kind, major, minor) == (1, 1, 1):
        salt, verifier, check = struct.unpack_from("<16s16s16s", info, 6)
        key_of, digest = _plain_keys(salt), hashlib.md5
    elif kind == 1 and major in (2, 3, 4) and minor == 2:
        head = struct.unpack_from("<I", info, 10)[0]
        cipher, hashed, bits = struct.unpack_from("<III", info, 22)
        salt, verifier, check = struct.unpack_from("<16s16s4x20s", info, 14 + head + 4)
        if cipher not in (0, _RC4) or hashed not in (0, _SHA1) or bits not in (0, *range(40, 136, 8)):
            raise UnreadableFile("encrypted")
        key_of, digest = _named_keys(salt, (bits or 40) // 8), hashlib.sha1
    else:
        raise UnreadableFile("encrypted")
    clear = _rc4(key_of(0), verifier + check)
    if not hmac.compare_digest(digest(clear[:16]).digest(), clear[16:]):
        raise UnreadableFile("encrypted")
    return key_of


def _plain_keys(salt: bytes) -> KeyOfBlock:
    """RC4 with keys of 40 bits (2.3.6.2)."""
    short = hashlib.md5(DEFAULT_PASSWORD).digest()[:5]
    base = hashlib.md5((short + salt) * 16).digest()[:5]
    return lambda number: hashlib.md5(base + struct.pack("<I", number)).digest()


def _named_keys(salt: bytes, size: int) -> KeyOfBlock:
    """RC4 CryptoAPI with keys of ``size`` bytes (2.3.5.2); the shortest are filled up with zeros."""
    base = hashlib.sha1(salt + DEFAULT_PASSWORD).digest()

    def key_of(number: int) -> bytes:
        key = hashlib.sha1(base + struct.pack("<I", number)).digest()[:size]
        return key.ljust(16, b"\0") if size == 5 else key

    return key_of
