"""What happens around every request: language, the client's address, refused input, the content policy."""

from collections.abc import Callable
from urllib.parse import unquote

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core import problems
from portal.core.errors import RuleError
from portal.core.limits import client_address

Handler = Callable[[HttpRequest], HttpResponse]


# Unfold's menus are Alpine, which evaluates expressions; its colours and widths are inline styles. Nothing else is let in.
ADMIN_ALSO = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp under our name, so that the admin's looser policy lives in one place."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/") and not report_only:
            parts.update = {**(parts.update or {}), **ADMIN_ALSO}
        return parts


class ReaderLanguage(LocaleMiddleware):
    """The language of the cookie, else the browser's."""


class AccountLanguage:
    """A signed-in person's own choice of language wins over the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Reading the user costs a query, so only where a session exists.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            language = getattr(request.user, "language", "")
            if language and language != translation.get_language():
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class RefusedInput:
    """Turns what no page can take into one sentence, and keeps the client's address for the limits."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = client_address.set(request.META.get("REMOTE_ADDR") or "local")
        try:
            if "\x00" in unquote(request.META.get("QUERY_STRING", "")) or "\x00" in request.path:
                return self._refuse(
                    request, _("The address holds a character that cannot be searched for."), 400
                )
            response = self.get_response(request)
            if response.status_code == 405 and not request.path.startswith("/api/"):
                return self._nothing_to_see(request, response)
            return response
        finally:
            client_address.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A RuleError that a view let pass becomes its sentence with its status."""
        if isinstance(error, RuleError):
            response = self._refuse(request, str(error), error.status)
            if retry := getattr(error, "retry_after", None):
                response["Retry-After"] = str(retry)
            return response
        return None

    @classmethod
    def _nothing_to_see(cls, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Somebody opened an address that only takes forms, say by reloading; an empty page would say nothing."""
        page = cls._refuse(request, _("There is nothing to see at this address: it only takes forms."), 405)
        page["Allow"] = response["Allow"]
        return page

    @staticmethod
    def _refuse(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse(
                problems.body_of(status, sentence), status=status, content_type=problems.MEDIA_TYPE
            )
        return render(request, "refused.html", {"sentence": sentence}, status=status)
