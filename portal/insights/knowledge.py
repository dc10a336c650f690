"""The figures of what becomes an article, how it serves, and what is missing."""

from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Sum, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Promotion, Question
from kb.models import ArticleFeedback, ContentGap
from portal.insights.shapes import SHOWN, Bar, Figure, Link, Period, Report, share


def promotions(period: Period) -> Report:
    # By a subquery, not by a join: a promotion counts once, however many questions its article has solved since.
    solving = Exists(Question.objects.filter(solved_by_article=OuterRef("article")))
    steps = Promotion.objects.filter(created_at__gte=period.since).aggregate(
        proposed=Count("pk"),
        drafted=Count("pk", filter=Q(state="draft")),
        waiting=Count("pk", filter=Q(state="candidate")),
        published=Count("pk", filter=Q(state="published")),
        rejected=Count("pk", filter=Q(state="rejected")),
        solving=Count("pk", filter=Q(state="published") & solving),  # type: ignore[arg-type]
    )
    return Report(
        slug="promotions",
        title=_("From answer to article"),
        definition=_(
            "Answers proposed for promotion in the period (by the portal or by a person), and where they stand now. "
            "“Solved a question since”: the article made from them was chosen as what solved another question."
        ),
        figures=[
            Figure(_("Published"), steps["published"]),
            Figure(_("Proposed"), steps["proposed"]),
            Figure(
                _("Published of those decided"),
                share(steps["published"], steps["published"] + steps["rejected"]),
                "share",
            ),
        ],
        columns=[_("Step"), _("Answers")],
        units=["text", "count"],
        rows=[[name, steps[key]] for key, name in _step_names()],
        bars=[Bar(name, (steps[key],), str(steps[key])) for key, name in _step_names()],
        series=[_("Answers")],
        lying=True,
    )


def _step_names() -> list[tuple[str, str]]:
    return [
        ("proposed", _("Proposed")),
        ("waiting", _("Waiting for an editor")),
        ("drafted", _("Draft")),
        ("rejected", _("Rejected")),
        ("published", _("Published")),
        ("solving", _("Solved a question since")),
    ]


def helpfulness(period: Period) -> Report:
    verdicts = (
        ArticleFeedback.objects.filter(created_at__gte=period.since)
        .order_by()
        .values("article", "article__title", "article__slug")
        .annotate(
            yes=Count("pk", filter=Q(helpful=True)),
            no=Count("pk", filter=Q(helpful=False)),
            unclear=Count("pk", filter=Q(reason="unclear")),
            wrong=Count("pk", filter=Q(reason="wrong")),
            outdated=Count("pk", filter=Q(reason="outdated")),
            missing=Count("pk", filter=Q(reason="missing")),
        )
        .order_by("-no", "yes", "article")
    )
    found = list(verdicts)
    yes, no = sum(row["yes"] for row in found), sum(row["no"] for row in found)
    return Report(
        slug="helpfulness",
        title=_("Are the articles helpful?"),
        definition=_(
            "Verdicts given in the period under “Was this helpful?”. One for each reader and article; a new one "
            "replaces the old. The table begins with the articles that let most readers down."
        ),
        figures=[
            Figure(_("Helpful"), share(yes, yes + no), "share"),
            Figure(_("Verdicts"), yes + no),
        ],
        columns=[
            _("Article"), _("Helpful"), _("Not helpful"), _("Share"),
            _("Hard to follow"), _("Did not work"), _("Out of date"), _("Case missing"),
        ],
        units=["text", "count", "count", "share", "count", "count", "count", "count"],
        rows=[
            [
                Link(row["article__title"], reverse("kb:article", args=[row["article__slug"]])),
                row["yes"], row["no"], share(row["yes"], row["yes"] + row["no"]),
                row["unclear"], row["wrong"], row["outdated"], row["missing"],
            ]
            for row in found[:SHOWN]
        ],
        bars=[Bar(_("Helpful"), (yes,), str(yes)), Bar(_("Not helpful"), (no,), str(no))],
        series=[_("Verdicts")],
        lying=True,
        empty=_("No reader has given a verdict in this period."),
    )  # fmt: skip


def gaps(period: Period) -> Report:
    rows = list(
        ContentGap.objects.exclude(status="filled")
        .filter(last_seen__gte=period.since)
        .annotate(total=Window(Count("pk")), needed=Window(Sum("demand")))
        .order_by("-demand", "-last_seen", "pk")[:SHOWN]
    )
    return Report(
        slug="gaps",
        title=_("What is missing"),
        definition=_(
            "Needs that found no good article and were met again in the period, in the customers' own words, most "
            "wanted first. Demand: how often, since it was first seen."
        ),
        figures=[
            Figure(_("Gaps not filled"), rows[0].total if rows else 0),
            Figure(_("Their demand"), rows[0].needed if rows else 0),
        ],
        columns=[_("Words"), _("Demand"), _("State"), _("First seen"), _("Last seen")],
        units=["text", "count", "text", "text", "text"],
        rows=[
            [Link(row.text, f"{reverse('search')}?{urlencode({'q': row.text})}"), row.demand, row.get_status_display(),
             row.first_seen, row.last_seen]
            for row in rows
        ],
        bars=[Bar(row.text[:40], (row.demand,), str(row.demand)) for row in rows[:10]],
        series=[_("Demand")],
        lying=True,
        empty=_("No gap is known in this period."),
    )  # fmt: skip
