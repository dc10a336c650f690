"""Fetching posts as this reader may see them; hidden is 404."""

from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404

from community.models import Answer, Comment, Question

MODELS: dict[str, Any] = {"question": Question, "answer": Answer, "comment": Comment}


def questions_for(user: Any) -> QuerySet[Question]:
    """Questions with all that the API says of one."""
    return Question.objects.visible_to(user).for_rows().select_related("release")


def question_for(user: Any, pk: int) -> Question:
    return get_object_or_404(questions_for(user), pk=pk)


def answers_for(user: Any) -> QuerySet[Answer]:
    """Answers with all that the API says of one."""
    seen = Answer.objects.visible_to(user).filter(question__in=Question.objects.visible_to(user))
    return seen.with_votes().select_related("author", "question", "promotion__article")


def answer_for(user: Any, pk: int) -> Answer:
    return get_object_or_404(answers_for(user), pk=pk)


def answers_best_first(user: Any, question: Question) -> QuerySet[Answer]:
    """A question's answers: the accepted one, then by helpful votes, then as they came (all largest first)."""
    first = Case(When(pk=question.accepted_answer_id, then=Value(1)), default=Value(0))
    rows = answers_for(user).filter(question=question).exclude(status=Answer.Status.REMOVED)
    return rows.annotate(first=first, earlier=F("pk") * -1)


def comments_for(user: Any) -> QuerySet[Comment]:
    """Comments on posts this reader may see."""
    questions = Question.objects.visible_to(user)
    answers = Answer.objects.visible_to(user).filter(question__in=questions)
    seen = Comment.objects.visible_to(user)
    seen = seen.filter(question__in=questions) | seen.filter(answer__in=answers)
    return seen.select_related("author")


def post_for(user: Any, kind: str, pk: int) -> Question | Answer | Comment:
    """A post by kind and id, for flags."""
    if kind == "question":
        return question_for(user, pk)
    if kind == "answer":
        return answer_for(user, pk)
    found = comments_for(user).select_related("question", "answer__question").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
