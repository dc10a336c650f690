"""Flags, the moderation queue and promotions."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from community import moderation, promotions, services
from community.api.fetching import answer_for, post_for
from community.models import Promotion
from community.serializers import (
    DecisionSerializer,
    EntrySerializer,
    FlagSerializer,
    NominationSerializer,
    PromotionFilters,
    PromotionSerializer,
    RejectionSerializer,
)
from kb.api import ArticleSerializer, article_for
from portal.core.endpoints import Endpoint, IsAuthenticated, IsEditor, IsModerator, extend_schema
from portal.core.pagination import EntryPages


class Flags(Endpoint):
    """Report a post to the moderators."""

    permission_classes = [IsAuthenticated]
    serializer_class = FlagSerializer

    @extend_schema(responses={201: FlagSerializer})
    def post(self, request: Request) -> Response:
        data = self.checked(FlagSerializer)
        post = post_for(request.user, data.pop("kind"), data.pop("id"))
        return self.shown(services.flag(post=post, by=request.user, **data), status=201)


class Queue(Endpoint):
    """What waits for a decision, oldest first."""

    permission_classes = [IsModerator]
    serializer_class = EntrySerializer
    pagination_class = EntryPages

    @extend_schema(responses=EntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.listed(lambda **page: moderation.queue(request.user, **page))  # type: ignore[arg-type]


class Decision(Endpoint):
    """End an entry of the queue: release, remove or dismiss; of two questions that may be the same, duplicate or dismiss."""

    permission_classes = [IsModerator]
    serializer_class = DecisionSerializer

    @extend_schema(responses={200: EntrySerializer})
    def post(self, request: Request, entry: str) -> Response:
        found = moderation.find_entry(request.user, entry)
        if found is None:
            raise Http404
        moderation.decide_entry(entry=found, by=request.user, **self.checked(DecisionSerializer))
        return self.shown(moderation.find_entry(request.user, entry), EntrySerializer)


def promotions_for_api() -> QuerySet[Promotion]:
    return Promotion.objects.for_desk().select_related("article").prefetch_related("tags")


class PromotionEndpoint(Endpoint):
    serializer_class = PromotionSerializer
    permission_classes = [IsEditor]
    with_similar = False

    def one(self, pk: int, status: int = 200) -> Response:
        self.with_similar = True
        return self.shown(get_object_or_404(promotions_for_api(), pk=pk), status=status)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "similar": self.with_similar}


class Promotions(PromotionEndpoint):
    """Answers on their way to articles, best first."""

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "POST" else [IsEditor()]

    @extend_schema(parameters=[PromotionFilters], responses=PromotionSerializer(many=True))
    def get(self, request: Request) -> Response:
        state = self.asked(PromotionFilters).get("state")
        self.order = promotions.ORDERS[state] if state else ("pk",)
        return self.listed(promotions_for_api().filter(state=state) if state else promotions_for_api())

    @extend_schema(request=NominationSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request) -> Response:
        answer = answer_for(request.user, self.checked(NominationSerializer)["answer"])
        promotion = services.nominate_answer(answer=answer, by=request.user)
        return self.shown(get_object_or_404(promotions_for_api(), pk=promotion.pk), status=201)


class OnePromotion(PromotionEndpoint):
    """One promotion with its draft and what is similar."""

    def get(self, request: Request, pk: int) -> Response:
        return self.one(pk)

    @transaction.atomic  # a candidate becomes a draft only if the text is taken
    def patch(self, request: Request, pk: int) -> Response:
        promotion = services.draft_promotion(
            promotion=get_object_or_404(promotions_for_api(), pk=pk), by=request.user
        )
        changes = self.checked(PromotionSerializer, promotion, partial=True)
        kept: dict[str, Any] = {
            "title": promotion.title,
            "body": promotion.body,
            "product": promotion.product,
        }
        kept["tags"] = [tag.name for tag in promotion.tags.all()]
        services.revise_draft(promotion=promotion, by=request.user, **(kept | changes))
        return self.one(pk)


class PublishPromotion(PromotionEndpoint):
    """Make the draft an article."""

    @extend_schema(request=None, responses={200: ArticleSerializer})
    def post(self, request: Request, pk: int) -> Response:
        article = services.publish_promotion(
            promotion=get_object_or_404(promotions_for_api(), pk=pk), by=request.user
        )
        return self.shown(article_for(request.user, article.slug), ArticleSerializer)


class RejectPromotion(PromotionEndpoint):
    """Decide against an article, with a reason."""

    @extend_schema(request=RejectionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        promotion = get_object_or_404(promotions_for_api(), pk=pk)
        services.reject_promotion(promotion=promotion, by=request.user, **self.checked(RejectionSerializer))
        return self.one(pk)
