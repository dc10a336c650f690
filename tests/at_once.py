"""Doing several things at once on PostgreSQL, so that they truly meet, and in a known order.

The rows that all of them need are kept from them until each stands before one of them; then they are let go. So a
race is the same in every run, and none is won because the other came late.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

PATIENCE = 20  # seconds until a waiting act is taken for one that never comes


def at_once(*acts: Callable[[], Any], before: QuerySet[Any] | Callable[[], object]) -> list[Any]:
    """What each act returned, in the order given, which is the order in which they came to the kept rows.

    `before` are the rows, or something that is done and undone again and that they have to wait for.
    """
    with ThreadPoolExecutor(len(acts)) as threads:
        with _kept(before):
            running: list[Future[Any]] = []
            for act in acts:
                running.append(threads.submit(_alone, act))
                _until_waiting(running)
        return [one.result(PATIENCE) for one in running]


@contextmanager
def _kept(before: QuerySet[Any] | Callable[[], object]) -> Iterator[None]:
    with transaction.atomic():
        if isinstance(before, QuerySet):
            assert list(before.order_by("pk").select_for_update())
        else:
            before()
        yield
        transaction.set_rollback(True)


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def _until_waiting(running: list[Future[Any]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while _waiting() < len(running):
        assert not any(one.done() for one in running), [one.result() for one in running if one.done()]
        assert time.monotonic() < deadline, "An act needs none of the rows that are kept from it."
        time.sleep(0.01)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
