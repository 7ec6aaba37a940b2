"""How the headings of indicators and regions are recognised, what is nearly one (S01), and what stands instead (F02)."""

from __future__ import annotations

import pytest

from pipeline.reading.layout.headings import read_heading
from pipeline.reading.read import read_submission
from tests.returns import FORMATS as WRITERS
from tests.rules.columns_under_headings import NAMES, OTHERS, PERIOD, TITLE, TOTALS, judged, plain_form, sheet_of
from tests.support.handmade import with_part
from tests.support.judging import LUCHENG, PROGRAMME, check_grid, grid, values

FORMATS = ("xlsx", "xls", "ods", "csv-utf8", "html-utf8")
TRADITIONAL = (
    "已選派「科技副總」企業數（家）",
    "開展技術攻關項目數（項）",
    "促成科技成果轉化數（項）",
    "新建市級及以上研發機構數（家）",
)

WRITINGS: dict[str, tuple[str, ...]] = {
    "a number and a full stop": tuple(f"{n}.{name}" for n, name in enumerate(NAMES, 1)),
    "a number and 、": tuple(f"{n}、{name}" for n, name in enumerate(NAMES, 1)),
    "a number in brackets": tuple(f"（{n}）{name}" for n, name in enumerate(NAMES, 1)),
    "a circled number": tuple(f"{n}{name}" for n, name in zip("①②③④", NAMES, strict=True)),
    "a letter": tuple(f"{n}.{name}" for n, name in zip("ABCD", NAMES, strict=True)),
    "a Chinese number": tuple(f"{n}、{name}" for n, name in zip("一二三四", NAMES, strict=True)),
    "指标1：": tuple(f"指标{n}：{name}" for n, name in enumerate(NAMES, 1)),
    "a footnote's number": tuple(f"{name}{n}" for n, name in enumerate(NAMES, 1)),
    "a footnote's circle": tuple(f"{name}{n}" for n, name in zip("①②③④", NAMES, strict=True)),
    "stars": tuple(f"{name}{'*' * n}" for n, name in enumerate(NAMES, 1)),
    "[注1]": tuple(f"{name}[注{n}]" for n, name in enumerate(NAMES, 1)),
    "a mark behind the unit": tuple(f"{name}（{u}）{m}" for name, u, m in zip(NAMES, "家项项家", "*①注¹", strict=True)),
    "every kind of bracket": tuple(map("".join, zip(NAMES, "〔【[｛", "家项项家", "〕】]｝", strict=True))),
    "within brackets": tuple(f"【{name}】" for name in NAMES),
    "within brackets, with the unit": tuple(f"【{name}（{u}）】" for name, u in zip(NAMES, "家项项家", strict=True)),
    "colons": tuple(f"{name}：" for name in NAMES),
    "的": ("已选派“科技副总”的企业数", "开展的技术攻关项目数", "促成的科技成果转化数", "新建的市级及以上研发机构数"),
    "累计 in front": tuple(f"累计{name}" for name in NAMES),
    "累计数 in a line below": tuple(f"{name}\n累计数" for name in NAMES),
    "累计 and the unit": tuple(f"{name}（累计，{u}）" for name, u in zip(NAMES, "家项项家", strict=True)),
    "traditional characters": TRADITIONAL,
    "Kangxi radicals": tuple(name.replace("目", "⽬").replace("关", "关").replace("文", "⽂") for name in NAMES),
    "full-width blanks": tuple("　".join(name) for name in NAMES),
    "short names": ("选派科技副总企业（家）", "技术攻关（项）", "成果转化（项）", "研发机构（家）"),
    "a part within brackets": ("已选派《科技副总》企业数", *NAMES[1:]),
    "a mark in front": tuple(f"★{name}" for name in NAMES),
    "the unit behind a comma": tuple(f"{name}，{u}" for name, u in zip(NAMES, "家项项家", strict=True)),
    "the unit behind a colon": tuple(f"{name}：{u}" for name, u in zip(NAMES, "家项项家", strict=True)),
    "the unit in a line of its own": tuple(f"{name}\n{u}" for name, u in zip(NAMES, "家项项家", strict=True)),
    "the period's day in front": tuple(f"截至6月底{name}" for name in NAMES),
    "the period's day and 累计 in front": tuple(f"截至2024年6月底累计{name}" for name in NAMES),
    "English": tuple(f"{name}\n(No. of items)" for name in NAMES),
    "pinyin": tuple(f"{name}\nyixuanpai" for name in NAMES),
    "other words": ("选派科技副总企业个数", "技术攻关项目", "科技成果转化项目数", "市级以上研发机构"),
}  # fmt: skip


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("headings", WRITINGS.values(), ids=WRITINGS)
def test_headings_are_recognised_however_they_are_written(headings: tuple[str, ...], fmt: str) -> None:
    sheet = sheet_of((TITLE,), (PERIOD,), ("区域", *headings), (LUCHENG, *TOTALS), *((name,) for name in OTHERS))
    submission = judged(sheet, fmt=fmt)
    assert (str(submission.status), values(submission)) == ("accepted", TOTALS)
    assert [finding.rule for finding in submission.findings if finding.rule in ("S01", "S02", "S03", "S13", "S14")] == []


