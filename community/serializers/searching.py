"""Suggestions while typing, and search."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community import finding
from portal.core.models import Language
from portal.core.serializers import Key, whole

SORTS = ("relevance", "new", "helpful")


class StepSerializer(serializers.Serializer[Any]):
    """A numbered step of an article."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    url = serializers.CharField()


class FoundSerializer(serializers.Serializer[Any]):
    """An article, an answer or a question that fits; an answer carries its question's title."""

    kind = serializers.ChoiceField(choices=finding.KINDS)
    id = serializers.IntegerField(source="object.pk")
    external_id = serializers.SerializerMethodField()
    title = serializers.CharField()
    excerpt = serializers.CharField()
    url = serializers.SerializerMethodField()
    confidence = serializers.FloatField()
    step = serializers.SerializerMethodField(help_text="The step of an article that answers, or null.")

    def get_external_id(self, found: finding.Found) -> str | None:
        return found.external_id or None

    def get_url(self, found: finding.Found) -> str:
        return whole(found.url)

    @extend_schema_field(StepSerializer(allow_null=True))
    def get_step(self, found: finding.Found) -> dict[str, Any] | None:
        step = found.step
        return step and {"number": step.number, "text": step.text, "url": whole(found.step_url)}  # type: ignore[return-value]


class SuggestSerializer(serializers.Serializer[Any]):
    """What may already solve it, best first; `abstained` says that nothing was sure enough."""

    query_id = serializers.CharField()
    abstained = serializers.BooleanField()
    results = FoundSerializer(many=True)


class SuggestFilters(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False, allow_blank=True)
    product = serializers.CharField(required=False, allow_blank=True)
    release = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=20, default=5)


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a list of suggestions."""

    outcome = serializers.ChoiceField(choices=["opened", "solved", "posted"])
    kind = serializers.ChoiceField(choices=finding.KINDS, required=False)
    id = Key(required=False)


class HitSerializer(FoundSerializer):
    highlights = serializers.CharField(help_text="The excerpt as HTML with <mark>.")


class SearchSerializer(serializers.Serializer[Any]):
    """One page of what matches."""

    query_id = serializers.CharField()
    count = serializers.IntegerField()
    facets = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    did_you_mean = serializers.CharField(allow_null=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HitSerializer(many=True)


class SearchFilters(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=finding.KINDS, required=False, allow_blank=True)
    product = serializers.CharField(required=False, allow_blank=True)
    tag = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False, allow_blank=True)
    solved = serializers.BooleanField(required=False, allow_null=True, default=None)
    sort = serializers.ChoiceField(choices=SORTS, required=False, default="relevance")
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=50, default=20)


class ClickSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=finding.KINDS)
    id = Key()
    position = serializers.IntegerField(required=False, min_value=1, max_value=10_000)
