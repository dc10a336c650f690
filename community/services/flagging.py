"""Reporting a post to the moderators."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from community.models import Answer, Comment, Flag, Question
from community.permissions import can_flag_post
from portal.core import limits
from portal.core.models import User
from portal.core.text import accept_text


@transaction.atomic
def flag(*, post: Question | Answer | Comment, by: User, reason: str, note: str = "") -> Flag:
    """Report a post; a second report by the same person while the first is open changes its reason."""
    if not can_flag_post(by, post):
        raise PermissionDenied
    limits.take("flag", by=by)
    note = accept_text(note, field="note", limit=300, required=False)
    target: dict[str, Any] = {type(post).__name__.lower(): post}
    found, _made = Flag.objects.update_or_create(
        **target, reporter=by, decided_at=None, defaults={"reason": Flag.Reason(reason), "note": note}
    )
    return found
