"""The page of figures and its files: who may read them, what they ask of the database, what they hold."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb.models import ArticleFeedback, ContentGap
from portal.core.models import SearchQuery
from tests.factories import make_answer, make_article, make_question

pytestmark = pytest.mark.django_db
SLUGS = (
    "solved-without-asking", "first-answer", "solved", "unanswered", "wrong-suggestions", "who-answers", "promotions", "helpfulness", "gaps",
)  # fmt: skip


def add_rows(number: int) -> None:
    question = make_question(created_at=timezone.now() - timezone.timedelta(days=2))
    make_question(created_at=timezone.now() - timezone.timedelta(days=3))
    make_answer(question, accepted=True)
    article = make_article()
    ArticleFeedback.objects.create(article=article, visit=f"v{number}", helpful=bool(number % 2))
    ContentGap.objects.create(text=f"noise {number}", key=f"noise {number}", language="en")
    SearchQuery.objects.create(
        token=f"t{number}",
        surface="search",
        text="x",
        language="en",
        hits=1,
        shown=1,
        visit=f"v{number}",
        outcome="solved",
    )


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), ("minji", 404), ("mod", 404), ("kate", 200), ("hana", 200)]
)
def test_figures_are_for_editors_and_staff(
    who: str | None, status: int, cast: SimpleNamespace, client: Client
) -> None:
    if who:
        client.force_login(getattr(cast, who))
    assert client.get(reverse("insights:overview")).status_code == status
    assert client.get(reverse("insights:download", args=["gaps"])).status_code == status


def test_the_page_asks_the_database_the_same_whatever_the_rows(cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.kate)

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("insights:overview"), {"days": "7"}).status_code == 200
        return len(queries)

    ask()
    empty = ask()
    for number in range(4):
        add_rows(number)
    assert ask() == empty
    assert empty <= 12


def test_every_plot_has_its_table_and_nothing_is_styled_inline(cast: SimpleNamespace, client: Client) -> None:
    for number in range(3):
        add_rows(number)
    client.force_login(cast.kate)
    page = client.get(reverse("insights:overview"))
    text = page.content.decode()
    assert " style=" not in text
    assert "<style" not in text
    for item in page.context["shown"]:
        if item["plot"]:
            assert item["report"].rows
    assert text.count('class="insight-definition"') == len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("days", ["7", "30", "90"])
def test_every_table_is_a_file(slug: str, days: str, cast: SimpleNamespace, client: Client) -> None:
    add_rows(1)
    client.force_login(cast.kate)
    answer = client.get(reverse("insights:download", args=[slug]), {"days": days})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{slug}-{days}.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_words_of_customers_are_no_formula_in_a_spreadsheet(cast: SimpleNamespace, client: Client) -> None:
    ContentGap.objects.create(text='=HYPERLINK("http://example.com")', key="x", language="en")
    client.force_login(cast.kate)
    answer = client.get(reverse("insights:download", args=["gaps"]))
    assert "\"'=HYPERLINK" in answer.content.decode()


def test_words_of_customers_are_escaped_on_the_page(cast: SimpleNamespace, client: Client) -> None:
    ContentGap.objects.create(text="<script>alert(1)</script>", key="x", language="en")
    client.force_login(cast.kate)
    assert b"<script>alert" not in client.get(reverse("insights:overview")).content


def test_an_unknown_table_is_not_found(cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.kate)
    assert client.get(reverse("insights:download", args=["people"])).status_code == 404
