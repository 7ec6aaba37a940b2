"""The head of a mail or of one of its parts: its fields as text, however they were encoded.

Sources: RFC 5322, 2045, 2047, 2231. The email package leaves raw GBK undecoded, and its header parser fails on some heads.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
from urllib.parse import unquote_to_bytes

Head = dict[str, str]
"""Name of a field in lower case → its text, unfolded. Of several, the first."""

LARGEST = 256 * 1024
"""Bytes of a head that are looked at: long lists of those written to, and what each server on the way added."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_WORD = re.compile(r"=\?([A-Za-z0-9_.:-]+)(?:\*[^?*]*)?\?([BbQq])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
_LONGEST = 2000
"""Characters of a text that are kept."""

_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "big5": "big5",
    "hz-gb-2312": "hz",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "iso-2022-jp": "iso2022_jp",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
"""What is not here is UTF-8 or the Chinese encoding of Windows: GB2312, GBK, CP936 and their like are parts of it."""


_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:>?From [^\r\n]*\r?\n)?")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_EMPTY_LINE = re.compile(rb"\r?\n")
_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]|>?From ")
_FIELDS = {
    *("from", "to", "cc", "subject", "date", "received", "mime-version", "message-id", "return-path", "reply-to"),
    *("sender", "delivered-to", "x-mailer", "x-originating-ip", "dkim-signature"),
}
_TRAVELLED = {"received", "message-id", "return-path", "to", "delivered-to", "x-mailer", "dkim-signature"}
"""What a page saved by a browser or by Excel (.mht) does not have."""


def is_mail(content: bytes) -> bool:
    """Whether a file begins with the head of a mail: at least two of the fields that mail programs write, and no other line.

    A page that a browser or Excel saved as a mail (.mht) is none.
    """
    start, end = head_place(content)
    if not _LINE.match(content, start):
        return False
    raw = content[start : min(end, start + LARGEST)]
    head = read_head(raw)
    known = len(_FIELDS & head.keys())
    if known < 2 or (known < 5 and not all(_LINE.match(line) for line in re.split(rb"\r?\n", raw) if line)):
        return False
    return not _is_saved_page(head, content[end : end + 4096])


def head_place(content: bytes) -> tuple[int, int]:
    """Where the head of a mail begins and ends."""
    found = _START.match(content)
    start = found.end() if found else 0
    return start, divided(content, start, len(content))[0]


def divided(content: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the head of a mail or part ends and its body begins. What begins with no field is all body."""
    if empty := _EMPTY_LINE.match(content, start, end):
        return start, empty.end()
    if not _LINE.match(content, start, end):
        return start, start
    found = _END_OF_HEAD.search(content, start, end)
    return (found.start(), found.end()) if found else (end, end)


def _is_saved_page(head: Head, beginning: bytes) -> bool:
    if "<saved by" in head.get("from", "").lower() or head.keys() & {"x-document-type", "snapshot-content-location"}:
        return True
    related = head.get("content-type", "").lower().startswith("multipart/related")
    return related and not head.keys() & _TRAVELLED and b"\ncontent-location:" in beginning.lower()


def read_head(raw: bytes) -> Head:
    """The fields of a head, in what order they may be; lines that are none are passed over."""
    head: Head = {}
    for line in re.split(rb"\r?\n(?![ \t])", raw[:LARGEST]):
        if field := _FIELD.match(line):
            head.setdefault(field[1].decode("ascii").lower(), _FOLD.sub("", guessed(field[2])).strip())
    return head


def guessed(raw: bytes) -> str:
    """Text that does not say its encoding: UTF-8 or GB18030."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _as(raw: bytes, charset: str) -> str:
    name = _ENCODINGS.get(charset.lower(), "")
    if name:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            return guessed(raw)
    return guessed(raw)


def worded(text: str) -> str:
    """Text with its encoded words (RFC 2047) decoded, also inside quotation marks, where programs write them all the same.

    Words of one charset that follow each other are decoded together: characters are cut in two between them.
    """
    pieces: list[str] = []
    raw, charset, end = b"", "", 0
    joined = _BETWEEN.sub("", text[: 4 * _LONGEST])
    for word in _WORD.finditer(joined):
        between = joined[end : word.start()]
        if between or word[1].lower() != charset:
            pieces += [_as(raw, charset), between]
            raw, charset = b"", word[1].lower()
        raw += _unworded(word[2], word[3])
        end = word.end()
    pieces += [_as(raw, charset), joined[end:]]
    return cleaned("".join(pieces).encode("utf-8", "replace").decode())[:_LONGEST]


def _unworded(way: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if way in "Qq":
        return binascii.a2b_qp(raw, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    return binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"==")


_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|"[^"]*$|[^;]*)', re.DOTALL)
_PIECE = re.compile(r"([^*]+)(?:\*([0-9]{1,3}))?(\*?)")


def parameters(text: str) -> dict[str, str]:
    """The parameters of a field (``; name=value``) by name in lower case, those cut in pieces or encoded (RFC 2231) decoded."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, value in _PARAMETER.findall(text[: 16 * _LONGEST]):
        found = _PIECE.fullmatch(name.lower())
        if found is None:
            continue
        if found[2] or found[3]:
            pieces.setdefault(found[1], {}).setdefault(int(found[2] or 0), (bool(found[3]), _unquoted(value)))
        else:
            plain.setdefault(found[1], worded(_unquoted(value)))
    return plain | {name: _assembled(found) for name, found in pieces.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] != '"':
        return value
    return re.sub(r'\\(["\\])', r"\1", value[1:].removesuffix('"'))


def _assembled(pieces: dict[int, tuple[bool, str]]) -> str:
    """The value that was cut in numbered pieces; its first says the charset if it is encoded."""
    charset, raw = "", b""
    for number, (encoded, text) in sorted(pieces.items()):
        if encoded and number == min(pieces) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return worded(_as(raw, charset))


def sent_at(date: str) -> dt.datetime | None:
    """A Date field in UTC; None where it is none."""
    from email.utils import parsedate_to_datetime  # half of the email package comes with it: not for files that are no mails

    try:
        sent = parsedate_to_datetime(date[:200])
        return (sent if sent.tzinfo else sent.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def cleaned(text: str) -> str:
    """Without control characters, those of folded lines too."""
    return _CONTROLS.sub(" ", text).strip()
