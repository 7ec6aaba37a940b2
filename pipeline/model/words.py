"""The texts of one file of the programme's wording (schemas/wording/), by dotted key, filled with what is known.

A key in the code is a literal, or an f-string with a literal part: tests/model/test_words.py holds every key that the code uses
against the TOML files, and every text in them against the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from schemas.programme import ProgrammeError


class Wording(Protocol):
    """Where texts come from: a programme, or DEFAULT_WORDING before one is known."""

    @property
    def terms(self) -> Mapping[str, str]: ...

    @property
    def wording(self) -> Mapping[str, Any]: ...


class Words:
    """``known`` is what every text may name in braces beside the programme's terms. A product's own subclass adds how it writes
    numbers, dates and districts; what is looked up and filled here it leaves alone.

    A file or key that the wording lacks is a ProgrammeError that names both.
    """

    def __init__(self, source: Wording, file: str, /, **known: object) -> None:
        try:
            self._texts: Mapping[str, Any] = source.wording[file]
        except KeyError:
            raise ProgrammeError(f"wording/{file}.toml: file not found") from None
        self.file = file
        self.known: dict[str, object] = {**source.terms, **known}

    def raw(self, key: str, /) -> Any:
        """What stands at ``key``, not filled: a text, a number or a list."""
        found: Any = self._texts
        try:
            for part in key.split("."):
                found = found[part]
        except (KeyError, TypeError):  # of what is no table
            raise ProgrammeError(f"wording/{self.file}.toml: {key}: not found") from None
        return found

    def table(self, key: str, /) -> Mapping[str, Any]:
        """The table at ``key``, not filled: for texts that are told apart by what the data say."""
        found: Mapping[str, Any] = self.raw(key)
        return found

    def text(self, key: str, /, **values: object) -> str:
        """The text at ``key``, filled."""
        return self.fill(self.raw(key), **values)

    def texts(self, key: str, /, **values: object) -> list[str]:
        """The list of texts at ``key``, filled."""
        return [self.fill(text, **values) for text in self.raw(key)]

    def fill(self, text: str, /, **values: object) -> str:
        """``text`` with its braces filled: with ``values``, else what is known."""
        return text.format_map({**self.known, **values}) if "{" in text or "}" in text else text
