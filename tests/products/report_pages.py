"""Views made by hand, and report pages read back, for the tests of the report."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from pipeline.model import Finding
from pipeline.model.view import ACCEPTED, EXCUSED, MISSING, PENDING, RETURNED, TO_DECIDE, DistrictRecord, FileRecord, PeriodView
from pipeline.products.report import page as report_page
from schemas.programme import Programme, load_programme

PROGRAMME = load_programme()
PERIOD = dt.date(2024, 9, 30)
TIME = dt.datetime(2024, 10, 8, 1, 30, tzinfo=dt.UTC)
VALUES = {"enterprises": 8, "projects": 0, "transfers": 7, "institutes": 3}
VOID = {"meta", "link", "col", "br", "hr", "img", "input"}


def finding(rule: str, indicator: str | None = None, cell: str | None = None, **more: Any) -> Finding:
    """A finding of a rule of the catalogue, with its grade and a message that names the cell."""
    message = f"{cell or rule}单元格有意见。"
    fields: dict[str, Any] = {"message": message, "fix": "请核对。", "sheet": "附件2", "observed": "-3"}
    return Finding(rule, PROGRAMME.rules[rule].grade, indicator=indicator, cell=cell, **{**fields, **more})


def file_of(district: str | None, status: str, *findings: Finding, **more: Any) -> FileRecord:
    fields: dict[str, Any] = {"period": PERIOD, "sheet": "附件2", "values": VALUES, "received": TIME}
    name = more.pop("file", f"{district}/附件2.xlsx")
    fields["sha256"] = "a" * 64
    return FileRecord(name, status=status, district=district, findings=findings, **{**fields, **more})


def record_of(district: str, state: str, *findings: Finding, **more: Any) -> DistrictRecord:
    """A district whose one file is judged as the state says."""
    if state in (MISSING, EXCUSED):
        return DistrictRecord(district, state)
    status = {ACCEPTED: "accepted", RETURNED: "returned"}.get(state, "pending")
    version = 1 if state == ACCEPTED else None
    file = file_of(district, status, *findings, version=version, **more)
    return DistrictRecord(district, state, (), version, file.values, file if version else None, file)


def view_of(
    *records: DistrictRecord, rest: str = MISSING, extra: tuple[FileRecord, ...] = (), programme: Programme = PROGRAMME
) -> PeriodView:
    """All districts of the form; those not given are in the state ``rest``."""
    known = {record.district: record for record in records}
    districts = tuple(known.get(name) or record_of(name, rest) for name in programme.district_names)
    own = [file for d in districts for file in (d.current, d.latest) if file]
    files = [file for place, file in enumerate(own) if file not in own[:place]]
    return PeriodView(PERIOD, TIME, "2024.1", districts, {}, {}, None, (*files, *extra))


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees, without the white space of the source."""
        return re.sub(r"[ \n\t]+", " ", "".join(c if isinstance(c, str) else c.text for c in self.children)).strip()

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", style: str = "") -> list[Node]:
        found: list[Node] = []
        for child in self.children:
            if isinstance(child, Node):
                if tag in ("", child.tag) and (not style or style in child.classes):
                    found.append(child)
                found += child.all(tag, style)
        return found

    def id(self, identifier: str) -> Node:
        return next(node for node in self.all() if node.attributes.get("id") == identifier)


class Page(HTMLParser):
    """A tree of the page; a tag closed out of order, or never, is an AssertionError."""

    def __init__(self, source: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.stack = [self.root]
        self.feed(source.decode("utf-8"))
        self.close()
        assert self.stack == [self.root], [node.tag for node in self.stack]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def page_of(view: PeriodView, programme: Programme = PROGRAMME) -> Node:
    return Page(report_page.render(programme, view)).root


def rows_of(section: Node) -> list[list[str]]:
    """Cells of the bodies of a section's tables."""
    return [
        [cell.text for cell in row.all() if cell.tag in ("td", "th")] for body in section.all("tbody") for row in body.all("tr")
    ]


def matrix_of(page: Node) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in rows_of(page.id("overview"))}


def todo_of(page: Node) -> list[list[str]]:
    """The texts of the three columns, without the sign of the grade."""
    return [[item.all("a")[-1].text for item in column.all("li")] for column in page.id("todo").all("section", "column")]


def busy_view() -> PeriodView:
    """Every state and every grade once."""
    newer = file_of("永嘉县", "returned", finding("C06", "projects", "D13"), file="永嘉县/重报.xlsx")
    old = file_of("永嘉县", "accepted", version=1)
    return view_of(
        record_of("鹿城区", ACCEPTED, finding("C01", "projects", "D7")),
        record_of("龙湾区", RETURNED, finding("C06", "projects", "D8"), finding("C10", "enterprises", "C8"), finding("S12")),
        record_of("瓯海区", PENDING, finding("C10", "enterprises", "C9")),
        record_of("乐清市", TO_DECIDE, finding("F17")),
        record_of("海经区", EXCUSED),
        DistrictRecord("永嘉县", ACCEPTED, ("新报第2版待处理",), 1, VALUES, old, newer),
        extra=(file_of(None, "returned", finding("F03", sheet=None), file="附件2.xlsx", period=None),),
    )
