"""Findings made from the rule catalogue: the texts are the programme's, the place and the figures are the caller's."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from pipeline.model import Finding, Grade, State, Values, address
from pipeline.model.quoting import quoted
from pipeline.model.words import Words
from schemas.programme import Programme


def make_finding(
    programme: Programme,
    rule: str,
    /,
    *,
    sheet: str | None = None,
    cell: str | None = None,
    indicator: str | None = None,
    observed: str | None = None,
    expected: str | None = None,
    outward: Collection[str] = (),
    variant: str = "",
    **words: str,
) -> Finding:
    """A finding of ``rule`` with its Chinese message and fix filled in.

    ``variant`` names another text that the wording has for the rule, with a fix of its own or not.

    The texts' placeholders are filled from the programme's terms, the indicator's name, ``observed``, ``expected`` and ``words``;
    ``indicator_``, ``cell_``, ``observed_`` and ``expected_`` say it otherwise in the text than in the record. ``outward`` are
    words that name another district, which the wording says otherwise to districts.
    Raises KeyError when the catalogue's text names something the caller did not give: a mistake of the program.
    """
    entry = programme.rules[rule]
    name = programme.indicator(indicator).name if indicator else None
    given = {"indicator": name, "cell": cell, "observed": observed, "expected": expected}
    given |= {word: words.pop(word + "_", known) for word, known in given.items()}
    filled = {**programme.terms, **{word: text for word, text in given.items() if text is not None}, **words}
    said = Words(programme, "findings").table(f"{rule}.{variant}") if variant else {}
    texts = (said.get("message", entry.message), said.get("fix", entry.fix))
    message, fix = (quoted(nested(text.format_map(filled)), programme) for text in texts)
    finding = Finding(rule, entry.grade, message, fix, sheet, cell, None, indicator, None, observed, expected)
    if not outward:
        return finding
    hidden = filled | {word: Words(programme, "findings").table("outward")[word] for word in outward}
    return dataclasses.replace(finding, outward=quoted(nested(texts[0].format_map(hidden)), programme))


def unhandled(programme: Programme, file: str) -> Finding:
    """F18: an internal error while the file, a path in the inbox, was read, placed, judged or posted."""
    return make_finding(programme, programme.rule_for("unhandled"), file=PurePosixPath(file).name)


def bound_values(rule: str, indicator: str | None, values: Values, programme: Programme) -> Values:
    """What an explanation or a decision about a finding is bound to, of a row's ``values``: the indicator's own value, or
    the whole row where the rule is about all of it or weighs its indicators against each other (scope ``district``)."""
    whole = indicator is None or programme.rules[rule].scope == "district"
    return {name: value for name, value in values.items() if whole or name == indicator}


def weight(finding: Finding) -> int:
    """0 for an error, 1 for a query, 2 for a hint."""
    return list(Grade).index(Grade(finding.grade))


def is_settled(finding: Finding, programme: Programme) -> bool:
    """Whether nobody has to act on an error or query any more: approved, or explained where that is enough."""
    explained = finding.state == State.EXPLAINED and programme.rules[finding.rule].closes == "explain"
    return explained or finding.state == State.APPROVED


def awaits_city(findings: Iterable[Finding], programme: Programme) -> bool:
    """Whether what is left of a return's findings is for the city alone (待认定, wording.md 2)."""
    left = [finding for finding in findings if finding.grade != Grade.HINT and not is_settled(finding, programme)]
    closes = {finding: programme.rules[finding.rule].closes for finding in left}
    return bool(left) and all(
        way == "city" or (way == "approve" and finding.state == State.EXPLAINED) for finding, way in closes.items()
    )


def nested(text: str) -> str:
    """Quotation marks inside quotation marks are single (GB/T 15834): “已选派‘科技副总’企业数”."""
    depth = 0
    written = []
    for character in text:
        depth -= character == "”"
        inner = depth > 0 and character in "“”"
        written.append({"“": "‘", "”": "’"}[character] if inner else character)
        depth += character == "“"
    return "".join(written)


def place_name(programme: Programme, row: int, column: int, *, addressed: bool) -> str:
    """How a message names a cell: its address, or row and column where the file is a text table without addresses."""
    words = Words(programme, "findings")
    if addressed:
        return words.text("cell", cell=address(row, column))
    return words.text("text_cell", row=row, column=column)
