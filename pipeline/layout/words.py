"""Words of the form compared without what offices vary freely: blanks, quotes, brackets' width, line breaks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_IGNORED = re.compile(r"[\s\u200b-\u200d\u2060\ufeff“”\"'‘’「」『』＂·•、，,。:：;；*＊|_—\-]+")
_BRACKET = re.compile(r"\(([^()]*)\)$")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``“ 区　域 ”`` is ``区域``: for comparing words, never for reading numbers."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).lower()


def split_bracket(text: str) -> tuple[str, str | None]:
    """``开展技术攻关项目数（项）`` is (``开展技术攻关项目数``, ``项``), both plain; None without a closing bracket."""
    word = plain(text)
    found = _BRACKET.search(word)
    if not found:
        return word, None
    return word[: found.start()], found.group(1)


def after_label(text: str, labels: tuple[str, ...]) -> str | None:
    """What follows one of the labels at the start of the text (``填报单位：鹿城区科技局`` is ``鹿城区科技局``), None without one."""
    bare = text.strip().lstrip("（(【[").strip()
    for label in sorted(labels, key=len, reverse=True):
        pattern = r"\s*".join(map(re.escape, label)) + r"\s*(?:[（(][^）)]*[）)])?\s*[:：]?\s*"
        found = re.match(pattern, bare)
        if found:
            return bare[found.end() :]
    return None
