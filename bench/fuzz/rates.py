"""What the outcomes amount to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.fuzz.office import OTHER, RECKONED, REFUSED
from bench.fuzz.trial import DIED, HUNG, RAISED, Outcome

WRONG = 0.001
"""Of all mutants, at most this share accepted with another number than LibreOffice shows."""


@dataclass(frozen=True)
class Rates:
    outcomes: Sequence[Outcome]

    @property
    def raised(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status in (RAISED, HUNG, DIED)]

    @property
    def wrong(self) -> list[Outcome]:
        """Accepted, with another number than is shown."""
        return [outcome for outcome in self.outcomes if outcome.accepted and outcome.shown.startswith(OTHER)]

    @property
    def asked(self) -> list[Outcome]:
        """Read otherwise than shown, but not accepted: someone looks at it."""
        return [outcome for outcome in self.outcomes if not outcome.accepted and outcome.shown.startswith(OTHER)]

    @property
    def unopened(self) -> list[Outcome]:
        """Accepted, though LibreOffice does not open the file."""
        return [outcome for outcome in self.outcomes if outcome.accepted and outcome.shown == REFUSED]

    @property
    def reckoned(self) -> list[Outcome]:
        """Accepted with a formula's stored result, which LibreOffice does not trust."""
        return [outcome for outcome in self.outcomes if outcome.accepted and outcome.shown.startswith(RECKONED)]

    def missed_bars(self) -> list[str]:
        bars = {
            f"{len(self.raised)} exceptions, hangs or deaths, none allowed": not self.raised,
            f"{len(self.wrong)} of {len(self.outcomes)} accepted with another number than shown, at most {WRONG:.1%}": (
                len(self.wrong) <= WRONG * len(self.outcomes)
            ),
        }
        return [text for text, kept in bars.items() if not kept]

    def lines(self) -> Iterable[str]:
        """A table: formats × families, then all."""
        yield f"{'format':<14}{'family':<14}{'mutants':>9}{'accepted':>10}{'asked':>8}{'raised':>8}{'wrong':>7}{'unopened':>10}"
        groups: dict[tuple[str, str], list[Outcome]] = {}
        for outcome in self.outcomes:
            groups.setdefault((outcome.fmt, outcome.family), []).append(outcome)
        for (fmt, family), outcomes in sorted(groups.items()):
            yield _line(fmt, family, Rates(outcomes))
        yield _line("all", "", self)
        yield f"\n{len(self.reckoned)} accepted with a formula's stored result (C09) that LibreOffice reckons anew"
        yield f"{len(self.asked)} read otherwise than shown, but sent back or asked about"


def _line(fmt: str, family: str, rates: Rates) -> str:
    accepted = sum(outcome.accepted for outcome in rates.outcomes)
    asked = len(rates.outcomes) - accepted - len(rates.raised)
    counts = (
        f"{len(rates.outcomes):>9}{accepted:>10}{asked:>8}{len(rates.raised):>8}{len(rates.wrong):>7}{len(rates.unopened):>10}"
    )
    return f"{fmt:<14}{family:<14}{counts}"
