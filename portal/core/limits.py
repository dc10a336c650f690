"""How much one person or one address may send, and the sentence that says when to try again."""

import contextvars
import logging
import time
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from portal.core.errors import TooFast

log = logging.getLogger(__name__)

# Set by the middleware for each request, so that services need not see the request.
client_address: contextvars.ContextVar[str] = contextvars.ContextVar("client_address", default="")

# act: (per person, per address). An address may be a whole office, so it has room for many people.
LIMITS = {
    "ask": ("60/hour", "600/hour"),
    "answer": ("240/hour", "2400/hour"),
    "comment": ("240/hour", "2400/hour"),
    "edit": ("240/hour", "2400/hour"),
    "vote": ("600/hour", "6000/hour"),
    "flag": ("30/hour", "60/hour"),
    "image": ("40/hour", "80/hour"),
    "nominate": ("30/hour", "60/hour"),
    "feedback": ("60/hour", "120/hour"),
    "watch": ("300/hour", "600/hour"),
    "token": ("20/day", "40/day"),
    "profile": ("60/hour", "120/hour"),
    "keep": ("60/hour", "240/hour"),  # a form kept for somebody who has to sign in first
    "preview": ("1200/hour", "2400/hour"),
    "search": ("3600/hour", "7200/hour"),
    "read": ("600/minute", "1800/minute"),
}


@lru_cache(maxsize=1)
def _storage() -> Storage:
    url = settings.REDIS_URL
    if url.startswith("unix:"):
        url = "redis+" + url
    return cast(Storage, storage_from_string(url, key_prefix="haedap-limits", wrap_exceptions=True))


@lru_cache(maxsize=1)
def _fallback() -> Storage:
    return MemoryStorage()


@lru_cache(maxsize=128)
def _item(rate: str) -> RateLimitItem:
    return parse(rate)


def _hit(storage: Storage, rate: str, act: str, who: str) -> float | None:
    """Count one act; None if it is allowed, else the time (Unix seconds) at which the next one is."""
    limiter, item = MovingWindowRateLimiter(storage), _item(rate)
    if limiter.hit(item, act, who):
        return None
    return float(limiter.get_window_stats(item, act, who).reset_time)


def take(act: str, *, by: Any = None) -> None:
    """Count one act for a person (or visitor) and for the address of the request; raise TooFast past a limit.

    Staff are not counted, and commands, which have no address, only by person. If the store does not answer, this
    process counts alone rather than refusing everybody.
    """
    per_person, per_address = LIMITS[act]
    checks = []
    if by is not None and by.is_staff:
        return
    if by is not None and by.is_authenticated:
        checks.append((per_person, f"person-{by.pk}"))
    if address := client_address.get():
        checks.append((per_address, f"address-{address}"))
    for rate, who in checks:
        try:
            until = _hit(_storage(), rate, act, who)
        except StorageError:
            log.warning("The limit store did not answer; counting in this process.")
            until = _hit(_fallback(), rate, act, who)
        if until is not None:
            raise too_fast(max(1, int(until - time.time()) + 1))


def too_fast(seconds: int) -> TooFast:
    """The refusal with its sentence."""
    if seconds < 90:
        when = ngettext("in %(n)d second", "in %(n)d seconds", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        when = ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
    return TooFast(
        _("That is a lot in a short time. Please try again %(when)s.") % {"when": when}, retry_after=seconds
    )
