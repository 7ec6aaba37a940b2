"""How a run says how far it is; who shows it, and whether, is the caller's affair."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""(stage, done, of), the stage being ``read``, ``post`` or ``publish``."""


def silent(stage: str, done: int, of: int) -> None:
    """Nothing is shown."""
