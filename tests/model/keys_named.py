"""Which keys of the wording the code and the templates name (see test_words)."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

from pipeline.cli.commands import COMMANDS

ROOT = Path(__file__).parents[2]
METHODS = {"raw", "table", "text", "texts", "note"}
ANYTHING = ".+"
TEMPLATES = {"pipeline/products/report/templates": "report"}
"""Folder of templates → the file of wording they are given as ``t``, ``raw`` and ``table``."""


HANDED_ON: dict[str, tuple[str, ...]] = {
    "pipeline/cli/commands.py": ("|".join(COMMANDS),),
    "pipeline/cli/help.py": ("commands|arguments|options",),
    "pipeline/cli/say.py": (),
    "pipeline/mail/letter_words.py": (
        r"(call|reminder|feedback|bulletin|restated|receipt)\.(file|subject)", r"feedback\.several",
        r"(reminder|feedback)\.short\..+", r"(parts\.contact|asked|call\.attached)\..+",
        r"parts\.(first_attachment|other_attachment|salutation|everybody|signature)",
        r"(reminder|call)\.(early|late|undated|dated|ask|ask_without_template)",
        r"feedback\.(returned|pending|accepted|act)", r"(bulletin|restated|receipt)\.(body|query|formal)",
    ),
    "pipeline/model/catalogue.py": (r"[A-Z]\d\d\..+\.(message|fix)",),
    "pipeline/model/labels.py": (r"(short_)?(month_end|year_end|day)|time",),
    "pipeline/products/bulletin/bulletin_words.py": (),
    "pipeline/products/return_copy/sheet.py": (r"cells\.(place|sheet)",),
    "pipeline/products/workbook/texts.py": (r".+\.(subtitle|orientation)",),
    "pipeline/rules/proportions.py": (r"X\d\d\..+",),
    "pipeline/upkeep/doctor/seen.py": (r".+\.subject", r".+\..+\.(state|text|advice)"),
}  # fmt: skip
"""By module: what its calls with nothing but a name stand for (paragraphs of a letter, texts of a rule, forms of a date)."""

SAID_BY = {"say": ("messages", 1)}
"""Functions of the command line that are given a key → of which file, and in which place."""


@dataclass(frozen=True)
class Use:
    """A key named somewhere: ``pattern`` is a regular expression, ``whole`` says that it is a table's."""

    where: str
    files: frozenset[str]
    pattern: str
    method: str
    shared: bool = False
    """Said by a class that serves several files."""


@dataclass
class Module:
    path: str
    tree: ast.Module
    files: set[str] = field(default_factory=set)
    """Those it names beside a Words."""


def flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Dotted keys, and whether a table stands there; a list is one text."""
    for key, found in table.items():
        yield prefix + key, isinstance(found, dict)
        if isinstance(found, dict):
            yield from flat(found, f"{prefix}{key}.")


WORDING = {file.stem: dict(flat(tomllib.loads(file.read_text("utf-8")))) for file in (ROOT / "schemas/wording").glob("*.toml")}


class Reader:
    """What the modules say of Words: their classes, who holds them, and the keys they name."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules = list(modules)
        self.classes: dict[str, set[str]] = {"Words": set()}
        self.held: dict[str, set[str]] = {}
        for _ in range(3):
            for module in self.modules:
                self._classes(module)
        for module in self.modules:
            self._constructed(module)
        self.given: dict[tuple[str, str], set[str]] = {}
        for module in self.modules:
            self._holders(module)

    def _classes(self, module: Module) -> None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and any(name_of(base) in self.classes for base in node.bases):
                files = {value for call in _calls(node) if name_of(call.func) == "__init__" for value in _strings(call.args)}
                self.classes.setdefault(node.name, set()).update(files & WORDING.keys())
                module.files |= self.classes[node.name]

    def _constructed(self, module: Module) -> None:
        """Which files a module names; a class without a file of its own is of all it is made for."""
        for call in _calls(module.tree):
            if (name := name_of(call.func)) in self.classes:
                own = set(_strings(call.args)) & WORDING.keys()
                module.files |= own or self.classes[name]
                if name != "Words":
                    self.classes[name] |= own

    def _holders(self, module: Module) -> None:
        """Attributes and functions that give Words: by annotation, or by what they return."""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and name_of(node.returns) in self.classes:
                for back in (each for each in ast.walk(node) if isinstance(each, ast.Return)):
                    self.given.setdefault((module.path, node.name), set()).update(self.made(back.value))
            if isinstance(node, ast.ClassDef):
                for each in node.body:
                    if isinstance(each, ast.AnnAssign) and (files := self._annotated(each.annotation)):
                        self.held.setdefault(name_of(each.target), set()).update(files)
                    if isinstance(each, ast.FunctionDef):
                        for made in (self.made(n.value) for n in ast.walk(each) if isinstance(n, ast.Return)):
                            if made and name_of(each.returns) in self.classes:
                                self.held.setdefault(each.name, set()).update(made)

    def _annotated(self, annotation: ast.expr | None) -> set[str]:
        return self.classes.get(name_of(annotation), set())

    def made(self, node: ast.expr | None) -> set[str]:
        """The file of a call that makes Words."""
        if not isinstance(node, ast.Call) or name_of(node.func) not in self.classes:
            return set()
        return set(_strings(node.args)) & WORDING.keys() or self.classes[name_of(node.func)]

    def owner(self, module: Module, node: ast.expr, scopes: list[ast.AST]) -> set[str]:
        """The files that what stands before ``.text`` may be of; none where that is not seen."""
        if isinstance(node, ast.Call):
            return self.made(node) or self.given.get((module.path, name_of(node.func)), set())
        if isinstance(node, ast.Attribute):
            return self.held.get(node.attr, set())
        name = name_of(node)
        for scope in reversed(scopes):
            if name == "self" and isinstance(scope, ast.ClassDef):
                return self.classes.get(scope.name, set())
            if isinstance(scope, ast.FunctionDef):
                for each in (*scope.args.args, *scope.args.kwonlyargs):
                    if each.arg == name and (files := self._annotated(each.annotation)):
                        return files
            for value in _assigned(scope, name):
                if isinstance(value, ast.Call | ast.Attribute) and (files := self.owner(module, value, scopes)):
                    return files
        return set()

    def uses(self) -> Iterator[Use]:
        for module in self.modules:
            yield from self._within(module, module.tree, [module.tree])

    def _within(self, module: Module, node: ast.AST, scopes: list[ast.AST]) -> Iterator[Use]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and child.args and not isinstance(child.args[0], ast.Starred):
                yield from self._named(module, child, scopes)
            inner = isinstance(child, ast.FunctionDef | ast.ClassDef | ast.Lambda)
            yield from self._within(module, child, [*scopes, child] if inner else scopes)

    def _named(self, module: Module, call: ast.Call, scopes: list[ast.AST]) -> Iterator[Use]:
        if isinstance(call.func, ast.Name) and call.func.id in SAID_BY and module.path.startswith("pipeline/cli/"):
            file, place = SAID_BY[call.func.id]
            for pattern in self._keys(call.args[place], scopes):
                yield Use(f"{module.path}:{call.lineno}", frozenset({file}), pattern, "text")
            return
        if not (isinstance(call.func, ast.Attribute) and call.func.attr in METHODS):
            return
        if not isinstance(call.args[0], ast.Constant) and name_of(call.args[0]) == "programme":
            return  # a refusal's own text(programme)
        where = f"{module.path}:{call.lineno}"
        files = self.owner(module, call.func.value, scopes)
        shared = name_of(call.func.value) == "self"
        if len(files) > 1 and not shared:
            files = files & module.files or files & self._around(module) or files
        for pattern in self._keys(call.args[0], scopes):
            near = files or self._near(module, pattern)
            if near:
                yield Use(where, frozenset(near), pattern, call.func.attr, shared)

    def _near(self, module: Module, pattern: str) -> set[str]:
        """Files of the module, else of its folder, that have the key."""
        around = self._around(module)
        for files in (module.files, around):
            if found := {file for file in files if any(re.fullmatch(pattern, key) for key in WORDING[file])}:
                return found
        return module.files or around

    def _around(self, module: Module) -> set[str]:
        folder = Path(module.path).parent
        return {file for other in self.modules if Path(other.path).parent == folder for file in other.files}

    def _keys(self, node: ast.expr, scopes: list[ast.AST], depth: int = 0) -> list[str]:
        """Patterns of what a key may be."""
        if isinstance(node, ast.Constant):
            return [re.escape(str(node.value))]
        if isinstance(node, ast.IfExp):
            return [*self._keys(node.body, scopes, depth), *self._keys(node.orelse, scopes, depth)]
        if isinstance(node, ast.JoinedStr):
            parts = [
                self._keys(each.value, scopes, depth) if isinstance(each, ast.FormattedValue) else self._keys(each, scopes)
                for each in node.values
            ]
            return functools.reduce(lambda done, more: [a + b for a in done for b in more], parts, [""])
        if isinstance(node, ast.Name) and depth < 3:
            for scope in reversed(scopes):
                if isinstance(scope, ast.ClassDef):
                    continue
                if isinstance(scope, ast.FunctionDef) and node.id in {
                    arg.arg for arg in ast.walk(scope.args) if isinstance(arg, ast.arg)
                }:
                    break
                found = [key for value in _assigned(scope, node.id) for key in self._keys(value, scopes, depth + 1)]
                if found:
                    return found
        return [ANYTHING]


