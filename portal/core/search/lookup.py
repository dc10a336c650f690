"""Candidates: a reader's words become a weighted query, the index gives the nearest entries with what ranking needs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from whoosh import query as q
from whoosh.searching import Searcher

from portal.core.search import synonyms
from portal.core.search.analysis import terms
from portal.core.search.indexing import backend
from portal.core.search.rarity import rarity
from portal.core.search.words import ASKING
from portal.core.text import guess_language

LONGEST_QUERY = 10_000
MOST_TERMS = 24
CANDIDATES = 200
BODY_WEIGHT = 0.35  # of what follows the first line of a long question
EXTRA_WEIGHT = 0.5  # of a second reading: a code's parts, a compound noun


@dataclass(frozen=True, slots=True)
class Wanted:
    """One term of the query: how much it says (weight x rarity) and whether it counts for coverage."""

    text: str
    weight: float
    idf: float
    extra: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry near the query, with the text it was found by."""

    kind: str
    pk: int
    question: int | None
    bm25: float
    title: str
    text: str
    title_terms: str
    text_terms: str
    spans: str
    language: str
    product: str
    tags: tuple[str, ...]
    solved: bool
    accepted: bool
    created: datetime


@dataclass
class Lookup:
    """What the index says to a query."""

    wanted: list[Wanted] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)


def weigh(text: str) -> list[tuple[str, float, bool]]:
    """The distinct terms of a query with their weights: the first line says most, words of asking nothing."""
    text = text[:LONGEST_QUERY].strip()
    head = text.find("\n")
    found: dict[str, tuple[float, bool]] = {}
    for term in terms(text):
        weight = 1.0 if head < 0 or term.start < head else BODY_WEIGHT
        weight *= EXTRA_WEIGHT if term.extra else 1.0
        before = found.get(term.text)
        if before is None or before[0] < weight:
            found[term.text] = (weight, term.extra)
    telling = {word: how for word, how in found.items() if word not in ASKING}
    weighed = [(word, weight, extra) for word, (weight, extra) in (telling or found).items()]
    return weighed + synonyms.expand(weighed, guess_language(text, ""))


def look_up(text: str, *, within: q.Query | None = None, limit: int = CANDIDATES) -> Lookup:
    """The nearest entries to the words of a text, best first."""
    words = weigh(text)
    if not words:
        return Lookup()
    return backend().read(lambda searcher: _look(searcher, words, within, limit))


def _look(
    searcher: Searcher, words: list[tuple[str, float, bool]], within: q.Query | None, limit: int
) -> Lookup:
    reader = searcher.reader()
    count = reader.doc_count_all()
    wanted = [
        Wanted(word, weight, rarity(reader.doc_frequency("text", word), count), extra)
        for word, weight, extra in words
    ]
    wanted.sort(key=lambda want: -want.weight * want.idf)
    wanted = wanted[:MOST_TERMS]
    query = q.Or(
        [q.Term(name, want.text, boost=want.weight) for want in wanted for name in ("text", "title")]
    )
    results = backend().best(searcher, query, limit=limit, within=within)
    return Lookup(wanted, [_hit(results.fields(n), results.score(n)) for n in range(results.scored_length())])


def _hit(stored: dict[str, Any], score: float) -> Hit:
    return Hit(
        kind=stored["kind"], pk=stored["pk"], question=stored.get("question"), bm25=score, title=stored["title"],
        text=stored["text"], title_terms=stored["title_terms"], text_terms=stored["text_terms"], spans=stored["spans"],
        language=stored["language"], product=stored.get("product", ""),
        tags=tuple(filter(None, stored.get("tags", "").split(","))), solved=stored["solved"], accepted=stored["accepted"],
        created=stored["created"],
    )  # fmt: skip
