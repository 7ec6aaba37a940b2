"""Every rule of the catalogue, in its order, in one literal tuple."""

from __future__ import annotations

from pipeline.rules.arrivals import f08
from pipeline.rules.before import p01, p04, p05, p06, p07, p08, p09, p10
from pipeline.rules.file_and_time import f06, f09, f10, f11, f14, f15, f16, m01
from pipeline.rules.form_changes import s02, s11
from pipeline.rules.other_rows import s10
from pipeline.rules.own_row import s05, s06, s07, s08, s09, s12, s14
from pipeline.rules.proportions import as_read, c02, in_proportion, x01
from pipeline.rules.repeats import p02, p03, p11
from pipeline.rules.rule import FileRule, Met, MetRule, Needs, ReturnRule, Rule
from pipeline.rules.targets import t01, t02, t03

RULES: tuple[Rule, ...] = (
    MetRule("F01", Met.READING),
    MetRule("F02", Met.READING),
    MetRule("F03", Met.PLACING),
    MetRule("F04", Met.PLACING),
    MetRule("F05", Met.PLACING),
    FileRule("F06", f06, Needs.PLACE),
    MetRule("F07", Met.ARRIVING),
    FileRule("F08", f08),
    FileRule("F09", f09, Needs.PLACE),
    FileRule("F10", f10),
    FileRule("F11", f11),
    MetRule("F12", Met.READING),
    MetRule("F13", Met.ARRIVING),
    FileRule("F14", f14, Needs.PLACE),
    FileRule("F15", f15, Needs.PLACE),
    FileRule("F16", f16),
    MetRule("F17", Met.ARRIVING),
    MetRule("F18", Met.PROGRAM),
    FileRule("M01", m01),
    MetRule("Z01", Met.PROGRAM),
    MetRule("S01", Met.READING),
    FileRule("S02", s02, Needs.TABLE),
    MetRule("S03", Met.READING),
    MetRule("S04", Met.PLACING),
    FileRule("S05", s05, Needs.TABLE),
    FileRule("S06", s06, Needs.TABLE),
    FileRule("S07", s07, Needs.TABLE),
    FileRule("S08", s08, Needs.TABLE),
    FileRule("S09", s09, Needs.TABLE),
    FileRule("S10", s10, Needs.TABLE),
    FileRule("S11", s11, Needs.TABLE),
    FileRule("S12", s12, Needs.TABLE),
    MetRule("S13", Met.PLACING),
    FileRule("S14", s14, Needs.TABLE),
    as_read("C01"),
    ReturnRule("C02", c02),
    as_read("C03"),
    as_read("C04"),
    as_read("C05"),
    as_read("C06"),
    as_read("C07"),
    as_read("C08"),
    as_read("C09"),
    as_read("C10"),
    as_read("C11"),
    as_read("C12"),
    ReturnRule("X01", x01),
    ReturnRule("X02", in_proportion("X02")),
    ReturnRule("X03", in_proportion("X03")),
    ReturnRule("P01", p01),
    ReturnRule("P02", p02),
    ReturnRule("P03", p03),
    ReturnRule("P04", p04),
    ReturnRule("P05", p05),
    ReturnRule("P06", p06),
    ReturnRule("P07", p07),
    ReturnRule("P08", p08),
    ReturnRule("P09", p09),
    ReturnRule("P10", p10),
    ReturnRule("P11", p11),
    ReturnRule("T01", t01),
    ReturnRule("T02", t02),
    ReturnRule("T03", t03),
    MetRule("B01", Met.GATE),
    MetRule("B02", Met.GATE),
    MetRule("B03", Met.GATE),
    MetRule("B04", Met.GATE),
    MetRule("B05", Met.GATE),
    MetRule("B06", Met.GATE),
    MetRule("B07", Met.GATE),
    MetRule("B08", Met.GATE),
)
