"""Writing one article of a content file: published, with revision 1, unless the line says otherwise."""

from django.db.models import Count, Q
from django.utils import timezone

from community.importing.lookups import Lookups
from community.importing.reading import ArticleLine
from kb.models import Article, ArticleFeedback, Credit, Redirect, Revision
from portal.core import search
from portal.core.text import render, slug_of

SLUG_MAX = 100


def write_article(line: ArticleLine, lookups: Lookups) -> bool:
    """Make the article, or give the known one a new revision where the text differs; whether it is new."""
    article = (
        Article.objects.filter(external_id=line.external_id).select_related("published_revision").first()
    )
    if article is not None:
        _renew(article, line, lookups)
        return False
    author = lookups.person(line.author)
    product = lookups.product(line.product)
    article = Article.objects.create(
        slug=_free_slug(line.title),
        external_id=line.external_id,
        title=line.title,
        language=line.language,
        product=product,
        category=lookups.topic(line.topic),
        owner=author,
        views=line.views,
        verified_at=line.verified_at,
        verified_by=author if line.verified_at else None,
        created_at=line.created_at,
        updated_at=line.updated_at or line.created_at,
        translation_of=Article.objects.filter(external_id=line.translation_of).first()
        if line.translation_of
        else None,
    )
    article.tags.set([lookups.tags[name] for name in line.tags])
    article.releases.set(filter(None, [lookups.release(product, name) for name in line.releases]))
    revision = Revision.objects.create(
        article=article,
        number=1,
        title=line.title,
        body=line.body,
        html=render(line.body),
        author=author,
        created_at=line.created_at,
        published_at=line.created_at if line.status in ("published", "archived") else None,
        announced_at=timezone.now(),
    )
    article.status = line.status
    if revision.published_at:
        article.published_revision, article.published_at = revision, line.created_at
    article.save(update_fields=["status", "published_revision", "published_at"])
    Credit.objects.bulk_create(
        [Credit(article=article, person=lookups.person(name)) for name in line.credits]
    )
    _top_up_feedback(article, line)
    search.changed("article", article.pk)
    return True


def _renew(article: Article, line: ArticleLine, lookups: Lookups) -> None:
    _top_up_feedback(article, line)
    latest = article.revisions.latest("number")
    if (latest.title, latest.body) == (line.title, line.body):
        return
    # Somebody here has written on it since: their text is the newer one.
    if latest.number > 1 and not latest.note.startswith("import"):
        return
    when = line.updated_at or line.created_at
    revision = article.revisions.create(
        number=latest.number + 1,
        title=line.title,
        body=line.body,
        html=render(line.body),
        note="import",
        author=lookups.person(line.author),
        based_on=latest,
        published_at=when,
    )
    if article.status == Article.Status.PUBLISHED:
        article.title, article.published_revision, article.updated_at = line.title, revision, when
        article.save(update_fields=["title", "published_revision", "updated_at"])
        search.changed("article", article.pk)


def _top_up_feedback(article: Article, line: ArticleLine) -> None:
    """Verdicts without a reader, as many as are missing to the counts of the line."""
    had = article.feedback.aggregate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )
    missing = [True] * max(0, line.helpful - had["yes"]) + [False] * max(0, line.unhelpful - had["no"])
    rows = [
        ArticleFeedback(article=article, helpful=helpful, created_at=line.created_at) for helpful in missing
    ]
    ArticleFeedback.objects.bulk_create(rows, batch_size=500)


def _free_slug(title: str) -> str:
    wanted = slug_of(title, fallback="article", length=SLUG_MAX)
    alike = Q(slug=wanted) | Q(slug__startswith=f"{wanted}-")
    taken = {"new", "feed", *Article.objects.filter(alike).values_list("slug", flat=True)}
    taken.update(Redirect.objects.filter(alike).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
