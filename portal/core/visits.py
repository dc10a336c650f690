"""Who is behind a request, as far as searches and verdicts need to know: one sender, no name."""

from django.http import HttpRequest


def sender_of(request: HttpRequest) -> str:
    """Tells one visitor from another for a day: the session where there is one, else address and browser.

    What is stored is a keyed hash of it with the day (portal.core.search.visit_of), never this value.
    """
    if key := request.session.session_key:
        return f"session:{key}"
    address = request.META.get("REMOTE_ADDR", "")
    return f"browser:{address}:{request.META.get('HTTP_USER_AGENT', '')[:200]}"
