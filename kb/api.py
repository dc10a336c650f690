"""API calls of the knowledge base. Each fetches what the reader may see, calls a service, answers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from kb import reading, services
from kb.models import Article, ContentGap, Credit, Revision
from kb.permissions import can_edit_article, can_write_article
from kb.serializers import (
    ArchiveSerializer,
    ArticleFilters,
    ArticleSerializer,
    FeedbackSerializer,
    GapFilters,
    GapSerializer,
    NewArticleSerializer,
    RevisionSerializer,
)
from portal.core.endpoints import AllowAny, Endpoint, IsEditor, extend_schema
from portal.core.search import visit_of
from portal.core.visits import sender_of

__all__ = ["ArticleSerializer", "article_for"]


def with_all(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Articles with all that the API says of one, in a fixed number of queries."""
    numbers = Revision.objects.filter(article=OuterRef("article")).order_by("-number").values("number")
    newest = Revision.objects.filter(number=Subquery(numbers[:1]))
    return (
        rows.for_display()  # type: ignore[attr-defined]
        .with_feedback()
        .prefetch_related(
            "tags",
            "releases",
            Prefetch("credits", Credit.objects.select_related("person")),
            Prefetch("revisions", newest, to_attr="newest"),
        )
    )


def article_for(user: Any, slug: str) -> Article:
    """The article at this address, or at the one that an old address leads to; hidden is 404."""
    rows = with_all(Article.objects.visible_to(user))
    found = rows.filter(slug=slug[:200]).first()
    if found is None and (moved := reading.moved_to(slug[:200])):
        found = rows.filter(pk=moved.pk).first()
    if found is None:
        raise Http404
    return found


class Articles(Endpoint):
    """Articles, newest first."""

    serializer_class = ArticleSerializer

    @extend_schema(parameters=[ArticleFilters], responses=ArticleSerializer(many=True))
    def get(self, request: Request) -> Response:
        self.asked(ArticleFilters)
        return self.listed(with_all(reading.filtered(request.query_params, request.user)))

    @extend_schema(request=NewArticleSerializer, responses={201: ArticleSerializer})
    def post(self, request: Request) -> Response:
        if not can_write_article(request.user):
            raise PermissionDenied
        article = services.draft_article(by=request.user, **self.checked(NewArticleSerializer))
        return self.shown(article_for(request.user, article.slug), status=201)


class OneArticle(Endpoint):
    """One article."""

    serializer_class = ArticleSerializer

    def get(self, request: Request, slug: str) -> Response:
        return self.shown(article_for(request.user, slug))


class Revisions(Endpoint):
    """An article's revisions, newest first: those that were published, for editors all."""

    serializer_class = RevisionSerializer
    order = ("number",)

    @extend_schema(responses=RevisionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        article = article_for(request.user, slug)
        rows = article.revisions.select_related("author", "based_on")
        return self.listed(
            rows if can_edit_article(request.user, article) else rows.filter(published_at__isnull=False)
        )

    @extend_schema(responses={201: RevisionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        article = article_for(request.user, slug)
        if not can_edit_article(request.user, article):
            raise PermissionDenied
        data = self.checked(RevisionSerializer)
        number = (data.pop("based_on", None) or {}).get("number")
        based_on = (
            get_object_or_404(article.revisions, number=number)
            if number
            else article.revisions.latest("number")
        )
        return self.shown(
            services.revise(article=article, based_on=based_on, by=request.user, **data), status=201
        )


class PublishRevision(Endpoint):
    """Make a revision the one that readers see."""

    permission_classes = [IsEditor]
    serializer_class = ArticleSerializer

    @extend_schema(request=None)
    def post(self, request: Request, slug: str, number: int) -> Response:
        article = article_for(request.user, slug)
        published = services.publish(
            revision=get_object_or_404(article.revisions, number=number), by=request.user
        )
        return self.shown(article_for(request.user, published.slug))


class ArchiveArticle(Endpoint):
    """Take an article out of the knowledge base."""

    permission_classes = [IsEditor]
    serializer_class = ArticleSerializer

    @extend_schema(request=ArchiveSerializer)
    def post(self, request: Request, slug: str) -> Response:
        article = article_for(request.user, slug)
        archived = services.archive(article=article, by=request.user, **self.checked(ArchiveSerializer))
        return self.shown(article_for(request.user, archived.slug))


class Feedback(Endpoint):
    """Was this helpful? Once for each reader; another verdict replaces the first."""

    permission_classes = [AllowAny]
    serializer_class = FeedbackSerializer

    @extend_schema(responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        verdict = self.checked(FeedbackSerializer)
        visit = visit_of(sender_of(request._request))
        services.give_feedback(
            article=article_for(request.user, slug), by=request.user, visit=visit, **verdict
        )
        return Response(status=204)


class Gaps(Endpoint):
    """Needs with no good article, most wanted first."""

    permission_classes = [IsEditor]
    serializer_class = GapSerializer
    order = ("demand", "pk")

    @extend_schema(parameters=[GapFilters], responses=GapSerializer(many=True))
    def get(self, request: Request) -> Response:
        state = self.asked(GapFilters).get("state")
        rows = ContentGap.objects.select_related("article")
        return self.listed(rows.filter(status=state) if state else rows)


class OneGap(Endpoint):
    """Plan an article for a need, or say which one fills it."""

    permission_classes = [IsEditor]
    serializer_class = GapSerializer

    def patch(self, request: Request, pk: int) -> Response:
        gap = get_object_or_404(ContentGap.objects.select_related("article"), pk=pk)
        changes = self.checked(GapSerializer, gap, partial=True)
        status, article = changes.get("status", gap.status), changes.get("article", gap.article)
        return self.shown(services.settle_gap(gap=gap, by=request.user, status=status, article=article))
