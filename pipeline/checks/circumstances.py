"""What surrounds a return: earlier periods, deadlines, the form's own fields, what the city did by hand (F06-F16, M01)."""

from __future__ import annotations

from pipeline.checks.calendar import Calendar
from pipeline.checks.placing import Placed
from pipeline.model import Finding, History, Known


def circumstances(placed: Placed, past: History, known: Known, calendar: Calendar) -> tuple[Finding, ...]:
    """Findings of a placed return that concern the file and its time. ``past`` is what was accepted, of this run too."""
    return ()
