"""Site-wide predicates. Each reads a declared permission; roles are groups that carry them."""

from typing import Any

CUSTOMER, MODERATOR, EDITOR, STAFF = "customer", "moderator", "editor", "staff"


def is_moderator(user: Any) -> bool:
    """May decide on held and flagged posts."""
    return user.is_authenticated and user.has_perm("core.moderate")


def is_editor(user: Any) -> bool:
    """May write, promote and publish articles."""
    return user.is_authenticated and user.has_perm("core.edit_articles")


def is_agent(user: Any) -> bool:
    """Answers as a member of staff."""
    return user.is_authenticated and user.has_perm("core.answer_officially")


def can_see_insights(user: Any) -> bool:
    return user.is_authenticated and user.has_perm("core.see_insights")


def can_set_confidence(user: Any) -> bool:
    """May choose how sure the portal must be before it suggests something."""
    return bool(user.is_authenticated and user.is_staff and can_see_insights(user))
