"""How many entries the hourly comparison has mended, for the metrics; kept where web processes and workers both look."""

from django.core.cache import cache

_KEY = "index-mended"


def add(count: int) -> None:
    """Count some more."""
    cache.add(_KEY, 0, timeout=None)
    cache.incr(_KEY, count)


def total() -> int:
    """All since the cache was last emptied."""
    return int(cache.get(_KEY) or 0)
