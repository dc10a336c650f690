"""The score that is summed from arrays is the engine's own, over several segments and with deleted entries between."""

from pathlib import Path

import pytest
from whoosh import query as q

from community.models import Question
from portal.core import search
from portal.core.search import lookup, postings, writing
from portal.core.search.indexing import backend
from portal.core.search.rarity import rarity
from tests.factories import make_question

pytestmark = pytest.mark.django_db


def both(text: str, limit: int, within: q.Query | None = None) -> tuple[list, list]:
    """What Whoosh finds and what the arrays find: (document, score), best first."""

    def look(searcher) -> tuple[list, list]:
        words = [
            (word, weight, rarity(searcher.reader().doc_frequency("text", word), searcher.doc_count_all()))
            for word, weight, _extra in lookup.weigh(text)
        ]
        fields = ("text", "title")
        query = q.Or([q.Term(name, word, boost=weight) for word, weight, _idf in words for name in fields])
        hits = backend().best(searcher, query, limit=limit, within=within)
        parts = [postings.Part(name, word, idf, weight) for word, weight, idf in words for name in fields]
        return (
            [(hits.docnum(at), hits.score(at)) for at in range(hits.scored_length())],
            postings.best(searcher, parts, limit, within),
        )

    return backend().read(look)


def test_the_same_entries_in_the_same_order_with_the_same_scores(index: Path) -> None:
    said = [
        "The battery drains",
        "배터리가 빨리 닳아요",
        "Battery battery and a case",
        "A case for the camera",
    ]
    made = []
    for batch in range(3):  # each written by itself: a segment of its own
        for number in range(8):
            body = f"{said[number % 4]}. " * (number % 3 + 1) + "It is new. " * batch
            made.append(make_question(title=f"{said[(number + batch) % 4]} {number}", body=body))
            search.changed("question", made[-1].pk)
        writing.flush_now()
    gone = [question.pk for question in made[::5]]
    Question.objects.filter(pk__in=gone).update(status="removed")
    search.changed_many("question", gone)
    writing.flush_now()

    for text in ("battery", "battery case", "배터리 battery drains\nwith a case", "nothing of this kind"):
        for limit in (3, 100):
            for within in (None, q.Term("language", "en"), q.NumericRange("pk", made[4].pk, made[17].pk)):
                theirs, ours = both(text, limit, within)
                assert [number for number, _score in ours] == [number for number, _score in theirs], text
                assert [score for _number, score in ours] == pytest.approx([score for _n, score in theirs])
    assert len(both("battery", 100)[1]) > 10
