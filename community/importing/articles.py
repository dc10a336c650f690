"""Writing the articles of a content file: published, with revision 1, unless the line says otherwise."""

from collections import Counter
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from community.importing.lookups import Lookups, by_external_id
from community.importing.reading import SLUG_MAX, ArticleLine
from kb.models import Article, ArticleFeedback, Credit, Revision
from portal.core import search
from portal.core.text import render, slug_of

ROWS = 500


class Articles:
    """A batch of articles: what is missing is made, what differs gets a new revision."""

    def __init__(self, lines: list[ArticleLine], lookups: Lookups) -> None:
        self.lines, self.lookups = lines, lookups
        self.articles: dict[str, Article] = by_external_id(Article, [line.external_id for line in lines])
        self.changed: set[int] = set()

    def write(self) -> int:
        """Write the batch; how many articles are new."""
        new = [line for line in self.lines if line.external_id not in self.articles]
        known = [line for line in self.lines if line.external_id in self.articles]
        self._renew(known)
        self._make(new)
        self._top_up_feedback()
        search.changed_many("article", sorted(self.changed))
        return len(new)

    def _make(self, lines: list[ArticleLine]) -> None:
        rows = Article.objects.bulk_create([self._row(line) for line in lines], batch_size=ROWS)
        self.articles |= {row.external_id or "": row for row in rows}
        self.changed.update(row.pk for row in rows)
        pairs, now = list(zip(lines, rows, strict=True)), timezone.now()
        revisions = [
            Revision(
                article=row,
                number=1,
                title=line.title,
                body=line.body,
                html=render(line.body),
                author=row.owner,
                created_at=line.created_at,
                published_at=line.created_at if line.status in ("published", "archived") else None,
                announced_at=now,
            )
            for line, row in pairs
        ]
        Revision.objects.bulk_create(revisions, batch_size=ROWS)
        originals = by_external_id(Article, [line.translation_of for line in lines if line.translation_of])
        for (line, row), revision in zip(pairs, revisions, strict=True):
            row.status = line.status
            row.translation_of = originals.get(line.translation_of)
            if revision.published_at:
                row.published_revision, row.published_at = revision, line.created_at
        Article.objects.bulk_update(
            rows, ["status", "translation_of", "published_revision", "published_at"], batch_size=200
        )
        self._link(pairs)

    def _row(self, line: ArticleLine) -> Article:
        author = self.lookups.person(line.author)
        wanted = line.slug or slug_of(line.title, fallback="article", length=SLUG_MAX)
        return Article(
            slug=self.lookups.free_slug(wanted),
            external_id=line.external_id,
            title=line.title,
            language=line.language,
            product=self.lookups.product(line.product),
            category=self.lookups.topic(line.topic),
            owner=author,
            views=line.views,
            verified_at=line.verified_at,
            verified_by=author if line.verified_at else None,
            created_at=line.created_at,
            updated_at=line.updated_at or line.created_at,
        )

    def _link(self, pairs: list[tuple[ArticleLine, Article]]) -> None:
        """Tags, releases and credits of new articles."""
        tagged, applying = Article.tags.through, Article.releases.through
        tags = [
            tagged(article_id=row.pk, tag_id=self.lookups.tags[name].pk)
            for line, row in pairs
            for name in line.tags
        ]
        releases = [
            applying(article_id=row.pk, release_id=release.pk)
            for line, row in pairs
            for name in dict.fromkeys(line.releases)
            if (release := self.lookups.release(row.product, name))
        ]
        credited = [
            Credit(article=row, person=person)
            for line, row in pairs
            for person in dict.fromkeys(map(self.lookups.person, line.credits))
            if person
        ]
        tagged.objects.bulk_create(tags, batch_size=ROWS)
        applying.objects.bulk_create(releases, batch_size=ROWS)
        Credit.objects.bulk_create(credited, batch_size=ROWS)

    def _renew(self, lines: list[ArticleLine]) -> None:
        """A new revision where the text differs, unless somebody here has written on it since."""
        articles = [self.articles[line.external_id] for line in lines]
        newest = Revision.objects.filter(article=OuterRef("article")).values("article")
        latest = {
            revision.article_id: revision
            for revision in Revision.objects.filter(
                article__in=articles, number=Subquery(newest.annotate(most=Max("number")).values("most"))
            )
        }
        made: list[Revision] = []
        for line, article in zip(lines, articles, strict=True):
            before = latest[article.pk]
            ours = before.number > 1 and not before.note.startswith("import")
            if ours or (before.title, before.body) == (line.title, line.body):
                continue
            revision = Revision(
                article=article,
                number=before.number + 1,
                title=line.title,
                body=line.body,
                html=render(line.body),
                note="import",
                author=self.lookups.person(line.author),
                based_on=before,
                published_at=line.updated_at or line.created_at,
                announced_at=timezone.now(),  # a hundred pages renewed at once are no news to anybody
            )
            made.append(revision)
        Revision.objects.bulk_create(made, batch_size=ROWS)
        renewed = []
        for revision in made:
            article = revision.article
            if article.status == Article.Status.PUBLISHED:
                article.title, article.published_revision = revision.title, revision
                article.updated_at = revision.published_at or article.updated_at
                renewed.append(article)
        Article.objects.bulk_update(renewed, ["title", "published_revision", "updated_at"], batch_size=200)
        self.changed.update(article.pk for article in renewed)

    def _top_up_feedback(self) -> None:
        """Verdicts without a reader, as many as are missing to the counts of the lines."""
        counted = [line for line in self.lines if line.helpful or line.unhelpful]
        articles = [self.articles[line.external_id].pk for line in counted]
        had: Counter[Any] = Counter(
            ArticleFeedback.objects.filter(article__in=articles).values_list("article", "helpful")
        )
        rows = []
        for line in counted:
            article = self.articles[line.external_id]
            for helpful, wanted in ((True, line.helpful), (False, line.unhelpful)):
                rows += [
                    ArticleFeedback(article=article, helpful=helpful, created_at=line.created_at)
                    for _ in range(wanted - had[article.pk, helpful])
                ]
        ArticleFeedback.objects.bulk_create(rows, batch_size=ROWS)
