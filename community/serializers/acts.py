"""What is done to posts: votes, flags, decisions, duplicates, suggestions."""

from typing import Any

from rest_framework import serializers

from community import moderation
from community.models import Flag, Suggestion
from community.moderation.deciding import DECISIONS, REASON_MAX
from portal.core.serializers import Key, RowSerializer, Text, Truth, username_of, whole
from portal.core.text import excerpt

KINDS = ("question", "answer", "comment")


class VoteSerializer(serializers.Serializer[Any]):
    """Helpful, not helpful, or null to take the vote back."""

    helpful = Truth(allow_null=True)


class DuplicateSerializer(serializers.Serializer[Any]):
    of = Key(help_text="The older question.")


class FlagSerializer(RowSerializer):
    """One person's report of one post."""

    kind = serializers.ChoiceField(choices=KINDS, write_only=True)
    id = Key()

    class Meta:
        model = Flag
        fields = ["kind", "id", "reason", "note"]

    def to_representation(self, instance: Flag) -> dict[str, Any]:
        kind = next(kind for kind in KINDS if getattr(instance, f"{kind}_id"))
        return {
            "kind": kind,
            "id": getattr(instance, f"{kind}_id"),
            "reason": instance.reason,
            "note": instance.note,
        }


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[*DECISIONS, "duplicate"])
    reason = Text(max_length=REASON_MAX, required=False, allow_blank=True)


class EntryFlagSerializer(RowSerializer):
    reporter = username_of()

    class Meta:
        model = Flag
        fields = ["reason", "note", "reporter", "created_at"]
        read_only_fields = fields


class EntrySerializer(serializers.Serializer[Any]):
    """One post that waits for a decision, or a question that may repeat an older one (`of`)."""

    id = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    post = serializers.IntegerField(source="post.pk", read_only=True)
    held = serializers.BooleanField(read_only=True)
    held_for = serializers.CharField(source="post.held_for", read_only=True)
    since = serializers.DateTimeField(read_only=True)
    title = serializers.CharField(source="question.title", read_only=True)
    question = serializers.IntegerField(source="question.pk", read_only=True)
    body = serializers.CharField(source="post.body", read_only=True)
    author = serializers.CharField(source="post.author.username", read_only=True, default=None)
    url = serializers.SerializerMethodField()
    flags = EntryFlagSerializer(many=True, read_only=True)
    of = serializers.IntegerField(source="proposal.of_id", read_only=True, default=None)
    confidence = serializers.FloatField(source="proposal.confidence", read_only=True, default=None)

    def get_url(self, entry: moderation.Entry) -> str:
        return whole(entry.question.get_absolute_url())


class SuggestionOutcomeSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(
        choices=["solved", "not_helpful"], allow_null=True, help_text="null takes back what was said."
    )


class SuggestionSerializer(RowSerializer):
    """An article or an answer that may already solve a posted question."""

    kind = serializers.SerializerMethodField()
    target = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    excerpt = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    reasons = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Why: title or text, product."
    )

    class Meta:
        model = Suggestion
        fields = ["id", "kind", "target", "title", "excerpt", "url", "confidence", "outcome", "reasons"]
        read_only_fields = fields

    def get_kind(self, row: Suggestion) -> str:
        return "article" if row.article_id else "answer"

    def get_target(self, row: Suggestion) -> int | None:
        return row.article_id or row.answer_id

    def get_title(self, row: Suggestion) -> str:
        return row.article.title if row.article else row.answer.question.title if row.answer else ""

    def get_excerpt(self, row: Suggestion) -> str:
        if row.answer:
            return excerpt(row.answer.html)
        revision = row.article and row.article.published_revision
        return excerpt(revision.html) if revision else ""

    def get_url(self, row: Suggestion) -> str:
        target = row.article or row.answer
        return whole(target.get_absolute_url()) if target else ""


class SuggestionsSerializer(serializers.Serializer[Any]):
    """What the portal found for a posted question."""

    results = SuggestionSerializer(many=True)
    state = serializers.ChoiceField(choices=["pending", "ready", "none"])
