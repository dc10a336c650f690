"""Closing and reopening questions, and pointing a repeated one at the older one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import notifications
from community.models import Answer, PossibleDuplicate, Question, Watch
from community.moderation.deciding import record
from community.permissions import can_close_question, can_mark_duplicate
from portal.core import realtime, search
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, User
from portal.core.text import accept_text

CLOSED_REASON_MAX = 300
CHAIN_MAX = 20


@transaction.atomic
def close_question(*, question: Question, by: User, reason: str) -> AuditEntry:
    """No new answers from now on; it stays readable, with the reason shown."""
    if not can_close_question(by):
        raise PermissionDenied
    reason = accept_text(reason, field="reason", limit=CLOSED_REASON_MAX).strip()
    if not Question.objects.filter(pk=question.pk, status="open").update(
        status="closed", closed_reason=reason
    ):
        raise ConflictError(_("This question is not open any more."))
    question.status, question.closed_reason = "closed", reason
    entry = record(question, "close", by, reason, {"status": "open"})
    tell_pages(question, "question.closed")
    notifications.announce_decision(post=question, act="close", reason=reason, by=by, entry=entry)
    return entry


@transaction.atomic
def reopen_question(*, question: Question, by: User) -> AuditEntry:
    """Let a closed question, or one marked as a duplicate, take answers again."""
    if not can_close_question(by):
        raise PermissionDenied
    before = state_of(question)
    closed = Question.objects.filter(pk=question.pk, status="closed")
    if not closed.update(status="open", closed_reason="", duplicate_of=None):
        raise ConflictError(_("This question is not closed."))
    question.refresh_from_db()
    repeated_otherwise(before["duplicate_of"])
    entry = record(question, "reopen", by, "", before)
    tell_pages(question, "question.edited")
    notifications.announce_decision(post=question, act="reopen", reason="", by=by, entry=entry)
    return entry


@transaction.atomic
def mark_duplicate(*, question: Question, of: Question, by: User) -> Question:
    """Close a question in favour of the one it repeats, and tell the asker where the answers are.

    If that one is a duplicate itself, its own original is meant; duplicates of this question follow it there.
    So no chain is longer than one step, and none runs in a circle.
    """
    if not can_mark_duplicate(by):
        raise PermissionDenied
    original = _original_of(of)
    # Both, or two moderators could at once make each of two questions the duplicate of the other.
    held = {row.pk: row for row in Question.objects.hold(question.pk, original.pk)}
    original = _original_of(held[original.pk])
    if original.pk == question.pk:
        raise RuleError(_("A question cannot be a duplicate of itself."), field="of")
    if not original.is_public:
        raise RuleError(_("That question is not public, so nobody could read its answers."), field="of")
    before = state_of(question)
    follow = list(Question.objects.filter(duplicate_of=question).values_list("pk", flat=True))
    changed = Question.objects.filter(
        pk=question.pk, status__in=["open", "closed"], duplicate_of=before["duplicate_of"]
    )
    if before["duplicate_of"] == original.pk or not changed.update(
        status="closed", duplicate_of=original, closed_reason=""
    ):
        raise ConflictError(_("This question is already closed as a duplicate, or it is not public."))
    Question.objects.filter(pk__in=follow).update(duplicate_of=original)
    repeated_otherwise(original.pk, question.pk, before["duplicate_of"])
    if question.author_id and Watch.objects.filter(person=question.author_id, question=question).exists():
        Watch.objects.get_or_create(person_id=question.author_id, question=original)
    question.refresh_from_db()
    proposed = PossibleDuplicate.objects.filter(question=question, of=original, decision="")
    before |= {"followed": follow, "of": original.pk, "proposals": [row.pk for row in proposed]}
    proposed.update(decision=PossibleDuplicate.Decision.DUPLICATE, decided_at=timezone.now())
    entry = record(question, "duplicate", by, "", before)
    tell_pages(question, "question.closed")
    notifications.announce_duplicate(question, by=by, entry=entry)
    return question


def state_of(question: Question) -> dict[str, Any]:
    """What undo() needs to put a question back."""
    return Question.objects.values("status", "closed_reason", "duplicate_of").get(pk=question.pk)  # type: ignore[return-value]


def repeated_otherwise(*questions: int | None) -> None:
    """These are repeated by more or fewer others than before, which is a reason for an article: the sweep looks again."""
    Answer.objects.public().filter(question__in=[pk for pk in questions if pk]).update(
        chances_changed_at=timezone.now()
    )


def tell_pages(question: Question, kind: str) -> None:
    search.changed("question", question.pk)
    realtime.announce(realtime.question_group(question.pk), kind, question.pk)


def _original_of(question: Question) -> Question:
    """The end of the chain that starts here; imported data may hold longer ones than this code makes."""
    seen: set[int] = set()
    while question.duplicate_of_id and question.pk not in seen and len(seen) < CHAIN_MAX:
        seen.add(question.pk)
        question = Question.objects.get(pk=question.duplicate_of_id)
    return question