@pytest.mark.parametrize(
    "region",
    [
        "区域*",
        "A.区域",
        "【区域】",
        "1、区域",
        "區域",
        "区域①",
        "（区域）",
        "所属区域：",
        "县（市、区）",
        "区　域",
        "区域（县市区）",
    ],
)
def test_the_regions_heading_is_recognised_however_it_is_written(region: str) -> None:
    sheet = sheet_of((TITLE,), (PERIOD,), (region, *NAMES), (LUCHENG, *TOTALS), *((name,) for name in OTHERS))
    assert values(judged(sheet)) == TOTALS


NEARLY = {
    "己选派“科技副总”企业数": "enterprises",
    "已选派“科技副总”企业教": "enterprises",
    "开展技术攻关项日数": "projects",
    "促成科技成果传化数": "transfers",
    "新建市级及以上研发机枸数": "institutes",
    "新建省级及以上研发机构数": "institutes",
    "新建市级及以上研发机构": None,
    "高校已选派“科技副总”企业数": "enterprises",
    "促成科技成果转化数（其中省级）": "transfers",
    "促成科技成果转化数（New）": "transfers",
    "开展技术攻关项目数 (Q4 target)": "projects",
}


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("text", "indicator"), NEARLY.items())
def test_a_heading_with_one_wrong_character_is_s01_at_its_cell_and_names_itself(
    text: str, indicator: str | None, fmt: str
) -> None:
    heading = read_heading(text, PROGRAMME)
    assert heading is not None
    headings = [text if each.id == heading.indicator else each.name for each in PROGRAMME.indicators]
    submission = judged(sheet_of((TITLE,), (PERIOD,), ("区域", *headings), (LUCHENG, *TOTALS)), fmt=fmt)
    found = [finding for finding in submission.findings if finding.grade == "error"]
    if indicator is None:
        assert found == []
        return
    place = PROGRAMME.indicator_ids.index(indicator)
    cell = f"第3行第{place + 2}列" if fmt.startswith("csv") else f"{'BCDE'[place]}3单元格"
    assert [(finding.rule, finding.cell, finding.indicator) for finding in found] == [("S01", f"{'BCDE'[place]}3", indicator)]
    quoted = text.replace("“", "‘").replace("”", "’")
    assert found[0].message.endswith(f"；{cell}写的是“{quoted}”，请核对。")
    assert submission.values[indicator] is None


def test_four_wrong_headings_are_s01_and_never_f02() -> None:
    wrong = ("己选派“科技副总”企业数", "开展技木攻关项目数", "促成科技成果转化教", "新建市级及以上研友机构数")
    submission = judged(sheet_of((TITLE,), (PERIOD,), ("区域", *wrong), (LUCHENG, *TOTALS)))
    assert [finding.rule for finding in submission.findings if finding.grade == "error"] == ["S01"] * 4


def test_a_wrong_character_in_the_regions_heading_loses_no_file() -> None:
    submission = check_grid(grid(("区城", *NAMES), ("鹿成区", *TOTALS)))
    assert [finding.rule for finding in submission.findings if finding.grade == "error"] == ["S08"]


@pytest.mark.parametrize(
    "text", ["项目经费", "技术攻关项目数和成果转化数", "企业名称", "拟", "备注", "开展技术攻关项目数及促成科技成果转化数"]
)
def test_what_is_no_indicator_is_none(text: str) -> None:
    heading = read_heading(text, PROGRAMME)
    assert heading is None or heading.sure == "near"


def test_short_names_head_an_indicator_only_beside_all_the_others() -> None:
    submission = judged(sheet_of((TITLE,), (PERIOD,), ("区域", "企业名称", "成果转化", "研发机构"), (LUCHENG, "甲公司", 1, 2)))
    assert [finding.rule for finding in submission.findings] == ["F02"]


INSTEAD = {
    "turned round": (
        (("指标名称", LUCHENG, *OTHERS), *((name, number) for name, number in zip(NAMES, TOTALS, strict=True))),
        "；第1行起是指标在行、地区在列的表。",
    ),
    "a list": ((("指标名称", "数值"), *zip(NAMES, TOTALS, strict=True)), "；工作表“附件2”是“指标、数值”两列的清单。"),
    "another heading": ((("区域", "人员姓名", "职务"), (LUCHENG, "张某", "经理")), "；B1单元格写的是“人员姓名”。"),
    "one indicator": ((("区域", NAMES[0], "备注"), (LUCHENG, 8)), "；B1单元格写的是“已选派‘科技副总’企业数”。"),
    "nothing": ((("请见附件",),), "（区域和四项指标）。"),
}


@pytest.mark.parametrize(("lines", "ending"), INSTEAD.values(), ids=INSTEAD)
def test_f02_says_what_there_is_instead(lines: tuple[tuple[object, ...], ...], ending: str) -> None:
    (finding,) = judged(sheet_of(*lines)).findings
    assert finding.rule == "F02"
    assert finding.message.endswith(ending)


def test_f02_says_that_there_is_only_a_picture() -> None:
    content = with_part(WRITERS["xlsx"]([sheet_of((TITLE,), (PERIOD,))]), "xl/media/image1.png", b"\x89PNG")
    (finding,) = read_submission("鹿城区_2024年6月.xlsx", content, PROGRAMME).findings
    assert finding.message.endswith("；工作表中只有图片。")
    page = f"<html><body><p>{TITLE}</p><table><tr><td>附件2<img src='x.png'></td></tr></table></body></html>".encode()
    (finding,) = read_submission("鹿城区_2024年6月.xls", page, PROGRAMME).findings
    assert finding.message.endswith("；工作表中只有图片。")


def test_the_form_itself_is_untouched() -> None:
    assert values(judged(plain_form())) == TOTALS
