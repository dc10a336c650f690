"""Who may do what in the community. Each says the rule; who may see is `visible_to`."""

from typing import Any

from community.models import Answer, Comment, Promotion, Question, Suggestion
from portal.core.permissions import is_editor, is_moderator

Post = Question | Answer | Comment


def _own(user: Any, post: Post) -> bool:
    return user.is_authenticated and post.author_id == user.pk


def can_ask(user: Any) -> bool:
    return user.is_authenticated


def can_edit_question(user: Any, question: Question) -> bool:
    """Whoever asked, while it is not removed; moderators always."""
    return is_moderator(user) or (_own(user, question) and question.status != Question.Status.REMOVED)


def can_edit_answer(user: Any, answer: Answer) -> bool:
    return is_moderator(user) or (_own(user, answer) and answer.status != Answer.Status.REMOVED)


def can_edit_comment(user: Any, comment: Comment) -> bool:
    return is_moderator(user) or (_own(user, comment) and comment.status != Comment.Status.REMOVED)


def can_withdraw_question(user: Any, question: Question) -> bool:
    """Whoever asked may take it back; once others have answered, it is theirs too and only a moderator may."""
    if is_moderator(user):
        return True
    if not _own(user, question) or question.status == Question.Status.REMOVED:
        return False
    return not question.answers.exclude(author=user).filter(status="open").exists()


def can_answer_question(user: Any, question: Question) -> bool:
    """Anyone signed in, while the question is open."""
    return user.is_authenticated and question.status == Question.Status.OPEN


def can_accept_answer(user: Any, question: Question) -> bool:
    """Whoever asked decides what solved it; moderators may decide for them."""
    return question.status == Question.Status.OPEN and (_own(user, question) or is_moderator(user))


def can_vote_on_answer(user: Any, answer: Answer) -> bool:
    """Anyone signed in except its author, while others can see it."""
    return user.is_authenticated and not _own(user, answer) and answer.is_public and answer.question.is_public


def can_comment_on(user: Any, post: Question | Answer) -> bool:
    """Anyone signed in, on a public post of an open question."""
    question = post.question if isinstance(post, Answer) else post
    return user.is_authenticated and post.is_public and question.status == Question.Status.OPEN


def can_flag_post(user: Any, post: Post) -> bool:
    """Anyone signed in may report somebody else's public post."""
    return user.is_authenticated and not _own(user, post) and post.is_public


def can_settle_suggestion(user: Any, suggestion: Suggestion) -> bool:
    """Only whoever asked knows whether it solved their problem."""
    return _own(user, suggestion.question) and suggestion.question.status == Question.Status.OPEN


def can_watch(user: Any) -> bool:
    return user.is_authenticated


def can_decide(user: Any) -> bool:
    """May take decisions on the moderation queue."""
    return is_moderator(user)


def can_close_question(user: Any) -> bool:
    return is_moderator(user)


def can_mark_duplicate(user: Any) -> bool:
    return is_moderator(user)


def can_nominate_answer(user: Any, answer: Answer) -> bool:
    """Anyone signed in may say that a public answer deserves to be an article."""
    return user.is_authenticated and answer.is_public and answer.question.is_public


def can_edit_promotion(user: Any, promotion: Promotion | None = None) -> bool:
    return is_editor(user)
