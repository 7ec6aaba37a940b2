"""Rows and tables that hold figures and are no return: sub-totals, 上期数 and 本期新增, examples."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.reading.layout.comparable import plain, split_bracket
from schemas.programme import Programme


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def is_subtotal(text: str, programme: Programme) -> bool:
    """Whether a row's label is that of a sub-total (区小计): one of some rows, whatever stands in front."""
    word = plain(text)
    return bool(word) and word.endswith(tuple(map(plain, programme.form.subtotal_endings)))


@lru_cache(maxsize=1024)
def is_part(text: str, programme: Programme) -> bool:
    """Whether a row's label says that its figures are a part of those of another row (其中：民营)."""
    return plain(text).startswith(tuple(map(plain, programme.form.part_labels)) or ("\0",))


@lru_cache(maxsize=1024)
def is_other_figure(text: str, programme: Programme) -> bool:
    """Whether a row's label says that its figures are others than a district's running totals (上期数, 本期新增, 完成率)."""
    core = plain(_BRACKETS.sub("", text))
    for name in _names(programme):
        core = core.removeprefix(name)
    return core in set(map(plain, programme.form.aside_rows))


_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


@lru_cache(maxsize=4)
def _names(programme: Programme) -> tuple[str, ...]:
    return tuple(plain(name) for district in programme.districts for name in (district.name, *district.full_names))


@lru_cache(maxsize=1024)
def is_example(text: str, programme: Programme) -> bool:
    """Whether a row's label or the name of a sheet calls what it stands for an example (示例, 样表, 例：)."""
    form = programme.form
    word = plain(text)
    labels = frozenset(map(plain, form.example_labels))
    return any(plain(example) in word for example in form.example_words) or word in labels or _labelled(text, labels)


def _labelled(text: str, labels: frozenset[str]) -> bool:
    """例：鹿城区, （例）鹿城区."""
    found = _LABEL.match(text.strip())
    return found is not None and plain(next(filter(None, found.groups()), "")) in labels


_LABEL = re.compile(r"(?:[（(【\[]([^（()）】\]]{1,4})[）)】\]]|([^:：]{1,4})[:：])")


@lru_cache(maxsize=1024)
def titles_example(text: str, programme: Programme) -> bool:
    """Whether a line above a table calls the table an example: 填报示例, 样表：…, …通报表（样表）; no note that refers to one."""
    words = tuple(map(plain, programme.form.example_words))
    core, bracket = split_bracket(text)
    word = plain(core)
    if bracket is not None and plain(bracket) in words:
        return True
    ending = next((each for each in words if word.endswith(each)), "")
    return word.startswith(words) or (bool(ending) and word.removesuffix(ending).endswith(programme.form.title_endings))
