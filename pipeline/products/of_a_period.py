"""The products of a period, a row each: a product is a module, a row here and its wording."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.model.view import PeriodView
from pipeline.model.words import Words
from pipeline.model.work import Made
from pipeline.products import bulletin, decision_book, working_papers
from pipeline.products.making import Maker, Making, Originals
from pipeline.products.report import Report, book, json_record, page, rules_page
from pipeline.products.report.report_words import ReportWords
from schemas.programme import Programme


@dataclass(frozen=True)
class Product:
    """A file of a period's folder.

    ``key`` is its name in the wording of the outbox (``outbox.files``). ``needs_issue``: there is none before an issue;
    ``frozen``: an issue holds one. ``there``: whether the programme has it at all.
    """

    key: str
    make: Callable[[Making], bytes]
    needs_issue: bool = False
    frozen: bool = True
    there: Callable[[Programme], bool] = lambda _: True


def _bulletin(making: Making) -> bytes:
    return bulletin.render(making.programme, making.view)


def _notice(making: Making) -> bytes:
    from pipeline.products import notice  # with python-docx and docxtpl: nothing but an issue pays for them

    return notice.render(making.programme, making.view)


def _report(making: Making) -> Report:
    return Report(ReportWords(making.programme), making.view)


PRODUCTS = (
    Product("bulletin", _bulletin),
    Product("notice", _notice, needs_issue=True, there=lambda programme: bool(programme.notices)),
    Product("working_papers", lambda making: working_papers.render(making.programme, making.view, making.above)),
    Product("report_page", lambda making: page.page(making.once(_report), making.originals, making.above)),
    Product("report_book", lambda making: book.workbook(making.once(_report))),
    Product("report_json", lambda making: json_record.render(making.programme, making.view)),
    Product("decision_book", lambda making: decision_book.render(making.programme, making.view), frozen=False),
    Product("rules_page", lambda making: rules_page.render(making.programme)),
)


def drafts(programme: Programme, view: PeriodView, originals: Originals) -> Iterator[Maker]:
    """What stands in the period's folder: each a pure function of the programme, the view and the originals with findings."""
    wanted = (product for product in PRODUCTS if not product.needs_issue and product.there(programme))
    return _makers(Making(programme, view, originals), wanted)


def staged_bulletin(programme: Programme, view: PeriodView) -> bytes:
    """The bulletin as an issue would freeze it."""
    return _bulletin(Making(programme, view, {}))


def render_issued(programme: Programme, view: PeriodView, originals: Originals, staged: bytes) -> Iterator[Made]:
    """The products that are frozen with an issue, whose bulletin is the ``staged`` one: nothing is left to decide in it."""
    making = Making(programme, view, originals, "../", {_bulletin: staged})
    wanted = (product for product in PRODUCTS if product.frozen and product.there(programme))
    return ((name, make()) for name, make in _makers(making, wanted))


def _makers(making: Making, products: Iterable[Product]) -> Iterator[Maker]:
    names, as_of = Words(making.programme, "outbox").table("files"), making.view.period.isoformat()
    return ((names[each.key].format(as_of=as_of), functools.partial(making.once, each.make)) for each in products)
