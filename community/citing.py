"""Keeps the citations of answers in step with their text."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from community.models import Answer, Citation, Question
from kb.models import Article, Redirect

_HREF = re.compile(r'<a href="([^"]*)"')
MOST = 50  # of one answer: what links to more is a list, not a citation


def note_citations(answers: Iterable[Answer]) -> None:
    """Write down what these answers' texts link to now, and drop what they do not any more. Harmless to repeat.

    Only what is public counts, and never the answer's own question.
    """
    answers = list(answers)
    linked = {answer.pk: _linked(answer.html) for answer in answers}
    articles = _articles({slug for slugs, _pks in linked.values() for slug in slugs})
    wanted_pks = {pk for _slugs, pks in linked.values() for pk in pks}
    questions = (
        set(Question.objects.public().filter(pk__in=wanted_pks).values_list("pk", flat=True))
        if wanted_pks
        else set()
    )
    wanted: set[tuple[int, int | None, int | None]] = set()
    for answer in answers:
        slugs, pks = linked[answer.pk]
        wanted |= {(answer.pk, articles[slug], None) for slug in slugs if slug in articles}
        wanted |= {(answer.pk, None, pk) for pk in pks if pk in questions and pk != answer.question_id}
    known = {
        (row.answer_id, row.article_id, row.question_id): row.pk
        for row in Citation.objects.filter(answer__in=linked)
    }
    if gone := [pk for key, pk in known.items() if key not in wanted]:
        Citation.objects.filter(pk__in=gone).delete()
    Citation.objects.bulk_create(
        [
            Citation(answer_id=answer, article_id=article, question_id=question)
            for answer, article, question in sorted(wanted - known.keys(), key=str)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _linked(html: str) -> tuple[set[str], set[int]]:
    """The slugs of articles and the keys of questions that a text's links lead to."""
    slugs: set[str] = set()
    pks: set[int] = set()
    for href in _HREF.findall(html):
        if len(slugs) + len(pks) >= MOST:
            break
        if (path := _own_path(unescape(href))) is None:
            continue
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if found.view_name == "kb:article":
            slugs.add(found.kwargs["slug"])
        elif found.view_name in ("community:question", "community:question_short"):
            pks.add(found.kwargs["pk"])
    return slugs, pks


def _own_path(href: str) -> str | None:
    """The path of an address of this site, else None."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    own = urlsplit(settings.SITE_URL)
    if parts.netloc and (parts.scheme not in ("http", "https") or parts.netloc != own.netloc):
        return None
    return unquote(parts.path) if parts.path.startswith("/") else None


def _articles(slugs: set[str]) -> dict[str, int]:
    """The published articles at these addresses; an old address counts for the article that it leads to."""
    if not slugs:
        return {}
    published = Article.objects.published()
    found = dict(published.filter(slug__in=slugs).values_list("slug", "pk"))
    if missing := slugs - found.keys():
        moved = Redirect.objects.filter(slug__in=missing, article__in=published)
        found |= dict(moved.values_list("slug", "article"))
    return found
