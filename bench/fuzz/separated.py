"""Text tables changed as editors, exports and mail programs do: marks between the fields, quotes, encodings, ends of lines."""

from __future__ import annotations

import random
from collections.abc import Callable

Change = Callable[[random.Random, str], str]
PUT = (
    '"',
    ",",
    ";",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u202c",
    "\ufeff",
    "\u00a0",
    "　",
    "\x1a",
    "=",
    "'",
    "，",
    "e",
    ".",
    "0",
    "\ufe0f",
    "\u2028",
)
FIELDS = (
    '="16"',
    "'16",
    "1,234",
    '"1,234"',
    "12（家）",
    "12。",
    "１２",
    "1 234",
    "0012",
    "1e1",
    "8.0",
    "=6+6",
    "",
    " ",
    '"8',
    '8"',
    "8\u200b",
    "(8)",
)
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-be", "big5", "latin-1", "utf-32")


def changed(rng: random.Random, content: bytes) -> bytes:
    text, encoding = _decoded(content)
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(CHANGES)(rng, text)
    return text.encode(rng.choice(ENCODINGS) if rng.random() < 0.3 else encoding, "replace")


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(b"\xff\xfe"):
        return content.decode("utf-16"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("gb18030"), "gb18030"


def _mark(text: str) -> str:
    return max(",;\t", key=text.count)


def _delimiter(rng: random.Random, text: str) -> str:
    return text.replace(_mark(text), rng.choice(",;\t|，"))


def _delimiter_of_a_line(rng: random.Random, text: str) -> str:
    return _line(rng, text, lambda line: line.replace(_mark(text), rng.choice(",;\t ")))


def _line(rng: random.Random, text: str, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    place = rng.randrange(len(lines))
    lines[place] = change(lines[place])
    return "".join(lines)


def _ends(rng: random.Random, text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", rng.choice(("\n", "\r", "\r\n", "\n\n", "\r\r\n", "\u2028")))


def _put(rng: random.Random, text: str) -> str:
    place = rng.randint(0, len(text))
    return text[:place] + rng.choice(PUT) + text[place:]


def _field(rng: random.Random, text: str) -> str:
    """Fields of a line exchanged for another, left out, doubled, or one put between."""
    mark = _mark(text)

    def change(line: str) -> str:
        fields = line.rstrip("\r\n").split(mark)
        place = rng.randrange(len(fields))
        match rng.randrange(4):
            case 0:
                fields[place] = rng.choice(FIELDS)
            case 1:
                del fields[place]
            case 2:
                fields.insert(place, rng.choice(FIELDS))
            case _:
                fields.insert(place, fields[place])
        return mark.join(fields) + "\r\n"

    return _line(rng, text, change)


def _number(rng: random.Random, text: str) -> str:
    """A field of digits written otherwise."""
    mark = _mark(text)
    places = [
        (n, k) for n, line in enumerate(text.split("\n")) for k, field in enumerate(line.split(mark)) if field.strip().isdigit()
    ]
    if not places:
        return text
    row, column = rng.choice(places)
    lines = [line.split(mark) for line in text.split("\n")]
    lines[row][column] = rng.choice(FIELDS)
    return "\n".join(mark.join(line) for line in lines)


def _lines_moved(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    line = lines.pop(rng.randrange(len(lines))) if lines else ""
    lines[rng.randint(0, len(lines)) : 0] = [line] * rng.randint(0, 2)
    return "".join(lines)


def _quoted(rng: random.Random, text: str) -> str:
    mark = _mark(text)
    return _line(rng, text, lambda line: mark.join(f'"{field}"' for field in line.rstrip("\r\n").split(mark)) + "\r\n")


CHANGES: tuple[Change, ...] = (
    *(_delimiter, _delimiter_of_a_line, _ends, _put, _put, _put, _field, _field, _field, _number, _number, _lines_moved, _quoted),
)
