"""What the index entries of every kind have in common, and where they come from."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from haystack import connections, indexes
from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from portal.core.models import Product
from portal.core.search.chunks import pieces
from portal.core.search.engine import Backend
from portal.core.search.lines import lines_of
from portal.core.text import digest


class Entry(indexes.SearchIndex):
    """One searched object. Its text is three parts: a line of title, a line of labels, the body."""

    text = indexes.CharField(document=True, use_template=True)
    title = indexes.CharField(boost=2.0)
    kind = indexes.CharField()
    pk = indexes.IntegerField(model_attr="pk")
    question = indexes.IntegerField(null=True)
    language = indexes.CharField()
    product = indexes.CharField(null=True)
    tags = indexes.MultiValueField()
    solved = indexes.BooleanField()
    accepted = indexes.BooleanField()
    created = indexes.DateTimeField()
    fingerprint = indexes.CharField(indexed=False)

    kind_name = ""

    def index_queryset(self, using: str | None = None) -> QuerySet[Any]:
        """All that a visitor may find, with everything an entry names: the queries do not grow with the rows."""
        raise NotImplementedError

    def dependents(self, pks: list[int]) -> Iterable[tuple[str, list[int]]]:
        """Entries of other kinds that say something of these objects, as (kind, keys)."""
        return ()

    def html(self, obj: Any) -> str:
        """Its body as safe HTML."""
        raise NotImplementedError

    def labels(self, obj: Any) -> str:
        """What a product and tags add to its words, on one line."""
        raise NotImplementedError

    def prepare_title(self, obj: Any) -> str:
        raise NotImplementedError

    def prepare_language(self, obj: Any) -> str:
        raise NotImplementedError

    def pieces(self, obj: Any) -> list[str]:
        """Its text as encoders read it, the title first."""
        return pieces(self.prepare_title(obj), self.html(obj))

    def prepare(self, obj: Any) -> dict[str, Any]:
        obj.search_body, obj.search_labels = lines_of(self.html(obj)), self.labels(obj)
        data = super().prepare(obj)
        data["text"] = data["text"].strip("\n")
        named = {key: value for key, value in data.items() if key not in (ID, DJANGO_CT, DJANGO_ID)}
        data["fingerprint"] = digest(repr(sorted(named.items())))
        return data

    def prepare_kind(self, obj: Any) -> str:
        return self.kind_name

    def prepare_created(self, obj: Any) -> datetime:
        return obj.created_at.astimezone(UTC).replace(tzinfo=None)


def labels(product: Product | None, tags: Iterable[Any]) -> str:
    """What a product and tags add to the words of a text, on one line."""
    names = [product.name, product.name_ko] if product else []
    return " ".join(filter(None, [*names, *(tag.name for tag in tags)]))


def backend() -> Backend:
    return connections["default"].get_backend()


def entries() -> dict[str, Entry]:
    """The index classes by kind."""
    unified = connections["default"].get_unified_index()
    found = (unified.get_index(model) for model in unified.get_indexed_models())
    return {entry.kind_name: entry for entry in found}


def identifier(entry: Entry, pk: int) -> str:
    return f"{entry.get_model()._meta.label_lower}.{pk}"
