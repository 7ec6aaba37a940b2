"""ZIP archives: their names, what is refused of them, and what they may cost."""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import struct
import time
import tracemalloc
import zipfile

import pytest

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify
from pipeline.reading.formats.kinds import IncompleteFile, Kind, Limits
from pipeline.reading.parcels import Member, open_parcel
from tests.support.archives_by_hand import UTF_8, Made, archive, deflated, overlapping, unicode_path
from tests.support.handmade import one_cell, zipped

XLSX = one_cell('<c r="D7"><v>8</v></c>')
GBK = "鹿城区.xlsx".encode("gbk")


def members(content: bytes, limits: Limits | None = None) -> tuple[Member, ...]:
    assert identify(content, "收件.zip").kind is Kind.ARCHIVE
    return open_parcel(content, Kind.ARCHIVE, limits or Limits()).members


def told(content: bytes, limits: Limits | None = None) -> dict[str, str]:
    """Name of each member → why it is refused, or what it holds."""
    return {m.name: m.refused.reason if m.refused else m.content.decode("latin-1") for m in members(content, limits)}


def whole(content: bytes, limits: Limits | None = None) -> str:
    """Why the archive as a whole is returned."""
    with pytest.raises(UnreadableFile) as caught:
        open_parcel(content, Kind.ARCHIVE, limits or Limits())
    return caught.value.reason


NAMES = {
    "said to be utf-8": (Made("鹿城区.xlsx".encode(), flags=UTF_8), "鹿城区.xlsx"),
    "utf-8 of macOS": (Made("鹿城区.xlsx".encode()), "鹿城区.xlsx"),
    "gbk of Windows": (Made(GBK), "鹿城区.xlsx"),
    "gb18030": (Made("㐀镇.xlsx".encode("gb18030")), "㐀镇.xlsx"),
    "gbk that could be utf-8": (Made("联通.xlsx".encode("gbk")), "联通.xlsx"),
    "utf-8 with a small dot": (Made("鹿城·报表.xlsx".encode()), "鹿城·报表.xlsx"),
    "gbk said to be utf-8": (Made(GBK, flags=UTF_8), "鹿城区.xlsx"),
    "unicode path of Info-ZIP": (Made(b"?.xlsx", extra=unicode_path(b"?.xlsx", "鹿城区.xlsx")), "鹿城区.xlsx"),
    "unicode path of another name": (Made(GBK, extra=unicode_path(b"x", "瓯海区.xlsx")), "鹿城区.xlsx"),
    "folder": (Made("瓯海/附件2.xlsx".encode(), flags=UTF_8), "瓯海/附件2.xlsx"),
    "backslashes": (Made("瓯海\\附件2.xlsx".encode("gbk")), "瓯海/附件2.xlsx"),
    "backslash as half a character": (Made("誠.xlsx".encode("gbk")), "誠.xlsx"),
    "empty and here": (Made(b"./a//./b.xlsx"), "a/b.xlsx"),
    "written from right to left": (Made("\u202exslx.x".encode(), flags=UTF_8), "\u202exslx.x"),
    "as long as Windows can": (Made(("长" * 250 + ".xlsx").encode(), flags=UTF_8), "长" * 250 + ".xlsx"),
    "no encoding": (Made(b"\xff\xff.xlsx"), "\\xff\\xff.xlsx"),
    "dots in a name": (Made(b"a..b.xlsx"), "a..b.xlsx"),
}


@pytest.mark.parametrize(("made", "name"), NAMES.values(), ids=NAMES)
def test_names(made: Made, name: str) -> None:
    assert told(archive([made])) == {name: "8"}


def test_names_of_one_archive_are_in_one_encoding() -> None:
    both = [Made("联通.xlsx".encode("gbk")), Made(GBK)]
    assert list(told(archive(both))) == ["联通.xlsx", "鹿城区.xlsx"]


