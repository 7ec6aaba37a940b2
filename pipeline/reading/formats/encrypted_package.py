"""Office packages encrypted with the password that Excel tries before it asks. Source: [MS-OFFCRYPTO] 2.3.4.

A compound file holds how it was done (EncryptionInfo) and the encrypted ZIP (EncryptedPackage).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import UnreadableFile
from pipeline.reading.formats.ole import is_compound, opened
from pipeline.reading.formats.xls_encryption import DEFAULT_PASSWORD
from pipeline.reading.formats.xml_parts import Attributes, parse_whole, xml_parser

_STANDARD_SPINS = 50_000
_MOST_SPINS = 10_000_000
"""How often a password may be hashed (2.3.4.10): seconds, not hours."""
_SEGMENT = 4096
_HASHES = {"SHA1": "sha1", "SHA-1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}
_AES_BITS = (128, 192, 256)
_VERIFIER, _VERIFIER_HASH, _KEY = (bytes.fromhex(text) for text in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6"))
"""What is hashed with the password for each of the three things it encrypts (2.3.4.11)."""


def is_encrypted_package(content: bytes) -> bool:
    """Whether a file is a package in a compound file. Raises UnreadableFile and IncompleteFile (damaged) for a broken one."""
    return is_compound(content) and "encryptedpackage" in opened(content).streams


@lru_cache(maxsize=1)  # the file is opened to see what it is, to read it, and to have it confirmed
def unlocked_package(content: bytes) -> bytes:
    """The ZIP in clear.

    Raises UnreadableFile (encrypted) for another password and for ways of encryption that are not known, (damaged) where bytes
    are missing.
    """
    compound = opened(content)
    if "encryptioninfo" not in compound.streams:
        raise UnreadableFile("encrypted")  # by rights management
    info, package = compound.read("encryptioninfo"), compound.read("encryptedpackage")
    try:
        major, minor = struct.unpack_from("<HH", info)
        size = struct.unpack_from("<Q", package)[0]
        if (major, minor) == (4, 4):
            clear = _agile(info[8:], package[8:])
        elif major in (2, 3, 4) and minor == 2:
            clear = _standard(info, package[8:])
        else:
            raise UnreadableFile("encrypted")
    except (struct.error, ValueError, LookupError) as error:
        raise UnreadableFile("encrypted") from error
    if size > len(clear):
        raise UnreadableFile("damaged")
    return clear[:size]


def _standard(info: bytes, package: bytes) -> bytes:
    """AES without chaining, SHA-1 (2.3.4.5 to 2.3.4.9)."""
    head = struct.unpack_from("<I", info, 8)[0]
    bits = struct.unpack_from("<I", info, 28)[0]
    salt, verifier, check = struct.unpack_from("<16s16s4x32s", info, 12 + head + 4)
    if bits not in _AES_BITS:
        raise UnreadableFile("encrypted")
    last = hashlib.sha1(_spun("sha1", salt, _STANDARD_SPINS) + bytes(4)).digest()
    key = b"".join(hashlib.sha1(_mixed(last, byte)).digest() for byte in (0x36, 0x5C))[: bits // 8]
    clear = _decrypted(key, None, verifier + check)
    if not hmac.compare_digest(hashlib.sha1(clear[:16]).digest(), clear[16:36]):
        raise UnreadableFile("encrypted")
    return _decrypted(key, None, package[: len(package) // 16 * 16])


def _mixed(digest: bytes, byte: int) -> bytes:
    return bytes(a ^ byte for a in digest.ljust(64, b"\0"))


@dataclass(frozen=True, slots=True)
class _Ciphering:
    """``keyData`` or ``encryptedKey`` of an agile EncryptionInfo: how the package, or its key, is encrypted."""

    salt: bytes
    hash: str
    bits: int
    block: int


def _agile(info: bytes, package: bytes) -> bytes:
    """AES with chaining in segments of 4096 bytes, under a key that the password encrypts (2.3.4.10 to 2.3.4.15)."""
    data, password = _described(info)
    whole, own = _ciphering(data), _ciphering(password)
    spins = int(password["spinCount"])
    if not 0 <= spins <= _MOST_SPINS:
        raise UnreadableFile("damaged")
    base = _spun(own.hash, own.salt, spins)

    def behind(purpose: bytes, name: str) -> bytes:
        key = _fitted(hashlib.new(own.hash, base + purpose).digest(), own.bits // 8)
        return _decrypted(key, _fitted(own.salt, own.block), base64.b64decode(password[name]))

    verifier = behind(_VERIFIER, "encryptedVerifierHashInput")[: len(own.salt)]
    check = hashlib.new(own.hash, verifier).digest()
    if not hmac.compare_digest(check, behind(_VERIFIER_HASH, "encryptedVerifierHashValue")[: len(check)]):
        raise UnreadableFile("encrypted")
    key = behind(_KEY, "encryptedKeyValue")[: whole.bits // 8]
    return b"".join(_segments(key, whole, package[: len(package) // 16 * 16]))


def _segments(key: bytes, whole: _Ciphering, package: bytes) -> Iterator[bytes]:
    for number, start in enumerate(range(0, len(package), _SEGMENT)):
        vector = _fitted(hashlib.new(whole.hash, whole.salt + struct.pack("<I", number)).digest(), whole.block)
        yield _decrypted(key, vector, package[start : start + _SEGMENT])


def _described(info: bytes) -> tuple[Attributes, Attributes]:
    """The attributes of ``keyData`` and of the password's ``encryptedKey``. Raises LookupError where one is missing."""
    found: dict[str, Attributes] = {}

    def start(tag: str, attributes: Attributes) -> None:
        namespace, _, local = tag.rpartition(" ")
        if local == "keyData" or (local == "encryptedKey" and namespace.endswith("/password")):
            found.setdefault(local, attributes)

    parse_whole(info, xml_parser(start))
    return found["keyData"], found["encryptedKey"]


def _ciphering(given: Attributes) -> _Ciphering:
    """Raises UnreadableFile (encrypted) for anything but AES with chained blocks."""
    bits, block = int(given["keyBits"]), int(given["blockSize"])
    usual = given["cipherAlgorithm"] == "AES" and given["cipherChaining"] == "ChainingModeCBC"
    if not usual or given["hashAlgorithm"] not in _HASHES or bits not in _AES_BITS or block != 16:
        raise UnreadableFile("encrypted")
    return _Ciphering(base64.b64decode(given["saltValue"]), _HASHES[given["hashAlgorithm"]], bits, block)


def _spun(name: str, salt: bytes, spins: int) -> bytes:
    digest = hashlib.new(name, salt + DEFAULT_PASSWORD).digest()
    for number in range(spins):
        digest = hashlib.new(name, number.to_bytes(4, "little") + digest).digest()
    return digest


def _fitted(data: bytes, size: int) -> bytes:
    return data[:size].ljust(size, b"\x36")


def _decrypted(key: bytes, vector: bytes | None, data: bytes) -> bytes:
    """AES; without a vector, each block by itself."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

    context = Cipher(AES(key), ECB()).decryptor() if vector is None else Cipher(AES(key), CBC(vector)).decryptor()
    return context.update(data) + context.finalize()
