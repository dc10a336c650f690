"""The figures as a page and as CSV files. For editors and staff; for anybody else they do not exist."""

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.core.permissions import can_see_insights
from portal.insights.plots import plot
from portal.insights.reports import reports
from portal.insights.shapes import PERIODS, Period

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """All reports of one period on one page."""
    period = _period(request)
    shown = [{"report": report, "plot": plot(report)} for report in reports(period)]
    context = {"shown": shown, "period": period, "tabs": _tabs(period)}
    return render(request, "insights/overview.html", context)


@require_safe
@login_required
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The table of one report as CSV, as a spreadsheet opens it (UTF-8 with its mark)."""
    period = _period(request)
    report = next((report for report in reports(period) if report.slug == slug), None)
    if report is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{period.days}.csv"'
    writer = csv.writer(response)
    writer.writerow(report.columns)
    writer.writerows([[_cell(value) for value in row] for row in report.rows])
    return response


def _period(request: HttpRequest) -> Period:
    if not can_see_insights(request.user):
        raise Http404
    return Period.read(request.GET.get("days", ""))


def _tabs(period: Period) -> list[dict[str, Any]]:
    address = reverse("insights:overview")
    return [
        {
            "url": f"{address}?days={days}",
            "text": ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
            "current": days == period.days,
        }
        for days in PERIODS
    ]


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = value.isoformat(" ", "seconds") if hasattr(value, "hour") else str(value)
    # A spreadsheet leaves out the spaces in front.
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
