"""Thin tasks of the search: write the index from the outbox, settle and forget what was looked for."""

import contextlib
import logging

from celery import shared_task

from portal.core.search import embedding, mended, recording, writing
from portal.core.search.store import BusyError

log = logging.getLogger(__name__)
SAMPLE = 200
SECONDS = 1.5  # of encoding at a time: a new post's words must not wait behind a long list of old ones


@shared_task(name="search.flush")
def flush() -> None:
    """Bring the index up to the outbox; what is not done now is done by the next beat."""
    if writing.is_outdated():
        writing.rebuild()
    writing.flush_soon()
    embedding.begin()
    if embedding.waiting():
        embed.delay()


@shared_task(name="search.embed")
def embed() -> None:
    """Give what waits its vectors, a little at a time."""
    if embedding.embed(SECONDS):
        embed.delay()


@shared_task(name="search.mend_sample")
def mend_sample() -> None:
    """Hold some of the index against the database, others each time, and mend what differs."""
    # Whoever writes just now, a rebuild perhaps, makes it right anyway; the next hour looks again.
    with contextlib.suppress(BusyError):
        if found := writing.compare_sample(SAMPLE):
            log.warning("The index differed from the database and was mended: %s", found)
            writing.repair(found)
            mended.add(found.count())
            if embedding.waiting():
                embed.delay()


@shared_task(name="core.settle_searches")
def settle_searches() -> None:
    """Opened a suggestion an hour ago and did not ask: left without asking."""
    recording.settle_left()


@shared_task(name="core.forget_searches")
def forget_searches() -> None:
    """Words of searches are kept for 90 days."""
    recording.forget_searches()