UP = 2 * "../"
"""A path that the tests must not have in one piece: none leads out of the project."""
HOSTILE = {
    "climbs": (f"{UP}etc/cron.csv".encode(), "etc/cron.csv", f"{UP}etc/cron.csv"),
    "climbs with backslashes": (b"..\\..\\a.csv", "a.csv", f"{UP}a.csv"),
    "climbs further on": (f"x/{UP}a.csv".encode(), "x/a.csv", f"x/{UP}a.csv"),
    "absolute": (b"/etc/passwd", "etc/passwd", "/etc/passwd"),
    "share": (b"\\\\server\\share\\a.csv", "server/share/a.csv", "//server/share/a.csv"),
    "drive": (b"C:\\a.csv", "a.csv", "C:/a.csv"),
    "drive without a root": (b"c:a.csv", "a.csv", "c:a.csv"),
    "nul": (b"a.csv\x00.exe", "a.csv .exe", "a.csv\x00.exe"),
    "line break": (b"a\nb.csv", "a b.csv", "a\nb.csv"),
    "nothing": (b"", "?", ""),
    "only dots": (b"..", "?", ".."),
    "longer than any file's": (b"a" * 300, "a" * 99 + "…", "a" * 99 + "…"),
    "a path without end": (b"a/" * 600 + b"a", ("a/" * 50)[:99] + "…", ("a/" * 50)[:99] + "…"),
}


