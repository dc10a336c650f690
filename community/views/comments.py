"""Comments under questions and answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import services
from community.forms import CommentForm
from community.models import Answer, Comment, Question
from community.permissions import can_comment_on, can_edit_comment
from portal.core.entrance import signed_in, signed_in_to_act, take_typed


def _post(request: HttpRequest, kind: str, pk: int) -> Question | Answer:
    questions = Question.objects.visible_to(request.user)
    if kind == "question":
        return get_object_or_404(questions, pk=pk)
    if kind == "answer":
        answers = Answer.objects.visible_to(request.user).filter(question__in=questions)
        return get_object_or_404(answers.select_related("question"), pk=pk)
    raise Http404


@signed_in
def add(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Add a comment; a refusal shows a page with what was typed."""
    post = _post(request, kind, pk)
    form = CommentForm(request.POST) if request.method == "POST" else CommentForm(initial=take_typed(request))
    allowed = can_comment_on(request.user, post)
    if not allowed and request.method != "POST":
        return redirect(_thread(post))
    if request.method == "POST" and form.is_valid() and not allowed:
        form.add_error(
            None,
            _(
                "This takes no more comments: it was closed or held while you were writing. Your text is below."
            ),
        )
    elif request.method == "POST" and form.is_valid():
        made = form.run(
            lambda: services.add_comment(on=post, by=request.user, body=form.cleaned_data["body"]).pk,
            by=request.user,
        )
        if made:
            return redirect(f"{_thread(post).get_absolute_url()}?sent=comment-{kind}-{pk}#comment-{made}")
    context = {"form": form, "question": _thread(post), "post": post, "kind": kind}
    status = 403 if not allowed else 400 if form.errors else 200
    return render(request, "community/comment_form.html", context, status=status)


def _thread(post: Question | Answer) -> Question:
    return post.question if isinstance(post, Answer) else post


def _comment(request: HttpRequest, pk: int) -> Comment:
    seen = Comment.objects.visible_to(request.user).select_related("question", "answer__question")
    comment = get_object_or_404(seen, pk=pk)
    get_object_or_404(Question.objects.visible_to(request.user), pk=comment.thread().pk)
    if not can_edit_comment(request.user, comment):
        raise Http404
    return comment


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own comment."""
    comment = _comment(request, pk)
    initial = {"body": comment.body, "version": comment.version} | take_typed(request)
    form = CommentForm(request.POST) if request.method == "POST" else CommentForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], form.cleaned_data["version"]
        if form.run(
            lambda: services.edit_comment(comment=comment, by=request.user, body=body, version=version).pk,
            by=request.user,
        ):
            return redirect(f"{comment.thread().get_absolute_url()}#comment-{pk}")
    status = 409 if form.theirs else 400 if form.errors else 200
    context = {"form": form, "question": comment.thread(), "comment": comment}
    return render(request, "community/comment_form.html", context, status=status)


@signed_in_to_act
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    services.withdraw_comment(comment=comment, by=request.user)
    return redirect(comment.thread())
