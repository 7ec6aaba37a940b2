"""Writes the demonstration's returns of its last period anew: ``python -m tests.upkeep.make_demo``.

The two earlier periods are the sample returns, byte for byte, and not made here.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import math
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from schemas.programme import load_programme
from tests import ROOT
from tests.returns import ReturnSpec, Value, cell_of, file_name, write_return

DATA = ROOT / "tests" / "data" / "demo.toml"
DEMO = ROOT / "pipeline" / "upkeep" / "demo"


@dataclass(frozen=True)
class Case:
    """One file of the demonstration and what the main job makes of it: ``finding`` is (rule, A1 address), None for a good one."""

    file: str
    district: str
    values: tuple[Value, ...]
    content: bytes
    status: str
    finding: tuple[str, str] | None


def cases() -> list[Case]:
    """The returns of the last period."""
    return [_case(entry) for entry in data()["returns"] if entry.get("sent", True)]


@functools.cache
def files() -> dict[str, bytes]:
    """Everything in the folder of the last period, by name."""
    made, words = cases(), data()
    sent = {case.file: case.content for case in made}
    archived = next(case for case in made if case.district == words["archived"])
    return {**sent, words["attachment"]: sealed_page(), words["archive"]: _zipped(archived.file, archived.content)}


def folder() -> Path:
    """Where the files of the last period are."""
    return DEMO / f"{data()['period']}"


def data() -> dict[str, Any]:
    """``tests/data/demo.toml``."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def spec_of(entry: dict[str, Any], period: dt.date, values: Sequence[Value]) -> ReturnSpec:
    """The return of a district in its own style, for any period; ``values`` in programme order."""
    programme = load_programme()
    style = {name: entry[name] for name in ("layout", "fmt", "naming")}
    return ReturnSpec(entry["district"], period, dict(zip(programme.indicator_ids, values, strict=True)), **style)


def _case(entry: dict[str, Any]) -> Case:
    spec = spec_of(entry, data()["period"], entry["values"])
    if "total" in entry:
        spec = replace(spec, total=dict(zip(spec.values, entry["total"], strict=True)))
    finding = (entry["rule"], _where(spec, entry)) if "rule" in entry else None
    status = entry.get("becomes", "accepted")
    return Case(file_name(spec), spec.district, tuple(entry["values"]), write_return(spec), status, finding)


def _where(spec: ReturnSpec, entry: dict[str, Any]) -> str:
    """The value's own cell, or for a total that cell's place in the last row of the table."""
    cell = cell_of(spec, entry["indicator"])
    if spec.total is None:
        return cell
    names = spec.programme.district_names
    row = int(cell.lstrip("ABCDEFGH")) + len(names) - names.index(spec.district)
    return cell.rstrip("0123456789") + str(row)


def _zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name, (2025, 4, 2, 9, 30, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, content)
    return stream.getvalue()


def sealed_page() -> bytes:
    """A one-page PDF by hand: a ruled table and a round red seal, as a scan would show them."""
    lines = " ".join(f"60 {y} m 782 {y} l" for y in range(120, 460, 24))
    columns = " ".join(f"{x} 120 m {x} 456 l" for x in (60, 180, 330, 480, 630, 782))
    c, k, x, y = 55.0, 30.4, 660.0, 150.0  # radius, control length of a quarter circle, centre
    seal = (
        f"{x + c} {y} m {x + c} {y + k} {x + k} {y + c} {x} {y + c} c {x - k} {y + c} {x - c} {y + k} {x - c} {y} c "
        f"{x - c} {y - k} {x - k} {y - c} {x} {y - c} c {x + k} {y - c} {x + c} {y - k} {x + c} {y} c"
    )
    tips = [(x + 18 * math.sin(turn), y + 18 * math.cos(turn)) for turn in (math.tau * 2 * n / 5 for n in range(5))]
    star = " l ".join(f"{a:.1f} {b:.1f}" for a, b in tips).replace(" l ", " m ", 1) + " l"
    drawing = f"0.6 w 0.2 G {lines} {columns} S 3 w 0.85 0.1 0.1 RG {seal} S 0.85 0.1 0.1 rg {star} f"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing.encode("ascii")),
    )


def _pdf(*objects: bytes) -> bytes:
    """Objects numbered from 1, with their table of offsets."""
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + trailer


def main() -> None:
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main()
