"""The programme (报表方案) as data: districts, indicators, targets, wording of the form, thresholds, rules, product texts.

``load_programme`` reads one TOML file and the files it names into frozen dataclasses; a mistake in them is a ``ProgrammeError``
that says where.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from schemas.form import FormWords, NumberWords, RegionWords
from schemas.rule_files import Role, Rule, rule_files
from schemas.structure import StructureError, structure

DEFAULT_PROGRAMME = Path(__file__).with_name("annex2.toml")


class ProgrammeError(Exception):
    """The programme's files cannot be used; the text says which file and what is wrong."""


@dataclass(frozen=True)
class District:
    """``full_names`` are official and no finding; ``aliases`` are short names (S07)."""

    name: str
    aliases: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """``ceiling`` is C10's limit; ``headers`` are other ways its column is headed; ``short`` and ``plain`` are for products.
    ``short_headers`` head it only beside all the other indicators: a list of firms may say as much.

    ``definition`` is what it counts, where the programme says so in its templates (填表说明).
    ``plan_ratio`` is how many of it the plan expects for each of the headline (P05); None where it says nothing.
    """

    id: str
    name: str
    short: str
    plain: str
    unit: str
    ceiling: int
    headers: tuple[str, ...] = ()
    short_headers: tuple[str, ...] = ()
    definition: str = ""
    plan_ratio: float | None = None


@dataclass(frozen=True)
class Target:
    """Annual targets of one indicator, from ``effective`` on: ``annual[district][year]``."""

    indicator: str
    effective: dt.date
    annual: Mapping[str, Mapping[int, int]]
    city: Mapping[int, int]


@dataclass(frozen=True)
class Proportion:
    """What a rule minds about two indicators of a row: the first above ``percent`` of ``base``, at least ``excess`` above it,
    and at least ``least``, where the base is at least ``base_least``. ``what`` names the phrase of a rule that has several.
    """

    rule: str
    indicator: str
    base: str
    percent: float
    excess: int = 0
    least: int = 0
    base_least: int = 0
    what: str = ""


@dataclass(frozen=True)
class CityGoal:
    """A city-wide goal; without ``indicator`` the form does not hold it (本表不含)."""

    name: str
    target: str
    note: str
    indicator: str | None = None
    base: int | None = None


@dataclass(frozen=True)
class CityGoals:
    year: int
    rows: tuple[CityGoal, ...]


@dataclass(frozen=True)
class RankGroup:
    """Districts ranked among themselves: those it names, else those whose targets of all years reach ``least``."""

    name: str
    least: int = 0
    districts: tuple[str, ...] = ()


@dataclass(frozen=True)
class RankGroups:
    """In the order of 位次表, used where the settings ask for it; ``basis`` is what its note calls the division."""

    basis: str
    groups: tuple[RankGroup, ...]


