"""The settings that the manual and the README show are settings of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.workspace.settings import load_settings
from tests import ROOT

SHOWN = [
    pytest.param(block, id=f"{name}-{number}")
    for name in ("docs/使用手册.md", "README.md")
    for number, block in enumerate(re.findall(r"```toml\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL), 1)
]


@pytest.mark.parametrize("block", SHOWN)
def test_what_is_shown_can_be_loaded(tmp_path: Path, block: str) -> None:
    (tmp_path / "settings.toml").write_text(block, encoding="utf-8")
    load_settings(tmp_path, {})
