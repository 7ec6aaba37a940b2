"""What the HTML of Excel and LibreOffice says of a cell besides its text: number formats and hiding."""

from __future__ import annotations

import re

from pipeline.reading.formats.html_looks import Looks
from pipeline.reading.formats.html_selectors import Attributes

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->|@media[^{]*\bprint\b[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.DOTALL)
"""Comments, and what holds on paper alone."""
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([\w-]+)")
_FORMAT = re.compile(r"mso-number-format\s*:\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|([^;\"']+))", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{4})|(.))")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_NAMED = {
    "percent": "0.00%", "currency": '"¥"#,##0.00', "fixed": "0.00", "standard": "#,##0.00", "scientific": "0.00E+00",
    "general date": "yyyy-mm-dd", "long date": "yyyy-mm-dd", "medium date": "yyyy-mm-dd", "short date": "yyyy-mm-dd",
    "long time": "h:mm:ss", "medium time": "h:mm", "short time": "h:mm",
}  # fmt: skip


class Styles:
    """Number formats and hiding by class, as the style sheet declares them."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.looks = Looks()
        self.hiding: set[str] = set()
        self.around: list[tuple[str, Attributes]] = []
        """Elements around all tables, the innermost first."""

    def declare(self, sheet: str) -> None:
        """Take in the text of a style element."""
        sheet = _COMMENT.sub("", sheet)
        self.looks.declare(sheet)
        for selectors, body in _RULE.findall(sheet):
            code, hides = format_in(body), bool(_HIDING.search(body))
            for selector in filter(str.strip, selectors.split(",")):
                last = selector.split()[-1]
                names = _CLASS.findall(last)
                if code is not None:
                    self.formats |= dict.fromkeys(names, code)
                if hides and ":" not in last:  # a:hover is not always so
                    self.hiding |= set(names)

    def format_of(self, attributes: Attributes) -> str:
        own = format_in(attributes.get("style", ""))
        if own is not None:
            return own
        if attributes.get("sdnum", "").count(";") >= 2:
            return attributes["sdnum"].split(";", 2)[2] or "General"
        return next((self.formats[name] for name in attributes.get("class", "").split() if name in self.formats), "General")

    def hides(self, attributes: Attributes) -> bool:
        shown = not _HIDING.search(attributes.get("style", "")) and "hidden" not in attributes
        return not shown or any(name in self.hiding for name in attributes.get("class", "").split())


def format_in(style: str) -> str | None:
    """The number format code of a style, CSS escapes resolved; None without one."""
    match = _FORMAT.search(style)
    if match is None:
        return None
    escaped = next(group for group in match.groups() if group is not None).strip()
    code = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], escaped)
    return _NAMED.get(code.lower(), code)
