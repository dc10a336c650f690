"""Asking, and changing or taking back a question."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from community import moderation, tasks
from community.models import BODY_MAX, TITLE_MAX, Question, Watch
from community.permissions import can_ask, can_edit_question, can_withdraw_question
from community.services.editing import replace_text
from portal.core import limits, notify, realtime, search
from portal.core.errors import RuleError
from portal.core.models import Product, Release, User
from portal.core.queue import enqueue
from portal.core.tagging import find_tags
from portal.core.text import accept_text, guess_language, render, slug_of


@transaction.atomic
def ask_question(
    *,
    by: User,
    title: str,
    body: str,
    language: str = "",
    product: Product | None = None,
    release: Release | None = None,
    tags: Iterable[str] = (),
) -> Question:
    """Post a question. It is public at once unless the screening holds it; the portal then looks for answers."""
    if not can_ask(by):
        raise PermissionDenied
    limits.take("ask", by=by)
    values = _checked(title=title, body=body, product=product, release=release)
    held_for = moderation.screen(author=by, text=f"{title}\n{body}", is_question=True)
    question = Question.objects.create(
        **values,
        author=by,
        language=language or guess_language(f"{title} {body}", by.language or "en"),
        status=Question.Status.HELD if held_for else Question.Status.OPEN,
        held_for=held_for,
    )
    question.tags.set(find_tags(tags))
    if by.watch_on_ask:
        Watch.objects.get_or_create(person=by, question=question)
    search.changed("question", question.pk)
    enqueue(tasks.suggest_for_question, question.pk)
    return question


@transaction.atomic
def edit_question(
    *,
    question: Question,
    by: User,
    title: str,
    body: str,
    product: Product | None = None,
    release: Release | None = None,
    tags: Iterable[str] = (),
    version: int | None = None,
) -> Question:
    """Change a question; what it said before stays in its history."""
    if not can_edit_question(by, question):
        raise PermissionDenied
    limits.take("edit", by=by)
    values = _checked(title=title, body=body, product=product, release=release)
    values |= _held_again(question, by, f"{title}\n{body}")
    replace_text(post=question, by=by, version=version, values=values)
    question.tags.set(find_tags(tags))
    search.changed("question", question.pk)
    for pk in question.answers.values_list("pk", flat=True):
        search.changed("answer", pk)  # an answer is found by its question's title too
    realtime.announce(realtime.question_group(question.pk), "question.edited", question.pk)
    return question


@transaction.atomic
def withdraw_question(*, question: Question, by: User) -> Question:
    """Take a question from view at its author's wish, or at a moderator's; the row is kept."""
    if not can_withdraw_question(by, question):
        raise PermissionDenied
    if by.pk != question.author_id:
        moderation.remove(post=question, by=by, reason="")
        question.refresh_from_db()
        return question
    Question.objects.filter(pk=question.pk).update(status=Question.Status.REMOVED)
    question.refresh_from_db()
    notify.withdraw(target=("community.question", question.pk))
    search.changed("question", question.pk)
    for pk in question.answers.values_list("pk", flat=True):
        search.changed("answer", pk)
    realtime.announce(realtime.question_group(question.pk), "question.closed", question.pk)
    return question


def _checked(*, title: str, body: str, product: Product | None, release: Release | None) -> dict[str, Any]:
    title = " ".join(accept_text(title, field="title", limit=2000).split("\n")).strip()
    title = accept_text(title, field="title", limit=TITLE_MAX)
    body = accept_text(body, field="body", limit=BODY_MAX)
    if release is not None and (product is None or release.product_id != product.pk):
        raise RuleError(_("This release does not belong to the product."), field="release")
    return {
        "title": title,
        "slug": slug_of(title, fallback="question"),
        "body": body,
        "html": render(body),
        "product": product,
        "release": release,
    }


def _held_again(question: Question, by: User, text: str) -> dict[str, Any]:
    """An edit is looked at like a new post, or links would come in by the back door."""
    if question.status != Question.Status.OPEN or by.pk != question.author_id:
        return {}
    held_for = moderation.screen(author=by, text=text, is_question=True)
    return {"status": Question.Status.HELD, "held_for": held_for} if held_for else {}
