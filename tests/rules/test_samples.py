"""The sample returns: the good ones period by period, then the flawed ones, against expected.json."""

from __future__ import annotations

import pytest

from pipeline.model import Accepted, History, Known, Reading, Status, Submission
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch, run_batch
from pipeline.rules.place import place
from tests.rules.rule_cases import CASES
from tests.support.judging import NOW, PROGRAMME, calendar, serious
from tests.support.samples import Sample, flawed, good, parameters


@pytest.fixture(scope="module")
def good_ones() -> dict[str, Submission]:
    """The good returns judged period by period, each period on the one before."""
    judged: dict[str, Submission] = {}
    for period in sorted({sample.folder for sample in good()}):
        samples = [sample for sample in good() if sample.folder == period]
        files = [(place(_read(sample), calendar()), NOW) for sample in samples]
        submissions = run_batch(files, Known({}, _ledger(judged)), calendar())
        judged |= {sample.name: submission for sample, submission in zip(samples, submissions, strict=True)}
    return judged


def _read(sample: Sample) -> Reading:
    return read_submission(sample.path.name, sample.path.read_bytes(), PROGRAMME)


def _ledger(judged: dict[str, Submission]) -> History:
    ledger: History = {}
    for submission in judged.values():
        assert submission.district is not None
        assert submission.period is not None
        known = {indicator: value for indicator, value in submission.values.items() if value is not None}
        ledger.setdefault(submission.district, {})[submission.period] = Accepted(1, known)
    return ledger


@pytest.mark.parametrize("sample", parameters(good()))
def test_a_good_return_is_accepted_with_its_values(sample: Sample, good_ones: dict[str, Submission]) -> None:
    submission = good_ones[sample.name]
    assert (submission.district, submission.period) == (sample.district, sample.period)
    assert serious(submission) == []
    assert submission.status is Status.ACCEPTED
    assert tuple(submission.values[i] for i in PROGRAMME.indicator_ids) == sample.values


@pytest.mark.parametrize("sample", parameters(flawed()))
def test_a_flawed_return_has_its_findings_and_no_others(sample: Sample, good_ones: dict[str, Submission]) -> None:
    files = [(place(_read(sample), calendar()), NOW)]
    submission = check_batch(files, Known({}, _ledger(good_ones)), calendar())[0]
    found = [(f.rule, f.cell) for f in submission.findings if f.grade != "hint"]
    due = [(rule, cell) for rule, cell in sample.findings if rule in CASES]
    missing = [(rule, cell) for rule, cell in due if not any(r == rule and cell in (None, c) for r, c in found)]
    surplus = [r for r, _ in found if r not in {rule for rule, _ in due} and r not in sample.also_allowed]
    assert (missing, surplus) == ([], [])
    assert (submission.district, submission.period) == (sample.district, sample.period)
    if due:
        assert submission.status == sample.status
