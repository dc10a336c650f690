"""What was looked for and what came of it: SearchQuery rows that join one visit and name nobody."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from portal.core.models import Product, SearchQuery
from portal.core.text import guess_language

TEXT_MAX = 300
ASKED_WITHIN = timedelta(hours=1)
KEPT_FOR = timedelta(days=90)

Outcome = SearchQuery.Outcome
# What an outcome may replace: a later click never hides that something was solved or asked.
_REPLACES: dict[str, list[str]] = {
    Outcome.OPENED: [Outcome.NONE, Outcome.OPENED],
    Outcome.SOLVED: [Outcome.NONE, Outcome.OPENED, Outcome.LEFT, Outcome.SOLVED],
    Outcome.POSTED: [Outcome.NONE, Outcome.OPENED, Outcome.LEFT, Outcome.POSTED],
}


def visit_of(sender: str, day: date | None = None) -> str:
    """One visit's name for one day: a keyed hash of whatever tells senders apart (a session key, a cookie).

    Tomorrow the same sender has another name, so nothing joins the days.
    """
    day = day or timezone.now().date()
    words = f"visit\x1f{day.isoformat()}\x1f{sender}".encode("utf-8", "replace")
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()[:32]


def clean(text: str, limit: int = TEXT_MAX) -> str:
    """A query as it may be stored: no NUL, no lone surrogates, one line, cut."""
    whole = text[: limit * 4].replace("\x00", " ").encode("utf-8", "replace").decode()
    return " ".join(whole.split())[:limit]


def record_search(
    *,
    surface: str,
    text: str,
    hits: int,
    shown: int,
    sender: str,
    language: str = "",
    product: Product | None = None,
    confidence: float | None = None,
    narrowed: bool = False,
) -> SearchQuery:
    """Write down one search; its `token` is the public query_id.

    `narrowed` by filters, or a further page: finding nothing there says nothing about what is missing.
    """
    text = clean(text)
    return SearchQuery.objects.create(
        token=secrets.token_urlsafe(16),
        surface=surface,
        text=text,
        language=language or guess_language(text, settings.LANGUAGE_CODE),
        product=product,
        hits=hits,
        shown=shown,
        confidence=confidence,
        visit=visit_of(sender),
        weighed_at=timezone.now() if narrowed else None,
    )


def settle_search(
    *,
    query_id: str,
    sender: str,
    outcome: str,
    kind: str = "",
    pk: int | None = None,
    position: int | None = None,
) -> bool:
    """Say what came of a search; False if this sender made no such search. Safe to repeat.

    `outcome` is opened, solved or posted; kind, pk and position (from 1) say what was opened.
    """
    row = SearchQuery.objects.filter(token=query_id[:22]).only("visit", "created_at").first()
    if row is None or not hmac.compare_digest(row.visit, visit_of(sender, row.created_at.date())):
        return False
    changes: dict[str, object] = {"outcome": outcome}
    if kind and pk is not None:
        changes |= {"opened_kind": kind, "opened_pk": pk, "opened_position": position}
    SearchQuery.objects.filter(pk=row.pk, outcome__in=_REPLACES[outcome]).update(**changes)
    return True


def settle_posted(*, sender: str) -> int:
    """This visit has just asked: what it looked for in the last hour did not help. Returns how many searches."""
    now = timezone.now()
    since = now - ASKED_WITHIN
    visits = {visit_of(sender, now.date()), visit_of(sender, since.date())}
    recent = SearchQuery.objects.filter(visit__in=visits, created_at__gte=since)
    return recent.filter(outcome__in=["", Outcome.OPENED]).update(outcome=Outcome.POSTED)


def settle_left() -> int:
    """Who opened a suggestion an hour ago and has not asked since, left without asking."""
    opened = SearchQuery.objects.filter(surface=SearchQuery.Surface.SUGGEST, outcome=Outcome.OPENED)
    return opened.filter(created_at__lt=timezone.now() - ASKED_WITHIN).update(outcome=Outcome.LEFT)


def forget_searches() -> int:
    """Blank the words and the visit of what is older than the retention; counts and outcomes stay."""
    old = SearchQuery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.filter(~Q(text="") | ~Q(visit="")).update(text="", visit="")
