"""People: the list and the public profile."""

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community import lists
from community.models import Answer, Question
from kb.models import Article
from portal.core.models import User


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those who helped most: accepted answers first, then answers."""
    shown = Q(answers__status="open", answers__question__status__in=["open", "closed"])
    helpers = User.objects.filter(is_active=True).annotate(
        answer_count=Count("answers", filter=shown, distinct=True),
        accepted_count=Count("answers", filter=shown & Q(answers__accepted_for__isnull=False), distinct=True),
    )
    rows = helpers.filter(answer_count__gt=0).order_by("-accepted_count", "-answer_count", "pk")[:60]
    return render(request, "community/people.html", {"people": rows})


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    """A person's public questions and answers, and the articles that began with their words."""
    found = get_object_or_404(User, username=username, is_active=True)
    public = Question.objects.visible_to(request.user).exclude(status="removed")
    answers = Answer.objects.public().filter(author=found, question__in=Question.objects.public())
    context = {
        "person": found,
        "page": lists.page_of(public.filter(author=found), request.GET, size=10),
        "answers": answers.with_votes().select_related("question").order_by("-vote_score", "-pk")[:10],
        "articles": Article.objects.published().for_display().filter(credits__person=found).distinct()[:10],
        "counts": answers.aggregate(
            answers=Count("pk"), accepted=Count("pk", filter=Q(question__accepted_answer=F("pk")))
        ),
    }
    return render(request, "community/person.html", context)
