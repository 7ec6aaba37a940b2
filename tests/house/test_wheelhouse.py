"""The wheelhouse: what of the lock file each kind of machine is given. That it suffices is `make without-network`."""

from __future__ import annotations

import pytest

from offline.wheelhouse import HERE, LOCK, TARGETS, Locked, Target, locked, wanted

BY_NAME = {target.name: target for target in TARGETS}
WINDOWS, LINUX = BY_NAME["windows-amd64"], BY_NAME["linux-x86_64-glibc2.27"]


@pytest.fixture(scope="module")
def packages() -> list[Locked]:
    return list(locked(LOCK.read_text(encoding="utf-8")))


def test_every_package_of_the_lock_is_read_with_its_hashes(packages: list[Locked]) -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert len(packages) == sum("==" in line for line in text.splitlines()) > 50
    assert sum(one.hashes.count("--hash=sha256:") for one in packages) == text.count("--hash=sha256:")


@pytest.mark.parametrize(
    ("target", "python", "name", "given"),
    [
        (WINDOWS, "3.11", "colorama", 1),
        (LINUX, "3.11", "colorama", 0),
        (WINDOWS, "3.11", "numpy", 1),
        (LINUX, "3.13", "numpy", 1),
        (HERE, "3.11", "numpy", 1),
        (LINUX, "3.11", "setuptools", 1),
    ],
    ids=lambda value: value.name if isinstance(value, Target) else str(value),
)
def test_markers_are_asked_for_the_target_not_for_this_machine(
    packages: list[Locked], target: Target, python: str, name: str, given: int
) -> None:
    assert [one.requirement.name for one in wanted(packages, target, python)].count(name) == given


def test_each_python_gets_the_numpy_locked_for_it(packages: list[Locked]) -> None:
    pins = {
        python: [one.line for one in wanted(packages, LINUX, python) if one.requirement.name == "numpy"]
        for python in ("3.11", "3.12")
    }
    assert pins["3.11"] != pins["3.12"]


def test_wheels_for_newer_c_libraries_than_the_target_are_not_asked_for() -> None:
    assert "manylinux_2_28_x86_64" not in LINUX.tags
    assert {"manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(LINUX.tags)
