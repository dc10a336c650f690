"""What the role `staff` does with other people's accounts. Each act leaves an audit row."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.errors import ConflictError, RuleError
from portal.core.models import ApiToken, AuditEntry, User
from portal.core.permissions import STAFF, is_agent, is_editor, is_moderator


def can_manage_people(user: Any) -> bool:
    """The role `staff`, whose permissions are all the others' together."""
    return is_agent(user) and is_moderator(user) and is_editor(user)


def can_manage_person(user: Any, person: User) -> bool:
    """A superuser's account is only ever changed by another superuser."""
    return can_manage_people(user) and (user.is_superuser or not person.is_superuser)


@transaction.atomic
def add_person(
    *,
    by: User,
    username: str,
    email: str,
    display_name: str = "",
    language: str = "",
    roles: Iterable[Group] = (),
) -> User:
    """Make an account for somebody, without a password: they choose one through "Forgot your password?"."""
    if not can_manage_people(by):
        raise PermissionDenied
    if User.objects.filter(username__iexact=username).exists():
        raise RuleError(_("This user name is taken."), field="username")
    if EmailAddress.objects.filter(email__iexact=email).exists():
        raise RuleError(_("Somebody has this address already."), field="email")
    person = User.objects.create_user(username, email, None, display_name=display_name, language=language)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    _set_roles(person, roles)
    _audit("add_person", person, by)
    return person


@transaction.atomic
def change_person(
    *, person: User, by: User, display_name: str, bio: str, language: str, roles: Iterable[Group]
) -> User:
    """Correct what somebody says of themselves, and say which roles they have."""
    _check(person, by)
    before = {
        "display_name": person.display_name,
        "bio": person.bio,
        "language": person.language,
        "roles": sorted(person.groups.values_list("name", flat=True)),
    }
    wanted = list(roles)
    if person.pk == by.pk and STAFF in before["roles"] and STAFF not in {role.name for role in wanted}:
        raise RuleError(_("You cannot take the role “staff” from yourself."), field="groups")
    person.display_name, person.bio, person.language = display_name, bio, language
    person.save(update_fields=["display_name", "bio", "language"])
    _set_roles(person, wanted)
    _audit("change_person", person, by, before=before)
    return person


@transaction.atomic
def deactivate(*, person: User, by: User, reason: str) -> User:
    """Shut an account: it is signed out everywhere, its tokens end, its posts stay."""
    _check(person, by)
    if person.pk == by.pk:
        raise RuleError(_("You cannot shut your own account here."))
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        raise ConflictError(_("This account is shut already."))
    person.is_active = False
    _end_sessions(person)
    ApiToken.objects.filter(user=person, revoked_at=None).update(revoked_at=timezone.now())
    _audit("deactivate_person", person, by, reason=reason)
    return person


@transaction.atomic
def activate(*, person: User, by: User) -> User:
    """Open a shut account again. Ended tokens stay ended."""
    _check(person, by)
    if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        raise ConflictError(_("This account is open already."))
    person.is_active = True
    _audit("activate_person", person, by)
    return person


@transaction.atomic
def end_sessions(*, person: User, by: User) -> int:
    """Sign somebody out on every device; returns how many there were."""
    _check(person, by)
    ended = _end_sessions(person)
    _audit("end_sessions", person, by, before={"sessions": ended})
    return ended


@transaction.atomic
def revoke_token_of(*, token: ApiToken, by: User) -> None:
    """End somebody's API token at once."""
    _check(token.user, by)
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise ConflictError(_("This token is revoked already."))
    _audit("revoke_token", token.user, by, before={"token": token.pk, "hint": token.hint})


def _check(person: User, by: User) -> None:
    if not can_manage_person(by, person):
        raise PermissionDenied


def _set_roles(person: User, roles: Iterable[Group]) -> None:
    """Roles are groups; the role `staff` is what opens the admin."""
    wanted = list(roles)
    person.groups.set(wanted)
    person.is_staff = person.is_superuser or STAFF in {role.name for role in wanted}
    person.save(update_fields=["is_staff"])


def _end_sessions(person: User) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def _audit(
    act: str, person: User, by: User, *, reason: str = "", before: dict[str, Any] | None = None
) -> None:
    AuditEntry.objects.create(
        actor=by,
        act=act,
        target_kind="core.user",
        target_pk=person.pk,
        target_title=person.name[:200],
        reason=reason,
        before=before or {},
    )
