"""Every act of the knowledge base, one function each. Pages, API, admin, commands and promotion all call these."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.models import Article, ArticleFeedback, Category, ContentGap, Credit, Redirect, Revision
from kb.permissions import (
    can_archive_article,
    can_edit_article,
    can_give_feedback,
    can_publish_article,
    can_write_article,
)
from portal.core import limits, search
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, Language, Product, Release, User
from portal.core.search.analysis import terms
from portal.core.tagging import find_tags
from portal.core.text import accept_text, guess_language, render, slug_of

TITLE_MAX = 200
BODY_MAX = 60_000
NOTE_MAX = 200
SLUG_MAX = 100
COMMENT_MAX = 500
REVIEW_AFTER = timedelta(days=180)
# Addresses under /articles/ that are pages of their own.
TAKEN_SLUGS = frozenset({"new", "feed"})


@transaction.atomic
def draft_article(
    *,
    by: User,
    title: str,
    body: str,
    language: str = "",
    product: Product | None = None,
    releases: Iterable[Release] = (),
    category: Category | None = None,
    tags: Iterable[str] = (),
    external_id: str | None = None,
    translation_of: Article | None = None,
) -> Article:
    """Start an article: a draft with revision 1, which only editors see."""
    if not can_write_article(by):
        raise PermissionDenied
    title, body = _title(title), accept_text(body, field="body", limit=BODY_MAX)
    language = language or guess_language(f"{title} {body}", by.language or "en")
    if language not in Language.values:
        raise RuleError(_("An article is written in Korean or in English."), field="language")
    releases = _releases_of(product, releases)
    article = Article(
        title=title,
        language=language,
        product=product,
        category=category,
        owner=by,
        external_id=external_id,
        translation_of=translation_of,
    )
    _save_under_free_slug(article, title)
    article.releases.set(releases)
    article.tags.set(find_tags(tags))
    article.revisions.create(number=1, title=title, body=body, html=render(body), author=by)
    return article


@transaction.atomic
def describe(
    *,
    article: Article,
    by: User,
    product: Product | None,
    releases: Iterable[Release],
    category: Category | None,
    tags: Iterable[str],
) -> Article:
    """Say what an article is about: product, releases, topic and tags. Its text stays as it is."""
    if not can_edit_article(by, article):
        raise PermissionDenied
    releases = _releases_of(product, releases)
    Article.objects.filter(pk=article.pk).update(product=product, category=category)
    article.refresh_from_db(fields=["product", "category"])
    article.releases.set(releases)
    article.tags.set(find_tags(tags))
    search.changed("article", article.pk)
    return article


def revise(
    *, article: Article, body: str, title: str, note: str = "", based_on: Revision, by: User
) -> Revision:
    """Add a revision, unless somebody saved a newer one since this editor began.

    The ConflictError's `theirs` holds the newer text, so that a page can show both.
    """
    if not can_edit_article(by, article):
        raise PermissionDenied
    title, body = _title(title), accept_text(body, field="body", limit=BODY_MAX)
    note = accept_text(note, field="note", limit=NOTE_MAX, required=False).replace("\n", " ")
    try:
        with transaction.atomic():
            latest = article.revisions.latest("number")
            if latest.pk != based_on.pk:
                raise _newer(latest)
            Article.objects.filter(pk=article.pk).update(updated_at=timezone.now())
            return article.revisions.create(
                number=latest.number + 1,
                title=title,
                body=body,
                html=render(body),
                note=note,
                based_on=based_on,
                author=by,
            )
    except IntegrityError as error:  # two editors passed the check at once; the number is unique
        raise _newer(article.revisions.latest("number")) from error


@transaction.atomic
def submit(*, article: Article, by: User) -> Article:
    """Hand a draft over for review; doing it twice is harmless."""
    if not can_edit_article(by, article):
        raise PermissionDenied
    drafts = Article.objects.filter(pk=article.pk, status=Article.Status.DRAFT)
    submitted = drafts.update(status=Article.Status.REVIEW, updated_at=timezone.now())
    article.refresh_from_db()
    if not submitted and article.status != Article.Status.REVIEW:
        raise RuleError(_("Only a draft can be handed over for review."))
    return article


@transaction.atomic
def publish(*, revision: Revision, by: User) -> Article:
    """Make a revision the one that readers see; doing it twice is harmless.

    The address follows the title until the first publication and then stays.
    """
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    if not can_publish_article(by, article):
        raise PermissionDenied
    if article.status == Article.Status.PUBLISHED and article.published_revision_id == revision.pk:
        return article
    now = timezone.now()
    if article.published_at is None:
        if revision.title != article.title:
            _move(article, _wanted_slug(revision.title))
        article.published_at = now
    article.title = revision.title
    article.published_revision = revision
    article.status = Article.Status.PUBLISHED
    article.successor = None
    article.updated_at = now
    _verified(article, by)
    article.save()
    Revision.objects.filter(pk=revision.pk).update(published_at=now, reviewed_by=by)
    _audit("publish_article", article, by, before={"revision": revision.number})
    search.changed("article", article.pk)
    return article


@transaction.atomic
def archive(*, article: Article, by: User, successor: Article | None = None) -> Article:
    """Take an article out of the knowledge base; its address leads to the successor, if there is one."""
    if not can_archive_article(by, article):
        raise PermissionDenied
    if successor is not None and (successor.pk == article.pk or successor.status != Article.Status.PUBLISHED):
        raise RuleError(_("The successor must be another published article."), field="successor")
    before = article.status
    Article.objects.filter(pk=article.pk).update(
        status=Article.Status.ARCHIVED, successor=successor, updated_at=timezone.now()
    )
    # Whoever was sent here is sent on, instead of twice.
    Article.objects.filter(successor=article).update(successor=successor)
    article.refresh_from_db()
    _audit("archive_article", article, by, before={"status": before})
    search.changed("article", article.pk)
    return article


@transaction.atomic
def verify(*, article: Article, by: User) -> Article:
    """Say that the article was read and is still right today."""
    if not can_edit_article(by, article):
        raise PermissionDenied
    if article.status != Article.Status.PUBLISHED:
        raise RuleError(_("Only a published article can be verified."))
    _verified(article, by)
    article.save(update_fields=["verified_at", "verified_by", "review_due"])
    return article


@transaction.atomic
def rename(*, article: Article, slug: str, by: User) -> Article:
    """Give an article another address; the old one keeps leading to it."""
    if not can_edit_article(by, article):
        raise PermissionDenied
    wanted = slug_of(accept_text(slug, field="slug", limit=300), fallback="", length=SLUG_MAX)
    if not wanted:
        raise RuleError(_("An address needs letters or digits."), field="slug")
    if wanted == article.slug:
        return article
    if wanted in TAKEN_SLUGS or not _is_free(wanted, article):
        raise RuleError(_("Another article has this address."), field="slug")
    try:
        with transaction.atomic():
            _move(article, wanted)
            article.save(update_fields=["slug"])
    except IntegrityError as error:
        raise RuleError(_("Another article has this address."), field="slug") from error
    search.changed("article", article.pk)
    return article


@transaction.atomic
def give_feedback(
    *, article: Article, by: Any, visit: str, helpful: bool, reason: str = "", comment: str = ""
) -> ArticleFeedback:
    """Keep one reader's verdict: a person's, or a visit's for who is not signed in. Another one replaces it."""
    if not can_give_feedback(by, article):
        raise PermissionDenied
    person = by if by is not None and by.is_authenticated else None
    limits.take("feedback", by=person)
    if reason not in ArticleFeedback.Reason.values:
        raise RuleError(_("This reason is not one of the list."), field="reason")
    comment = accept_text(comment, field="comment", limit=COMMENT_MAX, required=False).strip()
    if person is None and not visit:
        raise RuleError(
            _("Your browser keeps no visit, so the verdict cannot be counted once. Please sign in.")
        )
    verdict = {"helpful": helpful, "reason": "" if helpful else reason, "comment": comment}
    who: dict[str, Any] = {"person": person} if person else {"person": None, "visit": visit}
    row, _made = ArticleFeedback.objects.update_or_create(
        article=article, **who, defaults=verdict, create_defaults=verdict | {"visit": visit}
    )
    return row


