"""What a file is, told by its bytes."""

from __future__ import annotations

import gzip
import io
import pickle
import tomllib

import openpyxl
import pytest
import xlwt

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify, read_grids
from pipeline.reading.formats.kinds import Container, IncompleteFile, Kind, Limits, megabytes
from tests import ROOT, TEST_DATA
from tests.support.handmade import compound, flat_ods, ods, ods_cell, one_cell, with_part, xlsx, zipped
from tests.support.samples import Sample, parameters, samples

DATA = TEST_DATA / "intake"
WORDING = ROOT / "schemas" / "wording" / "intake.toml"
XLSX = one_cell('<c r="D7"><v>8</v></c>')
_TYPES = '<Types xmlns="x"><Override PartName="/p.xml" ContentType="application/vnd.{}.main+xml"/></Types>'


OLD = b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4)
"""How records of Excel 5 and 95 begin."""
PAGES = (
    b"--a\r\nContent-Type: text/html\r\nContent-Location: file:///C:/a/sheet001.htm\r\n\r\n"
    b"<table><tr><td>8</td></tr></table>\r\n--a--\r\n"
)
XML_TABLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n<!-- 导出 -->\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="附件2"><Table/></Worksheet></Workbook>'
)


def xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Sheet1").write(6, 3, 8)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def office(kind: str) -> bytes:
    return zipped({"[Content_Types].xml": _TYPES.format(kind)})


