"""match_district, suggest_district, find_districts: names as offices write them, and what must never be taken for one."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.values import DistrictMatch, find_districts, match_district, suggest_district
from pipeline.reading.values.districts import How
from schemas.programme import District, load_programme
from tests.support.other_city import other_city

PROGRAMME = load_programme()
NAMES = PROGRAMME.district_names
FULL_NAME = "温州海洋经济发展示范区"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("around", ["{}", " {}", "{} ", "\u3000{}\u3000", "\u00a0{}", "{}\n", "\u200b{}", "\ufeff{}"])
def test_the_standard_name_with_blanks_around_it_is_standard(name: str, around: str) -> None:
    assert match_district(around.format(name), PROGRAMME) == DistrictMatch(name, "standard")


@pytest.mark.parametrize(
    ("text", "district", "how"),
    [
        # Official names, the city in front, organisations behind.
        (FULL_NAME, "海经区", "full"),
        (f"{FULL_NAME}管理委员会", "海经区", "full"),
        (f"{FULL_NAME}管委会", "海经区", "full"),
        ("海洋经济发展示范区", "海经区", "full"),
        ("温州市海洋经济发展示范区", "海经区", "full"),
        ("温州市海洋经济发展示范区管委会", "海经区", "full"),
        ("温州市鹿城区", "鹿城区", "full"),
        ("浙江省温州市鹿城区", "鹿城区", "full"),
        ("温州鹿城区", "鹿城区", "full"),
        ("鹿城区人民政府", "鹿城区", "full"),
        ("温州市鹿城区人民政府", "鹿城区", "full"),
        ("鹿城区科技局", "鹿城区", "full"),
        ("鹿城区科学技术局", "鹿城区", "full"),
        ("龙港市经济发展局", "龙港市", "full"),
        ("海经区管委会", "海经区", "full"),
        ("海经区管委会经济发展局", "海经区", "full"),
        ("洞头区经济和信息化局", "洞头区", "full"),
        (" 龙湾区科技局 ", "龙湾区", "full"),
        # Short names, and blanks inside.
        ("鹿城", "鹿城区", "alias"),
        ("龙湾", "龙湾区", "alias"),
        ("龙港", "龙港市", "alias"),
        ("苍南", "苍南县", "alias"),
        ("海经", "海经区", "alias"),
        ("温州鹿城", "鹿城区", "alias"),
        ("温州市鹿城", "鹿城区", "alias"),
        ("鹿城科技局", "鹿城区", "alias"),
        ("平 阳 县", "平阳县", "alias"),
        ("平阳 县", "平阳县", "alias"),
        ("平\u3000阳\u3000县", "平阳县", "alias"),
        ("平\u00a0阳县", "平阳县", "alias"),
        ("平\u200b阳县", "平阳县", "alias"),
        ("平阳\n县", "平阳县", "alias"),
        ("温州市 鹿城区", "鹿城区", "alias"),
        ("鹿城区 科技局", "鹿城区", "alias"),
        ("文 成", "文成县", "alias"),
    ],
)
def test_other_ways_of_naming_a_district(text: str, district: str, how: How) -> None:
    assert match_district(text, PROGRAMME) == DistrictMatch(district, how)


@pytest.mark.parametrize("district", PROGRAMME.districts, ids=NAMES)
def test_every_alias_and_full_name_of_the_programme_matches(district: District) -> None:
    assert {match_district(name, PROGRAMME) for name in district.aliases} <= {DistrictMatch(district.name, "alias")}
    assert {match_district(name, PROGRAMME) for name in district.full_names} <= {DistrictMatch(district.name, "full")}


# fmt: off
NOT_MATCHED = [
    *("", " ", "区", "县", "总数", "合计", "温州", "温州市", "科技局", "人民政府", "区域", "指标名称", "8"),
    # Neighbours that are not on the form.
    *("瓯江口", "瓯江口新区", "瓯江口产业集聚区", "温州湾新区", "温州瓯江口", "瓯江口管委会"),
    # Classic confusions: neither the one nor the other.
    *("龙湾市", "龙港区", "龙湾县", "苍南市", "苍南区", "龙岗市", "乐清县", "瑞安县", "洞头县", "永嘉市", "平阳市"),
    # A name with anything that is not known.
    *("鹿城区（含七都）", "鹿城区(本级)", "鹿城区1", "1鹿城区", "鹿城1区", "A鹿城区", "三鹿城区"),
    *("其中鹿城区", "不含鹿城区", "例：鹿城区", "鹿城区（示例）", "鹿城区小计", "鹿城区本期新增", "鹿城区（上期）",
      "鹿城区目标", "鹿城区（龙湾区）"),
    *("鹿城区、龙湾区", "鹿城区龙湾区", "鹿城龙湾", "原鹿城区", "鹿城区某局"),
    *("新鹿城", "鹿城街道", "苍南县龙港镇", "大鹿城区", "鹿城鹿城区"),
    *("龙弯区", "鹿成区", "欧海区", "城鹿区", "乐青市"),
    "鹿城区" * 50,
    "政府" * 20_000,
]
# fmt: on


# fmt: off
WRITTEN_AROUND = {
    "鹿城区": [
        # Numbering.
        *("1.鹿城区", "1、鹿城区", "１．鹿城区", "(1)鹿城区", "（一）鹿城区", "一、鹿城区", "A.鹿城区", "a)鹿城区",
          "甲、鹿城区", "II、鹿城区", "1.1.鹿城区"),
        *("01-鹿城区", "01 鹿城区", "①鹿城区", "⑴鹿城区", "㈠鹿城区", "Ⅰ.鹿城区", "第1：鹿城区", "[1]鹿城区", "1.鹿城"),
        # Marks.
        *("鹿城区①", "鹿城区*", "*鹿城区", "※鹿城区", "★鹿城区", "鹿城区▲", "鹿城区²", "鹿城区[注1]", "鹿城区（注）",
          "鹿城区注2", "鹿城区(1)", "√鹿城区"),
        # Brackets and punctuation.
        *("（鹿城区）", "(鹿城区)", "【鹿城区】", "[鹿城区]", "［鹿城区］", "〔鹿城区〕", "《鹿城区》", "〈鹿城区〉",
          "「鹿城区」", "『鹿城区』", "“鹿城区”", "〖鹿城区〗"),
        *("<鹿城区>", "{鹿城区}", "鹿城（区）", "鹿城区：", "鹿城区:", "鹿城区。", "鹿城区;", "鹿城区——"),
        # Words that say nothing more, the column's heading.
        *("鹿城区的", "鹿城区（盖章）", "鹿城区科技局（公章）", "鹿城区累计", "鹿城区（累计）", "区域：鹿城区",
          "区域1：鹿城区", "單位：鹿城區"),
        # Traditional characters, radicals, compatibility ideographs.
        *("鹿城區", "鹿城區科學技術局", "⿅城区", "⿅城區"),
        # What cannot be seen.
        *("鹿城区\u202c", "\u202d鹿城区\u202c", "鹿\u200b城区", "鹿城区\ufe0f", "\u2066鹿城区\u2069", "鹿城\u00ad区"),
    ],
    "龙湾区": ["龍灣區", "\uf9c4灣區", "⻰湾区", "2.龙湾区", "【龙湾】"],
    "瓯海区": ["甌海區"], "洞头区": ["洞頭區"], "乐清市": ["樂清市", "\uf914清市"], "永嘉县": ["永嘉縣"], "文成县": ["文成縣",
    "⽂成县"],
    "平阳县": ["平陽縣"], "泰顺县": ["泰順縣", "泰順县"], "苍南县": ["蒼南縣"], "龙港市": ["龍港市", "⻰港市"],
    "海经区": ["海經區", "溫州海洋經濟發展示範區", "（海经）"],
}
# fmt: on


@pytest.mark.parametrize(("text", "district"), [(text, name) for name, texts in WRITTEN_AROUND.items() for text in texts])
def test_what_offices_write_around_a_name_does_not_hide_it(text: str, district: str) -> None:
    found = match_district(text, PROGRAMME)

    assert found is not None
    assert found.district == district


@pytest.mark.parametrize("text", ["鹿城區", "1.鹿城区", "（鹿城区）", "鹿城区①"])
def test_it_is_told_that_a_name_was_written_otherwise(text: str) -> None:
    assert match_district(text, PROGRAMME) == DistrictMatch("鹿城区", "alias")


@pytest.mark.parametrize("text", ["鹿城區_2024年12月", "填報單位：鹿城區科技局", "⿅城区2024年"])
def test_running_text_may_be_in_other_characters(text: str) -> None:
    assert find_districts(text, PROGRAMME) == ("鹿城区",)


@pytest.mark.parametrize("text", NOT_MATCHED)
def test_what_is_not_wholly_known_is_no_district(text: str) -> None:
    assert match_district(text, PROGRAMME) is None


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        # One character wrong, missing, too many, or in another order.
        ("龙弯区", "龙湾区"),
        ("鹿成区", "鹿城区"),
        ("欧海区", "瓯海区"),
        ("乐青市", "乐清市"),
        ("文城县", "文成县"),
        ("苍难县", "苍南县"),
        ("泰順县", "泰顺县"),
        ("城鹿区", "鹿城区"),
        ("鹿城城区", "鹿城区"),
        ("洞头县", "洞头区"),
        ("乐清县", "乐清市"),
        ("瑞安县", "瑞安市"),
        ("海径区", "海经区"),
        ("温州市龙弯区", "龙湾区"),
        ("龙弯区科技局", "龙湾区"),
        ("温州海洋经济发展示范", "海经区"),
        # The name among other words.
        ("鹿城区（含七都）", "鹿城区"),
        ("1.鹿成区", "鹿城区"),
        ("（鹿成区）", "鹿城区"),
        ("鹿成區①", "鹿城区"),
        ("原鹿城区", "鹿城区"),
        # Several, or none, or something that is known to be none.
        ("龙湾市", None),
        ("龙港区", None),
        ("鹿城区、龙湾区", None),
        ("苍南县龙港镇", None),
        ("瓯江口", None),
        ("瓯江口新区", None),
        ("温州湾新区", None),
        ("鹿成", None),
        ("龙弯", None),
        ("总数", None),
        ("合计", None),
        ("温州市", None),
        ("", None),
        ("某某区", None),
        ("鹿城区" * 50, None),
    ],
)
def test_a_suggestion_names_the_one_near_district(text: str, suggestion: str | None) -> None:
    assert suggest_district(text, PROGRAMME) == suggestion


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("温州市鹿城区附件2.xlsx", ["鹿城区"]),
        ("鹿城区_2024年第二季度.xlsx", ["鹿城区"]),
        ("瓯海2024年6月", ["瓯海区"]),
        ("苍南报表2024年6月", ["苍南县"]),
        ("洞头区-附件2-2024年6月", ["洞头区"]),
        ("乐清市（2024年6月底）", ["乐清市"]),
        ("海经区管委会2024年6月", ["海经区"]),
        ("填报单位：乐清市科技局", ["乐清市"]),
        ("填报单位：平 阳 县 科 技 局", ["平阳县"]),
        ("填报单位：永嘉县科技局    填报人：张某", ["永嘉县"]),
        ("龙湾区“科技副总”情况表", ["龙湾区"]),
        ("龙港市市场监管局", ["龙港市"]),
        # Several, in order of appearance, once each.
        ("龙港市(原苍南县龙港镇)", ["龙港市", "苍南县"]),
        ("苍南县、龙港市", ["苍南县", "龙港市"]),
        ("鹿城区 鹿城 温州市鹿城区", ["鹿城区"]),
        ("龙湾、龙港、龙湾区", ["龙湾区", "龙港市"]),
        ("鹿城龙湾瓯海", ["鹿城区", "龙湾区", "瓯海区"]),
        # The longest name at a place.
        (FULL_NAME, ["海经区"]),
        ("温州市海洋经济发展示范区附件2", ["海经区"]),
        ("瓯海经济开发区", ["瓯海区"]),
        # What only holds a name.
        ("沿海经济带", []),
        ("瓯江口新区附件2", []),
        ("温州湾新区", []),
        ("温州湾新区、瓯江口", []),
        ("瓯江口、瓯海区", ["瓯海区"]),
        # No district at all.
        ("各县（市、区）“科技副总”工作情况通报表", []),
        ("附件2", []),
        ("温州市科技局", []),
        ("", []),
        ("区域", []),
        ("龙舟", []),
    ],
)
def test_districts_mentioned_in_running_text(text: str, districts: list[str]) -> None:
    assert list(find_districts(text, PROGRAMME)) == districts


@pytest.mark.parametrize("text", [PROGRAMME.terms["form_title"], PROGRAMME.terms["issuer"], PROGRAMME.terms["areas"]])
def test_the_forms_own_words_name_no_district(text: str) -> None:
    assert find_districts(text, PROGRAMME) == ()
    assert match_district(text, PROGRAMME) is None


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("东湖区", DistrictMatch("东湖区", "standard")),
        ("西岭", DistrictMatch("西岭县", "alias")),
        ("西岭生态新区", DistrictMatch("西岭县", "full")),
        ("朝阳市东湖区", DistrictMatch("东湖区", "full")),
        ("东湖区工信局", DistrictMatch("东湖区", "full")),
        ("朝阳县", DistrictMatch("朝阳县", "standard")),
        ("朝阳市", None),
        ("东湖区科技局", None),
        ("东湖村", None),
        *((name, None) for name in NAMES),
    ],
)
def test_another_programme_has_other_districts(tmp_path: Path, text: str, match: DistrictMatch | None) -> None:
    assert match_district(text, other_city(tmp_path)) == match


def test_another_programmes_districts_in_running_text(tmp_path: Path) -> None:
    programme = other_city(tmp_path)
    # 朝阳 is a district's short name and the beginning of the city's: the longer word wins.
    assert find_districts("朝阳市东湖区附件2", programme) == ("东湖区",)
    assert find_districts("朝阳附件2、西岭", programme) == ("朝阳县", "西岭县")
    assert find_districts("东湖村", programme) == ()
    assert find_districts("鹿城区", programme) == ()
    assert suggest_district("东胡区", programme) == "东湖区"


# --- properties ---

NAMES_OF = {district.name: (district.name, *district.aliases, *district.full_names) for district in PROGRAMME.districts}


BETWEEN = ["、", " ", "，", "和", "_", "2024年6月"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.sampled_from(BETWEEN), st.data())
def test_names_between_other_words_are_all_found(districts: list[str], between: str, data: st.DataObject) -> None:
    written = [data.draw(st.sampled_from(NAMES_OF[district])) for district in districts]
    assert find_districts(between.join(written), PROGRAMME) == tuple(dict.fromkeys(districts))


ALPHABET = "".join(sorted({character for name in itertools.chain(*NAMES_OF.values()) for character in name}))


@settings(deadline=None)
@given(st.text(alphabet=ALPHABET + "温州市江口湾新 \u3000（）1", max_size=8))
def test_a_match_is_a_known_name_and_nothing_else(text: str) -> None:
    match = match_district(text, PROGRAMME)
    if match is None:
        return
    rest = "".join(character for character in text if not character.isspace())
    for city in ("浙江省温州市", "温州市", "温州", ""):
        known = [name for name in NAMES_OF[match.district] if rest.startswith(name, len(city)) and rest.startswith(city)]
        if any(without_suffixes(rest[len(city) + len(name) :]) == "" for name in known):
            return
    pytest.fail(f"{text!r} is more than a name of {match.district}")


def without_suffixes(text: str) -> str:
    while suffix := next((suffix for suffix in PROGRAMME.region.suffixes if text.startswith(suffix)), ""):
        text = text.removeprefix(suffix)
    return text


@settings(deadline=None)
@given(st.text(alphabet=ALPHABET + "市区县口", max_size=6))
def test_a_suggestion_is_never_made_for_two_districts_named(text: str) -> None:
    if len(find_districts(text, PROGRAMME)) > 1:
        assert suggest_district(text, PROGRAMME) is None
    else:
        assert suggest_district(text, PROGRAMME) in (None, *NAMES)
