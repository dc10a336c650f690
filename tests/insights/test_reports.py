"""Each figure against rows counted by hand. It is noon in Seoul on 20 March; the period is 7 days, from the 14th."""

from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from community.models import Promotion
from kb.models import ArticleFeedback, ContentGap
from portal.core.models import SearchQuery
from portal.insights import reports
from portal.insights.shapes import Period, Report, duration
from tests.factories import make_answer, make_article, make_question

NOW = datetime(2026, 3, 20, 12, tzinfo=ZoneInfo("Asia/Seoul"))
WEEK = Period(days=7, now=NOW)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_numbers = count(1)
pytestmark = pytest.mark.django_db


def search(visit: str, outcome: str = "", at: datetime = NOW - DAY) -> None:
    SearchQuery.objects.create(
        token=f"t{next(_numbers)}", surface="suggest", text="pairing", language="en", hits=1, shown=1,
        outcome=outcome, visit=visit, created_at=at,
    )  # fmt: skip


def figures(report: Report) -> list[float | None]:
    return [figure.value for figure in report.figures]


def asked(ago: timedelta = DAY, first: timedelta | None = None, **fields: object):
    """A question asked `ago`, answered by somebody else after `first`."""
    question = make_question(created_at=NOW - ago, **fields)
    if first is not None:
        make_answer(question, created_at=question.created_at + first)
    return question


def by_hand(period: Period) -> list[dict]:
    return reports._asked(period)


def test_the_period_is_whole_days_with_today_in_it() -> None:
    assert WEEK.since == datetime(2026, 3, 14, tzinfo=ZoneInfo("Asia/Seoul"))
    assert WEEK.before == datetime(2026, 3, 7, tzinfo=ZoneInfo("Asia/Seoul"))
    assert len(WEEK.dates) == 7
    assert WEEK.dates[-1].day == 20


@pytest.mark.parametrize(
    ("wanted", "days"), [("7", 7), ("90", 90), ("8", 30), ("", 30), ("٧", 30), ("x" * 99, 30)]
)
def test_a_period_that_is_not_offered_is_the_usual_one(wanted: str, days: int) -> None:
    assert Period.read(wanted).days == days


def test_said_so_and_left_quietly_are_two_figures_of_visits() -> None:
    search("a", "solved")
    search("a", "left")  # the same visit: it said so
    search("b", "left")
    search("b", "left")
    search("c", "posted")
    search("c", "left")  # it asked after all: it did not leave
    search("d", "solved")
    search("d", "posted")  # it asked as well: not solved without asking
    search("e")
    search("old", "solved", at=NOW - 10 * DAY)
    search("", "solved")  # forgotten: nobody knows which visit it was

    report = reports.solved_without_asking(WEEK)

    #                          said left asked visits
    assert figures(report) == [1, 1, 2, 5]
    assert [figure.before for figure in report.figures] == [1, 0, 0, 1]
    assert report.rows[-2][1:] == [1, 1, 2, 5]
    assert sum(row[4] for row in report.rows) == 5


def test_the_median_time_to_the_first_answer_leaves_out_the_asker_and_those_who_wait() -> None:
    asked(first=1 * HOUR)
    asked(first=3 * HOUR)
    late = asked(first=8 * HOUR)
    make_answer(late, created_at=late.created_at + HOUR, author=late.author)  # the asker's own
    make_answer(late, created_at=late.created_at + HOUR, status="held")
    make_answer(late, created_at=late.created_at + 9 * HOUR)  # a second one
    asked()
    asked(status="removed", first=HOUR)
    asked(ago=9 * DAY, first=2 * HOUR)

    report = reports.first_answer(WEEK, by_hand(WEEK))

    assert figures(report) == [3 * 3600, 4, 0.75]
    assert [figure.before for figure in report.figures] == [2 * 3600, 1, 1.0]
    assert report.rows[-2][1:] == [4, 3, 3 * 3600]
    assert report.rows[0][1:] == [0, 0, None]


def test_the_share_solved_says_how() -> None:
    accepted, by_article, by_other = asked(), asked(), asked()
    asked()
    make_answer(accepted, accepted=True)
    for question, way in (
        (by_article, {"solved_by_article": make_article()}),
        (by_other, {"solved_by_answer": make_answer()}),
    ):
        type(question).objects.filter(pk=question.pk).update(solved_at=NOW, **way)

    # make_answer() above asked one more question, now and long after the period began.
    rows = [row for row in by_hand(WEEK) if row["created_at"] < NOW]
    report = reports.solved(WEEK, rows)

    assert figures(report) == [0.75, 3]
    assert [row[1] for row in report.rows] == [1, 1, 1, 1]


