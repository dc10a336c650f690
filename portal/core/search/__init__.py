"""Search. Product code says changed() when an object's text or visibility changes; the rest follows.

The index is only ever written by one process at a time, from the outbox that changed() fills (writing.py).
"""

from typing import cast

from celery import Task, signature
from django.db import connection, transaction

from portal.core import queue
from portal.core.models import IndexChange
from portal.core.search.recording import (
    forget_searches,
    record_search,
    settle_left,
    settle_posted,
    settle_search,
    visit_of,
)

__all__ = [
    "KINDS",
    "changed",
    "changed_many",
    "forget_searches",
    "record_search",
    "settle_left",
    "settle_posted",
    "settle_search",
    "visit_of",
]

KINDS = ("article", "answer", "question")


def changed(kind: str, pk: int) -> None:
    """Note, in the caller's transaction, that the index may differ from this article, answer or question.

    Call it for every change of text, product, tags, acceptance, votes or visibility, and beside the deletion of
    a row: the indexer looks at the database as it is when it comes by. A question's title, product, tags and
    visibility stand in its answers' entries too; the indexer follows that by itself.
    """
    changed_many(kind, [pk])


def changed_many(kind: str, pks: list[int]) -> None:
    """The same for many at once, in one statement."""
    if kind not in KINDS:
        raise ValueError(f"Nothing of kind {kind!r} is searched.")
    IndexChange.objects.bulk_create([IndexChange(kind=kind, object_pk=pk) for pk in pks], batch_size=500)
    # One message for one transaction, however many objects it touches.
    if not any(callback[1] is _flush_soon for callback in connection.run_on_commit):
        transaction.on_commit(_flush_soon)


def _flush_soon() -> None:
    # By name: the task's module imports the writer, which a web process never needs.
    queue.enqueue(cast(Task, signature("search.flush")))
