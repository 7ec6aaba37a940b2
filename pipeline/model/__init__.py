"""The nouns every room shares. Frozen, picklable, without behaviour of their own."""

from pipeline.model.cells import BLANK, MASK, Area, Cell, Grid, Kind, Mark, Run, Unseen, address, column_letters
from pipeline.model.columns import Column, Meaning, Said
from pipeline.model.decisions import Act, Decision, Explanation, How, Values
from pipeline.model.findings import Finding, Grade, State, Undecided
from pipeline.model.issues import Acceptance, AcceptanceCheck, Imprint, Issue, Result
from pipeline.model.known import Accepted, History, Issued, Known, Place, Prefilled, Receipt, Replaced, Seen
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
    "MASK",
    "Acceptance",
    "AcceptanceCheck",
    "Accepted",
    "Act",
    "Answer",
    "Area",
    "Cell",
    "Column",
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
    "Mark",
    "Meaning",
    "NoPeriod",
    "PeriodMention",
    "Place",
    "Prefilled",
    "Problem",
    "Reading",
    "Receipt",
    "Register",
    "Replaced",
    "Result",
    "Row",
    "Run",
    "Said",
    "Seen",
    "State",
    "Stated",
    "Status",
    "Submission",
    "Table",
    "Undecided",
    "UnreadableFile",
    "Unseen",
    "Values",
    "Version",
    "address",
    "column_letters",
]
