"""Writing an article: the editor's form and the acts beside it. For editors."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kb import editing, reading, services
from kb.diff import diff_lines
from kb.forms import ArchiveForm, ArticleForm, FeedbackForm, RenameForm
from kb.models import Article
from kb.permissions import can_edit_article, can_write_article
from portal.core.act_forms import ActForm
from portal.core.entrance import signed_in, signed_in_to_act, take_typed
from portal.core.search import visit_of
from portal.core.visits import sender_of


def _editable(request: HttpRequest, slug: str) -> Article:
    article = reading.article_for(request.user, slug)
    if not can_edit_article(request.user, article):
        raise PermissionDenied
    return article


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an article that does not exist yet."""
    if not can_write_article(request.user):
        raise PermissionDenied
    given = {name: request.GET.get(name, "")[:200] for name in ("title", "product", "tags")}
    given |= take_typed(request)
    form = ArticleForm(request.POST) if request.method == "POST" else ArticleForm(initial=given)
    if request.method == "POST" and form.is_valid():
        pk = form.run(lambda: editing.start(form, by=request.user).pk, by=request.user)
        if pk:
            return redirect(Article.objects.get(pk=pk))
    return _page(request, form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the next revision. If another editor saved one meanwhile, both texts stand on the page (409)."""
    article = _editable(request, slug)
    latest = article.revisions.latest("number")
    form = (
        ArticleForm(request.POST)
        if request.method == "POST"
        else ArticleForm.of(article, latest, typed=take_typed(request))
    )
    if request.method == "POST" and form.is_valid():
        pk = form.run(lambda: editing.save(form, article=article, by=request.user).pk, by=request.user)
        if pk:
            messages.success(request, _("Saved."))
            return redirect(Article.objects.get(pk=pk))
    return _page(request, form, article=article, latest=latest)


def _page(request: HttpRequest, form: ArticleForm, **more: Any) -> HttpResponse:
    if form.theirs:
        more["difference"] = diff_lines(form.theirs["body"], form.data.get("body", "").replace("\r\n", "\n"))
    status = 409 if form.theirs else 400 if form.errors else 200
    return render(request, "kb/article_edit.html", {"form": form, **more}, status=status)


@signed_in_to_act
@require_POST
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Publish one revision."""
    article = _editable(request, slug)
    revision = get_object_or_404(article.revisions, number=number)
    article = services.publish(revision=revision, by=request.user)
    messages.success(request, _("Published. Readers see it now."))
    return redirect(article)


@signed_in_to_act
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an article out, with or without a successor (named by its address)."""
    article, form = _editable(request, slug), ArchiveForm(request.POST)
    if form.is_valid():
        successor = form.cleaned_data["successor"]
        if form.run(
            lambda: services.archive(article=article, by=request.user, successor=successor).pk,
            by=request.user,
        ):
            messages.success(request, _("Archived. Readers no longer find it."))
            return redirect(article)
    return _refused(request, article, form)


def _refused(request: HttpRequest, article: Article, form: ActForm) -> HttpResponse:
    """The article's page with what was typed into one of its small forms, and why it was not taken."""
    seen = reading.read(article, request.user, visit=visit_of(sender_of(request)))
    context = {"reading": seen, "form": FeedbackForm(), "refused": form}
    return render(request, "kb/article.html", context, status=400)


@signed_in_to_act
@require_POST
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that it is still right."""
    article = services.verify(article=_editable(request, slug), by=request.user)
    messages.success(request, _("Marked as verified today."))
    return redirect(article)


@signed_in_to_act
@require_POST
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Give it another address."""
    article, form = _editable(request, slug), RenameForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["slug"]
        if form.run(
            lambda: services.rename(article=article, slug=wanted, by=request.user).pk, by=request.user
        ):
            messages.success(request, _("The address is changed; the old one leads here."))
            return redirect(Article.objects.get(pk=article.pk))
    return _refused(request, reading.article_for(request.user, slug), form)
