"""Taking a decision back: what the audit row says was there before is put back, once."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from community import notifications
from community.models import Answer, Comment, Flag, PossibleDuplicate, Question
from community.moderation.closing import repeated_otherwise, tell_pages
from community.moderation.deciding import (
    Decided,
    Post,
    hold_thread,
    kind_of,
    make_public,
    record,
    take_from_view,
)
from community.permissions import can_decide
from portal.core.errors import ConflictError
from portal.core.models import AuditEntry, User

MODELS: dict[str, type[Decided]] = {
    "community.question": Question,
    "community.answer": Answer,
    "community.comment": Comment,
    "community.possibleduplicate": PossibleDuplicate,
}
ACTS = ("release", "remove", "dismiss", "close", "reopen", "duplicate", "not_duplicate")


@transaction.atomic
def undo(*, entry: AuditEntry, by: User) -> Decided:
    """Put back what was there before a decision, unless it was undone or decided anew since."""
    if not can_decide(by):
        raise PermissionDenied
    post = _find(entry) if entry.target_kind in MODELS else None
    if post is not None:
        hold_thread(post)
    taken = AuditEntry.objects.filter(pk=entry.pk, undone_at=None, act__in=ACTS)
    if post is None or not taken.update(undone_at=timezone.now()):
        raise ConflictError(_("This decision was already undone."))
    if _decided_since(entry):
        raise ConflictError(_("Somebody has decided anew since, so this cannot be undone."))
    if isinstance(post, PossibleDuplicate):
        _propose_again([post.pk])
    else:
        _put_back(post, entry.act, entry.before)
        _reopen_flags(entry.before.get("flags", []), kind_of(post))
    post.refresh_from_db()
    undone = record(post, f"undo_{entry.act}", by, "", {"of": entry.pk})
    notifications.take_back_decision(entry)
    if entry.act != "dismiss" and not isinstance(post, PossibleDuplicate):
        notifications.announce_decision(post=post, act=f"undo_{entry.act}", reason="", by=by, entry=undone)
    return post


def last_decisions(by: User, limit: int = 5) -> list[AuditEntry]:
    """This moderator's newest decisions that can still be undone."""
    return list(_undoable().filter(actor=by)[:limit])


def _undoable() -> Any:
    later = AuditEntry.objects.filter(
        target_kind=OuterRef("target_kind"),
        target_pk=OuterRef("target_pk"),
        pk__gt=OuterRef("pk"),
        act__in=ACTS,
        undone_at=None,
    )
    return AuditEntry.objects.filter(undone_at=None, act__in=ACTS, target_kind__in=MODELS).exclude(
        Exists(later)
    )


def _decided_since(entry: AuditEntry) -> bool:
    same = AuditEntry.objects.filter(target_kind=entry.target_kind, target_pk=entry.target_pk)
    return same.filter(pk__gt=entry.pk, act__in=ACTS, undone_at=None).exists()


def _find(entry: AuditEntry) -> Decided:
    model = MODELS[entry.target_kind]
    related = {
        Question: ["author"],
        Answer: ["author", "question"],
        Comment: ["author", "question", "answer__question"],
        PossibleDuplicate: ["question", "of"],
    }
    return model.objects.select_related(*related[model]).get(pk=entry.target_pk)


def _put_back(post: Post, act: str, before: dict[str, Any]) -> None:
    if act == "release":
        _change(post, "open", status="held", held_for=before.get("held_for", ""))
        take_from_view(post)
    elif act == "remove":
        _change(post, "removed", status=before["status"], held_for=before.get("held_for", ""))
        if before["status"] != "held":
            make_public(post)
        _accept_again(post, before)
    elif act in ("close", "duplicate"):
        _change(
            post,
            "closed",
            status=before["status"],
            closed_reason=before.get("closed_reason", ""),
            duplicate_of=before.get("duplicate_of"),
        )
        Question.objects.filter(pk__in=before.get("followed", []), duplicate_of=before.get("of")).update(
            duplicate_of=post.pk
        )
        repeated_otherwise(before.get("of"), before.get("duplicate_of"), post.pk)
        _propose_again(before.get("proposals", []))
        tell_pages(post, "question.edited")  # type: ignore[arg-type]
    elif act == "reopen":
        _change(
            post,
            "open",
            status=before["status"],
            closed_reason=before["closed_reason"],
            duplicate_of=before["duplicate_of"],
        )
        repeated_otherwise(before["duplicate_of"])
        tell_pages(post, "question.closed")  # type: ignore[arg-type]


def _propose_again(pks: list[int]) -> None:
    PossibleDuplicate.objects.filter(pk__in=pks).update(decision="", decided_at=None)


def _change(post: Post, seen: str, **values: Any) -> None:
    if not type(post).objects.filter(pk=post.pk, status=seen).update(**values):
        raise ConflictError(_("The post has changed since, so this cannot be undone."))


def _accept_again(post: Post, before: dict[str, Any]) -> None:
    if "accepted_for" in before and before["status"] == "open":
        unsolved = Question.objects.filter(pk=before["accepted_for"], solved_at=None)
        unsolved.update(accepted_answer=post.pk, solved_at=datetime.fromisoformat(before["solved_at"]))


def _reopen_flags(pks: list[int], kind: str) -> None:
    """The flags wait again, except where the same person has flagged the post anew."""
    anew = Flag.objects.filter(**{kind: OuterRef(kind)}, reporter=OuterRef("reporter"), decided_at=None)
    found = list(Flag.objects.filter(pk__in=pks).exclude(Exists(anew)).values_list("pk", flat=True))
    Flag.objects.filter(pk__in=found).update(decided_at=None)
