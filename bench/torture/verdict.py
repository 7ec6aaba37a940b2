"""What must hold after a run that was disturbed, and after the run that follows it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.torture.scene import Done, Scene, State
from schemas.programme import read_wording

LOST, DOUBLE, BROKEN, SILENT = "lost", "double", "broken", "silent"

Violation = tuple[str, str]
"""One of the four, and what was seen."""

BOOKS: str = read_wording("decisions")["sheets"]["folder"]

SUBMISSIONS, CONTENT_NAMES = 1, ("originals", "submissions", "findings", "versions")


def after_fault(scene: Scene, workspace: Path, done: Done) -> Iterator[Violation]:
    """Products are whole, old or new; the ledger is whole; who failed said so."""
    if done.status is None:
        yield SILENT, "hangs"
    elif done.status >= 2 and not _chinese(done.said):
        yield SILENT, f"status {done.status} without a Chinese message: {done.said[-300:]!r}"
    elif done.status in (0, 1) and "Traceback" in done.said:
        yield SILENT, f"a traceback in {done.said!r}"
    left = lying_after(scene, workspace, done)
    for name, content in _files(workspace / "outbox"):
        known = content in (scene.before.outbox.get(name), scene.after.outbox.get(name)) or (left and _is_whole(name, content))
        if not _is_temporary(name) and not known:
            yield BROKEN, f"{name} is neither the old nor the new one ({len(content)} bytes)"
    copy = Path(shutil.copytree(workspace / "ledger", workspace.parent / "ledger"))  # looking would recover the database
    yield from _integrity(copy / "ledger.db")
    yield from _conservation(scene, workspace, copy / "ledger.db")


def lying_after(scene: Scene, workspace: Path, done: Done) -> tuple[str, ...]:
    """What a run that ended well left in the inbox and in ``办理/`` though an undisturbed one takes it: it could not read it."""
    inbox = {f"inbox/{name}" for name, _ in _files(workspace / "inbox")} - {f"inbox/{name}" for name in scene.after.inbox}
    books = {f"{BOOKS}/{name}" for name, _ in _files(workspace / BOOKS)} - {f"{BOOKS}/{name}" for name in scene.after.books}
    return tuple(sorted(inbox | books)) if done.status in (0, 1) else ()


def after_next_run(scene: Scene, workspace: Path, done: Done, state: State, lying: Sequence[str] = ()) -> list[Violation]:
    """All is as if nothing had happened, or as if what the disturbed run left (``lying``) had come only now."""
    found = list(_after_next_run(scene, workspace, done, state, scene.after))
    if found and lying:
        return list(_after_next_run(scene, workspace, done, state, scene.after_coming_later(lying)))
    return found


def _after_next_run(scene: Scene, workspace: Path, done: Done, state: State, expected: State) -> Iterator[Violation]:
    if done.status not in (0, 1):
        yield SILENT, f"the next run ended with {done.status}: {done.said[-300:]!r}"
    yield from _integrity(workspace / "ledger" / "ledger.db")
    yield from _conservation(scene, workspace, workspace / "ledger" / "ledger.db")
    for name, have_rows, want_rows in zip(CONTENT_NAMES, state.ledger, expected.ledger, strict=True):
        want, have = Counter(map(repr, want_rows)), Counter(map(repr, have_rows))
        if lacking := want - have:
            yield LOST, f"{name}: {list(lacking)[:3]}"
        if more := have - want:
            yield DOUBLE, f"{name}: {list(more)[:3]}"
    if state.inbox != expected.inbox:
        yield LOST, f"in the inbox: {state.inbox}"
    for name in sorted({*state.outbox, *expected.outbox}):
        if state.outbox.get(name) != expected.outbox.get(name):
            size = len(state.outbox[name]) if name in state.outbox else None
            yield BROKEN, f"{name} is not as it should be ({size} bytes)"
    want, have = Counter(map(repr, expected.decisions)), Counter(map(repr, state.decisions))
    if want - have:
        yield LOST, f"decisions: {list(want - have)}"
    if have - want:
        yield DOUBLE, f"decisions: {list(have - want)}"
    if staged := [name for name, _ in _files(workspace / "ledger" / "staging")]:
        yield BROKEN, f"left in the ledger's folder: {staged}"
    if state.books != expected.books:
        yield BROKEN, f"in {BOOKS}/: {sorted(state.books)}"
    if state.originals != expected.originals:
        yield BROKEN, f"originals: {sorted(set(state.originals) ^ set(expected.originals))}"


def _conservation(scene: Scene, workspace: Path, database: Path) -> Iterator[Violation]:
    """Every file received is in the ledger once, with its original, or still in the inbox, inside another perhaps; in both until
    it is cleared away."""
    submitted = Counter(sha256 for (sha256,) in _rows(database, "select sha256 from submissions"))
    posted = submitted - Counter(row[1] for row in scene.before.ledger[SUBMISSIONS])
    lying = Counter(hashlib.sha256(content).hexdigest() for _, content in _files(workspace / "inbox"))
    for sha256 in list(lying):
        lying.update(scene.inside.get(sha256, ()))
    expected = Counter(scene.received)
    for sha256 in expected:
        if posted[sha256] > expected[sha256]:
            yield DOUBLE, f"{sha256[:8]} is posted {posted[sha256]} times"
        if posted[sha256] + lying[sha256] < expected[sha256]:
            yield LOST, f"{sha256[:8]} is neither in the ledger nor in the inbox"
    books = Counter(hashlib.sha256(content).hexdigest() for name, content in _files(workspace / BOOKS) if name.endswith(".xlsx"))
    if books != Counter(scene.laid):
        yield LOST, f"of {BOOKS}/: {sorted(name for name, _ in _files(workspace / BOOKS))}"
    for sha256 in submitted:
        path = workspace / "ledger" / "originals" / sha256
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield LOST, f"original of {sha256[:8]}"


def _integrity(database: Path) -> Iterator[Violation]:
    for (found,) in _rows(database, "PRAGMA integrity_check"):
        if found != "ok":
            yield BROKEN, f"integrity_check: {found}"
    for row in _rows(database, "PRAGMA foreign_key_check"):
        yield BROKEN, f"foreign_key_check: {row}"


def _rows(database: Path, query: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _is_whole(name: str, content: bytes) -> bool:
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.testzip() is None
    if name.endswith(".json"):
        return bool(json.loads(content))
    return content.rstrip().endswith(b"</html>")


def _is_temporary(name: str) -> bool:
    """What annex2 writes under until a product is whole; nobody takes it for a product."""
    return Path(name).name.startswith(".") and name.endswith(".part")


def _chinese(said: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in said)
