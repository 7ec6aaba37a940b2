"""Mails and archives in the inbox: what came in them is judged and kept like any file, whatever stops the run."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import originals
from pipeline.ledger.period_view import files_of
from pipeline.reading.parcels import staging
from pipeline.run import posting, stages
from pipeline.workspace.workspace import Workspace
from tests.returns import file_name, write_return
from tests.support.archives_by_hand import Made, archive
from tests.support.parcels import mailed, packed
from tests.support.samples import good
from tests.support.workspaces import (
    DECEMBER,
    MARCH,
    NOW,
    SEPTEMBER,
    VALUES_IN_FORCE,
    age,
    by_name,
    drop,
    left,
    report,
    rows,
    rules,
    run_now,
    spec,
    statuses,
    tree,
    workspace_at,
)

PERIODS = (SEPTEMBER, DECEMBER, MARCH)
JUDGED = (
    "select s.file, s.sha256, j.district, j.period, j.status, j.entries from submissions s "
    "join judgements j on j.submission_id = s.id order by 1, 2"
)
NEXT = NOW + dt.timedelta(hours=1)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def returns(office: Workspace, *districts: str, periods: Sequence[dt.date] = PERIODS) -> dict[str, bytes]:
    """Returns under the names their offices give them; each period's numbers are above those before."""
    made = [
        spec(office.programme, d, p, (20 + n, 30 + n + office.programme.district_names.index(d), 18 + n, 8 + n))
        for n, p in enumerate(periods)
        for d in districts
    ]
    return {file_name(one): write_return(one) for one in made}


