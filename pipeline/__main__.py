"""The console script. Light, because worker processes import it again: the command line itself is loaded when it is called."""

from __future__ import annotations

import contextlib
import gc
import signal
import sys

from pipeline.model.words import Words

JUDGING = {"run", "check", "demo", "approve", "refuse", "explain", "return", "withdraw", "assign", "receive", "excuse", "reopen"}
"""Commands that judge: their processes may begin before the command line itself is imported, the slowest first."""

INTERRUPTED = 130
"""The exit status of what Ctrl-C ended."""

OBJECTS_BETWEEN_COLLECTIONS = 200_000  # importing makes that many lasting objects; looking through them for garbage takes a while


def main() -> None:
    """Run the command line; the process ends with its exit status (interface.md)."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        status = _command()
    except KeyboardInterrupt:
        status = _interrupted()
    gc.freeze()  # the process ends: nothing more needs to be looked through
    raise SystemExit(status)


def _command() -> int:
    if JUDGING.intersection(sys.argv[1:]):
        from pipeline.model.errors import MachineShort
        from pipeline.processes import judge_process
        from pipeline.processes import pool as workers

        judge_process.begin_early()
        with contextlib.suppress(MachineShort):  # whoever needs them says so
            workers.begin_early()
    from pipeline.cli import run_cli

    return run_cli()


def _interrupted() -> int:
    """Ctrl-C, as early as during the imports: one line says what is in the ledger. Pressed again, it changes nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from pipeline.model.account import account
    from schemas.programme import DEFAULT_WORDING

    print(Words(DEFAULT_WORDING, "messages").text("interrupted", count=account().posted), file=sys.stderr)
    return INTERRUPTED


if __name__ == "__main__":
    main()
