"""The promotion desk, for editors; and the button under an answer that anyone signed in may press."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import promotions, services
from community.forms import DraftForm, RejectForm
from community.models import Answer, Promotion, Question
from community.permissions import can_edit_promotion
from community.services import promoting
from community.views.desks import only_for
from portal.core.entrance import signed_in_to_act, take_typed

editors_only = only_for(can_edit_promotion, back=lambda where: reverse("community:promotion", kwargs=where))


@require_safe
@editors_only
def desk(request: HttpRequest) -> HttpResponse:
    """What waits to become an article, best first; and what became of the rest."""
    page, rows = promotions.desk(request.GET)
    context = {"page": page, "rows": rows, "tabs": _tabs(request), "state": promotions.state_of(request.GET)}
    return render(request, "community/promotions.html", context)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    words = [
        ("candidate", _("Candidates")),
        ("draft", _("Drafts")),
        ("published", _("Published")),
        ("rejected", _("Rejected")),
    ]
    current, counts = promotions.state_of(request.GET), promotions.counts()
    return [
        {"text": text, "url": f"?state={state}", "current": state == current, "count": counts.get(state, 0)}
        for state, text in words
    ]


def _get(pk: int) -> Promotion:
    return get_object_or_404(Promotion.objects.for_desk(), pk=pk)


@require_safe
@editors_only
def promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """One promotion: draft and source side by side."""
    found, typed = _get(pk), take_typed(request)
    return _page(request, found, DraftForm.of(found, typed=typed), RejectForm(initial=typed))


def _page(
    request: HttpRequest, found: Promotion, form: DraftForm, reject_form: RejectForm | None = None
) -> HttpResponse:
    refused = [bound for bound in (form, reject_form) if bound is not None and bound.errors]
    status = 200 if not refused else 409 if any(bound.theirs is not None for bound in refused) else 400
    context = {
        "form": form,
        "reject_form": reject_form or RejectForm(),
        **promotions.sheet(found, request.user),
    }
    return render(request, "community/promotion.html", context, status=status)


@require_POST
@editors_only
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft."""
    found, form = _get(pk), DraftForm(request.POST)
    if form.is_valid() and form.run(lambda: _revise(found, form, request), by=request.user):
        messages.success(request, _("The draft is saved."))
        return redirect("community:promotion", pk)
    return _page(request, _get(pk), form)


def _revise(found: Promotion, form: DraftForm, request: HttpRequest) -> int:
    return services.revise_draft(promotion=found, by=request.user, **form.values()).pk


@require_POST
@editors_only
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the editor wrote and publish it, both or neither; then the next one."""
    found, form = _get(pk), DraftForm(request.POST)
    if form.is_valid() and form.run(lambda: _publish(found, form, request), by=request.user):
        messages.success(request, _("Published: “%(title)s”") % {"title": form.cleaned_data["title"]})
        return _next(besides=pk)
    return _page(request, _get(pk), form)


@transaction.atomic
def _publish(found: Promotion, form: DraftForm, request: HttpRequest) -> int:
    draft = services.revise_draft(promotion=found, by=request.user, **form.values())
    return services.publish_promotion(promotion=draft, by=request.user).pk


@require_POST
@editors_only
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide against an article, with a reason; then the next one."""
    found, form = _get(pk), RejectForm(request.POST)
    if form.is_valid() and form.run(lambda: _reject(found, form, request), by=request.user):
        messages.success(request, _("Rejected. It will not be proposed again."))
        return _next(besides=pk)
    found = _get(pk)
    return _page(request, found, DraftForm.of(found), form)


def _reject(found: Promotion, form: RejectForm, request: HttpRequest) -> int:
    reason = form.cleaned_data["reason"]
    return services.reject_promotion(promotion=found, by=request.user, reason=reason).pk


def _next(*, besides: int) -> HttpResponse:
    """The next one comes by itself; the desk when none is left."""
    following = promoting.next_waiting(besides=besides)
    return redirect("community:promotion", following.pk) if following else redirect("community:promotions")


@signed_in_to_act
@require_POST
def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an answer as an article."""
    questions = Question.objects.visible_to(request.user)
    answers = Answer.objects.visible_to(request.user).filter(question__in=questions)
    answer = get_object_or_404(answers.select_related("question"), pk=pk)
    proposed = services.nominate_answer(answer=answer, by=request.user)
    if can_edit_promotion(request.user):
        return redirect("community:promotion", proposed.pk)
    messages.success(request, _("Thank you. An editor will look at this answer."))
    return redirect(answer)