def in_archive(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    return "收件.zip", packed(files)


def in_mail(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    return "收件.eml", mailed(files)


def in_archive_in_mail(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    return "收件.eml", mailed({"内层.zip": packed(files)})


PACKING = (in_archive, in_mail, in_archive_in_mail)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("pack", PACKING)
def test_samples_of_three_periods_lead_to_the_same_ledger_as_loose_files(
    tmp_path: Path, pack: Callable[[Mapping[str, bytes]], tuple[str, bytes]], database: str
) -> None:
    files = {sample.path.name: sample.path.read_bytes() for sample in good()}
    name, content = pack(files)
    loose, office = workspace_at(tmp_path / "loose"), workspace_at(tmp_path / "office")
    drop(office, name, content)
    outcome = run_now(office)
    found = rows(office, VALUES_IN_FORCE)
    assert statuses(outcome)[name] == "attachment"
    assert {status for file, status in statuses(outcome).items() if file.endswith(tuple(files))} == {"accepted"}
    assert left(office) == []
    kept = {path.read_bytes() for path in (office.root / "ledger" / "originals").iterdir()}
    assert {content, *files.values()} <= kept
    assert not (office.root / "ledger" / "staging").exists()
    if database == "sqlite":  # the other database is this workspace's already
        for each, sent in files.items():
            drop(loose, each, sent)
        run_now(loose)
        assert found == rows(loose, VALUES_IN_FORCE)
    assert len(found) == 4 * len(files)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("pack", PACKING)
@pytest.mark.parametrize("stopped", range(1, 4))
def test_stopped_between_periods_nothing_is_lost_and_nothing_is_counted_twice(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, pack: Callable[[Mapping[str, bytes]], tuple[str, bytes]], stopped: int
) -> None:
    files = returns(office, "鹿城区", "瓯海区")
    name, content = pack(files | {"盖章.pdf": b"%PDF-1.4"})
    drop(office, name, content)
    _run_stopped_before(office, monkeypatch, stopped)
    assert left(office) == [name]
    outcome = run_now(office, now=NEXT)
    assert left(office) == []
    assert rows(office, "select count(*) from submissions") == [(len(files) + 2 + (pack is in_archive_in_mail),)]
    assert rows(
        office,
        "select count(*), count(distinct sha256) from versions v join judgements j on j.id = v.judgement_id "
        "join submissions s on s.id = j.submission_id",
    ) == [(6, 6)]
    assert rows(
        office,
        "select district, period from judgements j join submissions s on s.id = j.submission_id where s.file = :file",
        file=name,
    ) == [(None, str(MARCH))]
    assert statuses(outcome)[name] == "attachment"
    assert "duplicate" not in statuses(outcome).values()


def _run_stopped_before(office: Workspace, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A run that is stopped before the transaction of this number."""
    write, done = posting._post_period, list[object]()

    def post(*arguments: Any) -> Any:
        if len(done) == number:
            raise KeyboardInterrupt
        done.append(arguments)
        return write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(posting, "_post_period", post)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)


@pytest.mark.usefixtures("database")
def test_stopped_before_it_left_the_inbox_it_leaves_with_the_next_run(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(office, *in_archive(returns(office, "鹿城区")))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    posted = rows(office, JUDGED)
    (office.root / "ledger" / "staging").mkdir()
    (office.root / "ledger" / "staging" / "left").write_bytes(b"x")
    outcome = run_now(office, now=NEXT)
    assert outcome.files == ()
    assert left(office) == []
    assert rows(office, JUDGED) == posted
    assert not (office.root / "ledger" / "staging").exists()


def _interrupt(*_arguments: object) -> None:
    raise KeyboardInterrupt


def hostile(office: Workspace) -> bytes:
    """A good return among files that cannot be taken."""
    ((name, content),) = returns(office, "鹿城区", periods=[MARCH]).items()
    return archive(
        [
            Made(name.encode("gbk"), content),
            Made(b"../x.xlsx"),
            Made(b"/etc/x.xlsx"),
            Made("瓯海区2025年3月.xlsx".encode("gbk"), flags=1),
            Made("瓯海区2024年12月.xlsx".encode("gbk"), flags=1),
            Made(b"link.xlsx", b"/etc/passwd", mode=0o120777),
            Made(b"empty.xlsx", b""),
            Made(b"Thumbs.db", b"x"),
            Made("__MACOSX/._鹿城区.xlsx".encode(), b"x"),
        ]
    )


@pytest.mark.usefixtures("database")
def test_what_cannot_be_taken_out_is_sent_back_and_the_others_are_judged(office: Workspace) -> None:
    content = hostile(office)
    drop(office, "收件.zip", content)
    outcome = run_now(office)
    found = {file.file: (str(file.status), *rules(file)) for file in outcome.files}
    assert found.pop("收件.zip") == ("attachment", "F12")
    assert found.pop("收件.zip/鹿城区_2025年第一季度.xlsx")[0] == "accepted"
    assert set(found.values()) == {("returned", "F01")}
    assert len(found) == 6
    inside = hashlib.sha256(content).hexdigest()
    taken = {file.file: file.sha256 for file in outcome.files}
    assert taken["收件.zip/empty.xlsx"] == hashlib.sha256(b"").hexdigest()
    assert {sha256 for file, sha256 in taken.items() if "瓯海区" in file or "link" in file} == {inside}
    kept = rows(office, "select s.file from submissions s join originals o on o.sha256 = s.sha256")
    assert {name for (name,) in kept} == set(taken)
    assert all((office.root / "ledger" / "originals" / sha256).is_file() for sha256 in taken.values())
    assert not any(path.name in ("x.xlsx", "link.xlsx") for path in (office.outbox / "未识别").iterdir())
    copies = [path.name for path in office.outbox.rglob("审核反馈/*")]
    assert sorted(name.partition("_")[0] for name in copies) == ["empty", "link", "x", "x", "瓯海区", "瓯海区"]
    before, judged = tree(office.outbox), rows(office, "select count(*) from judgements")
    run_now(office, now=NEXT)
    assert (tree(office.outbox), rows(office, "select count(*) from judgements")) == (before, judged)


def test_of_a_file_that_is_sent_back_whole_nothing_is_judged(office: Workspace) -> None:
    files = returns(office, "鹿城区", periods=[MARCH])
    drop(office, "收件.zip", packed(files | {f"{n}.txt": b"x" for n in range(200)}))
    drop(office, "空.eml", mailed({}))
    assert {file.file: (str(file.status), rules(file)) for file in run_now(office).files} == {
        "收件.zip": ("returned", ["F01"]),
        "空.eml": ("returned", ["F01"]),
    }
    assert left(office) == []


@pytest.mark.usefixtures("database")
def test_the_same_again_is_repeated_with_all_that_is_in_it(office: Workspace) -> None:
    files = returns(office, "鹿城区", periods=[MARCH])
    (one,) = returns(office, "瓯海区", periods=[MARCH]).values()
    low = write_return(spec(office.programme, "龙湾区", values=(20, -3, 18, 8)))
    content = packed({**files, "无名.csv": b"x,y", "盖章.pdf": b"%PDF-1.4", "瓯海区.xlsx": one[:500], "龙湾区.xlsx": low})
    drop(office, "收件.zip", content)
    first = run_now(office)
    assert {"accepted", "returned", "attachment"} <= set(statuses(first).values())
    drop(office, "再来/收件.zip", content)
    again = run_now(office, now=NEXT)
    assert {file.file: (str(file.status), rules(file)) for file in again.files} == {
        f"再来/{name}": ("duplicate", ["F07"]) for name in statuses(first)
    }
    said = {file.file: file.findings[0].message for file in again.files}
    assert "未重复计入" in said["再来/收件.zip"]
    assert "未重复计入" in said["再来/收件.zip/盖章.pdf"]
    assert "仍为退回" in said["再来/收件.zip/无名.csv"]


@pytest.mark.usefixtures("database")
def test_two_alike_in_one_run_count_once(office: Workspace) -> None:
    content = packed({**returns(office, "鹿城区", periods=[MARCH]), "无名.csv": b"x,y", "盖章.pdf": b"%PDF-1.4"})
    drop(office, "一.zip", content)
    drop(office, "二.zip", content)
    found = statuses(run_now(office))
    assert found["一.zip"] == "attachment"
    assert {status for name, status in found.items() if name.startswith("二.zip")} == {"duplicate"}
    assert "duplicate" not in {status for name, status in found.items() if name.startswith("一.zip")}


def test_a_file_in_another_archive_is_judged_as_files_are(office: Workspace) -> None:
    files = returns(office, "鹿城区", periods=[MARCH])
    (name,) = files
    drop(office, name, files[name])
    drop(office, "收件.zip", packed(files))
    assert sorted(statuses(run_now(office)).items()) == [
        ("收件.zip", "attachment"),
        (f"收件.zip/{name}", "accepted"),
        (name, "duplicate"),
    ]
    drop(office, "另一.zip", packed(files | {"盖章.pdf": b"%PDF-1.4"}))
    assert statuses(run_now(office, now=NEXT)) == {
        "另一.zip": "attachment",
        f"另一.zip/{name}": "duplicate",
        "另一.zip/盖章.pdf": "attachment",
    }


@pytest.mark.usefixtures("database")
def test_what_waits_is_read_again_with_what_it_came_in(office: Workspace) -> None:
    names = ",".join(indicator.name for indicator in office.programme.indicators)
    table = f"截至2025年3月底\r\n区域,{names}\r\n本地区,8,12,7,?".encode("gbk")
    drop(office, "新邮件.eml", mailed({"附件2.csv": table}, sender="鹿城区科技局 <a@example.cn>"))
    first = by_name(run_now(office))["新邮件.eml/附件2.csv"]
    judged = rows(office, "select count(*) from judgements")
    assert (first.status, first.district, first.period) == ("returned", "鹿城区", MARCH)
    run_now(office, now=NEXT)
    assert rows(office, "select count(*) from judgements") == judged


def test_an_unfinished_archive_waits_and_an_unfinished_file_in_one_does_not(office: Workspace) -> None:
    files = returns(office, "鹿城区", "瓯海区", periods=[MARCH])
    half = {name: content[: len(content) // 2] if name.startswith("瓯海区") else content for name, content in files.items()}
    age(drop(office, "完.zip", packed(half)), 1)
    path = drop(office, "未完.zip", packed(files)[:-200])
    age(path, 1)
    found = statuses(run_now(office))
    assert found["未完.zip"] == "waiting"
    assert [status for name, status in found.items() if name.startswith("完.zip/瓯海区")] == ["returned"]
    assert left(office) == ["未完.zip"]
    age(path, 11)
    assert statuses(run_now(office)) == {"未完.zip": "returned"}


@pytest.mark.parametrize("lost", ["inside", "whole"])
def test_what_cannot_be_kept_whole_waits_whole(office: Workspace, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    name, content = in_archive(returns(office, "鹿城区", "瓯海区", periods=[MARCH]))
    path = drop(office, name, content)
    keep = originals.keep_originals

    def late(ledger: Any, files: Sequence[tuple[Path, str]], *others: Any) -> set[Path]:
        (path if lost == "whole" else files[-1][0]).write_bytes(b"changed")
        return keep(ledger, files, *others)

    with monkeypatch.context() as patched:
        patched.setattr(stages, "keep_originals", late)
        assert set(statuses(run_now(office)).values()) == {"waiting"}
    assert rows(office, "select count(*) from submissions") == [(0,)]
    assert left(office) == [name]


def test_a_full_disk_stops_the_run_and_loses_nothing(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = in_archive(returns(office, "鹿城区", periods=[MARCH]))
    drop(office, name, content)
    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "staging", _no_folder)
        with pytest.raises(staging.StagingFailed):
            run_now(office)
    assert left(office) == [name]
    assert statuses(run_now(office))[name] == "attachment"


def _no_folder(office: Workspace) -> Any:
    return contextlib.nullcontext(office.root / "no such folder")


def test_the_report_shows_the_date_of_the_mail_beside_the_arrival(office: Workspace) -> None:
    drop(office, *in_mail(returns(office, "鹿城区", periods=[MARCH])))
    run_now(office)
    page = (office.outbox / str(MARCH) / f"审核报告_{MARCH}.html").read_text(encoding="utf-8")
    assert "2025年4月3日10:00（邮件日期：2025年4月3日09:00）" in page
    files = {each["file"] for each in report(office)["files"]}
    assert files == {"收件.eml", "收件.eml/鹿城区_2025年第一季度.xlsx"}
    assert not any(b"example.cn" in content for content in tree(office.outbox).values())


def test_what_others_came_in_is_no_stamped_scan(office: Workspace) -> None:
    files = returns(office, "鹿城区", periods=[MARCH])
    drop(office, "鹿城.zip", packed(files))
    drop(office, "瓯海.zip", packed({**returns(office, "瓯海区", periods=[MARCH]), "瓯海区2025年3月盖章.pdf": b"%PDF-1.4"}))
    run_now(office)
    with office.ledger() as ledger, ledger.reading() as connection:
        found = files_of(connection, MARCH, office.programme)
    assert {file.file: file.district for file in found if file.parcel} == {"鹿城.zip": "鹿城区", "瓯海.zip": "瓯海区"}
    assert [file.file for file in found if file.is_material] == ["瓯海.zip/瓯海区2025年3月盖章.pdf"]
