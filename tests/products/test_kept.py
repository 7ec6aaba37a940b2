"""Products kept in memory (pipeline/outputs/kept.py)."""

from __future__ import annotations

import dataclasses

from pipeline.products.return_copy.kept import Kept
from pipeline.products.return_copy.of_files import return_copies
from tests.products.return_copies import FLAWED, sent
from tests.returns import file_name, write_return
from tests.support.judging import PROGRAMME


def test_the_same_sources_are_made_once() -> None:
    kept, calls = Kept(), list[int]()

    def make() -> bytes:
        calls.append(1)
        return b"product"

    assert kept.made(make, "a", 1) == kept.made(make, "a", 1) == b"product"
    assert len(calls) == 1


def test_other_sources_are_made_anew() -> None:
    kept = Kept()
    kept.made(lambda: b"one", "a", 1)
    assert kept.made(lambda: b"two", "a", "1") == b"two"


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept(most=10)
    for name in ("old", "new", "old", "newest"):
        kept.made(lambda: b"12345", name)
    assert kept.made(lambda: b"again", "old") == b"12345"
    assert kept.made(lambda: b"again", "new") == b"again"


def test_a_copy_follows_what_its_file_was_found_to_be() -> None:
    file = sent(file_name(FLAWED), write_return(FLAWED))
    other = dataclasses.replace(file.record, findings=file.record.findings[:1])
    originals = {file.record.sha256: file.original}
    copies = [next(return_copies(PROGRAMME, None, [record], originals, []))[2] for record in (file.record, other, file.record)]
    assert copies[0] == copies[2] == file.copy()
    assert copies[0] != copies[1]
