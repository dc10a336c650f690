"""One search over articles, answers and questions: the index proposes, the database decides who may see."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from whoosh import query as q

from community.models import Answer, Question
from kb.models import Article
from portal.core.models import Product
from portal.core.search.excerpts import matching_sentence
from portal.core.search.lookup import Hit, Lookup, look_up
from portal.core.search.ranking import SURE_ENOUGH, confidence, nearness, relevance

KINDS = ("article", "answer", "question")
RELEVANT = 0.25  # of what a search says must stand in a result


@dataclass(frozen=True)
class Found:
    """One result. An answer stands for its question; `object` is the Article, Answer or Question itself."""

    kind: str
    object: Any
    title: str
    excerpt: str
    highlights: str  # the excerpt as safe HTML with <mark>
    url: str
    confidence: float
    external_id: str


@dataclass
class Page:
    """A page of results; `count` and `facets` only count what this reader may see."""

    results: list[Found] = field(default_factory=list)
    count: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    next_cursor: str = ""
    previous_cursor: str = ""


@dataclass
class _Near:
    """An article, or a question with its answers, and the entry that is nearest of it."""

    hit: Hit
    score: float
    sure: float
    object: Any = None
    kind: str = ""


def find(
    text: str, *, by: Any, kinds: tuple[str, ...] = KINDS, language: str = "", product: str | None = None,
    tag: str | None = None, solved: bool | None = None, sort: str = "relevance", cursor: str = "", limit: int = 20,
) -> Page:  # fmt: skip
    """All that matches, best first. A question and its answers are one result: the accepted answer, else the question."""
    looked = look_up(text, within=_within(language, product, tag, solved))
    near = [each for each in _seen(_folded(looked, language or "", None)) if each.hit and _relevant(each)]
    counted = _facets(near)
    near = _sorted([each for each in near if each.kind in kinds], sort)
    start = int(cursor) if cursor.isdecimal() and len(cursor) < 6 else 0
    shown = near[start : start + limit]
    return Page(
        results=[_found(each, looked) for each in shown],
        count=len(near),
        facets=counted,
        next_cursor=str(start + limit) if len(near) > start + limit else "",
        previous_cursor=str(max(0, start - limit)) if start else "",
    )


def suggest(
    text: str, *, by: Any, language: str = "", product: Product | None = None, release: Any = None, limit: int = 5,
    besides: int | None = None,
) -> list[Found]:  # fmt: skip
    """What already answers this, as far as the portal is sure: published articles and accepted answers, else nothing.

    `besides` is a question that is left out with its answers: nobody needs their own.
    """
    looked = look_up(text)
    near = [
        each
        for each in _seen(_folded(looked, language, product))
        if each.kind != "question"
        and each.sure >= SURE_ENOUGH
        and (each.kind == "article" or each.object.question_id != besides)
    ]
    return [_found(each, looked) for each in _sorted(near, "relevance")[:limit]]


def _within(language: str, product: str | None, tag: str | None, solved: bool | None) -> q.Query | None:
    parts: list[q.Query] = []
    if language:
        parts.append(q.Term("language", language))
    if product:
        parts.append(q.Term("product", product))
    if tag:
        parts.append(q.Term("tags", tag))
    if solved is not None:
        parts.append(q.Term("solved", solved))
    return q.And(parts) if parts else None


def _folded(looked: Lookup, language: str, product: Product | None) -> dict[tuple[str, int], _Near]:
    """The nearest entry of each article and of each question."""
    best: dict[tuple[str, int], _Near] = {}
    for hit in looked.hits:
        near = nearness(looked.wanted, hit)
        elsewhere = product is not None and bool(hit.product) and hit.product != product.slug
        score = relevance(
            near, kind=hit.kind, accepted=hit.accepted, own_language=not language or hit.language == language
        )
        sure = confidence(near, terms=len([want for want in looked.wanted if not want.extra]))
        if elsewhere:
            score, sure = score * 0.8, sure * 0.6
        key = ("article", hit.pk) if hit.kind == "article" else ("question", hit.question or hit.pk)
        before = best.get(key)
        if before is None or score > before.score:
            best[key] = _Near(hit, score, max(sure, before.sure if before else 0.0))
        elif sure > before.sure:
            before.sure = sure
    return best


def _seen(best: dict[tuple[str, int], _Near]) -> list[_Near]:
    """Only what the database says is public now, with its rows: one query for each kind."""
    articles = (
        Article.objects.published()
        .select_related("product")
        .in_bulk([pk for kind, pk in best if kind == "article"])
    )
    asked = Question.objects.public().select_related("accepted_answer", "product")
    questions = asked.in_bulk([pk for kind, pk in best if kind == "question"])
    seen = []
    for (kind, pk), near in best.items():
        row: Any = (articles if kind == "article" else questions).get(pk)
        if row is None:
            continue
        if kind == "article":
            near.kind, near.object = "article", row
        elif row.accepted_answer is not None and row.accepted_answer.is_public:
            row.accepted_answer.question = row
            near.kind, near.object = "answer", row.accepted_answer
        else:
            near.kind, near.object = "question", row
        seen.append(near)
    return seen


def _relevant(near: _Near) -> bool:
    return near.score >= RELEVANT


def _sorted(near: list[_Near], sort: str) -> list[_Near]:
    if sort == "new":
        return sorted(near, key=lambda each: each.hit.created, reverse=True)
    if sort == "helpful":
        votes = _helpful(near)
        return sorted(near, key=lambda each: (-votes.get((each.kind, each.object.pk), 0), -each.score))
    return sorted(near, key=lambda each: -each.score)


def _helpful(near: list[_Near]) -> dict[tuple[str, int], int]:
    """How many people found each helpful."""
    articles = Article.objects.filter(
        pk__in=[each.object.pk for each in near if each.kind == "article"]
    ).with_feedback()
    answers = Answer.objects.filter(
        pk__in=[each.object.pk for each in near if each.kind == "answer"]
    ).with_votes()
    votes = {("article", pk): n for pk, n in articles.values_list("pk", "helpful")}  # type: ignore[misc]
    return votes | {("answer", pk): n for pk, n in answers.values_list("pk", "helpful")}


def _facets(near: list[_Near]) -> dict[str, dict[str, int]]:
    return {
        "kind": dict(Counter(each.kind for each in near)),
        "product": dict(Counter(each.hit.product for each in near if each.hit.product)),
        "tag": dict(Counter(tag for each in near for tag in each.hit.tags)),
        "language": dict(Counter(each.hit.language for each in near)),
        "solved": dict(Counter(str(each.hit.solved).lower() for each in near if each.kind != "article")),
    }


def _found(near: _Near, looked: Lookup) -> Found:
    plain, marked = matching_sentence(near.hit, {want.text for want in looked.wanted})
    thing = near.object
    title_of = thing.question if near.kind == "answer" else thing
    return Found(
        kind=near.kind, object=thing, title=title_of.title, excerpt=plain, highlights=marked, url=thing.get_absolute_url(),
        confidence=round(near.sure, 3), external_id=title_of.external_id or "",
    )  # fmt: skip
