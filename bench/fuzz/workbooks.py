"""What an .xlsx may say of its cells, changed with its meaning in mind: types, styles, shared texts, formulas, what is hidden."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.fuzz.packages import Parts, packed, parts_of

SHEET, STYLES, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
_CELL = re.compile(r"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(r"<row\b[^>]*>")
_VALUE = re.compile(r"<v>([^<]*)</v>")
_ITEM = re.compile(r"<(?:si|is)>.*?</(?:si|is)>", re.DOTALL)
TYPES = ("s", "n", "str", "inlineStr", "b", "e", "d", "x")
NUMBERS = (
    "0",
    "8",
    "12.0",
    "1.2E1",
    "0012",
    "+5",
    " 7 ",
    "12,3",
    "１２",
    "12.5",
    "7.9999999999999996",
    "1e400",
    "-3",
    "45473",
    "",
    "#N/A",
)
CODES = (
    "0%",
    "yyyy-mm-dd",
    ";;;",
    "0,",
    "0.0",
    '0"家"',
    '"约"0',
    "#,##0",
    '0;-0;"—"',
    "[Red]0",
    "h:mm",
    "@",
    "General",
    "00000",
    "0E+0",
    "[>5]0;0.0",
)
FONTS = ("<strike/>", '<color rgb="FFFFFFFF"/>', '<vertAlign val="superscript"/>', "<vanish/>")
Change = Callable[[random.Random, Parts], None]


def changed(rng: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    for _ in range(rng.randint(1, 3)):
        rng.choice(CHANGES)(rng, parts)
    return packed(parts)


def _edit(parts: Parts, name: str, change: Callable[[str], str]) -> None:
    if name in parts:
        parts[name] = change(parts[name].decode("utf-8")).encode("utf-8")


def _one(rng: random.Random, pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """One match, anywhere in the text, changed."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + change(match[0]) + text[match.end() :]


def _filled(rng: random.Random, text: str, change: Callable[[str], str]) -> str:
    """One cell that holds something; a number rather than a text."""
    numbers = re.compile(_CELL.pattern.replace("[^>]*?", '(?![^>]*t="s")[^>]*?'), re.DOTALL)
    return _one(rng, numbers if rng.random() < 0.6 else _CELL, text, lambda cell: change(cell) if "<v>" in cell else cell)


def _cells(change: Callable[[random.Random, str], str]) -> Change:
    def edit(rng: random.Random, parts: Parts) -> None:
        for _ in range(8):  # blank cells are many
            before = parts.get(SHEET)
            _edit(parts, SHEET, lambda text: _filled(rng, text, lambda cell: change(rng, cell)))
            if parts.get(SHEET) != before:
                return

    return edit


def _with(tag: str, name: str, value: str) -> str:
    bare = re.sub(rf'\s{name}="[^"]*"', "", tag, count=1)
    return re.sub(r"(/?>)", rf' {name}="{value}"\1', bare, count=1)


def _type(rng: random.Random, cell: str) -> str:
    return re.sub(r'\st="[^"]*"', "", cell, count=1) if rng.random() < 0.2 else _with(cell, "t", rng.choice(TYPES))


def _style(rng: random.Random, cell: str) -> str:
    return _with(cell, "s", str(rng.choice((0, 1, 2, 3, 4, 9, 99))))


def _number(rng: random.Random, cell: str) -> str:
    return _VALUE.sub(f"<v>{rng.choice(NUMBERS)}</v>", cell)


def _formula(rng: random.Random, cell: str) -> str:
    formulas = (
        "<f>1+1</f>",
        "<f/>",
        '<f t="shared" si="0"/>',
        '<f t="array" ref="A1">2</f>',
        "<f>C5</f>",
        '<f>DISPIMG("x",1)</f>',
    )
    return cell.replace("<v>", rng.choice(formulas) + "<v>")


def _result(rng: random.Random, cell: str) -> str:
    results = (
        't="str"><f>""</f><v></v>',
        't="str"><f>"9"</f><v>9</v>',
        't="e"><f>1/0</f><v>#DIV/0!</v>',
        "><f>6+6</f>",
        't="b"><v>1</v>',
    )
    return re.sub(r'(<c r="[^"]*")[^>]*>.*</c>', lambda m: f"{m[1]} {rng.choice(results)}</c>", cell, flags=re.DOTALL)


def _inline(rng: random.Random, cell: str) -> str:
    runs = (
        "<is><t>9</t></is>",
        "<is><r><t>1</t></r><r><rPr><strike/></rPr><t>2</t></r></is>",
        '<is><t>1</t><rPh sb="0" eb="1"><t>2</t></rPh></is>',
        '<is><r><t>2</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is>',
    )
    kept = rng.choice(("", "<v>8</v>"))
    kind = rng.choice((' t="inlineStr"', ' t="inlineStr"', ""))
    return re.sub(r'(<c r="[^"]*")[^>]*>.*</c>', lambda m: f"{m[1]}{kind}>{kept}{rng.choice(runs)}</c>", cell, flags=re.DOTALL)


def _reference(rng: random.Random, cell: str) -> str:
    return _with(cell, "r", rng.choice(("A1", "C5", "D7", "XFD1048576", "C0", "c5", "5C", "")))


def _reference_gone(rng: random.Random, cell: str) -> str:
    return re.sub(r'\sr="[^"]*"', "", cell, count=1)


def _row(rng: random.Random, parts: Parts) -> None:
    name, value = rng.choice(
        (("hidden", "1"), ("hidden", "true"), ("ht", "0"), ("r", "3"), ("r", ""), ("r", "7"), ("s", "2"), ("collapsed", "1"))
    )
    _edit(parts, SHEET, lambda text: _one(rng, _ROW, text, lambda row: _with(row, name, value)))


