"""A made-up programme of another city, small enough to read: what the parsers do with it shows that nothing is hard-coded."""

from __future__ import annotations

import re
from pathlib import Path

from schemas.programme import DEFAULT_PROGRAMME, Programme, load_programme

TEXT = """
id = "other"
version = "1"
start = 2030-01-01
end = 2032-12-31
headline = "workshops"
open_before_days = 5
presets = ["quarter_end"]
rules = "{schemas}/rules"
wording = "{schemas}/wording"
targets = []

[terms]
total = "合计"

[[districts]]
name = "东湖区"
aliases = ["东湖"]
[[districts]]
name = "西岭县"
aliases = ["西岭"]
full_names = ["西岭生态新区"]
[[districts]]
name = "朝阳县"
aliases = ["朝阳"]

[region]
city_prefixes = ["朝阳市"]
suffixes = ["工信局"]
not_districts = ["东湖村"]

[[indicators]]
id = "workshops"
name = "建成车间数"
short = "车间"
plain = "建成车间"
unit = "个"
ceiling = 50
[[indicators]]
id = "trained"
name = "培训人数"
short = "培训"
plain = "培训"
unit = "人次"
ceiling = 100000

[form]
region_headers = ["地区"]
label_headers = ["指标"]
total_labels = ["合计"]
header_affixes = []
serial_headers = []
remark_headers = []
unit_labels = []
filler_labels = []
note_labels = []
period_labels = ["数据到"]
date_labels = ["交表日"]

[numbers]
placeholders = ["空着"]
approximate = ["上下"]
magnitudes = ["打"]
other_units = ["家", "人"]
digits_max = 6
"""


def other_city(folder: Path) -> Programme:
    """The programme, read from a file written into ``folder``; rules and product texts are the house's own."""
    file = folder / "other.toml"
    file.write_text(TEXT.format(schemas=DEFAULT_PROGRAMME.parent.as_posix()), encoding="utf-8")
    return load_programme(file)


def movable(file: Path) -> str:
    """The text of a programme that may be written to another folder: the rules and texts of the house are named whole."""
    schemas = DEFAULT_PROGRAMME.parent
    return re.sub(rf"(?:\.\./)+{schemas.name}(?=[/\"])", schemas.as_posix(), file.read_text(encoding="utf-8"))
