"""The links of the search page: what was understood as chips, facets, the order. A filter is always written in the words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.finding import KINDS, Page
from community.narrowing import Scope
from community.nearest import Nearest
from portal.core.models import Language, Product
from portal.core.names import local_name
from portal.core.search.syntax import Asked

SORTS = ("relevance", "new", "helpful")
TAGS_SHOWN = 8


class Chip(NamedTuple):
    """One thing that was understood, and the search without it."""

    label: str
    url: str
    is_unknown: bool


class Option(NamedTuple):
    """One value of a facet: the search with it or, where it is on, without it."""

    label: str
    hits: int
    url: str
    is_on: bool
    language: str = ""


class Facet(NamedTuple):
    title: str
    options: list[Option]


@dataclass(frozen=True)
class Address:
    """Where a search stands: what is asked, in which order."""

    asked: Asked
    sort: str = "relevance"

    def to(self, asked: Asked | None = None, **more: str) -> str:
        """The address of this search, or of another one in the same order."""
        sort = more.pop("sort", self.sort)
        pairs = {"q": str(self.asked if asked is None else asked)}
        if sort != "relevance":
            pairs["sort"] = sort
        return f"?{urlencode(pairs | more)}"


def chips(address: Address, scope: Scope) -> list[Chip]:
    """What narrows the search, in the order it is written."""
    asked = address.asked
    return [
        *(Chip(f"“{each}”", address.to(asked.lacking("phrase", each)), False) for each in asked.phrases),
        *(
            Chip(_("without %(words)s") % {"words": each}, address.to(asked.lacking("without", each)), False)
            for each in asked.without
        ),
        *(
            Chip(name_of(*pair, scope), address.to(asked.lacking(*pair)), pair in scope.unknown)
            for pair in asked.filters
        ),
    ]


def name_of(kind: str, value: str, scope: Scope | None = None) -> str:
    """What a filter is called on the page."""
    if kind == "tag":
        return f"#{value}"
    if kind == "product":
        return local_name(scope.product) if scope and scope.product else value
    if kind == "by":
        return scope.person.name if scope and scope.person else f"@{value}"
    if kind == "language":
        return str(Language(value).label)
    return {
        "article": _("Articles"), "answer": _("Answers"), "question": _("Questions"), "solved": _("Solved"),
        "unsolved": _("Not solved yet"), "unanswered": _("Unanswered"),
    }[value]  # fmt: skip


def kinds(address: Address, page: Page) -> list[Option]:
    """Everything, or one kind."""
    asked = address.asked
    everything = Option(_("Everything"), 0, address.to(asked.lacking("kind")), not asked.kind)
    return [everything, *(_option(address, "kind", kind, page.facets["kind"].get(kind, 0)) for kind in KINDS)]


def facets(address: Address, page: Page, products: Iterable[Product]) -> list[Facet]:
    """What the results can be narrowed by, with how many there are; what is on stays, so that it can be taken off."""
    counted = page.facets
    states = {"solved": counted["solved"].get("true", 0), "unsolved": counted["solved"].get("false", 0)}
    return [
        facet
        for facet in (
            Facet(pgettext("search", "State"), _options(address, "state", states)),
            Facet(_("Product"), _product_options(address, counted["product"], products)),
            Facet(_("Language"), _options(address, "language", counted["language"])),
            Facet(_("Tags"), _options(address, "tag", counted["tag"])[:TAGS_SHOWN]),
        )
        if len(facet.options) > 1 or any(each.is_on or each.hits < page.count for each in facet.options)
    ]


def _options(address: Address, kind: str, counts: dict[str, int]) -> list[Option]:
    return [_option(address, kind, value, n) for value, n in counts.items() if n]


def _option(address: Address, kind: str, value: str, count: int, label: str = "") -> Option:
    asked = address.asked
    is_on = (kind, value) in asked.filters
    to = asked.lacking(kind, value) if is_on else asked.narrowed(**{kind: value})
    return Option(
        label or name_of(kind, value), count, address.to(to), is_on, value if kind == "language" else ""
    )


def _product_options(address: Address, counts: dict[str, int], products: Iterable[Product]) -> list[Option]:
    return [
        _option(address, "product", product.slug, counts[product.slug], local_name(product))
        for product in products
        if counts.get(product.slug)
    ]


def sorts(address: Address) -> list[Option]:
    labels = {"relevance": _("Best match"), "new": _("Newest"), "helpful": _("Most helpful")}
    has_words = bool(address.asked.text)
    now = address.sort if has_words or address.sort != "relevance" else "new"
    return [
        Option(labels[sort], 0, address.to(sort=sort), sort == now)
        for sort in SORTS
        if has_words or sort != "relevance"
    ]


def nearby(address: Address, found: list[Nearest], scope: Scope) -> list[Option]:
    """The searches that the empty page offers, in words."""
    return [
        Option(_less(each, scope), each.count, Address(each.asked, address.sort).to(), False)
        for each in found
    ]


def _less(near: Nearest, scope: Scope) -> str:
    kind, value = near.dropped
    if kind == "filters":
        return _("Without any filter")
    if kind == "phrase":
        return _("“%(words)s” without the quotation marks") % {"words": value}
    if kind == "without":
        return _("With “%(words)s” too") % {"words": value}
    if kind == "word":
        return _("Without the word “%(words)s”") % {"words": value}
    return _("Without the filter %(name)s") % {"name": name_of(kind, value, scope)}
