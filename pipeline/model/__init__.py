"""The nouns every room shares. Frozen, picklable, without behaviour of their own."""

from pipeline.model.cells import BLANK, Area, Cell, Grid, Kind, address, column_letters
from pipeline.model.decisions import Act, Decision, Explanation, How, Values
from pipeline.model.findings import Finding, Grade, State, Undecided
from pipeline.model.issues import Acceptance, AcceptanceCheck, Imprint, Issue, Result
from pipeline.model.known import Accepted, History, Issued, Known, Place, Prefilled, Receipt, Seen
from pipeline.model.readings import (
    Answer,
    Entry,
    Evidence,
    FormInfo,
    NoPeriod,
    PeriodMention,
    Problem,
    Reading,
    Row,
    Table,
    UnreadableFile,
)
from pipeline.model.submissions import Status, Submission
from pipeline.model.versions import Register, Stated, Version

__all__ = [
    "BLANK",
    "Acceptance",
    "AcceptanceCheck",
    "Accepted",
    "Act",
    "Answer",
    "Area",
    "Cell",
    "Decision",
    "Entry",
    "Evidence",
    "Explanation",
    "Finding",
    "FormInfo",
    "Grade",
    "Grid",
    "History",
    "How",
    "Imprint",
    "Issue",
    "Issued",
    "Kind",
    "Known",
    "NoPeriod",
    "PeriodMention",
    "Place",
    "Prefilled",
    "Problem",
    "Reading",
    "Receipt",
    "Register",
    "Result",
    "Row",
    "Seen",
    "State",
    "Stated",
    "Status",
    "Submission",
    "Table",
    "Undecided",
    "UnreadableFile",
    "Values",
    "Version",
    "address",
    "column_letters",
]
