"""``python -m bench [cold] [batch] [length] [watch]``: the main job against importing its libraries, against a plain loop of
pandas, in a long ledger, and on one file dropped while it watches."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.timing import Contestant, alternate, clean_environment, median_line
from bench.workspaces import empty_workspace, spread_periods, third_period_waiting, write_inbox
from schemas.programme import load_programme

ANNEX2 = str(Path(sys.executable).with_name("annex2"))
IMPORTS = "import pandera.pandas, sqlalchemy, xlsxwriter"
COLD_LIMIT = 1.4
BATCH_LIMIT = 4.0
LENGTH_LIMIT = 1.5
WATCH_LIMIT = 0.3
PERIODS = 77


def main(wanted: list[str]) -> None:
    """Prints the ratios; RuntimeError when the product did not take every return."""
    for name in wanted or list(BENCHMARKS):
        with tempfile.TemporaryDirectory(prefix="annex2-bench-") as scratch:
            BENCHMARKS[name](Path(scratch))


def cold(scratch: Path) -> None:
    """A cold run on thirteen returns against importing its libraries, in the same environment."""
    waiting = third_period_waiting(scratch / "ready", ANNEX2)
    _expect_all(scratch / "ready", scratch / "proof", waiting)
    product = Contestant(f"annex2 run, {waiting} returns", lambda folder: _copied(scratch / "ready", folder))
    imports = Contestant(f'python -c "{IMPORTS}"', lambda _: [sys.executable, "-c", IMPORTS])
    seen = alternate((product, imports), repetitions=9)
    ratio = statistics.median(seen[product.name]) / statistics.median(seen[imports.name])
    _report("cold start", seen, f"{ratio:.2f} times the imports (at most {COLD_LIMIT})", kept=ratio <= COLD_LIMIT)


def batch(scratch: Path) -> None:
    """Clean returns of many periods into an empty ledger against a plain loop over the same files."""
    periods = spread_periods(PERIODS, min(dt.date.today(), load_programme().end))
    count = write_inbox(empty_workspace(scratch / "ready", periods), periods)
    _expect_all(scratch / "ready", scratch / "proof", count)
    product = Contestant(f"annex2 run, {count} returns", lambda folder: _copied(scratch / "ready", folder))
    loop = Contestant("read_excel + validate + to_excel", lambda folder: _loop(scratch / "ready" / "inbox", folder))
    seen = alternate((product, loop), repetitions=3)
    ratio = statistics.median(seen[loop.name]) / statistics.median(seen[product.name])
    _report(
        f"{PERIODS} periods", seen, f"{ratio:.2f} times the loop's speed (at least {BATCH_LIMIT:g})", kept=ratio >= BATCH_LIMIT
    )


def length(scratch: Path) -> None:
    """Neighbour checks and posting of thirteen returns in a ledger of ten million observations against an empty one."""
    from bench.ledger_length import OBSERVATIONS, measure

    long, short = measure(scratch)
    ratio = statistics.median(long) / statistics.median(short)
    seen = {f"13 returns, {OBSERVATIONS:,} observations": long, "13 returns, none": short}
    _report("length of the ledger", seen, f"{ratio:.2f} times as long (at most {LENGTH_LIMIT})", kept=ratio <= LENGTH_LIMIT)


def watch(scratch: Path) -> None:
    """One file dropped while the watcher runs: from at rest to products in place."""
    from bench.warm import measure

    times = measure(scratch)
    middle = statistics.median(times)
    verdict = f"{middle * 1000:.0f} ms (at most {WATCH_LIMIT * 1000:.0f}); it rests one to two intervals of 1 s after the drop"
    _report("one dropped file in watch", {"one return, from at rest to products": times}, verdict, kept=middle <= WATCH_LIMIT)


BENCHMARKS = {"cold": cold, "batch": batch, "length": length, "watch": watch}


def _copied(ready: Path, folder: Path) -> list[str]:
    shutil.copytree(ready, folder, dirs_exist_ok=True)
    return [ANNEX2, "--workspace", str(folder), "run"]


def _loop(inbox: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.plain_loop", str(inbox), str(folder)]


def _expect_all(ready: Path, folder: Path, count: int) -> None:
    """The product's speed counts only if it takes everything: an untimed run says what became of the files."""
    done = subprocess.run([*_copied(ready, folder), "--json"], capture_output=True, encoding="utf-8", env=clean_environment())
    accepted = json.loads(done.stdout)["summary"]["accepted"] if done.stdout else 0
    if accepted != count:
        raise RuntimeError(f"{accepted} of {count} returns accepted (exit status {done.returncode})\n{done.stderr[-2000:]}")


def _report(title: str, seen: dict[str, list[float]], verdict: str, *, kept: bool) -> None:
    print(title)
    for name, times in seen.items():
        print(median_line(name, times))
    print(f"  {'kept' if kept else 'NOT KEPT'}: {verdict}\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
