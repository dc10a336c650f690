"""Watching: a person's wish to hear of news."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from community.models import Question, Watch
from community.permissions import can_watch
from kb.models import Article
from portal.core import limits
from portal.core.models import Tag, User


def _target(question: Question | None, tag: Tag | None, article: Article | None) -> dict[str, Any]:
    given = {"question": question, "tag": tag, "article": article}
    return {name: thing for name, thing in given.items() if thing is not None}


@transaction.atomic
def watch(
    *, person: User, question: Question | None = None, tag: Tag | None = None, article: Article | None = None
) -> None:
    """Hear of news on one thing; doing it twice is harmless."""
    if not can_watch(person):
        raise PermissionDenied
    limits.take("watch", by=person)
    Watch.objects.get_or_create(person=person, **_target(question, tag, article))


@transaction.atomic
def unwatch(
    *, person: User, question: Question | None = None, tag: Tag | None = None, article: Article | None = None
) -> None:
    """Hear no more; doing it twice is harmless."""
    if target := _target(question, tag, article):
        Watch.objects.filter(person=person, **target).delete()
