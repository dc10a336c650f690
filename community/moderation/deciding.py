"""Release, remove, dismiss: the three decisions that end an entry of the queue."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community import notifications, tasks
from community.models import Answer, Comment, Flag, PossibleDuplicate, Question
from community.permissions import can_decide
from portal.core import notify, realtime, search
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, User
from portal.core.queue import enqueue
from portal.core.text import accept_text

Post = Question | Answer | Comment
Decided = Post | PossibleDuplicate
REASON_MAX = 500
DECISIONS = ("release", "remove", "dismiss")


def decide(*, post: Post, decision: str, by: User, reason: str = "") -> AuditEntry:
    """End the entry of a post that is in the queue; refused if somebody else has ended it already.

    This is the door of the desk and of the API. remove() alone also takes a post that nobody has flagged.
    """
    if not can_decide(by):
        raise PermissionDenied
    if decision not in DECISIONS:
        raise RuleError(_("Choose release, remove or dismiss."), field="decision")
    if decision == "release":
        return release(post=post, by=by, reason=reason)
    if decision == "dismiss":
        return dismiss(post=post, by=by, reason=reason)
    if not reason.strip():
        raise RuleError(_("Say why: the author will read it."), field="reason")
    return _remove_entry(post=post, by=by, reason=reason)


@transaction.atomic
def release(*, post: Post, by: User, reason: str = "") -> AuditEntry:
    """Make a held post public, and do what posting it would have done. The first moderator to decide wins."""
    reason = _checked(by, reason)
    hold_thread(post)
    held = type(post).objects.filter(pk=post.pk, status="held")
    held_for = post.held_for
    if not held.update(status="open", held_for=""):
        raise already_decided(post)
    post.status, post.held_for = "open", ""
    entry = record(
        post, "release", by, reason, {"status": "held", "held_for": held_for, "flags": _end_flags(post)}
    )
    make_public(post)
    notifications.announce_decision(post=post, act="release", reason=reason, by=by, entry=entry)
    return entry


@transaction.atomic
def remove(*, post: Post, by: User, reason: str = "") -> AuditEntry:
    """Take a post from view, row kept; its author reads why. The first moderator to decide wins."""
    reason = _checked(by, reason)
    hold_thread(post)
    now = type(post).objects.filter(pk=post.pk).exclude(status="removed").values("status", "held_for").first()
    if now is None or not type(post).objects.filter(pk=post.pk, status=now["status"]).update(
        status="removed"
    ):
        raise already_decided(post)
    before: dict[str, Any] = now | {"flags": _end_flags(post), **take_from_view(post)}
    post.status = "removed"
    entry = record(post, "remove", by, reason, before)
    notifications.announce_decision(post=post, act="remove", reason=reason, by=by, entry=entry)
    return entry


@transaction.atomic
def _remove_entry(*, post: Post, by: User, reason: str) -> AuditEntry:
    # Claims the entry first: a post released or cleared a moment ago by somebody else must not be removed unseen.
    model = type(post)
    hold_thread(post)
    flags = _end_flags(post)
    if not flags and not model.objects.filter(pk=post.pk, status="held").exists():
        raise already_decided(post)
    entry = remove(post=post, by=by, reason=reason)
    entry.before["flags"] = flags
    entry.save(update_fields=["before"])
    return entry


@transaction.atomic
def dismiss(*, post: Post, by: User, reason: str = "") -> AuditEntry:
    """Let a flagged post stand: its open flags are settled. The first moderator to decide wins.

    The author is told only if a reason was written for them: nobody need hear of a flag that came to nothing.
    """
    reason = _checked(by, reason)
    hold_thread(post)
    if type(post).objects.filter(pk=post.pk, status="held").exists():
        raise RuleError(_("This post is held: release or remove it."), field="decision")
    flags = _end_flags(post)
    if not flags:
        raise already_decided(post)
    entry = record(post, "dismiss", by, reason, {"flags": flags})
    if reason:
        notifications.announce_decision(post=post, act="dismiss", reason=reason, by=by, entry=entry)
    return entry


# ----------------------------------------------------------------- what the decisions share


def kind_of(post: Decided) -> str:
    """ "question", "answer", "comment" or "possibleduplicate"."""
    return type(post).__name__.lower()


def thread_of(post: Decided) -> Question:
    """The question a post belongs to."""
    if isinstance(post, Question):
        return post
    return post.question if isinstance(post, Answer) else post.thread()


def hold_thread(post: Decided) -> None:
    """One decision in a thread at a time: whoever comes second sees what the first has done."""
    Question.objects.hold(thread_of(post).pk)


def record(post: Decided, act: str, by: User, reason: str, before: dict[str, Any]) -> AuditEntry:
    """The audit row of one decision."""
    return AuditEntry.objects.create(
        actor=by,
        act=act,
        target_kind=f"community.{kind_of(post)}",
        target_pk=post.pk,
        target_title=thread_of(post).title,
        reason=reason,
        before=before,
    )


def already_decided(post: Decided) -> ConflictError:
    """The refusal for whoever comes second: it names who was first, and when."""
    entry = (
        AuditEntry.objects.filter(target_kind=f"community.{kind_of(post)}", target_pk=post.pk)
        .select_related("actor")
        .first()
    )
    if entry is None:
        return ConflictError(_("Nothing waits for a decision here: there is no hold and no open flag."))
    values = {
        "name": entry.actor.name if entry.actor else _("a former member"),
        "when": date_format(timezone.localtime(entry.created_at), "DATETIME_FORMAT"),
    }
    return ConflictError(
        _("%(name)s has already decided this one, on %(when)s.") % values,
        theirs={
            "by": values["name"],
            "at": entry.created_at.isoformat(),
            "decision": entry.act,
            "reason": entry.reason,
        },
    )


def make_public(post: Post) -> None:
    """What posting does, for a post that was not public until now; harmless where it was done before."""
    question = thread_of(post)
    group = realtime.question_group(question.pk)
    if isinstance(post, Question):
        search.changed("question", post.pk)
        search.changed_many("answer", list(post.answers.values_list("pk", flat=True)))
        realtime.announce(group, "question.edited", post.pk)
        # While it was held nobody was asked whether it repeats another.
        Question.objects.filter(pk=post.pk, solved_at=None).update(suggested_at=None)
        enqueue(tasks.suggest_for_question, post.pk)
        return
    Question.objects.filter(pk=question.pk).update(active_at=timezone.now())
    if isinstance(post, Answer):
        Answer.objects.filter(pk=post.pk).update(chances_changed_at=timezone.now(), announced_at=None)
        search.changed("answer", post.pk)
        search.changed("question", question.pk)
        realtime.announce(group, "answer.created", post.pk)
        enqueue(tasks.announce_answer, post.pk)
        enqueue(tasks.consider_answer, post.pk)
    else:
        Comment.objects.filter(pk=post.pk).update(announced_at=None)
        realtime.announce(group, "comment.created", post.pk)
        enqueue(tasks.announce_comment, post.pk)


def take_from_view(post: Post) -> dict[str, Any]:
    """News withdrawn, index and open pages told, acceptance taken back; returns what undo must know of it."""
    question = thread_of(post)
    group = realtime.question_group(question.pk)
    notify.withdraw(target=(f"community.{kind_of(post)}", post.pk))
    if isinstance(post, Question):
        # The whole thread goes: its answers are not found any more, and nobody is sent to it.
        notify.withdraw(thread_key=f"question-{post.pk}")
        search.changed("question", post.pk)
        search.changed_many("answer", list(post.answers.values_list("pk", flat=True)))
        realtime.announce(group, "question.closed", post.pk)
        return {}
    if isinstance(post, Comment):
        above, pk = ("answer.edited", post.answer_id) if post.answer_id else ("question.edited", question.pk)
        realtime.announce(group, above, pk or question.pk)
        return {}
    accepted = _take_acceptance_back(post)
    Answer.objects.filter(pk=post.pk).update(chances_changed_at=timezone.now())
    search.changed("answer", post.pk)
    search.changed("question", question.pk)
    realtime.announce(group, "answer.removed", post.pk)
    enqueue(tasks.consider_answer, post.pk)
    return accepted


def _take_acceptance_back(answer: Answer) -> dict[str, Any]:
    """An answer that nobody can read solves nothing."""
    solved = Question.objects.filter(accepted_answer=answer).values_list("pk", "solved_at").first()
    if solved is None:
        return {}
    Question.objects.filter(pk=solved[0], accepted_answer=answer).update(accepted_answer=None, solved_at=None)
    return {"accepted_for": solved[0], "solved_at": solved[1].isoformat()}


def open_flags(post: Post) -> Q:
    """The flags on a post that nobody has settled, as a condition."""
    return Q(**{kind_of(post): post.pk}, decided_at=None)


def _end_flags(post: Post) -> list[int]:
    """Settle a post's open flags; returns those that this call settled."""
    now = timezone.now()
    pks = list(Flag.objects.filter(open_flags(post)).order_by("pk").values_list("pk", flat=True))
    if not pks or not Flag.objects.filter(pk__in=pks, decided_at=None).update(decided_at=now):
        return []
    return pks


def _checked(by: User, reason: str) -> str:
    if not can_decide(by):
        raise PermissionDenied
    return accept_text(reason, field="reason", limit=REASON_MAX, required=False).strip()
