"""``python -m bench.torture [--points N] [--rounds N] [--processes N]``: exit status 1 when anything is lost or broken."""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path

from bench.torture.crowd import RUNS, crowd
from bench.torture.faults import choose
from bench.torture.scene import make_scene
from bench.torture.trial import Trial, attempt, record_calls
from bench.torture.verdict import BROKEN, DOUBLE, LOST, SILENT, Violation

POINTS, ROUNDS, PROCESSES = 520, 50, 2
TOLD_EVERY = 50
VERDICTS = (LOST, DOUBLE, BROKEN, SILENT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Torture the run, print what happened; 1 when a rule was broken."""
    options = _options(arguments)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="annex2-torture-") as name:
        scene = make_scene(Path(name))
        calls = record_calls(scene, Path(name))
        faults = choose(calls, options.points)
        print(f"{len(calls)} write-class calls recorded; {len(faults)} faults, a run after each", flush=True)
        trials: list[Trial] = []
        with ThreadPool(options.processes) as pool:  # each thread waits for processes
            for trial in pool.imap_unordered(functools.partial(attempt, scene), faults):
                trials.append(trial)
                _tell(str(trial.fault), trial.violations)
                if len(trials) % TOLD_EVERY == 0:
                    print(f"  {len(trials)} tried, {sum(bool(each.violations) for each in trials)} wrong", flush=True)
        rounds = [crowd(scene) for _ in range(options.rounds)]
    for number, violations in enumerate(rounds, 1):
        _tell(f"round {number}", violations)
    _print(trials, rounds)
    print(f"{time.perf_counter() - began:.0f} s")
    return 1 if any(trial.violations for trial in trials) or any(rounds) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description="Kills, errors and crowds against `annex2 run`.")
    parser.add_argument("--points", type=int, default=POINTS, help="faults injected, each followed by a run")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of {RUNS} runs at once")
    parser.add_argument("--processes", type=int, default=PROCESSES, help="faults tried at the same time")
    return parser.parse_args(arguments)


def _tell(what: str, violations: Sequence[Violation]) -> None:
    for verdict, seen in violations:
        print(f"{verdict.upper()} after {what}: {seen}", file=sys.stderr, flush=True)


def _print(trials: Sequence[Trial], rounds: Sequence[Sequence[Violation]]) -> None:
    """One line for each kind of fault and process, one for the crowds, and the exit statuses of the disturbed runs."""
    print(f"\n{'fault':<24}{'points':>8}{'hit':>6}" + "".join(f"{verdict:>8}" for verdict in VERDICTS) + "   status: count")
    for kind in sorted({(t.fault.action, t.fault.call.process) for t in trials}):
        _line(" ".join(kind), [t for t in trials if (t.fault.action, t.fault.call.process) == kind])
    _line("together", trials)
    counts = Counter(verdict for violations in rounds for verdict, _ in violations)
    print(f"{f'{RUNS} runs at once':<24}{len(rounds):>8}{'':>6}" + "".join(f"{counts[verdict]:>8}" for verdict in VERDICTS))


def _line(name: str, trials: Sequence[Trial]) -> None:
    found = [{verdict for verdict, _ in trial.violations} for trial in trials]
    counts = "".join(f"{sum(verdict in each for each in found):>8}" for verdict in VERDICTS)
    statuses = sorted(Counter(str(trial.status) for trial in trials).items())
    ended = ", ".join(f"{status}: {count}" for status, count in statuses)
    print(f"{name:<24}{len(trials):>8}{sum(trial.hit for trial in trials):>6}{counts}   {ended}")


if __name__ == "__main__":
    raise SystemExit(main())
