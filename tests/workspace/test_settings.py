"""The office's settings: a file, variables that go first, and mistakes that are told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.model.errors import SettingsError
from pipeline.workspace.settings import Settings, load_settings
from schemas.programme import read_wording


def load(folder: Path, text: str | None = None, **environment: str) -> Settings:
    if text is not None:
        (folder / "settings.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, environment)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings == Settings()
    assert (settings.paths.inbox, settings.paths.outbox) == (Path("inbox"), Path("outbox"))
    assert (settings.ledger.url, settings.ledger.originals) == (None, Path("ledger/originals"))
    assert settings.periods.called == frozenset()


@pytest.mark.parametrize("called", ['["2024-06-30", "2024-10-15"]', "[2024-06-30, 2024-10-15]"])
def test_called_periods_are_dates_or_text(tmp_path: Path, called: str) -> None:
    settings = load(tmp_path, f"[periods]\ncalled = {called}\n")
    assert settings.periods.called == {dt.date(2024, 6, 30), dt.date(2024, 10, 15)}


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, '\ufeff[paths]\ninbox = "收件"\n').paths.inbox == Path("收件")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ANNEX2_LEDGER__URL", "sqlite:///elsewhere.db", "sqlite:///elsewhere.db"),
        ("ANNEX2_PATHS__OUTBOX", "/srv/out", Path("/srv/out")),
        ("ANNEX2_PERIODS__CALLED", '["2025-01-15"]', {dt.date(2025, 1, 15)}),
    ],
)
def test_variables_go_before_the_file(tmp_path: Path, name: str, value: str, expected: object) -> None:
    text = '[ledger]\nurl = "sqlite:///here.db"\n[paths]\noutbox = "out"\n[periods]\ncalled = ["2024-06-30"]\n'
    settings = load(tmp_path, text, **{name: value})
    section, _, field = name.removeprefix("ANNEX2_").lower().partition("__")
    assert getattr(getattr(settings, section), field) == expected


def test_a_variable_leaves_the_other_fields_of_its_section(tmp_path: Path) -> None:
    settings = load(tmp_path, '[paths]\ninbox = "in"\noutbox = "out"\n', ANNEX2_PATHS__OUTBOX="other")
    assert settings.paths.inbox == Path("in")


@pytest.mark.parametrize("name", ["ANNEX2_WORKSPACE", "ANNEX2_NO_SKIP", "ANNEX2_FOO__BAR", "OTHER_PATHS__INBOX"])
def test_other_variables_are_no_settings(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, **{name: "x"}) == Settings()


FILE = "settings.toml"

UNREADABLE = {
    "no end of a section": ("[periods\n", "settings.toml第1行写法有误"),
    "two equals signs": ("\n\nx = = 1\n", "settings.toml第3行写法有误"),
    "no value": ("[paths]\ninbox = ", "settings.toml没有写完整"),
    "no such day": ("[periods]\ncalled = [2025-02-30]\n", "settings.toml第2行的日期不存在，请核对"),
    "twice": ('[paths]\ninbox = "a"\ninbox = "b"\n', "settings.toml第3行重复：同一项设置写了两次，请只保留一处"),
}
UNKNOWN = {
    "a field mistyped": ("[periods]\ncaled = []\n", "settings.toml中的“periods.caled”不是设置项，是否为“called”"),
    "a section mistyped": ("[period]\ncalled = []\n", "settings.toml中的“period”不是设置项，是否为“periods”"),
    "nothing like it": ("[paths]\nxyz = 1\n", "settings.toml中的“paths.xyz”不是设置项，应为inbox、outbox之一"),
    "of a contact": (
        '[contacts."鹿城区"]\nphone = "1"\n',
        "settings.toml中的“contacts.鹿城区.phone”不是设置项，应为unit、mail之一",
    ),
}
WRONG = {
    "none of the choices": ('[mail]\nsecurity = "ssl"', "mail.security", "“ssl”", "应为starttls、tls、none之一"),
    "no list": ('[periods]\ncalled = "2024-06-30"', "periods.called", "“2024-06-30”", '应为列表，写在方括号里，如["…"]'),
    "no such day as text": (
        '[periods]\ncalled = ["2024-06-31"]',
        "periods.called.0",
        "“2024-06-31”",
        "应为存在的日期，如2025-01-15",
    ),
    "no period": (
        '[deadlines.dates]\n"6月" = "2025-07-01"',
        "deadlines.dates.6月",
        "“6月”",
        "应为存在的日期，如2025-01-15",
    ),
    "no text": ("[paths]\ninbox = 3", "paths.inbox", "3", "应为文件夹或文件的路径，写在英文引号里"),
    "no section": ("paths = 3", "paths", "3", "应为一组设置，如[paths]下分行写"),
    "a list for a number": ("[deadlines]\ngrace = [3]", "deadlines.grace", "一个列表", "应为整数"),
    "half a day": ("[deadlines]\nworking_day = 2.5", "deadlines.working_day", "2.5", "应为整数"),
    "the 0th day": (
        "[deadlines]\nworking_day = 0",
        "deadlines.working_day",
        "0",
        "应为1至250的整数（期末后第几个工作日）",
    ),
    "a day before": (
        "[deadlines]\nworking_day = -5",
        "deadlines.working_day",
        "-5",
        "应为1至250的整数（期末后第几个工作日）",
    ),
    "a day nobody waits for": (
        "[deadlines]\nworking_day = 100000",
        "deadlines.working_day",
        "100000",
        "应为1至250的整数（期末后第几个工作日）",
    ),
    "less than no grace": ("[deadlines]\ngrace = -1", "deadlines.grace", "-1", "应为0至250的整数（工作日数）"),
    "a deadline of another year": (
        '[deadlines.dates]\n"2025-03-31" = "2024-04-08"',
        "deadlines.dates.2025-03-31",
        "2024-04-08",
        "应为报告期前31天至后366天之间的日期，请核对年份",
    ),
    "a year mistyped": ('[periods]\ncalled = ["0225-03-31"]', "periods.called", "0225-03-31", "应为2000年至2099年的日期"),
    "off and worked": (
        '[holidays]\noff = ["2025-10-04"]\nwork = ["2025-10-04"]',
        "holidays.work",
        "2025-10-04",
        "应为上班的日子，但[holidays]的off也写了这一天，请只保留一处",
    ),
    "an empty name": ('[decide]\nnames = ["张三", ""]', "decide.names.1", "“”", "应为姓名，不能为空"),
    "a blank name": ('[decide]\nnames = ["　"]', "decide.names.0", "“ ”", "应为姓名，不能为空"),
    "a name with blanks around": (
        '[decide]\nnames = ["张三 "]',
        "decide.names.0",
        "“张三 ”",
        "应为姓名，前后不能有空格，中间不能换行",
    ),
    "a name twice": ('[decide]\nnames = ["张三", "李四", "张三"]', "decide.names.2", "“张三”", "应每人只写一次"),
    "the workspace as inbox": (
        '[paths]\ninbox = ""',
        "paths.inbox",
        "“.”",
        "应为工作目录里或别处的一个文件夹，不能是工作目录本身",
    ),
    "outbox in the inbox": (
        '[paths]\noutbox = "inbox/out"',
        "paths.inbox",
        "“inbox”",
        "应为单独的文件夹，不能与收件、成果、原始文件的文件夹相同或互相包含",
    ),
    "no row": ("[book]\nrows = 0", "book.rows", "0", "应为1至1048575的整数"),
    "less than no version": ("[book]\nversions = -1", "book.versions", "-1", "应为不小于0的整数"),
    "no port": ("[mail]\nport = 70000", "mail.port", "70000", "应为0至65535的整数"),
    "a blank recipient": ('[mail]\nrecipients = [" "]', "mail.recipients.0", "“ ”", "应为收件人地址，不能为空"),
}


def told(folder: Path, text: str | None = None, **environment: str) -> str:
    """What is said of settings that cannot be used."""
    with pytest.raises(SettingsError) as raised:
        load(folder, text, **environment)
    found = read_wording("messages")["settings"][raised.value.problem].format(**raised.value.words)
    return str(found)


@pytest.mark.parametrize(("text", "message"), [*UNREADABLE.values(), *UNKNOWN.values()], ids=[*UNREADABLE, *UNKNOWN])
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert told(tmp_path, text) == message


@pytest.mark.parametrize(("text", "field", "seen", "expected"), WRONG.values(), ids=WRONG)
def test_a_value_that_cannot_be_meant_is_told_with_what_should_stand_there(
    tmp_path: Path, text: str, field: str, seen: str, expected: str
) -> None:
    assert told(tmp_path, text) == f"{FILE}中的“{field}”写的是{seen}，{expected}"


MEANT = (
    "[deadlines]\nworking_day = 1\ngrace = 0",
    '[deadlines.dates]\n"2024-12-31" = "2024-12-25"',
    '[holidays]\noff = ["2025-10-04", "2025-10-05"]\nwork = ["2025-09-28"]',
    "[decide]\nnames = []",
    '[decide]\nnames = ["Zhang San", "张三"]',
    '[paths]\ninbox = "收件"\noutbox = "../成果"',
    "[book]\nrows = 1\nversions = 0",
)


@pytest.mark.parametrize("text", MEANT)
def test_what_may_be_meant_is_taken(tmp_path: Path, text: str) -> None:
    load(tmp_path, text)


def test_the_mail_servers_password_comes_from_the_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[mail]\nhost = "smtp.example"\nsecurity = "tls"', encoding="utf-8")
    found = load_settings(tmp_path, {"ANNEX2_MAIL__PASSWORD": "123456"}).mail
    assert (found.host, found.security, found.password) == ("smtp.example", "tls", "123456")
    assert "123456" not in repr(found)
    (tmp_path / "settings.toml").write_text('[mail]\npassword = "x"', encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path, {})
    assert raised.value.problem == "password"


def test_a_file_in_another_encoding_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes('[paths]\ninbox = "收件"\n'.encode("gbk"))
    with pytest.raises(SettingsError) as raised:
        load(tmp_path)
    assert raised.value.problem == "encoding"


def test_a_settings_file_that_is_a_folder_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError) as raised:
        load(tmp_path)
    assert raised.value.problem == "unreadable"


@pytest.mark.parametrize("value", ["[", '["2024-06-30"', "{"])
def test_a_variable_that_is_no_list_is_a_mistake(tmp_path: Path, value: str) -> None:
    message = f"ANNEX2_PERIODS__CALLED中的“periods.called”写的是“{value}”，应为完整的列表（JSON写法）"
    assert told(tmp_path, ANNEX2_PERIODS__CALLED=value) == message


def test_a_mistake_of_a_variable_names_the_variable(tmp_path: Path) -> None:
    message = "ANNEX2_DEADLINES__GRACE中的“deadlines.grace”写的是-1，应为0至250的整数（工作日数）"
    assert told(tmp_path, "[deadlines]\ngrace = 3\n", ANNEX2_DEADLINES__GRACE="-1") == message


def test_a_password_may_begin_like_a_list(tmp_path: Path) -> None:
    assert load(tmp_path, ANNEX2_MAIL__PASSWORD="[secret").mail.password == "[secret"


def test_a_variable_for_a_section_that_is_none_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    message = "settings.toml中的“paths”写的是3，应为一组设置，如[paths]下分行写"
    assert told(tmp_path, "paths = 3\n", ANNEX2_PATHS__INBOX="in") == message
