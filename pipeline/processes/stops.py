"""What reaches the processes that work for this one, and what reaches the user's window from them.

What a terminal sends to all its processes, Ctrl-C and the end of its window, is for the caller to heed: it may want to end its
run first, and those that work for it say nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name))


@contextmanager
def held_back() -> Iterator[None]:
    """Nothing of it arrives in the block; a process begun there never hears of it, its caller when the block ends."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def silenced() -> Iterator[None]:
    """A process begun in the block has nothing to say on standard error, not even where it fails to begin. Raises OSError."""
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        window = os.dup(STDERR)
    except OSError:  # there is no window
        os.close(silence)
        yield
        return
    os.dup2(silence, STDERR)
    os.close(silence)
    try:
        yield
    finally:
        os.dup2(window, STDERR)
        os.close(window)


STDERR = 2
