"""Answering, accepting and voting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import moderation, tasks
from community.citing import note_citations
from community.models import BODY_MAX, Answer, Question, Suggestion, Vote, Watch
from community.permissions import can_accept_answer, can_answer_question, can_edit_answer, can_vote_on_answer
from community.services.editing import replace_text
from portal.core import limits, notify, realtime, search
from portal.core.errors import ConflictError
from portal.core.models import User
from portal.core.queue import enqueue
from portal.core.text import accept_text, render


@transaction.atomic
def answer_question(*, question: Question, by: User, body: str) -> Answer:
    """Post an answer. Watchers hear of it once it is public."""
    if not can_answer_question(by, question):
        raise PermissionDenied
    limits.take("answer", by=by)
    body = accept_text(body, field="body", limit=BODY_MAX)
    held_for = moderation.screen(author=by, text=body, is_question=False)
    answer = Answer.objects.create(
        question=question,
        author=by,
        body=body,
        html=render(body),
        status=Answer.Status.HELD if held_for else Answer.Status.OPEN,
        held_for=held_for,
    )
    note_citations([answer])
    if by.watch_on_answer:
        Watch.objects.get_or_create(person=by, question=question)
    if not held_for:
        Question.objects.filter(pk=question.pk).update(active_at=answer.created_at)
        search.changed("answer", answer.pk)
        search.changed("question", question.pk)
        realtime.announce(realtime.question_group(question.pk), "answer.created", answer.pk)
        enqueue(tasks.announce_answer, answer.pk)
    return answer


@transaction.atomic
def edit_answer(*, answer: Answer, by: User, body: str, version: int | None = None) -> Answer:
    """Change an answer; what it said before stays in its history."""
    if not can_edit_answer(by, answer):
        raise PermissionDenied
    limits.take("edit", by=by)
    body = accept_text(body, field="body", limit=BODY_MAX)
    values: dict[str, Any] = {"body": body, "html": render(body), "chances_changed_at": timezone.now()}
    # An edit is looked at like a new post, or links would come in by the back door.
    own = answer.is_public and by.pk == answer.author_id
    if own and (held_for := moderation.screen(author=by, text=body, is_question=False)):
        values |= {"status": Answer.Status.HELD, "held_for": held_for}
    replace_text(post=answer, by=by, version=version, values=values)
    note_citations([answer])
    search.changed("answer", answer.pk)
    realtime.announce(realtime.question_group(answer.question_id), "answer.edited", answer.pk)
    enqueue(tasks.consider_answer, answer.pk)
    return answer


@transaction.atomic
def withdraw_answer(*, answer: Answer, by: User) -> Answer:
    """Take an answer from view at its author's wish, or at a moderator's; the row is kept."""
    if not can_edit_answer(by, answer):
        raise PermissionDenied
    if by.pk != answer.author_id:
        moderation.remove(post=answer, by=by, reason="")
        answer.refresh_from_db()
        return answer
    Question.objects.hold(answer.question_id)
    Answer.objects.filter(pk=answer.pk).update(
        status=Answer.Status.REMOVED, chances_changed_at=timezone.now()
    )
    Question.objects.filter(accepted_answer=answer).update(accepted_answer=None, solved_at=None)
    answer.refresh_from_db()
    notify.withdraw(target=("community.answer", answer.pk))
    search.changed("answer", answer.pk)
    search.changed("question", answer.question_id)
    realtime.announce(realtime.question_group(answer.question_id), "answer.removed", answer.pk)
    enqueue(tasks.consider_answer, answer.pk)
    return answer


@transaction.atomic
def accept_answer(*, answer: Answer, by: User) -> Question:
    """Mark the answer that solved its question; doing it twice is harmless.

    Of two people who choose different answers at once the first wins; the other hears that one was chosen (409).
    """
    seen = answer.question.accepted_answer_id
    [question] = Question.objects.hold(answer.question_id)
    if not can_accept_answer(by, question) or not Answer.objects.public().filter(pk=answer.pk).exists():
        raise PermissionDenied
    if question.accepted_answer_id not in (seen, answer.pk):
        raise ConflictError(_("Somebody has just accepted another answer, or withdrawn the acceptance."))
    if question.accepted_answer_id != answer.pk:
        before = question.accepted_answer_id
        question.accepted_answer = answer
        question.accepted_by = None if by.pk == question.author_id else by
        question.solved_by_article, question.solved_by_answer = None, None
        question.solved_at = timezone.now()
        question.acceptance_announced_at = None
        question.save(
            update_fields=[
                "accepted_answer",
                "accepted_by",
                "solved_by_article",
                "solved_by_answer",
                "solved_at",
                "acceptance_announced_at",
            ]
        )
        _chances_changed(answer.pk, *([before] if before else []))
        search.changed("question", question.pk)
        realtime.announce(realtime.question_group(question.pk), "answer.accepted", answer.pk)
        enqueue(tasks.announce_acceptance, question.pk)
    return question


@transaction.atomic
def withdraw_acceptance(*, question: Question, by: User) -> Question:
    """Say that the question is not solved after all; doing it twice is harmless."""
    [question] = Question.objects.hold(question.pk)
    if not can_accept_answer(by, question):
        raise PermissionDenied
    if question.solved_at is not None:
        before = question.accepted_answer_id
        question.accepted_answer = question.solved_by_article = question.solved_by_answer = None
        question.solved_at = question.accepted_by = None
        question.save(
            update_fields=[
                "accepted_answer",
                "accepted_by",
                "solved_by_article",
                "solved_by_answer",
                "solved_at",
            ]
        )
        Suggestion.objects.filter(question=question, outcome=Suggestion.Outcome.SOLVED).take_back()
        if before:
            _chances_changed(before)
        search.changed("question", question.pk)
        realtime.announce(realtime.question_group(question.pk), "answer.accepted", before or 0)
    return question


@transaction.atomic
def vote(*, answer: Answer, by: User, helpful: bool | None) -> Answer:
    """Say that an answer was helpful or not, or take it back (None). Returns it with its counts."""
    if not can_vote_on_answer(by, answer):
        raise PermissionDenied
    limits.take("vote", by=by)
    if helpful is None:
        Vote.objects.filter(answer=answer, voter=by).delete()
    else:
        Vote.objects.update_or_create(answer=answer, voter=by, defaults={"helpful": helpful})
    _chances_changed(answer.pk)
    realtime.announce(realtime.question_group(answer.question_id), "vote.changed", answer.pk)
    return Answer.objects.with_votes().select_related("author", "question").get(pk=answer.pk)


def _chances_changed(*pks: int) -> None:
    """Their chances of becoming an article, and how they rank in search, are no longer what they were."""
    Answer.objects.filter(pk__in=pks).update(chances_changed_at=timezone.now())
    for pk in pks:
        search.changed("answer", pk)
        enqueue(tasks.consider_answer, pk)
