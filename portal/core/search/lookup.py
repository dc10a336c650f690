"""Candidates: what is nearest to a reader's words by the words and by their meaning, with all that ranking needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from whoosh import query as q
from whoosh.searching import Searcher

from portal.core.search import meaning, synonyms
from portal.core.search.analysis import terms
from portal.core.search.indexing import backend, entries, identifier
from portal.core.search.meaning import Near, Reading
from portal.core.search.postings import Part, best
from portal.core.search.rarity import rarity
from portal.core.search.vectors import Key
from portal.core.search.words import ASKING
from portal.core.text import guess_language

LONGEST_QUERY = 10_000
MOST_TERMS = 24
CANDIDATES = 200
MEANT = 60  # candidates of each encoder
LONGEST_MEANT = 400  # characters: the problem stands in the first sentences, and longer ones cost more
BODY_WEIGHT = 0.35  # of what follows the first line of a long question
TITLE_BOOST = 2.0  # as in the schema
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
    near: tuple[
        Near | None, ...
    ] = ()  # by each reading of the lookup; None where an encoder has not read it yet


@dataclass
class Lookup:
    """What the index says to a query."""

    wanted: list[Wanted] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    @property
    def families(self) -> tuple[str, ...]:
        """Which encoders read the query."""
        return tuple(reading.family for reading in self.readings)


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
    """The nearest entries to a text: by its words, best first, then those that only its meaning finds."""
    words = weigh(text)
    if not words:
        return Lookup()
    readings = meaning.read(text.strip()[:LONGEST_MEANT])
    return backend().read(lambda searcher: _look(searcher, words, readings, within, limit))


def _look(
    searcher: Searcher,
    words: list[tuple[str, float, bool]],
    readings: list[Reading],
    within: q.Query | None,
    limit: int,
) -> Lookup:
    reader = searcher.reader()
    count = reader.doc_count_all()
    wanted = [
        Wanted(word, weight, rarity(reader.doc_frequency("text", word), count), extra)
        for word, weight, extra in words
    ]
    wanted.sort(key=lambda want: -want.weight * want.idf)
    wanted = wanted[:MOST_TERMS]
    parts = [Part(name, want.text, want.idf, want.weight) for want in wanted for name in ("text", "title")]
    found = best(searcher, parts, limit, within)
    stored = [(searcher.stored_fields(number), score) for number, score in found]
    if readings:
        held = {(each["kind"], each["pk"]) for each, _score in stored}
        meant = dict.fromkeys(key for reading in readings for key in reading.top(MEANT) if key not in held)
        lengths = (searcher.avg_field_length("text") or 1.0, searcher.avg_field_length("title") or 1.0)
        stored += [(each, bm25(wanted, each, lengths)) for each in _entries(searcher, meant, within)]
    nears = [reading.near((each["kind"], each["pk"]) for each, _score in stored) for reading in readings]
    return Lookup(
        wanted,
        [
            _hit(each, score, tuple(near.get((each["kind"], each["pk"])) for near in nears))
            for each, score in stored
        ],
        readings,
    )


def _entries(searcher: Searcher, keys: Iterable[Key], within: q.Query | None) -> Iterable[dict[str, Any]]:
    """What the index stores of these, of those that it has and the filter lets through."""
    allowed = None if within is None else set(within.docs(searcher))
    kinds = entries()
    for kind, pk in keys:
        number = searcher.document_number(id=identifier(kinds[kind], pk))
        if number is not None and (allowed is None or number in allowed):
            yield searcher.stored_fields(number)


def bm25(wanted: list[Wanted], stored: dict[str, Any], lengths: tuple[float, float]) -> float:
    """What the engine's score would be (Robertson's BM25F as Whoosh counts it), from the stored terms.

    `lengths` are the average numbers of terms of text and title.
    """
    score = 0.0
    for name, average, boost in (("text_terms", lengths[0], 1.0), ("title_terms", lengths[1], TITLE_BOOST)):
        held = stored[name]
        size = held.count(" ") - 1
        for want in wanted:
            if count := held.count(f" {want.text} ") * boost:
                score += (
                    want.weight * want.idf * (count * 2.2) / (count + 1.2 * (0.25 + 0.75 * size / average))
                )
    return score


def _hit(stored: dict[str, Any], score: float, near: tuple[Near | None, ...]) -> Hit:
    return Hit(
        kind=stored["kind"], pk=stored["pk"], question=stored.get("question"), bm25=score, title=stored["title"],
        text=stored["text"], title_terms=stored["title_terms"], text_terms=stored["text_terms"], spans=stored["spans"],
        language=stored["language"], product=stored.get("product", ""),
        tags=tuple(filter(None, stored.get("tags", "").split(","))), solved=stored["solved"], accepted=stored["accepted"],
        created=stored["created"], near=near,
    )  # fmt: skip