def _columns(rng: random.Random, parts: Parts) -> None:
    first = rng.randint(1, 6)
    how = rng.choice(('hidden="1"', 'width="0" customWidth="1"', 'width="9" style="3"'))
    columns = f'<cols><col min="{first}" max="{first + rng.randint(0, 3)}" {how}/></cols><sheetData>'
    _edit(parts, SHEET, lambda text: re.sub(r"<cols>.*?</cols>", "", text, flags=re.DOTALL).replace("<sheetData>", columns))


def _merge(rng: random.Random, parts: Parts) -> None:
    top, left = rng.randint(1, 9), rng.choice("ABCDEF")
    area = f"{left}{top}:{rng.choice('BCDEFG')}{top + rng.randint(0, 4)}"
    merge = f'<mergeCells><mergeCell ref="{area}"/></mergeCells>'

    def change(text: str) -> str:
        if "<mergeCells" in text:
            return text.replace("</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>')
        return text.replace("</sheetData>", "</sheetData>" + merge)

    _edit(parts, SHEET, change)


def _format(rng: random.Random, parts: Parts) -> None:
    """All cells of a style shown otherwise."""
    code = rng.choice(CODES).replace('"', "&quot;").replace(">", "&gt;")

    def change(text: str) -> str:
        custom = f'<numFmt numFmtId="190" formatCode="{code}"/>'
        text = re.sub(r"<numFmts\b[^>]*/>", "", text)
        if "</numFmts>" in text:
            text = text.replace("</numFmts>", custom + "</numFmts>")
        else:
            text = re.sub(r"(<styleSheet[^>]*>)", rf"\1<numFmts>{custom}</numFmts>", text)
        number = rng.choice(("190", "190", "190", str(rng.randint(0, 60))))
        head, _, rest = text.partition("<cellXfs")
        return (
            head + "<cellXfs" + _one(rng, re.compile(r'numFmtId="\d+"'), rest, lambda _: f'numFmtId="{number}"') if rest else text
        )

    _edit(parts, STYLES, change)


def _font(rng: random.Random, parts: Parts) -> None:
    look = rng.choice(FONTS)
    _edit(parts, STYLES, lambda text: _one(rng, re.compile(r"<font>"), text, lambda font: font + look))


def _runs(rng: random.Random, parts: Parts) -> None:
    """A text in two runs, one of them struck out, raised or spoken; shared or in its cell."""
    look = rng.choice(FONTS)

    def split(item: str) -> str:
        words = re.sub(r"<[^>]*>", "", item)
        cut = rng.randint(0, len(words))
        rest = rng.choice(
            (f"<r><rPr>{look}</rPr><t>{words[cut:]}</t></r>", f'<rPh sb="0" eb="1"><t>{words[cut:]}</t></rPh>', "<r><t>1</t></r>")
        )
        return f"{item[:4]}<r><t>{words[:cut]}</t></r>{rest}</{item[1:4]}"

    for name in (TEXTS, SHEET):
        _edit(parts, name, lambda text: _one(rng, _ITEM, text, split))


def _conditional(rng: random.Random, parts: Parts) -> None:
    rule = (
        '<conditionalFormatting sqref="A1:G30"><cfRule type="expression" dxfId="0" priority="1"><formula>TRUE</formula></cfRule>'
        "</conditionalFormatting>"
    )
    _edit(parts, SHEET, lambda text: re.sub(r"(</mergeCells>|</sheetData>(?!<mergeCells))", r"\1" + rule, text, count=1))
    look = rng.choice(
        (
            '<dxf><numFmt numFmtId="199" formatCode=";;;"/></dxf>',
            "<dxf><font><strike/></font></dxf>",
            '<dxf><font><color rgb="FFFFFFFF"/></font></dxf>',
        )
    )
    _edit(
        parts,
        STYLES,
        lambda text: re.sub(r"<dxfs\b[^>]*?(/>|>.*?</dxfs>)", f'<dxfs count="1">{look}</dxfs>', text, flags=re.DOTALL),
    )


def _book(rng: random.Random, parts: Parts) -> None:
    how = rng.choice(
        (
            (r"<workbookPr\b[^>]*/>", '<workbookPr date1904="1"/>'),
            (r'(<sheet\b[^>]*?)state="\w+"', r'\1state="hidden"'),
            (r'(<sheet\b[^>]*?)state="\w+"', r'\1state="veryHidden"'),
            (r"(<sheet\b[^>]*/>)", r"\1\1"),
            (r"<calcPr\b[^>]*/>", '<calcPr fullPrecision="0"/>'),
            (r"</sheets>", '</sheets><definedNames><definedName name="x">#REF!</definedName></definedNames>'),
        )
    )
    _edit(parts, BOOK, lambda text: re.sub(*how, text, count=1))


def _encoded(rng: random.Random, parts: Parts) -> None:
    """A part in another encoding than it says, or as few programs write it."""
    name = rng.choice((SHEET, TEXTS, BOOK))
    if name in parts:
        text = parts[name].decode("utf-8")
        bare = re.sub(r"<\?xml[^>]*\?>", "", text)
        parts[name] = rng.choice(
            (
                b"\xef\xbb\xbf" + parts[name],
                bare.encode("utf-16"),
                parts[name].replace(b"<v>", b"\r\n <v>"),
                bare.encode("gbk", "replace"),
            )
        )


CHANGES: tuple[Change, ...] = (
    *(_cells(change) for change in (_type, _style, _number, _number, _formula, _result, _inline, _reference, _reference_gone)),
    *(_row, _columns, _merge, _format, _format, _font, _runs, _conditional, _book, _encoded),
)
