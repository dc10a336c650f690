"""The only pages over both apps: home, the unified search, and what crawlers read."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import finding, lists, moderation, searching
from community.models import Promotion, Question, Watch
from community.nearest import nearest
from kb.models import Article
from portal import search_links
from portal.core import entrance, limits, search
from portal.core.models import Notification, Product, SearchQuery
from portal.core.permissions import can_see_insights, is_editor, is_moderator
from portal.core.search import syntax
from portal.core.visits import sender_of
from portal.search_links import SORTS, Address

KINDS = finding.KINDS
# A search names the search page as its own address; its filters (written with a colon) and further pages are without end.
NOT_FOR_CRAWLERS = (
    "/accounts/",
    "/admin/",
    "/api/",
    "/search/*&",
    "/search/*%3A",
    "/moderation/",
    "/notifications/",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One search and three doors for a visitor; their own news first for a member; what waits for who curates."""
    public = Question.objects.public().for_rows()
    context: dict[str, Any] = {
        "products": lists.products_with_counts()[:6],
        "solved": public.solved().order_by("-solved_at")[:5],
        "unfinished": entrance.has_typed(request, name=reverse("community:ask")),
        "waiting": public.unanswered().order_by("-pk")[:5],
        "hide_search": True,
    }
    if request.user.is_authenticated:
        context |= _member(request)
    return render(request, "core/home.html", context)


