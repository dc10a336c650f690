"""What the community adds beside an article: the watch button, who it helped. The article's page fetches it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from community import services, viewcounts
from community.models import Question, Watch
from kb.models import Article
from portal.core.entrance import signed_in_to_act
from portal.core.search import visit_of
from portal.core.visits import sender_of

SHOWN = 5


@require_safe
def article_beside(request: HttpRequest, slug: str) -> HttpResponse:
    """The part beside a published article; fetching it counts the view."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    if article.status == Article.Status.PUBLISHED:
        viewcounts.count("article", article.pk, visit=visit_of(sender_of(request)))
    solved = Question.objects.public().filter(solved_by_article=article).order_by("-solved_at")
    context = {
        "article": article,
        "watching": request.user.is_authenticated
        and Watch.objects.filter(person=request.user, article=article).exists(),
        "solved": solved[:SHOWN],
        "related": _related(article),
    }
    whole = not request.htmx  # type: ignore[attr-defined]
    return render(
        request, "community/article_beside_page.html" if whole else "community/article_beside.html", context
    )


def _related(article: Article) -> list[Article]:
    """Others about the same: the topic's first, else the product's."""
    rows = Article.objects.published().filter(language=article.language).exclude(pk=article.pk)
    if article.product_id is None and article.category_id is None:
        return []
    if article.product_id is not None:
        rows = rows.filter(product=article.product_id)
    if article.category_id is not None and (alike := list(rows.filter(category=article.category_id)[:SHOWN])):
        return alike
    return list(rows[:SHOWN])


@signed_in_to_act
@require_POST
def article_watch(request: HttpRequest, slug: str) -> HttpResponse:
    """Start or stop hearing of changes to an article."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    act = services.unwatch if request.POST.get("watch") == "0" else services.watch
    act(person=request.user, article=article)
    return redirect(article)
