"""The notice's sentences written once more after wording.md 10.1 and 10.2, from figures worked out independently."""

from __future__ import annotations

from collections.abc import Sequence

from tests.run.independent import ANNUAL, DISTRICTS, Expected, shown


def percent(rate: object) -> str:
    return f"{float(str(rate)):.1%}"


def listed(items: Sequence[str]) -> str:
    return "、".join(items[:-1]) + "和" + items[-1] if len(items) > 1 else items[0]


def label(day: object) -> str:
    year, month, _ = str(day).split("-")
    return f"{year}年底" if month == "12" else f"{year}年{int(month)}月底"


class Sentences:
    """Paragraphs of the notice of a period in which somebody reported."""

    def __init__(self, expected: Expected) -> None:
        self.at = expected
        self.year = expected.day.year
        self.rates = {name: shown(expected.values[name][0], expected.target(name)) for name in expected.reported}
        self.year_end = expected.day.month == 12

    def overall(self) -> str:
        """A1, A2, A3 and A5; A4 is off by default."""
        at, (target, value, rate, pace, points, _, _, gained, annual_rate, change) = self.at, self.at.progress_row(DISTRICTS)
        text = f"截至{label(at.day)}，全市已向{value}家企业选派“科技副总”，"
        if self.year_end:
            mark = "未完成" if value < target else "完成" if value == target else "超额完成"  # type: ignore[operator]
            text += f"{mark}{self.year}年底累计目标（{target}家），完成率为{percent(rate)}。"
        else:
            text += f"完成{self.year}年底累计目标（{target}家）的{percent(rate)}，{self._compared(pace, float(points))}。"
        return text + self._year(gained, annual_rate, change) + self._others() + self._absent()

    def _compared(self, pace: object, points: float) -> str:
        at = self.at
        exact = sum(12 * at.values[name][0] - at.twelfths_due(name) for name in at.reported)
        if points:
            return f"{'高' if points > 0 else '低'}于序时进度（{percent(pace)}）{abs(points):.1f}个百分点"
        return (
            f"与序时进度（{percent(pace)}）持平" if not exact else f"略{'高' if exact > 0 else '低'}于序时进度（{percent(pace)}）"
        )

    def _year(self, gained: object, rate: object, change: object) -> str:
        at, said = self.at, []
        owed = sum(ANNUAL[name][self.year] for name in at.reported if at.base(name) is not None)
        if isinstance(gained, int) and gained < 0:
            said.append(f"其中，{self.year}年减少{-gained}家")
        elif isinstance(gained, int):
            said.append(f"其中，{self.year}年新增{gained}家，完成年度目标（{owed}家）的{percent(rate)}")
        if at.previous and isinstance(change, int):
            fallen = "、".join(name for name in DISTRICTS if (at.change(name) or 0) < 0)
            last = label(at.previous)
            if change > 0:
                said.append(f"比上次通报（截至{last}）新增{change}家")
            else:
                said.append(
                    f"比上次通报（截至{last}）减少{-change}家，系{fallen}核减所致" if change else f"与上次通报（截至{last}）持平"
                )
        return "；".join(said) + "。" if said else ""

    def _others(self) -> str:
        at, units = self.at, ("项", "项", "家")
        names = ("开展技术攻关项目", "促成科技成果转化", "新建市级及以上研发机构")
        text = "全市累计" + "、".join(f"{n}{at.total(p)}{u}" for n, p, u in zip(names, (1, 2, 3), units, strict=True))
        changes = [at.total_change(place) for place in (1, 2, 3)]
        grown = [change for change in changes if isinstance(change, int)]
        if not at.previous or len(grown) < 3:
            return text + "。"
        if not any(grown):
            return text + "，与上次通报持平。"
        if all(change > 0 for change in grown):
            return text + "，比上次通报分别新增" + "、".join(f"{c}{u}" for c, u in zip(grown, units, strict=True)) + "。"
        parts = [f"{'新增' if c > 0 else '减少'}{abs(c)}{u}" if c else "持平" for c, u in zip(grown, units, strict=True)]
        return text + "，比上次通报" + "、".join(parts) + "。"

    def _absent(self) -> str:
        at = self.at
        if not at.missing:
            return ""
        those = "该地" if len(at.missing) == 1 else "上述地区"
        counted = f"完成率、序时进度和新增数均按已报送的{len(at.reported)}个地区计算。"
        return f"{'、'.join(at.missing)}未报送本期数据，以上数据不含{those}，{counted}"

    def progress(self) -> str:
        """B1."""
        at = self.at
        places = at.places(at.values, self.year)
        if len(set(places.values())) == 1:
            return f"各地累计完成率均为{percent(self.rates[at.reported[0]])}。"
        order = sorted(at.reported, key=lambda name: places[name])
        below = {name: 1 + sum(places[other] > places[name] for other in order) for name in order}
        top = [name for name in order if places[name] <= 3]
        last = [name for name in order if below[name] <= 3 and name not in top]
        text = f"累计完成率居前{len(top)}位的是{self._rated(top, places)}"
        if len(at.reported) >= 7 and last:
            text += f"；居后{len(last)}位的是{self._rated(last, places)}"
        return text + "。"

    def _rated(self, names: Sequence[str], places: dict[str, int]) -> str:
        items = []
        for place in sorted({places[name] for name in names}):
            own = [name for name in names if places[name] == place]
            rate = percent(self.rates[own[0]])
            items.append(f"{own[0]}（{rate}）" if len(own) == 1 else f"{'、'.join(own)}（并列，均为{rate}）")
        return listed(items)

    def pace(self) -> str:
        """B2."""
        at, behind = self.at, self.at.behind()
        what = f"{self.year}年底累计目标" if self.year_end else "序时进度"
        reach, fail = ("完成", "未完成") if self.year_end else ("达到", "未达到")
        ahead, gaps = len(at.reported) - len(behind), "、".join(f"{name}（差{-at.short(name)}家）" for name in behind)
        if not behind:
            return f"{ahead}个地区均{reach}{what}。"
        if not ahead:
            return f"{len(behind)}个地区均{fail}{what}，分别为{gaps}。"
        return f"{ahead}个地区{reach}{what}，{len(behind)}个地区{fail}{what}，分别为{gaps}。"

    def gains(self) -> str:
        """B3."""
        at = self.at
        changes = {name: change for name in DISTRICTS if (change := at.change(name)) is not None}
        if not at.previous or not changes:
            return ""
        grown = sorted((name for name in changes if changes[name] > 0), key=lambda name: -changes[name])[:3]
        fallen, still = [n for n in changes if changes[n] < 0], [n for n in changes if changes[n] == 0]
        if not grown and not fallen:
            return "各地均无新增。"
        if grown:
            text = "比上次通报，选派企业新增较多的是" + listed([f"{name}（{changes[name]}家）" for name in grown])
        else:
            text = "、".join(f"{name}核减{-changes[name]}家" for name in fallen)
        return text + (f"；{'、'.join(still)}无新增。" if still else "。")

    def problems(self) -> str:
        """C1 to C3."""
        texts = [text for text in (self._uneven(), self._still(), self._unreported()) if text]
        return "".join(f"{'一二三'[n]}是{text}" for n, text in enumerate(texts)) if len(texts) > 1 else "".join(texts)

    def _uneven(self) -> str:
        at, behind = self.at, self.at.behind()
        if not behind:
            return ""
        places = at.places(at.values, self.year)
        first = [name for name in at.reported if places[name] == 1]
        last = [name for name in at.reported if places[name] == max(places.values())]
        apart = (self.rates[first[0]] - self.rates[last[0]]) * 100
        text = "进度不平衡。"
        if round(apart, 1):
            text += f"累计完成率最高的{'、'.join(first)}与最低的{'、'.join(last)}相差{apart:.1f}个百分点；"
        short = {name: -at.short(name) for name in behind}
        worst = [name for name in behind if short[name] == max(short.values())]
        who = f"未完成{self.year}年底累计目标的" if self.year_end else "未达到序时进度的"
        if len(behind) == 1:
            return f"{text}{who}{behind[0]}差{short[behind[0]]}家。"
        each = "各差" if len(worst) > 1 else "差"
        return f"{text}{who}{len(behind)}个地区合计差{sum(short.values())}家，其中{'、'.join(worst)}{each}{short[worst[0]]}家。"

    def _still(self) -> str:
        at = self.at
        compared = [name for name in DISTRICTS if at.change(name) is not None]
        still = [name for name in compared if at.change(name) == 0]
        if not still:
            return ""
        if len(still) == len(compared) > 1:
            return f"各地均无新增。各地自{label(at.previous)}以来未新增选派企业。"
        return f"部分地区无新增。{'、'.join(still)}自{label(at.previous)}以来未新增选派企业。"

    def _unreported(self) -> str:
        return f"报送不及时。{'、'.join(self.at.missing)}未按要求报送本期数据。" if self.at.missing else ""
