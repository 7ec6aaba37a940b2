"""``python -m bench.fuzz [--mutants N] [--seed N] [--state FOLDER] [--workers N]``: exit status 1 when a bar is missed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.fuzz import office
from bench.fuzz.mutants import mutant
from bench.fuzz.rates import Rates
from bench.fuzz.state import State
from bench.fuzz.trial import DIED, HUNG, Outcome, attempt
from pipeline.model.allowance import for_reading
from pipeline.model.work import HelperEnded
from pipeline.processes.pool import start_workers
from schemas.programme import load_programme

MUTANTS = 1300
"""Minutes; 8,400 are the whole."""
SLICE = 260
"""Mutants between two lines of the state."""
ASKED_EVERY = 5
"""Of those not accepted of which a number was read, one in so many is shown to LibreOffice too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants that were not tried yet, print what came of all; 1 when a bar is missed."""
    options = _options(arguments)
    state, began = State(options.state, options.seed), time.perf_counter()
    known = state.read()
    left = [number for number in range(options.mutants) if number not in known]
    print(f"{options.mutants} mutants, seed {options.seed}; {options.mutants - len(left)} tried before: {state.file}", flush=True)
    if not office.is_there():
        print(f"no {office.PROGRAM} here: nobody says what the accepted ones show")
    for start in range(0, len(left), SLICE):
        outcomes = list(_tried(left[start : start + SLICE], options.seed, options.workers))
        state.add(outcomes := _shown(outcomes, options.seed))
        known |= {outcome.number: outcome for outcome in outcomes}
        print(f"  {start + len(outcomes)} of {len(left)}, {time.perf_counter() - began:.0f} s", flush=True)
    rates = Rates([known[number] for number in sorted(known) if number < options.mutants])
    return _told(rates, state)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Damaged good returns against reading and rules.")
    parser.add_argument("--mutants", type=int, default=MUTANTS)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument(
        "--state", type=Path, default=Path(".fuzz"), help="a folder: what was found, to go on with and to look at"
    )
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args(arguments)


def _tried(numbers: Sequence[int], seed: int, workers: int) -> Iterator[Outcome]:
    """Each under the limit that reading has; making the mutant and its copy is in it."""
    programme = load_programme()
    with start_workers(workers, programme) as pool:
        tasks = [(number, pool.schedule(attempt, (seed, number), for_reading(programme))) for number in numbers]
        for number, task in tasks:
            try:
                yield task.result()
            except HelperEnded as failure:
                yield _ended(seed, number, HUNG if failure.reason == "time" else DIED)


def _ended(seed: int, number: int, status: str) -> Outcome:
    made = mutant(seed, number)
    return Outcome(number, made.fmt, made.family, made.name, status)


def _shown(outcomes: Sequence[Outcome], seed: int) -> list[Outcome]:
    """With what LibreOffice shows of all accepted ones, and of some others."""
    if not office.is_there():
        return list(outcomes)
    asked = [outcome for outcome in outcomes if outcome.used and not outcome.accepted]
    chosen = {id(outcome) for outcome in (*asked[::ASKED_EVERY], *(o for o in outcomes if o.accepted))}
    seen = {outcome.number: outcome for outcome in office.looked_at([o for o in outcomes if id(o) in chosen], seed)}
    return [seen.get(outcome.number, outcome) for outcome in outcomes]


def _told(rates: Rates, state: State) -> int:
    print("\n".join(["", *rates.lines()]))
    for title, finds in (
        ("ACCEPTED OTHERWISE", rates.wrong),
        ("RAISED", rates.raised),
        ("NOT OPENED BY LIBREOFFICE", rates.unopened),
    ):
        for outcome in finds:
            said = "".join(outcome.told.strip().splitlines()[-1:]) or outcome.shown
            print(f"{title}: no. {outcome.number} {outcome.fmt} {outcome.family}: {said}; {state.keep(outcome)}")
    missed = rates.missed_bars()
    print("\n".join(f"NOT KEPT: {bar}" for bar in missed) or "all bars kept")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
