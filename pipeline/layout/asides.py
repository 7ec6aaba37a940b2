"""Rows and tables that hold figures and are no return: sub-totals, 上期数 and 本期新增, examples."""

from __future__ import annotations

from functools import lru_cache

from pipeline.layout.words import plain
from schemas.programme import Programme


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def is_subtotal(text: str, programme: Programme) -> bool:
    """Whether a row's label is that of a sub-total (区小计): one of some rows, whatever stands in front."""
    word = plain(text)
    return bool(word) and word.endswith(tuple(map(plain, programme.form.subtotal_endings)))


@lru_cache(maxsize=1024)
def is_example(text: str, programme: Programme) -> bool:
    """Whether a label, a line or the name of a sheet calls what it stands for an example."""
    form = programme.form
    word = plain(text)
    return any(plain(example) in word for example in form.example_words) or word in map(plain, form.example_labels)
