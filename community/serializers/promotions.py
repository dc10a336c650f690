"""Answers on their way to articles."""

from typing import Any

from rest_framework import serializers

from community import promotions, services
from community.models import Promotion
from community.services.promoting import REASON_MAX, similar_articles
from kb.services import BODY_MAX, TITLE_MAX
from portal.core.serializers import Key, Names, ProductField, RowSerializer, Text


class SimilarSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="object.slug")
    title = serializers.CharField()
    confidence = serializers.FloatField()


class PromotionSerializer(RowSerializer):
    """An answer, why it is proposed, and the draft made of it."""

    question = serializers.IntegerField(source="answer.question_id", read_only=True)
    reasons = serializers.SerializerMethodField()
    product = ProductField()
    tags = Names()
    article: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True
    )
    source_changed = serializers.SerializerMethodField()
    similar = serializers.SerializerMethodField(help_text="Articles that may already say it; null in lists.")
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = Promotion
        fields = [
            "id", "state", "answer", "question", "score", "reasons", "title", "body", "product", "tags", "article",
            "source_changed", "similar", "rejected_reason", "created_at", "decided_at", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "state", "answer", "score", "rejected_reason", "created_at", "decided_at"]
        extra_kwargs = {
            "title": {"max_length": TITLE_MAX, "allow_blank": False, "required": True},
            "body": {"max_length": BODY_MAX, "allow_blank": False, "required": True},
        }

    def get_reasons(self, promotion: Promotion) -> list[str]:
        return promotions.reasons_of(promotion)

    def get_source_changed(self, promotion: Promotion) -> bool:
        return services.source_changed(promotion)

    def get_similar(self, promotion: Promotion) -> list[dict[str, Any]] | None:
        if not self.context.get("similar"):
            return None
        question = promotion.answer.question
        found = similar_articles(
            title=promotion.title or question.title,
            language=question.language,
            by=self.context["request"].user,
            besides=promotion.article_id,
        )
        return list(SimilarSerializer(found, many=True).data)


class PromotionFilters(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Promotion.State.choices, required=False)


class NominationSerializer(serializers.Serializer[Any]):
    answer = Key()


class RejectionSerializer(serializers.Serializer[Any]):
    reason = Text(max_length=REASON_MAX)
