"""Beat jobs: find the work that a broker or a worker lost, and save what was counted in memory."""

import logging
from datetime import timedelta

from celery import Task, shared_task
from django.db.models import QuerySet
from django.utils import timezone

from community import gaps, sureness, tasks, viewcounts
from community.models import Answer, Comment, Promotion, Question
from kb.models import Revision

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=10)  # the broker's own way is quicker than this
BATCH = 500


@shared_task(name="community.sweep_suggestions")
def sweep_suggestions() -> None:
    """Questions nobody has looked up yet, and news nobody has been told."""
    late = timezone.now() - GRACE
    unseen = Question.objects.filter(suggested_at=None, created_at__lt=late).exclude(status="removed")
    _each(tasks.suggest_for_question, unseen)
    _each(tasks.announce_answer, Answer.objects.public().filter(announced_at=None, created_at__lt=late))
    _each(tasks.announce_comment, Comment.objects.public().filter(announced_at=None, created_at__lt=late))
    accepted = Question.objects.exclude(accepted_answer=None)
    _each(
        tasks.announce_acceptance,
        accepted.filter(acceptance_announced_at=None, solved_at__lt=late),
    )


@shared_task(name="community.sweep_promotions")
def sweep_promotions() -> None:
    """Answers whose chances changed and were not looked at since."""
    _each(tasks.consider_answer, Answer.objects.filter(chances_changed_at__lt=timezone.now() - GRACE))


@shared_task(name="community.sweep_article_offers")
def sweep_article_offers() -> None:
    """Published promotions that were not yet announced or offered to open questions."""
    published = Promotion.objects.filter(state="published", decided_at__lt=timezone.now() - GRACE)
    _each(tasks.announce_article, published.filter(announced_at=None))
    _each(tasks.offer_article, published.filter(offered_at=None))


@shared_task(name="community.sweep_revisions")
def sweep_revisions() -> None:
    """Articles that read differently now: the knowledge base knows nobody who watches, so this is the only way."""
    _each(tasks.announce_revision, Revision.objects.filter(announced_at=None, published_at__isnull=False))


@shared_task(name="community.save_view_counts")
def save_view_counts() -> None:
    """Add the views counted since the last time to their questions and articles."""
    viewcounts.save()


@shared_task(name="community.note_gaps")
def note_gaps() -> None:
    """Count what was looked for and not found, and forget what nobody missed again."""
    gaps.note()
    gaps.forget()


def _each(task: Task, rows: QuerySet) -> None:
    """Do what is left to do for each row, oldest first. One that cannot be done does not keep the others waiting."""
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            task(pk)
        except Exception:
            log.exception("%s failed for %s; the next sweep tries again.", task.name, pk)


@shared_task(name="community.learn_confidence")
def learn_confidence() -> None:
    """What became of suggestions says how sure the next ones may be."""
    if row := sureness.learn():
        log.info("The confidence of suggestions has learnt from %s outcomes.", row.learnt_from)
