"""Conditions of formats, reckoned over a few cells."""

from __future__ import annotations

import pytest

from pipeline.model import Cell, Kind
from pipeline.reading.formats.formulas import holds
from pipeline.reading.formats.ods_conditions import written_condition
from pipeline.reading.formats.xls_formulas import formula_text, may_give_text

CELLS = {
    (7, 1): Cell(Kind.TEXT, "鹿城区"),
    (7, 3): Cell(Kind.NUMBER, "24", 24),
    (7, 4): Cell(Kind.NUMBER, "0", 0),
    (7, 5): Cell(Kind.ERROR, "#REF!"),
    (7, 6): Cell(Kind.BOOLEAN, "TRUE"),
    (7, 7): Cell(Kind.DATE, "2024-06-30"),
}
TRUE = [
    "TRUE", "true", "1", "=1=1", "C7=24", "C7>=24", "C7<>0", "C7<25", "$C$7=24", "C7+1=25", "C7-1=23", "C7*2=48", "C7/2=12",
    "-C7<0",
    "C7&\"家\"=\"24家\"", "A7=\"鹿城区\"", "A7<>\"\"", "Z99=\"\"", "Z99=0", "D7=0", "(C7=24)", "NOT(C7=0)", "AND(C7>0,C7<100)",
    "OR(C7=0,C7=24)", "ISNUMBER(C7)", "ISTEXT(A7)", "ISBLANK(Z99)", "ISERROR(E7)", "ISLOGICAL(F7)", "F7", "LEN(C7)=2",
    "LEN(TRIM(A7))>0", "SEARCH(\"城\",A7)=2", "NOT(ISERROR(SEARCH(\"城\",A7)))", "LEFT(A7,1)=\"鹿\"", "RIGHT(A7,1)=\"区\"",
    "MOD(ROW(),2)=1", "COLUMN()=3", "ROW(C9)=9", "ABS(-3)=3", "INT(2.5)=2", "SUM(C7:D7)=24", "COUNT(A7:D7)=2", "COUNTA(A7:D7)=3",
    "IF(C7>0,TRUE,FALSE)", "50%=0.5", "1<\"a\"", "\"a\"=\"A\"", "AND(C7>0;D7=0)",
]  # fmt: skip
FALSE = [
    "FALSE", "0", "C7=25", "C7<>24", "ISBLANK(C7)", "ISERROR(C7)", "ISERROR(A7)", "AND(C7>0,D7>0)", 'Z99<>""', "E7",
]  # fmt: skip
UNKNOWN = [
    "VLOOKUP(C7,A:B,2)", "C7>", "C7=E7", "G7>0", "Sheet2!C7=1", "名称=1", "C7=1/0", '"a"+1=2', 50 * "(" + "1" + 50 * ")",
    "C7" * 400, "C7=24)", "IF(", "",
]  # fmt: skip


@pytest.mark.parametrize("formula", TRUE)
def test_conditions_that_hold(formula: str) -> None:
    assert holds(formula, CELLS, (0, 0), (7, 3)) is True


@pytest.mark.parametrize("formula", FALSE)
def test_conditions_that_do_not(formula: str) -> None:
    assert holds(formula, CELLS, (0, 0), (7, 3)) is False


@pytest.mark.parametrize("formula", UNKNOWN)
def test_conditions_of_which_nothing_is_known(formula: str) -> None:
    assert holds(formula, CELLS, (0, 0), (7, 3)) is None


def test_relative_references_are_moved() -> None:
    assert holds("C1=24", CELLS, (6, 0), (7, 3)) is True
    assert holds("$A1=24", CELLS, (6, 2), (7, 3)) is False
    assert holds("A$7=24", CELLS, (6, 2), (7, 3)) is True


@pytest.mark.parametrize(
    ("written", "formula"),
    [
        ("cell-content()>=0", "C7>=(0)"),
        ("cell-content()!=0", "C7<>(0)"),
        (">=0", "C7>=(0)"),
        ('="无"', 'C7=("无")'),
        ("cell-content-is-between(1,30)", "AND(C7>=(1),C7<=(30))"),
        ("not-between(1,30)", "NOT(AND(C7>=(1),C7<=(30)))"),
        ("is-true-formula(ISNUMBER([.C7]))", "ISNUMBER(C7)"),
        ('formula-is(AND(LEN([.C7])>0;[.$A7]<>""))', 'AND(LEN(C7)>0;$A7<>"")'),
        ("formula-is(SUM([.C7:.D7])>0)", "SUM(C7:D7)>0"),
        ("duplicate", None),
        ("top-elements(3)", None),
    ],
)
def test_conditions_of_opendocument(written: str, formula: str | None) -> None:
    assert written_condition(written, (7, 3)) == formula


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("1E 1800", "24"),
        ("1D 01", "TRUE"),
        ("1F 0000000000000440", "2.5"),
        ("17 02 00 6162", '"ab"'),
        ("17 01 01 DE5B", '"寞"'),
        ("44 0600 02C0 1E 0000 0D", "(C7>0)"),
        ("4C 0000 00C0 1E 0000 0D", "(C7>0)"),
        ("44 0600 0200", "$C$7"),
        ("44 0600 02C0 41 8000", "ISNUMBER(C7)"),
        ("44 0600 02C0 1E 0000 0D 44 0600 02C0 1E 6400 09 42 02 2400", "AND((C7>0),(C7<100))"),
        ("1E 0100 13", "(-1)"),
        ("1E 0100 15", "1"),
    ],
)
def test_formulas_of_binary_workbooks(tokens: str, text: str) -> None:
    assert formula_text(bytes.fromhex(tokens), (7, 3)) == text


@pytest.mark.parametrize("tokens", ["", "03", "1E 18", "FF", "1E 0100 1E 0100", "23 01000000", "42 02 2400", "41 0F00"])
def test_formulas_that_hold_what_conditions_seldom_do(tokens: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        formula_text(bytes.fromhex(tokens), (7, 3))


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ("17 00 00", True),
        ("1E 0600 1E 0600 03", False),
        ("44 0600 02C0 44 0600 02C0 08", True),
        ("17", False),
        ("25 00001700 08000800", False),
    ],
)
def test_formulas_that_may_give_a_text(tokens: str, *, expected: bool) -> None:
    assert may_give_text(bytes.fromhex(tokens)) is expected
