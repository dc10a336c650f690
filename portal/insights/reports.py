"""The figures of the portal, each from rows alone and each with its definition. At most one query for each report."""

from collections import Counter, defaultdict
from datetime import UTC, timedelta
from statistics import median
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.models import Answer, Question
from portal.core.models import SearchQuery, User
from portal.insights.confidence import wrong_suggestions
from portal.insights.knowledge import gaps, helpfulness, promotions
from portal.insights.shapes import SHOWN, Bar, Figure, Link, Period, Report, share, write

A_DAY = timedelta(hours=24)


def reports(period: Period) -> list[Report]:
    """All of them, in the order of the page."""
    asked = _asked(period)
    return [
        solved_without_asking(period),
        first_answer(period, asked),
        solved(period, asked),
        unanswered(period),
        wrong_suggestions(period),
        who_answers(period),
        promotions(period),
        helpfulness(period),
        gaps(period),
    ]


# ----------------------------------------------------------------- before asking


def solved_without_asking(period: Period) -> Report:
    """Visits that found what they needed: those that said so, and those that left quietly, never added together."""
    same = SearchQuery.objects.filter(visit=OuterRef("visit"))
    asked = Exists(same.filter(outcome="posted"))
    said = Exists(same.filter(outcome="solved"))
    visit = {"distinct": True}
    days = (
        SearchQuery.objects.filter(created_at__gte=period.before)
        .exclude(visit="")
        # A visit's name holds its day by UTC, so no visit is counted on two days.
        .annotate(day=TruncDate("created_at", tzinfo=UTC))
        .order_by()
        .values("day")
        .annotate(
            visits=Count("visit", **visit),  # type: ignore[arg-type]
            asked=Count("visit", filter=Q(outcome="posted"), **visit),
            said=Count("visit", filter=Q(outcome="solved") & ~asked, **visit),  # type: ignore[arg-type]
            left=Count("visit", filter=Q(outcome="left") & ~asked & ~said, **visit),
        )
    )
    first = timezone.localtime(period.since).date()
    now, before, by_day = Counter[str](), Counter[str](), {}
    for row in days:
        day = row.pop("day")  # type: ignore[misc]
        (now if day >= first else before).update(row)
        by_day[day] = row
    rows = [
        [day, *(by_day.get(day, {}).get(name, 0) for name in ("said", "left", "asked", "visits"))]  # type: ignore[call-overload]
        for day in period.dates
    ]
    return Report(
        slug="solved-without-asking",
        title=_("Solved without asking"),
        definition=_(
            "Visits with a search, by what came of it. “Said so”: somebody chose “this solved it” and did not ask in the "
            "same visit. “Left quietly”: something was opened, and within an hour nobody had asked; they may have been "
            "helped or have given up, so the two are never added together. A visit lasts a day (UTC) at the most."
        ),
        figures=[
            Figure(_("Said it was solved"), now["said"], before=before["said"], compared=True),
            Figure(
                _("Left quietly after opening something"), now["left"], before=before["left"], compared=True
            ),
            Figure(_("Asked anyway"), now["asked"], before=before["asked"], compared=True),
            Figure(_("Visits with a search"), now["visits"], before=before["visits"], compared=True),
        ],
        columns=[_("Day"), _("Said so"), _("Left quietly"), _("Asked"), _("Visits")],
        units=["text", "count", "count", "count", "count"],
        rows=rows,
        bars=[Bar(write(row[0], "text"), (row[1], row[2]), f"{row[1]} + {row[2]}") for row in rows],  # type: ignore[arg-type]
        series=[_("Said so"), _("Left quietly")],
        empty=_("Nobody has searched in this period."),
    )


# ----------------------------------------------------------------- after asking


def _asked(period: Period) -> list[dict[str, Any]]:
    """The public questions of this period and the one before, with when somebody else first answered."""
    others = (
        Answer.objects.public()
        .filter(question=OuterRef("pk"))
        .exclude(author=OuterRef("author"))
        .order_by()
        .values("question")
        .annotate(first=Min("created_at"))
        .values("first")
    )
    return list(
        Question.objects.public()
        .filter(created_at__gte=period.before)
        .annotate(first=Subquery(others))
        .order_by()
        .values(
            "created_at", "first", "solved_at", "accepted_answer", "solved_by_article", "solved_by_answer"
        )
    )


