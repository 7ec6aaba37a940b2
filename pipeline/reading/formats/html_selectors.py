"""Selectors of a page's style sheets, their last part alone: element, class, attribute and place. Source: Selectors Level 3."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Attributes = dict[str, str]

_INSIDE = re.compile(r"\(([^()]*)\)|\[([^\]]*)\]")
_COMBINED = re.compile(r"\s+|[>~](?![^\[(]*[\])])|\+(?![^\[(]*[\])])")
_PART = re.compile(r"(?P<name>[.#][\w-]+)|\[(?P<test>[^\]]*)\]|(?P<colons>::?)(?P<pseudo>[\w-]+)(?:\((?P<of>[^()]*)\))?")
_COMPOUND = re.compile(rf"(?P<tag>[\w-]+|\*)?(?P<rest>(?:{_PART.pattern.replace('?P<', '?P<x_')})*)")
_TEST = re.compile(r"""([\w-]+)\s*(?:([~|^$*]?=)\s*["']?([^"'\]]*)["']?)?""")
_NTH = re.compile(r"(?P<step>[+-]?[0-9]*)n(?:(?P<sign>[+-])(?P<from>[0-9]+))?|(?P<one>[+-]?[0-9]+)")
_GENERATED = ("before", "after")
_FIRST = ("nth-child", "nth-of-type", "first-child", "first-of-type")
_PERHAPS = (
    *("nth-last-child", "nth-last-of-type", "last-child", "last-of-type", "only-child", "only-of-type"),
    *("not", "is", "where", "has"),
)


@dataclass(frozen=True, slots=True)
class Compound:
    """What an element must be; ``generated`` is the text that a rule is on (``before``, ``after``), empty for the element itself.

    ``places`` are steps and beginnings of an+b. Places counted from the end, which is not known yet, and :not() hold for every
    element: what may be hidden is asked about.
    """

    tag: str = ""
    names: frozenset[str] = frozenset()
    """``.class`` and ``#id``."""
    tests: tuple[tuple[str, str, str], ...] = ()
    """Attribute, operator, value."""
    places: tuple[tuple[int, int], ...] = ()
    weight: int = 0
    generated: str = ""

    def applies(self, tag: str, names: frozenset[str], attributes: Attributes, place: int) -> bool:
        """``place`` among its siblings, from 1; 0 where it is not known."""
        if self.tag not in ("", "*", tag) or not self.names <= names:
            return False
        return all(_passes(attributes, *test) for test in self.tests) and all(_is_at(place, *each) for each in self.places)


@dataclass(slots=True)
class _Parsed:
    names: set[str] = field(default_factory=set)
    tests: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    generated: str = ""

    def take(self, part: re.Match[str]) -> bool:
        """Whether one part of a selector is known; of what depends on the reader (:hover) nothing is."""
        if part["name"]:
            self.names.add(part["name"].lower())
        elif part["test"] is not None:
            found = _TEST.fullmatch(part["test"].strip())
            if found is None:
                return False
            self.tests.append((found[1].lower(), found[2] or "", found[3] or ""))
        elif part["pseudo"].lower() in _GENERATED:
            self.generated = part["pseudo"].lower()
        else:
            return self._place(part["pseudo"].lower(), (part["of"] or "").lower())
        return True

    def _place(self, pseudo: str, of: str) -> bool:
        if pseudo in _FIRST:
            places = _steps(of) if of else (0, 1)
            self.places += [places] if places else []
            return places is not None
        return pseudo in _PERHAPS


def compound_of(selector: str) -> Compound | None:
    """The last part of a selector; None for one that is not understood, or that depends on what its reader does."""
    joined = _INSIDE.sub(lambda found: re.sub(r"\s+", "", found[0]), selector.strip())
    last = [part for part in _COMBINED.split(joined) if part]
    found = _COMPOUND.fullmatch(last[-1]) if last else None
    if found is None:
        return None
    parsed, parts = _Parsed(), list(_PART.finditer(found["rest"]))
    if not all(parsed.take(part) for part in parts):
        return None
    places = tuple(parsed.places)
    return Compound(
        (found["tag"] or "").lower(), frozenset(parsed.names), tuple(parsed.tests), places, len(parts), parsed.generated
    )


def _steps(of: str) -> tuple[int, int] | None:
    """``2n+1`` is (2, 1), ``3`` is (0, 3)."""
    of = {"odd": "2n+1", "even": "2n"}.get(of, of)
    found = _NTH.fullmatch(of)
    if found is None:
        return None
    if found["one"]:
        return 0, int(found["one"])
    step = found["step"]
    return (
        int(step) if step.lstrip("+-") else int(f"{step}1"),
        int(f"{found['sign']}{found['from']}") if found["from"] else 0,
    )


def _is_at(place: int, step: int, first: int) -> bool:
    if not place:
        return True
    if not step:
        return place == first
    return (place - first) % step == 0 and (place - first) // step >= 0


def _passes(attributes: Attributes, name: str, operator: str, value: str) -> bool:
    if name not in attributes:
        return False
    held = attributes[name]
    match operator:
        case "":
            return True
        case "=":
            return held == value
        case "~=":
            return value in held.split()
        case "|=":
            return held == value or held.startswith(f"{value}-")
        case "^=":
            return bool(value) and held.startswith(value)
        case "$=":
            return bool(value) and held.endswith(value)
        case _:
            return bool(value) and value in held


_CONTENT = re.compile(r"(?:^|[;{\s])content\s*:\s*(?P<value>(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;\"'])*)", re.IGNORECASE)
_PIECE = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|attr\(\s*([\w-]+)[^)]*\)|(counters?)\([^)]*\)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")


def content_in(body: str) -> str | None:
    """The value of a rule's ``content``, None without one."""
    found = _CONTENT.search(body)
    return found["value"].strip() if found else None


def generated_text(content: str, attributes: Attributes) -> str:
    """What a page shows for a value of ``content``; a counter is a number that is not known here."""
    shown = ""
    for piece in _PIECE.finditer(content):
        text = piece[1] if piece[1] is not None else piece[2]
        if text is not None:
            shown += _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2], text)
        elif piece[3]:
            shown += attributes.get(piece[3].lower(), "")
        else:
            shown += _COUNTER
    return shown


_COUNTER = "0"
