"""Suggestions while typing, search, and what became of them."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from community import finding, searching
from community.serializers import (
    ClickSerializer,
    OutcomeSerializer,
    SearchFilters,
    SearchSerializer,
    SuggestFilters,
    SuggestSerializer,
)
from portal.core import limits, search
from portal.core.endpoints import AllowAny, Endpoint, extend_schema
from portal.core.models import Product, Release, SearchQuery
from portal.core.search import syntax
from portal.core.visits import sender_of

TEXT_MAX = 10_000
NARROWING = ("kind", "product", "tag", "language", "solved", "cursor")


class Suggest(Endpoint):
    """What may already answer this, best first; nothing that is not sure enough."""

    serializer_class = SuggestSerializer

    @extend_schema(parameters=[SuggestFilters])
    def get(self, request: Request) -> Response:
        limits.take("search", by=request.user)
        asked = self.asked(SuggestFilters)
        product = Product.objects.filter(slug=asked.get("product", "")).first()
        release = (
            Release.objects.filter(product=product, name=asked.get("release", "")).first()
            if product
            else None
        )
        text, language = asked.get("q", "")[:TEXT_MAX], asked.get("language", "")
        found = (
            finding.suggest(
                text,
                by=request.user,
                language=language,
                product=product,
                release=release,
                limit=asked["limit"],
            )
            if text.strip()
            else finding.Suggestions()
        )
        row = _record(request, SearchQuery.Surface.SUGGEST, text, found, len(found), language, product)
        return self.shown({"query_id": row.token, "abstained": not found, "results": found})


class SuggestOutcome(Endpoint):
    """The visitor opened one, says it solved it, or asked all the same."""

    permission_classes = [AllowAny]
    serializer_class = OutcomeSerializer

    @extend_schema(responses={204: None})
    def post(self, request: Request, query_id: str) -> Response:
        data = self.checked(OutcomeSerializer)
        return _settle(request, query_id, data["outcome"], kind=data.get("kind", ""), pk=data.get("id"))


class Search(Endpoint):
    """Articles, answers and questions that match."""

    serializer_class = SearchSerializer

    @extend_schema(parameters=[SearchFilters])
    def get(self, request: Request) -> Response:
        limits.take("search", by=request.user)
        asked = self.asked(SearchFilters)
        text = asked.get("q", "")[:TEXT_MAX]
        words = syntax.parse(text)
        page = searching.search(words, by=request.user, as_typed=True, **_narrowed(asked))
        row = _record(
            request, SearchQuery.Surface.SEARCH, text, page.results, page.count, page.scope.asked.language,
            narrowed=words.is_narrowed or any(asked.get(name) not in (None, "") for name in NARROWING),
        )  # fmt: skip
        return self.shown(
            {
                "query_id": row.token,
                "count": page.count,
                "facets": page.facets,
                "did_you_mean": page.did_you_mean or None,
                "next": _address(request, page.next_cursor),
                "previous": _address(request, page.previous_cursor),
                "results": page.results,
            }
        )


class SearchClick(Endpoint):
    """The visitor opened a result."""

    permission_classes = [AllowAny]
    serializer_class = ClickSerializer

    @extend_schema(responses={204: None})
    def post(self, request: Request, query_id: str) -> Response:
        data = self.checked(ClickSerializer)
        opened = SearchQuery.Outcome.OPENED
        return _settle(
            request, query_id, opened, kind=data["kind"], pk=data["id"], position=data.get("position")
        )


def _narrowed(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "kinds": (asked["kind"],) if asked.get("kind") else finding.KINDS,
        "language": asked.get("language", ""),
        "product": asked.get("product") or None,
        "tag": asked.get("tag") or None,
        "solved": asked["solved"],
        "sort": asked["sort"],
        "cursor": asked.get("cursor", "")[:400],
        "limit": asked["limit"],
    }


def _record(
    request: Request,
    surface: str,
    text: str,
    found: list[Any],
    hits: int,
    language: str,
    product: Product | None = None,
    narrowed: bool = False,
) -> SearchQuery:
    return search.record_search(
        surface=surface, text=text, hits=hits, shown=len(found), sender=sender_of(request._request),
        language=language or (get_language() or "en")[:2], product=product,
        confidence=found.best if isinstance(found, finding.Suggestions) else found[0].confidence if found else None,
        narrowed=narrowed,
    )  # fmt: skip


def _settle(request: Request, query_id: str, outcome: str, **opened: Any) -> Response:
    sender = sender_of(request._request)
    if not search.settle_search(query_id=query_id, sender=sender, outcome=outcome, **opened):
        raise Http404
    return Response(status=204)


def _address(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    query: QueryDict = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri("?" + query.urlencode())
