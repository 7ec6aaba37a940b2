"""A PostgreSQL server of the tests' own: started once a process, a fresh schema for each test.

``python -m tests.support.postgres`` keeps one: it starts the server, says where its socket is, and stops it when its standard
input ends, so that the server goes with the tests however they end.
"""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests import ROOT
from tests.support.programs import POSTGRESQL


def schema() -> str:
    """The URL of a new, empty schema. Skips the test where there is no PostgreSQL."""
    if POSTGRESQL.find() is None:
        pytest.skip(POSTGRESQL.missing)
    socket = _keeper()[1]
    name = f"t{uuid.uuid4().hex}"
    _psql(socket, f'CREATE SCHEMA "{name}"')
    return f"postgresql+psycopg://postgres@/postgres?host={socket}&options=-csearch_path%3D{name}"


def drop(url: str) -> None:
    """Take the schema away again."""
    query = make_url(url).query
    _psql(str(query["host"]), f'DROP SCHEMA "{str(query["options"]).split("=")[1]}" CASCADE')


def _psql(socket: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


@functools.cache
def _keeper() -> tuple[subprocess.Popen[str], str]:
    """The process that keeps the server, and the folder of the server's socket. Ended by the end of this process.

    It is out of reach of a terminal's Ctrl-C: the tests that are interrupted still use the server.
    """
    command = [sys.executable, "-m", "tests.support.postgres"]
    keeper = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert keeper.stdout
    socket = keeper.stdout.readline().strip()
    if not socket:
        raise RuntimeError("the PostgreSQL server of the tests did not start; its keeper says why above")
    return keeper, socket


@contextmanager
def serving(programs: Path) -> Iterator[Path]:
    """A server in a folder of its own, where its socket is; both are gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="annex2-pg-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    try:
        made_with = ("-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        _run(user, programs / "initdb", "-D", data, *made_with)
        _run(user, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        yield folder
        _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _run(user: str | None, *command: object) -> None:
    """As that user, or as whoever runs the tests."""
    words = [str(word) for word in command]
    subprocess.run(words, check=True, capture_output=True, user=user, cwd="/", env={**os.environ, "HOME": "/tmp"}, timeout=120)


if __name__ == "__main__":
    found = POSTGRESQL.find()
    assert found
    with serving(found) as place:
        print(place, flush=True)
        sys.stdin.read()