@pytest.mark.parametrize(("raw", "name", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_a_name_that_cannot_be_accepted_harms_no_other(raw: bytes, name: str, shown: str) -> None:
    bad, good = members(archive([Made(raw), Made(b"good.csv")]))
    assert bad.refused is not None
    assert (bad.name, bad.refused.reason, bad.refused.params, bad.content) == (name, "member_name", {"name": shown}, b"")
    assert (good.name, good.content, good.refused) == ("good.csv", b"8", None)


REFUSED = {
    "link": (Made(b"a", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "not_regular"),
    "device": (Made(b"a", mode=stat.S_IFBLK | 0o600), "not_regular"),
    "pipe": (Made(b"a", mode=stat.S_IFIFO | 0o600), "not_regular"),
    "folder that holds bytes": (Made(b"a", mode=stat.S_IFDIR | 0o755), "not_regular"),
    "encrypted": (Made(b"a", flags=1), "parcel_encrypted"),
    "encrypted by its local head": (Made(b"a", local_flags=1), "parcel_encrypted"),
    "AES": (Made(b"a", method=99, packed=b"8" * 20), "parcel_encrypted"),
    "unknown method": (Made(b"a", method=98, packed=b"8"), "damaged"),
    "checksum": (Made(b"a", checksum=7), "damaged"),
    "says less than it holds": (Made(b"a", b"8" * 1000, size=10), "damaged"),
    "says more than it holds": (Made(b"a", b"8" * 1000, size=2000), "damaged"),
    "stored, says less": (Made(b"a", b"8" * 10, method=0, size=5), "damaged"),
    "cut": (Made(b"a", packed=deflated(b"8" * 100)[:-1], content=b"8" * 100), "damaged"),
    "no deflated bytes": (Made(b"a", packed=b"\xff\xff\xff"), "damaged"),
    "another local name": (Made(b"a", local_name=b"b"), "damaged"),
    "too large": (Made(b"a", b"8" * 3001), "too_large"),
}


@pytest.mark.parametrize(("made", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_member_that_cannot_be_taken_is_refused_alone(made: Made, reason: str) -> None:
    limits = Limits(max_bytes=3000)
    assert told(archive([Made(b"1"), made, Made(b"2")]), limits) == {"1": "8", "a": reason, "2": "8"}


READ = {
    "stored": Made(b"a", method=0),
    "descriptor behind it, as streams are written": Made(b"a", descriptor=True),
    "bzip2": Made(b"a", method=12, packed=bz2.compress(b"8")),
    "its name in another encoding in its local head": Made("鹿城".encode(), local_name="鹿城".encode("gbk"), flags=UTF_8),
    "sizes of eight bytes": Made(b"a", far=True),
    "ordinary mode": Made(b"a", mode=stat.S_IFREG | 0o644),
    "no type in its mode": Made(b"a", mode=0o644),
}


@pytest.mark.parametrize("made", READ.values(), ids=READ)
def test_what_is_read(made: Made) -> None:
    assert told(archive([made])) == {made.name.decode(): "8"}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
def test_methods_of_other_programs(method: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as written:
        written.writestr("附件2.xlsx", XLSX)
    assert [(m.name, m.content) for m in members(stream.getvalue())] == [("附件2.xlsx", XLSX)]


def test_a_dictionary_of_gigabytes_is_not_made() -> None:
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 4096}]
    data = lzma.compress(b"8", lzma.FORMAT_RAW, filters=filters)
    for size, seen in ((4096, "8"), (0xFFFFFFFF, "damaged")):
        packed = struct.pack("<2BHBI", 9, 4, 5, 0x5D, size) + data
        assert told(archive([Made(b"a", method=14, packed=packed)])) == {"a": seen}


def test_streamed_archives_of_zipfile() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as written, written.open("a", "w", force_zip64=True) as entry:
        entry.write(b"8")
    assert told(pipe.written) == {"a": "8"}


def test_a_comment_and_bytes_before_the_archive() -> None:
    plain = archive([Made(b"a")])
    assert told(archive([Made(b"a")], comment=b"PK\x05\x06 to whom it may concern")) == {"a": "8"}
    assert told(archive([Made(b"a")], before=b"PK\x03\x04 something before", shift=-5)) == {"a": "8"}
    assert told(plain + b"trailing") == {"a": "8"}


BESIDE = (
    b"__MACOSX/._a.xlsx", b"x/__MACOSX/a", b"Thumbs.db", b"x/.DS_Store", b"~$a.xlsx", b"x/desktop.ini", b"a.tmp", b".git/config",
    b"folder/", b"deep/folder\\",
)  # fmt: skip


def test_what_systems_leave_and_folders_are_no_members() -> None:
    beside = [Made(name, b"" if name.endswith((b"/", b"\\")) else b"x") for name in BESIDE]
    parcel = open_parcel(archive([*beside, Made(b"x", b"", mode=stat.S_IFDIR | 0o755), Made(b"a")]), Kind.ARCHIVE, Limits())
    assert ([m.name for m in parcel.members], parcel.count) == (["a"], 1)
    assert whole(archive(beside)) == "parcel_empty"


def test_names_that_lost_all_but_their_ending_are_members() -> None:
    assert list(told(archive([Made(b".xlsx"), Made(b"x/.CSV")]))) == [".xlsx", "x/.CSV"]


def test_members_of_one_name_are_kept_apart() -> None:
    made = [
        Made(b"a.xlsx", b"1"),
        Made(b"a.xlsx", b"2"),
        Made(b"a(2).xlsx", b"3"),
        Made(b"A.xlsx", b"4"),
        Made(b"./a.xlsx", b"5"),
    ]
    assert told(archive(made)) == {"a.xlsx": "1", "a(2).xlsx": "2", "a(2)(2).xlsx": "3", "A.xlsx": "4", "a(3).xlsx": "5"}


def test_where_all_are_encrypted_the_archive_is() -> None:
    assert whole(archive([Made(b"a", flags=1), Made(b"b", method=99, packed=b"8"), Made(b"folder/", b"")])) == "parcel_encrypted"


def test_refused_members_are_told_where_there_are_no_others() -> None:
    parcel = open_parcel(archive([Made(b"../a"), Made(b"b", checksum=0)]), Kind.ARCHIVE, Limits())
    assert ([m.refused and m.refused.reason for m in parcel.members], parcel.count) == (["member_name", "damaged"], 0)


def test_count_is_of_what_is_judged_or_kept() -> None:
    inner = zipped({"x.csv": b"1", "y.csv": b"2"})
    parcel = open_parcel(archive([Made(b"../a"), Made(b"b"), Made(b"c.zip", inner)]), Kind.ARCHIVE, Limits())
    assert parcel.count == 2
    assert [(m.name, m.inside, m.parcel, m.count) for m in parcel.members[2:]] == [
        ("c.zip", "", Kind.ARCHIVE, 2), ("c.zip/x.csv", "c.zip", None, 0), ("c.zip/y.csv", "c.zip", None, 0),
    ]  # fmt: skip


INSIDE = {
    "encrypted": (archive([Made(b"a", flags=1)]), "parcel_encrypted"),
    "empty": (zipped({}), "parcel_empty"),
    "of system files": (zipped({"__MACOSX/a": "x"}), "parcel_empty"),
}


@pytest.mark.parametrize(("inner", "reason"), INSIDE.values(), ids=INSIDE)
def test_an_archive_inside_that_cannot_be_opened_is_refused_alone_and_kept(inner: bytes, reason: str) -> None:
    nested, good = members(archive([Made(b"c.zip", inner), Made(b"b")]))
    assert nested.refused is not None
    assert (nested.refused.reason, nested.content, nested.parcel) == (reason, inner, None)
    assert good.refused is None


def test_an_unfinished_archive_inside_is_a_file_like_others() -> None:
    inner = zipped({"a": XLSX})[:-30]
    assert [(m.content, m.refused, m.parcel) for m in members(archive([Made(b"c.zip", inner)]))] == [(inner, None, None)]


def nest(content: bytes, times: int) -> bytes:
    for n in range(times):
        content = zipped({f"{n}.zip": content})
    return content


PARTS = archive([Made(b"[Content_Types].xml"), *(Made(b"%d" % n, b"") for n in range(9998))])
WHOLE = {
    "three levels": (nest(zipped({"a.csv": "8"}), 2), Limits()),
    "seven levels": (nest(zipped({"a.csv": "8"}), 6), Limits()),
    "201 members": (zipped({f"{n}.csv": "8" for n in range(201)}), Limits()),
    "201 members on two levels": (zipped({"in.zip": zipped({f"{n}": "8" for n in range(199)}), "a": "8"}), Limits()),
    "10,000 members": (zipped({f"{n}.csv": "8" for n in range(10_000)}), Limits()),
    "10,001 folders": (archive([*(Made(b"%d/" % n, b"") for n in range(10_000)), Made(b"a")]), Limits()),
    "together too large": (zipped({f"{n}": bytes(1000) for n in range(9)}), Limits(max_bytes=1100)),
    "too large on two levels": (
        zipped({"in.zip": zipped({f"{n}": bytes(1000) for n in range(8)}), "a": "8"}),
        Limits(max_bytes=1050),
    ),
    "60,000 parts of workbooks": (archive([Made(b"%d" % n, PARTS) for n in range(6)]), Limits()),
    "one far too large": (archive([Made(b"a", size=10_000), Made(b"b")]), Limits(max_bytes=1100)),
}


@pytest.mark.parametrize(("content", "limits"), WHOLE.values(), ids=WHOLE)
def test_too_many_too_large_or_too_deep_returns_the_whole(content: bytes, limits: Limits) -> None:
    assert whole(content, limits) == "parcel_limits"


def test_200_members_and_two_levels_are_opened() -> None:
    assert len(members(zipped({f"{n}.csv": "8" for n in range(200)}))) == 200
    assert len(members(nest(zipped({"a.csv": "8"}), 1))) == 2


ZEROS = deflated(bytes(1_000_000))
BOMBS = {
    "one of zeros": archive([Made(b"a", packed=ZEROS, size=10_000_000_000, far=True)]),
    "many that fit alone": archive([Made(b"%d" % n, packed=ZEROS, size=50_000_000) for n in range(10)]),
    "of 200 overlapping entries": overlapping(200, 1_000_000),
    "of 2,000 overlapping entries": overlapping(2000, 1_000),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_at_once(content: bytes) -> None:
    assert identify(content, "收件.zip").kind is Kind.ARCHIVE
    tracemalloc.start()
    begun = time.process_time()
    reason = whole(content)
    took, peak = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason == "parcel_limits"
    assert took < 1
    assert peak < 50_000_000


def test_no_more_is_unpacked_than_the_directory_says() -> None:
    lying = archive([Made(b"%d" % n, packed=ZEROS, size=1) for n in range(200)])
    tracemalloc.start()
    refused = {member.refused.reason for member in members(lying) if member.refused}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused == {"damaged"}
    assert peak < 10_000_000


def test_entries_that_share_bytes_are_damaged_and_others_read() -> None:
    content = archive([Made(b"a", b"1" * 50, method=0), Made(b"b", b"2", method=0), Made(b"c", b"3")])
    at = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", at + 1)
    shared = content[: second + 42] + content[at + 42 : at + 46] + content[second + 46 :]
    assert told(shared) == {"a": "damaged", "b": "damaged", "c": "3"}


def test_an_archive_without_its_end_may_still_be_arriving() -> None:
    for content in (archive([Made(b"a")])[:-1], archive([Made(b"a")])[:40]):
        with pytest.raises(IncompleteFile):
            identify(content, "收件.zip")
        with pytest.raises(IncompleteFile):
            open_parcel(content, Kind.ARCHIVE, Limits())


def test_a_directory_that_cannot_be_followed_is_damaged() -> None:
    content = archive([Made(b"a"), Made(b"b")])
    at = content.rindex(b"PK\x01\x02")
    for broken in (content[:at] + b"XX" + content[at + 2 :], content[:-10] + b"\xff\xff\xff\x00" + content[-6:]):
        assert whole(broken) == "damaged"


OFFICE = {
    "archive with a folder called word": (zipped({"word/鹿城区.xlsx": XLSX}), Kind.ARCHIVE),
    "archive with a folder called xl": (zipped({"xl/鹿城区.xlsx": XLSX}), Kind.ARCHIVE),
    "workbook": (XLSX, Kind.OOXML),
}


@pytest.mark.parametrize(("content", "kind"), OFFICE.values(), ids=OFFICE)
def test_an_office_package_is_no_archive(content: bytes, kind: Kind) -> None:
    assert identify(content, "a").kind is kind
