"""Great Expectations: the suite of a merged period, run by the gate on the ledger database itself.

The batch is the temporary view ``gate_values``: the values in force of the period, district × indicator → value, with the file
they came from. The other ``gate_*`` tables are filled by the gate with what the ledger does not hold (pipeline/gate/tables.py).
Queries are standard SQL: SQLite and PostgreSQL answer them alike. Each returns the rows that should not be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe

from schemas.programme import Programme

NAME = "ledger"

IN_FORCE = """
v.number = (
    SELECT MAX(w.number) FROM versions w
    WHERE w.district = v.district AND w.period = v.period AND w.id NOT IN (SELECT r.version_id FROM retractions r)
)
"""

VALUES = f"""
CREATE TEMPORARY VIEW gate_values AS
SELECT v.district, o.indicator, o.value, s.sha256, k.size
FROM gate_period p
JOIN versions v ON v.period = p.period
JOIN observations o ON o.version_id = v.id
LEFT JOIN judgements j ON j.id = v.judgement_id
LEFT JOIN submissions s ON s.id = j.submission_id
LEFT JOIN originals k ON k.sha256 = s.sha256
WHERE {IN_FORCE}
"""

HISTORY = f"""
CREATE TEMPORARY VIEW gate_history AS
SELECT v.district, o.indicator, v.period, o.value
FROM gate_period p CROSS JOIN gate_districts d
JOIN versions v ON v.district = d.district AND v.period IN (
    p.period,
    (
        SELECT MAX(u.period) FROM versions u
        WHERE u.district = d.district AND u.period < p.period AND u.id NOT IN (SELECT r.version_id FROM retractions r)
    )
)
JOIN observations o ON o.version_id = v.id
WHERE {IN_FORCE}
"""
"""Values in force of the period and of each district's last accepted one before it, found by key however long the ledger is."""

COMPLETE = """
SELECT d.district FROM gate_districts d LEFT JOIN {batch} b ON b.district = d.district
WHERE d.due = 1 AND b.district IS NULL
"""

EVERY_VALUE = """
SELECT d.district, i.indicator FROM gate_districts d CROSS JOIN gate_indicators i
LEFT JOIN {batch} b ON b.district = d.district AND b.indicator = i.indicator
WHERE b.value IS NULL AND d.district IN (SELECT c.district FROM {batch} c)
"""

WHOLE = "SELECT district, indicator, value AS observed FROM {batch} WHERE value < 0 OR value <> CAST(value AS INTEGER)"

FALLS = """
SELECT b.district, b.indicator, b.value AS observed, s.earlier AS expected, s.since
FROM (
    SELECT h.district, h.indicator, h.period, h.value,
        LAG(h.value) OVER (PARTITION BY h.district, h.indicator ORDER BY h.period) AS earlier,
        LAG(h.period) OVER (PARTITION BY h.district, h.indicator ORDER BY h.period) AS since
    FROM gate_history h
) s
JOIN gate_period p ON p.period = s.period
JOIN {batch} b ON b.district = s.district AND b.indicator = s.indicator
LEFT JOIN gate_approved a ON a.district = s.district AND a.indicator = s.indicator
WHERE s.value < s.earlier AND a.district IS NULL
"""

TOTALS = """
SELECT t.sheet, t.indicator, CAST(SUM(b.value) AS VARCHAR) AS observed, t.shown AS expected
FROM gate_totals t LEFT JOIN {batch} b ON b.indicator = t.indicator
GROUP BY t.sheet, t.indicator, t.shown
HAVING COALESCE(CAST(SUM(b.value) AS VARCHAR), '') <> t.shown
"""

SHOWN = """
SELECT s.sheet, s.district, s.indicator, s.shown AS observed, COALESCE(CAST(b.value AS VARCHAR), d.absent) AS expected
FROM gate_shown s
JOIN gate_districts d ON d.district = s.district
LEFT JOIN {batch} b ON b.district = s.district AND b.indicator = s.indicator
WHERE s.shown <> COALESCE(CAST(b.value AS VARCHAR), d.absent)
"""

ORIGINALS = """
SELECT b.district, b.indicator, COALESCE(e.flaw, 'missing') AS flaw
FROM {batch} b LEFT JOIN gate_originals e ON e.district = b.district AND e.indicator = b.indicator AND e.sha256 = b.sha256
WHERE e.flaw IS NOT NULL OR e.district IS NULL OR b.size IS NULL
"""

