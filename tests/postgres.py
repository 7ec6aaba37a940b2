"""A PostgreSQL server of the tests' own: started once a process, a fresh schema for each test."""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

PACKAGED = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version, outside the path."""


def schema() -> str:
    """The URL of a new, empty schema. Skips the test where there is no PostgreSQL."""
    socket = _server()
    if socket is None:
        pytest.skip("PostgreSQL is not installed")
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
def _server() -> str | None:
    """The folder of the server's socket; None where there is no PostgreSQL."""
    programs = _programs()
    if programs is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="annex2-postgres-", dir="/tmp"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    _run(user, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    _run(user, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    atexit.register(_stop, user, programs, folder)
    return str(folder)


def _stop(user: str | None, programs: Path, folder: Path) -> None:
    _run(user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    versions = sorted(PACKAGED.glob("*/bin"), key=lambda path: int(path.parent.name)) if PACKAGED.is_dir() else []
    return versions[-1] if versions else Path(found).parent if found else None


def _unprivileged() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _run(user: str | None, *command: object) -> None:
    """As that user, or as whoever runs the tests."""
    words = [str(word) for word in command]
    subprocess.run(words, check=True, capture_output=True, user=user, cwd="/tmp", env={**os.environ, "HOME": "/tmp"}, timeout=120)
