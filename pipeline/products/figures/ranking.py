"""Places by rate, among all districts or within groups where the office's settings ask for it (wording.md 5.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.model.view import Office
from schemas.programme import Programme, RankGroup


@dataclass(frozen=True, slots=True)
class Group:
    """Districts ranked among themselves, in form order; without a name where all are."""

    name: str
    districts: tuple[str, ...]


def groups(programme: Programme, office: Office, day: dt.date) -> tuple[Group, ...]:
    """Who is ranked with whom by the targets in force on ``day``, in the order of the table."""
    if not (office.rank_groups and programme.rank_groups):
        return (Group("", programme.district_names),)
    of = {name: _group_of(programme, name, day) for name in programme.district_names}
    members = {group: tuple(name for name, own in of.items() if own is group) for group in programme.rank_groups.groups}
    return tuple(Group(group.name, names) for group, names in members.items() if names)


def rank(rates: Mapping[str, Fraction | None]) -> dict[str, int]:
    """Places by rate, highest first; equal rates share a place (1, 2, 2, 4); who has no rate has no place."""
    known = {name: rate for name, rate in rates.items() if rate is not None}
    first: dict[Fraction, int] = {}
    for place, rate in enumerate(sorted(known.values(), reverse=True), 1):
        first.setdefault(rate, place)
    return {name: first[rate] for name, rate in known.items()}


def ranked(rates: Mapping[str, Fraction | None], among: Sequence[Group]) -> dict[str, int]:
    """Everybody's place within the own group."""
    return {name: place for group in among for name, place in rank({name: rates.get(name) for name in group.districts}).items()}


def _group_of(programme: Programme, district: str, day: dt.date) -> RankGroup:
    """The group that names it, else the first whose size its targets of all years reach."""
    assert programme.rank_groups
    target = programme.target_of(programme.headline, day)
    size = sum(target.annual.get(district, {}).values()) if target else 0
    own = (group for group in programme.rank_groups.groups if district in group.districts)
    by_size = (group for group in programme.rank_groups.groups if not group.districts and size >= group.least)
    return next(own, None) or next(by_size)
