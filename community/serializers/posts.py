"""Questions, answers and comments as the API takes and gives them."""

from typing import Any

from rest_framework import serializers

from community.lists import STATES
from community.models import BODY_MAX, COMMENT_MAX, Answer, Comment, Question
from portal.core.models import Language
from portal.core.serializers import (
    Address,
    Names,
    ProductField,
    RowSerializer,
    Text,
    releases_named,
    username_of,
)

SORTS = ("new", "active", "helpful")


class VersionSerializer(RowSerializer):
    """A post; an editor says with `version` which text they saw."""

    author = username_of()
    author_name = serializers.CharField(source="author.name", read_only=True, default=None)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class QuestionSerializer(VersionSerializer):
    """A person's problem, in their words."""

    url = Address()
    product = ProductField()
    release = Text(max_length=40, required=False, allow_null=True)
    tags = Names()
    answer_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Question
        fields = [
            "id", "external_id", "url", "title", "body", "html", "language", "product", "release", "tags", "author",
            "author_name", "status", "solved_at", "accepted_answer", "solved_by_article", "solved_by_answer",
            "duplicate_of", "answer_count", "created_at", "edited_at", "active_at", "version",
        ]  # fmt: skip
        read_only_fields = [
            "id", "external_id", "html", "status", "solved_at", "accepted_answer", "solved_by_article",
            "solved_by_answer", "duplicate_of", "created_at", "edited_at", "active_at",
        ]  # fmt: skip
        extra_kwargs = {
            "body": {"max_length": BODY_MAX},
            "language": {"required": False, "allow_blank": True},
        }

    def to_representation(self, instance: Question) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown | {"release": instance.release.name if instance.release else None}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data.get("release"):
            product = data["product"] if "product" in data else getattr(self.instance, "product", None)
            [data["release"]] = releases_named([data["release"]], product, field="release")
        elif "release" in data:
            data["release"] = None
        return data


class QuestionFilters(serializers.Serializer[Any]):
    """What the list of questions may be narrowed to."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    tag = serializers.CharField(required=False, allow_blank=True)
    product = serializers.CharField(required=False, allow_blank=True)
    author = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False, allow_blank=True)
    sort = serializers.ChoiceField(choices=SORTS, required=False)


class AnswerSerializer(VersionSerializer):
    """A proposed solution to one question."""

    url = Address()
    helpful = serializers.IntegerField(read_only=True)
    unhelpful = serializers.IntegerField(read_only=True)
    accepted = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()

    class Meta:
        model = Answer
        fields = [
            "id", "external_id", "url", "question", "body", "html", "author", "author_name", "status", "helpful",
            "unhelpful", "accepted", "article", "created_at", "edited_at", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "external_id", "question", "html", "status", "created_at", "edited_at"]
        extra_kwargs = {"body": {"max_length": BODY_MAX}}

    def get_accepted(self, answer: Answer) -> bool:
        return answer.question.accepted_answer_id == answer.pk

    def get_article(self, answer: Answer) -> str | None:
        """The slug of the published article that was made from it."""
        promotion = getattr(answer, "promotion", None)
        article = promotion.article if promotion else None
        return article.slug if article and article.status == "published" else None


class CommentSerializer(VersionSerializer):
    """A short remark that asks or clarifies."""

    class Meta:
        model = Comment
        fields = [
            "id", "question", "answer", "body", "html", "author", "author_name", "status", "created_at",
            "edited_at", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "question", "answer", "html", "status", "created_at", "edited_at"]
        extra_kwargs = {"body": {"max_length": COMMENT_MAX}}
