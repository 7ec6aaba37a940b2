"""Tables that call themselves void (作废, 草稿, 备份), by the name of their sheet or a line of their own."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.reading.layout.comparable import brackets_opened, plain
from pipeline.reading.values.characters import alternatives
from schemas.programme import Programme

_LONGEST = 12
"""A longer piece of a line is a sentence on something else."""


def names_void(name: str, programme: Programme) -> bool:
    """Whether a sheet's name holds a word that calls the sheet void, or is nothing but one that may be a part of others (旧)."""
    void = programme.form.void
    core = plain(name)
    if any(plain(word) in core for word in void.words):
        return True
    pieces = {piece.strip("0123456789.()") for piece in re.split(r"[-_—–.·\s()+]+", brackets_opened(name).lower())}
    return bool(pieces & {*void.names})


@lru_cache(maxsize=4096)  # the same lines stand in file after file
def is_void(text: str, programme: Programme) -> bool:
    """Whether a line, or a piece of it, says that the table is void: （作废）, 本表仅为测试数据."""
    words = (*programme.form.void.words, *programme.form.void.lines)
    if not any(word in text for word in words):
        return False
    pieces = re.split(r"[，,、；;。：:()\s]+", brackets_opened(text))
    return any(len(piece) <= _LONGEST and _void_alone(programme).fullmatch(plain(piece)) for piece in pieces if piece)


@lru_cache(maxsize=4)
def _void_alone(programme: Programme) -> re.Pattern[str]:
    void = programme.form.void
    filling = alternatives(map(plain, (*programme.form.meanings.filling, *programme.form.meanings.about, *void.filling)))
    about, lines = (alternatives(map(plain, words)) for words in (programme.form.meanings.about, void.lines))
    words = alternatives(map(plain, void.words))
    return re.compile(rf"(?:(?:{filling})*?{words}|(?:{about})(?:{filling})*?{lines})(?:{filling})*")
