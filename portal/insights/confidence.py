"""How often suggestions are wrong, and from which confidence on they are shown: seen on past searches, then chosen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.models import Suggestion
from portal.core.errors import RuleError
from portal.core.models import SearchQuery
from portal.core.permissions import can_see_insights, can_set_confidence
from portal.core.search import sureness
from portal.insights.shapes import Figure, Period, Report, share, write

CHOICES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LOOKED_AT = 1_000  # past searches that a choice is tried on
LISTED = 25
SINCE = timedelta(days=90)


def wrong_suggestions(period: Period) -> Report:
    """Of the suggestions that people judged, how many were wrong; who asked all the same is kept apart."""
    found = Suggestion.objects.filter(outcome_at__gte=period.before).aggregate(
        **_counts("outcome_at", period, solved=Q(outcome="solved"), refused=Q(outcome="not_helpful"))
    )
    typed = SearchQuery.objects.filter(
        surface="suggest", shown__gt=0, created_at__gte=period.before
    ).aggregate(
        **_counts("created_at", period, solved=Q(outcome="solved"), asked=Q(outcome="posted"), shown=Q())
    )
    now = {name: found.get(f"{name}_now", 0) + typed.get(f"{name}_now", 0) for name in ("solved", "refused")}
    before = {name: found.get(f"{name}_before", 0) + typed.get(f"{name}_before", 0) for name in now}
    rows = [
        [_("Refused (“not it”)"), now["refused"], before["refused"]],
        [_("Said it was solved"), now["solved"], before["solved"]],
        [_("Shown while typing, asked anyway"), typed["asked_now"], typed["asked_before"]],
        [_("Shown while typing"), typed["shown_now"], typed["shown_before"]],
    ]
    return Report(
        slug="wrong-suggestions",
        title=_("Wrong suggestions"),
        definition=_(
            "Of the suggestions that somebody judged, the share that was refused. Searches after which people asked "
            "although something was shown are listed beside it and not added: the suggestion may still have been right."
        ),
        figures=[
            Figure(
                _("Of the judged ones, wrong"), share(now["refused"], sum(now.values())), "share",
                share(before["refused"], sum(before.values())), compared=True,
            ),
            Figure(_("Judged"), sum(now.values()), before=sum(before.values()), compared=True),
            Figure(
                _("Asked although something was shown"), share(typed["asked_now"], typed["shown_now"]), "share",
                share(typed["asked_before"], typed["shown_before"]), compared=True,
            ),
        ],
        columns=[_("What became of them"), _("This period"), _("The one before")],
        units=["text", "count", "count"],
        rows=rows,
        empty=_("Nothing was suggested in this period."),
    )  # fmt: skip


def _counts(field: str, period: Period, **which: Q) -> dict[str, Count]:
    late, early = Q(**{f"{field}__gte": period.since}), Q(**{f"{field}__lt": period.since})
    return {f"{name}_now": Count("pk", filter=q & late) for name, q in which.items()} | {
        f"{name}_before": Count("pk", filter=q & early) for name, q in which.items()
    }


@dataclass(frozen=True)
class Tried:
    """One choice on past searches."""

    least: float
    shown: float | None  # share of the searches that would be shown something
    promised: float | None  # how many of those should be right, by their confidence
    right: float | None  # how many were, of those whose outcome is known
    judged: int
    is_on: bool

    @property
    def words(self) -> dict[str, str]:
        return {name: write(getattr(self, name), "share") for name in ("shown", "promised", "right")}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """What each confidence would show of past searches; staff choose the one that holds."""
    if not can_see_insights(request.user):
        raise Http404
    if request.method == "POST":
        try:
            row = sureness.set_least(least=_number(request.POST.get("least", "")), by=request.user)  # type: ignore[arg-type]
        except RuleError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                _("Suggestions are shown from a confidence of %(least)s on.") % {"least": f"{row.least:.2f}"},
            )
        return redirect("insights:confidence")
    now = sureness.in_force()
    looked = _past()
    least = _number(request.GET.get("least", "")) or now.least
    context: dict[str, Any] = {
        "choices": [_tried(choice, looked, now.least) for choice in sorted({*CHOICES, round(now.least, 2)})],
        "least": least,
        "rows": _listed(looked, least),
        "count": len(looked),
        "may_set": can_set_confidence(request.user),
        "learnt_from": sureness.newest_lesson(),
    }
    return render(request, "insights/confidence.html", context)


def _past() -> list[SearchQuery]:
    """Searches while asking whose confidence is known, the newest first."""
    found = SearchQuery.objects.filter(surface="suggest", created_at__gte=timezone.now() - SINCE)
    return list(found.exclude(confidence=None).exclude(text="").order_by("-pk")[:LOOKED_AT])


def _tried(least: float, looked: list[SearchQuery], now: float) -> Tried:
    shown = [row for row in looked if (row.confidence or 0.0) >= least]
    known = [row.outcome == "solved" for row in shown if row.outcome in ("solved", "posted") and row.shown]
    return Tried(
        least=least,
        shown=share(len(shown), len(looked)),
        promised=sum(row.confidence or 0.0 for row in shown) / len(shown) if shown else None,
        right=share(sum(known), len(known)),
        judged=len(known),
        is_on=abs(least - now) < 0.005,
    )


def _listed(looked: list[SearchQuery], least: float) -> list[dict[str, Any]]:
    """Distinct searches nearest to the line: there a choice is seen best."""
    distinct = {row.text: row for row in reversed(looked)}.values()
    near = sorted(distinct, key=lambda row: abs((row.confidence or 0.0) - least))[:LISTED]
    return [
        {"text": row.text, "confidence": f"{row.confidence:.2f}", "shown": (row.confidence or 0.0) >= least}
        for row in sorted(near, key=lambda row: -(row.confidence or 0.0))
    ]


def _number(value: str) -> float:
    """A number from an address or a form; 0 for what is none."""
    try:
        found = float(value[:8])
    except ValueError:
        return 0.0
    return found if 0.0 <= found <= 1.0 else 0.0
