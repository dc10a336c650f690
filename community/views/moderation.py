"""The moderation desk, one entry at a time; closing, duplicates, and the page to flag a post."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from community import moderation, services
from community.forms import CloseForm, DecisionForm, DuplicateForm, FlagForm
from community.models import Answer, Comment, Question
from community.permissions import can_decide, can_flag_post
from community.views.desks import only_for
from portal.core.entrance import signed_in, take_typed
from portal.core.errors import RuleError
from portal.core.models import AuditEntry

MODELS: dict[str, Any] = {"question": Question, "answer": Answer, "comment": Comment}
DONE = {
    "release": gettext_lazy("Released: it is public now."),
    "remove": gettext_lazy("Removed. The author reads why."),
    "dismiss": gettext_lazy("Dismissed: the post stands."),
    "duplicate": gettext_lazy("Closed as a duplicate. The asker is shown the older question."),
}
NOT_DUPLICATE = gettext_lazy("They stay two questions. This pair does not come again.")
PAGE = 50


moderators_only = only_for(can_decide, back=lambda where: reverse("community:moderation_entry", kwargs=where))
undoes = only_for(can_decide, back=lambda where: reverse("community:moderation"))
# Acts on a question from its own page.
closes = only_for(can_decide, back=lambda where: reverse("community:question_short", kwargs=where))


@require_safe
@moderators_only
def desk(request: HttpRequest) -> HttpResponse:
    """The oldest entry that waits, or the one after ?after=, with all that is known of it."""
    waiting = moderation.waiting(request.user)
    ids = [entry.id for entry in waiting]
    after = request.GET.get("after", "")
    at = ids.index(after) + 1 if after in ids else 0
    return _show(request, waiting[at] if at < len(waiting) else None, waiting)


@require_safe
@moderators_only
def entry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """One entry by its id, whether it still waits or not."""
    found, typed = _entry(request, entry_id), take_typed(request)
    form = DecisionForm(initial=typed) if typed else None
    return _show(request, found, moderation.waiting(request.user), form=form)


@require_safe
@moderators_only
def waiting_list(request: HttpRequest) -> HttpResponse:
    """All that waits, oldest first."""
    entries = moderation.queue(request.user, limit=PAGE + 1, after=request.GET.get("after", ""))
    more = entries[PAGE - 1].cursor if len(entries) > PAGE else ""
    return render(request, "community/moderation_list.html", {"entries": entries[:PAGE], "more": more})


@require_POST
@moderators_only
def decide(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Release, remove or dismiss; the next entry comes by itself. A refusal shows the entry with its sentence."""
    found, form = _entry(request, entry_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, found, moderation.waiting(request.user), form=form, status=400)
    decision = form.cleaned_data["decision"]
    reason = form.reason(getattr(found.post.author, "language", ""))
    try:
        moderation.decide_entry(entry=found, decision=decision, by=request.user, reason=reason)
    except RuleError as error:
        form.add_error(None, str(error))
        return _show(
            request,
            _entry(request, entry_id),
            moderation.waiting(request.user),
            form=form,
            status=error.status,
        )
    messages.success(request, NOT_DUPLICATE if found.proposal and decision == "dismiss" else DONE[decision])
    return redirect("community:moderation")


@require_POST
@undoes
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back; its entry is shown again."""
    taken_back = get_object_or_404(AuditEntry, pk=pk)
    post = moderation.undo(entry=taken_back, by=request.user)
    messages.success(request, _("Undone: everything is as it was before."))
    proposals = taken_back.before.get("proposals")
    return redirect(
        "community:moderation_entry",
        f"duplicate-{proposals[0]}" if proposals else moderation.entry_id_of(post),
    )


@closes
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a question for new answers, with the reason that everyone reads."""
    question = get_object_or_404(Question, pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.run(
            lambda: moderation.close_question(question=question, by=request.user, reason=reason).pk,
            by=request.user,
        ):
            return redirect(question)
    title, text = _("Close this question?"), _("It stays readable, but takes no new answers and comments.")
    return _ask(request, question, form, title=title, text=text, act=_("Close the question"))


@require_POST
@closes
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a closed question take answers again."""
    question = get_object_or_404(Question, pk=pk)
    moderation.reopen_question(question=question, by=request.user)
    return redirect(question)


@closes
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a question in favour of one that was asked before."""
    question = get_object_or_404(Question, pk=pk)
    form = DuplicateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        original = Question.objects.public().filter(pk=form.cleaned_data["of"]).first()
        if original is None:
            form.add_error("of", _("There is no public question with this number."))
        elif form.run(
            lambda: moderation.mark_duplicate(question=question, of=original, by=request.user).pk,
            by=request.user,
        ):
            return redirect(question)
    title, text = (
        _("Was this asked before?"),
        _("It is closed, and everyone who comes here is shown the older question."),
    )
    return _ask(request, question, form, title=title, text=text, act=_("Mark as a duplicate"))


@signed_in
def flag(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Report a post to the moderators, with a reason."""
    post = _visible_post(request, kind, pk)
    form = FlagForm(request.POST) if request.method == "POST" else FlagForm(initial=take_typed(request))
    question = post if kind == "question" else post.question if kind == "answer" else post.thread()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.run(
            lambda: services.flag(post=post, by=request.user, reason=data["reason"], note=data["note"]).pk,
            by=request.user,
        ):
            messages.success(request, _("Thank you. A moderator will look at it."))
            return redirect(question)
    context = {"form": form, "post": post, "kind": kind, "question": question}
    return render(request, "community/moderation_flag.html", context, status=400 if form.errors else 200)


def _visible_post(request: HttpRequest, kind: str, pk: int) -> Any:
    """A post this reader may see and flag; 404 otherwise."""
    if kind not in MODELS:
        raise Http404
    threads = Question.objects.visible_to(request.user)
    rows = MODELS[kind].objects.visible_to(request.user)
    if kind == "answer":
        rows = rows.filter(question__in=threads).select_related("question")
    elif kind == "comment":
        rows = (rows.filter(question__in=threads) | rows.filter(answer__question__in=threads)).select_related(
            "question", "answer__question"
        )
    post = get_object_or_404(rows, pk=pk)
    if not can_flag_post(request.user, post):
        raise Http404
    return post


def _entry(request: HttpRequest, entry_id: str) -> moderation.Entry:
    found = moderation.find_entry(request.user, entry_id)
    if found is None or found.post is None:
        raise Http404
    return found


def _show(
    request: HttpRequest,
    found: moderation.Entry | None,
    waiting: list[moderation.Entry],
    *,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if found is not None and found.post is None:
        moderation.load([found])
    first_flag = found.flags[0].reason if found and found.flags else ""
    context = {
        "entry": found,
        "left": len(waiting),
        "more": len(waiting) >= moderation.COUNTED_TO,
        "form": form or DecisionForm(initial={"why": first_flag}),
        "past": moderation.context_of(found) if found else None,
        "last": moderation.last_decisions(request.user, 3),
    }
    return render(request, "community/moderation.html", context, status=status)


def _ask(
    request: HttpRequest, question: Question, form: Any, *, title: str, text: str, act: str
) -> HttpResponse:
    status = 409 if form.theirs is not None else 400 if form.errors else 200
    context = {"question": question, "form": form, "title": title, "text": text, "act": act}
    return render(request, "community/moderation_ask.html", context, status=status)
