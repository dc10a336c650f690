"""What of an article is searched: the published revision."""

from typing import Any

from django.db.models import QuerySet
from haystack import indexes

from kb.models import Article
from portal.core.search.indexing import Entry, labels


class ArticleIndex(Entry, indexes.Indexable):
    kind_name = "article"

    def get_model(self) -> type[Article]:
        return Article

    def index_queryset(self, using: str | None = None) -> QuerySet[Article]:
        found = Article.objects.published().select_related("product", "published_revision")
        return found.prefetch_related("tags").order_by("pk")

    def html(self, obj: Any) -> str:
        return obj.published_revision.html

    def labels(self, obj: Any) -> str:
        return labels(obj.product, obj.tags.all())

    def prepare_title(self, obj: Any) -> str:
        return obj.title

    def prepare_language(self, obj: Any) -> str:
        return obj.language

    def prepare_product(self, obj: Any) -> str | None:
        return obj.product.slug if obj.product else None

    def prepare_tags(self, obj: Any) -> list[str]:
        return sorted(tag.name for tag in obj.tags.all())

    def prepare_solved(self, obj: Any) -> bool:
        return True

    def prepare_accepted(self, obj: Any) -> bool:
        return False

    def prepare_question(self, obj: Any) -> None:
        return None
