"""``make wheelhouse``: the locked wheels of every kind of office PC and the project's own wheel, in one folder.

pip takes from the folder what fits the machine. Platforms that some locked package has no wheel for are named at the end.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")


@dataclass(frozen=True)
class Target:
    """A kind of machine: pip's platform tags, best first, and what environment markers say there. No tags: this machine."""

    name: str
    tags: tuple[str, ...]
    environment: Mapping[str, str]
    required: bool


def _linux(machine: str, glibc: int, required: bool) -> Target:
    """A Linux whose C library is 2.``glibc`` or later."""
    tags = (*(f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 16, -1)), f"manylinux2014_{machine}")
    environment = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": machine}
    return Target(f"linux-{machine}-glibc2.{glibc}", tags, environment, required)


WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"}
HERE = Target("here", (), {}, required=True)
TARGETS = (
    _linux("x86_64", 27, required=True),  # Kylin V10 and UOS 20 have glibc 2.28 or later
    _linux("aarch64", 27, required=True),
    Target("windows-amd64", ("win_amd64",), WINDOWS, required=True),
    _linux("x86_64", 17, required=False),  # manylinux2014: tried each time, and what it lacks is said
    _linux("aarch64", 17, required=False),
)


@dataclass(frozen=True)
class Locked:
    """One pinned package of the lock file."""

    requirement: Requirement
    hashes: str

    @property
    def line(self) -> str:
        """The line for pip, without its marker."""
        return f"{self.requirement.name}{self.requirement.specifier} {self.hashes}"


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file as ``uv pip compile --generate-hashes`` writes it."""
    for line in text.replace("\\\n", " ").splitlines():
        pin, _, hashes = line.partition("--hash")
        if pin.strip() and not pin.startswith("#"):
            yield Locked(Requirement(pin.strip()), f"--hash{hashes}")


def wanted(packages: Iterable[Locked], target: Target, python: str) -> list[Locked]:
    """The packages that ``target`` needs with CPython ``python`` ("3.11"): pip itself would ask the markers of this machine."""
    there = {"implementation_name": "cpython", "platform_python_implementation": "CPython", **target.environment}
    if target.tags:
        there |= {"python_version": python, "python_full_version": f"{python}.0"}
    return [one for one in packages if one.requirement.marker is None or one.requirement.marker.evaluate(there)]


def download(lines: Iterable[str], target: Target, python: str, folder: Path) -> str:
    """Download wheels of the requirements ``lines`` for ``target`` into ``folder``; what pip complained of, "" when nothing."""
    platforms = [option for tag in target.tags for option in ("--platform", tag)]
    version = ["--python-version", python, "--implementation", "cp"] if target.tags else []
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text("\n".join(lines), encoding="utf-8")
        command = [*PIP, "download", "--quiet", "--no-deps", "--only-binary=:all:", *platforms, *version]
        done = subprocess.run([*command, "--dest", folder, "--requirement", requirements], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr.strip() or f"pip ended with status {done.returncode}"


def without_wheel(packages: Iterable[Locked], target: Target, python: str, folder: Path) -> Iterator[str]:
    """A line for each of ``packages`` that has no wheel for ``target``: its name and the newest version allowed that has one."""
    direct = map(Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
    allowed = {canonicalize_name(one.name): str(one.specifier) for one in direct}
    pure = {parse_wheel_filename(wheel.name)[0] for wheel in folder.glob("*-none-any.whl")}
    for one in packages:
        name, pin = canonicalize_name(one.requirement.name), str(one.requirement.specifier)
        with tempfile.TemporaryDirectory() as scratch:
            if name in pure or not download([one.line], target, python, Path(scratch)):
                continue
            download([f"{name}{allowed.get(name, '')}"], target, python, Path(scratch))
            older = ", ".join(str(parse_wheel_filename(wheel.name)[1]) for wheel in Path(scratch).glob("*.whl"))
        yield f"{name}{pin} has no wheel" + (f"; {older} has one" if older else f", nor has any {name}{allowed.get(name, '')}")


def _own_wheel(folder: Path) -> None:
    built = ROOT / "build"  # what an earlier build left there would get into the wheel, though deleted since
    shutil.rmtree(built, ignore_errors=True)
    subprocess.run([*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True)
    shutil.rmtree(built)


def fill(folder: Path, targets: Iterable[Target], pythons: Iterable[str]) -> int:
    """Fill ``folder``, which must be empty; the exit status: 1 when a required target is not complete."""
    packages = list(locked(LOCK.read_text(encoding="utf-8")))
    status, lacks = 0, []
    for target, python in ((target, python) for target in targets for python in pythons):
        there = wanted(packages, target, python)
        complaint = download([one.line for one in there], target, python, folder)
        print(f"{target.name}, Python {python}: {'not complete' if complaint else f'{len(there)} wheels'}", flush=True)
        if complaint:
            missing = list(without_wheel(there, target, python, folder)) or [complaint]
            lacks += [f"{target.name}, Python {python}: {line}" for line in missing]
            status |= target.required
    _own_wheel(folder)
    if lacks:
        print("\nNo installation from this wheelhouse on:", *lacks, sep="\n  ", file=sys.stderr)
    return status


def main() -> int:
    """The command line: FOLDER is made anew, whatever was in it."""
    names = {target.name: target for target in (HERE, *TARGETS)}
    parser = argparse.ArgumentParser(prog="python -m offline.wheelhouse", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--target", action="append", choices=names, help="all but 'here' when not given")
    parser.add_argument("--python", action="append", help="3.11 when not given; again for each further version")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder.absolute().parent) as scratch:
        part = Path(scratch, "part")
        part.mkdir()
        status = fill(part, [names[name] for name in given.target] if given.target else TARGETS, given.python or ["3.11"])
        shutil.rmtree(given.folder, ignore_errors=True)
        part.rename(given.folder)
    return status


if __name__ == "__main__":
    sys.exit(main())
