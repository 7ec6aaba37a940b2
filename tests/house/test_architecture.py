"""The house plan holds: who may import whom, which rooms start fast, and that every room has a place."""

from __future__ import annotations

import ast
import logging
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import pipeline
from tests import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
HEAVY = {"pandas", "numpy", "pandera", "sqlalchemy", "openpyxl", "xlsxwriter", "great_expectations"}
ROOMS = sorted(module.name for module in pkgutil.iter_modules(pipeline.__path__) if module.name != "__main__")


@pytest.fixture(autouse=True)
def _logs_stay_on() -> Iterator[None]:
    """import-linter configures logging and turns every other logger off; the tests after this one read logs."""
    loggers = {name: logging.getLogger(name) for name in list(logging.root.manager.loggerDict)}
    on = [logger for logger in loggers.values() if not logger.disabled]
    yield
    for logger in on:
        logger.disabled = False


@pytest.mark.parametrize("contract", CONTRACTS)
def test_import_contract_is_kept(contract: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    broken = lint_imports(limit_to_contracts=(contract,), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_place_in_the_layers(room: str) -> None:
    places = {name for layer in CONTRACTS["one-direction"]["layers"] for name in re.findall(r"[\w.]+", layer)}
    assert room in places


LOAD_ALL = """
import importlib, pkgutil, sys
def load(name):
    for part in pkgutil.iter_modules(getattr(importlib.import_module(name), "__path__", [])):
        load(f"{name}.{part.name}")
load(sys.argv[1])
print(*{name.partition(".")[0] for name in sys.modules})
"""


def _loaded_with(room: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after importing every module of ``room``."""
    done = subprocess.run([sys.executable, "-c", LOAD_ALL, room], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("room", ["pipeline.reading", "pipeline.model"])
def test_reading_workers_start_without_heavy_libraries(room: str) -> None:
    assert not _loaded_with(room) & HEAVY


def test_worker_processes_that_import_the_main_module_again_stay_light() -> None:
    assert not _loaded_with("pipeline.__main__") & (HEAVY | {"typer", "rich"})


@pytest.mark.parametrize("command", ["run", "check", "watch"])
def test_what_begins_to_read_is_imported_without_heavy_libraries(command: str) -> None:
    """The workers begin before the ledger's library is imported."""
    loaded = _loaded_with(f"pipeline.cli.{command}")
    assert not loaded & HEAVY


INSIDE = 40
"""Imports of our own modules inside functions stay below this. Those that stand there put off what is heavy: the ledger until the
workers read, the products until a worker makes them, Great Expectations until the gate is asked, the command line itself until
the processes have begun."""


def _inside_functions(file: Path) -> Iterator[str]:
    """Imports of our own modules that are made only when a function is called."""
    functions = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef))
    for node in {id(node): node for function in functions for node in ast.walk(function)}.values():
        named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        named += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if any(name.partition(".")[0] in ("pipeline", "schemas") for name in named):
            yield f"{file.relative_to(ROOT)}: {ast.unparse(node)}"


def test_few_imports_of_our_own_modules_stand_inside_functions() -> None:
    files = (file for room in ("pipeline", "schemas") for file in sorted((ROOT / room).rglob("*.py")))
    found = [line for file in files for line in _inside_functions(file)]
    assert len(found) < INSIDE, "\n".join(found)


def test_lock_files_pin_with_hashes_and_name_no_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert all("--hash=sha256:" in pinned for pinned in text.replace("\\\n", "").splitlines() if "==" in pinned)


def _pinned(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line and not line.startswith(" ")}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"\[|>=", requirement)[0].strip() for requirement in requirements}


def test_every_dependency_is_locked() -> None:
    assert _names(PROJECT["project"]["dependencies"]) <= _pinned("requirements.lock")
    assert _names(PROJECT["dependency-groups"]["dev"]) <= _pinned("requirements-dev.lock")
    assert _pinned("requirements.lock") <= _pinned("requirements-dev.lock")
