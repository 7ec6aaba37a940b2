"""``make fuzz`` in small (bench/fuzz): nothing raises, mutants stay the same, and what it counts as wrong is wrong."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path

import pytest

from bench.fuzz import office
from bench.fuzz.goods import KINDS
from bench.fuzz.mutants import families, made, mutant
from bench.fuzz.rates import Rates
from bench.fuzz.state import State
from bench.fuzz.trial import Outcome, attempt, tried
from tests.support.programs import LIBREOFFICE, needs

SEED, EACH = 14, 4
CASES = [(fmt, family) for fmt in KINDS for family in families(fmt)]
ACCEPTED = Outcome(0, "xlsx", "sheet", "a.xlsx", "accepted", used=(("附件2", 5, 3, 8), ("附件2", 5, 4, 12)), shown=office.SAME)


@pytest.mark.parametrize(("fmt", "family"), CASES)
def test_damaged_returns_raise_nothing(fmt: str, family: str) -> None:
    outcomes = [tried(made(SEED, number, fmt, family)) for number in range(EACH)]
    assert [(outcome.number, outcome.told) for outcome in Rates(outcomes).raised] == []


def test_a_mutant_is_the_same_on_every_call() -> None:
    assert mutant(SEED, 17).content == mutant(SEED, 17).content


def test_formats_and_families_take_turns() -> None:
    cases = {(each.fmt, each.family) for each in (mutant(SEED, number) for number in range(12 * len(KINDS)))}
    assert cases == set(CASES)


SHOWN = {
    "8": 8, "1,234": 1234, "8.00": 8, "１２": 12, " 12 家": 12, "12（家）": 12, "12。": 12, "\u202c7": 7, '="16"': 16,
    "": None, "8.5": None, "-3": None, "1,23": None, "25%": None, "约30": None, "2024-06-30": None, "见附件": None,
}  # fmt: skip


@pytest.mark.parametrize("text", SHOWN)
def test_the_number_a_person_reads(text: str) -> None:
    assert office.number(text) == SHOWN[text]


def test_what_was_tried_is_kept_and_an_unfinished_line_is_tried_again(tmp_path: Path) -> None:
    state = State(tmp_path, SEED)
    outcomes = [attempt(SEED, number) for number in (0, 7)]
    state.add(outcomes)
    with state.file.open("a", encoding="utf-8") as stream:
        stream.write('{"number": 9, "fm')
    assert list(state.read().values()) == outcomes


def test_a_find_is_kept_with_its_file(tmp_path: Path) -> None:
    outcome = attempt(SEED, 3)
    place = State(tmp_path, SEED).keep(outcome)
    assert sorted(file.name for file in place.iterdir()) == sorted([Path(outcome.name).name, "story.txt"])


BARS = {
    "all well": ([ACCEPTED] * 3, 0),
    "an exception": ([ACCEPTED, dataclasses.replace(ACCEPTED, status="raised")], 1),
    "a reader that hangs": ([dataclasses.replace(ACCEPTED, status="hung")], 1),
    "another number than shown": ([dataclasses.replace(ACCEPTED, shown=f"{office.OTHER}: …")], 1),
    "one of a thousand": ([ACCEPTED] * 999 + [dataclasses.replace(ACCEPTED, shown=f"{office.OTHER}: …")], 0),
    "another number, but asked about": ([dataclasses.replace(ACCEPTED, status="pending", shown=f"{office.OTHER}: …")], 0),
    "a formula reckoned anew": ([dataclasses.replace(ACCEPTED, shown=f"{office.RECKONED}: …")], 0),
    "a file that LibreOffice refuses": ([dataclasses.replace(ACCEPTED, shown=office.REFUSED)], 0),
}


@pytest.mark.parametrize("case", BARS)
def test_bars(case: str) -> None:
    outcomes, missed = BARS[case]
    assert len(Rates(outcomes).missed_bars()) == missed


@needs(LIBREOFFICE)
def test_libreoffice_tells_right_numbers_from_wrong_ones() -> None:
    """Of a mutant that was accepted, and of the same with another number in its place."""
    numbers = (number for number in range(300) if mutant(SEED, number).family == "sheet")
    good = next(
        outcome for outcome in (attempt(SEED, number) for number in numbers) if outcome.accepted and outcome.fmt.startswith("xls")
    )
    sheet, row, column, value = good.used[0]
    wrong = dataclasses.replace(good, used=((sheet, row, column, value + 1), *good.used[1:]))
    assert [office.looked_at([each], SEED)[0].shown.split(":")[0] for each in (good, wrong)] == [office.SAME, office.OTHER]


HALTING = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
shown=$2; shift 2; mkdir -p "$shown"
for file; do
  case $(cat "$file") in
    good) cp "$file" "$shown/$(basename "$file" .xls)-a.csv";;
    halts) sleep 1000 & echo $! >> "$shown.children"; wait;;
  esac
done
"""
"""A program in LibreOffice's place: one sheet a file; one it refuses, and at one it halts with a child of its own."""


def test_a_file_that_halts_libreoffice_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(HALTING)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(office, "START_SECONDS", 1.0)
    monkeypatch.setattr(office, "FILE_SECONDS", 0.1)
    files = [tmp_path / f"m{number}.xls" for number in range(9)]
    for file, text in zip(
        files, ["good", "refused", "good", "halts", "good", "halts", "refused", "good", "refused"], strict=True
    ):
        file.write_text(text)
    shown = tmp_path / "shown"
    office.convert_all(files, shown, tmp_path, separated=False)
    assert sorted(path.name for path in shown.iterdir()) == ["m0-a.csv", "m2-a.csv", "m4-a.csv", "m7-a.csv"]
    children = (tmp_path / "shown.children").read_text().split()
    assert len(children) == 4
    assert [child for child in children if _runs(child, within=5.0)] == []


def _runs(process: str, within: float) -> bool:
    """Still, after so many seconds at most; one that nobody has waited for yet has no command line any more."""
    end = time.monotonic() + within
    command = Path("/proc") / process / "cmdline"
    while running := command.exists() and bool(command.read_bytes()):
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    return running
