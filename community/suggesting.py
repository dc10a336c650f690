"""Suggestions for a posted question: what already exists and may answer it."""

from django.db import transaction
from django.utils import timezone

from community import finding
from community.models import Question, Suggestion
from kb.models import Article
from portal.core.search.lookup import look_up

SHOWN = 3
ASKED_AGAIN = 10  # open questions that a new article is held against


@transaction.atomic
def suggest_for_question(question: Question) -> list[Suggestion]:
    """Write down what may already answer a question, best first; doing it twice changes nothing."""
    rows = [
        Suggestion.objects.get_or_create(
            question=question, **{found.kind: found.object},
            defaults={"confidence": found.confidence, "position": position},
        )[0]
        for position, found in enumerate(_answers_to(question)[:SHOWN], start=1)
    ]  # fmt: skip
    Question.objects.filter(pk=question.pk, suggested_at=None).update(suggested_at=timezone.now())
    return rows


def _answers_to(question: Question) -> list[finding.Found]:
    text = f"{question.title}\n{question.body}"
    return finding.suggest(
        text,
        by=None,
        language=question.language,
        product=question.product,
        limit=SHOWN + 2,
        besides=question.pk,
    )


@transaction.atomic
def offer_article(article_pk: int) -> list[Question]:
    """Suggest a published article under the open questions it would answer; returns those newly offered it."""
    article = Article.objects.published().filter(pk=article_pk).first()
    if article is None:
        return []
    near = [
        hit.question or hit.pk
        for hit in look_up(article.title).hits
        if hit.kind == "question" and not hit.solved
    ]
    unsolved = (
        Question.objects.public().filter(pk__in=near, status="open", solved_at=None).select_related("product")
    )
    asked = unsolved.exclude(suggestions__article=article).in_bulk()
    offered = []
    for question in [asked[pk] for pk in dict.fromkeys(near) if pk in asked][:ASKED_AGAIN]:
        sure = next((found.confidence for found in _answers_to(question) if found.object == article), None)
        if sure is not None:
            Suggestion.objects.create(question=question, article=article, confidence=sure, position=0)
            offered.append(question)
    return offered
