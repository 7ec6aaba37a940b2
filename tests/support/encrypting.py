"""Workbooks encrypted with a password, in the ways that Excel knows. Source: [MS-OFFCRYPTO] 2.3."""

from __future__ import annotations

import hashlib
import io
import struct

import msoffcrypto.format.ooxml
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from pipeline.reading.formats.xls_records import records
from pipeline.reading.formats.xls_stream import workbook_stream
from tests.support.handmade import compound

DEFAULT = "VelvetSweatshop"
_SALT, _VERIFIER = bytes(range(16)), bytes(range(100, 116))
_PLAIN = {0x0809, 0x002F, 0x00E1}


def rc4(xls: bytes, password: str = DEFAULT) -> bytes:
    """Keys of 40 bits, as Excel 97 and LibreOffice write them."""
    short = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    base = hashlib.md5((short + _SALT) * 16).digest()[:5]
    keys = [hashlib.md5(base + struct.pack("<I", number)).digest() for number in range(1000)]
    check = _rc4(keys[0], _VERIFIER + hashlib.md5(_VERIFIER).digest())
    return _with_rc4(xls, struct.pack("<HHH", 1, 1, 1) + _SALT + check, keys)


def crypto_api(xls: bytes, bits: int = 128, password: str = DEFAULT, version: int = 2) -> bytes:
    """As Excel 2002 and later write them."""
    base = hashlib.sha1(_SALT + password.encode("utf-16-le")).digest()
    keys = [hashlib.sha1(base + struct.pack("<I", number)).digest()[: bits // 8] for number in range(1000)]
    keys = [key.ljust(16, b"\0") if bits == 40 else key for key in keys]
    check = _rc4(keys[0], _VERIFIER + hashlib.sha1(_VERIFIER).digest())
    name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    head = struct.pack("<8I", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + name
    info = struct.pack("<HHHII", 1, version, 2, 4, len(head)) + head
    return _with_rc4(xls, info + struct.pack("<I", 16) + _SALT + check[:16] + struct.pack("<I", 20) + check[16:], keys)


def xor(xls: bytes, password: str = DEFAULT) -> bytes:
    """Obfuscated, as Excel 95 did and 97 still does for some countries."""
    key = DocumentXOR.create_xor_key_method1(password)
    verifier = next(number for number in range(1 << 16) if DocumentXOR.verifypw(password, number))
    array = DocumentXOR.create_xor_array_method1(password)
    stream = bytearray(_with_pass(xls, struct.pack("<HHH", 0, key, verifier)))
    for code, at, size in records(bytes(stream), 0):
        for place in range(at + (4 if code == 0x0085 else 0), at + size if code not in _PLAIN else at):
            turned = (stream[place] << 5 | stream[place] >> 3) & 0xFF
            stream[place] = turned ^ array[(place + size) % 16]
    return compound({"Workbook": bytes(stream)})


def _with_rc4(xls: bytes, info: bytes, keys: list[bytes]) -> bytes:
    stream = _with_pass(xls, info)
    hidden = b"".join(_rc4(keys[start // 1024], stream[start : start + 1024]) for start in range(0, len(stream), 1024))
    out = bytearray(stream)
    for code, at, size in records(stream, 0):
        first = 4 if code == 0x0085 else 0
        if code not in _PLAIN:
            out[at + first : at + size] = hidden[at + first : at + size]
    return compound({"Workbook": bytes(out)})


def _with_pass(xls: bytes, info: bytes) -> bytes:
    """The records with FilePass behind the first; the sheets begin later by as much."""
    stream = bytearray(workbook_stream(xls))
    record = struct.pack("<HH", 0x002F, len(info)) + info
    for code, at, _ in list(records(bytes(stream), 0)):
        if code == 0x0085:
            struct.pack_into("<I", stream, at, struct.unpack_from("<I", stream, at)[0] + len(record))
    head = 4 + struct.unpack_from("<H", stream, 2)[0]
    return _filled(bytes(stream[:head] + record + stream[head:]))


def _filled(stream: bytes) -> bytes:
    """Up to the end of a sector with a record that nobody knows, for other programs take bytes behind the last for one too."""
    records_only = stream.rstrip(b"\0") + bytes(3)
    left = -(len(records_only) + 4) % 512 + 4096
    return records_only + struct.pack("<HH", 0x0FFF, left) + bytes(left)


def _rc4(key: bytes, data: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).encryptor().update(data)


def agile(xlsx: bytes, password: str = DEFAULT) -> bytes:
    """As Excel 2010 and later."""
    stream = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(xlsx)).encrypt(password, stream)
    return stream.getvalue()


def standard(xlsx: bytes, bits: int = 128, password: str = DEFAULT) -> bytes:
    """As Excel 2007 and WPS."""
    digest = hashlib.sha1(_SALT + password.encode("utf-16-le")).digest()
    for number in range(50_000):
        digest = hashlib.sha1(struct.pack("<I", number) + digest).digest()
    last = hashlib.sha1(digest + bytes(4)).digest().ljust(64, b"\0")
    key = b"".join(hashlib.sha1(bytes(a ^ byte for a in last)).digest() for byte in (0x36, 0x5C))[: bits // 8]
    check = _aes(key, _VERIFIER + hashlib.sha1(_VERIFIER).digest().ljust(32, b"\0"))
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    cipher = {128: 0x660E, 192: 0x660F, 256: 0x6610}[bits]
    head = struct.pack("<8I", 0x24, 0, cipher, 0x8004, bits, 0x18, 0, 0) + name
    info = struct.pack("<HHII", 3, 2, 0x24, len(head)) + head
    info += struct.pack("<I", 16) + _SALT + check[:16] + struct.pack("<I", 20) + check[16:]
    package = struct.pack("<Q", len(xlsx)) + _aes(key, xlsx.ljust(-(-len(xlsx) // 16) * 16, b"\0"))
    return compound({"EncryptionInfo": info, "EncryptedPackage": package})


def _aes(key: bytes, data: bytes) -> bytes:
    return Cipher(AES(key), ECB()).encryptor().update(data)
