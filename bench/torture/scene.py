"""The workspace that is tortured: an office with a past, and an inbox in which everything happens."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import IO, Any

import openpyxl

from bench.timing import clean_environment
from bench.torture.process import CLOCK, STRACE
from pipeline.decisions.sheets_read import folder_of
from pipeline.workspace.workspace import Workspace, open_workspace
from tests.returns import file_name, write_return
from tests.support.workspaces import (
    DECEMBER,
    MARCH,
    NOW,
    content,
    drop,
    drop_return,
    numbers_of,
    rows,
    spec,
    tree,
    workspace_at,
)

ROOT = Path(__file__).resolve().parents[2]
RUN_SECONDS = 120
"""A run takes two seconds; one that takes that long hangs."""


@dataclass(frozen=True)
class Done:
    """How a process ended: its exit status, minus the signal that killed it, None when it hung; what it said."""

    status: int | None
    said: str


@dataclass(frozen=True)
class State:
    """A workspace: ledger content without row numbers and times, outbox, what lies in the inbox, originals by name."""

    ledger: list[list[tuple[Any, ...]]]
    outbox: dict[str, bytes]
    inbox: list[str]
    originals: dict[str, bytes]
    decisions: list[tuple[Any, ...]]
    books: dict[str, bytes]
    """What lies in ``办理/`` and is filed away there. What became of a book says which run carried it out: its name alone."""


@dataclass(frozen=True)
class Scene:
    """``workspace`` as it is before the run, ``received`` the sha256 of every file for the ledger, what comes inside others
    among them, ``inside`` those of what a mail or an archive holds, by its own; ``laid`` those of the files in ``办理/``;
    ``before`` and ``after`` the states without and with an undisturbed run."""

    workspace: Path
    received: tuple[str, ...]
    inside: Mapping[str, tuple[str, ...]]
    laid: tuple[str, ...]
    before: State
    after: State

    def copy(self, folder: Path) -> Path:
        """A fresh copy to torture, in ``folder``."""
        return Path(shutil.copytree(self.workspace, folder, symlinks=True))

    def after_coming_later(self, names: Sequence[str]) -> State:
        """The state after two undisturbed runs of which the first did not have these files."""
        with tempfile.TemporaryDirectory(prefix="annex2-torture-") as folder:
            root, away = self.copy(Path(folder) / "workspace"), Path(folder) / "away"
            for source, target in ((root, away), (away, root)):
                for name in names:
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    (source / name).rename(target / name)
                _expect(run_once(root), open_workspace(root))
            return state_of(root)


def make_scene(folder: Path) -> Scene:
    """A year's end in the ledger, with a return that waits; thirteen files for the run, an archive and a mail, and four that
    stay in the inbox; a 市级办理单 to be carried out, and one that is damaged."""
    office = workspace_at(folder / "office")
    districts = office.programme.district_names
    for district in districts:
        drop_return(office, district, DECEMBER)
    fall = (1, *_grown(office, districts[12])[1:])
    drop_return(office, districts[12], values=fall)
    _expect(run_once(office.root), office)
    inside = _send_parcels(office)
    received, laid = _fill_inbox(office), _lay_in(office)
    received = tuple(sorted((*received, *(member for members in inside.values() for member in members))))
    before = state_of(office.root)
    undisturbed = folder / "undisturbed"
    shutil.copytree(office.root, undisturbed, symlinks=True)
    _expect(run_once(undisturbed), open_workspace(undisturbed))
    return Scene(office.root, received, inside, laid, before, state_of(undisturbed))


def _fill_inbox(office: Workspace) -> tuple[str, ...]:
    """Good returns, one with an error, rivals, a late correction, a repeated file, one of nobody and a scan."""
    districts = office.programme.district_names
    for district in (*districts[:5], districts[8]):
        drop_return(office, district, values=_grown(office, district))
    drop_return(office, districts[6], values=(20, -3, 18, 8))
    for folder, number in (("甲", 50), ("乙", 51)):
        name = drop_return(office, districts[7], values=(20, number, 18, 8))
        _move(office.inbox / name, office.inbox / folder / name)
    drop_return(office, districts[8], DECEMBER, numbers_of(office.programme, districts[6]))  # which nothing else changes
    name = drop_return(office, districts[9], values=_grown(office, districts[9]))
    drop(office, f"再次/{name}", (office.inbox / name).read_bytes())
    drop(office, "盖章件.pdf", b"%PDF-1.4\n%%EOF\n")
    files = [path for path in office.inbox.rglob("*") if path.is_file()]
    drop(office, "~$附件2.xlsx", b"x")
    drop(office, "附件2.xlsx.part", b"x")
    drop(office, f"未传完/{name}", (office.inbox / name).read_bytes()[:3000])
    (office.inbox / "链接.xlsx").symlink_to(name)
    return tuple(sorted(sha256_of(path.read_bytes()) for path in files))


def _send_parcels(office: Workspace) -> dict[str, tuple[str, ...]]:
    """An archive and a mail, each with returns of two periods; a damaged member in the one, an archive in the other."""
    districts = office.programme.district_names
    archived = _two_returns(office, districts[10]) | {"损坏.xlsx": b"PK\x03\x04 and no more"}
    scans = {"扫描件.pdf": b"%PDF-1.4\n% of a mail\n%%EOF\n"}
    mailed = _two_returns(office, districts[5]) | {"扫描.zip": _zipped(scans)}
    sent = {"收件.zip": (_zipped(archived), archived), "来信.eml": (_mailed(mailed), mailed | scans)}
    for name, (whole, _) in sent.items():
        drop(office, name, whole)
    return {sha256_of(whole): tuple(map(sha256_of, members.values())) for whole, members in sent.values()}


def _two_returns(office: Workspace, district: str) -> dict[str, bytes]:
    """This period's return of a district, and a correction of the last one's."""
    grown = _grown(office, district)
    made = (spec(office.programme, district, period, grown) for period in (MARCH, DECEMBER))
    return {file_name(each): write_return(each) for each in made}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    return stream.getvalue()


def _mailed(files: Mapping[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "office@example.org", "报表", "Thu, 03 Apr 2025 09:00:00 +0800"
    mail.set_content("见附件。")
    for name, held in files.items():
        mail.add_attachment(held, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _lay_in(office: Workspace) -> tuple[str, ...]:
    """A 办理单 that explains the fall by telephone, excuses a district, and has a line that cannot be carried out."""
    words = office.programme.wording
    name = words["outbox"]["files"]["decision_book"].format(as_of=MARCH.isoformat())
    book = openpyxl.load_workbook(office.outbox / MARCH.isoformat() / name)
    sheet = book.worksheets[0]
    top, header = next(row for row in enumerate(sheet.iter_rows(values_only=True), 1) if "办理意见" in row[1])
    columns = {str(text): number for number, text in enumerate(header, 1)}
    numbered = range(top + 1, sheet.max_row + 1)
    fall, *own = (row for row in numbered if isinstance(sheet.cell(row, columns["序号"]).value, int))
    lines = [
        (fall, {"办理意见": "代录电话说明", "办理内容": "三家企业迁出本地，相应核减", "依据": "4月2日电话"}),
        (own[-2], {"区域": office.programme.district_names[11], "办理意见": "免报", "依据": "4月1日来函"}),
        (own[-1], {"区域": office.programme.district_names[10], "办理意见": "免报"}),
    ]
    for row, texts in lines:
        for column, text in (texts | {"经办人": "张三"}).items():
            sheet.cell(row, columns[column]).value = text
    folder = folder_of(office)
    folder.mkdir(exist_ok=True)
    book.save(folder / name)
    (folder / "损坏.xlsx").write_bytes((folder / name).read_bytes()[:3000])
    return tuple(sorted(map(sha256_of, tree(folder).values())))


def _grown(office: Workspace, district: str) -> tuple[int, ...]:
    """A little more than at the year's end."""
    return tuple(number + 1 for number in numbers_of(office.programme, district))


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir()
    source.rename(target)


