"""Suggestions for a posted question: what already exists and may answer it."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from community import finding
from community.models import Question, Suggestion
from kb.models import Article
from portal.core.search import ranking
from portal.core.search.analysis import terms
from portal.core.search.lookup import look_up
from portal.core.search.words import ASKING
from portal.core.text import plain

MOST = 3
OFFERED_TO = 20
ALIKE = 0.5  # two titles of which the shorter one shares so much


@transaction.atomic
def suggest_for_question(question: Question) -> list[Suggestion]:
    """Write down what may answer a question and that it was looked at. Harmless to repeat.

    Only what any visitor may see is suggested, never the question's own answers.
    """
    found = finding.suggest(
        f"{question.title}\n{plain(question.html)}", by=AnonymousUser(), language=question.language,
        product=question.product, release=question.release, limit=MOST, besides=question.pk,
    )  # fmt: skip
    rows = [
        Suggestion.objects.get_or_create(
            question=question,
            **{each.kind: each.object},
            defaults={"confidence": each.confidence, "position": position},
        )[0]
        for position, each in enumerate(found, start=1)
    ]
    Question.objects.filter(pk=question.pk, suggested_at=None).update(suggested_at=timezone.now())
    return rows


def reasons_for(suggestion: Suggestion, question: Question) -> list[str]:
    """Why a suggestion stands under its question, in codes that are true now: title or text, and product."""
    thread: Any = suggestion.article or suggestion.answer.question  # type: ignore[union-attr]
    reasons = ["title" if _alike(question.title, thread.title) else "text"]
    if question.product_id and thread.product_id == question.product_id:
        reasons.append("product")
    return reasons


def _alike(one: str, other: str) -> bool:
    said = [{term.text for term in terms(title) if not term.extra} - ASKING for title in (one, other)]
    shared = len(said[0] & said[1])
    return shared >= 2 and shared >= ALIKE * min(map(len, said))


@transaction.atomic
def offer_article(article_pk: int) -> list[Question]:
    """Suggest a new article to the open, unsolved questions that it would answer. Returns those it is new to."""
    article = (
        Article.objects.published()
        .filter(pk=article_pk)
        .select_related("published_revision", "product")
        .first()
    )
    if article is None or article.published_revision is None:
        return []
    near = look_up(f"{article.title}\n{plain(article.published_revision.html)}", limit=60)
    pks = {hit.question for hit in near.hits if hit.kind == "question"}
    unsolved = Question.objects.public().filter(pk__in=pks, solved_at=None, status=Question.Status.OPEN)
    offered = []
    for question in unsolved.exclude(suggestions__article=article).select_related("author", "product")[
        :OFFERED_TO
    ]:
        sure = _confidence(question, article)
        if sure >= ranking.SURE_ENOUGH:
            _row, made = Suggestion.objects.get_or_create(
                question=question, article=article, defaults={"confidence": sure, "position": 0}
            )
            if made:  # else the question's own search has just found it
                offered.append(question)
    return offered


def _confidence(question: Question, article: Article) -> float:
    """How likely the article answers the question, from the question's side: its title by itself, and as a whole."""
    texts = (question.title, f"{question.title}\n{plain(question.html)}")
    looks = [look_up(text, within=finding.only("article", article.pk), limit=1) for text in texts]
    return max(
        (
            ranking.confidence(each.wanted, ranking.nearness(each.wanted, hit))
            for each in looks
            for hit in each.hits
        ),
        default=0.0,
    )
