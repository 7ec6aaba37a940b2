"""The city's decisions: from what somebody asks for to an entry of the ledger, or a reason why not. None changes a number."""

from pipeline.decisions.requests import Refused, Request, district_named, indicator_named, named_files, place_text
from pipeline.decisions.verdict import FINDING_ACTS, JUDGED, authorised, decide, taken

__all__ = [
    "FINDING_ACTS",
    "JUDGED",
    "Refused",
    "Request",
    "authorised",
    "decide",
    "district_named",
    "indicator_named",
    "named_files",
    "place_text",
    "taken",
]
