"""What `annex2 doctor` says of mail: addresses, the server's settings, and its password without showing it."""

from __future__ import annotations

import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from pipeline.upkeep.doctor import Seen
from pipeline.workspace.workspace import Workspace
from tests.support.workspaces import workspace_at
from tests.upkeep.doctored import case, office_at, said

SERVER = 'host = "mail.example"\nuser = "kjj"\nsender = "kjj@mail.example"\nrecipients = ["all@mail.example"]\n'


def keep(monkeypatch: pytest.MonkeyPatch, **passwords: str) -> None:
    """The system's keyring holds these passwords of annex2."""
    monkeypatch.setattr(keyring, "get_password", lambda service, user: passwords.get(user) if service == "annex2" else None)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return office_at(tmp_path)


@pytest.fixture(autouse=True)
def _empty_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch)


def with_mail(office: Workspace, mail: str, address: str = "kjj@qu.example") -> Workspace:
    """The workspace with these mail settings, and an address for every district."""
    file = office.root / "settings.toml"
    text = file.read_text(encoding="utf-8").replace("\nunit =", f'\nmail = "{address}"\nunit =')
    file.write_text(f"{text}[mail]\n{mail}", encoding="utf-8")
    return workspace_at(office.root)


FINE = case("mail", "fine", host="mail.example", sender="kjj@mail.example")


def test_without_settings_there_are_only_drafts(office: Workspace) -> None:
    districts = "、".join(office.programme.district_names)
    assert said(office, "mail") == [case("mail", "districts", names=districts), case("mail", "recipients"), case("mail", "none")]


def test_a_password_in_the_keyring_is_found_and_not_shown(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, kjj="geheim")
    found = said(with_mail(office, SERVER), "mail")
    assert found == [FINE]
    assert "geheim" not in str(found)


def test_a_password_in_the_environment_is_enough(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNEX2_MAIL__PASSWORD", "geheim")
    office = with_mail(office, SERVER)
    assert said(office, "mail") == [FINE]
    assert [one.text for one in said(office, "settings")] == [f"{office.root / 'settings.toml'}可以读取。"]


def test_a_password_that_is_nowhere_is_missing(office: Workspace) -> None:
    assert said(with_mail(office, SERVER), "mail") == [case("mail", "password", user="kjj")]


def test_a_system_without_a_keyring_has_no_password(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_password", fail.Keyring().get_password)  # type: ignore[no-untyped-call]
    assert said(with_mail(office, SERVER), "mail") == [case("mail", "password", user="kjj")]


def test_the_keyring_is_an_extra(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert said(with_mail(office, SERVER), "mail") == [case("mail", "no_keyring")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('sender = "kjj@mail.example"', "", case("mail", "sender")),
        ('recipients = ["all@mail.example"]', "", case("mail", "recipients")),
        ("all@mail.example", "a@b.example；c@d.example", case("mail", "addresses", names="a@b.example；c@d.example")),
        ('user = "kjj"', "", case("mail", "user")),
        ('user = "kjj"', 'user = "kjj"\nsecurity = "none"', case("mail", "open")),
    ],
)
def test_a_gap_in_the_mail_settings_is_named(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, old: str, new: str, expected: Seen
) -> None:
    monkeypatch.setenv("ANNEX2_MAIL__PASSWORD", "geheim")
    assert [one for one in said(with_mail(office, SERVER.replace(old, new)), "mail") if one != FINE] == [expected]
