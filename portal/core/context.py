"""What every page knows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.core import permissions
from portal.core.models import Notification

THEMES = ("light", "dark")
UNREAD_SHOWN = 99


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and address. What needs the database is a callable: it runs only where a template asks."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "version": settings.VERSION,
        "theme": partial(theme_of, request),
        "unread_notifications": partial(_unread, request),
        "reader": partial(_reader, request),
    }


def theme_of(request: HttpRequest) -> str:
    """Light, dark or "" (as the device): the account's choice, else the cookie's."""
    user = getattr(request, "user", None)
    chosen = getattr(user, "theme", "") or request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


def _reader(request: HttpRequest) -> dict[str, bool]:
    """Which desks this person may open."""
    user = request.user
    return {
        "is_moderator": permissions.is_moderator(user),
        "is_editor": permissions.is_editor(user),
        "can_see_insights": permissions.can_see_insights(user),
    }


def _unread(request: HttpRequest) -> int:
    """How many pieces of news wait, counted no further than can be shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return Notification.objects.for_person(user).unread()[: UNREAD_SHOWN + 1].count()
