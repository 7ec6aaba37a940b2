"""What others wrote, in a sentence: nothing breaks its line, nothing stays out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import say as console
from pipeline.cli.check import say_check
from pipeline.model import Status
from pipeline.model.quoting import quoted
from pipeline.model.view import FileRecord
from pipeline.run import Outcome
from tests.support.judging import NOW, PROGRAMME, check, spec
from tests.support.workspaces import workspace_at


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("D5单元格“约30”不是确数。", "D5单元格“约30”不是确数。"),
        ("“约\n30”", "“约〔换行〕30”"),
        ("“约\r\n30”", "“约〔换行〕30”"),
        ("“约\u202830”", "“约〔换行〕30”"),
        ("“约\t30”", "“约〔制表符〕30”"),
        ("“\n 约30　\n”", "“约30”"),
        ("“‘ 约 30 ’”", "“‘约 30’”"),
        ("“\u202c30\u202c”", "“〔U+202C〕30〔U+202C〕”"),
        ("“3\u200b0”", "“3〔U+200B〕0”"),
        ("“3\ufe0f0”", "“3〔U+FE0F〕0”"),
        ("“3\x000”", "“3〔U+0000〕0”"),
        ("“3\ud8000”", "“3〔U+D800〕0”"),
        ("“3\U000e00210”", "“3〔U+E0021〕0”"),
        ("“3\u00a00　1”", "“3\u00a00　1”"),
        ("第一句。 第二句。", "第一句。 第二句。"),
    ],
)
def test_sentences(sentence: str, shown: str) -> None:
    assert quoted(sentence, PROGRAMME) == shown


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "csv-utf8"])
def test_the_message_names_them_and_the_record_keeps_them(fmt: str) -> None:
    text = "约\t30" if fmt.startswith("csv") else "\n约\n30 "
    (finding,) = [each for each in check(spec(values={"projects": text}, fmt=fmt)).findings if each.indicator == "projects"]
    mark = "〔制表符〕" if "\t" in text else "〔换行〕"
    assert f"“约{mark}30”" in finding.message
    assert (finding.observed or "").strip() == text.strip()


def test_names_of_files_stay_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = FileRecord("鹿城区\n\u202e2024.xlsx", "", Status.WAITING, NOW)
    say_check(Outcome((file,)), PROGRAMME)
    console.say_outcome(Outcome((file,)), workspace_at(tmp_path))
    assert capsys.readouterr().err.count("鹿城区〔换行〕〔U+202E〕2024.xlsx") == 2


def test_a_file_name_is_quoted_in_the_message() -> None:
    (finding,) = [each for each in check(spec(region="鹿成\n区")).findings if each.rule == "S08"]
    assert "\n" not in finding.message
