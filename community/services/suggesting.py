"""What whoever asked says of a suggestion under their question."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import tasks
from community.models import Answer, Question, Suggestion
from community.permissions import can_settle_suggestion
from portal.core import realtime, search
from portal.core.errors import RuleError
from portal.core.models import User
from portal.core.queue import enqueue


@transaction.atomic
def settle_suggestion(*, suggestion: Suggestion, by: User, outcome: str) -> Suggestion:
    """Record "this solved it" (the question is then solved by that article or answer), "not it" or "opened".

    No outcome takes back what was said before.
    """
    [question] = Question.objects.hold(suggestion.question_id)
    suggestion.question = question
    if not can_settle_suggestion(by, suggestion):
        raise PermissionDenied
    if outcome not in Suggestion.Outcome.values:
        raise RuleError(_("Say whether it solved your problem or not."), field="outcome")
    if outcome == Suggestion.Outcome.OPENED:
        return _opened(suggestion)
    if outcome == Suggestion.Outcome.SOLVED and not suggestion.can_be_read:
        raise RuleError(_("This is no longer there for others to read, so it cannot stand as the solution."))
    if suggestion.outcome == Suggestion.Outcome.SOLVED and outcome != Suggestion.Outcome.SOLVED:
        _take_back(question, suggestion)
    if not outcome:
        Suggestion.objects.filter(pk=suggestion.pk).take_back()
        suggestion.refresh_from_db(fields=["outcome", "outcome_at"])
        return suggestion
    suggestion.outcome, suggestion.outcome_at = outcome, timezone.now()
    suggestion.save(update_fields=["outcome", "outcome_at"])
    if outcome == Suggestion.Outcome.SOLVED:
        others = Suggestion.objects.filter(question=question, outcome=Suggestion.Outcome.SOLVED)
        others.exclude(pk=suggestion.pk).take_back()
        # What solved it until now, and what does from now on, are other candidates than before.
        _look_again(question.accepted_answer_id, question.solved_by_answer_id, suggestion.answer_id)
        question.accepted_answer = None
        question.solved_by_article, question.solved_by_answer = suggestion.article, suggestion.answer
        question.solved_at = timezone.now()
        _save(question)
    return suggestion


def _opened(suggestion: Suggestion) -> Suggestion:
    if suggestion.opened_at is None:
        suggestion.opened_at = timezone.now()
        if not suggestion.outcome:
            suggestion.outcome, suggestion.outcome_at = Suggestion.Outcome.OPENED, suggestion.opened_at
        suggestion.save(update_fields=["opened_at", "outcome", "outcome_at"])
    return suggestion


def _look_again(*answers: int | None) -> None:
    for pk in {pk for pk in answers if pk}:
        Answer.objects.filter(pk=pk).update(chances_changed_at=timezone.now())
        enqueue(tasks.consider_answer, pk)


def _take_back(question: Question, suggestion: Suggestion) -> None:
    if (question.solved_by_article_id, question.solved_by_answer_id) == (
        suggestion.article_id,
        suggestion.answer_id,
    ):
        question.solved_by_article = question.solved_by_answer = None
        question.solved_at = None
        _save(question)
        _look_again(suggestion.answer_id)


def _save(question: Question) -> None:
    question.save(update_fields=["accepted_answer", "solved_by_article", "solved_by_answer", "solved_at"])
    search.changed("question", question.pk)
    realtime.announce(realtime.question_group(question.pk), "question.edited", question.pk)
