"""XML and HTML changed by tags: attributes, elements and texts, whatever they mean."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKENS = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?\s*([\w:.-]+)")
_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""")
VALUES = (
    "",
    "0",
    "1",
    "-1",
    "2",
    "7",
    "12",
    "255",
    "65536",
    "1048577",
    "4294967296",
    "1e5",
    "true",
    "false",
    "x",
    "A1",
    "XFD1",
    "B7:C9",
)
TEXTS = (
    "",
    " ",
    "0",
    "7",
    "12",
    "1,234",
    "12.0",
    "1e2",
    "-3",
    "１２",
    "　8　",
    "12\u202c",
    "见附件",
    "2024-06-30",
    "TRUE",
    "#REF!",
)
INSERTED = ("<!-- 8 -->", "<![CDATA[8]]>", "&#56;", "&amp;", "&undefined;", "<?x y?>", "\u0000", "8", "<b>8</b>")
Change = Callable[[random.Random, "Document"], None]


@dataclass
class Document:
    """A text as tags (at odd places) and the texts between them."""

    parts: list[str]

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def elements(self) -> list[tuple[int, int]]:
        """First and last part of every element that is closed, in the order of their ends."""
        opened: list[tuple[str, int]] = []
        found: list[tuple[int, int]] = []
        for place in range(1, len(self.parts), 2):
            tag = self.parts[place]
            name = _NAME.match(tag)
            if name is None:
                continue
            if tag.startswith("</"):
                while opened:
                    last, start = opened.pop()
                    if last == name[1]:
                        found.append((start, place))
                        break
            elif tag.endswith("/>"):
                found.append((place, place))
            else:
                opened.append((name[1], place))
        return found

    def tags(self) -> list[int]:
        """The parts that have attributes."""
        return [place for place in range(1, len(self.parts), 2) if _ATTRIBUTE.search(self.parts[place])]

    def take(self, element: tuple[int, int]) -> list[str]:
        """An element cut out, with the text after it left in place."""
        first, last = element
        taken = self.parts[first : last + 1]
        self.parts[first - 1 : last + 2] = [self.parts[first - 1] + self.parts[last + 1]]
        return taken

    def insert(self, place: int, element: list[str]) -> None:
        """Before the tag at ``place``."""
        self.parts[place:place] = [*element, ""]


def document(text: str) -> Document:
    return Document(_TOKENS.split(text))


def changed(rng: random.Random, text: str) -> str:
    """The text after one change; as it was where nothing could be changed."""
    made = document(text)
    rng.choice(CHANGES)(rng, made)
    return made.text


def _attribute(rng: random.Random, made: Document) -> tuple[int, re.Match[str]] | None:
    tags = made.tags()
    if not tags:
        return None
    place = rng.choice(tags)
    return place, rng.choice(list(_ATTRIBUTE.finditer(made.parts[place])))


def _attribute_changed(rng: random.Random, made: Document) -> None:
    if not (found := _attribute(rng, made)):
        return
    place, match = found
    alike = [m[2] for tag in made.tags() for m in _ATTRIBUTE.finditer(made.parts[tag]) if m[1] == match[1]]
    value = rng.choice((f'"{rng.choice(VALUES)}"', rng.choice(alike)))
    tag = made.parts[place]
    made.parts[place] = tag[: match.start(2)] + value + tag[match.end(2) :]


def _attribute_removed(rng: random.Random, made: Document) -> None:
    if found := _attribute(rng, made):
        place, match = found
        made.parts[place] = made.parts[place].replace(match[0], "", 1)


def _attribute_copied(rng: random.Random, made: Document) -> None:
    """To another tag, which may have it already."""
    if found := _attribute(rng, made):
        place, tag = rng.choice(made.tags()), found[1][0]
        name = _NAME.match(made.parts[place])
        if name:
            made.parts[place] = made.parts[place][: name.end()] + tag + made.parts[place][name.end() :]


def _element(rng: random.Random, made: Document) -> tuple[int, int] | None:
    """Small ones more often: a document has few large ones, and without them nothing is left."""
    elements = sorted(made.elements(), key=lambda each: each[1] - each[0])
    return elements[int(len(elements) * rng.random() ** 2)] if elements else None


def _element_removed(rng: random.Random, made: Document) -> None:
    if element := _element(rng, made):
        made.take(element)


def _element_doubled(rng: random.Random, made: Document) -> None:
    if element := _element(rng, made):
        made.insert(element[0], made.parts[element[0] : element[1] + 1])


def _element_moved(rng: random.Random, made: Document) -> None:
    if element := _element(rng, made):
        taken = made.take(element)
        if tags := made.tags():
            made.insert(rng.choice(tags), taken)


def _elements_exchanged(rng: random.Random, made: Document) -> None:
    first, second = sorted((_element(rng, made) or (0, 0), _element(rng, made) or (0, 0)))
    if first[1] < second[0] and first != (0, 0):
        parts = made.parts
        made.parts = [
            *parts[: first[0]],
            *parts[second[0] : second[1] + 1],
            *parts[first[1] + 1 : second[0]],
            *parts[first[0] : first[1] + 1],
            *parts[second[1] + 1 :],
        ]


def _element_renamed(rng: random.Random, made: Document) -> None:
    names = [name[1] for tag in made.parts[1::2] if (name := _NAME.match(tag))]
    if (element := _element(rng, made)) and names:
        new = rng.choice(names)
        for place in set(element):
            made.parts[place] = _NAME.sub(lambda m: m[0][: m.start(1) - m.start()] + new, made.parts[place], count=1)


def _element_unwrapped(rng: random.Random, made: Document) -> None:
    if element := _element(rng, made):
        for place in set(element):
            made.parts[place] = ""


def _written(rng: random.Random, made: Document) -> int | None:
    places = [place for place in range(0, len(made.parts), 2) if made.parts[place].strip()]
    return rng.choice(places) if places else None


def _text_changed(rng: random.Random, made: Document) -> None:
    if (place := _written(rng, made)) is not None:
        other = _written(rng, made) or place
        made.parts[place] = rng.choice((rng.choice(TEXTS), made.parts[other], _digit(rng, made.parts[place])))


def _digit(rng: random.Random, text: str) -> str:
    places = [n for n, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text + rng.choice("0123456789")
    place = rng.choice(places)
    return text[:place] + rng.choice(("", "0", "7", ".", ",", " ", "x", text[place] * 2)) + text[place + 1 :]


def _text_broken(rng: random.Random, made: Document) -> None:
    if (place := _written(rng, made)) is not None:
        cut = rng.randint(0, len(made.parts[place]))
        made.parts[place] = made.parts[place][:cut] + rng.choice(INSERTED) + made.parts[place][cut:]


CHANGES: tuple[Change, ...] = (
    *(_attribute_changed, _attribute_changed, _attribute_changed, _attribute_removed, _attribute_copied),
    *(_element_removed, _element_doubled, _element_moved, _elements_exchanged, _element_renamed, _element_unwrapped),
    *(_text_changed, _text_changed, _text_broken),
)