CELLS = """
SELECT e.district, e.indicator, b.value AS observed, e.value AS expected, e.cell
FROM gate_originals e LEFT JOIN {batch} b ON b.district = e.district AND b.indicator = e.indicator
WHERE e.flaw IS NULL AND (e.value IS NULL OR b.value IS NULL OR e.value <> b.value)
"""

OPEN = """
SELECT o.district, o.indicator, o.rule, o.message, b.value AS observed
FROM gate_open o LEFT JOIN {batch} b ON b.district = o.district AND b.indicator = o.indicator
"""

SAME_FILE = """
SELECT DISTINCT b.district, c.district AS other FROM {batch} b JOIN {batch} c ON c.sha256 = b.sha256 AND c.district > b.district
"""

CITY = """
WITH every AS (
    SELECT number, district, indicator, value FROM gate_bulletins
    UNION ALL SELECT p.bulletin, b.district, b.indicator, b.value FROM gate_period p CROSS JOIN {batch} b
), steps AS (
    SELECT n.number, n.indicator, SUM(n.value) AS later, SUM(m.value) AS earlier, SUM(n.value) - SUM(m.value) AS gain
    FROM every n JOIN every m ON m.number = n.number - 1 AND m.district = n.district AND m.indicator = n.indicator
    GROUP BY n.number, n.indicator
)
SELECT s.indicator, s.later AS observed, s.earlier AS expected
FROM gate_period p JOIN steps s ON s.number = p.bulletin
WHERE (s.gain < 0 AND NOT EXISTS (SELECT 1 FROM gate_approved a WHERE a.indicator = s.indicator))
OR (
    s.gain > 0 AND p.bulletin > p.least
    AND s.gain > p.times * (SELECT MAX(e.gain) FROM steps e WHERE e.indicator = s.indicator AND e.number < p.bulletin)
)
"""

SCANS = """
SELECT DISTINCT s.district FROM gate_scans s JOIN {batch} b ON b.district = s.district WHERE s.there = 0
"""

RESTATED = """
SELECT r.district, r.indicator FROM gate_restated r JOIN {batch} b ON b.district = r.district AND b.indicator = r.indicator
"""


@dataclass(frozen=True)
class Item:
    """A line of 定稿前验收 (wording.md 7.4). ``rule`` gives its grade, message and fix; ``query`` is empty for what a column
    expectation says."""

    name: str
    rule: str
    query: str = ""


ITEMS = (
    Item("complete", "B01", COMPLETE),
    Item("one_value", "B08", EVERY_VALUE),
    Item("in_sets", "B08"),
    Item("whole", "B08", WHOLE),
    Item("no_fall", "P01", FALLS),
    Item("totals", "B02", TOTALS),
    Item("originals", "B07", ORIGINALS),
    Item("cells", "B08", CELLS),
    Item("bulletin", "B02", SHOWN),
    Item("settled", "B01", OPEN),
    Item("files", "B03", SAME_FILE),
    Item("city", "B04", CITY),
    Item("scans", "B05", SCANS),
    Item("restated", "B06", RESTATED),
)
"""In the order they are shown. Lines that no B rule is about take the nearest: one value, sets and whole numbers break only by
hand, so B08 (台账不得手工改动); a fall without approval is P01 itself; open findings are returns that are not accepted, B01."""


def suite(programme: Programme, words: Mapping[str, str]) -> gx.ExpectationSuite:
    """The expectations, each with its item and rule in ``meta``. ``words`` are the items' Chinese names."""
    expectations = [expectation for item in ITEMS for expectation in _expectations(item, programme, words[item.name])]
    return gx.ExpectationSuite(name=NAME, expectations=expectations)


def _expectations(item: Item, programme: Programme, description: str) -> list[gxe.Expectation]:
    said: dict[str, Any] = {"description": description, "meta": {"item": item.name, "rule": item.rule}}
    found: list[gxe.Expectation] = []
    if item.query:
        found.append(gxe.UnexpectedRowsExpectation(unexpected_rows_query=item.query.strip(), **said))
    if item.name == "one_value":
        found.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=["district", "indicator"], **said))
    if item.name == "in_sets":
        found.append(gxe.ExpectColumnValuesToBeInSet(column="district", value_set=list(programme.district_names), **said))
        found.append(gxe.ExpectColumnValuesToBeInSet(column="indicator", value_set=list(programme.indicator_ids), **said))
    return found
