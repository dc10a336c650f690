"""Lists: questions, tags, products, and a feed for each."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from community import lists, services
from community.models import Question, Watch
from kb.models import Article
from portal.core.entrance import signed_in_to_act
from portal.core.models import Product, Tag, User
from portal.core.paging import keyset
from portal.core.text import excerpt

TAGS_SHOWN = 200


def _tabs(request: HttpRequest, *states: tuple[str, Any]) -> list[dict[str, Any]]:
    """The state filters as tabs that keep the other filters."""
    tabs = []
    for state, text in states:
        query = request.GET.copy()
        query.pop("cursor", None)
        query.pop("state", None)
        if state:
            query["state"] = state
        current = request.GET.get("state", "") == state
        tabs.append({"text": text, "url": "?" + query.urlencode(), "current": current})
    return tabs


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All questions, filtered by what the address says."""
    states = [
        ("", _("All")),
        ("unanswered", _("Unanswered")),
        ("unsolved", _("Unsolved")),
        ("solved", _("Solved")),
    ]
    if request.user.is_authenticated:
        states += [("watched", _("Watched")), ("mine", _("Mine"))]
    context = {
        "page": lists.page_of(lists.filtered(request.GET, request.user), request.GET),
        "tabs": _tabs(request, *states),
        "products": Product.objects.all(),
        "feed": _feed_of(request),
    }
    return render(request, "community/questions.html", context)


def _feed_of(request: HttpRequest) -> str:
    """The feed of the list as it is filtered now; of one's own lists, with the key that a feed reader needs."""
    query = request.GET.copy()
    for name in ("cursor", "sort"):
        query.pop(name, None)
    if request.user.is_authenticated and query.get("state") in lists.OWN_STATES:
        query["key"] = lists.feed_key(cast(User, request.user))
    return f"{reverse('community:questions_feed')}?{query.urlencode()}".rstrip("?")


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag in use, most used first."""
    page = keyset(lists.tags_with_counts(), request.GET, order=("question_count", "pk"), size=TAGS_SHOWN)
    return render(request, "community/tags.html", {"page": page})


@require_safe
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """The questions and articles of one tag."""
    found = get_object_or_404(Tag, name=name)
    query = _with(request.GET, tag=found.name)
    watching = request.user.is_authenticated and Watch.objects.filter(person=request.user, tag=found).exists()
    context = {
        "tag": found,
        "page": lists.page_of(lists.filtered(query, request.user), request.GET),
        "articles": Article.objects.published().for_display().filter(tags=found)[:5],
        "tabs": _tabs(request, ("", _("All")), ("unanswered", _("Unanswered")), ("solved", _("Solved"))),
        "watching": watching,
    }
    return render(request, "community/tag.html", context)


@signed_in_to_act
@require_POST
def watch_tag(request: HttpRequest, name: str) -> HttpResponse:
    """Start or stop hearing of new questions with this tag."""
    found = get_object_or_404(Tag, name=name)
    act = services.unwatch if request.POST.get("watch") == "0" else services.watch
    act(person=request.user, tag=found)
    return redirect(found)


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    return render(request, "community/products.html", {"products": lists.products_with_counts()})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product: its articles, then its questions."""
    found = get_object_or_404(Product.objects.prefetch_related("releases"), slug=slug)
    query = _with(request.GET, product=found.slug)
    context = {
        "product": found,
        "page": lists.page_of(lists.filtered(query, request.user), request.GET, size=15),
        "articles": Article.objects.published()
        .for_display()
        .filter(product=found)
        .order_by("-views", "-pk")[:6],
        "tabs": _tabs(request, ("", _("All")), ("unanswered", _("Unanswered")), ("solved", _("Solved"))),
    }
    return render(request, "community/product.html", context)


def _with(query: QueryDict, **values: str) -> QueryDict:
    changed = query.copy()
    for name, value in values.items():
        changed[name] = value
    return changed


class QuestionsFeed(Feed):
    """The newest public questions as Atom; the address takes the same filters as the list.

    A person's own lists take their key, and show what is public of them: a feed reader may keep what it reads.
    """

    feed_type = Atom1Feed
    title = gettext_lazy("Questions")
    description = gettext_lazy("The newest questions")

    def get_object(self, request: HttpRequest, **words: str) -> QueryDict:
        query = _with(request.GET, **words)
        if query.get("state") in lists.OWN_STATES and lists.reader_of(query.get("key", "")) is None:
            raise Http404
        return query

    def link(self, query: QueryDict) -> str:
        shown = query.copy()
        shown.pop("key", None)
        return f"{reverse('community:questions')}?{shown.urlencode()}"

    def feed_url(self, query: QueryDict) -> str:
        return f"{reverse('community:questions_feed')}?{query.urlencode()}"

    def items(self, query: QueryDict) -> list[Question]:
        reader = lists.reader_of(query.get("key", "")) or AnonymousUser()
        rows = lists.filtered(query, reader).public()  # type: ignore[attr-defined]
        return list(rows.select_related("author").prefetch_related("tags").order_by("-pk")[:30])

    def item_title(self, item: Question) -> str:
        return item.title

    def item_description(self, item: Question) -> str:
        return excerpt(item.html, 400)

    def item_pubdate(self, item: Question) -> Any:
        return item.created_at

    def item_author_name(self, item: Question) -> str:
        return item.author.name if item.author else ""

    def item_categories(self, item: Question) -> list[str]:
        return [tag.name for tag in item.tags.all()]