def _expect(done: Done, office: Workspace) -> None:
    if done.status not in (0, 1):
        raise RuntimeError(f"an undisturbed run of {office.root} ended with {done.status}:\n{done.said}")


def run_once(workspace: Path, strace: str = "") -> Done:
    """``annex2 run`` as a process of its own, to its end."""
    return start_run(workspace, strace).end()


@dataclass(frozen=True)
class Running:
    """A process, and the file that takes what it says."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def end(self) -> Done:
        """Wait for it, not for what it leaves behind."""
        with self.said:
            try:
                status: int | None = self.process.wait(RUN_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                status = None
            self.said.seek(0)
            return Done(status, self.said.read().decode("utf-8", "replace"))


def start_run(workspace: Path, strace: str = "") -> Running:
    """``annex2 run`` begun; ``strace`` is what ``bench.torture.process`` takes."""
    said = tempfile.TemporaryFile()  # noqa: SIM115  # closed by end(); no pipe, which orphans would keep open
    environment = clean_environment() | {CLOCK: NOW.isoformat(), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "bench.torture.process", "--workspace", str(workspace), "run"]
    environment |= {STRACE: strace} if strace else {}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    return Running(process, said)


def state_of(root: Path) -> State:
    office = open_workspace(root)
    books = {name: b"" if name.endswith(".txt") else held for name, held in tree(folder_of(office)).items()}
    made = rows(
        office, "select act, by, reason, basis, district, period, rule, indicator, bound, source from decisions order by id"
    )
    lying = sorted(path.relative_to(office.inbox).as_posix() for path in office.inbox.rglob("*") if not _is_folder(path))
    return State(content(office), tree(office.outbox), lying, tree(root / "ledger" / "originals"), made, books)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
