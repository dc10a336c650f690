"""What a search's results are made of: the hits of one article, or of one question and its answers, judged together."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q

from community.models import Answer, Question
from kb.models import Article
from portal.core.search import ranking, sureness, synonyms
from portal.core.search.lookup import Hit, Lookup

# What breaks a tie between things that are equally near: an article, then what solved somebody's problem.
_BEFORE = {"article": 0.04, "answer": 0.02, "question": 0.0}
_OWN_LANGUAGE = 0.05
_SAME_PRODUCT = 0.06
# A result of the search page holds at least this share of what the query says.
_LEAST_COVERED = 0.34


@dataclass
class Group:
    """What one result is made of: an article's hit, or the hits of a question and its answers, nearest first."""

    kind: str
    pk: int
    order: float
    confidence: float
    hits: list[tuple[Lookup, Hit]]
    solved: bool = True
    created: datetime = datetime(1, 1, 1, tzinfo=UTC)
    helpful: int = 0
    became: int | None = None  # the article that was made of this answer
    parts: dict[str, float] = field(default_factory=dict)  # what `order` is the sum of

    @property
    def best(self) -> Hit:
        return self.hits[0][1]


def grouped(looks: list[Lookup], *, language: str, full: bool, product: str = "") -> list[Group]:
    """Judge every hit and fold those of one thread into one."""
    groups: dict[tuple[str, int], Group] = {}
    rule = sureness.in_force()
    for looked in (reading for each in looks for reading in synonyms.readings(each)):
        for each, hit in _near(looked, full=full):
            parts = ranking.parts(each, looked.families)
            parts["language"] = _OWN_LANGUAGE * (hit.language == language)
            if product and hit.product:
                parts["product"] = _SAME_PRODUCT if hit.product == product else -_SAME_PRODUCT
            order = sum(parts.values())
            sure = rule.read(ranking.confidence(looked.wanted, each, looked.families))
            key = ("article", hit.pk) if hit.kind == "article" else ("question", hit.question or 0)
            if (group := groups.get(key)) is None:
                groups[key] = Group(
                    *key, order, sure, [(looked, hit)], created=hit.created.replace(tzinfo=UTC), parts=parts
                )
                continue
            group.confidence = max(group.confidence, sure)
            if order > group.order:
                group.hits, group.order, group.parts = [(looked, hit), *group.hits], order, parts
            else:
                group.hits.append((looked, hit))
    return list(groups.values())


def _near(looked: Lookup, *, full: bool) -> list[tuple[ranking.Nearness, Hit]]:
    """The hits that have something to do with the query: those with enough of its words, and the nearest by meaning.

    Meaning alone counts only where the best of all is about the query at all: something is always nearer than the rest.
    """
    families = looked.families
    near = [(ranking.nearness(looked.wanted, hit, families), hit) for hit in looked.hits]
    if full or not near:
        return near
    least = min(_LEAST_COVERED, 0.6 * max(each.covered for each, _hit in near))
    kept = [pair for pair in near if pair[0].covered >= least > 0]
    if not families:
        return kept
    near.sort(key=lambda pair: -ranking.order(pair[0], families))
    if not ranking.is_about(looked.wanted, near[0][0], families):
        return kept
    return near[: ranking.BY_MEANING] + [
        (each, hit) for each, hit in near[ranking.BY_MEANING :] if each.covered >= least > 0
    ]


def visible(groups: list[Group], by: Any, *, helpful: bool = False) -> list[Group]:
    """Those that are public now, whatever the index thinks; a question with a public accepted answer stands as it."""
    wanted = [group.pk for group in groups if group.kind == "article"]
    articles = Article.objects.visible_to(by).published().filter(pk__in=wanted)
    threads = Question.objects.visible_to(by).public()
    threads = threads.filter(pk__in=[group.pk for group in groups if group.kind == "question"])
    said = [hit.pk for group in groups for _looked, hit in group.hits if hit.kind == "answer"]
    answers = (
        set(Answer.objects.visible_to(by).public().filter(pk__in=said).values_list("pk", flat=True))
        if said
        else set()
    )
    columns = [
        "accepted_answer",
        "accepted_answer__status",
        "solved_at",
        "accepted_answer__promotion__article",
    ]
    if helpful:
        articles = articles.with_feedback()
        threads = threads.annotate(
            helpful=Count("answers__votes", filter=Q(answers__votes__helpful=True, answers__status="open"))
        )
    counted = ["helpful"] if helpful else []
    rows = {}
    if len(wanted) < len(groups):
        rows = {row.pop("pk"): row for row in threads.values("pk", *columns, *counted)}
    own = {row.pop("pk"): row for row in articles.values("pk", *counted)} if wanted else {}
    kept = []
    for group in groups:
        row = (own if group.kind == "article" else rows).get(group.pk)
        if row is None:
            continue
        # A hidden answer neither shows its words nor makes its question found.
        group.hits = [pair for pair in group.hits if pair[1].kind != "answer" or pair[1].pk in answers]
        if not group.hits:
            continue
        if group.kind == "question":
            group.solved = row["solved_at"] is not None
            if row["accepted_answer"] and row["accepted_answer__status"] == Answer.Status.OPEN:
                group.kind, group.pk = "answer", row["accepted_answer"]
                group.became = row["accepted_answer__promotion__article"]
        group.parts["kind"] = _BEFORE[group.kind]
        group.order += _BEFORE[group.kind]
        group.helpful = row.get("helpful", 0)
        kept.append(group)
    return _lift(kept)


def _lift(groups: list[Group]) -> list[Group]:
    """An article stands before the answers that it was made of, however their askers put it."""
    articles = {group.pk: group for group in groups if group.kind == "article"}
    for group in groups:
        if group.became and (article := articles.get(group.became)):
            article.order = max(article.order, group.order + _BEFORE["article"])
            article.confidence = max(article.confidence, group.confidence)
    return groups
