"""What a page's styles say of its cells: number formats and hiding as Excel and LibreOffice write them, and how texts look,
struck out, raised, hidden, in the colour of their ground. Source: CSS 2.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Cell, Mark, Run
from pipeline.reading.formats.colours import BLACK, WHITE, Colour, Look, alike, from_hex
from pipeline.reading.formats.html_selectors import Attributes, Compound, compound_of, content_in, generated_text
from pipeline.reading.formats.runs import text_of_runs

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*((?:\"[^\"]*\"|'[^']*'|[^;\"'])*)")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})")
_ZERO = re.compile(r"0(?:\.0*)?(?:px|pt|em|rem|%)?")
_NAMED = {
    "white": WHITE, "black": BLACK, "window": WHITE, "windowtext": BLACK, "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "aqua": (0, 255, 255), "cyan": (0, 255, 255), "fuchsia": (255, 0, 255), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "maroon": (128, 0, 0), "green": (0, 128, 0), "navy": (0, 0, 128),
    "olive": (128, 128, 0), "teal": (0, 128, 128), "purple": (128, 0, 128), "orange": (255, 165, 0),
}  # fmt: skip
_STRANGE = (-256, -256, -256)
"""A colour by a name that is not known here: like no other."""
_UNSAID = ("transparent", "inherit", "initial", "none", "auto", "currentcolor", "unset")
_TAGS = {"sup": Mark.SUPERSCRIPT, "sub": Mark.SUBSCRIPT, "s": Mark.STRUCK, "strike": Mark.STRUCK, "del": Mark.STRUCK,
         "rt": Mark.RUBY, "rtc": Mark.RUBY, "rp": Mark.RUBY}  # fmt: skip
_ALIGNED = {"super": Mark.SUPERSCRIPT, "sub": Mark.SUBSCRIPT}
_HEAVIEST = (Mark.HIDDEN, Mark.STRUCK, Mark.RUBY)
_SIGNS = {mark: chr(number) for number, mark in enumerate(Mark, start=1)}
_END = "\x1f"
_SPLIT = re.compile(rf"([{''.join(_SIGNS.values())}][^{_END}]*{_END})")
_MARKS = {sign: mark for mark, sign in _SIGNS.items()}
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->|@media[^{]*\bprint\b[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.DOTALL)
"""Comments, and what holds on paper alone."""
_CLASS = re.compile(r"\.([\w-]+)")
_FORMAT = re.compile(r"mso-number-format\s*:\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|([^;\"']+))", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{4})|(.))")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_NAMED_FORMATS = {
    "percent": "0.00%", "currency": '"¥"#,##0.00', "fixed": "0.00", "standard": "#,##0.00", "scientific": "0.00E+00",
    "general date": "yyyy-mm-dd", "long date": "yyyy-mm-dd", "medium date": "yyyy-mm-dd", "short date": "yyyy-mm-dd",
    "long time": "h:mm:ss", "medium time": "h:mm", "short time": "h:mm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the style of one element says; None for what it leaves to the element around it."""

    mark: Mark | None = None
    letters: Colour | None = None
    ground: Colour | None = None


@dataclass(frozen=True, slots=True)
class _CssRule:
    on: Compound
    weight: tuple[int, int]
    says: dict[str, str]


class Looks:
    """The looks of elements, by the page's style sheets and their own attributes."""

    def __init__(self) -> None:
        self.rules: list[_CssRule] = []
        self.generated: list[tuple[Compound, str]] = []
        """Values of ``content``, and before or behind the text of what they stand."""
        self._known: dict[tuple[object, ...], Shown] = {}
        self._placed = self._tested = False
        """Whether any rule asks for the place of an element, or for another attribute of it than those of SAYING."""

    def declare(self, sheet: str) -> None:
        """Take in the text of a style element: of each selector its last part counts."""
        self._known.clear()
        for on, says, content in _parsed(sheet):
            self._take(on, says, content)

    def _take(self, on: Compound, says: dict[str, str], content: str | None) -> None:
        self._placed = self._placed or bool(on.places)
        self._tested = self._tested or bool(on.tests)
        if not on.generated:
            self.rules.append(_CssRule(on, (on.weight, len(self.rules)), says))
        elif content is not None and _mark("", says) is not Mark.HIDDEN:
            self.generated.append((on, content))

    def of(self, tag: str, attributes: Attributes, place: int = 0) -> Shown:
        """``place`` among the cells of its row, or the rows of its table, from 1; 0 where it is not known."""
        bare = SAYING.isdisjoint(attributes)
        key: tuple[object, ...] = (tag,) if bare else (tag, *(attributes.get(name, "\0") for name in SAYING))
        if self._placed or self._tested:
            key = (*key, place, *(attributes.items() if self._tested else ()))
        shown = self._known.get(key)
        if shown is None:
            shown = self._known[key] = self._shown(tag, attributes, place)
        return shown

    def _shown(self, tag: str, attributes: Attributes, place: int) -> Shown:
        names = _names(attributes)
        says: dict[str, str] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.weight):
            if rule.on.applies(tag, names, attributes, place):
                says |= rule.says
        says |= _declarations(attributes.get("style", ""))
        letters = _colour(says.get("color", attributes.get("color", "")))
        ground = _colour(says.get("background-color", says.get("background", attributes.get("bgcolor", ""))))
        return Shown(Mark.HIDDEN if "hidden" in attributes else _mark(tag, says), letters, ground)

    def added(self, tag: str, attributes: Attributes, place: int = 0) -> tuple[str, str]:
        """What the style sheets write before and behind the text of an element."""
        texts = {"before": "", "after": ""}
        names = _names(attributes)
        for on, content in self.generated:
            if on.applies(tag, names, attributes, place):
                texts[on.generated] = generated_text(content, attributes)
        return texts["before"], texts["after"]


