"""Products kept in memory: a watcher's worker is asked for the same return copies run after run, as long as their files wait."""

from __future__ import annotations

import functools
import hashlib
from collections import OrderedDict
from collections.abc import Callable

from schemas.programme import Programme

MOST = 32 * 1024 * 1024
"""Bytes a process keeps."""


class Kept:
    """The last products made, by everything each was made from; together at most ``most`` bytes."""

    def __init__(self, most: int = MOST) -> None:
        self._products: OrderedDict[bytes, bytes] = OrderedDict()
        self._most, self._size = most, 0

    def made(self, make: Callable[[], bytes], *sources: object) -> bytes:
        """What ``make`` makes; it is not called again for sources that read the same (``repr``)."""
        key = hashlib.sha256(repr(sources).encode("utf-8", "surrogatepass")).digest()
        if key in self._products:
            self._products.move_to_end(key)
            return self._products[key]
        product = self._products[key] = make()
        self._size += len(product)
        while self._size > self._most:
            _, oldest = self._products.popitem(last=False)
            self._size -= len(oldest)
        return product


@functools.lru_cache(maxsize=1)
def kept(programme: Programme) -> Kept:
    """The one of this process, for the programme in use."""
    return Kept()
