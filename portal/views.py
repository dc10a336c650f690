"""The only pages over both apps: home, the unified search, and what crawlers read."""

import re
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
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import finding, lists, moderation
from community.models import Promotion, Question, Watch
from kb.models import Article
from portal.core import entrance, limits, search
from portal.core.models import Notification, Product, SearchQuery
from portal.core.permissions import is_editor, is_moderator
from portal.core.visits import sender_of

KINDS = ("article", "answer", "question")
SORTS = ("relevance", "new", "helpful")
# A search names the search page as its own address; its filters and further pages are without end.
NOT_FOR_CRAWLERS = ("/accounts/", "/admin/", "/api/", "/search/*&", "/moderation/", "/notifications/")


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


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything that matches, official articles and people's answers in one list."""
    limits.take("search")
    words = _asked(request)
    page = finding.find(by=request.user, **words) if words["text"].strip() else None
    context = {
        "page": page,
        "products": Product.objects.all(),
        "q": words["text"],
        "asked": words,
        "hide_search": True,
        "feed": f"{reverse('search_feed')}?{_without_cursor(request)}",
        # Where nothing matches and nothing narrows it, filters are no help.
        "filtered": words["kinds"] != KINDS
        or any((words["product"], words["tag"], words["language"], words["solved"] is not None)),
    }
    if page is not None and request.GET.get("cursor"):
        # Another page of the same search: what is opened here counts for it.
        context["query_id"] = _NOT_A_TOKEN.sub("", request.GET.get("searched", ""))[:22]
    elif page is not None:
        row = search.record_search(
            surface=SearchQuery.Surface.SEARCH,
            text=words["text"],
            hits=page.count,
            shown=len(page.results),
            sender=sender_of(request),
            language=words["language"] or (get_language() or "en")[:2],
            confidence=page.results[0].confidence if page.results else None,
            narrowed=context["filtered"],
        )
        context["query_id"] = row.token
    return render(request, "core/search.html", context)


def _without_cursor(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query.pop("searched", None)
    return query.urlencode()


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; what it cannot mean is no filter."""
    given = request.GET
    kind, sort, language = given.get("kind", ""), given.get("sort", ""), given.get("language", "")
    return {
        "text": given.get("q", "")[:10_000],
        "kinds": (kind,) if kind in KINDS else KINDS,
        "product": given.get("product", "")[:60] or None,
        "tag": given.get("tag", "")[:40] or None,
        "language": language if language in ("ko", "en") else "",
        "solved": {"1": True, "0": False}.get(given.get("solved", "")),
        "sort": sort if sort in SORTS else "relevance",
        "cursor": given.get("cursor", "")[:400],
    }


class SearchFeed(Feed):
    """What matches a search, newest first, as Atom: for who waits for an answer that does not exist yet."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> dict[str, Any]:
        limits.take("search")
        return {"words": _asked(request) | {"sort": "new", "cursor": ""}, "address": request.GET.urlencode()}

    def title(self, asked: dict[str, Any]) -> str:
        return f"{asked['words']['text'][:60]} · {_('Search')}"

    def link(self, asked: dict[str, Any]) -> str:
        return f"{reverse('search')}?{asked['address']}"

    def feed_url(self, asked: dict[str, Any]) -> str:
        return f"{reverse('search_feed')}?{asked['address']}"

    def items(self, asked: dict[str, Any]) -> list[finding.Found]:
        if not asked["words"]["text"].strip():
            return []
        return finding.find(by=AnonymousUser(), **asked["words"]).results

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
