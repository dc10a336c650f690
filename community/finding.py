"""One search over articles, answers and questions: the index proposes, the database decides who may see.

A question and its answers are one result: the accepted answer where there is one, else the question.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.html import format_html
from whoosh import query as terms

from community.grouping import Group, grouped, visible
from community.listing import listed
from community.models import Answer, Question
from community.narrowing import Scope, scope_of
from kb.models import Article
from portal.core.models import Product
from portal.core.search import excerpts, ranking, respelling, sureness
from portal.core.search.analysis import terms as terms_of
from portal.core.search.lookup import look_up
from portal.core.search.steps import FoundStep, nearest_step
from portal.core.search.syntax import Asked
from portal.core.text import excerpt as first_words
from portal.core.text import guess_language

KINDS = ("article", "answer", "question")
# What each state says of a result being solved.
_STATES = {"solved": True, "unsolved": False, "unanswered": False}


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
    step: FoundStep | None = None  # of an article with numbered steps, the one that answers
    parts: dict[str, float] = field(default_factory=dict)  # what its place is the sum of, by name

    @property
    def step_url(self) -> str:
        """Where the step stands, else where the result does."""
        return f"{self.url}#{quote(self.step.anchor)}" if self.step else self.url


class Suggestions(list[Found]):
    """What may well solve it, best first; `best` is the confidence of the likeliest one, shown or not."""

    def __init__(self, found: Iterable[Found] = (), *, best: float = 0.0) -> None:
        super().__init__(found)
        self.best = best


@dataclass
class Page:
    """A page of results; `count` and `facets` only count what this reader may see."""

    results: list[Found] = field(default_factory=list)
    count: int = 0
    facets: dict[str, dict[str, int]] = field(
        default_factory=lambda: {name: {} for name in ("kind", "product", "tag", "language", "solved")}
    )
    start: int = 0  # how many results stand on the pages before
    next_cursor: str = ""
    previous_cursor: str = ""
    scope: Scope = field(default_factory=lambda: Scope(Asked()))  # what was understood
    did_you_mean: str = ""  # another search, as it would be typed
    instead_of: str = ""  # what was typed, where these are the results of what was meant


def find(
    asked: Asked | str, *, by: Any, kinds: tuple[str, ...] = KINDS, language: str = "", product: str | None = None,
    tag: str | None = None, solved: bool | None = None, sort: str = "relevance", cursor: str = "", limit: int = 20,
) -> Page:  # fmt: skip
    """One page of what matches the words and the filters, among what this reader may see.

    A plain string is words, whatever stands in it. Filters given beside it narrow it further; filters without any words
    list what carries them, the newest first.
    """
    asked = Asked(words=asked) if isinstance(asked, str) else asked
    asked = asked.narrowed(
        kind=kinds[0] if len(kinds) == 1 else "", language=language, product=product or "", tag=tag or "",
        state={True: "solved", False: "unsolved", None: ""}[solved],
    )  # fmt: skip
    scope = scope_of(asked, by)
    if scope.unknown:
        return Page(scope=scope)
    if not terms_of(asked.text):
        return _listed(scope, by, sort, cursor, limit) if asked.filters else Page(scope=scope)
    (groups,) = matching([scope], by, helpful=sort == "helpful")
    kinds = (asked.kind,) if asked.kind else KINDS
    page = Page(facets=_facets(groups, kinds, _STATES.get(asked.state)), scope=scope)
    groups = [group for group in groups if fits(group, asked)]
    page.count = len(groups)
    keyed = sorted((_key(group, sort), group) for group in groups)
    _cut(page, keyed, cursor, limit, by)
    return page


def matching(scopes: list[Scope], by: Any, *, helpful: bool = False) -> list[list[Group]]:
    """All that matches the words of each search; kind and state are still to be chosen from.

    The database is asked once for all of them.
    """
    lists = []
    for scope in scopes:
        asked = scope.asked
        looked = look_up(asked.text, within=scope.within)
        groups = grouped([looked], language=guess_language(asked.text, asked.language), full=False)
        lists.append([group for group in groups if (group.kind, group.pk) not in scope.gone])
    seen = {
        id(group) for group in visible([group for groups in lists for group in groups], by, helpful=helpful)
    }
    kept = [[group for group in groups if id(group) in seen] for groups in lists]
    if any(scope.asked.state == "unanswered" for scope in scopes):
        pks = [group.pk for groups in kept for group in groups if group.kind == "question"]
        waiting = set(Question.objects.filter(pk__in=pks).unanswered().values_list("pk", flat=True))
        for at, scope in enumerate(scopes):
            if scope.asked.state == "unanswered":
                kept[at] = [group for group in kept[at] if group.kind == "question" and group.pk in waiting]
    return kept


def count_each(scopes: list[Scope], by: Any) -> list[int]:
    """How many results this reader would get from each of these searches."""
    return [
        sum(fits(group, scope.asked) for group in groups)
        for scope, groups in zip(scopes, matching(scopes, by) if scopes else [], strict=True)
    ]


def fits(group: Group, asked: Asked) -> bool:
    """Whether it is of the kind and in the state that is asked for."""
    return asked.kind in ("", group.kind) and _STATES.get(asked.state) in (None, group.solved)


def _listed(scope: Scope, by: Any, sort: str, cursor: str, limit: int) -> Page:
    back, place = _decoded(cursor)
    found = listed(
        scope, by=by, sort=sort, place=place if place and len(place) > 2 else None, back=back, limit=limit
    )
    page = Page(count=found.count, facets=found.facets, start=found.start, scope=scope)
    page.results = _made([Group(kind, pk, 0.0, 0.0, []) for kind, pk in found.rows], by)
    if found.next:
        page.next_cursor = _encoded(False, found.next)
    if found.previous:
        page.previous_cursor = _encoded(True, found.previous)
    return page


def suggest(
    text: str, *, by: Any, language: str = "", product: Product | None = None, release: Any = None, limit: int = 5,
    besides: int | None = None, least: float | None = None,
) -> Suggestions:  # fmt: skip
    """Articles and accepted answers that may well solve this; nothing rather than something far off.

    An answer that became an article is not offered beside it.

    `least` is the confidence that it takes, if it is not the site's.
    `besides` is a question that is left out with its answers: nobody needs their own.
    The first line is the problem in short. It counts by itself too: what it says is not diluted by a long story.
    What was typed on the other keyboard and finds nothing is read as it was meant.
    """
    head, _newline, story = text.strip().partition("\n")
    looks = [look_up(head, limit=60)]
    if story.strip():
        looks.append(look_up(text, limit=60))
    slug = product.slug if product else ""
    groups = grouped(looks, language=guess_language(text, language), product=slug, full=True)
    groups = visible([group for group in groups if group.kind == "article" or group.pk != besides], by)
    official = {group.pk for group in groups if group.kind == "article"}
    answers = [group for group in groups if group.kind != "question" and group.became not in official]
    least = sureness.in_force().least if least is None else least
    sure = [group for group in answers if group.confidence >= least]
    sure.sort(key=lambda group: (-group.order, group.kind, -group.pk))
    sure = [group for group in sure if group.confidence >= ranking.BESIDE_THE_FIRST * sure[0].confidence]
    # Once read as meant every word says something here: it is not read another way again.
    if not sure and (meant := respelling.reread(text)):
        return suggest(
            meant, by=by, language=language, product=product, release=release, limit=limit, besides=besides,
            least=least,
        )  # fmt: skip
    best = max((group.confidence for group in answers), default=0.0)
    return Suggestions(_made(sure[:limit], by), best=round(best, 3))


def only(kind: str, pk: int) -> terms.Query:
    """A filter that leaves one entry: how near is this one?"""
    return terms.And([terms.Term("kind", kind), terms.NumericRange("pk", pk, pk)])


def questions_before(pk: int) -> terms.Query:
    """A filter that leaves the questions older than this one."""
    return terms.And([terms.Term("kind", "question"), terms.NumericRange("pk", None, pk - 1)])


def _facets(groups: list[Group], kinds: tuple[str, ...], solved: bool | None) -> dict[str, dict[str, int]]:
    """How many there are of each; the kind and the state are counted without their own filter."""
    stated = [group for group in groups if solved in (None, group.solved)]
    shown = [group for group in stated if group.kind in kinds]
    return {
        "kind": dict(Counter(group.kind for group in stated)),
        "product": dict(Counter(group.best.product for group in shown if group.best.product).most_common()),
        "tag": dict(Counter(tag for group in shown for tag in group.best.tags).most_common(20)),
        "language": dict(Counter(group.best.language for group in shown)),
        "solved": dict(Counter(str(group.solved).lower() for group in groups if group.kind in kinds)),
    }


def _key(group: Group, sort: str) -> tuple[float, ...]:
    """Ascending: the first is the best. Ends in what is never equal."""
    tie = (KINDS.index(group.kind), -group.pk)
    if sort == "new":
        return (-group.created.timestamp(), *tie)
    if sort == "helpful":
        return (-group.helpful, -round(group.order, 6), *tie)
    return (-round(group.order, 6), *tie)


def _cut(page: Page, keyed: list[tuple[tuple[float, ...], Group]], cursor: str, limit: int, by: Any) -> None:
    """The page behind (or before) the place that the cursor names."""
    back, place = _decoded(cursor)
    if place is None:
        start = 0
    elif back:
        start = max(0, sum(key < place for key, _group in keyed) - limit)
    else:
        start = sum(key <= place for key, _group in keyed)
    shown, page.start = keyed[start : start + limit], start
    page.results = _made([group for _key, group in shown], by)
    if shown and start + limit < len(keyed):
        page.next_cursor = _encoded(False, shown[-1][0])
    if shown and start > 0:
        page.previous_cursor = _encoded(True, shown[0][0])


def _encoded(back: bool, place: tuple[float, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps([back, *place]).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[bool, tuple[float, ...] | None]:
    """What a cursor names; a made-up one is the first page."""
    try:
        back, *place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return bool(back), tuple(float(number) for number in place) or None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False, None


def _made(groups: list[Group], by: Any) -> list[Found]:
    """The rows behind the results, one query for each kind."""
    pks: dict[str, list[int]] = {kind: [group.pk for group in groups if group.kind == kind] for kind in KINDS}
    rows: dict[str, dict[int, Any]] = {
        "article": Article.objects.visible_to(by)
        .select_related("product", "published_revision")
        .in_bulk(pks["article"]),
        "answer": Answer.objects.visible_to(by)
        .select_related("question__product", "author")
        .in_bulk(pks["answer"]),
        "question": Question.objects.visible_to(by)
        .select_related("product", "author")
        .in_bulk(pks["question"]),
    }
    return [_found(group, rows[group.kind][group.pk]) for group in groups if group.pk in rows[group.kind]]


def _found(group: Group, row: Any) -> Found:
    named = row.question if group.kind == "answer" else row
    own = [pair for pair in group.hits if (pair[1].kind, pair[1].pk) == (group.kind, group.pk)]
    if group.hits:
        looked, hit = (own or group.hits)[0]
        plain, marked = excerpts.matching_sentence(looked.wanted, hit)
        step = (
            nearest_step(looked.wanted, hit, row.published_revision.html) if hit.kind == "article" else None
        )
    else:  # listed, not searched: nothing matched, so its first words
        body = row.published_revision if group.kind == "article" else row
        plain = first_words(body.html if body else "")
        marked, step = format_html("{}", plain), None
    return Found(
        kind=group.kind, object=row, title=named.title, excerpt=plain, highlights=marked,
        url=row.get_absolute_url(), confidence=round(group.confidence, 3), external_id=named.external_id or "",
        step=step, parts=group.parts,
    )  # fmt: skip
