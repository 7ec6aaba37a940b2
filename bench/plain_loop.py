"""What one would write without the product: ``python -m bench.plain_loop INBOX OUT``.

Every workbook is read, its table checked against a schema and written out again; nothing is kept, compared or explained.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

HEADER = 3
"""The header's row, from 0, in the layout ``plan``."""
ROWS = 13
INDICATORS = 4


def main(inbox: Path, out: Path) -> None:
    schema: pa.DataFrameSchema | None = None
    for file in sorted(inbox.rglob("*.xlsx")):
        frame = pd.read_excel(file, engine="openpyxl", header=HEADER, nrows=ROWS)  # pandas' default, named to avoid its warning
        if schema is None:
            count = pa.Column(float, [pa.Check.ge(0), pa.Check(lambda s: s % 1 == 0)], nullable=True, coerce=True)
            schema = pa.DataFrameSchema(dict.fromkeys(frame.columns[-INDICATORS:], count))
        schema.validate(frame).to_excel(out / file.name, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
