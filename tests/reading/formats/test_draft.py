"""A sheet while it is read: places, merged ranges, what lies in hidden spans."""

from __future__ import annotations

import pytest

from pipeline.model import Area, Cell, Kind, UnreadableFile
from pipeline.reading.formats.draft import Draft, merged, within

EIGHT, NINE = Cell(Kind.NUMBER, "8", 8), Cell(Kind.NUMBER, "9", 9)


@pytest.mark.parametrize(
    ("reference", "area"),
    [
        ("D7", Area(7, 4, 7, 4)),
        ("E9:D7", Area(7, 4, 9, 5)),
        ("$D$7:E9", Area(7, 4, 9, 5)),
        ("A1:A1048576", Area(1, 1, 1_048_576, 1)),
        ("H:I", Area(1, 8, 1_048_576, 9)),
        ("$H:$H", Area(1, 8, 1_048_576, 8)),
        ("3:5", Area(3, 1, 5, 16_384)),
        ("", None),
        ("#REF!", None),
        ("D7:", None),
        ("D7:E9:F11", None),
    ],
)
def test_merged_ranges(reference: str, area: Area | None) -> None:
    assert merged(reference) == area


@pytest.mark.parametrize(
    ("spans", "places", "inside"),
    [
        ([], {1, 2}, set()),
        ([(2, 2)], {1, 2, 3}, {2}),
        ([(1, 10), (3, 4)], {2, 5, 10, 11}, {2, 5, 10}),
        ([(8, 9), (1, 2)], {1, 3, 8, 9, 10}, {1, 8, 9}),
        ([(5, 4)], {4, 5}, set()),
        ([(5, 4), (5, 6)], {4, 5, 6}, {5, 6}),
        ([(17, 16_384)], {3, 16, 17, 16_384}, {17, 16_384}),
    ],
)
def test_places_within_spans(spans: list[tuple[int, int]], places: set[int], inside: set[int]) -> None:
    assert within(spans, places) == inside


def test_as_many_spans_as_rows() -> None:
    every = range(1, 50_001)
    assert len(within(((row, row) for row in every), set(every))) == 50_000


def test_a_place_holds_one_cell() -> None:
    draft = Draft("", hidden=False)
    draft.put(7, 4, EIGHT)
    draft.put(7, 4, Cell(Kind.NUMBER, "8", 8))
    with pytest.raises(UnreadableFile, match="damaged"):
        draft.put(7, 4, NINE)
