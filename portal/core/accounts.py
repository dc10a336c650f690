"""What people do with their own account."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.core import limits
from portal.core.models import ApiToken, User

PROFILE_FIELDS = (
    "display_name", "bio", "language", "theme", "shortcuts", "mail_on_answer", "mail_on_comment",
    "mail_on_article", "mail_on_decision", "watch_on_ask", "watch_on_answer",
)  # fmt: skip
TOKENS_SHOWN = 50


@transaction.atomic
def update_profile(*, person: User, changes: dict[str, Any]) -> User:
    """Save what a person chose about themselves; anything else in `changes` is a programming error."""
    if unknown := set(changes) - set(PROFILE_FIELDS):
        raise ValueError(f"Not part of a profile: {', '.join(sorted(unknown))}")
    limits.take("profile", by=person)
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    return person


@transaction.atomic
def issue_token(*, person: User, label: str = "") -> tuple[ApiToken, str]:
    """Make an API token; the token itself is returned once and never readable again."""
    limits.take("token", by=person)
    return ApiToken.issue(user=person, label=label)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once; doing it twice is harmless."""
    if token.user_id != by.pk:
        raise PermissionDenied
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
