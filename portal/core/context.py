"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and address; nothing here may query."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "version": settings.VERSION}
