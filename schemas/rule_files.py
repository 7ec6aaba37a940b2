"""The rule catalogue as files: one TOML for each rule, named as its id, in the folder that the programme's ``rules`` names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Role = Literal["", "unreadable", "uncalled", "repeated", "late", "of_another", "rivals", "unhandled", "sent_back", "failed"]
"""What the program itself does with a finding: F01 (its reader would fail again), F05 (nothing is due), F07 (nothing is judged),
F09 and M01 (marks beside the district), F13, F17 (the city says which file counts), F18 and Z01 (an internal error)."""

FAMILIES = "FMZSCXPTB"
"""First letters of rules, in the catalogue's order: file, hand, program, structure, cell, across, history, target, bulletin."""


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue; the texts are what users read, ``{…}`` in them is filled by the program.

    ``closes`` is how a finding is done with: resend, explain, approve, city, none. ``shown_to`` is both (districts too) or city.
    ``condition`` is for developers, and not shown.
    """

    id: str
    grade: str
    scope: str
    name: str
    condition: str
    message: str
    fix: str
    closes: str
    shown_to: str
    meaning: str
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Figures that an office may move: under ``[thresholds]`` of its programme, as ``P05_increase``."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """How 审核规则 says a threshold; {mega} is it in units of 1024 × 1024. What is not named here is left out there."""
    parameter: str = ""
    """What 审核规则 says besides of figures that are no thresholds."""
    role: Role = ""
    leaves_open: Literal["", "district", "period"] = ""
    """What of a file's place is not known where it is found."""
    said_at_its_cell_by: tuple[str, ...] = ()
    """Rules that say it already where they are found at the same cell: the number is too large, or it fell."""
    said_already_by: tuple[str, ...] = ()
    """Rules that say it already wherever they are found: it is an issued period, or another's file."""
    may_arise_later: bool = False
    """Whether it may say something new of a return in force, when what that is compared with changes. Of a row that another
    district states later (P03) is asked there; what is in force changes nothing that is issued (P07)."""


def rule_files(folder: Path) -> list[Path]:
    """The files of the rules, in the catalogue's order: by family, then by number."""
    return sorted(folder.glob("*.toml"), key=lambda file: (FAMILIES.find(file.stem[:1]), file.stem))
