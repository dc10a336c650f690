"""Thin Celery tasks: fetch by id, call what does the work, harmless to repeat.

The rows are the outbox: `suggested_at`, `chances_changed_at`, `offered_at`, `announced_at` and the notifications' dedupe
keys tell what is still to do, so that a lost or repeated message changes nothing. The sweeps are in schedule.py.
"""

from celery import shared_task
from django.utils import timezone

from community import notifications, scoring, suggesting
from community.models import Answer, Comment, Promotion, Question
from kb.models import Revision
from portal.core import realtime


@shared_task(name="community.suggest_for_question")
def suggest_for_question(pk: int) -> None:
    """Look for answers that already exist, and whether it was asked before, once for each question."""
    question = Question.objects.filter(pk=pk, suggested_at=None).exclude(status="removed").first()
    if question is not None:
        suggesting.propose_duplicate(question)
        suggesting.suggest_for_question(question)
        realtime.announce(realtime.question_group(pk), "suggestions.ready", pk)
        notifications.announce_suggestions(question)


@shared_task(name="community.consider_answer")
def consider_answer(pk: int) -> None:
    """Look again whether an answer deserves to become an article."""
    scoring.consider_answer(pk)


@shared_task(name="community.offer_article")
def offer_article(promotion_pk: int) -> None:
    """Offer a newly published article to open questions it would answer, once for each promotion."""
    promotion = (
        Promotion.objects.filter(pk=promotion_pk, state="published", offered_at=None)
        .select_related("article")
        .first()
    )
    if promotion is not None and promotion.article is not None:
        for question in suggesting.offer_article(promotion.article.pk):
            notifications.announce_offer(question, promotion.article)
            realtime.announce(realtime.question_group(question.pk), "suggestions.ready", question.pk)
        scoring.mark_offered(promotion)


@shared_task(name="community.announce_answer")
def announce_answer(pk: int) -> None:
    """Tell the watchers of an answer's question, once."""
    waiting = Answer.objects.public().filter(pk=pk, announced_at=None)
    if answer := waiting.select_related("question", "author").first():
        notifications.announce_answer(answer)
        waiting.update(announced_at=timezone.now())


@shared_task(name="community.announce_comment")
def announce_comment(pk: int) -> None:
    """Tell those whom a comment concerns, once."""
    waiting = Comment.objects.public().filter(pk=pk, announced_at=None)
    if comment := waiting.select_related("question", "answer__question", "author").first():
        notifications.announce_comment(comment)
        waiting.update(announced_at=timezone.now())


@shared_task(name="community.announce_acceptance")
def announce_acceptance(question_pk: int) -> None:
    """Tell the answerer that their answer was accepted, once for each acceptance."""
    waiting = Question.objects.exclude(accepted_answer=None).filter(
        pk=question_pk, acceptance_announced_at=None
    )
    if question := waiting.select_related("accepted_answer__author", "author").first():
        notifications.announce_acceptance(question)
        waiting.update(acceptance_announced_at=timezone.now())


@shared_task(name="community.announce_revision")
def announce_revision(pk: int) -> None:
    """Tell who watches an article that it has a new version, once for each revision."""
    waiting = Revision.objects.filter(pk=pk, announced_at=None, published_at__isnull=False)
    if revision := waiting.select_related("article", "reviewed_by").first():
        notifications.announce_revision(revision)
        waiting.update(announced_at=timezone.now())


@shared_task(name="community.announce_article")
def announce_article(promotion_pk: int) -> None:
    """Tell the answerer and the asker that an article was made, once."""
    waiting = Promotion.objects.filter(pk=promotion_pk, state="published", announced_at=None)
    if promotion := waiting.select_related("article", "answer__question__author", "answer__author").first():
        notifications.announce_article(promotion)
        waiting.update(announced_at=timezone.now())
