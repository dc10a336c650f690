"""Beat jobs: find the work that a broker or a worker lost, and save what was counted in memory."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from community import tasks, viewcounts
from community.models import Answer, Comment, Promotion, Question

GRACE = timedelta(seconds=10)  # the broker's own way is quicker than this
WINDOW = timedelta(days=2)  # older rows were imported, or are beyond news
BATCH = 500


@shared_task(name="community.sweep_suggestions")
def sweep_suggestions() -> None:
    """Questions nobody has looked up yet, and news nobody has been told."""
    now = timezone.now()
    late = {"created_at__lt": now - GRACE, "created_at__gt": now - WINDOW}
    for pk in _pks(Question.objects.filter(suggested_at=None, **late).exclude(status="removed")):
        tasks.suggest_for_question(pk)
    for pk in _pks(Answer.objects.public().filter(announced_at=None, **late)):
        tasks.announce_answer(pk)
    for pk in _pks(Comment.objects.public().filter(announced_at=None, **late)):
        tasks.announce_comment(pk)
    accepted = Question.objects.exclude(accepted_answer=None).filter(
        acceptance_announced_at=None, solved_at__lt=now - GRACE, solved_at__gt=now - WINDOW
    )
    for pk in _pks(accepted):
        tasks.announce_acceptance(pk)


@shared_task(name="community.sweep_promotions")
def sweep_promotions() -> None:
    """Answers whose chances changed and were not looked at since."""
    for pk in _pks(Answer.objects.filter(chances_changed_at__lt=timezone.now() - GRACE)):
        tasks.consider_answer(pk)


@shared_task(name="community.sweep_article_offers")
def sweep_article_offers() -> None:
    """Published promotions that were not yet announced or offered to open questions."""
    published = Promotion.objects.filter(state="published", decided_at__lt=timezone.now() - GRACE)
    recent = published.filter(decided_at__gt=timezone.now() - WINDOW)
    for pk in _pks(recent.filter(announced_at=None)):
        tasks.announce_article(pk)
    for pk in _pks(published.filter(offered_at=None)):
        tasks.offer_article(pk)


@shared_task(name="community.save_view_counts")
def save_view_counts() -> None:
    """Add the views counted since the last time to their questions and articles."""
    viewcounts.save()


def _pks(rows) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
