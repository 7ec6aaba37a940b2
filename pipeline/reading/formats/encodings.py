"""Bytes of a text as characters: in an encoding that Chinese offices write, or in none that could be told."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.model import UnreadableFile

UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 65_536
_LEAST_USUAL = 0.5
"""Share of the characters beyond ASCII that are usual in Chinese: nearly all where the text was written in GBK, and three in ten
where it was in Big5, Shift-JIS, a European encoding, or UTF-8 with an error in it."""
_ENOUGH = 20
"""Letters that tell a language."""
_WIDE_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")


def decode(content: bytes) -> str:
    """UTF-16 with its mark, UTF-8 with or without, else GB18030.

    Raises UnreadableFile (no_encoding; unknown_kind for what has no marks of a table). Most bytes of other encodings are some
    character or other of GB18030, and digits are digits in all: what makes no Chinese is not taken for it.
    """
    if content.startswith(UTF16):
        return _strictly(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strictly(content, "gb18030")
    if _is_broken_utf8(content[:_SAMPLE]) or not _is_chinese(text[:_SAMPLE]):
        raise _unknown(content)
    return text


def is_wide_table(content: bytes) -> bool:
    """Whether these bytes are a table in UTF-16 without its mark, which no office program takes for text."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _WIDE_CONTROLS.search(text) and sum(map(text.count, ",;\t")) > 3:
            return True
    return False


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _unknown(content) from error
    if "\0" in text:  # UTF-32 begins like UTF-16
        raise _unknown(content)
    return text


def _unknown(content: bytes) -> UnreadableFile:
    """Text that cannot be decoded but has the marks of a table would be one."""
    tabular = content.count(b",") + content.count(b"\t") + content.count(b";") > 3 or b"<td" in content.lower()
    return UnreadableFile("no_encoding" if tabular else "unknown_kind")


def _is_broken_utf8(content: bytes) -> bool:
    """Whether most of what is beyond ASCII is Chinese in UTF-8: what is written in GBK makes hardly any such characters."""
    text = content.decode("utf-8-sig", "replace")
    return sum("\u4e00" <= character <= "\u9fff" for character in text) > text.count("\ufffd")


def _is_chinese(text: str) -> bool:
    """Whether what was decoded as GB18030 was written so."""
    found = Counter(character for character in text if character > "\x7f")
    rows = [(_row(character), count) for character, count in found.items()]
    usual = sum(count for row, count in rows if row in _USUAL)
    if usual < _LEAST_USUAL * found.total():
        return False
    # EUC-KR has its syllables where GB2312 has the first half of the Chinese characters, in the order of their sounds
    letters = sum(count for row, count in rows if row in _HANZI)
    return letters < _ENOUGH or any(row in _BEHIND_KOREAN for row, _ in rows)


def _row(character: str) -> int:
    """The row of GB2312 that a character stands in (its first byte); 0 for those that only GBK and GB18030 know."""
    try:
        return character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0


_HANZI = range(0xB0, 0xF8)
_BEHIND_KOREAN = range(0xC9, 0xF8)
_USUAL = {0xA1, 0xA2, 0xA3, *_HANZI}
"""Punctuation, numbers in circles, full-width letters, and the 6,763 Chinese characters."""
