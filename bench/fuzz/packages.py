"""The parts of a zipped workbook, opened and packed again."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping

from bench.fuzz import markup
from tests.support.handmade import zipped

Parts = dict[str, bytes]
WEIGHTS: Mapping[str, int] = {"sheet": 6, "content.xml": 12, "sharedStrings": 3, "styles": 3, "workbook": 3}
"""How often a part is chosen whose name holds this; others are of weight 1."""


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    return zipped(dict(parts))


def marked_up(rng: random.Random, content: bytes) -> bytes:
    """One part, or two, changed by tags; at times a part is left out or changes places with another."""
    parts = parts_of(content)
    for _ in range(rng.randint(1, 2)):
        name = _chosen(rng, parts)
        how = rng.random()
        if how < 0.04:
            del parts[name]
        elif how < 0.07:
            other = _chosen(rng, parts)
            parts[name], parts[other] = parts[other], parts[name]
        else:
            parts[name] = _changed(rng, parts[name])
    return packed(parts)


def _chosen(rng: random.Random, parts: Parts) -> str:
    names = list(parts)
    weights = [max((weight for word, weight in WEIGHTS.items() if word in name), default=1) for name in names]
    return rng.choices(names, weights)[0]


def _changed(rng: random.Random, part: bytes) -> bytes:
    text = part.decode("utf-8", "surrogateescape")
    for _ in range(rng.randint(1, 3)):
        text = markup.changed(rng, text)
    return text.encode("utf-8", "surrogateescape")


def rewritten(content: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """With the parts whose names hold a key of ``changes`` passed through it."""
    parts = parts_of(content)
    for name, part in parts.items():
        for word, change in changes.items():
            if word in name:
                parts[name] = change(part.decode()).encode()
    return packed(parts)
