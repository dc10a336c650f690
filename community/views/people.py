"""People: the list and the public profile."""

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community import lists
from community.models import Answer, Question
from kb.models import Article
from portal.core.models import User
from portal.core.paging import keyset

PEOPLE_SHOWN = 60
ROWS_SHOWN = 10
BEST_SHOWN = 5


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those who helped most: accepted answers first, then answers."""
    order = ("accepted_count", "answer_count", "pk")
    page = keyset(lists.people_who_helped(), request.GET, order=order, size=PEOPLE_SHOWN)
    return render(request, "community/people.html", {"page": page})


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    """A person's public questions, or with ?show=answers their answers; the articles that began with their words."""
    found = get_object_or_404(User, username=username, is_active=True)
    public = Question.objects.visible_to(request.user).exclude(status="removed")
    answers = Answer.objects.public().filter(author=found, question__in=Question.objects.public())
    articles = Article.objects.published().filter(credits__person=found).distinct()
    show_answers = request.GET.get("show") == "answers"
    rows = answers.with_votes().select_related("question")
    context = {
        "person": found,
        "show_answers": show_answers,
        "page": keyset(rows, request.GET, order=("vote_score", "pk"), size=ROWS_SHOWN)
        if show_answers
        else lists.page_of(public.filter(author=found), request.GET, size=ROWS_SHOWN),
        "answers": [] if show_answers else rows.order_by("-vote_score", "-pk")[:BEST_SHOWN],
        "articles": articles.for_display()[:ROWS_SHOWN],
        "article_count": articles.count(),
        "counts": answers.aggregate(
            answers=Count("pk"), accepted=Count("pk", filter=Q(question__accepted_answer=F("pk")))
        ),
    }
    return render(request, "community/person.html", context)
