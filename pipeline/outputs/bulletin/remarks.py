"""备注 of a district, and the notes that remarks bring with them (wording.md 5.1)."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Act
from pipeline.outputs.bulletin.words import Notes, Words
from pipeline.outputs.counts import CountTable
from pipeline.outputs.figures import Line
from pipeline.view import EXCUSED


def of_line(words: Words, line: Line) -> list[str]:
    """What 进度表 and 位次表 remark on a district, in the order of wording.md."""
    if line.absent:
        return [absent(words, line.absent)]
    found = [words.text("remarks.lagging")] if line.lagging else []
    if line.change is not None and line.change < 0:
        found.append(words.text("remarks.cut", count=-line.change))
    if line.change == 0:
        found.append(words.text("remarks.unchanged"))
    return found + marks(words, line.name)


def absent(words: Words, state: str) -> str:
    """未报送 or 免报."""
    return words.text("remarks.excused" if state == EXCUSED else "remarks.missing")


def marks(words: Words, district: str) -> list[str]:
    """Marks of the district's state that the bulletin tells everybody."""
    own = next((record.marks for record in words.view.districts if record.district == district), ())
    return [mark for mark in words.raw("remarks.marks") if mark in own]


def shown(words: Words, parts: list[str], district: str, notes: Notes, section: str) -> str:
    """The remark as it stands in its cell; a long one becomes a note, but 滞后 stays beside the row's fill."""
    text = joined(words, parts)
    if len(text) <= words.raw("remarks.length_max"):
        return text
    number = notes.add(f"{section}.notes.remark", district=district, remark=text)
    kept = [part for part in parts if part == words.text("remarks.lagging")]
    return joined(words, [*kept, words.text("remarks.note", number=number)])


def joined(words: Words, parts: Iterable[str]) -> str:
    return str(words.raw("joiner")).join(parts)


def add_cuts(words: Words, notes: Notes, section: str, counted: CountTable) -> None:
    """A note for every value that fell below the previous bulletin's (核减), with the sentence the city gave for the bulletin."""
    for row in counted.rows:
        for indicator, count in zip(counted.indicators, row.counts, strict=True):
            if count.value is not None and count.change is not None and count.change < 0:
                said = {"district": row.name, "indicator": indicator.name}
                cut = words.text(f"{section}.notes.cut_amount", count=-count.change, unit=indicator.unit)
                public = _public(words, row.name, indicator.id, count.value)
                key = "cut_reason" if public and cut not in public else "cut"
                notes.add(f"{section}.notes.{key}", **said, cut=public if key == "cut" and public else cut, reason=public)


def _public(words: Words, district: str, indicator: str, value: int) -> str:
    """通报用语 of the decision that approved this fall at this value; empty without one. Nothing else of it is for everybody."""
    rules = words.programme.answers.amount_rules
    verdicts = [
        decision
        for decision in words.view.decisions
        if decision.act in (Act.APPROVE, Act.REFUSE)
        and decision.rule in rules
        and (decision.district, decision.indicator) == (district, indicator)
        and decision.values.get(indicator) == value
    ]
    approved = verdicts and verdicts[-1].act == Act.APPROVE
    return verdicts[-1].wording.strip().rstrip(words.raw("sentence_end")) if approved else ""
