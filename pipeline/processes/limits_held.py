"""A process held to what its task may use up of the machine, where the platform has such limits (Windows none, macOS few)."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.model.allowance import DEFAULTS, Allowance

LARGEST_FILE = 1 << 30  # bytes that a process writes into one file: a product that does not end must not fill the disk


if sys.platform == "win32":

    def begin() -> None:
        """Nothing to hold this process to."""

    @contextmanager
    def held_to(allowance: Allowance) -> Iterator[None]:
        """The caller's patience alone limits the block."""
        yield

    def memory_is_short() -> bool:
        """Nobody knows."""
        return False

else:
    import resource

    _floor: list[int] = []

    def begin() -> None:
        """Of this process, once it has imported what it needs: what it holds by now counts for nobody's task."""
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        _soft(resource.RLIMIT_CORE, 0)
        _soft(resource.RLIMIT_FSIZE, LARGEST_FILE)
        _floor[:] = [_data()]

    @contextmanager
    def held_to(allowance: Allowance) -> Iterator[None]:
        """Whoever uses more of the processor is ended by SIGXCPU, even where nothing but a signal ends it; whoever asks for more
        memory gets none: MemoryError, or a library's abort. Only a process that works for another is held to anything."""
        if not _floor:
            yield
            return
        if allowance.seconds is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            _soft(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + allowance.seconds))
        if allowance.memory is not None:
            _soft(resource.RLIMIT_DATA, _floor[0] + allowance.memory)
        lifted = [(limit, (resource.getrlimit(limit)[1],) * 2) for limit in (resource.RLIMIT_DATA, resource.RLIMIT_CPU)]
        try:
            yield
        finally:  # memory first: without any, nothing else can be done, not even be told
            for limit, both in lifted:
                resource.setrlimit(limit, both)

    def memory_is_short() -> bool:
        """Whether somebody else holds this process to less memory than any task may use: then a lack of it is nobody's fault."""
        least = min(memory for _, memory in DEFAULTS.values())
        hard = (resource.getrlimit(getattr(resource, name))[1] for name in ("RLIMIT_AS", "RLIMIT_DATA"))
        return any(limit != resource.RLIM_INFINITY and limit < least + sum(_floor) for limit in hard)

    def _soft(limit: int, value: int) -> None:
        """Up to the hard limit, which stays: what is lowered there can never be raised. Platforms refuse some."""
        _, hard = resource.getrlimit(limit)
        if hard != resource.RLIM_INFINITY:
            value = hard if value == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, hard))

    def _data() -> int:
        """Bytes that RLIMIT_DATA counts of this process; 0 where nobody tells, and the limit is not heeded either."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        except (OSError, ValueError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")
