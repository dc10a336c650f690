"""Articles, revisions, verdicts and gaps as the API takes and gives them."""

from typing import Any

from rest_framework import serializers

from kb.models import Article, ArticleFeedback, Category, ContentGap, Credit, Revision
from kb.services import BODY_MAX, NOTE_MAX, TITLE_MAX
from portal.core.models import Language
from portal.core.serializers import (
    Address,
    Names,
    ProductField,
    RowSerializer,
    Text,
    Truth,
    releases_named,
    username_of,
    whole,
)


class CreditSerializer(serializers.Serializer[Any]):
    """A person whose words an article grew from."""

    person = serializers.CharField(source="person.username", default=None)
    name = serializers.CharField(source="__str__")


class SourceSerializer(serializers.Serializer[Any]):
    """Where the words stand."""

    kind = serializers.CharField(source="source_kind")
    id = serializers.IntegerField(source="source_pk")
    url = serializers.SerializerMethodField()

    def get_url(self, credit: Credit) -> str:
        return whole(credit.source_url)


class ArticleSerializer(RowSerializer):
    """A maintained page: the published revision's text, or the newest one's while it is a draft."""

    url = Address()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    html = serializers.SerializerMethodField()
    product = ProductField(read_only=True)
    releases = Names(read_only=True)
    tags = Names(read_only=True)
    state = serializers.CharField(source="status", read_only=True)
    revision = serializers.SerializerMethodField()
    credits = CreditSerializer(many=True, read_only=True)
    sources = serializers.SerializerMethodField()
    helpful = serializers.IntegerField(read_only=True)
    unhelpful = serializers.IntegerField(read_only=True)

    class Meta:
        model = Article
        fields = [
            "id", "slug", "external_id", "url", "title", "body", "html", "language", "product", "releases", "tags",
            "state", "revision", "credits", "sources", "verified_at", "review_due", "helpful", "unhelpful",
            "created_at", "published_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def _shown(self, article: Article) -> Revision | None:
        newest = article.newest  # type: ignore[attr-defined]  # prefetched by articles_for
        return article.published_revision or (newest[0] if newest else None)

    def get_title(self, article: Article) -> str:
        return article.title

    def get_body(self, article: Article) -> str:
        shown = self._shown(article)
        return shown.body if shown else ""

    def get_html(self, article: Article) -> str:
        shown = self._shown(article)
        return shown.html if shown else ""

    def get_revision(self, article: Article) -> int | None:
        shown = self._shown(article)
        return shown.number if shown else None

    def get_sources(self, article: Article) -> list[dict[str, Any]]:
        found = [credit for credit in article.credits.all() if credit.source_pk is not None]
        return list(SourceSerializer(found, many=True).data)


class NewArticleSerializer(RowSerializer):
    """An article to start."""

    title = Text(max_length=TITLE_MAX)
    body = Text(max_length=BODY_MAX)
    language = serializers.ChoiceField(choices=Language.choices, required=False, allow_blank=True)
    product = ProductField()
    releases = Names()
    tags = Names()
    category = serializers.SlugRelatedField(
        slug_field="slug", queryset=Category.objects.all(), required=False, allow_null=True
    )
    translation_of = serializers.SlugRelatedField(
        slug_field="slug", queryset=Article.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Article
        fields = [
            "title",
            "body",
            "language",
            "product",
            "releases",
            "tags",
            "category",
            "external_id",
            "translation_of",
        ]
        extra_kwargs = {"external_id": {"required": False}}

    def validate_external_id(self, value: str | None) -> str | None:
        return value or None

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data["releases"] = releases_named(data.get("releases", []), data.get("product"), field="releases")
        return data


class ArticleFilters(serializers.Serializer[Any]):
    """What the list of articles may be narrowed to; states other than published are for editors."""

    state = serializers.ChoiceField(
        choices=["published", "draft", "review", "archived", "due"], required=False
    )
    product = serializers.CharField(required=False, allow_blank=True)
    topic = serializers.CharField(required=False, allow_blank=True)
    tag = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False, allow_blank=True)


class RevisionSerializer(RowSerializer):
    """An unchangeable version of an article's text; `based_on` is the number of the one it was made from."""

    author = username_of()
    title = Text(max_length=TITLE_MAX)
    body = Text(max_length=BODY_MAX)
    note = Text(max_length=NOTE_MAX, required=False, allow_blank=True)
    based_on = serializers.IntegerField(
        source="based_on.number", required=False, allow_null=True, min_value=1, max_value=2**31 - 1
    )

    class Meta:
        model = Revision
        fields = [
            "number",
            "title",
            "body",
            "html",
            "note",
            "author",
            "based_on",
            "published_at",
            "created_at",
        ]
        read_only_fields = ["number", "html", "published_at", "created_at"]


class ArchiveSerializer(serializers.Serializer[Any]):
    successor = serializers.SlugRelatedField(
        slug_field="slug", queryset=Article.objects.published(), required=False, allow_null=True
    )


class FeedbackSerializer(RowSerializer):
    """One reader's verdict."""

    helpful = Truth()

    class Meta:
        model = ArticleFeedback
        fields = ["helpful", "reason", "comment"]


class GapSerializer(RowSerializer):
    """A need with no good article, in the words people used."""

    state = serializers.ChoiceField(source="status", choices=ContentGap.Status.choices, required=False)
    queries = serializers.SerializerMethodField()
    article = serializers.SlugRelatedField(
        slug_field="slug", queryset=Article.objects.published(), required=False, allow_null=True
    )
    proof = serializers.SerializerMethodField(help_text="The address of the article that fills it.")

    class Meta:
        model = ContentGap
        fields = [
            "id",
            "state",
            "queries",
            "language",
            "demand",
            "first_seen",
            "last_seen",
            "article",
            "proof",
        ]
        read_only_fields = ["id", "language", "demand", "first_seen", "last_seen"]

    def get_queries(self, gap: ContentGap) -> list[str]:
        return [gap.text]

    def get_proof(self, gap: ContentGap) -> str | None:
        filled = gap.article is not None and gap.status == ContentGap.Status.FILLED
        return Address().to_representation(gap.article) if filled else None


class GapFilters(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ContentGap.Status.choices, required=False)