@transaction.atomic
def record_gap(*, text: str, language: str) -> ContentGap:
    """Write down a need that found no good article; the same need in the same words is counted, not repeated."""
    words = accept_text(" ".join(text.split()), field="text", limit=10_000)[:300]
    if language not in Language.values:
        language = guess_language(words)
    now = timezone.now()
    gap, made = ContentGap.objects.get_or_create(
        key=gap_key(words),
        language=language,
        defaults={"text": words, "first_seen": now, "last_seen": now},
    )
    if not made:
        ContentGap.objects.filter(pk=gap.pk).update(demand=F("demand") + 1, last_seen=now)
        gap.refresh_from_db()
    return gap


@transaction.atomic
def settle_gap(*, gap: ContentGap, by: User, status: str, article: Article | None) -> ContentGap:
    """Plan an article for a need, or say which published one fills it."""
    if not can_write_article(by):
        raise PermissionDenied
    if status not in ContentGap.Status.values:
        raise RuleError(_("This state is not one of the list."), field="state")
    if status == ContentGap.Status.FILLED and (article is None or article.status != Article.Status.PUBLISHED):
        raise RuleError(_("Name the published article that fills it."), field="article")
    ContentGap.objects.filter(pk=gap.pk).update(status=status, article=article)
    gap.refresh_from_db()
    return gap


