"""``python -m bench.detection [--each N] [--clean N] [--seed N] [--only TEXT] [--keep FOLDER]``: exit status 1 below a bar."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from bench.detection.judging import CLEAN, Item, Outcome, judge_items
from bench.detection.kinds import KINDS
from bench.detection.scores import Result, Score, result

EACH, CLEAN_COUNT = 31, 1001
"""Returns of every kind, and clean ones."""
TASKS = 16
WORKERS = 2
STORIES = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print it; 1 when a bar is missed."""
    options = _options(arguments)
    names = [name for name in KINDS if options.only in name]
    items = [(name, number) for number in range(options.each) for name in names]
    items += [(CLEAN, number) for number in range(options.clean)]
    began = time.perf_counter()
    outcomes = _judged(items, options.seed)
    found = result(outcomes, KINDS)
    _print(found)
    print(f"{len(items)} returns in {time.perf_counter() - began:.0f} s, seed {options.seed}")
    if options.keep:
        _keep(found.misses, options.keep)
    missed = found.missed_bars()
    print("\n".join(f"NOT KEPT: {bar}" for bar in missed) or "all bars kept")
    return 1 if missed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description="Known faults against the product's rules.")
    parser.add_argument("--each", type=int, default=EACH, help="returns of each kind of fault")
    parser.add_argument("--clean", type=int, default=CLEAN_COUNT, help="clean returns")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--only", default="", help="only kinds whose name holds this")
    parser.add_argument("--keep", type=Path, help="a folder for the files of the misses")
    return parser.parse_args(arguments)


def _judged(items: list[Item], seed: int) -> list[Outcome]:
    """By worker processes, each with a share of every kind."""
    tasks = [(share, seed) for number in range(TASKS) if (share := items[number::TASKS])]
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        return [outcome for outcomes in pool.starmap(judge_items, tasks, chunksize=1) for outcome in outcomes]


def _print(found: Result) -> None:
    print(f"{'kind of fault':36}{'injected':>9}{'found':>7}{'rule':>6}{'cell':>6}{'accepted wrong':>16}{'unlike seen':>13}")
    for score in found.seen:
        _line(score)
    _line(found.total)
    print(f"\n{'format':36}{'returns':>9}{'found':>7}{'rule':>6}{'right':>6}{'accepted wrong':>16}{'unlike seen':>13}")
    for score in found.formats:
        _line(score)
    print("\nno rule can see these by nature (a finding would be luck):")
    for score in found.blind:
        print(f"  {score.kind}: {score.injected} injected, {score.found} found; {KINDS[score.kind].blind}")
    print(f"\n{found.unlike} accepted with another number than a person sees")
    clean = found.clean
    per_thousand = [1000 * count / max(clean.injected, 1) for count in (found.errors, found.queries, found.hints)]
    print(f"\n{clean.injected} clean returns, {clean.wrong} accepted with wrong numbers; in 1,000 of them:")
    print("{:.1f} false errors, {:.1f} false queries; {:.0f} hints, which do not count".format(*per_thousand))
    if found.misses:
        print(f"\n{len(found.misses)} to look at:")
    for outcome in found.misses[:STORIES]:
        print(f"  {outcome.kind} no. {outcome.number}: {outcome.story}")


def _line(score: Score) -> None:
    counts = f"{score.injected:9}{score.found:7}{score.ruled:6}{score.right:6}{score.wrong:16}{score.unlike:13}"
    print(f"{score.kind:36}{counts}{'' if score.right == score.injected else '   <'}")


def _keep(misses: Sequence[Outcome], folder: Path) -> None:
    """The files of every miss in a folder of its own, with what was expected beside them."""
    for outcome in misses:
        place = folder / f"{outcome.kind} {outcome.number}".replace("/", "_")
        place.mkdir(parents=True, exist_ok=True)
        (place / "story.txt").write_text(outcome.story + "\n", encoding="utf-8")
        for name, content in outcome.files:
            (place / PurePosixPath(name).name).write_bytes(content)


if __name__ == "__main__":
    raise SystemExit(main())
