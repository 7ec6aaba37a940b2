"""Mails: what is one, what is attached to it under which name, and what is refused."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import email.policy
import quopri
import time
from contextlib import suppress
from email.message import EmailMessage

import pytest

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify
from pipeline.reading.formats.kinds import IncompleteFile, Kind, Limits
from pipeline.reading.parcels import Letter, Member, Parcel, open_parcel
from tests.support.handmade import one_cell, zipped

XLSX = one_cell('<c r="D7"><v>8</v></c>')
CSV = "区域,企业数\r\n鹿城区,8\r\n".encode("gbk")
HEAD = b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def mixed(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"B", head: bytes = HEAD, end: bytes | None = None) -> bytes:
    """A mail of parts, each its head, an empty line and its body."""
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    last = b"--" + boundary + b"--\r\n" if end is None else end
    return head + b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n' + body + last


def attachment(content: bytes = XLSX, head: bytes = b'Content-Disposition: attachment; filename="a.xlsx"') -> bytes:
    return head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def inner(kind: bytes, boundary: bytes, *parts: bytes) -> bytes:
    """A multipart as a part of another."""
    return mixed(*parts, kind=kind, boundary=boundary, head=b"")


TEXT = b"Content-Type: text/plain; charset=gbk\r\n\r\n\xc7\xeb\xb2\xe9\xca\xd5"
GOOD = attachment(b"8", b'Content-Disposition: attachment; filename="good.csv"')


def opened(content: bytes, limits: Limits | None = None) -> Parcel:
    assert identify(content, "收件.eml").kind is Kind.MAIL
    return open_parcel(content, Kind.MAIL, limits or Limits())


def members(content: bytes) -> tuple[Member, ...]:
    return opened(content).members


def told(content: bytes) -> dict[str, bytes | str]:
    """Name of each member → its bytes, or why it is refused."""
    return {member.name: member.refused.reason if member.refused else member.content for member in members(content)}


def whole(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        open_parcel(content, Kind.MAIL, limits or Limits())
    return caught.value.reason


PAGE_OF_EXCEL = (
    b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=\"B\"\r\n\r\n"
    b"--B\r\nContent-Location: file:///C:/a.htm\r\nContent-Type: text/html\r\n\r\n<table><tr><td>8</td></tr></table>\r\n--B--\r\n"
)  # fmt: skip
ARE_MAILS = {
    "plain": HEAD + b"\r\nhello",
    "two fields": b"From: a@b.cn\nDate: Mon, 06 Jan 2025 09:00:00 +0800\n\nhello",
    "head only": b"Subject: x\r\nReceived: y",
    "mark before it": b"\xef\xbb\xbf" + HEAD + b"\r\n",
    "empty lines before it": b"\r\n\r\n" + HEAD + b"\r\n",
    "line of a mailbox before it": b"From a@b.cn Mon Jan  6 09:00:00 2025\n" + HEAD + b"\r\n",
    "folded fields": b"Received: from x\r\n\tby y\r\nSubject: =?gbk?B?xx?=\r\n =?gbk?B?yy?=\r\n\r\n",
    "raw gbk": "From: a\r\nSubject: 鹿城区报表\r\n\r\n".encode("gbk"),
    "related with pictures": mixed(TEXT, kind=b"related"),
    "one odd line among many fields": HEAD + b"Date: x\r\nReceived: y\r\nan odd line\r\n\r\n",
    "speaks of a PDF": HEAD + b"\r\n%PDF-1.7",
}
ARE_NONE = {
    "separated values": "区域,企业数\r\n鹿城区,8\r\n".encode(),
    "values with colons": b"From: x,1,2\r\nTo: y,3,4\r\nluchengqu,5,6\r\n",
    "one field": b"From: a\r\n\r\n1,2\r\n3,4\r\n",
    "page": b"<html><body>From: a\r\nSubject: b<table><tr><td>8</td></tr></table></body></html>",
    "workbook saved as one page": PAGE_OF_EXCEL,
    "page saved by a browser": b"From: <Saved by Blink>\r\nSubject: x\r\nDate: y\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B--\r\n',
    "page saved otherwise": b"From: x\r\nSubject: y\r\n" + PAGE_OF_EXCEL.replace(b"X-Document-Type: Workbook\r\n", b""),
    "workbook": XLSX,
}  # fmt: skip


@pytest.mark.parametrize("content", ARE_MAILS.values(), ids=ARE_MAILS)
def test_what_is_a_mail(content: bytes) -> None:
    assert identify(content, "a.csv").kind is Kind.MAIL


@pytest.mark.parametrize("content", ARE_NONE.values(), ids=ARE_NONE)
def test_what_is_none(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert identify(content, "a.eml").kind is not Kind.MAIL


ENCODED = {
    "base64": (b"base64", base64.encodebytes(CSV)),
    "base64 on one line": (b"BASE64", base64.b64encode(CSV)),
    "base64 with a remark": (b"base64 (as ever)", base64.encodebytes(CSV)),
    "quoted-printable": (b"Quoted-Printable", quopri.encodestring(CSV.rstrip())),
    "8bit": (b"8bit", CSV),
    "binary": (b"binary", CSV),
    "none said": (b"", CSV),
    "uuencode": (b"x-uuencode", b"begin 644 a.csv\r\n" + binascii.b2a_uu(CSV) + b"`\r\nend\r\n"),
}


@pytest.mark.parametrize(("way", "body"), ENCODED.values(), ids=ENCODED)
def test_every_encoding_of_the_way(way: bytes, body: bytes) -> None:
    head = b'Content-Type: text/csv; name="a.csv"\r\nContent-Transfer-Encoding: ' + way
    (member,) = members(mixed(TEXT, head + b"\r\n\r\n" + body))
    assert (member.name, member.refused, member.content.rstrip()) == ("a.csv", None, CSV.rstrip())


def _2231(name: str, charset: str) -> bytes:
    return charset.encode() + b"''" + b"".join(b"%%%02X" % byte for byte in name.encode(charset))


def _words(name: str, charset: str, cut: int = 0) -> bytes:
    raw = name.encode(charset)
    pieces = [raw[:cut], raw[cut:]] if cut else [raw]
    return b"\r\n ".join(b"=?" + charset.encode() + b"?B?" + base64.b64encode(piece) + b"?=" for piece in pieces)


LUCHENG = "鹿城区 附件2.xlsx"
NAMED = {
    "rfc 2231": (b"filename*=" + _2231(LUCHENG, "utf-8"), LUCHENG),
    "rfc 2231 in gb18030": (b"filename*=" + _2231(LUCHENG, "gb18030"), LUCHENG),
    "rfc 2231 in pieces": (b"filename*0*=utf-8''%E9%B9%BF%E5;\r\n filename*1*=%9F%8E;\r\n filename*2=.xlsx", "鹿城.xlsx"),
    "pieces out of order": (b"filename*1=b.xlsx; filename*0=a", "ab.xlsx"),
    "pieces beside a plain name": (b'filename="x.xlsx"; filename*0*=utf-8\'\'%E9%B9%BF; filename*1=.xlsx', "鹿.xlsx"),
    "rfc 2047 in quotes": (b'filename="' + _words(LUCHENG, "gbk") + b'"', LUCHENG),
    "rfc 2047 in gb2312": (b'filename="' + _words(LUCHENG, "gb2312") + b'"', LUCHENG),
    "rfc 2047 without quotes": (b"filename=" + _words(LUCHENG, "utf-8"), LUCHENG),
    "words that cut a character in two": (b'filename="' + _words(LUCHENG, "gb18030", 3) + b'"', LUCHENG),
    "q encoding": (b'filename="=?utf-8?Q?=E9=B9=BF=E5=9F=8E_2.xlsx?="', "鹿城 2.xlsx"),
    "q encoding over two words": (b'filename="=?utf-8?q?=E9=B9=BF=E5?=\r\n\t=?utf-8?q?=9F=8E.xlsx?="', "鹿城.xlsx"),
    "a word with its ending behind it": (b'filename="' + _words("鹿城", "gb18030") + b'.xlsx"', "鹿城.xlsx"),
    "a charset nobody knows": (b'filename="=?x-gbk-9?B?' + base64.b64encode("鹿城.xlsx".encode("gbk")) + b'?="', "鹿城.xlsx"),
    "raw gbk": (b'filename="' + LUCHENG.encode("gbk") + b'"', LUCHENG),
    "raw gbk ending in a backslash": (b'filename="' + "誠".encode("gbk") + b'"', "誠"),
    "raw utf-8": (b'filename="' + LUCHENG.encode() + b'"', LUCHENG),
    "without quotes": (b"filename=a b.xlsx; size=3", "a b.xlsx"),
    "escaped quotes": (b'filename="a \\"b\\".xlsx"', 'a "b".xlsx'),
    "semicolon in quotes": (b'filename="a;b.xlsx"', "a;b.xlsx"),
    "no closing quote": (b'filename="a.xlsx', "a.xlsx"),
    "folded": (b"\r\n\tfilename=\r\n\t\"a.xlsx\"", "a.xlsx"),
    "a path of Windows": (b'filename="C:\\\\Users\\\\x\\\\a.xlsx"', "a.xlsx"),
    "a path of Windows, unescaped": (b'filename="C:\\Users\\x\\a.xlsx"', "a.xlsx"),
    "a path that climbs": (b'filename="' + 2 * b"../" + b'etc/a.xlsx"', "a.xlsx"),
    "an encoded path": (b"filename*=utf-8''..%2F..%2Fa.xlsx", "a.xlsx"),
    "control characters": (b"filename*=utf-8''a%00b%0Ac.xlsx", "a b c.xlsx"),
    "nothing": (b'filename=""', "1.xlsx"),
    "only dots": (b'filename=".."', "1.xlsx"),
    "only a folder": (b'filename="x/"', "1.xlsx"),
}  # fmt: skip


@pytest.mark.parametrize(("parameter", "name"), NAMED.values(), ids=NAMED)
def test_names_of_attachments(parameter: bytes, name: str) -> None:
    kind = b"Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n"
    content = mixed(TEXT, attachment(XLSX, kind + b"Content-Disposition: attachment; " + parameter))
    assert told(content) == {name: XLSX}


def test_a_disposition_that_is_encoded_as_a_whole() -> None:
    said = base64.b64encode(f'attachment; filename="{LUCHENG}"'.encode())
    assert told(mixed(attachment(XLSX, b"Content-Disposition: =?utf-8?b?" + said + b"?="))) == {LUCHENG: XLSX}


def test_the_name_of_the_type_where_the_disposition_has_none() -> None:
    head = b'Content-Type: application/octet-stream; name="a.xlsx"\r\nContent-Disposition: attachment'
    assert told(mixed(attachment(XLSX, head))) == {"a.xlsx": XLSX}


def test_attachments_without_a_name_have_their_place() -> None:
    heads = (b"Content-Type: application/pdf", b"Content-Type: application/x-nobody-knows", b"Content-Type: text/csv")
    assert list(told(mixed(TEXT, *(attachment(b"8", head) for head in heads)))) == ["1.pdf", "2", "3.csv"]


def test_attachments_of_one_name_are_kept_apart() -> None:
    assert told(mixed(attachment(b"1"), attachment(b"2"))) == {"a.xlsx": b"1", "a(2).xlsx": b"2"}


def test_bodies_are_no_members() -> None:
    page = b"Content-Type: text/html\r\n\r\n<p>x</p>"
    inline = attachment(b"8", b'Content-Type: text/plain; name="b.csv"\r\nContent-Disposition: inline')
    content = mixed(inner(b"alternative", b"C", TEXT, page), TEXT, GOOD, inline, b"Content-Type: text/enriched\r\n\r\nx")
    assert told(content) == {"good.csv": b"8", "b.csv": b"8"}


def test_pictures_that_stand_in_the_body_belong_to_it() -> None:
    def picture(reference: bytes, name: bytes) -> bytes:
        return attachment(b"\x89PNG", b'Content-Type: image/png; name="' + name + b'"\r\nContent-ID: <' + reference + b">")

    page = b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    page += b'<img src=3D"cid:one=40x"> <img src=3Dcid:t%77o>'
    content = mixed(
        inner(b"related", b"C", page, picture(b"one@x", b"1.png"), picture(b"two", b"2.png"), picture(b"3", b"3.png"))
    )
    assert list(told(content)) == ["3.png"]


def test_a_workbook_is_a_member_also_where_the_body_refers_to_it() -> None:
    page = b'Content-Type: text/html\r\n\r\n<a href="cid:one">x</a>'
    named = b'Content-Type: application/vnd.ms-excel; name="a.xls"\r\nContent-ID: <one>'
    assert list(told(mixed(page, attachment(XLSX, named), kind=b"related"))) == ["a.xls"]


def test_what_programs_leave_beside_attachments() -> None:
    apple = b'Content-Type: application/applefile; name="a.xlsx"'
    content = mixed(TEXT, attachment(b"x", apple), attachment(b"x", b'Content-Type: image/png; name="Thumbs.db"'), GOOD)
    assert told(content) == {"good.csv": b"8"}


def test_files_written_into_the_text() -> None:
    text = (
        b"hello\r\nbegin the report\r\nbegin 644 /tmp/"
        + "鹿城.csv".encode("gbk")
        + b"\r\n"
        + binascii.b2a_uu(CSV)
        + b"`\r\nend\r\nbye"
    )
    assert told(HEAD + b"\r\n" + text) == {"鹿城.csv": CSV}
    assert told(HEAD + b"\r\n" + text[:-12]) == {"鹿城.csv": "damaged"}


REFUSED = {
    "base64 with strange characters": attachment().replace(b"UEsD", b"UE!D"),
    "base64 without its last quartet": attachment(b"12345").rstrip()[:-2],
    "base64 that goes on behind its end": attachment(b"1234") + b"QUJD",
    "an encoding nobody knows": b'Content-Type: x/y; name="a.xlsx"\r\nContent-Transfer-Encoding: x-zip\r\n\r\nabc',
    "uuencode without an end": b'Content-Disposition: attachment; filename="a.xlsx"\r\n'
    b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n" + binascii.b2a_uu(b"8"),
}


@pytest.mark.parametrize("part", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decoded_is_refused_alone(part: bytes) -> None:
    assert told(mixed(TEXT, part, GOOD)) == {"a.xlsx": "damaged", "good.csv": b"8"}


def test_parts_that_cannot_be_found_are_told() -> None:
    lost = b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nsomething\r\n--x--"
    assert told(mixed(TEXT, lost, GOOD)) == {"1": "damaged", "good.csv": b"8"}


UNFINISHED = {
    "half a head": HEAD,
    "no boundary at all": HEAD + b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n',
    "cut in an attachment": mixed(TEXT, attachment(), end=b"")[:-400],
    "cut before the end of a text": mixed(attachment(), TEXT, end=b""),
    "a list may go on": mixed(TEXT, attachment(CSV), end=b""),
    "half a workbook alone": HEAD + attachment(XLSX[: len(XLSX) // 3 * 3 - 30]),
    "a last boundary of another": mixed(TEXT, attachment(CSV), end=b"--C--\r\n"),
}


@pytest.mark.parametrize("content", UNFINISHED.values(), ids=UNFINISHED)
def test_a_mail_without_its_end_may_still_be_arriving(content: bytes) -> None:
    with pytest.raises(IncompleteFile):
        opened(content)


def test_a_whole_workbook_at_the_end_is_the_end() -> None:
    assert told(mixed(TEXT, GOOD, attachment(), end=b"")) == {"good.csv": b"8", "a.xlsx": XLSX}
    assert told(HEAD + attachment(XLSX)) == {"a.xlsx": XLSX}


def test_an_inner_boundary_may_be_missing() -> None:
    loose = inner(b"alternative", b"C", TEXT, TEXT).replace(b"--C--\r\n", b"")
    assert told(mixed(loose, GOOD)) == {"good.csv": b"8"}


def test_line_breaks_of_unix() -> None:
    assert told(mixed(TEXT, attachment(), GOOD).replace(b"\r\n", b"\n")) == {"a.xlsx": XLSX, "good.csv": b"8"}


def test_a_boundary_that_another_begins_with() -> None:
    content = mixed(inner(b"mixed", b"B1", attachment(), TEXT), GOOD)
    assert list(told(content)) == ["a.xlsx", "good.csv"]


FORWARDED = HEAD.replace(b"Subject: x", b"Subject: =?utf-8?B?" + base64.b64encode("鹿城区".encode()) + b"?=")


def test_a_mail_in_a_mail() -> None:
    letter = mixed(TEXT, attachment(), head=FORWARDED)
    for part in (
        b"Content-Type: message/rfc822\r\n\r\n" + letter,
        attachment(letter, b'Content-Type: application/x; name="1.eml"'),
    ):
        parcel = opened(mixed(TEXT, part, GOOD, boundary=b"OUT"))
        assert [(m.name, m.inside, m.parcel, m.count) for m in parcel.members] == [
            ("1.eml", "", Kind.MAIL, 1), ("1.eml/a.xlsx", "1.eml", None, 0), ("good.csv", "", None, 0),
        ]  # fmt: skip
        assert (parcel.count, parcel.members[0].letter) == (2, Letter("a@b.cn", "鹿城区"))


def test_an_archive_in_a_mail() -> None:
    parcel = opened(mixed(TEXT, attachment(zipped({"瓯海/a.xlsx": XLSX, "__MACOSX/x": "x"}), b'Content-Type: x/y; name="b.zip"')))
    assert [(m.name, m.inside, m.parcel) for m in parcel.members] == [
        ("b.zip", "", Kind.ARCHIVE), ("b.zip/瓯海/a.xlsx", "b.zip", None),
    ]  # fmt: skip


def test_several_mails_in_one_file_are_kept_apart() -> None:
    start = b"From x@y.cn Mon Jan  6 09:00:00 2025\n"
    box = start + mixed(TEXT, attachment(b"1")) + b"\n\n" + start + mixed(attachment(b"2"))
    assert [m.name for m in members(box)] == ["1.eml", "1.eml/a.xlsx", "2.eml", "2.eml/a.xlsx"]


def test_the_letter() -> None:
    head = b"From: " + _words("鹿城区科技局", "gb2312") + b" <a@b.cn>\r\nTo: c@d.cn\r\n"
    head += b"Subject: " + _words("2024年底", "utf-8", 5) + b"\r\nDate: Mon, 6 Jan 2025 09:00:00 +0800 (CST)\r\n"
    expected = Letter("鹿城区科技局 <a@b.cn>", "2024年底", dt.datetime(2025, 1, 6, 1, tzinfo=dt.UTC))
    assert opened(mixed(GOOD, head=head)).letter == expected


@pytest.mark.parametrize(
    "date", [b"", b"yesterday", b"Mon, 99 Jan 2025 99:99:99", b"Fri, 31 Dec 9999 23:59:59 -2359", b"\xff" * 50]
)
def test_a_date_that_is_none(date: bytes) -> None:
    letter = opened(mixed(GOOD, head=HEAD + b"Date: " + date + b"\r\n")).letter
    assert letter is not None
    assert letter.sent is None


def test_a_date_without_a_zone_is_universal() -> None:
    letter = opened(mixed(GOOD, head=HEAD + b"Date: 6 Jan 2025 09:00:00 -0000\r\n")).letter
    assert letter == Letter("a@b.cn", "x", dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC))


def test_nothing_attached() -> None:
    for content in (HEAD + b"\r\nhello", mixed(TEXT), mixed(TEXT, attachment(b"x", b'Content-Type: x/y; name="~$a.xlsx"'))):
        assert whole(content) == "parcel_empty"


def nested_parts(times: int) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(times))
    return HEAD + heads + GOOD


BOMBS = {
    "5,000 multiparts inside each other": nested_parts(5000),
    "a million empty parts": HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\n\n" * 1_000_000,
    "201 attachments": mixed(*[GOOD] * 201),
    "three levels": mixed(b"Content-Type: message/rfc822\r\n\r\n" + mixed(attachment(zipped({"a": "8"})), boundary=b"C")),
}
SLOW = {
    **BOMBS,
    "a boundary of nothing": HEAD + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n' + b"--\n" * 500_000,
    "a head without end": b"Subject: x\r\nFrom: " + b"=?gbk?B?" * 300_000,
    "a folded head without end": HEAD + b"X: y\r\n" + b" z\r\n" * 300_000,
    "parameters without end": HEAD + b"Content-Type: x/y" + b"; a*1=" * 300_000 + b"\r\n\r\n",
    "quotes without end": HEAD + b'Content-Type: x/y; name="' + b'\\"' * 300_000 + b"\r\n\r\n",
    "begins without end": HEAD + b"\r\n" + b"begin 644 a\n#MMMM\n" * 100_000,
    "blanks before it": b"\r\n \t" * 300_000 + HEAD,
    "references": mixed(b"Content-Type: text/html\r\n\r\n" + b"cid:" * 500_000, GOOD),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_too_many_or_too_deep_returns_the_whole(content: bytes) -> None:
    assert whole(content) == "parcel_limits"


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_nothing_takes_long(content: bytes) -> None:
    begun = time.process_time()
    with suppress(UnreadableFile):
        if identify(content, "a").kind is Kind.MAIL:
            open_parcel(content, Kind.MAIL, Limits())
    assert time.process_time() - begun < 1


def test_mails_of_the_email_package() -> None:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "鹿城区科技局 <a@b.cn>", "c@d.cn", "2024年12月底附件2" * 5
    mail.set_content("请查收")
    mail.add_alternative("<p>请查收</p>", subtype="html")
    names = [f"鹿城区2024年第四季度科技副总情况表（第{n}次修改稿，以此为准）.xlsx" for n in range(3)]
    for name in names:
        mail.add_attachment(XLSX, maintype="application", subtype="octet-stream", filename=name)
    parcel = opened(mail.as_bytes())
    assert [(member.name, member.content) for member in parcel.members] == [(name, XLSX) for name in names]
    assert parcel.letter == Letter("鹿城区科技局 <a@b.cn>", "2024年12月底附件2" * 5)
