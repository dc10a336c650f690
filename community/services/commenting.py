"""Comments: short remarks on a question or an answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from community import moderation, tasks
from community.models import COMMENT_MAX, Answer, Comment, Question
from community.permissions import can_comment_on, can_edit_comment
from community.services.editing import replace_text
from portal.core import limits, notify, realtime
from portal.core.models import User
from portal.core.queue import enqueue
from portal.core.text import accept_text, render


@transaction.atomic
def add_comment(*, on: Question | Answer, by: User, body: str) -> Comment:
    """Remark on a question or an answer; its author and the watchers hear of it."""
    if not can_comment_on(by, on):
        raise PermissionDenied
    limits.take("comment", by=by)
    body = accept_text(body, field="body", limit=COMMENT_MAX)
    held_for = moderation.screen(author=by, text=body, is_question=False)
    comment = Comment.objects.create(
        question=on if isinstance(on, Question) else None,
        answer=on if isinstance(on, Answer) else None,
        author=by,
        body=body,
        html=render(body),
        status=Comment.Status.HELD if held_for else Comment.Status.OPEN,
        held_for=held_for,
    )
    if not held_for:
        thread = on.question_id if isinstance(on, Answer) else on.pk
        Question.objects.filter(pk=thread).update(active_at=timezone.now())
        realtime.announce(realtime.question_group(thread), "comment.created", comment.pk)
        enqueue(tasks.announce_comment, comment.pk)
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, by: User, body: str, version: int | None = None) -> Comment:
    """Change a comment; comments keep no history."""
    if not can_edit_comment(by, comment):
        raise PermissionDenied
    limits.take("edit", by=by)
    body = accept_text(body, field="body", limit=COMMENT_MAX)
    values = {"body": body, "html": render(body)}
    own = comment.is_public and by.pk == comment.author_id
    if own and (held_for := moderation.screen(author=by, text=body, is_question=False)):
        values |= {"status": Comment.Status.HELD, "held_for": held_for}
    replace_text(post=comment, by=by, version=version, values=values)
    realtime.announce(realtime.question_group(comment.thread().pk), "comment.edited", comment.pk)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User) -> Comment:
    """Take a comment from view at its author's wish, or at a moderator's."""
    if not can_edit_comment(by, comment):
        raise PermissionDenied
    if by.pk != comment.author_id:
        moderation.remove(post=comment, by=by, reason="")
    else:
        Comment.objects.filter(pk=comment.pk).update(status=Comment.Status.REMOVED)
        notify.withdraw(target=("community.comment", comment.pk))
    comment.refresh_from_db()
    realtime.announce(realtime.question_group(comment.thread().pk), "comment.removed", comment.pk)
    return comment
