"""Reading one question with all that stands on its page, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from community import permissions, suggesting, viewcounts
from community.models import Answer, Comment, Promotion, Question, Suggestion, Vote, Watch
from kb.models import Article
from portal.core.permissions import is_moderator

ANSWERS_SHOWN = 300


@dataclass(frozen=True)
class CommentRow:
    """A comment with what this reader may do to it."""

    comment: Comment
    can: dict[str, bool]


@dataclass(frozen=True)
class AnswerRow:
    """An answer with what this reader voted and may do."""

    answer: Answer
    comments: list[CommentRow]
    mine: bool | None
    can: dict[str, bool]


def question_for(user: Any, pk: int) -> Question:
    """A question this reader may see, with all its own page names; 404 otherwise."""
    related = (
        "author",
        "product",
        "release",
        "accepted_answer",
        "accepted_by",
        "duplicate_of",
        "solved_by_article",
        "solved_by_answer__question",
    )
    seen = Question.objects.visible_to(user).select_related(*related)
    if user.is_authenticated:
        seen = seen.annotate(watching=Exists(Watch.objects.filter(person=user, question=OuterRef("pk"))))
    return get_object_or_404(seen, pk=pk)


def count_view(question: Question, *, visit: str) -> None:
    """Count the view, unless nobody else may see the question."""
    if question.is_public:
        viewcounts.count("question", question.pk, visit=visit)


def _in_order(question: Question, user: Any) -> Any:
    """The answers this reader may see, best first."""
    answers = Answer.objects.visible_to(user).filter(question=question)
    if not is_moderator(user):
        answers = answers.exclude(status=Answer.Status.REMOVED)
    return answers.best_first(question.accepted_answer_id)


def newer_answers(question: Question, user: Any, *, after: int) -> list[AnswerRow]:
    """The answers newer than `after` that this reader may see, as they came."""
    found = list(_full(_in_order(question, user).filter(pk__gt=after).order_by("pk"), user)[:ANSWERS_SHOWN])
    _own, below = comments_of(question, user, found)
    return _rows(found, below, question, user)


def answer_row(user: Any, pk: int) -> AnswerRow:
    """One answer this reader may see, as the thread shows it; 404 otherwise."""
    answers = Answer.objects.visible_to(user).filter(pk=pk, question__in=Question.objects.visible_to(user))
    answer = _full(
        answers.with_votes().select_related("question__author", "question__accepted_by"), user
    ).first()
    if answer is None:
        raise Http404
    _own, below = comments_of(answer.question, user, [answer])
    return _rows([answer], below, answer.question, user)[0]


def _full(answers: Any, user: Any) -> Any:
    published = Promotion.objects.filter(article__in=Article.objects.published()).select_related("article")
    if user.is_authenticated:
        own_vote = Vote.objects.filter(voter=user, answer=OuterRef("pk"))
        answers = answers.annotate(mine=Subquery(own_vote.values("helpful")[:1]))
    return answers.select_related("author").prefetch_related(Prefetch("promotion", queryset=published))


def comments_of(
    question: Question, user: Any, answers: list[Answer]
) -> tuple[list[CommentRow], dict[int, list[CommentRow]]]:
    """The comments under the question, and those under each answer by its key. One query for both."""
    seen = Comment.objects.visible_to(user).exclude(status=Comment.Status.REMOVED).select_related("author")
    below = seen.filter(Q(question=question) | Q(answer__in=[answer.pk for answer in answers])).order_by("pk")
    own: list[CommentRow] = []
    by_answer: dict[int, list[CommentRow]] = {answer.pk: [] for answer in answers}
    for comment in below:
        can = {
            "edit": permissions.can_edit_comment(user, comment),
            "flag": permissions.can_flag_post(user, comment),
        }
        (own if comment.question_id else by_answer[comment.answer_id]).append(CommentRow(comment, can))
    return own, by_answer


def _rows(
    answers: list[Answer], below: dict[int, list[CommentRow]], question: Question, user: Any
) -> list[AnswerRow]:
    may_accept = permissions.can_accept_answer(user, question)
    for answer in answers:
        answer.question = question  # loaded once, not once an answer
    return [
        AnswerRow(
            answer=answer,
            comments=below[answer.pk],
            mine=getattr(answer, "mine", None),
            can={
                "accept": may_accept and answer.is_public,
                "edit": permissions.can_edit_answer(user, answer),
                "withdraw": user.is_authenticated
                and answer.author_id == user.pk
                and answer.status != Answer.Status.REMOVED,
                "vote": permissions.can_vote_on_answer(user, answer),
                "comment": permissions.can_comment_on(user, answer),
                "flag": permissions.can_flag_post(user, answer),
                "nominate": answer.author_id != getattr(user, "pk", None)
                and permissions.can_nominate_answer(user, answer)
                and not hasattr(answer, "promotion"),
            },
        )
        for answer in answers
    ]


def suggestions_of(question: Question, user: Any) -> dict[str, Any]:
    """What the suggestion card needs: only what this reader may still see."""
    found = (
        Suggestion.objects.filter(question=question)
        .select_related("article", "answer__question")
        .order_by("position")
    )
    readable = [each for each in found if each.can_be_read]
    for each in readable:
        each.reasons = suggesting.reasons_for(each, question)
    asker = user.is_authenticated and question.author_id == user.pk
    is_open = question.status == Question.Status.OPEN
    return {
        "question": question,
        "suggestions": [
            each
            for each in readable
            if each.outcome == "solved" or not (question.is_solved or each.outcome == "not_helpful")
        ],
        "put_aside": [each for each in readable if asker and each.outcome == "not_helpful"],
        "can_settle": asker and is_open,
        "can_use": is_open and not asker,
        "pending": question.suggested_at is None and question.status != Question.Status.REMOVED,
    }


def related_to(question: Question, user: Any) -> list[Question]:
    """Other public questions about the same: those that share its tags, newest activity first."""
    tags = [tag.pk for tag in question.tags.all()]
    if not tags:
        return []
    others = Question.objects.public().filter(tags__in=tags).exclude(pk=question.pk)
    return list(others.distinct().order_by("-active_at", "-pk")[:5])


def page_of(question: Question, user: Any) -> dict[str, Any]:
    """Everything the question's page shows."""
    answers = list(_full(_in_order(question, user), user)[:ANSWERS_SHOWN])
    comments, below = comments_of(question, user, answers)
    rows = _rows(answers, below, question, user)
    own = user.is_authenticated and question.author_id == user.pk
    return {
        "question": question,
        "rows": rows,
        "answer_count": sum(row.answer.is_public for row in rows),
        "last_answer": max((row.answer.pk for row in rows), default=0),
        "comments": comments,
        "tags": list(question.tags.all()),
        "related": related_to(question, user),
        "promotions": [row.answer.promotion for row in rows if hasattr(row.answer, "promotion")],
        "watching": getattr(question, "watching", False),
        "draft_key": f"answer-{question.pk}",
        "own": own,
        "can": {
            "edit": permissions.can_edit_question(user, question),
            "withdraw": own
            and not any(row.answer.author_id != question.author_id for row in rows)
            and question.status != "removed",
            "answer": permissions.can_answer_question(user, question),
            "comment": permissions.can_comment_on(user, question),
            "flag": permissions.can_flag_post(user, question),
            "decide": permissions.can_decide(user),
            "accept": permissions.can_accept_answer(user, question),
        },
    } | suggestions_of(question, user)
