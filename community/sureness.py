"""What became of suggestions, as (confidence, right or not): from this the confidence learns."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from community.models import Suggestion
from portal.core.models import ConfidenceRule, SearchQuery
from portal.core.search import sureness

WINDOW = timedelta(days=180)
NEWEST = 5_000


def outcomes() -> list[tuple[float, bool]]:
    """Those of the last half year, read before any rule: who said it was solved, who refused it, who asked all the same.

    Who opened something and left says nothing: they may have been helped or have given up.
    """
    since = timezone.now() - WINDOW
    rule = sureness.in_force()
    judged = Suggestion.objects.filter(outcome__in=["solved", "not_helpful"], outcome_at__gte=since)
    searched = SearchQuery.objects.filter(
        surface=SearchQuery.Surface.SUGGEST,
        shown__gt=0,
        outcome__in=["solved", "posted"],
        created_at__gte=since,
    ).exclude(confidence=None)
    rows = [
        *judged.order_by("-pk").values_list("confidence", "outcome")[:NEWEST],
        *searched.order_by("-pk").values_list("confidence", "outcome")[:NEWEST],
    ]
    return [(rule.unread(sure), outcome == "solved") for sure, outcome in rows if sure is not None]


def learn() -> ConfidenceRule | None:
    """Let the confidence follow the outcomes, if there are enough and they say something new."""
    known = outcomes()
    now = sureness.in_force()
    rule = sureness.learnt(known, now.least)
    if rule is None or all(abs(rule.read(p) - now.read(p)) < 0.01 for p in (0.3, 0.5, 0.7, 0.9)):
        return None
    with transaction.atomic():
        row = sureness.hold(rule=rule, learnt_from=len(known))
        transaction.on_commit(sureness.renew)
    return row
