"""Content gaps: what visitors looked for and did not find, counted once for each visit, in their own words."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from community.moderation.patterns import has_contact, has_link
from kb import services as kb_services
from kb.models import ContentGap
from portal.core.models import SearchQuery
from portal.core.search.recording import ASKED_WITHIN, KEPT_FOR
from portal.core.text import guess_language

BATCH = 500
RECENT = timedelta(days=7)
SHORTEST = 2  # characters: less says nothing

Outcome = SearchQuery.Outcome


@transaction.atomic
def note() -> int:
    """Look at the searches of an hour ago, when it is known what came of them. Returns how many needs were met again.

    Of two that run at once, one counts: each search is weighed once.
    """
    now = timezone.now()
    waiting = SearchQuery.objects.filter(weighed_at=None, surface=SearchQuery.Surface.SEARCH)
    aged = waiting.filter(created_at__lt=now - ASKED_WITHIN, created_at__gt=now - RECENT)
    rows = list(aged.order_by("pk")[:BATCH])
    if waiting.filter(pk__in=[row.pk for row in rows]).update(weighed_at=now) < len(rows):
        transaction.set_rollback(True)
        return 0
    needs = {(row.visit, kb_services.gap_key(row.text)): row for row in rows if _is_need(row)}
    for row in needs.values():
        kb_services.record_gap(text=row.text, language=guess_language(row.text, row.language))
    return len(needs)


def forget() -> int:
    """What one visit missed once, and nobody since, is kept no longer than the words of a search."""
    once = ContentGap.objects.filter(status=ContentGap.Status.OPEN, demand=1)
    return once.filter(last_seen__lt=timezone.now() - KEPT_FOR).delete()[0]


def _is_need(row: SearchQuery) -> bool:
    """Nothing was found, or they asked all the same. Words that may name a person are left alone."""
    unmet = row.outcome == Outcome.POSTED or (row.hits == 0 and not row.outcome)
    return unmet and len(row.text) >= SHORTEST and not (has_contact(row.text) or has_link(row.text))
