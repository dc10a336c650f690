"""The door of the desks: whom it lets in, whom it sends to sign in, and for whom the desk does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from portal.core.entrance import keep_typed

View = Callable[..., HttpResponse]


def only_for(
    allowed: Callable[[Any], bool], *, back: Callable[[dict[str, Any]], str]
) -> Callable[[View], View]:
    """Lets in whom `allowed` names; for others the desk does not exist.

    Somebody whose session has ended signs in first and comes back to where they were. `back` says where that is after
    an act, from the parts of its address; that page can show again what was typed (`take_typed`).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **where: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method in ("GET", "HEAD"):
                    return redirect_to_login(request.get_full_path())
                keep_typed(request, name=back(where))
                return redirect_to_login(back(where))
            if not allowed(request.user):
                raise Http404
            return view(request, *args, **where)

        return guarded

    return guard
