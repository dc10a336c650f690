"""What happens to somebody who sends something while signed out: they sign in, and nothing they typed is lost."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from portal.core import limits

View = Callable[..., HttpResponse]
_KEPT = "typed:"
_KEPT_CHARACTERS = 120_000  # the longest form that a page takes, and no more than a session should hold
_FORMS_KEPT = 3  # the newest ones: a visitor's session must not grow without end
_NOT_TYPED = {"csrfmiddlewaretoken", "submission"}


def signed_in(view: View) -> View:
    """For a page with a form: a visitor signs in first and then finds the form as they had filled it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_typed(request)
        return redirect_to_login(request.get_full_path())

    return guarded


def signed_in_to_act(view: View) -> View:
    """For a button: a visitor signs in first and comes back to the page where it stands, to press it there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(page_before(request))

    return guarded


def page_before(request: HttpRequest) -> str:
    """The page of this site from which a request was sent; the home page where that is not known."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return came_from._replace(scheme="", netloc="", fragment="").geturl() or "/"


def keep_typed(request: HttpRequest, *, name: str = "") -> None:
    """Keep a form in the session, to be shown after the sign-in; `name` tells forms of one page apart."""
    typed = {field: values for field, values in request.POST.lists() if field not in _NOT_TYPED}
    if sum(len(field) + sum(map(len, values)) for field, values in typed.items()) > _KEPT_CHARACTERS:
        return
    limits.take("keep")
    here = _KEPT + (name or request.path)
    request.session.pop(here, None)
    kept = [key for key in request.session.keys() if key.startswith(_KEPT)]  # noqa: SIM118  (a session is no dict)
    for older in kept[: 1 - _FORMS_KEPT]:
        request.session.pop(older)
    request.session[here] = typed


def take_typed(request: HttpRequest, *, name: str = "") -> dict[str, Any]:
    """What was typed here before signing in, once, as a form's initial values; empty where nothing was."""
    if not request.user.is_authenticated or request.method != "GET":
        return {}
    typed = request.session.pop(_KEPT + (name or request.path), {})
    return {field: values[0] if len(values) == 1 else values for field, values in typed.items()}


def has_typed(request: HttpRequest, *, name: str) -> bool:
    """Whether something waits there for the sign-in that has happened meanwhile."""
    return request.user.is_authenticated and _KEPT + name in request.session


def forget_typed(request: HttpRequest, *, name: str) -> None:
    """It is not needed any more."""
    request.session.pop(_KEPT + name, None)
