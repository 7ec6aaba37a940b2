"""Workbooks that every office program opens without asking, encrypted though they are; and those it asks about."""

from __future__ import annotations

import dataclasses
import io
import random
import struct
import subprocess
import sys

import msoffcrypto
import pytest
import xlwt

from pipeline.model import Cell, Grid, Kind, UnreadableFile, Unseen
from pipeline.reading.formats import confirm_rows, identify, read_floating, read_grids, read_sheets
from pipeline.reading.formats.draft import Sheet
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.ole import Compound
from pipeline.reading.formats.package import zip_of
from pipeline.reading.formats.xls_records import file_pass
from pipeline.reading.formats.xls_stream import workbook_stream
from pipeline.reading.read import read_submission
from pipeline.reading.unreadable import limits_of
from schemas.programme import Programme
from tests import TEST_DATA
from tests.support.encrypting import agile, crypto_api, rc4, standard, xor
from tests.support.handmade import compound, one_cell, with_part, zipped

DATA = TEST_DATA / "intake"


def xls() -> bytes:
    """Longer than two blocks that share a key, with what the readers look for beside the values."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("附件2")
    sheet.write(6, 3, 8)
    sheet.write(7, 3, 9, xlwt.easyxf("font: struck_out on"))
    sheet.write(8, 3, 8000, xlwt.easyxf(num_format_str="0,"))
    sheet.row(9).hidden = True
    for row in range(9, 60):
        sheet.write(row, 1, f"第{row}行的说明，彼此各不相同")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


XLS = xls()
XLSX = with_part(one_cell('<c r="D7"><v>8</v></c>'), "docProps/thumbnail.jpeg", random.Random(16).randbytes(9000))
"""Longer than two segments, as all workbooks are that a program writes."""
OPEN = {
    "rc4": rc4(XLS),
    "crypto api": crypto_api(XLS),
    "crypto api of 40 bits": crypto_api(XLS, 40),
    "crypto api of 56 bits": crypto_api(XLS, 56, version=4),
    "xor": xor(XLS),
}
PACKAGES = {"agile": agile(XLSX), "standard": standard(XLSX), "standard of 256 bits": standard(XLSX, 256)}
SECRET = {
    "rc4": rc4(XLS, "123456"),
    "crypto api": crypto_api(XLS, password="123456"),
    "xor": xor(XLS, "123456"),
    "agile": agile(XLSX, "123456"),
    "standard": standard(XLSX, password="123456"),
    "of LibreOffice": (DATA / "password.xls").read_bytes(),
}


def grids(content: bytes, programme: Programme) -> tuple[Grid, ...]:
    return read_grids(content, identify(content, "附件2"), limits_of(programme))


@pytest.mark.parametrize("content", OPEN.values(), ids=OPEN)
def test_records_are_those_from_before(content: bytes) -> None:
    clear = workbook_stream(content)
    assert workbook_stream(XLS).rstrip(b"\0")[-3000:] in clear
    assert file_pass(clear) is None


@pytest.mark.parametrize("content", OPEN.values(), ids=OPEN)
def test_everything_is_read_as_without_it(content: bytes, programme: Programme) -> None:
    assert grids(content, programme) == grids(XLS, programme)


def test_what_is_hidden_is_seen_to_be(programme: Programme) -> None:
    (grid,) = grids(OPEN["rc4"], programme)
    assert (grid.at(7, 4), grid.at(8, 4).unseen, grid.at(9, 4).kind) == (Cell(Kind.NUMBER, "8", 8), Unseen.STRUCK, Kind.MASKED)
    assert 10 in grid.hidden_rows


@pytest.mark.parametrize("name", ["rc4", "crypto api", "xor"])
def test_another_program_reads_the_same(name: str) -> None:
    theirs = io.BytesIO()
    file = msoffcrypto.OfficeFile(io.BytesIO(OPEN[name]))
    file.load_key(password="VelvetSweatshop")
    file.decrypt(theirs)
    ours, other = workbook_stream(OPEN[name]), Compound(theirs.getvalue()).read("workbook")
    at = 4 + struct.unpack_from("<H", ours, 2)[0]
    size = struct.unpack_from("<H", ours, at + 2)[0]
    assert ours[at + 4 + size :].rstrip(b"\0") == other[at + 4 + size :][: len(ours)].rstrip(b"\0")


@pytest.mark.parametrize("content", PACKAGES.values(), ids=PACKAGES)
def test_another_program_opens_the_packages(content: bytes) -> None:
    theirs = io.BytesIO()
    file = msoffcrypto.OfficeFile(io.BytesIO(content))
    file.load_key(password="VelvetSweatshop", verify_password=True)
    file.decrypt(theirs)
    assert theirs.getvalue() == zip_of(content)


def test_the_file_of_libreoffice(programme: Programme) -> None:
    (grid,) = grids((DATA / "default_password.xls").read_bytes(), programme)
    assert (grid.name, grid.at(1, 1).text, grid.at(7, 4), grid.at(8, 4).text) == (
        "附件2",
        "区域",
        Cell(Kind.NUMBER, "8", 8),
        "35.5",
    )


@pytest.mark.parametrize("content", PACKAGES.values(), ids=PACKAGES)
def test_packages(content: bytes, programme: Programme) -> None:
    assert identify(content, "附件2").kind is Format.OOXML
    assert zip_of(content) == XLSX
    assert grids(content, programme) == grids(XLSX, programme)
    assert read_floating(content, identify(content, "附件2"), limits_of(programme)).comments == ()


def test_the_second_reader_sees_what_is_behind_the_password(programme: Programme) -> None:
    content = PACKAGES["standard"]
    container = identify(content, "附件2")
    (sheet,) = read_sheets(content, container, limits_of(programme))
    changed = Sheet(dataclasses.replace(sheet.grid, cells={(7, 4): Cell(Kind.NUMBER, "9", 9)}), sheet.extent)
    with pytest.raises(UnreadableFile, match="disagreement"):
        confirm_rows(content, container, [changed], lambda grid: [7])


@pytest.mark.parametrize("content", SECRET.values(), ids=SECRET)
def test_other_passwords_are_told(content: bytes, programme: Programme) -> None:
    reading = read_submission("鹿城区.xls", content, programme)
    assert [finding.rule for finding in reading.findings] == ["F01"]
    assert "文件设有打开密码" in reading.findings[0].message


def changed(content: bytes, name: str, at: int, data: bytes) -> bytes:
    """The compound file with other bytes in one of its streams."""
    file = Compound(content)
    streams = {known: bytearray(file.read(known)) for known in file.streams}
    streams[name][at : at + len(data)] = data
    return compound({known: bytes(stream) for known, stream in streams.items()})


BROKEN = {
    "another way of the records": changed(OPEN["rc4"], "workbook", 20 + 4, b"\x07\x00"),
    "another version of the records": changed(OPEN["rc4"], "workbook", 20 + 6, b"\x09\x00"),
    "another cipher of the records": changed(OPEN["crypto api"], "workbook", 20 + 4 + 22, struct.pack("<I", 0x660E)),
    "head of the records too long": changed(OPEN["crypto api"], "workbook", 20 + 4 + 10, struct.pack("<I", 0x7FFFFFFF)),
    "another version of the package": changed(PACKAGES["standard"], "encryptioninfo", 0, b"\x09\x00"),
    "head of the package too long": changed(PACKAGES["standard"], "encryptioninfo", 8, struct.pack("<I", 0x7FFFFFFF)),
    "strange key": changed(PACKAGES["standard"], "encryptioninfo", 28, struct.pack("<I", 77)),
    "no description": compound(
        {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>", "EncryptedPackage": bytes(64)}
    ),
    "rights management": compound({"EncryptedPackage": bytes(64)}),
    "a longer package than there is": changed(PACKAGES["standard"], "encryptedpackage", 0, struct.pack("<Q", 1 << 40)),
    "a scrambled package": changed(PACKAGES["standard"], "encryptedpackage", 8, bytes(2000)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_makes_no_sense_is_unreadable(content: bytes, programme: Programme) -> None:
    (finding,) = read_submission("鹿城区.xls", content, programme).findings
    assert finding.rule == "F01"


def spun(count: str) -> bytes:
    info = Compound(PACKAGES["agile"]).read("encryptioninfo").replace(b'spinCount="100000"', f'spinCount="{count}"'.encode())
    return compound({"EncryptionInfo": info.rstrip(b"\0") + b" " * 4096, "EncryptedPackage": bytes(64)})


@pytest.mark.parametrize("count", ["10000001", "4294967295", "-1"])
def test_a_password_is_not_hashed_for_hours(count: str, programme: Programme) -> None:
    (finding,) = read_submission("鹿城区.xlsx", spun(count), programme).findings
    assert "文件已损坏" in finding.message


def test_a_zip_of_returns_is_not_looked_for_behind_a_password() -> None:
    with pytest.raises(UnreadableFile):
        identify(standard(zipped({"鹿城区.xlsx": XLSX})), "收件.zip")


def test_ciphers_are_loaded_only_where_they_are_needed() -> None:
    script = (
        "import sys; from pipeline.reading.formats import identify, read_grids;"
        " from pipeline.reading.formats.kinds import Limits; c = sys.stdin.buffer.read();"
        " read_grids(c, identify(c, 'a'), Limits());"
        " sys.exit(any(name.startswith('cryptography') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], input=XLSX, check=False).returncode == 0
