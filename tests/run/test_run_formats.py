"""Formats beside the usual ones in a run: what is opened is judged like any other, what is not gets its own word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from pipeline.workspace.workspace import Workspace
from tests.returns import Value, write_return
from tests.support.encrypting import agile, crypto_api, standard, xor
from tests.support.handmade import compound, zipped
from tests.support.workspaces import MARCH, by_name, drop, rules, run_now, spec, statuses, workspace_at


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def sent(office: Workspace, district: str, fmt: str, values: Sequence[Value] | None = None) -> bytes:
    return write_return(spec(office.programme, district, values=values, fmt=fmt))


def test_what_opens_without_a_question_is_accepted(office: Workspace) -> None:
    drop(office, "鹿城区2025年3月.xls", crypto_api(sent(office, "鹿城区", "xls")))
    drop(office, "龙湾区2025年3月.xls", xor(sent(office, "龙湾区", "xls")))
    drop(office, "瓯海区2025年3月.xlsx", agile(sent(office, "瓯海区", "xlsx")))
    drop(office, "瑞安市2025年3月.xlsx", standard(sent(office, "瑞安市", "xlsx")))
    drop(office, "乐清市2025年3月.xls", sent(office, "乐清市", "xml"))
    assert set(statuses(run_now(office)).values()) == {"accepted"}


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "xml"])
def test_what_is_returned_goes_back_with_its_own_cells(office: Workspace, fmt: str) -> None:
    content = sent(office, "鹿城区", fmt, values=(20, "约30", 18, 8))
    drop(office, "鹿城区2025年3月.xls", agile(content) if fmt == "xlsx" else crypto_api(content) if fmt == "xls" else content)
    (found,) = run_now(office).files
    assert (str(found.status), rules(found), found.period) == ("returned", ["C04"], MARCH)
    (copy,) = (office.outbox / "2025-03-31" / "审核反馈").glob("*.xlsx")
    workbook = openpyxl.load_workbook(copy)
    assert "约30" in [cell.value for line in workbook.worksheets[1].iter_rows() for cell in line]


_TYPES = (
    '<Types><Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_SAVE_ANEW = "请用WPS或Excel另存为.xlsx格式后重新报送。"
WORDS = {
    "xlsb": (zipped({"[Content_Types].xml": _TYPES, "xl/workbook.bin": "x"}), "是.xlsb格式，不能直接读取", _SAVE_ANEW),
    "excel 95": (
        compound({"Book": b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4)}),
        "是Excel 95及更早的格式，不能直接读取",
        _SAVE_ANEW,
    ),
    "latin 1": (
        "Région,Numéro,Été\nÎle-de-France,8,3\nRhône,9,4\n".encode("latin-1"),
        "文字编码无法识别",
        "请用WPS或Excel打开，核对文字无误后另存为.xlsx格式。",
    ),
    "strange xml spreadsheet": (
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet xmlns:ss="urn:schemas-microsoft-com:office:'
        b'spreadsheet" ss:Name="a"><Table><Group/></Table></Worksheet></Workbook>',
        "是XML表格格式，不能直接读取",
        _SAVE_ANEW,
    ),
}


@pytest.mark.parametrize(("content", "reason", "advice"), WORDS.values(), ids=WORDS)
def test_what_is_not_read_is_told_with_what_to_do(office: Workspace, content: bytes, reason: str, advice: str) -> None:
    drop(office, "鹿城区2025年3月.xls", content)
    found = by_name(run_now(office))["鹿城区2025年3月.xls"]
    assert [(f.rule, f.message, f.fix) for f in found.findings] == [("F01", f"“鹿城区2025年3月.xls”无法读取：{reason}。", advice)]