def _member(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    watched = Watch.objects.filter(person=user, question__isnull=False).values("question")
    return {
        "news": list(Notification.objects.for_person(user).unread().select_related("actor")[:5]),
        "watched": Question.objects.visible_to(user)
        .filter(pk__in=watched)
        .exclude(status="removed")
        .for_rows()
        .order_by("-active_at")[:5],
        "desk": _desk(user),
    }


def _desk(user: Any) -> dict[str, int]:
    """What waits for a moderator or an editor, counted in one query each."""
    desk = {}
    if is_moderator(user):
        desk["queue"] = len(moderation.waiting(by=user))
    if is_editor(user):
        desk |= Promotion.objects.aggregate(
            candidates=Count("pk", filter=Q(state="candidate")), drafts=Count("pk", filter=Q(state="draft"))
        )
    return desk


_NOT_A_TOKEN = re.compile(r"[^\w-]", re.ASCII)  # what a search's public name is not made of
# How the page's script asks for the results alone: while somebody types nothing is written down; when they rest, it is.
_TYPING, _RESTED = "typing", "rested"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything that matches, official articles and people's answers in one list."""
    limits.take("search")
    typed = request.GET.get("q", "")[:10_000]
    address, cursor = _address(request, typed)
    exactly = request.GET.get("exactly") == "1"
    page = searching.search(
        address.asked, by=request.user, as_typed=exactly, sort=address.sort, cursor=cursor
    )
    part = request.headers.get("X-Search", "")
    context = {
        "q": typed if address.asked == syntax.parse(typed) else str(address.asked),
        "sort": address.sort,
        "hide_search": True,
        "scored": can_see_insights(request.user),
    }
    if str(address.asked):
        context |= _found(request, address, page)
        if cursor:
            # Another page of the same search: what is opened here counts for it.
            context["query_id"] = _NOT_A_TOKEN.sub("", request.GET.get("searched", ""))[:22]
        elif part != _TYPING:
            context["query_id"] = _recorded(request, typed, address.asked, page)
        context["pages"] = _pages(replace(address, asked=page.scope.asked), page, context.get("query_id", ""))
    name = "core/search_found.html" if part in (_TYPING, _RESTED) else "core/search.html"
    answer = render(request, name, context)
    patch_vary_headers(answer, ["X-Search"])
    return answer


def _address(request: HttpRequest, typed: str) -> tuple[Address, str]:
    """What the address asks for; what it cannot mean is no filter. Filters may stand in the words or beside them."""
    given = request.GET
    kind, sort, language = given.get("kind", ""), given.get("sort", ""), given.get("language", "")
    asked = syntax.parse(typed).narrowed(
        kind=kind if kind in KINDS else "",
        product=given.get("product", "")[:60],
        tag=given.get("tag", "")[:40],
        language=language if language in ("ko", "en") else "",
        state={"1": "solved", "0": "unsolved"}.get(given.get("solved", ""), ""),
    )
    return Address(asked, sort if sort in SORTS else "relevance"), given.get("cursor", "")[:400]


def _found(request: HttpRequest, address: Address, page: finding.Page) -> dict[str, Any]:
    """What the page says of a search: what it understood, what narrows it, and what is near where it found nothing."""
    scope = page.scope
    address = replace(address, asked=scope.asked)
    return {
        "page": page,
        "meant": address.to(syntax.parse(page.did_you_mean)) if page.did_you_mean else "",
        "read_as": str(scope.asked),
        "exactly": address.to(syntax.parse(page.instead_of), exactly="1") if page.instead_of else "",
        "chips": search_links.chips(address, scope),
        "kinds": search_links.kinds(address, page),
        "facets": search_links.facets(address, page, Product.objects.all()) if page.count else [],
        "sorts": search_links.sorts(address),
        "nearby": [] if page.count else search_links.nearby(address, nearest(scope, request.user), scope),
        "feed": f"{reverse('search_feed')}{address.to()}",
        "words": address.asked.text,
    }


def _recorded(request: HttpRequest, typed: str, asked: syntax.Asked, page: finding.Page) -> str:
    row = search.record_search(
        surface=SearchQuery.Surface.SEARCH,
        text=typed if typed.strip() else str(asked),
        hits=page.count,
        shown=len(page.results),
        sender=sender_of(request),
        language=asked.language or (get_language() or "en")[:2],
        confidence=page.results[0].confidence if page.results and asked.text else None,
        narrowed=asked.is_narrowed,
    )
    return row.token


def _pages(address: Address, page: finding.Page, query_id: str) -> dict[str, str]:
    """The addresses of the pages beside this one; they belong to the same search."""
    of_this = {"searched": query_id} if query_id else {}
    cursors = {"next": page.next_cursor, "previous": page.previous_cursor}
    return {name: address.to(cursor=cursor, **of_this) for name, cursor in cursors.items() if cursor}


class SearchFeed(Feed):
    """What matches a search, newest first, as Atom: for who waits for an answer that does not exist yet."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Address:
        limits.take("search")
        return _address(request, request.GET.get("q", "")[:10_000])[0]

    def title(self, address: Address) -> str:
        return f"{str(address.asked)[:60]} · {_('Search')}"

    def link(self, address: Address) -> str:
        return f"{reverse('search')}{address.to()}"

    def feed_url(self, address: Address) -> str:
        return f"{reverse('search_feed')}{address.to()}"

    def items(self, address: Address) -> list[finding.Found]:
        return finding.find(address.asked, by=AnonymousUser(), sort="new").results

    def item_title(self, item: finding.Found) -> str:
        return item.title

    def item_description(self, item: finding.Found) -> str:
        return item.excerpt

    def item_link(self, item: finding.Found) -> str:
        return item.url

    def item_pubdate(self, item: finding.Found) -> datetime:
        return item.object.created_at  # type: ignore[no-any-return]


@require_POST
def search_click(request: HttpRequest, query_id: str) -> HttpResponse:
    """Record which result was opened."""
    kind, pk, position = (
        request.POST.get("kind", ""),
        request.POST.get("id", ""),
        request.POST.get("position", ""),
    )
    if kind in KINDS and pk.isdecimal() and len(pk) < 19:
        search.settle_search(
            query_id=query_id,
            sender=sender_of(request),
            outcome=SearchQuery.Outcome.OPENED,
            kind=kind,
            pk=int(pk),
            position=int(position) if position.isdecimal() and len(position) < 5 else None,
        )
    return HttpResponse(status=204)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS),
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class QuestionSitemap(Sitemap):
    """Questions with an answer: what a stranger could use."""

    limit = 5000

    def items(self) -> QuerySet[Question]:
        return Question.objects.public().filter(answers__status="open").distinct().order_by("pk")

    def lastmod(self, item: Question) -> datetime:
        return item.active_at


class ArticleSitemap(Sitemap):
    limit = 5000

    def items(self) -> QuerySet[Article]:
        return Article.objects.published().order_by("pk")

    def lastmod(self, item: Article) -> datetime:
        return item.updated_at


SITEMAPS = {"articles": ArticleSitemap, "questions": QuestionSitemap}
