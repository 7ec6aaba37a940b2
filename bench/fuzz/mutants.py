"""Mutants by number: the same bytes on every call."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.fuzz import markup, opendocuments, packages, raw, records, separated, sheet, workbooks
from bench.fuzz.goods import KINDS, SAMPLE, Good, good
from pipeline.rules.judging.calendar import Calendar

Way = Callable[[random.Random, bytes], bytes]


def _tags(rng: random.Random, content: bytes) -> bytes:
    """An HTML table or an XML Spreadsheet, changed by tags."""
    text = content.decode("utf-8", "surrogateescape")
    for _ in range(rng.randint(1, 3)):
        text = markup.changed(rng, text)
    return text.encode("utf-8", "surrogateescape")


ZIPPED: Mapping[str, Way] = {"bytes": raw.damaged, "markup": packages.marked_up}
WAYS: Mapping[str, Mapping[str, Way]] = {
    "xlsx": {**ZIPPED, "workbook": workbooks.changed},
    "xlsm": {**ZIPPED, "workbook": workbooks.changed},
    "ods": {**ZIPPED, "opendocument": opendocuments.changed},
    "xls": {"bytes": raw.damaged, "records": records.changed},
    "et": {"bytes": raw.damaged, "records": records.changed},
    "csv": {"bytes": raw.damaged, "separated": separated.changed},
    "html": {"bytes": raw.damaged, "markup": _tags},
    "xml": {"bytes": raw.damaged, "markup": _tags},
}
"""Kind of format → family → way to change what was written."""
SHEET = "sheet"
"""The family of changes before anything is written."""
ANY = "any"
ATTEMPTS = 200


@dataclass(frozen=True)
class Mutant:
    number: int
    fmt: str
    family: str
    name: str
    """As it would lie in the inbox."""
    content: bytes
    calendar: Calendar


def families(fmt: str) -> tuple[str, ...]:
    """Of a sample one: whatever suits its kind."""
    return (ANY,) if fmt == SAMPLE else (*WAYS[fmt.partition("-")[0]], SHEET)


def mutant(seed: int, number: int) -> Mutant:
    """Formats take turns, and within them the families."""
    fmt = KINDS[number % len(KINDS)]
    own = families(fmt)
    return made(seed, number, fmt, own[number // len(KINDS) % len(own)])


def made(seed: int, number: int, fmt: str, family: str) -> Mutant:
    """The mutant of this number among those of one format and family."""
    rng = random.Random(f"{seed}/{number}/{fmt}/{family}")
    for _ in range(ATTEMPTS):
        source = good(rng, fmt)
        try:
            content = _changed(rng, source, family)
        except Exception:  # a writer that cannot write such a thing says so in its own way; xlwt with nothing but Exception
            continue
        return Mutant(number, fmt, family, source.name, content, source.calendar)
    raise RuntimeError(f"no mutant {number} of {fmt} by {family}")


def _changed(rng: random.Random, source: Good, family: str) -> bytes:
    if family == SHEET:
        sheet.changed(rng, source.own)
        return source.written()
    ways = WAYS[source.kind]
    return (rng.choice([*ways.values()]) if family == ANY else ways[family])(rng, source.written())
