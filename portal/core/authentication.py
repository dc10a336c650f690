"""API tokens: `Authorization: Bearer TOKEN`."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.core.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """Finds the person by the hash of the token; a bad or revoked one is 401."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        row = (
            ApiToken.objects.select_related("user")
            .filter(digest=ApiToken.digest_of(token.strip()), revoked_at=None, user__is_active=True)
            .first()
        )
        if row is None:
            raise AuthenticationFailed(_("This token is not known, or it was revoked."))
        if row.last_used_on != (today := timezone.localdate()):
            ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
        return row.user, row

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'
