"""The making of products: what they are made of, what several of them share, and what could not be made."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pipeline.model.view import Original, PeriodView
from pipeline.model.work import Made
from schemas.programme import Programme

Originals = Mapping[str, Original]
"""sha256 → the file as sent."""

Maker = tuple[str, Callable[[], bytes]]
"""File name, and what makes the content."""

Unmade = tuple[str, str]
"""The name of a product that an internal error kept from being made, below the outbox's folder, and the traceback."""

Part = TypeVar("Part")


@dataclass(frozen=True)
class Making:
    """What the products of a period are made of. ``above`` leads from their folder to the period's.

    ``parts`` are what was made already, by what makes it: figures that several products show, or the content of a product.
    """

    programme: Programme
    view: PeriodView
    originals: Originals
    above: str = ""
    parts: dict[Callable[[Making], Any], Any] = field(default_factory=dict)

    def once(self, make: Callable[[Making], Part]) -> Part:
        """What ``make`` makes of this, made when it is first asked for."""
        if make not in self.parts:
            self.parts[make] = make(self)
        part: Part = self.parts[make]
        return part


def made_of(makers: Iterable[Maker], unmade: list[Unmade], expected: type[Exception] | tuple[()] = ()) -> Iterator[Made]:
    """The products one by one; what keeps one from being made is noted, unless it was ``expected``. Raises OSError: then none can
    be made."""
    for name, make in makers:
        try:
            content = make()
        except OSError:
            raise
        except expected:
            continue
        except Exception:
            unmade.append((name, traceback.format_exc()))
        else:
            yield name, content
