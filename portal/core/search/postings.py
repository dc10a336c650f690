"""The best entries by their words, scored a whole list of postings at a time.

Whoosh walks postings one by one through a tree of matchers, which for a title of ten words costs more than all else. Here a
term's postings become two arrays that this process keeps (a segment never changes), and a score is a few sums of arrays.
The scores are Whoosh's own (BM25F with rarity.py), to the last digits of a float.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as q
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from portal.core.search.engine import SECONDS

log = logging.getLogger(__name__)

KEPT = 32 * 1024 * 1024  # bytes of postings and lengths in this process
K1, B = 1.2, 0.75  # as Whoosh's BM25F
_BYTES = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)


class Postings(NamedTuple):
    """In which documents of a segment a term stands, ascending, and how often (times the field's boost)."""

    documents: NDArray[np.int32]
    weights: NDArray[np.float32]


class Part(NamedTuple):
    """One term in one field: what it says, by its rarity and by its weight in the query."""

    field: str
    term: str
    idf: float
    weight: float


def best(
    searcher: Searcher, parts: Iterable[Part], limit: int, within: q.Query | None
) -> list[tuple[int, float]]:
    """The documents that hold any of the terms, best first, with their scores.

    When the time is up the terms that are left do not count: the most telling come first.
    """
    until, parts = time.monotonic() + SECONDS, list(parts)
    averages = {name: searcher.avg_field_length(name) or 1 for name in {part.field for part in parts}}
    allowed = None if within is None else np.fromiter(within.docs(searcher), dtype=np.int64)
    found: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    for leaf, offset in searcher.reader().leaf_readers():
        if not leaf.doc_count_all():
            continue
        scores = np.zeros(leaf.doc_count_all())
        for part in parts:
            held = _postings(leaf, part.field, part.term)
            if len(held.documents):
                size = _BYTES[_lengths(leaf, part.field)[held.documents]]
                norm = K1 * ((1 - B) + B * size / averages[part.field])
                count = held.weights.astype(np.float64)
                scores[held.documents] += part.weight * part.idf * (count * (K1 + 1) / (count + norm))
            if time.monotonic() > until:
                log.warning("A search was cut at %s seconds.", SECONDS)
                break
        if leaf.has_deletions():
            scores[np.fromiter(leaf.deleted_docs_set, dtype=np.int64)] = 0.0
        if allowed is not None:
            kept = np.zeros(len(scores), dtype=bool)
            kept[allowed[(allowed >= offset) & (allowed < offset + len(scores))] - offset] = True
            scores[~kept] = 0.0
        documents = _first(scores, limit)
        found.append((documents + offset, scores[documents]))
    if not found:
        return []
    documents, scores = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort((documents, -scores))[:limit]
    return list(zip(documents[order].tolist(), scores[order].tolist(), strict=True))


def _first(scores: NDArray[np.float64], limit: int) -> NDArray[np.int64]:
    """Where the best scores are; with all that equal the last of them, so that ties are broken alike."""
    held = np.flatnonzero(scores)
    if len(held) > limit:
        least = np.partition(scores[held], len(held) - limit)[len(held) - limit]
        held = held[scores[held] >= least]
    return held


# ----------------------------------------------------------------- what this process keeps

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_size = 0
_lock = threading.Lock()


def _postings(leaf: Any, field: str, term: str) -> Postings:
    key = (leaf.segment().segment_id(), field, term)
    return _known(key) or _keep(key, _read(leaf, field, term))


def _lengths(leaf: Any, field: str) -> NDArray[np.uint8]:
    """How many terms each document has in this field, as Whoosh remembers it: in a byte."""
    key = (leaf.segment().segment_id(), field)
    if (known := _known(key)) is None:
        known = _keep(key, (_bytes_of(leaf, field),))
    return known[0]


def _bytes_of(leaf: Any, field: str) -> NDArray[np.uint8]:
    count = leaf.doc_count_all()
    column = leaf._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)
    return np.fromiter((column[number] for number in range(count)), dtype=np.uint8, count=count)


def _read(leaf: Any, field: str, term: str) -> Postings:
    """A term's postings from the files, deleted documents among them."""
    documents: list[int] = []
    weights: list[float] = []
    try:
        text = leaf._text_to_bytes(field, term)
        matcher = leaf._terms.matcher(field, text, leaf.schema[field].format)
    except TermNotFound:
        return Postings(np.empty(0, np.int32), np.empty(0, np.float32))
    if isinstance(matcher, W3LeafMatcher):
        while not matcher._atend:
            matcher._read_ids()
            matcher._read_weights()
            documents.extend(matcher._ids)
            weights.extend(matcher._weights)
            matcher._next_block()
    else:  # of a rare term, kept in the dictionary itself
        while matcher.is_active():
            documents.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
    return Postings(np.array(documents, dtype=np.int32), np.array(weights, dtype=np.float32))


def _known(key: tuple[Any, ...]) -> Any:
    with _lock:
        if (known := _kept.get(key)) is not None:
            _kept.move_to_end(key)
        return known


def _keep(key: tuple[Any, ...], made: Any) -> Any:
    """Remember arrays; what was longest not asked for goes when there are too many."""
    global _size
    with _lock:
        if key not in _kept:
            _kept[key] = made
            _size += _bytes(made)
            while _size > KEPT and len(_kept) > 1:
                _size -= _bytes(_kept.popitem(last=False)[1])
    return made


def _bytes(made: Any) -> int:
    return 200 + sum(array.nbytes for array in made)
