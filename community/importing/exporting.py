"""The same format back: every article and question as one line, complete enough to be loaded elsewhere.

Votes keep their day and lose their voter; comments, answers, states and links between them keep everything.
A row without an external_id is given one first, so that the file can be loaded again without doubles.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, Count, Prefetch, Q, Value
from django.db.models.functions import Cast, Concat

from community.importing.lookups import author_of
from community.importing.reading import SLUG_MAX
from community.models import Answer, Comment, Question, Vote
from kb.models import Article
from portal.core.text import slug_of

CHUNK = 200


def count_lines() -> int:
    return Article.objects.count() + Question.objects.count()


def export_lines() -> Iterator[str]:
    """One JSON object a line, oldest first; originals before the duplicates and translations that name them."""
    _give_external_ids()
    for row in _in_chunks(_articles()):
        yield json.dumps(_article(row), ensure_ascii=False)
    for row in _in_chunks(_questions()):
        yield json.dumps(_question(row), ensure_ascii=False)


def _give_external_ids() -> None:
    for model in (Article, Question, Answer, Comment):
        name = model._meta.model_name
        key = Concat(Value(f"haedap-{name}-"), Cast("pk", CharField()))
        model.objects.filter(external_id=None).update(external_id=key)


def _in_chunks(rows: Any) -> Iterator[Any]:
    # By key, not by offset: what is written meanwhile moves nothing. Prefetches are made for each chunk.
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def _articles() -> Any:
    return (
        Article.objects.select_related("product", "category", "owner", "published_revision", "translation_of")
        .prefetch_related("tags", "releases", "credits__person")
        .annotate(
            helpful=Count("feedback", filter=Q(feedback__helpful=True), distinct=True),
            unhelpful=Count("feedback", filter=Q(feedback__helpful=False), distinct=True),
        )
    )


def _questions() -> Any:
    comments = Comment.objects.select_related("author").order_by("pk")
    answers = (
        Answer.objects.select_related("author")
        .order_by("pk")
        .prefetch_related(
            Prefetch("comments", queryset=comments),
            Prefetch("votes", queryset=Vote.objects.order_by("created_at", "pk")),
        )
    )
    return Question.objects.select_related("author", "product", "release", "duplicate_of").prefetch_related(
        "tags", Prefetch("comments", queryset=comments), Prefetch("answers", queryset=answers)
    )


def _article(row: Any) -> dict[str, Any]:
    revision = row.published_revision or row.revisions.latest("number")
    return _without_empty(
        kind="article",
        external_id=row.external_id,
        title=revision.title,
        body=revision.body,
        language=row.language,
        product=row.product and row.product.slug,
        releases=[release.name for release in row.releases.all()],
        topic=row.category and row.category.slug,
        tags=[tag.name for tag in row.tags.all()],
        author=author_of(row.owner),
        created_at=_time(row.created_at),
        updated_at=_time(row.updated_at),
        verified_at=_time(row.verified_at),
        status=row.status if row.status != "published" else None,
        views=row.views,
        helpful=row.helpful,
        unhelpful=row.unhelpful,
        slug=row.slug if row.slug != slug_of(revision.title, fallback="article", length=SLUG_MAX) else None,
        translation_of=row.translation_of and row.translation_of.external_id,
        credits=[author_of(credit.person) for credit in row.credits.all() if credit.person],
    )


def _question(row: Question) -> dict[str, Any]:
    return _without_empty(
        kind="question",
        external_id=row.external_id,
        title=row.title,
        body=row.body,
        language=row.language,
        product=row.product and row.product.slug,
        release=row.release and row.release.name,
        tags=[tag.name for tag in row.tags.all()],
        author=author_of(row.author),
        created_at=_time(row.created_at),
        edited_at=_time(row.edited_at),
        solved_at=_time(row.solved_at),
        status=row.status if row.status != "open" else None,
        held_for=row.held_for,
        closed_reason=row.closed_reason,
        duplicate_of=row.duplicate_of and row.duplicate_of.external_id,
        views=row.views,
        comments=[_comment(comment) for comment in row.comments.all()],
        answers=[_answer(answer, row) for answer in row.answers.all()],
    )


def _answer(row: Answer, question: Question) -> dict[str, Any]:
    return _without_empty(
        external_id=row.external_id,
        body=row.body,
        author=author_of(row.author),
        created_at=_time(row.created_at),
        edited_at=_time(row.edited_at),
        status=row.status if row.status != "open" else None,
        accepted=row.pk == question.accepted_answer_id,
        votes=[
            [vote.created_at.astimezone(UTC).date().isoformat(), "up" if vote.helpful else "down"]
            for vote in row.votes.all()
        ],
        comments=[_comment(comment) for comment in row.comments.all()],
    )


def _comment(row: Comment) -> dict[str, Any]:
    return _without_empty(
        external_id=row.external_id,
        body=row.body,
        author=author_of(row.author),
        created_at=_time(row.created_at),
        status=row.status if row.status != "open" else None,
    )


def _time(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def _without_empty(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], 0, False)}
