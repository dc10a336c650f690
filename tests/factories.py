"""What a test needs to exist, in one call each. Every function names sensible defaults and returns the row."""

import itertools
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.utils import timezone

from community.models import Answer, Comment, Question
from kb.models import Article
from portal.core.models import Product, Release, Tag, User
from portal.core.text import guess_language, render, slug_of

_numbers = itertools.count(1)
PASSWORD = "a-good-password-7"


def _group(role: str) -> Group:
    # A test that flushes the database also flushes the roles; the migration that made them can do it again.
    if not Group.objects.filter(name=role).exists():
        import_module("portal.core.migrations.0002_roles").make_roles(apps, None)
    return Group.objects.get(name=role)


def make_user(
    username: str = "", *, role: str = "customer", password: str = PASSWORD, days_old: int = 30, **fields: Any
) -> User:
    """A person with a confirmed address; 30 days old, so that nothing they post is held for being new."""
    from allauth.account.models import EmailAddress

    username = username or f"person{next(_numbers)}"
    fields.setdefault("email", f"{username}@example.com")
    fields.setdefault("date_joined", timezone.now() - timezone.timedelta(days=days_old))
    fields.setdefault("is_staff", role == "staff")
    person = User.objects.create_user(username, password=password, **fields)
    person.groups.add(_group(role))
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_product(
    slug: str = "nova-buds", *, releases: Iterable[str] = ("2.0", "3.0"), **fields: Any
) -> Product:
    """A product with its releases; the same slug again gives the same row."""
    defaults = {"name": slug.replace("-", " ").title()} | fields
    product, made = Product.objects.get_or_create(slug=slug, defaults=defaults)
    if made:
        for position, name in enumerate(releases):
            Release.objects.create(product=product, name=name, position=position)
    return product


def make_tags(*names: str) -> list[Tag]:
    return [Tag.objects.get_or_create(name=name)[0] for name in names]


def make_question(
    *, author: User | None = None, title: str = "", body: str = "", tags: Iterable[str] = (), **fields: Any
) -> Question:
    """An open question by somebody."""
    title = title or f"Why does earbud number {next(_numbers)} stay silent?"
    body = body or "It stays silent after the update to 3.0. I have tried to pair it again."
    fields.setdefault("language", guess_language(f"{title} {body}"))
    fields.setdefault("slug", slug_of(title, fallback="question"))
    question = Question.objects.create(
        author=author or make_user(), title=title, body=body, html=render(body), **fields
    )
    question.tags.set(make_tags(*tags))
    return question


def make_answer(
    question: Question | None = None,
    *,
    author: User | None = None,
    body: str = "",
    accepted: bool = False,
    **fields: Any,
) -> Answer:
    """An answer by somebody, accepted or not."""
    question = question or make_question()
    body = body or f"1. Put both earbuds into the case.\n2. Hold the button for {next(_numbers)} seconds."
    answer = Answer.objects.create(
        question=question, author=author or make_user(), body=body, html=render(body), **fields
    )
    if accepted:
        question.accepted_answer, question.solved_at = answer, timezone.now()
        question.save(update_fields=["accepted_answer", "solved_at"])
    return answer


def make_comment(
    on: Question | Answer, *, author: User | None = None, body: str = "", **fields: Any
) -> Comment:
    """A comment under a question or an answer."""
    body = body or f"Which release is it? ({next(_numbers)})"
    field = "question" if isinstance(on, Question) else "answer"
    return Comment.objects.create(
        author=author or make_user(), body=body, html=render(body), **{field: on}, **fields
    )


def make_article(
    *,
    author: User | None = None,
    title: str = "",
    body: str = "",
    tags: Iterable[str] = (),
    published: bool = True,
    **fields: Any,
) -> Article:
    """An article with revision 1, published unless told otherwise."""
    number = next(_numbers)
    title = title or f"How to pair earbud number {number}"
    body = (
        body or "## Before you start\n\nCharge it.\n\n1. Open the case.\n2. Hold the button for ten seconds."
    )
    author = author or make_user(role="editor")
    now = timezone.now()
    fields.setdefault("language", guess_language(f"{title} {body}"))
    fields.setdefault("slug", slug_of(f"{title}", fallback=f"article-{number}"))
    article = Article.objects.create(title=title, owner=author, **fields)
    revision = article.revisions.create(number=1, title=title, body=body, html=render(body), author=author)
    article.tags.set(make_tags(*tags))
    if published:
        revision.published_at = now
        revision.save(update_fields=["published_at"])
        article.status, article.published_revision = Article.Status.PUBLISHED, revision
        article.published_at = article.verified_at = now
        article.verified_by = author
        article.save()
    return article
