"""Every key of the wording that the code names stands in the TOML files, and every text in them is named by the code.

A key is named in one call shape, ``words.text("progress.title")``, also with ``texts``, ``raw``, ``table`` and the bulletin's
``note``. Whose file it is of is seen at the call, at the class or at the annotation of ``words``; failing that, one of the files
that the module or its folder names must have it. A name in an f-string stands for the literals that the function gives it, else
for anything. Keys handed on as they come are declared in HANDED_ON.
"""

from __future__ import annotations

import ast
import re

import pytest

from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING, ProgrammeError
from tests.model.keys_named import HANDED_ON, ROOT, WORDING, Use, name_of, uses

BELOW_WORDS = {("messages", "programme.rules_in_one_file")}
"""Said by schemas/programme.py itself, which lies below Words."""

UNSAID = {("messages", "ready")}
"""Agreed on, and said by no command yet."""


def of(use: Use) -> tuple[str, ...]:
    """The patterns of keys that a use stands for: its own, or what its module declares where a name only stands there."""
    if re.search("[A-Za-z]", use.pattern):
        return (use.pattern,)
    return HANDED_ON[use.where.partition(":")[0]]


def keys(use: Use, pattern: str) -> set[tuple[str, str]]:
    return {(file, key) for file in use.files for key in WORDING[file] if re.fullmatch(pattern, key)}


def test_only_declared_modules_hand_keys_on() -> None:
    bare = {use.where for use in uses() if not re.search("[A-Za-z]", use.pattern)}
    assert {where.partition(":")[0] for where in bare} == HANDED_ON.keys(), sorted(bare)


def test_every_key_named_has_a_text_and_is_of_one_file() -> None:
    wrong = []
    for use in uses():
        for pattern in of(use):
            found = keys(use, pattern)
            if not found and not pattern.endswith(r"\."):
                wrong.append(f"{use.where}: {pattern} is in none of {sorted(use.files)}")
            elif len({file for file, _ in found}) > 1 and not use.shared:
                wrong.append(f"{use.where}: {pattern} is in more than one of {sorted(use.files)}")
    assert not wrong, "\n".join(wrong)


def test_tables_are_asked_for_as_tables() -> None:
    """What stands for a text is no table, and the other way."""
    wrong = [
        f"{use.where}: {key}"
        for use in uses()
        for pattern in of(use)
        for file, key in keys(use, pattern)
        if ".+" not in pattern and WORDING[file][key] is not (use.method == "table")
    ]
    assert not wrong, "\n".join(wrong)


def test_every_text_is_named() -> None:
    named = {found for use in uses() for pattern in of(use) for found in keys(use, pattern)} | BELOW_WORDS | UNSAID
    tables = {
        (file, f"{key}.")
        for use in uses() if use.method == "table"
        for pattern in of(use)
        for file, key in keys(use, pattern)
    }  # fmt: skip
    left = [
        f"{file}.toml: {key}"
        for file, every in WORDING.items()
        for key, is_table in every.items()
        if not is_table and (file, key) not in named
        and not any(file == own and key.startswith(head) for own, head in tables)
    ]  # fmt: skip
    assert not left, "\n".join(left)


def test_texts_are_looked_up_in_no_other_way() -> None:
    """Neither ``wording["x"]`` nor ``read_wording("x")`` outside Words."""
    wrong = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place == "pipeline/model/words.py":
            continue
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if "wording" in source else ():
            looked_up = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "wording"
            if looked_up or (isinstance(node, ast.Call) and name_of(node.func) == "read_wording"):
                wrong.append(f"{place}: {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("file", "key", "told"), [("labels", "some.stars", "wording/labels.toml: some.stars"), ("star", "a", "wording/star.toml")]
)
def test_a_text_that_is_missing_is_told_by_file_and_key(file: str, key: str, told: str) -> None:
    with pytest.raises(ProgrammeError, match=re.escape(told)):
        Words(DEFAULT_WORDING, file).text(key)
