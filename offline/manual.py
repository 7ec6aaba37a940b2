"""The manual as a page that every browser opens, for offices have no reader of Markdown: written by setup.bat and setup.sh."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
STYLE = Path(__file__).with_suffix(".css")


def page(text: str, folder: str) -> str:
    """``text`` in Markdown as a page of HTML; its pictures are looked for in ``folder``."""
    body = MarkdownIt("commonmark").enable("table").render(text).replace('<img src="', f'<img src="{folder}/')
    title = text.partition("\n")[0].lstrip("# ")
    head = f'<meta charset="utf-8"><title>{title}</title><style>\n{STYLE.read_text(encoding="utf-8")}</style>'
    return f'<!doctype html>\n<html lang="zh-CN">{head}\n{body}</html>\n'


def main() -> None:
    """Beside the launchers, a page for each manual in ``docs``."""
    for manual in (ROOT / "docs").glob("*.md"):
        (ROOT / manual.with_suffix(".html").name).write_text(page(manual.read_text(encoding="utf-8"), "docs"), encoding="utf-8")


if __name__ == "__main__":
    main()
