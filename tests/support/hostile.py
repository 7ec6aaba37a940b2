"""Tasks that hang, die or fail for some files or products: worker processes find them by import."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.decisions import sheets_read as decision_reading
from pipeline.decisions.sheets_read import Book
from pipeline.model import Reading
from pipeline.model.view import FileRecord, Original
from pipeline.processes import originals_at_hand
from pipeline.processes import publish as products
from pipeline.processes import read_files as reader
from pipeline.processes.publish import Published
from pipeline.processes.read_files import Item, read_file
from pipeline.products import of_a_period, return_copy
from pipeline.products.of_a_period import Product
from pipeline.reading import read
from schemas.programme import Programme

SECONDS = 2.0
"""That a test lets a file have of the processor; a healthy return takes milliseconds."""


def read_files(items: Sequence[Item], called: frozenset[dt.date], staging: Path | None = None) -> list[Reading]:
    """``reader.read_files``, but ``wait…``, ``spin…``, ``exit…`` and so on do what they are called."""
    known = reader.read_file
    reader.read_file = _read_file
    try:
        return reader.read_files(items, called, staging)
    finally:
        reader.read_file = known


def _read_file(item: Item, called: frozenset[dt.date], staging: Path | None = None) -> Reading:
    act(item.name.rpartition("/")[2])
    return read_file(item, called, staging)


def act(name: str) -> None:
    """Do what the name begins with."""
    if name.startswith("wait"):
        time.sleep(600)
    if name.startswith("busy"):  # the machine has other things to do
        time.sleep(SECONDS + 0.5)
    while name.startswith("spin"):
        pass
    if name.startswith("match"):
        re.match(r"(a+)+$", "a" * 100 + "b")  # without a break for a signal's handler
    if name.startswith("heap"):
        _ = [bytes(1000) for _ in range(10**9)]
    if name.startswith("huge"):
        _ = bytes(96 << 30)
    if name.startswith("abort"):
        os.abort()
    if name.startswith("exit"):
        os._exit(3)
    if name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("raise"):
        raise ValueError(name)


def read_book(path: Path, name: str) -> Book:
    """``decision_reading.read_book``, which does what files are called as well."""
    act(name)
    return decision_reading.read_book(path, name)


class Panic(BaseException):
    """What a library written in another language raises."""


def read_files_but_one(items: Sequence[Item], called: frozenset[dt.date], staging: Path | None = None) -> list[Reading]:
    """``reader.read_files``, but a library panics over every file of 瓯海区."""
    known = read.read_submission

    def broken(name: str, *others: Any) -> Reading:
        if name.startswith("瓯海区"):
            raise Panic("broken on purpose")
        return known(name, *others)

    read.read_submission = broken  # type: ignore[assignment]
    try:
        return reader.read_files(items, called, staging)
    finally:
        read.read_submission = known


def read_files_or_nothing(items: Sequence[Item], called: frozenset[dt.date], staging: Path | None = None) -> list[Reading]:
    """``reader.read_files``, but the task as a whole fails with a file of 瓯海区."""
    if any(item.name.startswith("瓯海区") for item in items):
        raise ValueError("broken on purpose")
    return reader.read_files(items, called, staging)


def publish_but(product: str, *arguments: Any) -> Published:
    """``products.publish_period``, but an internal error comes of one product, or of whatever else ``product`` names."""
    if product == "worker":
        os._exit(3)
    while product == "no end":
        pass
    if product == "no measure":
        _ = bytes(96 << 30)
    module, name, broken = _broken(product)
    known = getattr(module, name)
    setattr(module, name, broken(known))
    try:
        return products.publish_period(*arguments)
    finally:
        setattr(module, name, known)


def _broken(product: str) -> tuple[Any, str, Callable[[Any], Any]]:
    """Of which module what is put in place of what."""
    if product == "copy":
        return return_copy, "render", lambda known: functools.partial(_copy, known)
    if product == "large copy":
        return return_copy, "render", lambda known: functools.partial(_copy, known, error=MemoryError)
    if product == "original":
        return originals_at_hand, "read_sheets", lambda _: _raise
    return of_a_period, "PRODUCTS", functools.partial(_all_but, product)


def _copy(
    known: Callable[..., bytes],
    programme: Programme,
    sender: Any,
    record: FileRecord,
    original: Original,
    error: type[Exception] = ZeroDivisionError,
) -> bytes:
    if original.grids:
        raise error("broken on purpose")
    return known(programme, sender, record, original)


def _all_but(product: str, known: tuple[Product, ...]) -> tuple[Product, ...]:
    return tuple(dataclasses.replace(each, make=_raise) if each.key == product else each for each in known)


def _raise(*_arguments: Any) -> Any:
    raise ZeroDivisionError("broken on purpose")
