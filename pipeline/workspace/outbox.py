"""The outbox as files: folders of products, each file put in place whole."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from pipeline.model.words import Words
from pipeline.model.work import Made
from schemas.programme import Programme


def issue_folder(outbox: Path, period: dt.date, number: int, programme: Programme) -> Path:
    """第N次定稿 of the period."""
    return outbox / period.isoformat() / Words(programme, "outbox").text("issue", number=number)


def replace_folder(folder: Path, products: Iterable[Made]) -> Path:
    """Write the files into a folder of another name and rename it: the folder holds these files and nothing else."""
    staged = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(staged, ignore_errors=True)
    write_products(staged, products)
    if folder.exists():
        shutil.rmtree(folder)
    return staged.replace(folder)


def clear_others(folder: Path, names: Collection[str]) -> None:
    """Take away what an earlier state of the ledger left in a folder that is ours alone."""
    for path in folder.iterdir():
        if path.is_file() and path.name not in names:
            path.unlink()


def write_products(folder: Path, products: Iterable[Made]) -> None:
    """Write each file under a temporary name and rename it: nobody sees half a product. Unchanged files are left alone.

    The temporary name is the product's own: what a stopped run left behind is written over, or taken away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in products:
        target, part = folder / name, folder / f".{name}.part"
        if target.exists() and target.read_bytes() == content:
            part.unlink(missing_ok=True)
        else:
            part.write_bytes(content)
            part.replace(target)
