"""``python -m bench.torture [--kills N] [--errors N] [--rounds N] [--processes N]``: exit status 1 when anything is lost, double,
broken or silent, and when fewer faults than asked for were confirmed."""

from __future__ import annotations

import argparse
import functools
import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path

from bench.torture.crowd import RUNS, crowd
from bench.torture.faults import ERRORS, KILLS, Fault, choose
from bench.torture.scene import Scene, make_scene
from bench.torture.trial import Trial, attempt, record_calls
from bench.torture.verdict import BROKEN, DOUBLE, LOST, SILENT, Violation

KILL_POINTS, ERROR_POINTS, ROUNDS, PROCESSES = 500, 300, 50, 2
SPARE = 4
"""For so many faults one more is at hand, in place of one that did not come about."""
TOLD_EVERY = 50
VERDICTS = (LOST, DOUBLE, BROKEN, SILENT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Torture the run, print what happened; 1 when a rule was broken."""
    options = _options(arguments)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="annex2-torture-") as name:
        scene = make_scene(Path(name))
        calls = record_calls(scene, Path(name))
        print(f"{len(calls)} write-class calls recorded; a run after each fault", flush=True)
        asked = {KILLS: options.kills, ERRORS: options.errors}
        with ThreadPool(options.processes) as pool:  # each thread waits for processes
            tried = {actions: _tried(scene, choose(calls, actions, n + n // SPARE), n, pool) for actions, n in asked.items()}
        rounds = [crowd(scene) for _ in range(options.rounds)]
    for number, violations in enumerate(rounds, 1):
        _tell(f"round {number}", violations)
    trials = [trial for every in tried.values() for trial in every]
    _print(trials, rounds)
    print(f"{time.perf_counter() - began:.0f} s")
    confirmed = {actions: sum(trial.hit for trial in every) for actions, every in tried.items()}
    for actions, count in confirmed.items():
        print(f"{' and '.join(actions)}: {count} confirmed of {asked[actions]} asked for")
    enough = all(count >= asked[actions] for actions, count in confirmed.items())
    return 0 if enough and not any(trial.violations for trial in trials) and not any(rounds) else 1


def _tried(scene: Scene, faults: Sequence[Fault], wanted: int, pool: ThreadPool) -> list[Trial]:
    """So many of the faults that ``wanted`` of them are confirmed, as far as there are enough."""
    trials: list[Trial] = []
    left = iter(faults)
    while batch := list(itertools.islice(left, wanted - sum(trial.hit for trial in trials))):
        for trial in pool.imap_unordered(functools.partial(attempt, scene), batch):
            trials.append(trial)
            _tell(str(trial.fault), trial.violations)
            if len(trials) % TOLD_EVERY == 0:
                print(f"  {len(trials)} tried, {sum(bool(each.violations) for each in trials)} wrong", flush=True)
    return trials


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description="Kills, errors and crowds against `annex2 run`.")
    parser.add_argument("--kills", type=int, default=KILL_POINTS, help="confirmed kills, each followed by a run")
    parser.add_argument("--errors", type=int, default=ERROR_POINTS, help="confirmed errors of the disk, each followed by a run")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of {RUNS} runs at once")
    parser.add_argument("--processes", type=int, default=PROCESSES, help="faults tried at the same time")
    return parser.parse_args(arguments)


def _tell(what: str, violations: Sequence[Violation]) -> None:
    for verdict, seen in violations:
        print(f"{verdict.upper()} after {what}: {seen}", file=sys.stderr, flush=True)


def _print(trials: Sequence[Trial], rounds: Sequence[Sequence[Violation]]) -> None:
    """One line for each kind of fault and process, one for the crowds, and the exit statuses of the disturbed runs."""
    print(
        f"\n{'fault':<24}{'points':>8}{'confirmed':>11}" + "".join(f"{verdict:>8}" for verdict in VERDICTS) + "   status: count"
    )
    for kind in sorted({(t.fault.action, t.fault.call.process) for t in trials}):
        _line(" ".join(kind), [t for t in trials if (t.fault.action, t.fault.call.process) == kind])
    _line("together", trials)
    counts = Counter(verdict for violations in rounds for verdict, _ in violations)
    print(f"{f'{RUNS} runs at once':<24}{len(rounds):>8}{'':>11}" + "".join(f"{counts[verdict]:>8}" for verdict in VERDICTS))


def _line(name: str, trials: Sequence[Trial]) -> None:
    found = [{verdict for verdict, _ in trial.violations} for trial in trials]
    counts = "".join(f"{sum(verdict in each for each in found):>8}" for verdict in VERDICTS)
    statuses = sorted(Counter(str(trial.status) for trial in trials).items())
    ended = ", ".join(f"{status}: {count}" for status, count in statuses)
    print(f"{name:<24}{len(trials):>8}{sum(trial.hit for trial in trials):>11}{counts}   {ended}")


if __name__ == "__main__":
    raise SystemExit(main())
