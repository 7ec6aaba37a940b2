"""Spreadsheets made by hand, part by part: what no writing library would write, and what real programs do."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

TRANSITIONAL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """The bytes of a zip file, parts compressed, in the order given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # of no time: the same on every call
    return stream.getvalue()


def with_part(content: bytes, name: str, part: str | bytes) -> bytes:
    """The same zip file with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {item: archive.read(item) for item in archive.namelist()}
    return zipped({**parts, name: part})


def xlsx(
    *sheets: str,
    texts: str = "",
    formats: Mapping[int, str] | None = None,
    workbook: str = "",
    states: Mapping[int, str] | None = None,
    namespaces: tuple[str, str] = TRANSITIONAL,
) -> bytes:
    """A workbook of worksheets, each given as what stands inside its ``worksheet`` element.

    ``formats[n]`` is the code of cell style n (0 is General), ``texts`` the inside of the shared strings, ``workbook`` what
    stands before the sheets in the workbook part, ``states[n]`` the state of sheet n (from 1).
    """
    main, relations = namespaces
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" state="{(states or {}).get(n, "visible")}" r:id="rId{n}"/>'
        for n in range(1, len(sheets) + 1)
    )
    targets = "".join(f'<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                      for n in range(1, len(sheets) + 1))  # fmt: skip
    targets += f'<Relationship Id="rIdS" Type="{relations}/styles" Target="styles.xml"/>'
    targets += f'<Relationship Id="rIdT" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_CONTENT_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE_RELATIONS}"><Relationship Id="rId1" Type="{relations}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">{workbook}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{targets}</Relationships>',
        "xl/styles.xml": _styles(main, formats or {}),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{texts}</sst>',
    }
    for n, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}">{sheet}</worksheet>'
    return zipped(parts)


def rows(inside: str) -> str:
    return f"<sheetData>{inside}</sheetData>"


def one_cell(cell: str, **options: object) -> bytes:
    """A workbook of one sheet with one cell, given as its element in row 7."""
    return xlsx(rows(f'<row r="7">{cell}</row>'), **options)  # type: ignore[arg-type]


def _styles(main: str, formats: Mapping[int, str]) -> str:
    codes = "".join(f"<numFmt numFmtId={quoteattr(str(200 + n))} formatCode={quoteattr(code)}/>" for n, code in formats.items())
    last = max(formats, default=0)
    cells = "".join(f'<xf numFmtId="{200 + n if n in formats else 0}"/>' for n in range(last + 1))
    return (
        f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        f"<cellXfs>{cells}</cellXfs><cellStyles/></styleSheet>"
    )


def ods(*tables: str, styles: str = "", before: str = "") -> bytes:
    """A spreadsheet of tables, each given as its ``table:table`` element; ``before`` stands in front of them."""
    return zipped(
        {
            "mimetype": _ODS_TYPE,
            "content.xml": _content("document-content", "", styles, before + "".join(tables)),
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/></manifest:manifest>',
        }
    )


def flat_ods(*tables: str) -> bytes:
    return _content("document", f' office:mimetype="{_ODS_TYPE}"', "", "".join(tables)).encode()


def _content(root: str, attributes: str, styles: str, tables: str) -> str:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _ODF.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {spaces}{attributes} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:{root}>"
    )


def table(inside: str, attributes: str = "") -> str:
    return f'<table:table table:name="Sheet1" {attributes}>{inside}</table:table>'


def ods_cell(attributes: str, *shown: str) -> str:
    """A table with this cell alone, at A1, showing these paragraphs."""
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown)
    return table(f"<table:table-row><table:table-cell {attributes}>{text}</table:table-cell></table:table-row>")


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with these streams in its root; short ones are padded past the size of a small one."""
    size, cutoff = 512, 4096
    bodies = [data.ljust(cutoff, b"\0") for data in streams.values()]
    lengths = [len(data) for data in bodies]
    bodies = [data.ljust(-(-len(data) // size) * size, b"\0") for data in bodies]
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0)]
    for n, (name, data) in enumerate(zip(streams, bodies, strict=True), start=1):
        first, count = len(fat), len(data) // size
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, right=n + 1 if n < len(streams) else 0xFFFFFFFF, start=first, size=lengths[n - 1]))
    directory = b"".join(entries).ljust(size, b"\0")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, cutoff, 0xFFFFFFFE, 0,
        0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    table_of_sectors = struct.pack(f"<{len(fat)}I", *fat).ljust(size, b"\xff")
    return header + table_of_sectors + directory + b"".join(bodies)


def _entry(name: str, kind: int, *, start: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    body = struct.pack("<64sHBBIII36xIII", title, len(title), kind, 1, 0xFFFFFFFF, right, child, start, size, 0)
    return body.ljust(128, b"\0")
