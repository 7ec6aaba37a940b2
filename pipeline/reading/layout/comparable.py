"""Words of the form compared without what offices vary freely: blanks, quotes, brackets' width, line breaks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.reading.values.characters import unified

_IGNORED = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff“”\"'‘’「」『』＂·•、，,。:：;；*＊|_—\-]+")
_BRACKET = re.compile(r"\(([^()]*)\)$")
_BRACKETS = str.maketrans("[{【〔〖〈《⟨]}】〕〗〉》⟩", "((((((((" + "))))))))")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``“ 区　域 ”`` and ``區域`` are ``区域``: for comparing words, never for reading numbers."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", unified(text))).lower()


def split_bracket(text: str) -> tuple[str, str | None]:
    """``开展技术攻关项目数（项）`` is (``开展技术攻关项目数``, ``项``); None without a closing bracket."""
    word = unicodedata.normalize("NFKC", text).strip()
    found = _BRACKET.search(word)
    return (word[: found.start()], found[1]) if found else (word, None)


def brackets_opened(text: str) -> str:
    """The text with round brackets for every kind: 〔家〕, 【项】, ｛家｝."""
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS)


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def after_label(text: str, labels: tuple[str, ...]) -> str | None:
    """What follows a label at the start of the text (``填报单位：鹿城区科技局`` is ``鹿城区科技局``), None without one."""
    bare = text.strip().lstrip("（(【[").strip()
    found = _label_pattern(labels).match(unified(bare))
    return bare[found.end() :] if found else None


@lru_cache(maxsize=16)
def _label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the labels, longest first, blanks among its characters, with a remark in brackets and a colon after it."""
    spaced = (r"\s*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?:{'|'.join(spaced)})\s*(?:[（(][^）)]*[）)])?\s*[:：]?\s*")
