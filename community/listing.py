"""A search without words: what carries the filters, newest first, straight from the database."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from community.models import Answer, Question
from community.narrowing import Scope, threads_of
from kb.models import Article

MOST_TAGS = 20
_ANSWERED = Q(accepted_answer__status=Answer.Status.OPEN)
# Among equally new ones an article comes first.
_ARTICLE, _THREAD = 0, 1


@dataclass
class Listing:
    """One page: (kind, key) in order, how many there are in all, and where the pages beside it begin."""

    rows: list[tuple[str, int]] = field(default_factory=list)
    count: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    start: int = 0
    next: tuple[float, ...] | None = None
    previous: tuple[float, ...] | None = None


def listed(
    scope: Scope, *, by: Any, sort: str, place: tuple[float, ...] | None, back: bool, limit: int
) -> Listing:
    """The page behind (or before) a place. The number of queries is always the same."""
    articles, threads = _articles(scope, by), _threads(scope, by)
    found = Listing()
    found.facets, found.count = _facets(scope, articles, threads)
    articles, threads = _of_kind(scope, articles, threads)
    number = int(place[3]) if place and len(place) > 3 else 0
    keyed = _after(articles, threads, sort, place, back=back, limit=limit + 1)
    more, keyed = len(keyed) > limit, keyed[:limit]
    if back:
        keyed.reverse()
    found.rows = [(kind, pk) for _key, kind, pk in keyed]
    if place is not None:
        found.start = max(0, number - len(keyed)) if back else number
    if keyed and (back or more):
        found.next = (*keyed[-1][0], found.start + len(keyed))
    if keyed and (more if back else place is not None):
        found.previous = (*keyed[0][0], found.start)
    return found


def _articles(scope: Scope, by: Any) -> QuerySet[Article]:
    found = Article.objects.visible_to(by).published()
    gone = [pk for kind, pk in scope.gone if kind == "article"]
    return _narrowed(found.filter(owner=scope.person) if scope.person else found, scope).exclude(pk__in=gone)


def _threads(scope: Scope, by: Any) -> QuerySet[Question]:
    found = threads_of(scope.person, by) if scope.person else Question.objects.visible_to(by).public()
    gone = [pk for kind, pk in scope.gone if kind == "question"]
    return _narrowed(found, scope).exclude(pk__in=gone)


def _narrowed(rows: Any, scope: Scope) -> Any:
    for tag in scope.asked.tags:
        rows = rows.filter(tags__name=tag)
    if scope.product:
        rows = rows.filter(product=scope.product)
    if scope.asked.language:
        rows = rows.filter(language=scope.asked.language)
    return rows


def _in_state(scope: Scope, articles: Any, threads: Any) -> tuple[Any, Any]:
    """An article is solved by nature."""
    state = scope.asked.state
    if state == "solved":
        return articles, threads.solved()
    if state == "unsolved":
        return articles.none(), threads.filter(solved_at=None)
    if state == "unanswered":
        return articles.none(), threads.unanswered()
    return articles, threads


def _of_kind(scope: Scope, articles: Any, threads: Any) -> tuple[Any, Any]:
    articles, threads = _in_state(scope, articles, threads)
    kind = scope.asked.kind
    if kind == "article":
        return articles, threads.none()
    if kind == "answer":
        return articles.none(), threads.filter(_ANSWERED)
    if kind == "question":
        return articles.none(), threads.exclude(_ANSWERED)
    return articles, threads


def _facets(scope: Scope, articles: Any, threads: Any) -> tuple[dict[str, dict[str, int]], int]:
    """How many there are of each; the kind and the state are counted without their own filter. And how many in all."""
    stated = _in_state(scope, articles, threads)
    shown = _of_kind(scope, articles, threads)
    kinds = {"article": stated[0].count()} | stated[1].aggregate(
        answer=Count("pk", filter=_ANSWERED),
        question=Count("pk", filter=~_ANSWERED | Q(accepted_answer=None)),
    )
    products: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for rows in shown:
        for slug, language, n in (
            rows.values_list("product__slug", "language").annotate(n=Count("pk")).order_by()
        ):
            languages[language] += n
            products[slug or ""] += n
        named = type(rows)(rows.model).filter(pk__in=rows.order_by().values("pk"))
        tags.update(
            dict(named.exclude(tags=None).values_list("tags__name").annotate(n=Count("pk")).order_by())
        )
    count = sum(languages.values())
    products.pop("", None)
    states = _states(scope, articles, threads)
    facets = {
        "kind": {kind: n for kind, n in kinds.items() if n}, "product": dict(products.most_common()),
        "tag": dict(tags.most_common(MOST_TAGS)), "language": dict(languages), "solved": states,
    }  # fmt: skip
    return facets, count


def _states(scope: Scope, articles: Any, threads: Any) -> dict[str, int]:
    """Solved or not, among those of the kind that is asked for."""
    kind = scope.asked.kind
    if kind in ("answer", "question"):
        threads = threads.filter(_ANSWERED) if kind == "answer" else threads.exclude(_ANSWERED)
    solved, unsolved = Q(solved_at__isnull=False), Q(solved_at=None)
    counted = {"true": 0, "false": 0}
    if kind != "article":
        counted = threads.aggregate(true=Count("pk", filter=solved), false=Count("pk", filter=unsolved))
    if kind in ("", "article"):
        counted["true"] += articles.count()
    return {name: n for name, n in counted.items() if n}


def _after(
    articles: Any, threads: Any, sort: str, place: tuple[float, ...] | None, *, back: bool, limit: int
) -> list[tuple[tuple[float, float, float], str, int]]:
    """The keys of the next rows in this direction, nearest to the place first."""
    column = "created_at"
    if sort == "helpful":
        column = "helpful"
        articles, threads = articles.with_feedback(), threads.with_helpful_votes()
    keyed = []
    for rank, rows in ((_ARTICLE, articles), (_THREAD, threads)):
        if place is not None:
            rows = rows.filter(_beyond(column, rank, place, back))
        signs = ("", "pk") if back else ("-", "-pk")
        rows = rows.order_by(f"{signs[0]}{column}", signs[1])
        if rank == _ARTICLE:
            picked = ((value, pk, "article") for value, pk in rows.values_list(column, "pk")[:limit])
            keyed += [(_key(value, rank, pk), kind, pk) for value, pk, kind in picked]
            continue
        answered = rows.annotate(answered_by=F("accepted_answer"), answer_state=F("accepted_answer__status"))
        columns = answered.values_list(column, "pk", "answered_by", "answer_state")
        for value, pk, answer, state in columns[:limit]:
            is_answer = answer is not None and state == Answer.Status.OPEN
            kind, shown = ("answer", answer) if is_answer else ("question", pk)
            keyed.append((_key(value, rank, pk), kind, shown))
    return sorted(keyed, reverse=back)[:limit]


def _key(value: Any, rank: int, pk: int) -> tuple[float, float, float]:
    """Ascending: the first is the newest or the most helpful."""
    return (-(value.timestamp() if isinstance(value, datetime) else float(value)), float(rank), float(-pk))


def _beyond(column: str, rank: int, place: tuple[float, ...], back: bool) -> Q:
    """What stands behind a place, or before it."""
    value: Any = -place[0]
    if column == "created_at":
        value = datetime.fromtimestamp(value, UTC)
    less, more = ("gt", "lt") if back else ("lt", "gt")
    further = Q(**{f"{column}__{less}": value})
    same_rank = rank == int(place[1])
    later_rank = rank < place[1] if back else rank > place[1]
    if same_rank:
        return further | Q(**{column: value, f"pk__{less}": int(-place[2])})
    return further | Q(**{column: value}) if later_rank else further
