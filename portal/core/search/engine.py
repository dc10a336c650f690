"""Haystack's Whoosh backend, used well: readers are kept open, Korean counts, one writer, no surprises from syntax.

What differs from Haystack's own: terms by analysis.py, a lean schema, '*:*' for everything, queries of one
syllable, highlights on morphemes, a time limit, no field syntax from users, no facets (counts come from what
the database lets a reader see) and no spelling.
"""

import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.utils.encoding import force_str
from haystack import connections
from haystack.backends import log_query
from haystack.backends.whoosh_backend import WhooshEngine as StockEngine
from haystack.backends.whoosh_backend import WhooshHtmlFormatter, WhooshSearchBackend, WhooshSearchQuery
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from haystack.utils.app_loading import haystack_get_model
from whoosh import fields as kinds
from whoosh import query as q
from whoosh.collectors import TimeLimitCollector
from whoosh.highlight import ContextFragmenter, highlight
from whoosh.qparser import QueryParser
from whoosh.searching import Searcher, TimeLimit

from portal.core.search.analysis import TermAnalyzer, terms
from portal.core.search.store import Store, store_at

log = logging.getLogger(__name__)
T = TypeVar("T")

SECONDS = 0.5  # for one look; what was found until then is the answer
_NOT_WORDS = re.compile(r"[^\w.\-+#/ㄱ-ㆎ]+")
_OPERATORS = re.compile(r"\b(AND|OR|NOT|TO|ANDNOT|ANDMAYBE|REQUIRE)\b")