@lru_cache(maxsize=64)  # offices copy the form, and with it its styles
def _parsed(sheet: str) -> tuple[tuple[Compound, dict[str, str], str | None], ...]:
    """Of each rule that matters here: on what it is, what it declares, and its ``content``."""
    rules = []
    for selectors, body in _RULE.findall(sheet):
        says, content = _declarations(body), content_in(body) if "content" in body.lower() else None
        if says or content is not None:
            rules += [(on, says, content) for selector in selectors.split(",") if (on := compound_of(selector))]
    return tuple(rules)


def _names(attributes: Attributes) -> frozenset[str]:
    names = {f".{name}" for name in attributes.get("class", "").lower().split()}
    if identity := attributes.get("id", "").strip().lower():
        names.add(f"#{identity}")
    return frozenset(names)


def _declarations(text: str) -> dict[str, str]:
    if ":" not in text:
        return {}
    pairs = _DECLARATION.findall(text)
    return {name.lower(): value.lower().replace("!important", "").strip() for name, value in pairs if name.lower() in _HEEDED}


SAYING = frozenset({"class", "id", "style", "bgcolor", "color", "hidden"})
"""Attributes that may say how an element looks, besides what its name says."""
_HEEDED = {"display", "visibility", "text-decoration", "text-decoration-line", "vertical-align", "color", "background",
           "background-color", "font-size", "opacity", "mso-hide"}  # fmt: skip


def _mark(tag: str, says: dict[str, str]) -> Mark | None:
    if says.get("display") == "none" or says.get("visibility") in ("hidden", "collapse") or says.get("mso-hide") == "all":
        return Mark.HIDDEN
    if any(_ZERO.fullmatch(says.get(name, "")) for name in ("font-size", "opacity")):
        return Mark.HIDDEN
    if "line-through" in says.get("text-decoration", "") + says.get("text-decoration-line", ""):
        return Mark.STRUCK
    return _ALIGNED.get(says.get("vertical-align", "")) or _TAGS.get(tag)


def _colour(text: str) -> Colour | None:
    text = text.strip().lower()
    if not text:
        return None
    if found := _RGB.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    word = text.split()[0]
    if re.fullmatch(r"#[0-9a-f]{3}", word):
        return from_hex("".join(2 * digit for digit in word[1:]))
    if word in _UNSAID or word.startswith("url("):
        return None
    return _NAMED.get(word) or from_hex(word) or _STRANGE


def look_of(shown: Iterable[Shown]) -> Look:
    """How a cell shows its text: its own style, then its row's and its table's."""
    every = list(shown)
    letters = next((each.letters for each in every if each.letters), BLACK)
    ground = next((each.ground for each in every if each.ground), WHITE)
    return Look(letters, ground, any(each.mark is Mark.STRUCK for each in every))


def mark_of(inside: Iterable[Shown], ground: Colour | None) -> Mark | None:
    """What a text is set apart by, in these elements of its cell, the innermost first."""
    every = list(inside)
    marks = [shown.mark for shown in every if shown.mark]
    heaviest = next((mark for mark in _HEAVIEST if mark in marks), None)
    letters = next((shown.letters for shown in every if shown.letters), None)
    own = next((shown.ground for shown in every if shown.ground), ground)
    if heaviest is None and alike(letters, own):
        return Mark.COLOURED
    return heaviest or next(iter(marks), None)


def signed(text: str, mark: Mark) -> str:
    """A text between signs that white space is made even around, and that ``text_cell`` reads."""
    return f"{_SIGNS[mark]}{text}{_END}"


def is_signed(text: str) -> bool:
    return _END in text


def signed_cell(text: str) -> Cell | None:
    return text_of_runs(_runs(text))


def unsigned(text: str) -> str:
    """The text without signs, as far as it is one with its cell: without what stands above the line of writing."""
    return "".join(run.text for run in _runs(text) if run.mark is not Mark.RUBY)


def _runs(text: str) -> Iterator[Run]:
    for part in _SPLIT.split(text):
        if part[:1] in _MARKS and part.endswith(_END):
            yield Run(part[1:-1], _MARKS[part[0]])
        else:
            yield Run(part)


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
    return _NAMED_FORMATS.get(code.lower(), code)
