"""What the notice of a restatement (更正通知, wording.md 10.4) says instead: value by value, old and new, with the reasons."""

from __future__ import annotations

from typing import Any

from pipeline.model.catalogue import nested
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures.restatement import Change, Restatement, restatement
from pipeline.products.notice.said import percent


def correction(words: BulletinWords) -> dict[str, Any]:
    """For the template: ``reference`` (what is corrected), ``districts_named``, ``corrections`` and ``after``; else nothing."""
    found = restatement(words.programme, words.view)
    if found is None:
        return {}
    return {
        "reference": _reference(words, found),
        "districts_named": words.enumerated(change.district for change in found.changes),
        "corrections": [nested(_changed(words, change)) for change in found.changes],
        "after": _after(words, found),
    }


def _reference(words: BulletinWords, found: Restatement) -> str:
    """《…的通报》, with its 文号 where that is registered."""
    imprint = found.corrected.imprint
    number = imprint.number.strip() if imprint else ""
    return words.notice.text("restated.reference") + (words.notice.text("restated.number", number=number) if number else "")


def _changed(words: BulletinWords, change: Change) -> str:
    key = "added" if change.old is None else "dropped" if change.new is None else "values"
    return words.notice.text(
        f"restated.{key}",
        district=change.district,
        indicator=change.indicator.name,
        unit=change.indicator.unit,
        old=change.old,
        new=change.new_state if change.new is None else change.new,
        reason=change.reason or words.text("blank"),
    )


def _after(words: BulletinWords, found: Restatement) -> str:
    city = words.progress.city
    moved = [
        words.notice.text("restated.moved", district=name, before=found.before[name], after=found.after[name])
        for name in found.moved
    ]
    key = "after" if city.completion is not None else "after_without_rate"
    ranks = words.enumerated(moved) if moved else words.notice.raw("restated.unmoved")
    return words.notice.text(f"restated.{key}", value=city.value or 0, rate=percent(city.completion), ranks=ranks)