@dataclass(frozen=True)
class Matter:
    """What a line of 情况说明 may be about (事项), and the rules it answers; without rules, whatever else may be explained."""

    id: str
    name: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerRules:
    """How explanations are taken (domain.md “Grades and the loop”): rules whose explanation must state an amount, and those that
    the form's fields 本期有无新增 and 补充说明 answer. ``standing_growth`` is how much a ratio may grow while one stands for
    the year. A text gives a reason when, without ``stock_phrases``, it has ``min_length`` characters, ``min_different`` of them
    different, and ``min_reason`` besides ``filler_words``.
    """

    stock_phrases: tuple[str, ...] = ()
    filler_words: tuple[str, ...] = ()
    min_length: int = 6
    min_reason: int = 2
    min_different: int = 3
    standing_growth: float = 0.2
    amount_rules: tuple[str, ...] = ()
    nothing_new_rules: tuple[str, ...] = ()
    remark_rules: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Programme:
    """One form and everything particular to it. Compared by identity, so that word lists derived from it can be cached."""

    id: str
    version: str
    start: dt.date
    end: dt.date
    headline: str
    open_before_days: int
    presets: tuple[str, ...]
    terms: Mapping[str, str]
    districts: tuple[District, ...]
    indicators: tuple[Indicator, ...]
    region: RegionWords
    form: FormWords
    numbers: NumberWords
    targets: tuple[Target, ...]
    rules: Mapping[str, Rule]
    wording: Mapping[str, Any]
    """Product texts by file: ``wording["bulletin"]["progress"]["title"]``."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """The rules' own, as ``P05_increase``; the programme's file names those that it sets otherwise."""
    city_goals: CityGoals | None = None
    rank_groups: RankGroups | None = None
    matters: tuple[Matter, ...] = ()
    template_version: str = ""
    """模板版本 of the templates made now (F16); empty where there are none."""
    answers: AnswerRules = AnswerRules()
    proportions: tuple[Proportion, ...] = ()
    notices: Mapping[str, str] = field(default_factory=dict)
    """Word templates beside the programme: ``notice``, and ``restated`` for a restatement. Without them there is no notice."""
    path: Path = DEFAULT_PROGRAMME

    @functools.cached_property
    def district_names(self) -> tuple[str, ...]:
        """In form order."""
        return tuple(district.name for district in self.districts)

    @functools.cached_property
    def indicator_ids(self) -> tuple[str, ...]:
        """In programme order."""
        return tuple(indicator.id for indicator in self.indicators)

    def indicator(self, identifier: str) -> Indicator:
        return next(indicator for indicator in self.indicators if indicator.id == identifier)

    def role_of(self, rule: str) -> Role:
        """What the program does with a finding of the rule; nothing with one that the catalogue does not know."""
        return self.rules[rule].role if rule in self.rules else ""

    def rule_for(self, role: Role) -> str:
        """The id of the rule that has a role."""
        return next(rule.id for rule in self.rules.values() if rule.role == role)

    def target_of(self, indicator: str, as_of: dt.date) -> Target | None:
        """The targets in force on ``as_of``: those with the latest effective date not after it."""
        known = [target for target in self.targets if target.indicator == indicator and target.effective <= as_of]
        return max(known, key=lambda target: target.effective, default=None)


def load_programme(path: Path = DEFAULT_PROGRAMME) -> Programme:
    """Read and validate a programme. Raises ProgrammeError naming the file and the field."""
    return _load(Path(path).resolve())


def reload_programme(path: Path = DEFAULT_PROGRAMME) -> Programme:
    """The programme read anew, for a process that lasts longer than its files."""
    _load.cache_clear()
    return load_programme(path)


@functools.cache
def read_wording(product: str) -> dict[str, Any]:
    """One product's texts of the default programme, without the rest of it: what the command line says before it knows more."""
    return _toml(DEFAULT_PROGRAMME.with_name("wording") / f"{product}.toml")


class _DefaultFiles(dict[str, Any]):
    """Files of wording, each read when it is first asked for."""

    def __missing__(self, product: str) -> dict[str, Any]:
        return read_wording(product)


@dataclass(frozen=True)
class DefaultWording:
    """The default programme's texts without the rest of it."""

    terms: Mapping[str, str] = field(default_factory=dict)
    wording: Mapping[str, Any] = field(default_factory=_DefaultFiles)


DEFAULT_WORDING = DefaultWording()
"""For what the command line says before it knows a programme."""


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Programme:
    raw = _toml(path)
    raw["path"] = path
    raw["rules"] = _rules(path, raw["rules"], raw.pop("rule_texts", {}))
    raw["thresholds"] = _thresholds(path, raw["rules"], raw.get("thresholds", {}))
    raw["wording"] = {file.stem: _toml(file) for file in sorted((path.parent / raw["wording"]).glob("*.toml"))}
    raw["targets"] = [_target(path.parent, **target) for target in raw.get("targets", [])]
    try:
        programme = structure(Programme, raw)
    except StructureError as error:
        raise ProgrammeError(f"{path.name}: {error}") from error
    _check(programme)
    return programme


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProgrammeError(f"{path.name}: {error}") from error


