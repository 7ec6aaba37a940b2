"""Workspaces for ``annex2 doctor``, and what it says of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.upkeep.doctor import Office, Seen, State, examination, examine
from pipeline.workspace.workspace import Workspace
from schemas.programme import load_programme, read_wording
from tests.support.workspaces import NOW, workspace_at

WORDS = read_wording("doctor")

WHOLE = """
[periods]
called = ["2025-03-31"]
[deadlines]
working_day = 5
[holidays]
off = ["2025-01-01"]
[office]
contact = "王五"
phone = "0577-00000000"
definitions_confirmed = true
[decide]
names = ["张三", "李四"]
"""


def office_at(folder: Path) -> Workspace:
    """A workspace with everything set but mail."""
    programme = load_programme()
    units = "".join(f'[contacts."{name}"]\nunit = "{name}科学技术局"\n' for name in programme.district_names)
    (folder / "settings.toml").write_text(WHOLE + units, encoding="utf-8")
    return workspace_at(folder)


def setting(office: Workspace, old: str, new: str) -> Workspace:
    """The workspace with another text in its settings."""
    file = office.root / "settings.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return workspace_at(office.root)


def said(office: Workspace, check: str, now: dt.datetime = NOW) -> list[Seen]:
    """What one check says."""
    checks = tuple(each for each in examination.CHECKS if each[0] == check)
    return list(examine(Office(office, now, installed=NOW), checks))


def case(check: str, name: str, **words: object) -> Seen:
    """What the wording has for a case."""
    told = WORDS[check][name]
    text, advice = (told.get(part, "").format(**words) for part in ("text", "advice"))
    return Seen(WORDS[check]["subject"], State(told["state"]), text, advice)
