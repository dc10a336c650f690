"""What the pages of the knowledge base show, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone

from kb.diff import Line, diff_lines
from kb.models import Article, ArticleFeedback, Category, Credit, Redirect, Revision
from kb.permissions import can_edit_article
from kb.querysets import ArticleQuerySet
from portal.core.models import Language
from portal.core.permissions import is_editor
from portal.core.text import headings

STATES = ("published", "draft", "review", "archived", "due")
HISTORY_SHOWN = 100


def filtered(query: QueryDict, user: Any) -> ArticleQuerySet:
    """The articles that an address asks for and this reader may see; unknown values mean "no filter"."""
    rows = Article.objects.visible_to(user)
    state = query.get("state", "")
    if not is_editor(user) or state not in STATES:
        rows = rows.published()
    elif state == "due":
        rows = rows.published().filter(review_due__lte=timezone.localdate())
    else:
        rows = rows.filter(status=state)
    if product := query.get("product", "")[:60]:
        rows = rows.filter(product__slug=product)
    if topic := query.get("topic", "")[:60]:
        rows = rows.filter(category__slug=topic)
    if tag := query.get("tag", "")[:40]:
        rows = rows.filter(tags__name=tag)
    if (language := query.get("language", "")) in Language.values:
        rows = rows.filter(language=language)
    return rows


def topics_in_use() -> QuerySet[Category]:
    """Topics under which a reader finds something."""
    return Category.objects.filter(articles__status=Article.Status.PUBLISHED).distinct()


def article_for(user: Any, slug: str) -> Article:
    """The article at this address that this reader may see, with what its page names; 404 otherwise."""
    rows = (
        Article.objects.visible_to(user).for_display().select_related("category", "verified_by", "successor")
    )
    article = rows.with_feedback().prefetch_related("tags", "releases").filter(slug=slug).first()
    if article is None:
        raise Http404
    return article


def moved_to(slug: str) -> Article | None:
    """Where an old address leads: the renamed article, or an archived one's successor; None if nowhere."""
    redirect = Redirect.objects.filter(slug=slug).select_related("article__successor").first()
    found = (
        redirect.article
        if redirect
        else Article.objects.filter(slug=slug).select_related("successor").first()
    )
    if found is not None and found.status == Article.Status.ARCHIVED:
        found = found.successor
    return found if found is not None and found.status == Article.Status.PUBLISHED else None


@dataclass(frozen=True)
class Reading:
    """An article as one reader sees it now."""

    article: Article
    revision: Revision
    newest: Revision | None
    contents: list[tuple[int, str, str]]
    credits: list[Credit]
    others: list[Article]
    mine: ArticleFeedback | None
    can_edit: bool


def read(article: Article, user: Any, *, visit: str) -> Reading:
    """Gather what the article's page shows. Readers see the published revision, editors of a draft its newest."""
    can_edit = can_edit_article(user, article)
    newest = article.revisions.first() if can_edit else None
    revision = article.published_revision or newest
    if revision is None:
        raise Http404
    family = article.translation_of_id or article.pk
    others = (
        Article.objects.published().filter(Q(pk=family) | Q(translation_of=family)).exclude(pk=article.pk)
    )
    return Reading(
        article=article,
        revision=revision,
        newest=newest if newest != revision else None,
        contents=headings(revision.html),
        credits=list(article.credits.select_related("person")),
        others=list(others),
        mine=feedback_of(article, user, visit=visit),
        can_edit=can_edit,
    )


def feedback_of(article: Article, user: Any, *, visit: str) -> ArticleFeedback | None:
    """What this reader has said of the article before."""
    if user.is_authenticated:
        return article.feedback.filter(person=user).first()
    return article.feedback.filter(person=None, visit=visit).first() if visit else None


def revisions_for(article: Article, user: Any) -> list[Revision]:
    """The revisions a reader may compare: those that were published; editors see all."""
    rows = article.revisions.select_related("author", "reviewed_by")
    if not can_edit_article(user, article):
        rows = rows.filter(published_at__isnull=False)
    return list(rows[:HISTORY_SHOWN])


@dataclass(frozen=True)
class Comparison:
    """Two revisions and what makes the difference; `old` is None beside the first."""

    old: Revision | None
    new: Revision
    title: list[Line]
    body: list[Line]


def comparison(revisions: list[Revision], query: QueryDict) -> Comparison | None:
    """The two revisions that an address asks for (`from`, `to`), else the newest and the one before it."""
    if not revisions:
        return None
    by_number = {str(revision.number): revision for revision in revisions}
    new = by_number.get(query.get("to", ""), revisions[0])
    before = next((revision for revision in revisions if revision.number < new.number), None)
    old = by_number.get(query.get("from", ""), before)
    if old is not None and old.number > new.number:
        old, new = new, old
    if old is None or old == new:
        return Comparison(None, new, diff_lines("", new.title), diff_lines("", new.body))
    return Comparison(old, new, diff_lines(old.title, new.title), diff_lines(old.body, new.body))
