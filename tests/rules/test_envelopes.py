"""What a file came in as evidence: of the district where the file itself names none, of the period only as an archive's name."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.model import ARCHIVE, MAIL, Cover, Envelope, Reading, envelope_of, envelope_record, parcel_of
from pipeline.reading.read import read_submission
from pipeline.rules.place import Placed, place
from pipeline.run.members import with_senders
from pipeline.workspace.settings import ContactSettings
from tests.support.judging import JUNE, PROGRAMME, calendar
from tests.support.parcels import mailed, packed

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
SENT = dt.datetime(2024, 7, 4, 10, 0, tzinfo=dt.UTC)


def table(*regions: str, above: str = "截至2024年6月底") -> bytes:
    """A table of text that names no district but in its rows."""
    rows = [above, ",".join(("区域", *NAMES)), *(f"{region},8,12,7,{n}" for n, region in enumerate(regions, 3))]
    return "\r\n".join(rows).encode("gbk")


NAMELESS = table("本地区")


def members(content: bytes, name: str) -> list[Reading]:
    """What came in a mail or an archive, read as a run does."""
    parcel = read_submission(name, content, PROGRAMME)
    return [
        each.reading or read_submission(each.file, each.content, PROGRAMME, frozenset(), each.envelope)
        for each in parcel.enclosed
    ]


def placed(content: bytes, name: str) -> Placed:
    """The one file in it, placed."""
    (reading,) = members(content, name)
    return place(reading, calendar())


MAILS = {
    "the subject": ({"subject": "报送：鹿城区“科技副总”报表"}, "鹿城区"),
    "the sender's name": ({"sender": "鹿城区科技局 <a@example.cn>"}, "鹿城区"),
    "both": ({"sender": "鹿城区科技局 <a@example.cn>", "subject": "鹿城区报表"}, "鹿城区"),
    "another one each": ({"sender": "鹿城区科技局 <a@example.cn>", "subject": "瓯海区报表"}, None),
    "a subject of several": ({"subject": "鹿城区、瓯海区报表"}, None),
    "a subject of several and a sender": (
        {"subject": "转发鹿城区、瓯海区报表", "sender": "瓯海区科技局 <b@example.cn>"},
        "瓯海区",
    ),
    "none": ({}, None),
}


@pytest.mark.parametrize("case", MAILS)
def test_a_mail_says_whose_a_file_is_that_names_nobody(case: str) -> None:
    head, district = MAILS[case]
    found = placed(mailed({"附件2.csv": NAMELESS}, **head), "新邮件.eml")
    assert (found.district, found.period) == (district, JUNE)


def test_what_the_file_says_goes_before_what_it_came_in() -> None:
    head = {"subject": "瓯海区报表", "sender": "龙湾区 <b@example.cn>"}
    for files in ({"鹿城区.csv": NAMELESS}, {"附件2.csv": table("鹿城区")}):
        assert placed(mailed(files, **head), "洞头区.eml").district == "鹿城区"


def test_what_the_file_says_twice_is_not_settled_by_what_it_came_in() -> None:
    found = placed(mailed({"瓯海区.csv": table("鹿城区")}, subject="鹿城区报表"), "鹿城区.eml")
    assert (found.district, [finding.rule for finding in found.findings]) == (None, ["F03"])


ARCHIVES = {
    "the archive's name": ("鹿城区2024年6月.zip", "附件2.csv", "鹿城区"),
    "a folder in it before its name": ("瓯海区.zip", "鹿城区/附件2.csv", "鹿城区"),
    "a folder of the inbox before its name": ("鹿城区/瓯海区.zip", "附件2.csv", "鹿城区"),
    "a name of several": ("鹿城区和瓯海区.zip", "附件2.csv", None),
    "a name of one and others": ("鹿城区等13地.zip", "附件2.csv", None),
    "a name of one and other places": ("鹿城等地2024年6月.zip", "附件2.csv", None),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_an_archive_is_a_folder_whose_own_name_is_weak(case: str) -> None:
    name, inside, district = ARCHIVES[case]
    assert placed(packed({inside: NAMELESS}), name).district == district


PERIODS = {
    "of the file": (packed({"鹿城区2024年6月.csv": table("鹿城区", above="")}), "2024年3月.zip", JUNE),
    "of a folder in it": (packed({"2024年6月/鹿城区.csv": table("鹿城区", above="")}), "2024年3月.zip", JUNE),
    "of an archive where nothing else states one": (packed({"鹿城区.csv": table("鹿城区", above="")}), "2024年6月.zip", JUNE),
    "of no mail": (mailed({"鹿城区.csv": table("鹿城区", above="")}, subject="2024年6月报表"), "2024年6月.eml", None),
}


@pytest.mark.parametrize("case", PERIODS)
def test_a_period_is_stated_by_the_file_else_by_an_archive_never_by_a_mail(case: str) -> None:
    content, name, period = PERIODS[case]
    assert placed(content, name).period == period


def test_the_name_of_an_archive_chooses_no_table_of_a_file() -> None:
    two = table("鹿城区") + b"\r\n\r\n" + table("鹿城区", above="截至2024年3月底").replace(b",8,", b",5,")
    loose = place(read_submission("鹿城区.csv", two, PROGRAMME), calendar())
    inside = placed(packed({"鹿城区.csv": two}), "2024年6月.zip")
    assert (inside.period, inside.table) == (loose.period, loose.table)


def test_findings_name_where_it_is_said() -> None:
    mail = mailed({"附件2.csv": NAMELESS}, sender="鹿城区科技局 <a@example.cn>", subject="瓯海区报表")
    found = place(members(packed({"龙湾.eml": mail}), "洞头区.zip")[-1], calendar())
    (finding,) = found.findings
    assert finding.rule == "F03"
    for said in ("压缩包名为“洞头区.zip”", "邮件文件名为“龙湾.eml”", "发件人为“鹿城区科技局”", "邮件主题为“瓯海区报表”"):
        assert said in finding.message
    assert "example" not in finding.message


CONTACTS = {
    "鹿城区": ContactSettings(mail="LC@example.cn"),
    "瓯海区": ContactSettings(mail="both@example.cn"),
    "龙湾区": ContactSettings(mail="both@example.cn"),
}


@pytest.mark.parametrize(
    ("sender", "district"),
    [("张三 <lc@example.cn>", "鹿城区"), ("lc@example.cn", "鹿城区"), ("both@example.cn", None), ("李四 <x@example.cn>", None)],
)
def test_the_settings_know_whose_an_address_is(sender: str, district: str | None) -> None:
    (reading,) = members(mailed({"附件2.csv": NAMELESS}, sender=sender), "新邮件.eml")
    assert place(with_senders(reading, CONTACTS), calendar()).district == district


def test_an_archive_in_a_mail_is_opened_with_it() -> None:
    mail = mailed({"内层.zip": packed({"瓯海/附件2.csv": NAMELESS})}, subject="报送", date="Thu, 04 Jul 2024 18:00:00 +0800")
    inner, file = members(mail, "新邮件.eml")
    assert (inner.file, inner.parcel) == ("新邮件.eml/内层.zip", ARCHIVE)
    assert [finding.message for finding in inner.findings] == ["“内层.zip”为压缩包（内有1份文件），已逐份打开审核，原件留存。"]
    assert file.file == "新邮件.eml/内层.zip/瓯海/附件2.csv"
    assert file.envelope is not None
    assert [(cover.file, cover.kind) for cover in file.envelope.covers] == [
        ("新邮件.eml", MAIL),
        ("新邮件.eml/内层.zip", ARCHIVE),
    ]
    assert file.envelope.sent == SENT
    assert place(file, calendar()).district == "瓯海区"


def test_the_ledger_keeps_an_envelope_as_it_is() -> None:
    covers = (
        Cover("收件.eml", MAIL, "a" * 64, "张三 <zs@example.cn>", "报送", SENT),
        Cover("收件.eml/内.zip", ARCHIVE, "b" * 64),
    )
    for envelope in (None, Envelope(covers), Envelope(covers[:1], refused=True)):
        for parcel in (None, MAIL):
            record = envelope_record(envelope, parcel)
            assert (envelope_of(record), parcel_of(record)) == (envelope, parcel)


@pytest.mark.parametrize("date", [b"Mon, 01 Jan 1601 00:00:00 +0000", b"Fri, 31 Dec 9999 23:59:59 +0000", b"yesterday"])
def test_a_date_that_no_mail_was_sent_at_is_none(date: bytes) -> None:
    mail = mailed({"附件2.csv": NAMELESS}).replace(b"Thu, 03 Apr 2025 09:00:00 +0800", date)
    (reading,) = members(mail, "新邮件.eml")
    assert reading.envelope is not None
    assert reading.envelope.sent is None
