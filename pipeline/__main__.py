"""The console script. Light, because worker processes import it again: the command line itself is loaded when it is called."""

from __future__ import annotations

import gc
import sys

JUDGING = {"run", "check", "demo", "approve", "refuse", "explain", "return", "withdraw", "assign", "receive", "excuse", "reopen"}
"""Commands that judge: their processes may begin before the command line itself is imported, the slowest first."""

OBJECTS_BETWEEN_COLLECTIONS = 200_000  # importing makes that many lasting objects; looking through them for garbage takes a while


def main() -> None:
    """Run the command line; the process ends with its exit status (interface.md)."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    if JUDGING.intersection(sys.argv[1:]):
        from pipeline import judge_process, workers

        judge_process.begin_early()
        workers.begin_early()
    from pipeline.cli import run_cli

    status = run_cli()
    gc.freeze()  # the process ends: nothing more needs to be looked through
    raise SystemExit(status)


if __name__ == "__main__":
    main()
