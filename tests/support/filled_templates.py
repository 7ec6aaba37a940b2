"""Templates as districts fill them in: with openpyxl, and saved by LibreOffice in any of its formats."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.view import Office
from pipeline.products.template import render
from schemas.programme import Programme
from tests.support.programs import LIBREOFFICE

MARCH, JUNE = dt.date(2025, 3, 31), dt.date(2025, 6, 30)
OUHAI = "瓯海区"
BEFORE = (50, 110, 41, 30)
UNIT = "温州市瓯海区科学技术局"
PEOPLE = {"单位负责人": "赵某", "审核人": "王某", "填报人": "张某", "联系电话": "0577-00000000", "报出日期": "2025-07-03"}


def template(
    programme: Programme,
    district: str = OUHAI,
    period: dt.date = JUNE,
    before: Sequence[int] | None = BEFORE,
    deadline: dt.date | None = None,
    **office: Any,
) -> bytes:
    """A template, with the values of March before it."""
    previous = (MARCH, dict(zip(programme.indicator_ids, before, strict=True))) if before else None
    return render(programme, district, period, previous, Office(**{"units": {OUHAI: UNIT}} | office), deadline)


def own_row(sheet: Worksheet, district: str = OUHAI) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == district)


def fill(
    content: bytes,
    values: Sequence[object],
    info: Mapping[str, object] | None = None,
    reasons: Sequence[Sequence[object]] = (),
    *,
    district: str = OUHAI,
) -> bytes:
    """The template filled in: values in programme order, fields of 填报信息 by name, lines of 情况说明 without their numbers."""
    workbook = load_workbook(io.BytesIO(content))
    form, fields, lines = workbook.worksheets[:3]
    row = own_row(form, district)
    for column, value in enumerate(values, 2):
        form.cell(row, column).value = value  # type: ignore[assignment]
    for cell in (row[0] for row in fields.iter_rows(min_row=3)):
        given = {**PEOPLE, **(info or {})}
        if cell.value in given:
            fields.cell(cell.row, 2).value = given[str(cell.value)]  # type: ignore[assignment]
    for place, line in enumerate(reasons, 3):
        for column, value in enumerate(line, 2):
            lines.cell(place, column).value = value  # type: ignore[assignment]
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def office_saved(content: bytes, fmt: str, folder: Path) -> bytes:
    """The workbook opened, calculated and saved by LibreOffice; the test is skipped where there is none."""
    program = LIBREOFFICE.find()
    if program is None:
        pytest.skip(LIBREOFFICE.missing)
    source, target = folder / "sent.xlsx", folder / fmt
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(program), "--headless", profile, "--convert-to", fmt, "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return (target / f"sent.{fmt}").read_bytes()
