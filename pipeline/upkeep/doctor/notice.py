"""The Word templates of the notice, which the office may edit: can they be read, and is what they say in braces known?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pipeline.upkeep.doctor.seen import Office, Seen, listed, seen
from pipeline.workspace.workspace import Workspace


def check(examined: Office) -> Iterator[Seen]:
    """Each template for itself."""
    programme = examined.workspace.programme
    given = [programme.path.parent / name for name in programme.notices.values()]
    known = set(programme.terms).union(*(_named(template) for template in given if template.is_file()))
    for template in templates(examined.workspace):
        yield _condition(template, known)


def templates(workspace: Workspace) -> list[Path]:
    """The office's own, else the programme's."""
    programme, own = workspace.programme, workspace.office.notice
    chosen = {"notice": own.template, "restated": own.restated_template}
    return [chosen.get(kind) or programme.path.parent / name for kind, name in programme.notices.items()]


def _condition(template: Path, known: set[str]) -> Seen:
    from jinja2 import TemplateError

    try:
        with ZipFile(template) as document:
            document.getinfo("word/document.xml")
        unknown = sorted(_named(template) - known)
    except (OSError, BadZipFile, KeyError):
        return seen("notice", "unreadable", path=template)
    except TemplateError as error:
        return seen("notice", "braces", path=template, reason=error)
    return seen("notice", "unknown", path=template, names=listed(unknown)) if unknown else seen("notice", "fine", path=template)


def _named(template: Path) -> set[str]:
    """The names between braces. Raises jinja2's TemplateError for what is no template."""
    from docxtpl import DocxTemplate

    return set(DocxTemplate(template).get_undeclared_template_variables())
