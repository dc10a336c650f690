"""Decisions on what the portal takes for a question that was asked before."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import PossibleDuplicate, Question
from community.moderation.closing import mark_duplicate
from community.moderation.deciding import already_decided, decide, hold_thread, record
from community.moderation.desk import Entry
from community.permissions import can_decide, can_mark_duplicate
from portal.core.errors import RuleError
from portal.core.models import AuditEntry, User


def decide_entry(*, entry: Entry, decision: str, by: User, reason: str = "") -> None:
    """End an entry of the queue: a post's, or that of two questions that may be the same."""
    if entry.proposal is None:
        decide(post=entry.post, decision=decision, by=by, reason=reason)
    elif decision == "duplicate":
        confirm_duplicate(proposal=entry.proposal, by=by)
    elif decision == "dismiss":
        dismiss_duplicate(proposal=entry.proposal, by=by)
    else:
        raise RuleError(_("Choose whether it is a duplicate or not."), field="decision")


@transaction.atomic
def confirm_duplicate(*, proposal: PossibleDuplicate, by: User) -> Question:
    """Close the newer question in favour of the older one. The first moderator to decide wins."""
    if not can_mark_duplicate(by):
        raise PermissionDenied
    Question.objects.hold(proposal.question_id, proposal.of_id)
    if not PossibleDuplicate.objects.waiting().filter(pk=proposal.pk).exists():
        raise _decided(proposal)
    return mark_duplicate(question=proposal.question, of=proposal.of, by=by)


@transaction.atomic
def dismiss_duplicate(*, proposal: PossibleDuplicate, by: User) -> AuditEntry:
    """Say that they are two questions: this pair is not proposed again. The first moderator to decide wins."""
    if not can_decide(by):
        raise PermissionDenied
    hold_thread(proposal)
    waiting = PossibleDuplicate.objects.waiting().filter(pk=proposal.pk)
    if not waiting.update(decision=PossibleDuplicate.Decision.DISMISSED, decided_at=timezone.now()):
        raise _decided(proposal)
    return record(proposal, "not_duplicate", by, "", {})


def _decided(proposal: PossibleDuplicate) -> Exception:
    """Who was first, with the pair or with the question itself."""
    proposal.refresh_from_db(fields=["decision"])
    dismissed = proposal.decision == PossibleDuplicate.Decision.DISMISSED
    return already_decided(proposal if dismissed else proposal.question)