class Backend(WhooshSearchBackend):
    """Reads through a kept searcher; writes only under the store's lock."""

    @property
    def store(self) -> Store:
        if not self.setup_complete:
            self.setup()
        return self._store

    def setup(self) -> None:
        index = connections[self.connection_alias].get_unified_index()
        self.content_field_name, self.schema = self.build_schema(index.all_searchfields())
        self.parser = QueryParser(self.content_field_name, schema=self.schema)
        self._store = store_at(Path(self.path), self.schema)
        self.setup_complete = True

    def build_schema(self, fields: dict[str, Any]) -> tuple[str, kinds.Schema]:
        schema: dict[str, Any] = {
            ID: kinds.ID(stored=True, unique=True),
            DJANGO_CT: kinds.ID(stored=True),
            DJANGO_ID: kinds.ID(stored=True),
            # The terms of title and text as they stand, and where: for scores and excerpts without a tokenizer.
            "title_terms": kinds.STORED(),
            "text_terms": kinds.STORED(),
            "spans": kinds.STORED(),
        }
        document = ""
        for field in fields.values():
            name = field.index_fieldname
            if field.document:
                document = name
            schema[name] = self._field(field)
        return document, kinds.Schema(**schema)

    @staticmethod
    def _field(field: Any) -> Any:
        if not field.indexed:
            return kinds.STORED()
        if field.document or field.index_fieldname == "title":
            return kinds.TEXT(analyzer=TermAnalyzer(), stored=True, field_boost=field.boost)
        if field.is_multivalued:
            return kinds.KEYWORD(stored=True, commas=True)
        if field.field_type in ("date", "datetime"):
            return kinds.DATETIME(stored=True, sortable=True)
        if field.field_type == "integer":
            return kinds.NUMERIC(stored=True, sortable=True)
        if field.field_type == "boolean":
            return kinds.BOOLEAN(stored=True)
        return kinds.ID(stored=True)

    # ------------------------------------------------------------- writing

    def document(self, index: Any, obj: Any) -> dict[str, Any]:
        """What Whoosh stores of one object."""
        doc = {
            key: self._from_python(value)
            for key, value in index.full_prepare(obj).items()
            if value is not None
        }
        found = terms(doc[self.content_field_name])
        doc["title_terms"] = f" {' '.join(term.text for term in terms(doc['title']))} "
        doc["text_terms"] = f" {' '.join(term.text for term in found)} "
        doc["spans"] = " ".join(f"{term.start},{term.end}" for term in found)
        return doc

    def write(
        self, documents: Iterable[dict[str, Any]], gone: Iterable[str] = (), *, folder: Path | None = None
    ) -> None:
        """One writer, one commit. Only for who holds the store's lock."""
        writer = self.store.open(folder or self.store.live()).writer(limitmb=64)
        try:
            for identifier in gone:
                writer.delete_by_term(ID, identifier)
            for doc in documents:
                writer.update_document(**doc) if folder is None else writer.add_document(**doc)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        """Haystack's door to the writer."""
        documents = []
        for obj in iterable:
            try:
                documents.append(self.document(index, obj))
            except SkipDocument:
                log.debug("%s is not searched", get_identifier(obj))
        with self.store.writing():
            self.write(documents)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        with self.store.writing():
            self.write([], [get_identifier(obj_or_string)])

    def clear(self, models: Any = None, commit: bool = True) -> None:
        with self.store.writing():
            if models is None:
                self.store.switch(self.store.make())
                return
            writer = self.store.open(self.store.live()).writer()
            for model in models:
                writer.delete_by_term(DJANGO_CT, get_model_ct(model))
            writer.commit()

    def delete_index(self) -> None:
        self.clear()

    def optimize(self) -> None:
        with self.store.writing():
            self.store.open(self.store.live()).writer().commit(optimize=True)

    # ------------------------------------------------------------- reading

    def read(self, look: Callable[[Searcher], T]) -> T:
        return self.store.read(look)

    @staticmethod
    def best(
        searcher: Searcher, query: q.Query, *, limit: int | None, within: q.Query | None = None, **order: Any
    ) -> Any:
        """The best hits, or those found until the time was up."""
        collector = searcher.collector(limit=limit, filter=within, **order)
        limited = TimeLimitCollector(collector, timelimit=SECONDS, use_alarm=False)
        try:
            searcher.search_with_collector(query, limited)
        except TimeLimit:
            log.warning("A search was cut at %s seconds.", SECONDS)
        return limited.results()

    @log_query
    def search(
        self, query_string: str, sort_by: Any = None, start_offset: int = 0, end_offset: int | None = None,
        highlight: bool = False, narrow_queries: Any = None, models: Any = None, result_class: Any = None, **_more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """What SearchQuerySet asks for."""
        nothing = {"results": [], "hits": 0, "facets": {}, "spelling_suggestion": None}
        if not self.setup_complete:
            self.setup()
        parsed = self.parser.parse(force_str(query_string))
        if parsed == q.NullQuery or not force_str(query_string).strip():
            return nothing
        narrow = [self.parser.parse(force_str(each)) for each in narrow_queries or ()]
        if models:
            narrow.append(q.Or([q.Term(DJANGO_CT, get_model_ct(model)) for model in models]))
        fields, reverse = self._order(sort_by)
        end = 1_000_000 if end_offset is None else end_offset

        def look(searcher: Searcher) -> dict[str, Any]:
            order: dict[str, Any] = {"sortedby": fields, "reverse": reverse} if fields else {}
            hits = self.best(
                searcher, parsed, limit=max(1, end), within=q.And(narrow) if narrow else None, **order
            )
            page = [hits[at] for at in range(start_offset, min(end, hits.scored_length()))]
            made = [
                self._result(hit, result_class or SearchResult, force_str(query_string) if highlight else "")
                for hit in page
            ]
            return nothing | {"results": [result for result in made if result], "hits": len(hits)}

        return self.read(look)

    @staticmethod
    def _order(sort_by: Any) -> tuple[list[str], bool]:
        names = list(sort_by or ())
        down = [name for name in names if name.startswith("-")]
        if down and len(down) != len(names):
            raise SearchBackendError("All fields must be sorted in the same direction.")
        return [name.lstrip("-") for name in names], bool(down)

    def _result(self, hit: Any, result_class: Any, marked: str) -> Any:
        app_label, model_name = hit[DJANGO_CT].split(".")
        model = haystack_get_model(app_label, model_name)
        index = connections[self.connection_alias].get_unified_index().get_index(model)
        values: dict[str, Any] = {ID: hit[ID]}
        for name, field in index.fields.items():
            value = hit.get(field.index_fieldname)
            if value is not None:
                values[name] = value.split(",") if field.is_multivalued else field.convert(value)
        if marked:
            text = highlight(
                values[self.content_field_name], [term.text for term in terms(marked)], TermAnalyzer(),
                ContextFragmenter(), WhooshHtmlFormatter("em"),
            )  # fmt: skip
            values["highlighted"] = {self.content_field_name: [text]}
        return result_class(app_label, model_name, hit[DJANGO_ID], hit.score or 0, **values)

    def _from_python(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value
        return super()._from_python(value)


class Query(WhooshSearchQuery):
    """No character of a reader's words is syntax."""

    def matching_all_fragment(self) -> str:
        return "*:*"

    def clean(self, query_fragment: str) -> str:
        words = _NOT_WORDS.sub(" ", query_fragment)
        return " ".join(_OPERATORS.sub(lambda found: found.group().lower(), words).split())


class WhooshEngine(StockEngine):
    backend = Backend
    query = Query
