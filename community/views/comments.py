"""Comments under questions and answers."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from community import services
from community.forms import CommentForm
from community.models import Answer, Comment, Question
from community.permissions import can_edit_comment


def _post(request: HttpRequest, kind: str, pk: int) -> Question | Answer:
    questions = Question.objects.visible_to(request.user)
    if kind == "question":
        return get_object_or_404(questions, pk=pk)
    if kind == "answer":
        answers = Answer.objects.visible_to(request.user).filter(question__in=questions)
        return get_object_or_404(answers.select_related("question"), pk=pk)
    raise Http404


@login_required
def add(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Add a comment; a refusal shows a page with what was typed."""
    post = _post(request, kind, pk)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.run(
            lambda: services.add_comment(on=post, by=request.user, body=form.cleaned_data["body"]).pk,
            by=request.user,
        )
        if made:
            return redirect(f"{_thread(post).get_absolute_url()}?sent=comment-{kind}-{pk}#comment-{made}")
    context = {"form": form, "question": _thread(post), "post": post}
    return render(request, "community/comment_form.html", context, status=400 if form.errors else 200)


def _thread(post: Question | Answer) -> Question:
    return post.question if isinstance(post, Answer) else post


def _comment(request: HttpRequest, pk: int) -> Comment:
    seen = Comment.objects.visible_to(request.user).select_related("question", "answer__question")
    comment = get_object_or_404(seen, pk=pk)
    get_object_or_404(Question.objects.visible_to(request.user), pk=comment.thread().pk)
    if not can_edit_comment(request.user, comment):
        raise Http404
    return comment


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own comment."""
    comment = _comment(request, pk)
    initial = {"body": comment.body, "version": comment.version}
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


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    services.withdraw_comment(comment=comment, by=request.user)
    return redirect(comment.thread())
