"""What the filters of a search come to: rows of this site, a filter for the index, and what names nothing here."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from whoosh import query as q

from community.models import Answer, Question
from kb.models import Article
from portal.core.models import Product, Tag, User
from portal.core.search.analysis import terms
from portal.core.search.indexing import backend
from portal.core.search.syntax import Asked

MOST_OF_ONE = 1_000  # of one person's threads and articles: the newest


@dataclass(frozen=True)
class Scope:
    """Where a search looks. `unknown` are the filters that name nothing of this site: then nothing can be found."""

    asked: Asked
    product: Product | None = None
    person: User | None = None
    unknown: tuple[tuple[str, str], ...] = ()
    threads: tuple[int, ...] = ()  # what the person asked or answered
    articles: tuple[int, ...] = ()  # and what they keep
    gone: frozenset[tuple[str, int]] = field(default_factory=frozenset)  # what holds an excluded word

    @property
    def within(self) -> q.Query | None:
        """The filter for the index; the kind and the state are left to who counts them."""
        parts: list[q.Query] = [q.Term("tags", tag) for tag in self.asked.tags]
        if self.asked.language:
            parts.append(q.Term("language", self.asked.language))
        if self.product:
            parts.append(q.Term("product", self.product.slug))
        if self.person:
            parts.append(_one_of(self.threads, self.articles))
        parts += [phrase for each in self.asked.phrases if (phrase := as_phrase(each))]
        return q.And(parts) if parts else None

    def varied(self, asked: Asked) -> "Scope":
        """The same place with some of the search taken out."""
        return replace(
            self,
            asked=asked,
            product=self.product if asked.product else None,
            person=self.person if asked.by else None,
            gone=self.gone if asked.without == self.asked.without else holding(asked.without),
        )


def scope_of(asked: Asked, by: Any) -> Scope:
    """Look up what the filters name; no query for a filter that was not given."""
    unknown = []
    product = person = None
    if asked.product and (product := _product(asked.product)) is None:
        unknown.append(("product", asked.product))
    if asked.by and (person := User.objects.filter(username__iexact=asked.by).first()) is None:
        unknown.append(("by", asked.by))
    asked = replace(
        asked,
        product=product.slug if product else asked.product,
        by=person.username if person else asked.by,
    )
    if asked.tags:
        known = set(Tag.objects.filter(name__in=asked.tags).values_list("name", flat=True))
        unknown += [("tag", tag) for tag in asked.tags if tag not in known]
    if unknown:
        return Scope(asked, product, person, tuple(unknown))
    threads: tuple[int, ...] = ()
    articles: tuple[int, ...] = ()
    if person:
        threads = tuple(threads_of(person, by).order_by("-pk").values_list("pk", flat=True)[:MOST_OF_ONE])
        own = Article.objects.visible_to(by).published().filter(owner=person)
        articles = tuple(own.order_by("-pk").values_list("pk", flat=True)[:MOST_OF_ONE])
    return Scope(asked, product, person, (), threads, articles, holding(asked.without))


def threads_of(person: User, by: Any) -> Any:
    """The public questions that somebody asked, or has a public answer to."""
    answered = Answer.objects.visible_to(by).public().filter(author=person).values("question")
    return Question.objects.visible_to(by).public().filter(Q(author=person) | Q(pk__in=answered))


def _product(named: str) -> Product | None:
    """By its address or by its name in either language."""
    like = Q(slug__iexact=named) | Q(name__iexact=named) | Q(name_ko__iexact=named)
    return Product.objects.filter(like).first()


def as_phrase(text: str) -> q.Query | None:
    """The words of a text side by side and in this order; nothing if it has no words that are kept."""
    words = [term.text for term in terms(text) if not term.extra]
    if len(words) < 2:
        return q.Term("text", words[0]) if words else None
    return q.Phrase("text", words)


def _one_of(threads: tuple[int, ...], articles: tuple[int, ...]) -> q.Query:
    own = [q.NumericRange("question", pk, pk) for pk in threads]
    kept = [q.NumericRange("pk", pk, pk) for pk in articles]
    parts: list[q.Query] = list(own)
    if kept:
        parts.append(q.And([q.Term("kind", "article"), q.Or(kept)]))
    return q.Or(parts) if parts else q.NullQuery


def holding(excluded: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    """Every article and every whole thread in which one of these words or phrases stands."""
    phrases = [phrase for each in excluded if (phrase := as_phrase(each))]
    if not phrases:
        return frozenset()

    def look(searcher: Any) -> frozenset[tuple[str, int]]:
        documents = list(q.Or(phrases).docs(searcher))
        if not documents:  # an index without anything has no columns either
            return frozenset()
        articles = set(q.Term("kind", "article").docs(searcher))
        pks = searcher.reader().column_reader("pk")
        questions = searcher.reader().column_reader("question")
        return frozenset(
            ("article", int(pks[at])) if at in articles else ("question", int(questions[at]))
            for at in documents
        )

    return backend().read(look)
