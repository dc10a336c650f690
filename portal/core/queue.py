"""Putting work on the queue after commit. A broker that is away loses nothing: rows are the outbox."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
_muted: ContextVar[bool] = ContextVar("muted", default=False)


@contextmanager
def without_messages() -> Iterator[None]:
    """For bulk loading: nothing goes to the broker meanwhile; the sweeps find what the rows say is still to do."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def enqueue(task: Task, *args: Any) -> None:
    """Run `task` soon, once the surrounding transaction is committed; the beat sweep finds what the broker lost."""
    transaction.on_commit(partial(_send, task, args))


def _send(task: Task, args: tuple[Any, ...]) -> None:
    if _muted.get():
        return
    try:
        task.apply_async(args, retry=False)
    except OperationalError:
        log.warning("The broker did not answer; %s waits for the sweep.", task.name)
