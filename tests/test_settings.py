"""The office's settings: a file, variables that go first, and mistakes that are told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, load_settings


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


@pytest.mark.parametrize(
    ("text", "problem", "words"),
    [
        ('[mail]\nsecurity = "ssl"', "value", {"field": "mail.security"}),
        ("[periods]\ncaled = []\n", "unknown", {"field": "periods.caled"}),
        ("[period]\ncalled = []\n", "unknown", {"field": "period"}),
        ('[periods]\ncalled = "2024-06-30"\n', "value", {"field": "periods.called"}),
        ('[periods]\ncalled = ["2024-06-31"]\n', "value", {"field": "periods.called.0"}),
        ("[paths]\ninbox = 3\n", "value", {"field": "paths.inbox"}),
        ("paths = 3\n", "value", {"field": "paths"}),
        ("[periods\n", "syntax", {"file": "settings.toml", "line": "1"}),
        ("\n\nx = = 1\n", "syntax", {"file": "settings.toml", "line": "3"}),
        ("[paths]\ninbox = ", "unfinished", {"file": "settings.toml", "line": ""}),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, problem: str, words: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, text)
    assert (raised.value.problem, raised.value.words) == (problem, words)


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
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, ANNEX2_PERIODS__CALLED=value)
    assert raised.value.words == {"field": "ANNEX2_PERIODS__CALLED"}


def test_a_variable_for_a_section_that_is_none_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, "paths = 3\n", ANNEX2_PATHS__INBOX="in")
    assert raised.value.words == {"field": "paths"}
