"""Small things that each process keeps from the database, and hears of when they have changed.

A mark in the shared cache says that they have. Without a cache what was read at first serves on.
"""

import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")


class Kept(Generic[T]):
    """What `load` gives, read once by each process until another calls `renew`."""

    def __init__(self, mark: str, load: Callable[[], T]) -> None:
        self._mark, self._load = mark, load
        self._held: tuple[str | None, T] | None = None

    def get(self) -> T:
        """The thing as it is now."""
        try:
            mark = cache.get(self._mark)
        except RedisError:
            mark = self._held[0] if self._held else None
        if self._held is None or self._held[0] != mark:
            self._held = (mark, self._load())
        return self._held[1]

    def renew(self) -> None:
        """Tell every process that it has changed. To be called once the change is committed."""
        self._held = None
        try:
            cache.set(self._mark, secrets.token_hex(8), timeout=None)
        except RedisError:
            return  # this process has forgotten it; others go on until they start anew
