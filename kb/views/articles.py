"""Reading an article: its page, its history, its print view, and what readers say of it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kb import reading, services
from kb.forms import FeedbackForm
from kb.permissions import can_see_history
from portal.core.search import visit_of
from portal.core.visits import sender_of


def _visit(request: HttpRequest) -> str:
    """This visit's name for a day; reading starts no session."""
    return visit_of(sender_of(request))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article; an old address redirects for good."""
    try:
        found = reading.article_for(request.user, slug)
    except Http404:
        if target := reading.moved_to(slug):
            return HttpResponsePermanentRedirect(target.get_absolute_url())
        raise
    context = {"reading": reading.read(found, request.user, visit=_visit(request)), "form": FeedbackForm()}
    template = "kb/article_print.html" if "print" in request.GET else "kb/article.html"
    return render(request, template, context)


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """The revisions of an article and the difference of two."""
    found = reading.article_for(request.user, slug)
    if not can_see_history(request.user, found):
        raise PermissionDenied
    revisions = reading.revisions_for(found, request.user)
    context = {
        "article": found,
        "revisions": revisions,
        "comparison": reading.comparison(revisions, request.GET),
    }
    return render(request, "kb/article_history.html", context)


@require_POST
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a reader's verdict; a second one replaces the first."""
    found = reading.article_for(request.user, slug)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _verdict(request, found, form, status=400)
    services.give_feedback(article=found, by=request.user, visit=_visit(request), **form.cleaned_data)
    if request.htmx:  # type: ignore[attr-defined]
        return _verdict(request, found, FeedbackForm())
    # No message: it would start a session, and with it the visitor would become another one.
    return redirect(f"{found.get_absolute_url()}#feedback")


def _verdict(
    request: HttpRequest, found: reading.Article, form: FeedbackForm, *, status: int = 200
) -> HttpResponse:
    mine = reading.feedback_of(found, request.user, visit=_visit(request))
    context = {"article": found, "mine": mine, "form": form}
    template = "kb/article_feedback.html" if request.htmx else "kb/article_verdict.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)
