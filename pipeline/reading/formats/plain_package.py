"""An OOXML workbook laid out anew, for readers that trust what it claims of itself or know one encoding only."""

from __future__ import annotations

import io
import re
import zipfile

from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.package import Package, zip_of

_COUNTS = re.compile(rb"(<(?:\w+:)?sst\b[^>]*?)\s(?:uniqueCount|count)\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def plain_workbook(content: bytes, odd: bool) -> bytes:
    """The workbook in clear, and laid out anew where it is odd: the same parts in UTF-8, unpacked, each once, and the texts
    without a count.

    Raises UnreadableFile (damaged, encrypted, too_many_cells).
    """
    if not odd:
        return zip_of(content)
    stream = io.BytesIO()
    with Package(content, Limits()) as package, zipfile.ZipFile(stream, "w") as anew:
        for name in package.names.splitlines():
            if name.endswith((".xml", ".rels")) and package.holds(name):
                anew.writestr(_SPELT.get(name, name), _without_counts(package.whole(name)))
    return stream.getvalue()


_SPELT = {"[content_types].xml": "[Content_Types].xml", "xl/sharedstrings.xml": "xl/sharedStrings.xml"}
"""Parts that readers look for by name, as it is usually spelt."""


def _without_counts(part: bytes) -> bytes:
    for _ in range(2):
        part = _COUNTS.sub(rb"\1", part, count=1)
    return part
