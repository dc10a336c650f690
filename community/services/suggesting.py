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
    """Record "this solved it" (the question is then solved by that article or answer), "not it" or "opened"."""
    [question] = Question.objects.hold(suggestion.question_id)
    suggestion.question = question
    if not can_settle_suggestion(by, suggestion):
        raise PermissionDenied
    if outcome not in Suggestion.Outcome.values or not outcome:
        raise RuleError(_("Say whether it solved your problem or not."), field="outcome")
    if outcome == Suggestion.Outcome.OPENED and suggestion.outcome:
        return suggestion
    if suggestion.outcome == Suggestion.Outcome.SOLVED and outcome == Suggestion.Outcome.NOT_HELPFUL:
        _take_back(question, suggestion)
    suggestion.outcome, suggestion.outcome_at = outcome, timezone.now()
    suggestion.save(update_fields=["outcome", "outcome_at"])
    if outcome == Suggestion.Outcome.SOLVED:
        question.accepted_answer = None
        question.solved_by_article, question.solved_by_answer = suggestion.article, suggestion.answer
        question.solved_at = timezone.now()
        _save(question)
        if suggestion.answer_id:
            # Having solved somebody else's problem makes the answer a better candidate.
            Answer.objects.filter(pk=suggestion.answer_id).update(chances_changed_at=timezone.now())
            enqueue(tasks.consider_answer, suggestion.answer_id)
    return suggestion


def _take_back(question: Question, suggestion: Suggestion) -> None:
    if (question.solved_by_article_id, question.solved_by_answer_id) == (
        suggestion.article_id,
        suggestion.answer_id,
    ):
        question.solved_by_article = question.solved_by_answer = None
        question.solved_at = None
        _save(question)


def _save(question: Question) -> None:
    question.save(update_fields=["accepted_answer", "solved_by_article", "solved_by_answer", "solved_at"])
    search.changed("question", question.pk)
    realtime.announce(realtime.question_group(question.pk), "question.edited", question.pk)
