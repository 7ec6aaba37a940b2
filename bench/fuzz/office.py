"""LibreOffice as the person looking at the sheet: what it shows in the cells that were used."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from bench.fuzz.mutants import mutant
from bench.fuzz.trial import Outcome

PROGRAM = "soffice"
SAME, OTHER, REFUSED, RECKONED = "same", "other", "refused", "reckoned"
"""It shows the numbers read; another or none of them; it does not open the file; it reckons a formula anew, where the product
takes the stored result and says so (C09)."""
TOGETHER = 60
"""Files given to one start, which takes longer than a file; one that ends or halts it stops those after it."""
START_SECONDS, FILE_SECONDS = 20.0, 1.0
"""What a start may take at most, and each of its files beside: ten times what they take on a machine with two cores."""
ROWS, COLUMNS = 2000, 200
"""Of a sheet that are looked at."""
LARGEST = 200_000_000
"""Bytes written of a sheet: one with cells at its end would fill the disk."""
_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet as UTF-8 with commas, cells as they are shown."""
_SEPARATED = "Text - txt - csv (StarCalc):44,34,76,1"
_UNITS = ("家", "项")
_SHOWN = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.0+)?")

Rows = list[list[str]]


def is_there() -> bool:
    return shutil.which(PROGRAM) is not None


def looked_at(outcomes: Sequence[Outcome], seed: int) -> list[Outcome]:
    """The outcomes with what LibreOffice shows of each."""
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="annex2-fuzz-") as name:
        for start in range(0, len(outcomes), TOGETHER):
            found += _batch(outcomes[start : start + TOGETHER], seed, Path(name))
    return found


def _batch(outcomes: Sequence[Outcome], seed: int, folder: Path) -> list[Outcome]:
    files = {outcome.number: _laid(outcome, seed, folder) for outcome in outcomes}
    shown = folder / "shown"
    for separated in (False, True):
        convert_all([file for file in files.values() if (file.suffix == ".csv") is separated], shown, folder, separated=separated)
    seen = [_seen(outcome, _sheets(shown, file := files[outcome.number]), page=_is_page(file)) for outcome in outcomes]
    for file in (*files.values(), *(shown.iterdir() if shown.exists() else ())):
        file.unlink()
    return seen


def _laid(outcome: Outcome, seed: int, folder: Path) -> Path:
    """The mutant as a file, named by its number. Separated texts go in as UTF-8 with commas: a person says so when asked."""
    content = mutant(seed, outcome.number).content
    file = folder / f"m{outcome.number}{PurePosixPath(outcome.name).suffix}"
    file.write_bytes(_with_commas(content) if file.suffix == ".csv" else content)
    return file


def _with_commas(content: bytes) -> bytes:
    text = _decoded(content)
    mark = max(",;\t", key=text.count)
    return (text if mark == "," else _respelt(text, mark)).encode("utf-8", "replace")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _respelt(text: str, mark: str) -> str:
    """Marks outside quotes become commas, and commas outside them are quoted."""
    pieces = re.split(r'("(?:[^"]|"")*")', text)
    outside = (
        re.sub(rf"[^{mark}\r\n]*,[^{mark}\r\n]*", lambda m: f'"{m[0]}"', piece).replace(mark, ",") for piece in pieces[::2]
    )
    return "".join(part for pair in zip(outside, [*pieces[1::2], ""], strict=True) for part in pair)


def convert_all(files: Sequence[Path], shown: Path, folder: Path, *, separated: bool) -> None:
    """All that the program opens. It takes files in their order: the last one written tells how far it came, and the one after
    it, which it refused or which ended or halted it, is tried alone."""
    left = list(files)
    while left:
        _convert(left, shown, folder, separated=separated)
        came = max((index for index, file in enumerate(left, 1) if any(_written(shown, file))), default=0)
        left = left[came:]
        if left:
            _convert(left[:1], shown, folder, separated=separated)
            left = left[1:]


def _convert(files: Sequence[Path], shown: Path, folder: Path, *, separated: bool) -> None:
    options = [f"--infilter={_SEPARATED}"] if separated else []
    profile = folder / "profile"
    command = [
        "prlimit",
        f"--fsize={LARGEST}",
        PROGRAM,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        *options,
        "--convert-to",
        _AS_SHOWN,
    ]
    command += ["--outdir", str(shown), *map(str, files)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as office:
        try:
            office.wait(START_SECONDS + FILE_SECONDS * len(files))
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)  # the program is a child of the one that was started
            shutil.rmtree(profile, ignore_errors=True)  # it would be repaired at the next start, with a question


def _written(shown: Path, file: Path) -> Iterator[Path]:
    return shown.glob(f"{file.stem}-*.csv")


def _sheets(shown: Path, file: Path) -> dict[str, Rows]:
    """Sheet → its rows as shown, as far as anybody would look: a cell at the sheet's end makes a million of them."""
    found = {}
    usual = csv.field_size_limit(LARGEST)  # a text of a damaged file may go on to its end
    for written in _written(shown, file):
        with written.open(encoding="utf-8", errors="replace", newline="") as stream:
            rows = itertools.islice(csv.reader(stream), ROWS)
            found[written.stem.removeprefix(f"{file.stem}-")] = [row[:COLUMNS] for row in rows]
    csv.field_size_limit(usual)
    return found


def _is_page(file: Path) -> bool:
    """Whatever its name says."""
    with file.open("rb") as stream:
        return stream.read(16).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _seen(outcome: Outcome, sheets: dict[str, Rows], *, page: bool) -> Outcome:
    if not sheets:
        return dataclasses.replace(outcome, shown=REFUSED)
    if page:  # one sheet for all tables and what stands between them: other addresses
        return dataclasses.replace(outcome, shown=_in_a_row(outcome, [row for rows in sheets.values() for row in rows]))
    sheet = outcome.used[0][0] if outcome.used else ""
    rows = next(iter(sheets.values())) if len(sheets) == 1 else sheets.get(sheet, [])
    wrong = {
        (row, column): f"{column},{row}: {text!r} not {value}"
        for _, row, column, value in outcome.used
        if number(text := _at(rows, row, column)) != value
    }
    how = RECKONED if wrong.keys() <= set(outcome.calculated) else OTHER
    return dataclasses.replace(outcome, shown=f"{how}: {'; '.join(wrong.values())}" if wrong else SAME)


def _at(rows: Rows, row: int, column: int) -> str:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""


def _in_a_row(outcome: Outcome, rows: Rows) -> str:
    """Whether one row shows the values in the order of their columns."""
    wanted = [value for *_, value in sorted(outcome.used, key=lambda used: used[2])]
    found = any(_in_order(wanted, [number(text) for text in row]) for row in rows)
    return SAME if found else f"{OTHER}: no row shows {wanted}"


def _in_order(wanted: Sequence[int], held: Sequence[int | None]) -> bool:
    left = iter(held)
    return all(value in left for value in wanted)


def number(text: str) -> int | None:
    """The whole number a person reads in a cell, whatever surrounds it harmlessly; None for anything else."""
    visible = "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) not in ("Cf", "Cc", "Mn")
    )
    bare = visible.strip().lstrip("='\"").strip('"').rstrip("。").strip()
    for unit in _UNITS:
        bare = bare.removesuffix(f"({unit})").removesuffix(unit).rstrip()
    return int(float(bare.replace(",", ""))) if _SHOWN.fullmatch(bare) else None
