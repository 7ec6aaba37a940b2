"""A rule that crashes, in the product as it is run: one finding for that return, a traceback in the log, the others go on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.returns import write_return
from tests.support.workspaces import MARCH, drop, spec, workspace_at

BROKEN = """
import dataclasses
import pipeline.rules.table as table

def broken(file):
    if file.placed.district == "龙湾区":
        raise ZeroDivisionError("broken on purpose")
    return iter(())

table.RULES = tuple(dataclasses.replace(rule, judge=broken) if rule.id == "S05" else rule for rule in table.RULES)
from pipeline.cli import run_cli
raise SystemExit(run_cli())
"""


def test_one_finding_a_traceback_in_the_log_and_the_others_go_through(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    for district in ("鹿城区", "龙湾区", "瓯海区"):
        drop(office, f"{district}2025年3月.xlsx", write_return(spec(office.programme, district, MARCH)))
    command = [sys.executable, "-c", BROKEN, "--workspace", str(tmp_path), "run", "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    files = {file["district"]: file for file in json.loads(done.stdout)["files"]}
    assert {district: file["status"] for district, file in files.items()} == {
        "鹿城区": "accepted",
        "龙湾区": "pending",
        "瓯海区": "accepted",
    }
    assert [f["state"] for f in files["龙湾区"]["findings"] if f["rule"] == "Z01"] == ["open"]
    assert [f for f in files["鹿城区"]["findings"] if f["grade"] != "hint"] == []
    log = (tmp_path / "annex2.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "broken on purpose" in log
    assert "Traceback" not in done.stderr
