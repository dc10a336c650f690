"""Asking: the form, the list of what already exists, and what becomes of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import finding, services, threads
from community.forms import QuestionForm
from community.models import Question
from community.permissions import can_edit_question
from portal.core import limits, search
from portal.core.entrance import forget_typed, keep_typed, signed_in, take_typed
from portal.core.models import Product, SearchQuery, Tag
from portal.core.visits import sender_of


def ask(request: HttpRequest) -> HttpResponse:
    """The form; then what already exists, once; then the question itself."""
    if request.method != "POST":
        return _page(request, QuestionForm(initial=_initial(request)))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    if not request.user.is_authenticated:
        keep_typed(request)
        return redirect_to_login(reverse("community:ask"))
    if not request.POST.get("reviewed") and (found := _already_answered(request, form)):
        return _page(request, form, reviewing=True, **found)
    return _post(request, form)


def _post(request: HttpRequest, form: QuestionForm) -> HttpResponse:
    made = form.run(lambda: services.ask_question(by=request.user, **form.values()).pk, by=request.user)
    if made is None:
        return _page(request, form, status=400)
    search.settle_posted(sender=sender_of(request))
    question = Question.objects.get(pk=made)
    if question.status == Question.Status.HELD:
        messages.info(request, _("Your question is saved. A moderator looks at it before others see it."))
    return redirect(f"{question.get_absolute_url()}?sent=ask")


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What was typed before signing in, or what the address carries over from a search or an article."""
    if kept := take_typed(request):
        return kept
    given = {name: request.GET.get(name, "")[:2000] for name in ("title", "body", "product", "tags")}
    if not given["title"]:
        given["title"] = request.GET.get("q", "")[:150]
    return given


def _already_answered(request: HttpRequest, form: QuestionForm) -> dict[str, Any] | None:
    data = form.cleaned_data
    items, query_id = suggest_for(request, f"{data['title']}\n{data['body']}", product=data["product"])
    return {"items": items, "query_id": query_id} if items else None


def suggest_for(
    request: HttpRequest, text: str, *, product: Product | None, limit: int = 5
) -> tuple[list[Any], str]:
    """What already answers this text, and the id under which the look-up was recorded."""
    language = get_language() or "en"
    items = finding.suggest(text, by=request.user, language=language[:2], product=product, limit=limit)
    row = search.record_search(
        surface=SearchQuery.Surface.SUGGEST,
        text=text,
        hits=len(items),
        shown=len(items),
        sender=sender_of(request),
        language=language[:2],
        product=product,
        confidence=items.best,
    )
    return items, row.token


def _page(request: HttpRequest, form: QuestionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "known_tags": Tag.objects.order_by("name")[:60]} | more
    return render(request, "community/ask.html", context, status=status)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under what somebody is typing; empty where nothing fits."""
    limits.take("search")
    product = Product.objects.filter(slug=request.GET.get("product", "")).first()
    text = request.GET.get("q", "")[:4000]
    items, query_id = suggest_for(request, text, product=product) if text.strip() else ([], "")
    compact = request.GET.get("compact") == "1"
    return render(
        request, "components/suggestion_list.html", {"items": items, "query_id": query_id, "compact": compact}
    )


@require_POST
def suggest_outcome(request: HttpRequest, query_id: str) -> HttpResponse:
    """Opened one, or "this solved it": then the visit has ended happily."""
    solved = request.POST.get("solved", "")
    kind, _colon, key = (solved or request.POST.get("opened", "")).partition(":")
    pk = int(key) if key.isdecimal() and len(key) < 19 else None
    outcome = SearchQuery.Outcome.SOLVED if solved else SearchQuery.Outcome.OPENED
    search.settle_search(query_id=query_id, sender=sender_of(request), outcome=outcome, kind=kind[:10], pk=pk)
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    forget_typed(request, name=reverse("community:ask"))
    messages.success(request, _("Glad that it is solved. Nothing was posted."))
    return redirect("home")


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a question; when somebody saved meanwhile, both texts are shown (409)."""
    question = threads.question_for(request.user, pk)
    if not can_edit_question(request.user, question):
        return redirect(question)
    form = (
        QuestionForm(request.POST)
        if request.method == "POST"
        else QuestionForm.of(question, typed=take_typed(request))
    )
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"version": form.cleaned_data["version"]}
        if form.run(
            lambda: services.edit_question(question=question, by=request.user, **values).pk, by=request.user
        ):
            return redirect(Question.objects.get(pk=pk))
    status = 409 if form.theirs else 400 if form.errors else 200
    return render(
        request, "community/question_edit.html", {"form": form, "question": question}, status=status
    )