def _rules(path: Path, folder: str, texts: dict[str, Any]) -> dict[str, Any]:
    """The catalogue with a programme's own ``[rule_texts.X01]`` laid over it: it may be shared by forms that use other words."""
    if folder.endswith(".toml"):
        wrong = read_wording("messages")["programme"]["rules_in_one_file"]
        raise ProgrammeError(wrong.format(programme=path.name, rules=folder))
    catalogue = {file.stem: _toml(file) for file in rule_files(path.parent / folder)}
    if not catalogue:
        raise ProgrammeError(f"{path.name}: rules: {folder}")
    unknown = texts.keys() - catalogue.keys()
    unknown |= {f"{rule}.thresholds" for rule, own in texts.items() if "thresholds" in own}  # their place is [thresholds]
    if unknown:
        raise ProgrammeError(f"{path.name}: rule_texts: {'、'.join(sorted(unknown))}")
    return {rule: {"id": rule, **fields, **texts.get(rule, {})} for rule, fields in catalogue.items()}


def _thresholds(path: Path, catalogue: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The figures of all rules with the programme's own laid over them."""
    every = {f"{rule}_{name}": v for rule, fields in catalogue.items() for name, v in fields.get("thresholds", {}).items()}
    if unknown := own.keys() - every.keys():
        raise ProgrammeError(f"{path.name}: thresholds: {'、'.join(sorted(unknown))}")
    return every | own


def _target(folder: Path, indicator: str, file: str, effective: dt.date, total: str) -> dict[str, Any]:
    """A table ``region, …, 2024, 2025, …`` of annual targets with a row of totals."""
    try:
        with (folder / file).open(encoding="utf-8-sig", newline="") as stream:
            rows = {row["region"]: {int(k): int(v) for k, v in row.items() if k.isdecimal()} for row in csv.DictReader(stream)}
    except (OSError, KeyError, ValueError) as error:
        raise ProgrammeError(f"{file}: {error}") from error
    city = rows.pop(total, None) or {}
    return {"indicator": indicator, "effective": effective, "annual": rows, "city": city}


def _check(programme: Programme) -> None:
    """What types cannot say: names are unique, targets and goals name known things."""
    names = [name for d in programme.districts for name in (d.name, *d.full_names, *d.aliases)]
    repeated = {name for name in names if names.count(name) > 1}
    unknown = {name for target in programme.targets for name in target.annual} - set(programme.district_names)
    indicators = {target.indicator for target in programme.targets} | {programme.headline}
    indicators |= {name for each in programme.proportions for name in (each.indicator, each.base)}
    indicators |= {goal.indicator for goal in (programme.city_goals.rows if programme.city_goals else ()) if goal.indicator}
    strange = indicators - set(programme.indicator_ids)
    roles = [rule.role for rule in programme.rules.values()]
    grouped = programme.rank_groups.groups if programme.rank_groups else ()
    named = {name for rule in programme.rules.values() for name in (*rule.said_at_its_cell_by, *rule.said_already_by)}
    mistakes = {
        "unknown rules": named - programme.rules.keys(),
        "repeated names": repeated,
        "targets of unknown districts": unknown,
        "unknown indicators": strange,
        "roles of one rule": {role for role in get_args(Role) if role and roles.count(role) != 1},
        "groups of unknown districts": {name for group in grouped for name in group.districts} - set(programme.district_names),
    }
    if grouped and not any(group.least <= 0 and not group.districts for group in grouped):
        raise ProgrammeError(f"{programme.path.name}: rank_groups: least = 0")
    for problem, found in mistakes.items():
        if found:
            raise ProgrammeError(f"{programme.path.name}: {problem}: {'、'.join(sorted(found))}")