KNOWN = {
    "xlsx": (XLSX, Kind.OOXML),
    "xlsm": (office("ms-excel.sheet.macroEnabled"), Kind.OOXML),
    "template": (office("openxmlformats-officedocument.spreadsheetml.template"), Kind.OOXML),
    "xls": (xls(), Kind.BIFF),
    "ods": (ods(ods_cell('office:value-type="float" office:value="8"')), Kind.ODS),
    "flat ods": (flat_ods(ods_cell('office:value-type="float" office:value="8"')), Kind.ODS),
    "csv in utf-8": ("区域,企业数\n鹿城区,8\n".encode(), Kind.CSV),
    "csv in utf-8 with mark": ("区域,企业数\n鹿城区,8\n".encode("utf-8-sig"), Kind.CSV),
    "csv in gbk": ("区域,企业数\n鹿城区,8\n".encode("gbk"), Kind.CSV),
    "unicode text": ("区域\t企业数\n鹿城区\t8\n".encode("utf-16"), Kind.CSV),
    "semicolons": ("区域;企业数\n鹿城区;8\n".encode(), Kind.CSV),
    "xml spreadsheet": (XML_TABLE.encode(), Kind.XML),
    "xml spreadsheet without declaration": (XML_TABLE.partition("?>")[2].encode(), Kind.XML),
    "xml spreadsheet in utf-16": (XML_TABLE.replace("UTF-8", "UTF-16").encode("utf-16"), Kind.XML),
    "xml spreadsheet in gbk": (XML_TABLE.replace("UTF-8", "gb2312").encode("gbk"), Kind.XML),
    "xml spreadsheet with a prefix": (XML_TABLE.replace("Workbook xmlns=", "ss:Workbook xmlns:ss=").encode(), Kind.XML),
    "html": ("<html><body><table><tr><td>8</td></tr></table></body></html>".encode("gbk"), Kind.HTML),
    "html of excel": ('<html xmlns:x="urn:x"><TABLE><tr><td>鹿城区，8</td></tr></TABLE></html>'.encode("gbk"), Kind.HTML),
    "html in utf-16": ("<table><tr><td>8</td></tr></table>".encode("utf-16"), Kind.HTML),
    "zip of workbooks": (zipped({"鹿城区.xlsx": XLSX, "龙湾区.xlsx": XLSX}), Kind.ARCHIVE),
    "empty zip": (zipped({}), Kind.ARCHIVE),
    "mail": (b"From: a@b.cn\r\nSubject: x\r\n\r\n", Kind.MAIL),
}
ATTACHED = {
    "pdf": (b"%PDF-1.7\n...", "pdf"),
    "pdf after junk": (b"\n\n%PDF-1.4\n...", "pdf"),
    "ofd": (zipped({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<d/>"}), "ofd"),
    "png": (b"\x89PNG\r\n\x1a\n....", "picture"),
    "jpg": (b"\xff\xd8\xff\xe0..JFIF", "picture"),
    "gif": (b"GIF89a....", "picture"),
    "bmp": (b"BM\x10\x00\x00\x00\x00\x00\x00\x00....", "picture"),
    "tiff": (b"II*\x00....", "picture"),
    "webp": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture"),
    "heic": (b"\x00\x00\x00\x18ftypheic....", "picture"),
    "docx": (office("openxmlformats-officedocument.wordprocessingml.document"), "word"),
    "doc": (compound({"WordDocument": b"x"}), "word"),
    "rtf": (b"{\\rtf1\\ansi ...}", "word"),
    "word 2003 xml": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>', "word"),
    "flat odt": (b'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text">', "word"),
    "odt": (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "word"),
}
REFUSED = {
    "encrypted xlsx": (compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "encrypted"),
    "encrypted xls": (compound({"Workbook": b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x02\x00\x01\x00"}), "encrypted"),
    "encrypted ods": (
        with_part(KNOWN["ods"][0], "META-INF/manifest.xml", "<m><encryption-data/>opendocument.spreadsheet</m>"),
        "encrypted",
    ),
    "rar": (b"Rar!\x1a\x07\x01\x00....", "parcel_kind"),
    "7z": (b"7z\xbc\xaf\x27\x1c....", "parcel_kind"),
    "gz": (gzip.compress(XLSX), "parcel_kind"),
    "tar": (bytes(257) + b"ustar\x0000", "parcel_kind"),
    "bz2": (b"BZh91AY....", "parcel_kind"),
    "xz": (b"\xfd7zXZ\x00....", "parcel_kind"),
    "zstandard": (b"\x28\xb5\x2f\xfd....", "parcel_kind"),
    "cabinet": (b"MSCF\x00\x00\x00\x00....", "parcel_kind"),
    "mail of outlook": (compound({"__properties_version1.0": b"x", "__substg1.0_0037001F": b"x"}), "outlook_mail"),
    "pptx": (office("openxmlformats-officedocument.presentationml.presentation"), "unknown_kind"),
    "xlsb": (office("ms-excel.sheet.binary.macroEnabled"), "xlsb"),
    "excel 95": (compound({"Book": b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4)}), "old_excel"),
    "excel 95 with a password": (compound({"Book": OLD + b"\x2f\x00\x04\x00\x01\x02\x03\x04"}), "old_excel"),
    "bare excel 5": (OLD + bytes(20), "old_excel"),
    "bare excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(20), "old_excel"),
    "bare excel 4 of several sheets": (b"\x09\x04\x06\x00\x00\x00\x00\x01\x00\x00" + bytes(20), "old_excel"),
    "bare excel 3": (b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(20), "old_excel"),
    "bare excel 2": (b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(20), "old_excel"),
    "web archive of Excel": (
        b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=a\r\n\r\n" + PAGES,
        "unknown_kind",
    ),
    "web archive of a browser": (
        "From: <由浏览器保存>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=a\r\n\r\n".encode() + PAGES,
        "unknown_kind",
    ),
    "numbers": (zipped({"Index/Document.iwa": "x", "preview.jpg": "x"}), "unknown_kind"),
    "ppt": (compound({"PowerPoint Document": b"x"}), "unknown_kind"),
    "jar": (zipped({"META-INF/MANIFEST.MF": "x"}), "unknown_kind"),
    "program": (b"\x7fELF" + bytes(60), "unknown_kind"),
    "note": ("本期没有变化，特此说明。\n鹿城区科技局\n".encode(), "unknown_kind"),
    "note with a comma": (b"Hello, world\n", "unknown_kind"),
    "page without a table": (b"<!DOCTYPE html><html><script>a(1,2)\nb(3,4)\n</script></html>", "unknown_kind"),
    "xml of somebody": (b'<?xml version="1.0"?><Workbook><Table/></Workbook>', "unknown_kind"),
    "table in no encoding": ("区域,企业数\n鹿城区,8\n龙湾区,9\n".encode("gbk") + b"\xff\xff,\xff", "no_encoding"),
    "two parts of one name": (zipped({"[Content_Types].xml": "a", "[content_types].xml": "b"}), "damaged"),
}
UNFINISHED = {
    "nothing": (b"", "empty"),
    "half an xlsx": (XLSX[: len(XLSX) // 2], "damaged"),
    "xlsx without its last byte": (XLSX[:-1], "damaged"),
    "half an xls": (xls()[:3000], "damaged"),
    "xls of 100 bytes": (xls()[:100], "damaged"),
    "half a LibreOffice xls": ((DATA / "kinds.xls").read_bytes()[:-600], "damaged"),
}


@pytest.mark.parametrize(("content", "kind"), KNOWN.values(), ids=KNOWN)
def test_spreadsheets(content: bytes, kind: Kind) -> None:
    container = identify(content, "附件2.pdf")
    assert (container.kind, container.attachment, container.stem) == (kind, None, "附件2")


@pytest.mark.parametrize(("content", "key"), ATTACHED.values(), ids=ATTACHED)
def test_attachments(content: bytes, key: str) -> None:
    assert identify(content, "附件2.xlsx") == Container(Kind.ATTACHMENT, key, "附件2")


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        identify(content, "附件2.xlsx")
    assert caught.value.reason == reason
    assert not isinstance(caught.value, IncompleteFile)


@pytest.mark.parametrize(("content", "reason"), UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished(content: bytes, reason: str) -> None:
    with pytest.raises(IncompleteFile) as caught:
        identify(content, "附件2.xlsx")
    assert caught.value.reason == reason


def test_a_password_of_openpyxl_protection_is_no_encryption() -> None:
    book = openpyxl.Workbook()
    book.active.protection.set_password("secret")  # type: ignore[union-attr]
    stream = io.BytesIO()
    book.save(stream)
    assert identify(stream.getvalue(), "a.xlsx").kind is Kind.OOXML


@pytest.mark.parametrize("sample", parameters(samples()))
def test_samples_are_spreadsheets(sample: Sample) -> None:
    kind = identify(sample.path.read_bytes(), sample.name).kind
    told = {".xlsx": Kind.OOXML, ".ods": Kind.ODS, ".csv": Kind.CSV, ".et": Kind.BIFF}
    assert kind is told.get(sample.path.suffix, kind)
    assert kind is not Kind.ATTACHMENT


def test_a_file_over_the_limit_says_both_sizes() -> None:
    for refuse in (
        lambda: identify(XLSX, "a.xlsx", Limits(max_bytes=1000)),
        lambda: read_grids(XLSX, Container(Kind.OOXML), Limits(max_bytes=1000)),
    ):
        with pytest.raises(UnreadableFile) as caught:
            refuse()
        assert (caught.value.reason, set(caught.value.params)) == ("too_large", {"size", "limit"})


@pytest.mark.parametrize(
    ("count", "text"), [(52428800, "50MB"), (52428801, "50.1MB"), (104857600, "100MB"), (1, "0.1MB"), (1572864, "1.5MB")]
)
def test_megabytes(count: int, text: str) -> None:
    assert megabytes(count) == text


def test_an_incomplete_file_survives_pickling() -> None:
    problem = pickle.loads(pickle.dumps(IncompleteFile("damaged", cell="D7")))
    assert isinstance(problem, IncompleteFile)
    assert (problem.reason, problem.params) == ("damaged", {"cell": "D7"})


def test_every_reason_and_attachment_has_its_wording() -> None:
    words = tomllib.loads(WORDING.read_text(encoding="utf-8"))
    raised = {reason for cases in (REFUSED, UNFINISHED) for _, reason in cases.values()}
    raised |= {"too_large", "too_many_cells", "timeout", "disagreement", "not_regular"}
    raised |= {"no_permission", "too_deep", "xml_table"}
    raised |= {"parcel_encrypted", "parcel_limits", "parcel_empty", "member_name"}
    assert raised == set(words["unreadable"])
    assert {key for _, key in ATTACHED.values()} == set(words["attachment"])
    assert words["unreadable"]["too_large"]["reason"].format(size="60MB", limit="50MB") == "文件过大（60MB，上限50MB）"


@pytest.mark.parametrize("kind", [Kind.ATTACHMENT, Kind.MAIL, Kind.ARCHIVE])
def test_what_is_no_spreadsheet_has_no_grids(kind: Kind) -> None:
    with pytest.raises(UnreadableFile, match="unknown_kind"):
        read_grids(b"%PDF-1.7", Container(kind), Limits())


def test_strict_workbooks_are_spreadsheets() -> None:
    assert identify(xlsx(""), "a").kind is Kind.OOXML
