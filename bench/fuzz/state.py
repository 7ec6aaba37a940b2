"""What was found, a line for each mutant: a fuzzing that was ended goes on where it was."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bench.fuzz.mutants import mutant
from bench.fuzz.trial import Outcome, outcome_of

ROOT = Path(__file__).parents[2]
JUDGING = ("pipeline/reading", "pipeline/rules", "pipeline/products", "schemas", "bench/fuzz")
"""Where other code, or other words, may lead to other outcomes."""


@dataclass(frozen=True)
class State:
    """A file of outcomes below ``folder``, one for each seed and each state of the code."""

    folder: Path
    seed: int

    @property
    def file(self) -> Path:
        return self.folder / f"{self.seed}-{_digest()}.jsonl"

    def read(self) -> dict[int, Outcome]:
        """Number → outcome; a line that was not finished is left out."""
        if not self.file.exists():
            return {}
        found = {}
        for line in self.file.read_text(encoding="utf-8").splitlines():
            try:
                outcome = outcome_of(json.loads(line))
            except ValueError:
                continue
            found[outcome.number] = outcome
        return found

    def add(self, outcomes: Iterable[Outcome]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(outcome.as_line, ensure_ascii=False) + "\n" for outcome in outcomes)

    def keep(self, outcome: Outcome) -> Path:
        """The mutant itself, with what was said of it beside it: a find."""
        place = self.folder / "finds" / f"{self.seed}-{outcome.number}"
        place.mkdir(parents=True, exist_ok=True)
        (place / PurePosixPath(outcome.name).name).write_bytes(mutant(self.seed, outcome.number).content)
        story = json.dumps(outcome.as_line, ensure_ascii=False, indent=1).replace("\\n", "\n")
        (place / "story.txt").write_text(story + "\n", encoding="utf-8")
        return place


@functools.cache
def _digest() -> str:
    """Of the code and the words that judge, as they were at the beginning."""
    found = hashlib.sha256()
    for room in JUDGING:
        for file in sorted((ROOT / room).rglob("*")):
            if file.suffix in (".py", ".toml", ".csv"):
                found.update(file.read_bytes())
    return found.hexdigest()[:10]
