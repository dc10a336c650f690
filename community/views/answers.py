"""Answering, and what is done to an answer."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import services, threads
from community.forms import AnswerForm, VoteForm
from community.models import Answer, Question
from community.permissions import can_answer_question, can_edit_answer
from community.views.questions import versions_of
from portal.core.entrance import keep_typed, signed_in, signed_in_to_act, take_typed


def _visible(request: HttpRequest, pk: int) -> Answer:
    seen = Answer.objects.visible_to(request.user).filter(
        question__in=Question.objects.visible_to(request.user)
    )
    return get_object_or_404(seen.select_related("question", "author"), pk=pk)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Post an answer; somebody whose session has ended signs in first, and what they wrote is kept."""
    question = threads.question_for(request.user, pk)
    if request.method == "GET":  # a refusal stands at this address; somebody may open it again
        return redirect(question.get_absolute_url() + "#answer-form")
    if not request.user.is_authenticated:
        keep_typed(request, name=f"answer-{pk}")
        return redirect_to_login(question.get_absolute_url() + "#answer-form")
    form = AnswerForm(request.POST)
    allowed = can_answer_question(request.user, question)
    if allowed and form.is_valid():
        made = form.run(
            lambda: (
                services.answer_question(
                    question=question, by=request.user, body=form.cleaned_data["body"]
                ).pk
            ),
            by=request.user,
        )
        if made:
            return redirect(f"{question.get_absolute_url()}?sent=answer-{question.pk}#answer-{made}")
    return render(
        request,
        "community/question.html",
        threads.page_of(question, request.user) | {"form": form, "refused": not allowed},
        status=400 if allowed else 403,
    )


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an answer; when somebody saved meanwhile, both texts are shown (409)."""
    answer = _visible(request, pk)
    if not can_edit_answer(request.user, answer):
        return redirect(answer)
    form = (
        AnswerForm(request.POST)
        if request.method == "POST"
        else AnswerForm.of(answer, typed=take_typed(request))
    )
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], form.cleaned_data["version"]
        if form.run(
            lambda: services.edit_answer(answer=answer, by=request.user, body=body, version=version).pk,
            by=request.user,
        ):
            return redirect(answer)
    status = 409 if form.theirs else 400 if form.errors else 200
    return render(
        request,
        "community/answer_edit.html",
        {"form": form, "answer": answer, "question": answer.question},
        status=status,
    )


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of an answer, with what changed in each."""
    answer = _visible(request, pk)
    edits = [(edit.body, edit) for edit in answer.edits.select_related("by")]
    context = {
        "question": answer.question,
        "post": answer,
        "versions": versions_of(answer.body, edits),
        "back": answer.get_absolute_url(),
    }
    return render(request, "community/history.html", context)


@signed_in_to_act
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(services.accept_answer(answer=_visible(request, pk), by=request.user))


@signed_in_to_act
@require_POST
def unaccept(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(services.withdraw_acceptance(question=_visible(request, pk).question, by=request.user))


@signed_in_to_act
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Vote; a page's script gets the new buttons back, a plain form the page."""
    answer, form = _visible(request, pk), VoteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    answer = services.vote(answer=answer, by=request.user, helpful=form.value())
    if request.headers.get("HX-Request"):
        return render(request, "components/vote.html", {"answer": answer, "mine": form.value()})
    return redirect(answer)


@signed_in_to_act
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    answer = _visible(request, pk)
    services.withdraw_answer(answer=answer, by=request.user)
    return redirect(answer.question)
