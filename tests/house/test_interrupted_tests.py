"""``python -m tests`` that is interrupted leaves nothing behind: no process, no temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests import ROOT

BEGINS = 120.0
"""Seconds in which the inner tests begin, on a machine that has much else to do."""
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are counted in /proc")

SLOW = """
import subprocess, time
from pathlib import Path
from tests.support import postgres
from tests.support.programs import POSTGRESQL

def test_slow(tmp_path):
    if POSTGRESQL.find():
        postgres.schema()
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    Path(r"{sign}").touch()
    time.sleep(600)
"""


def descendants(folder: Path) -> set[int]:
    """The processes that have this folder for their temporary files."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                found.add(int(process.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_stays(tmp_path: Path, number: signal.Signals) -> None:
    sign, temporary = tmp_path / "begun", Path(tempfile.mkdtemp())
    temporary.chmod(0o711)  # the server of the tests may run as another user
    (tmp_path / "test_slow.py").write_text(SLOW.replace("{sign}", str(sign)))
    process = subprocess.Popen(
        [sys.executable, "-c", "import tests.__main__ as m; m.QUIET.clear(); raise SystemExit(m.main(m.sys.argv[1:]))",
         "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path / "test_slow.py")],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + BEGINS
        while not sign.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        folder = next(temporary.iterdir())
        assert len(descendants(folder)) >= 3
        process.send_signal(number)
        assert process.wait(60) == 128 + number
        assert descendants(folder) == set()
        assert list(temporary.iterdir()) == []
    finally:
        process.kill()
        shutil.rmtree(temporary)
