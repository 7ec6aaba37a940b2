"""What workbooks hold besides their sheets (F11): told from the package or the directory, in every container that can hold it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pipeline.reading.formats import identify
from tests import TEST_DATA
from tests.returns import write_return
from tests.returns.extras import with_extras
from tests.support.handmade import compound, with_part
from tests.support.judging import spec
from tests.support.samples import Sample, parameters, samples

XLSX, ODS, XLS = (write_return(spec(fmt=fmt)) for fmt in ("xlsx", "ods", "xls"))
EACH = (("macros",), ("links",), ("objects",), ("macros", "links", "objects"), ())
DATA = TEST_DATA / "intake"


def carries(content: bytes) -> tuple[str, ...]:
    return identify(content, "附件2.xlsx").carries


@pytest.mark.parametrize("content", [XLSX, ODS], ids=["xlsx", "ods"])
@pytest.mark.parametrize("kinds", EACH, ids="+".join)
def test_extras_of_zipped_workbooks_are_told(content: bytes, kinds: tuple[str, ...]) -> None:
    assert carries(with_extras(content, kinds)) == kinds


PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "macro sheet": ("xl/macrosheets/sheet1.xml", ("macros",)),
    "signed macros": ("xl/vbaProjectSignature.bin", ()),
    "control": ("xl/activeX/activeX1.xml", ("objects",)),
    "package": ("xl/embeddings/Microsoft_Word_Document.docx", ("objects",)),
    "connection": ("xl/connections.xml", ("links",)),
    "picture": ("xl/media/image1.png", ()),
    "chart": ("xl/charts/chart1.xml", ()),
    "comments": ("xl/comments1.xml", ()),
    "other case": ("XL/VBAPROJECT.BIN", ("macros",)),
    "other folder": ("vbaProject.bin", ("macros",)),
}


@pytest.mark.parametrize(("part", "found"), PARTS.values(), ids=PARTS)
def test_parts_of_an_ooxml_workbook(part: str, found: tuple[str, ...]) -> None:
    assert carries(with_part(XLSX, part, b"x")) == found


def test_a_workbook_that_could_hold_macros_and_holds_none_carries_none() -> None:
    assert carries(write_return(spec(fmt="xlsm"))) == ()


def test_a_chart_of_an_ods_is_no_embedded_object() -> None:
    chart = b'<m><x full-path="Object 1/" media-type="application/vnd.oasis.opendocument.chart"/></m>'
    assert carries(with_part(ODS, "META-INF/manifest.xml", b"opendocument.spreadsheet" + chart)) == ()


def test_links_far_into_an_ods_are_found() -> None:
    filler = b"<!--" + b"x" * 3_000_000 + b"-->"
    link = b"<table:dde-link ><table:table/></table:dde-link>"
    for cut in range(20):
        content = with_part(ODS, "content.xml", filler[: 1024 * 1024 - cut] + link)
        assert carries(content) == ("links",)


def records(*each: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", code, len(data)) + data for code, data in each)


BOF, EOF, SUPBOOK, BOUNDSHEET = 0x0809, 0x000A, 0x01AE, 0x0085
START = (BOF, struct.pack("<HHII", 0x0600, 5, 0, 0) + bytes(4))
SHEET = struct.pack("<IBB", 0, 0, 0) + b"\x01\x00S"
RECORDS: dict[str, tuple[tuple[int, bytes], tuple[str, ...]]] = {
    "a worksheet": ((BOUNDSHEET, SHEET), ()),
    "a macro sheet": ((BOUNDSHEET, struct.pack("<IBB", 0, 0, 1) + b"\x01\x00M"), ("macros",)),
    "another workbook": ((SUPBOOK, struct.pack("<HH", 1, 8) + b"\x00\x01Old.xls"), ("links",)),
    "this workbook": ((SUPBOOK, struct.pack("<HH", 1, 0x0401)), ()),
    "add-in functions": ((SUPBOOK, struct.pack("<HH", 1, 0x3A01)), ()),
    "no file": ((SUPBOOK, struct.pack("<HH", 0, 1) + b"\x00 "), ()),
}


@pytest.mark.parametrize(("record", "found"), RECORDS.values(), ids=RECORDS)
def test_records_of_a_binary_workbook(record: tuple[int, bytes], found: tuple[str, ...]) -> None:
    assert carries(compound({"Workbook": records(START, record, (EOF, b""))})) == found


def as_storage(content: bytes, name: str, other: str) -> bytes:
    """The compound file with its stream ``name`` turned into a storage called ``other``."""
    old, new = (text.encode("utf-16-le").ljust(64, b"\0") for text in (name, other))
    at = content.index(old)
    entry = bytearray(content[at : at + 128])
    entry[:64] = new
    entry[64:67] = struct.pack("<HB", 2 * len(other) + 2, 1)
    return content[:at] + bytes(entry) + content[at + 128 :]


@pytest.mark.parametrize(
    ("storage", "found"), [("_VBA_PROJECT_CUR", ("macros",)), ("MBD0001A2B3", ("objects",)), ("ObjectPool", ())]
)
def test_storages_of_a_binary_workbook(storage: str, found: tuple[str, ...]) -> None:
    content = compound({"Workbook": records(START, (EOF, b"")), "Extra": b"x" * 10})
    assert carries(as_storage(content, "Extra", storage)) == found


def test_controls_of_a_binary_workbook_are_objects() -> None:
    assert carries(compound({"Workbook": records(START, (EOF, b"")), "Ctls": b"x"})) == ("objects",)


@pytest.mark.parametrize("file", sorted(DATA.glob("kinds.[xo]*")), ids=lambda file: file.name)
def test_workbooks_of_libreoffice_carry_nothing(file: Path) -> None:
    assert carries(file.read_bytes()) == ()


@pytest.mark.parametrize("sample", parameters(samples()))
def test_the_samples_carry_nothing(sample: Sample) -> None:
    assert carries(sample.path.read_bytes()) == ()
