"""The question page and its parts."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import services, threads
from community.forms import AnswerForm
from community.models import Edit, Question, Suggestion
from community.quoting import quotation
from kb.diff import diff_lines
from portal.core.entrance import signed_in_to_act, take_typed
from portal.core.visits import sender_of

Request = HttpRequest


@require_safe
def question(request: Request, pk: int, slug: str = "") -> HttpResponse:
    """A question with its answers; a wrong or old slug redirects."""
    found = threads.question_for(request.user, pk)
    if slug != found.slug:
        return redirect(found, permanent=True)
    threads.count_view(found, visit=sender_of(request))
    return render(
        request,
        "community/question.html",
        threads.page_of(found, request.user) | {"form": _composer(request, pk)},
    )


def _composer(request: Request, pk: int) -> AnswerForm:
    """The composer, with what was typed before signing in, and the suggestion that ?use= cites."""
    typed = take_typed(request, name=f"answer-{pk}")
    use = request.GET.get("use", "")
    found = _usable(pk).filter(pk=int(use)).first() if use.isdecimal() and len(use) < 19 else None
    if found is not None and found.can_be_read:
        typed["body"] = "\n\n".join(filter(None, (typed.get("body", "").rstrip(), quotation(found))))
    return AnswerForm(initial=typed)


def _usable(pk: int) -> QuerySet[Suggestion]:
    """The suggestions of a question with all that citing one takes."""
    return Suggestion.objects.filter(question=pk).select_related(
        "question", "article__published_revision", "answer__question"
    )


@require_safe
def news(request: Request, pk: int) -> HttpResponse:
    """What has come since the page was loaded: answers after ?after=, oldest first."""
    found = threads.question_for(request.user, pk)
    after = request.GET.get("after", "0")
    after_pk = int(after) if after.isdecimal() and len(after) < 19 else 0
    rows = threads.newer_answers(found, request.user, after=after_pk)
    return render(request, "community/news.html", {"question": found, "rows": rows})


@require_safe
def answer_part(request: Request, pk: int) -> HttpResponse:
    """One answer as it stands in the thread, for replacing it in place."""
    row = threads.answer_row(request.user, pk)
    return render(request, "community/answer_part.html", {"row": row, "question": row.answer.question})


@require_safe
def suggestions(request: Request, pk: int) -> HttpResponse:
    """The card of what the portal found for this question."""
    found = threads.question_for(request.user, pk)
    return render(request, "community/suggestions_part.html", threads.suggestions_of(found, request.user))


@require_safe
def suggestion_quotation(request: Request, pk: int, suggestion_pk: int) -> HttpResponse:
    """A suggestion as Markdown for an answer, for the page's script."""
    found = get_object_or_404(_usable(threads.question_for(request.user, pk).pk), pk=suggestion_pk)
    if not found.can_be_read:
        raise Http404
    return HttpResponse(quotation(found), content_type="text/plain; charset=utf-8")


@signed_in_to_act
@require_POST
def suggestion_outcome(request: Request, pk: int, suggestion_pk: int) -> HttpResponse:
    """ "This solved it" or "not it", opened, or taken back, from whoever asked."""
    found = threads.question_for(request.user, pk)
    suggestion = get_object_or_404(
        Suggestion.objects.select_related("question", "article", "answer"), pk=suggestion_pk, question=found
    )
    services.settle_suggestion(
        suggestion=suggestion, by=request.user, outcome=request.POST.get("outcome", "?")
    )
    if request.htmx:  # type: ignore[attr-defined]
        found = threads.question_for(request.user, pk)
        card = threads.suggestions_of(found, request.user) | {"just_settled": True}
        return render(request, "community/suggestions_part.html", card)
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return redirect(f"{found.get_absolute_url()}#suggestions")


@require_safe
def question_history(request: Request, pk: int) -> HttpResponse:
    """Every version of a question, with what changed in each."""
    found = threads.question_for(request.user, pk)
    now = f"{found.title}\n\n{found.body}"
    edits = [(f"{edit.title}\n\n{edit.body}", edit) for edit in found.edits.select_related("by")]
    context = {
        "question": found,
        "post": found,
        "versions": versions_of(now, edits),
        "back": found.get_absolute_url(),
    }
    return render(request, "community/history.html", context)


def versions_of(now: str, edits: list[tuple[str, Edit]]) -> list[dict[str, Any]]:
    """Newest first: each edit with the difference it made."""
    versions, after = [], now
    for before, edit in edits:
        versions.append({"edit": edit, "number": edit.version + 1, "lines": diff_lines(before, after)})
        after = before
    return versions


@signed_in_to_act
@require_POST
def watch(request: Request, pk: int) -> HttpResponse:
    """Start or stop watching."""
    found = threads.question_for(request.user, pk)
    act = services.unwatch if request.POST.get("watch") == "0" else services.watch
    act(person=request.user, question=found)
    return redirect(found)


@signed_in_to_act
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one's own question back."""
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    services.withdraw_question(question=found, by=request.user)
    messages.success(request, _("The question was withdrawn. Nobody else can see it any more."))
    return redirect("community:questions")
