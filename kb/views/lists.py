"""The list of articles and its feed."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kb import reading
from kb.models import Article
from portal.core.models import Product
from portal.core.paging import keyset
from portal.core.permissions import is_editor
from portal.core.text import excerpt


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All articles, filtered by what the address says."""
    rows = reading.filtered(request.GET, request.user).for_display()
    context = {
        "page": keyset(rows, request.GET),
        "products": Product.objects.all(),
        "topics": reading.topics_in_use(),
        "states": _states() if is_editor(request.user) else [],
        "feed": f"{reverse('kb:articles_feed')}?{_filters(request.GET).urlencode()}".rstrip("?"),
    }
    return render(request, "kb/articles.html", context)


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("Published")),
        ("draft", _("Drafts")),
        ("review", _("In review")),
        ("due", _("Review due")),
        ("archived", _("Archived")),
    ]


def _filters(query: QueryDict) -> QueryDict:
    kept = query.copy()
    for name in ("cursor", "state"):
        kept.pop(name, None)
    return kept


class ArticlesFeed(Feed):
    """The newest published articles as Atom; the address takes the same filters as the list."""

    feed_type = Atom1Feed
    title = gettext_lazy("Articles")
    description = gettext_lazy("The newest articles")

    def get_object(self, request: HttpRequest) -> QueryDict:
        return _filters(request.GET)

    def link(self, query: QueryDict) -> str:
        return f"{reverse('kb:articles')}?{query.urlencode()}".rstrip("?")

    def items(self, query: QueryDict) -> list[Article]:
        rows = reading.filtered(query, AnonymousUser()).for_display().prefetch_related("tags")
        return list(rows.order_by("-published_at", "-pk")[:30])

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return excerpt(item.published_revision.html, 400) if item.published_revision else ""

    def item_pubdate(self, item: Article) -> Any:
        return item.published_at

    def item_updateddate(self, item: Article) -> Any:
        return item.updated_at

    def item_categories(self, item: Article) -> list[str]:
        return [tag.name for tag in item.tags.all()]
