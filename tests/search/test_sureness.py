"""How sure is sure enough: learnt from what became of suggestions, chosen by staff, the same in every process."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from community import finding, sureness
from community.models import Suggestion
from portal.core import search
from portal.core.models import AuditEntry, ConfidenceRule, SearchQuery
from portal.core.search import sureness as rules
from portal.core.search.recording import settle_search
from portal.core.search.writing import flush_now
from tests.factories import make_article, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    rules.renew()
    yield
    rules.renew()


def history(count: int, right_share: float, confidence: float) -> None:
    """Searches while typing whose outcome is known."""
    for n in range(count):
        row = search.record_search(
            surface="suggest",
            text=f"earbuds silent {n}",
            hits=1,
            shown=1,
            sender="somebody",
            confidence=confidence,
        )
        settle_search(
            query_id=row.token, sender="somebody", outcome="solved" if n < right_share * count else "posted"
        )


def test_confidence_follows_what_people_say_of_suggestions(cast, django_capture_on_commit_callbacks):
    assert rules.in_force().read(0.8) == 0.8
    history(100, 0.5, 0.8)
    history(100, 0.2, 0.6)
    with django_capture_on_commit_callbacks(execute=True):
        assert sureness.learn()
    learnt = rules.in_force()
    assert learnt.read(0.8) == pytest.approx(0.5, abs=0.08)
    assert learnt.read(0.6) == pytest.approx(0.2, abs=0.08)
    assert learnt.unread(learnt.read(0.7)) == pytest.approx(0.7)
    assert learnt.least == rules.SURE_ENOUGH, "what staff want shown is theirs alone"


def test_few_outcomes_or_one_kind_of_them_teach_nothing(cast):
    history(20, 0.5, 0.8)
    assert sureness.learn() is None
    history(60, 1.0, 0.8)
    SearchQuery.objects.filter(outcome="posted").delete()
    assert sureness.learn() is None


def test_refusals_on_the_question_page_count_too(cast):
    article = make_article()
    for n in range(50):
        Suggestion.objects.create(
            question=make_question(), article=article, confidence=0.9, position=1, outcome_at="2026-11-01T00:00Z",
            outcome="solved" if n % 5 == 0 else "not_helpful",
        )  # fmt: skip
    Suggestion.objects.update(outcome_at=Suggestion.objects.latest("pk").question.created_at)
    pairs = sureness.outcomes()
    assert len(pairs) == 50
    assert sum(right for _confidence, right in pairs) == 10
    assert rules.learnt(pairs, 0.5).read(0.9) < 0.4


def test_what_is_learnt_is_a_probability():
    """Of outcomes drawn by a known rule, that rule is found again."""
    draw = random.Random(7)
    true = rules.Rule(0.5, offset=-0.8, slope=1.6)
    pairs = [(p, draw.random() < true.read(p)) for p in (draw.uniform(0.05, 0.98) for _ in range(4_000))]
    found = rules.learnt(pairs, 0.5)
    assert all(found.read(p) == pytest.approx(true.read(p), abs=0.04) for p in (0.2, 0.4, 0.6, 0.8, 0.95))


def test_staff_choose_what_is_shown(index, cast, client, django_capture_on_commit_callbacks):
    article = make_article(title="Earbuds stay silent on one side", body="Reset both earbuds in the case.")
    search.changed("article", article.pk)
    flush_now()
    (found,) = finding.suggest("earbuds silent on one side after rain", by=AnonymousUser())
    history(3, 1.0, 0.45)
    client.force_login(cast.hana)
    page = client.get(reverse("insights:confidence"), {"least": "0.40"}).content.decode()
    assert "earbuds silent 0" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("insights:confidence"), {"least": "0.95"})
    assert ConfidenceRule.objects.get().by == cast.hana
    assert AuditEntry.objects.filter(act="set_confidence").exists()
    assert found.confidence < 0.95
    nothing = finding.suggest("earbuds silent on one side after rain", by=AnonymousUser())
    assert not nothing
    assert nothing.best == found.confidence, "what is not shown is still known"


@pytest.mark.parametrize("least", ["", "2", "-1", "nan", "inf", "0.1", "0.99", "half"])
def test_a_confidence_that_is_none_is_refused_in_a_sentence(cast, client, least):
    client.force_login(cast.hana)
    answer = client.post(reverse("insights:confidence"), {"least": least}, follow=True)
    assert "0.3" in answer.content.decode()
    assert not ConfidenceRule.objects.exists()


def test_only_staff_choose_and_only_those_with_insights_see(cast, client):
    client.force_login(cast.minji)
    assert client.get(reverse("insights:confidence")).status_code == 404
    client.force_login(cast.kate)
    assert client.get(reverse("insights:confidence")).status_code == 200
    assert client.post(reverse("insights:confidence"), {"least": "0.70"}).status_code == 403
    assert not ConfidenceRule.objects.exists()


def test_the_page_costs_the_same_for_any_history(cast, client, django_assert_max_num_queries):
    client.force_login(cast.hana)
    history(60, 0.5, 0.7)
    with django_assert_max_num_queries(12):
        client.get(reverse("insights:confidence"))
