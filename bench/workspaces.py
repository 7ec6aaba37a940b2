"""The workspaces that the benchmarks run in."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.timing import clean_environment
from schemas.programme import load_programme
from tests.returns import ReturnSpec, clean_panel, file_name, write_return
from tests.support.samples import RETURNS

THREE_PERIODS = (dt.date(2024, 6, 30), dt.date(2024, 9, 30), dt.date(2024, 12, 31))
FIRST_PERIOD = dt.date(2024, 1, 31)


def write_inbox(inbox: Path, periods: Sequence[dt.date]) -> int:
    """Clean returns of every district for ``periods`` as .xlsx, named by district and date; returns how many."""
    programme = load_programme()
    panel = clean_panel(programme, periods, seed=2024)
    for (district, period), values in panel.items():
        spec = ReturnSpec(district, period, values, layout="plan", naming="district_iso", programme=programme)
        (inbox / file_name(spec)).write_bytes(write_return(spec))
    return len(panel)


def spread_periods(count: int, last: dt.date) -> list[dt.date]:
    """``count`` as-of dates at even distances from FIRST_PERIOD to ``last``; ValueError when there are fewer days."""
    days = (last - FIRST_PERIOD).days
    if days < count - 1:
        raise ValueError(f"no {count} days from {FIRST_PERIOD} to {last}")
    return [FIRST_PERIOD + dt.timedelta(days=days * n // (count - 1)) for n in range(count)]


def empty_workspace(folder: Path, called: Sequence[dt.date] = ()) -> Path:
    """A workspace without a ledger, with the called periods in its settings; returns its inbox."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    if called:
        dates = ", ".join(f'"{period}"' for period in called)
        (folder / "settings.toml").write_text(f"[periods]\ncalled = [{dates}]\n", encoding="utf-8")
    return inbox


def third_period_waiting(folder: Path, annex2: str) -> int:
    """Two earlier periods in the ledger, thirteen returns of the third in the inbox; returns how many wait."""
    inbox = empty_workspace(folder)
    for period in THREE_PERIODS:
        if period != THREE_PERIODS[0]:
            subprocess.run([annex2, "--workspace", str(folder), "run"], check=True, capture_output=True, env=clean_environment())
        shutil.copytree(RETURNS / period.isoformat(), inbox, dirs_exist_ok=True)
    return sum(1 for path in inbox.rglob("*") if path.is_file())
