"""Versions of values as the command line shows them: a table on standard error, or the records of interface.md."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pipeline.model import Finding, Version
from pipeline.model.labels import period_label, time_label
from pipeline.model.view import SHOWN_ZONE
from schemas.programme import Programme


def history_json(versions: Iterable[Version], indicators: Collection[str]) -> list[dict[str, Any]]:
    """One record for each value, times in Asia/Shanghai."""
    return [
        {
            "district": version.district,
            "indicator": indicator,
            "period": version.period.isoformat(),
            "value": stated.value,
            "version": version.number,
            "received": _iso(version.received),
            "file": version.file,
            "sheet": stated.sheet,
            "cell": stated.cell,
            "sha256": version.sha256,
            "valid_from": _iso(version.recorded),
            "valid_to": _iso(version.ended) if version.ended else None,
        }
        for version in versions
        for indicator, stated in version.values.items()
        if indicator in indicators
    ]


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(SHOWN_ZONE).isoformat()


def say_history(versions: Sequence[Version], indicators: Collection[str], programme: Programme) -> None:
    """A table of the values in force."""
    words = programme.wording["history"]
    print_table(words["headers"], (row for version in versions for row in _rows(version, indicators, programme)))


def say_history_with_findings(versions: Sequence[Version], indicators: Collection[str], programme: Programme) -> None:
    """A table of all versions, then under each what the rules found in it and what was said to that."""
    words = programme.wording["history"]
    rows = (
        [*row, time_label(version.ended, programme) if version.ended else ""]
        for version in versions
        for row in _rows(version, indicators, programme)
    )
    print_table([*words["headers"], words["ended"]], rows)
    for version in versions:
        place = version.district + period_label(version.period, programme)
        state = words["states"][version.state]
        print(
            words["version"].format(place=place, number=version.number, state=state, rules=version.rules_version), file=sys.stderr
        )
        for finding in version.findings:
            print(_finding_line(finding, programme), file=sys.stderr)
        if not version.findings:
            print(words["no_findings"], file=sys.stderr)


def _rows(version: Version, indicators: Collection[str], programme: Programme) -> Iterable[list[str]]:
    names = {indicator.id: indicator.short for indicator in programme.indicators}
    for indicator, stated in version.values.items():
        if indicator in indicators:
            yield [
                version.district,
                names.get(indicator, indicator),
                period_label(version.period, programme),
                str(stated.value),
                programme.wording["history"]["number"].format(number=version.number),
                version.file,
                stated.sheet,
                stated.cell,
                time_label(version.received, programme),
                time_label(version.recorded, programme),
            ]


def _finding_line(finding: Finding, programme: Programme) -> str:
    words = programme.wording["history"]
    grade = programme.wording["messages"]["grades"][finding.grade]
    progress = finding.note or words["progress"][finding.state] if finding.grade != "hint" else ""
    line = words["finding"].format(grade=grade, message=finding.message, rule=finding.rule, progress=progress)
    return str(line + (words["explanation"].format(text=finding.explanation) if finding.explanation else ""))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """On standard error, as wide as it has to be: nothing of a row is cut off."""
    from rich.console import Console
    from rich.markup import escape
    from rich.measure import Measurement
    from rich.table import Table

    table = Table()
    for header in headers:
        table.add_column(header, no_wrap=True)
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console(stderr=True)
    console.width = max(console.width, Measurement.get(console, console.options.update(max_width=10_000), table).maximum)
    console.print(table)
