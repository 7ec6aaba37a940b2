"""备注 of a district, and the notes that remarks bring with them (wording.md 5.1)."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.labels import period_label
from pipeline.model.view import EXCUSED, PeriodView
from pipeline.model.words import Words
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.counts import CountTable
from pipeline.products.figures.progress import Line
from pipeline.products.figures.restatement import public_wording


def of_line(words: BulletinWords, line: Line) -> list[str]:
    """What 进度表 and 位次表 remark on a district, in the order of wording.md."""
    if line.absent:
        return [absent(words, line.absent)]
    found = [words.text("remarks.lagging")] if line.lagging else []
    if line.change is not None and line.change < 0:
        found.append(words.text("remarks.cut", count=-line.change))
    if line.change == 0:
        found.append(words.text("remarks.unchanged"))
    return found + marks(words, line.name, (words.programme.headline,))


def absent(words: BulletinWords, state: str) -> str:
    """未报送 or 免报."""
    return words.text("remarks.excused" if state == EXCUSED else "remarks.missing")


def marks(words: BulletinWords, district: str, indicators: Iterable[str]) -> list[str]:
    """Marks of the district's state that the bulletin tells everybody: 已更正 only beside the indicators that were, 补报 for an
    earlier period too, where this bulletin is the first to tell."""
    said = Words(words.programme, "findings")
    own = next((record.marks for record in words.view.districts if record.district == district), ())
    own = (*own, *(said.text("mark.added") for name, _ in words.view.added if name == district))
    restated = said.text("mark.restated")
    kept = _restated(words.view, [(district, indicator) for indicator in indicators])
    return [mark for mark in words.raw("remarks.marks") if mark in own and (mark != restated or kept)]


def _restated(view: PeriodView, places: Iterable[tuple[str, str]]) -> bool:
    """Whether one of these values is not the one first issued."""
    first = view.issues[0].values if view.issues else {}
    return any(place in view.values and view.values[place].value != first.get(place) for place in places)


def shown(words: BulletinWords, parts: list[str], district: str, notes: Notes, section: str) -> str:
    """The remark as it stands in its cell; a long one becomes a note, but 滞后 stays beside the row's fill."""
    text = joined(words, parts)
    if len(text) <= words.raw("remarks.length_max"):
        return text
    number = notes.note(f"{section}.notes.remark", district=district, remark=text)
    kept = [part for part in parts if part == words.text("remarks.lagging")]
    return joined(words, [*kept, words.text("remarks.note", number=number)])


def joined(words: BulletinWords, parts: Iterable[str]) -> str:
    return words.text("joiner").join(parts)


def add_cuts(words: BulletinWords, notes: Notes, section: str, counted: CountTable) -> None:
    """A note for every value that fell below the previous bulletin's (核减), with the sentence the city gave for the bulletin."""
    amounts = words.programme.answers.amount_rules
    for row in counted.rows:
        for indicator, count in zip(counted.indicators, row.counts, strict=True):
            if count.value is not None and count.change is not None and count.change < 0:
                said = {"district": row.name, "indicator": indicator.name}
                cut = words.text(f"{section}.notes.cut_amount", count=-count.change, unit=indicator.unit)
                pair = (count.value - count.change, count.value)
                public = public_wording(words.programme, words.view, (row.name, indicator.id), pair, amounts)
                key = "cut_reason" if public and cut not in public else "cut"
                notes.note(f"{section}.notes.{key}", **said, cut=public if key == "cut" and public else cut, reason=public)


def add_added(words: BulletinWords, notes: Notes, section: str) -> None:
    """A note for each earlier period that districts reported late for, after its bulletin (补报)."""
    for day in dict.fromkeys(day for _, day in words.view.added):
        key = "added" if day == words.view.previous else "added_earlier"
        names = [name for name, added in words.view.added if added == day]
        notes.note(f"{section}.notes.{key}", districts=words.enumerated(names), label=period_label(day, words.programme))


def add_restated(words: BulletinWords, notes: Notes, section: str, counted: CountTable) -> None:
    """A note when changes stand against restated values of the previous bulletin (更正)."""
    compared = [
        row.name
        for row in counted.rows
        for indicator, count in zip(counted.indicators, row.counts, strict=True)
        if count.change is not None and (row.name, indicator.id) in words.view.restated
    ]
    if compared:
        notes.note(f"{section}.notes.restated", district=words.enumerated(compared))