def _split(period: Period, asked: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    now = [row for row in asked if row["created_at"] >= period.since]
    return now, [row for row in asked if row["created_at"] < period.since]


def _by_day(rows: list[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    days = defaultdict(list)
    for row in rows:
        days[timezone.localtime(row["created_at"]).date()].append(row)
    return days


def _waits(rows: list[dict[str, Any]]) -> list[float]:
    return [max(0.0, (row["first"] - row["created_at"]).total_seconds()) for row in rows if row["first"]]


def first_answer(period: Period, asked: list[dict[str, Any]]) -> Report:
    now, before = _split(period, asked)
    waits, days = _waits(now), _by_day(now)
    rows = [
        [day, len(days[day]), len(found), median(found) if found else None]
        for day in period.dates
        for found in [_waits(days[day])]
    ]
    return Report(
        slug="first-answer",
        title=_("Time to the first answer"),
        definition=_(
            "The median time from a question to the first public answer by somebody else, over the public questions "
            "asked in the period that have one. Questions still waiting are not in it: see “Unanswered”."
        ),
        figures=[
            Figure(
                _("Median"),
                median(waits) if waits else None,
                "duration",
                _median(_waits(before)),
                compared=True,
            ),
            Figure(_("Questions asked"), len(now), before=len(before), compared=True),
            Figure(
                _("Of them answered"),
                share(len(waits), len(now)),
                "share",
                share(len(_waits(before)), len(before)),
                True,
            ),
        ],
        columns=[_("Day"), _("Questions"), _("Answered"), _("Median")],
        units=["text", "count", "count", "duration"],
        rows=rows,
        bars=[Bar(write(row[0], "text"), (row[3] or 0,), write(row[3], "duration")) for row in rows],  # type: ignore[arg-type]
        series=[_("Median")],
        empty=_("Nobody has asked in this period."),
    )


def _median(values: list[float]) -> float | None:
    return median(values) if values else None


def solved(period: Period, asked: list[dict[str, Any]]) -> Report:
    now, before = _split(period, asked)
    ways = {
        _("By an accepted answer"): [row for row in now if row["accepted_answer"]],
        _("By an article"): [row for row in now if row["solved_by_article"]],
        _("By an answer to another question"): [row for row in now if row["solved_by_answer"]],
        _("Not solved"): [row for row in now if not row["solved_at"]],
    }
    done, done_before = (sum(bool(row["solved_at"]) for row in rows) for rows in (now, before))
    return Report(
        slug="solved",
        title=_("Share solved"),
        definition=_(
            "Of the public questions asked in the period: how many are solved by now, by an accepted answer or by "
            "something that already existed. Young questions have had less time."
        ),
        figures=[
            Figure(
                _("Solved"), share(done, len(now)), "share", share(done_before, len(before)), compared=True
            ),
            Figure(_("Solved questions"), done, before=done_before, compared=True),
        ],
        columns=[_("How"), _("Questions"), _("Share")],
        units=["text", "count", "share"],
        rows=[[name, len(rows), share(len(rows), len(now))] for name, rows in ways.items()],
        bars=[Bar(name, (len(rows),), str(len(rows))) for name, rows in ways.items()],
        series=[_("Questions")],
        lying=True,
    )


def unanswered(period: Period) -> Report:
    """A state of now: the period does not matter."""
    rows = (
        Question.objects.unanswered()
        .filter(created_at__lt=period.now - A_DAY)
        .annotate(total=Window(Count("pk")))
        .order_by("created_at", "pk")[:SHOWN]
    )
    waiting = list(rows)
    total = waiting[0].total if waiting else 0
    return Report(
        slug="unanswered",
        title=_("Unanswered for over 24 hours"),
        definition=_(
            "Open questions of any age without a public answer, 24 hours after they were asked. As of now."
        ),
        figures=[Figure(_("Waiting"), total)],
        columns=[_("Question"), pgettext("when", "Asked"), _("Waiting for")],
        units=["text", "text", "duration"],
        rows=[
            [
                Link(row.title, row.get_absolute_url()),
                row.created_at,
                (period.now - row.created_at).total_seconds(),
            ]
            for row in waiting
        ],
        empty=_("Every question older than a day has an answer."),
    )


def staff() -> QuerySet[User]:
    """Whoever answers officially."""
    officially = Permission.objects.filter(content_type__app_label="core", codename="answer_officially")
    return User.objects.filter(Q(groups__permissions__in=officially) | Q(is_superuser=True))


def who_answers(period: Period) -> Report:
    rows = (
        Answer.objects.public()
        .filter(created_at__gte=period.since, author__isnull=False)
        .annotate(by_staff=Exists(staff().filter(pk=OuterRef("author"))))
        .order_by()
        .values("by_staff")
        .annotate(answers=Count("pk"), accepted=Count("accepted_for"), people=Count("author", distinct=True))
    )
    found = {row["by_staff"]: row for row in rows}
    nothing = {"answers": 0, "accepted": 0, "people": 0}
    customers, agents = found.get(False, nothing), found.get(True, nothing)
    total = customers["answers"] + agents["answers"]
    names = [(_("Customers"), customers), (_("Staff"), agents)]
    return Report(
        slug="who-answers",
        title=_("Who answers"),
        definition=_(
            "Public answers written in the period, by whether their author answers as a member of staff today. "
            "Accepted: how many of them are the accepted answer now. Answers without an account are left out."
        ),
        figures=[
            Figure(_("Answers by customers"), share(customers["answers"], total), "share"),
            Figure(_("Answers"), total),
        ],
        columns=[_("Who"), _("People"), _("Answers"), _("Accepted")],
        units=["text", "count", "count", "count"],
        rows=[[name, row["people"], row["answers"], row["accepted"]] for name, row in names],
        bars=[Bar(name, (row["answers"],), str(row["answers"])) for name, row in names],
        series=[_("Answers")],
        lying=True,
    )