@transaction.atomic
def add_credit(*, article: Article, person: User | None, kind: str, pk: int, url: str) -> Credit:
    """Name a person whose words an article grew from, with the place where they stand; once for each source."""
    credit, _made = Credit.objects.get_or_create(
        article=article, source_kind=kind, source_pk=pk, defaults={"person": person, "source_url": url[:300]}
    )
    return credit


def gap_key(text: str) -> str:
    """A need's words without order, case and repetition."""
    words = {term.text for term in terms(text) if not term.extra}
    return " ".join(sorted(words))[:300] or text.casefold()[:300]


# ----------------------------------------------------------------- what the acts share


def _title(title: str) -> str:
    one_line = " ".join(accept_text(title, field="title", limit=2_000).split())
    return accept_text(one_line, field="title", limit=TITLE_MAX)


def _releases_of(product: Product | None, releases: Iterable[Release]) -> list[Release]:
    found = list(releases)
    if any(product is None or release.product_id != product.pk for release in found):
        raise RuleError(_("This release does not belong to the product."), field="releases")
    return found


def _newer(latest: Revision) -> ConflictError:
    return ConflictError(
        _("Somebody saved a newer revision while you were writing. Your text is kept below."),
        theirs={
            "title": latest.title,
            "body": latest.body,
            "note": latest.note,
            "revision": latest.number,
            "version": latest.number,
            "by": str(latest.author or ""),
        },
    )


def _verified(article: Article, by: User) -> None:
    article.verified_at, article.verified_by = timezone.now(), by
    article.review_due = timezone.localdate() + REVIEW_AFTER


def _audit(act: str, article: Article, by: User, *, before: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        actor=by,
        act=act,
        target_kind="kb.article",
        target_pk=article.pk,
        target_title=article.title,
        before=before,
    )


def _wanted_slug(title: str) -> str:
    return slug_of(title, fallback="article", length=SLUG_MAX)


def _is_free(slug: str, article: Article) -> bool:
    if Article.objects.filter(slug=slug).exclude(pk=article.pk).exists():
        return False
    return not Redirect.objects.filter(slug=slug).exclude(article_id=article.pk).exists()


def _free_slug(wanted: str, article: Article) -> str:
    """The wanted address, else with the first free number behind it."""
    taken = set(TAKEN_SLUGS)
    alike = Q(slug=wanted) | Q(slug__startswith=f"{wanted}-")
    taken.update(Article.objects.filter(alike).exclude(pk=article.pk).values_list("slug", flat=True))
    taken.update(Redirect.objects.filter(alike).exclude(article_id=article.pk).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _save_under_free_slug(article: Article, title: str) -> None:
    """Save a new article; if another took its address in the same moment, take the next."""
    for attempt in range(3):
        article.slug = _free_slug(_wanted_slug(title), article)
        try:
            with transaction.atomic():
                article.save()
                return
        except IntegrityError:
            if attempt == 2 or Article.objects.filter(external_id=article.external_id or "").exists():
                raise


def _move(article: Article, wanted: str) -> None:
    """Change the address in memory and leave a redirect at the old one; the caller saves."""
    old, article.slug = article.slug, _free_slug(wanted, article)
    if old == article.slug:
        return
    Redirect.objects.filter(slug=article.slug, article=article).delete()
    Redirect.objects.get_or_create(slug=old, defaults={"article": article})
