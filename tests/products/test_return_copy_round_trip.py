"""A return copy that comes back unchanged is judged as the file it was made of; the same input gives the same copy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import subprocess
import sys

import pytest

from pipeline.model import History, Status
from pipeline.products import return_copy
from schemas.programme import load_programme
from tests import ROOT, TEST_DATA
from tests.products.return_copies import (
    FLAWED,
    answer_sheet,
    back,
    filled,
    opened,
    said,
    sent,
    sent_return,
    texts,
)
from tests.returns import FORMATS, Percent, ReturnSpec, write_return
from tests.support.judging import JUNE, NOW, PROGRAMME, history, spec
from tests.support.samples import Sample, flawed, good, parameters

SECOND = load_programme(TEST_DATA / "second" / "programme.toml")
TYPED = [Percent(0.25), dt.date(2024, 6, 30), dt.time(8, 30), True, "３", "8家", "1,2", " 8", 2.5, -3, "007", "-0"]


@pytest.fixture(scope="module")
def earlier() -> History:
    """What the good samples say."""
    known = [(sample.district, sample.period, sample.values) for sample in good()]
    return history(*((district, period, values) for district, period, values in known if district and period and values))


@pytest.mark.parametrize("sample", parameters(flawed()))
def test_a_flawed_sample_comes_back_as_it_went(sample: Sample, earlier: History) -> None:
    before = sent(sample.path.name, sample.path.read_bytes(), earlier)
    waits = before.submission.status is not Status.ACCEPTED
    assert return_copy.is_wanted(PROGRAMME, before.record) == waits
    if waits:
        after = back(before.copy(), before, ledger=earlier)
        assert _without_names(said(after)) == _without_names(said(before))


def _without_names(judged: tuple[object, ...]) -> tuple[object, ...]:
    """F03 and F04 quote the file's name, which in a copy has an ending more."""
    *place, findings = judged
    assert isinstance(findings, list)
    return (*place, [f if f[0] not in ("F03", "F04") else f[:2] for f in findings])


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_comes_back_as_it_went(fmt: str) -> None:
    before = sent_return(spec(fmt=fmt, values={"projects": "约30", "transfers": 5, "institutes": "３"}))
    after = back(before.copy(), before)
    assert [f.rule for f in before.submission.findings if f.grade == "error"] == ["C04", "P01"]
    assert said(after) == said(before)


@pytest.mark.parametrize(
    "value", [Percent(0.25), dt.date(2024, 6, 30), dt.time(8, 30), True, "３", "8家", "1,2", " 8", 2.5, -3, "007", "-0"]
)
@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "xml"])
def test_a_value_of_any_type_is_the_same_in_the_copy(value: object, fmt: str) -> None:
    before = sent_return(spec(fmt=fmt, values={"projects": value, "transfers": 5}))
    assert said(back(before.copy(), before)) == said(before)


@pytest.mark.parametrize("layout", ["hidden_row", "hidden_sheet", "hidden_column", "merged_values", "far_offset"])
@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "xml"])
def test_what_was_hidden_merged_or_far_out_stays_so(fmt: str, layout: str) -> None:
    before = sent_return(spec(fmt=fmt, layout=layout, values={"projects": "约30"}))
    assert said(back(before.copy(), before)) == said(before)


def test_a_file_whose_own_name_contradicts_it_contradicts_itself_again() -> None:
    before = sent("鹿城区_2024年9月.xlsx", write_return(spec()))
    assert [f.rule for f in before.submission.findings] == ["F04"]
    assert before.copy_name == f"鹿城区_2024年9月_{before.record.sha256[:8]}_退回.xlsx"
    assert [f.rule for f in back(before.copy(), before).submission.findings] == ["F04"]
    assert [f.rule for f in back(before.copy(), before, "附件2.xlsx").submission.findings] == ["F04"]
    assert back(before.copy(), before, "鹿城区2024年6月.xlsx").submission.period == JUNE


def test_a_period_that_was_not_called_may_be_corrected_in_the_copy() -> None:
    before = sent_return(spec(period=dt.date(2023, 6, 30)), {})
    assert [f.rule for f in before.submission.findings] == ["F05"]
    copy = before.copy()
    assert said(back(copy, before, ledger={})) == said(before)
    corrected = filled(copy, cells={"A3": "截至2024年6月30日"})
    assert back(corrected, before, "附件2.xlsx", {}).submission.period == JUNE


def test_another_programme_s_return_comes_back_as_it_went() -> None:
    made = ReturnSpec(
        "青岩县", dt.date(2025, 6, 30), dict(zip(SECOND.indicator_ids, (6, "约15", 2), strict=True)), fmt="xls", programme=SECOND
    )
    before = sent_return(made, {})
    copy = before.copy()
    assert "“科技特派员”工作情况报表审核反馈" in texts(answer_sheet(opened(copy)))
    assert said(back(copy, before)) == said(before)


def test_the_second_copy_takes_the_marks_of_the_first_away() -> None:
    before = sent_return()
    corrected = filled(before.copy(), cells={"D5": 30})
    again = back(corrected, before)
    assert [f.rule for f in again.submission.findings if f.grade == "error"] == ["P01"]
    workbook = opened(again.copy())
    assert workbook.sheetnames == ["审核说明", "附件2"]
    corrected_cell, open_cell = workbook["附件2"]["D5"], workbook["附件2"]["E5"]
    assert (corrected_cell.fill.fill_type, corrected_cell.comment) == (None, None)
    assert open_cell.fill.fgColor.rgb[2:] == "FFC7CE"
    assert open_cell.comment.text.count("（P01）") == 1


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib; from tests.products.return_copies import sent_return, FLAWED; import dataclasses;"
        "print(*(hashlib.sha256(sent_return(dataclasses.replace(FLAWED, fmt=f)).copy()).hexdigest() for f in ('xlsx', 'ods')))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "1", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    here = [sent_return(dataclasses.replace(FLAWED, fmt=fmt)).copy() for fmt in ("xlsx", "ods")]
    assert elsewhere.stdout.split() == [hashlib.sha256(copy).hexdigest() for copy in here]


def test_a_copy_bears_the_office_and_the_time_of_receipt_and_nobody_s_name() -> None:
    properties = opened(sent_return().copy()).properties
    assert (properties.creator, properties.modified, properties.lastModifiedBy) == ("市科技局", NOW.replace(tzinfo=None), None)
