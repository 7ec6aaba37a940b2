"""What a workbook may hold besides its sheets (F11), put into a zipped one after it was written."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable

PARTS = {
    "macros": "xl/vbaProject.bin",
    "links": "xl/externalLinks/externalLink1.xml",
    "objects": "xl/embeddings/oleObject1.bin",
}
ODS_PARTS = {"macros": "Basic/Standard/Module1.xml", "objects": "Object 1/content.xml"}
ODS_MANIFEST = (
    b'<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
)
ODS_LINK = (  # as LibreOffice keeps what it read from another file
    b'<table:table table:name="\'file:///other.ods\'#$Sheet1"><table:table-source table:table-name="Sheet1"/>'
    b"<table:table-row><table:table-cell/></table:table-row></table:table></office:spreadsheet>"
)
STAMP = dt.datetime(2024, 1, 1).timetuple()[:6]


def with_extras(content: bytes, carries: Iterable[str]) -> bytes:
    """The same workbook, and these extras. ValueError for a format that is no zip file: it cannot hold them here."""
    if not content.startswith(b"PK"):
        raise ValueError("only zipped workbooks are given extras")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for kind in carries:
        _put(parts, kind)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), part)
    return stream.getvalue()


def _put(parts: dict[str, bytes], kind: str) -> None:
    if "content.xml" not in parts:
        parts[PARTS[kind]] = b"<x/>"
    elif kind == "links":
        parts["content.xml"] = parts["content.xml"].replace(b"</office:spreadsheet>", ODS_LINK)
    else:
        parts[ODS_PARTS[kind]] = b"<x/>"
        if kind == "objects":
            manifest = parts.get("META-INF/manifest.xml", b"<manifest:manifest></manifest:manifest>")
            parts["META-INF/manifest.xml"] = manifest.replace(b"</manifest:manifest>", ODS_MANIFEST + b"</manifest:manifest>")