def test_unanswered_counts_open_questions_of_any_age_after_a_day() -> None:
    oldest = asked(ago=200 * DAY)
    asked(ago=25 * HOUR)
    asked(ago=23 * HOUR)
    asked(ago=2 * DAY, first=HOUR)
    asked(ago=2 * DAY, status="closed")
    asked(ago=2 * DAY, status="held")
    only_held = asked(ago=2 * DAY)
    make_answer(only_held, status="held")

    report = reports.unanswered(WEEK)

    assert figures(report) == [3]
    assert report.rows[0][0].text == oldest.title
    assert report.rows[0][2] == 200 * 86400


def test_who_answers_counts_customers_and_staff_apart(cast: SimpleNamespace) -> None:
    question = asked(ago=2 * DAY)
    recent = {"created_at": NOW - DAY}
    make_answer(question, author=cast.minji, accepted=True, **recent)
    make_answer(question, author=cast.minji, **recent)
    make_answer(question, author=cast.kate, **recent)  # an editor does not answer officially
    make_answer(question, author=cast.hana, **recent)
    make_answer(question, author=cast.hana, status="removed", **recent)
    make_answer(question, author=cast.junho, created_at=NOW - 9 * DAY)

    report = reports.who_answers(WEEK)

    assert figures(report) == [0.75, 4]
    assert [row[1:] for row in report.rows] == [[2, 3, 1], [1, 1, 0]]


def test_the_funnel_counts_each_promotion_once() -> None:
    article = make_article()
    for state in ("candidate", "candidate", "draft", "rejected"):
        Promotion.objects.create(answer=make_answer(), state=state, created_at=NOW - DAY)
    Promotion.objects.create(answer=make_answer(), state="published", article=article, created_at=NOW - DAY)
    Promotion.objects.create(
        answer=make_answer(), state="published", article=make_article(), created_at=NOW - DAY
    )
    Promotion.objects.create(answer=make_answer(), state="published", created_at=NOW - 9 * DAY)
    for _ in range(3):
        make_question(solved_by_article=article, solved_at=NOW)

    report = reports.promotions(WEEK)

    #                                   proposed waiting draft rejected published solving
    assert [row[1] for row in report.rows] == [6, 2, 1, 1, 2, 1]
    assert figures(report) == [2, 6, pytest.approx(2 / 3)]


def test_helpfulness_begins_with_the_article_that_let_most_down() -> None:
    good, bad = make_article(title="Good"), make_article(title="Bad")
    verdicts = [
        (good, True, ""),
        (good, True, ""),
        (good, False, "wrong"),
        (bad, False, "unclear"),
        (bad, False, ""),
    ]
    for number, (article, helpful, reason) in enumerate(verdicts):
        ArticleFeedback.objects.create(
            article=article, visit=f"v{number}", helpful=helpful, reason=reason, created_at=NOW - DAY
        )
    ArticleFeedback.objects.create(article=good, visit="old", helpful=False, created_at=NOW - 9 * DAY)

    report = reports.helpfulness(WEEK)

    assert figures(report) == [0.4, 5]
    assert [[str(row[0]), *row[1:]] for row in report.rows] == [
        ["Bad", 0, 2, 0.0, 1, 0, 0, 0],
        ["Good", 2, 1, pytest.approx(2 / 3), 0, 1, 0, 0],
    ]


def test_gaps_are_those_not_filled_most_wanted_first() -> None:
    for words, demand, status, seen in (
        ("noise", 3, "open", NOW - DAY),
        ("strap", 9, "planned", NOW - DAY),
        ("battery", 20, "filled", NOW - DAY),
        ("case", 30, "open", NOW - 9 * DAY),
    ):
        ContentGap.objects.create(
            text=words,
            key=words,
            language="en",
            demand=demand,
            status=status,
            first_seen=seen,
            last_seen=seen,
        )

    report = reports.gaps(WEEK)

    assert figures(report) == [2, 12]
    assert [(str(row[0]), row[1]) for row in report.rows] == [("strap", 9), ("noise", 3)]


def test_without_rows_a_share_and_a_median_say_nothing_rather_than_zero() -> None:
    shown = {report.slug: report.headline.words for report in reports.reports(WEEK)}
    assert shown == {
        "solved-without-asking": "0", "first-answer": "–", "solved": "–", "unanswered": "0",
        "wrong-suggestions": "–", "who-answers": "–",
        "promotions": "0", "helpfulness": "–", "gaps": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 minutes"), (60, "1 minute"), (3599, "1 h 0 min"), (5400, "1 h 30 min"), (90000, "1 d 1 h")],
)
def test_a_duration_is_written_in_its_two_largest_units(seconds: int, words: str) -> None:
    assert duration(seconds) == words
