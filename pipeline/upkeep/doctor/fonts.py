"""The fonts that products name: a file does not carry them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from defusedxml.ElementTree import ParseError, fromstring

from pipeline.products.workbook.styles import FANG, HEI, KAI, SONG
from pipeline.upkeep.doctor.notice import templates
from pipeline.upkeep.doctor.seen import Office, Seen, doctor_words, listed, seen
from pipeline.workspace.workspace import Workspace

SECONDS = 20
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = re.compile(r"word/(document|styles|header\d*|footer\d*)\.xml")
WINDOWS_FONTS = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"


def check(examined: Office) -> Iterator[Seen]:
    """Which of them are installed."""
    wanted = dict.fromkeys((SONG, HEI, FANG, KAI, *_of_templates(examined.workspace)))
    installed = _installed()
    if not installed:
        yield seen("fonts", "unknown", names=listed(wanted))
        return
    also = doctor_words.table("fonts.also")
    missing = [name for name in wanted if not {name, *also.get(name, ())} & installed]
    there = [name for name in wanted if name not in missing]
    if there:
        yield seen("fonts", "fine", names=listed(there))
    if missing:
        yield seen("fonts", "missing", names=listed(missing))


def _of_templates(workspace: Workspace) -> Iterator[str]:
    """The fonts for Chinese that the templates name; what cannot be read is told with them."""
    for template in templates(workspace):
        try:
            with ZipFile(template) as document:
                for part in filter(PARTS.fullmatch, document.namelist()):
                    found = fromstring(document.read(part)).iter(f"{WORD}rFonts")
                    yield from filter(None, (fonts.get(f"{WORD}eastAsia") for fonts in found))
        except (OSError, BadZipFile, ParseError):
            continue


def _installed() -> frozenset[str]:
    """The names of the fonts on this machine, in whatever languages they have names; none where it does not say."""
    found = _registered() if sys.platform == "win32" else _known_to_fontconfig()
    return frozenset(name.strip() for name in found)


def _known_to_fontconfig() -> list[str]:
    try:
        done = subprocess.run(["fc-list", "--format", "%{family},"], capture_output=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.decode("utf-8", "replace").split(",")


def registered_names(entry: str) -> list[str]:
    """The fonts of an entry of the Windows registry: ``SimSun & NSimSun (TrueType)`` are two."""
    return [name.strip() for name in re.sub(r"\s*\([^()]*\)$", "", entry).split("&")]


def _registered() -> Iterator[str]:
    """For all users and for this one."""
    if sys.platform != "win32":
        return
    import winreg

    for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        try:
            with winreg.OpenKey(root, WINDOWS_FONTS) as key:
                for number in range(winreg.QueryInfoKey(key)[1]):
                    yield from registered_names(winreg.EnumValue(key, number)[0])
        except FileNotFoundError:  # nobody installed a font for this user alone
            continue
