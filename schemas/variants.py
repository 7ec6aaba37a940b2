"""Characters that say the same (``variants.toml``): traditional ones, radicals, compatibility ideographs."""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

_FILE = Path(__file__).with_name("variants.toml")
_COMPATIBILITY = ((0x2F00, 0x2FD5), (0xF900, 0xFAD9), (0x2F800, 0x2FA1D))
"""Kangxi radicals, compatibility ideographs and their supplement: each is canonically or by compatibility one character."""


@functools.cache
def variants() -> Mapping[int, str]:
    """Code point → the character it stands for, one for one: for ``str.translate``."""
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    pairs = chain.from_iterable(line.split() for name in ("traditional", "radicals") for line in lists[name])
    listed = {ord(pair[0]): pair[1] for pair in pairs}
    codes = chain.from_iterable(range(first, last + 1) for first, last in _COMPATIBILITY)
    unified: dict[int, str] = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    # a compatibility ideograph may itself be traditional: 龍 comes as U+F9C4
    return {code: listed.get(ord(meant), meant) for code, meant in {**unified, **listed}.items() if meant != chr(code)}