def name_of(node: ast.AST | None) -> str:
    """The last part of a name or attribute; "" of anything else."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _strings(values: Iterable[ast.expr]) -> Iterator[str]:
    return (each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a function or module, without the functions and classes in it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from _inside(child)


def _assigned(scope: ast.AST, name: str) -> list[ast.expr]:
    """What a name is set to in a function or module, also in a loop over literals."""
    found = _set(scope, name)
    for node in _inside(scope):
        if isinstance(node, ast.For | ast.comprehension):
            values = node.iter
            if isinstance(values, ast.Call) and name_of(values.func) == "items" and isinstance(values.func, ast.Attribute):
                values = values.func.value
            for one in _set(scope, values.id) if isinstance(values, ast.Name) else [values]:
                found += _looped(node.target, one, name)
    return found


def _set(scope: ast.AST, name: str) -> list[ast.expr]:
    found: list[ast.expr] = []
    for node in _inside(scope):
        if isinstance(node, ast.Assign):
            found += [value for target in node.targets for value in _matched(target, node.value, name)]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            found += _matched(node.target, node.value, name)
    return found


def _looped(target: ast.expr, values: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(values, ast.Dict):
        first = target.elts[0] if isinstance(target, ast.Tuple) else target
        return [each for each in values.keys if each is not None and name_of(first) == name]
    if isinstance(values, ast.Tuple | ast.List | ast.Set):
        return [found for each in values.elts for found in _matched(target, each, name)]
    return []


def _matched(target: ast.expr, value: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(target, ast.Name):
        return [value] if target.id == name else []
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return [found for one, other in zip(target.elts, value.elts, strict=True) for found in _matched(one, other, name)]
    return []


def in_templates() -> Iterator[Use]:
    """Keys that Jinja templates name."""
    for folder, file in TEMPLATES.items():
        for path in sorted((ROOT / folder).glob("*.j2")):
            for call in Environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
                name = {"t": "text"}.get(getattr(call.node, "name", ""), getattr(call.node, "name", ""))
                if name in METHODS and call.args:
                    key = call.args[0]
                    parts = key.nodes if isinstance(key, nodes.Concat) else [key]
                    pattern = "".join(re.escape(each.value) if isinstance(each, nodes.Const) else ANYTHING for each in parts)
                    yield Use(f"{folder}/{path.name}:{call.lineno}", frozenset({file}), pattern, name)


@functools.cache
def uses() -> tuple[Use, ...]:
    paths = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "schemas").glob("*.py")])
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    concerned = (item for item in sources.items() if "ords" in item[1])
    reader = Reader(Module(path, ast.parse(source)) for path, source in concerned)
    own = "pipeline/model/words.py"
    return (*(use for use in reader.uses() if not use.where.startswith(own)), *in_templates())
