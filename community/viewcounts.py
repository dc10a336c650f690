"""Views, counted in Redis and saved once a minute, so that reading writes nothing to the database.

A count that Redis loses is a view nobody misses. What is being saved is renamed first, and each count is dropped once
its row has it: a crash between the two repeats one row's count of one minute.
"""

import logging
from functools import lru_cache

import redis
from django.conf import settings
from django.db.models import F, Model

from community.models import Question
from kb.models import Article

log = logging.getLogger(__name__)
_COUNTED: dict[str, type[Model]] = {"question": Question, "article": Article}
_ONCE_PER = 3600  # seconds: one visit counts once in this time


@lru_cache(maxsize=1)
def _store() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def count(kind: str, pk: int, *, visit: str) -> None:
    """Count one visit's view of a question or an article; never fails the page."""
    try:
        if _store().set(f"haedap:seen:{kind}:{pk}:{visit}", 1, nx=True, ex=_ONCE_PER):
            _store().hincrby(f"haedap:views:{kind}", str(pk), 1)
    except redis.RedisError as error:
        log.warning("A view was not counted: %s", type(error).__name__)


def save() -> int:
    """Move what was counted into the rows; returns how many rows changed."""
    changed = 0
    for kind, model in _COUNTED.items():
        live, batch = f"haedap:views:{kind}", f"haedap:views:{kind}:saving"
        if not _store().exists(batch):
            try:
                _store().rename(live, batch)
            except redis.ResponseError:
                continue  # nothing was read since the last time
        counts = {int(pk): int(n) for pk, n in _store().hgetall(batch).items()}
        # Not in one transaction: no row is held while another, which somebody may be changing, is waited for.
        for pk, n in counts.items():
            changed += model._default_manager.filter(pk=pk).update(views=F("views") + n)
            _store().hdel(batch, str(pk))
    return changed
