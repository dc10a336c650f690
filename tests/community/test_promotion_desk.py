"""The promotion desk in the browser, and the button in the thread."""

import pytest
from django.test import Client
from django.urls import reverse

from community import scoring
from community.models import Promotion
from kb.models import Article
from tests.factories import make_answer, make_product, make_question


@pytest.fixture
def kate(cast) -> Client:
    client = Client()
    client.force_login(cast.kate)
    return client


def waiting(count: int = 1) -> list[Promotion]:
    product = make_product()
    made = []
    for _ in range(count):
        answer = make_answer(make_question(product=product, tags=["a", "b"]), accepted=True)
        made.append(scoring.consider_answer(answer.pk))
    return made


def form_of(promotion: Promotion, **changes) -> dict:
    return {"title": "Why silent?", "body": "## Do\n\n1. This.", "version": promotion.version} | changes


def test_whoever_is_signed_out_signs_in_and_comes_back_to_the_draft(client, db):
    found = waiting()[0]
    page = f"/promotions/{found.pk}/"
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
    for act in ("save", "publish", "reject"):
        gone = client.post(f"{page}{act}/", form_of(found, reason="no"))
        assert gone["Location"] == f"/accounts/login/?next={page}"
    assert Promotion.objects.get().state == "candidate"


@pytest.mark.parametrize("who", ["minji", "mod"])
def test_for_everybody_else_the_desk_does_not_exist(cast, who):
    found, client = waiting()[0], Client()
    client.force_login(getattr(cast, who))
    assert client.get("/promotions/").status_code == 404
    assert client.get(f"/promotions/{found.pk}/").status_code == 404
    for act in ("save", "publish", "reject"):
        assert client.post(f"/promotions/{found.pk}/{act}/", form_of(found, reason="no")).status_code == 404
    assert Promotion.objects.get().state == "candidate"


def test_the_desk_lists_the_best_first_with_reasons_in_words(kate):
    weak, strong = waiting(2)
    Promotion.objects.filter(pk=strong.pk).update(score=9.5)
    page = kate.get("/promotions/")
    assert [row.promotion.pk for row in page.context["rows"]] == [strong.pk, weak.pk]
    assert "The asker accepted it · Gives 2 steps" in page.content.decode()
    assert kate.get("/promotions/?state=rejected").status_code == 200
    assert kate.get("/promotions/?state=nonsense&cursor=nonsense").status_code == 200


def test_queries_of_the_desk_do_not_grow_with_its_rows(kate, django_assert_max_num_queries):
    counts = []
    for more in (3, 15):
        waiting(more)
        kate.get("/promotions/")
        with django_assert_max_num_queries(12) as taken:
            kate.get("/promotions/")
        pk = Promotion.objects.first().pk
        with django_assert_max_num_queries(12) as sheet:
            assert kate.get(f"/promotions/{pk}/").status_code == 200
        counts.append((len(taken), len(sheet)))
    assert counts[0] == counts[1]


def test_looking_at_a_candidate_shows_its_draft_and_changes_nothing(kate):
    found = waiting()[0]
    page = kate.get(f"/promotions/{found.pk}/").content.decode()
    assert "## The solution" in page
    assert found.answer.question.title in page
    found.refresh_from_db()
    assert found.state == "candidate"


def test_edit_and_publish_in_one_place_then_the_next_comes_by_itself(kate):
    best, second = waiting(2)
    Promotion.objects.filter(pk=best.pk).update(score=9)
    answer = kate.post(reverse("community:promotion_publish", args=[best.pk]), form_of(best))
    assert answer["Location"] == reverse("community:promotion", args=[second.pk])
    article = Article.objects.get()
    assert (article.status, article.title) == ("published", "Why silent?")

    last = kate.post(reverse("community:promotion_publish", args=[second.pk]), form_of(second))
    assert last["Location"] == reverse("community:promotions")

    thread = Client().get(best.answer.question.get_absolute_url()).content.decode()
    assert article.get_absolute_url() in thread
    page = Client().get(article.get_absolute_url()).content.decode()
    assert f"/questions/{best.answer.question_id}/#answer-{best.answer_id}" in page


def test_saving_keeps_the_draft_and_a_second_editor_gets_both_texts(kate, cast):
    found = waiting()[0]
    url = reverse("community:promotion_save", args=[found.pk])
    assert kate.post(url, form_of(found, body="Kate text")).status_code == 302
    hana = Client()
    hana.force_login(cast.hana)
    refused = hana.post(url, form_of(found, body="Hana text"))
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Kate text" in page
    assert "Hana text" in page
    assert hana.post(url, form_of(found, body="Both", version=2)).status_code == 302
    assert Promotion.objects.get().body == "Both"


def test_the_second_to_publish_hears_who_was_first_and_keeps_the_text(kate, cast):
    found = waiting()[0]
    url = reverse("community:promotion_publish", args=[found.pk])
    kate.post(url, form_of(found))
    hana = Client()
    hana.force_login(cast.hana)
    refused = hana.post(url, form_of(found, body="Hana text"))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert '<div class="notice stop" role="alert"' in page
    assert "Kate" in page
    assert "Hana text" in page
    assert Article.objects.count() == 1


def test_sending_the_form_twice_is_one_act(kate):
    found = waiting()[0]
    url = reverse("community:promotion_publish", args=[found.pk])
    for _ in range(2):
        assert kate.post(url, form_of(found, submission="the-same-key")).status_code == 302
    assert Article.objects.count() == 1


def test_rejecting_needs_a_reason_and_brings_the_next(kate):
    first, second = waiting(2)
    url = reverse("community:promotion_reject", args=[first.pk])
    assert kate.post(url, {"reason": ""}).status_code == 400
    assert kate.post(url, {"reason": "Too special"})["Location"] == reverse(
        "community:promotion", args=[second.pk]
    )
    assert "Too special" in kate.get("/promotions/?state=rejected").content.decode()


def test_a_customer_nominates_from_the_thread(cast):
    answer = make_answer(body="Turn it off and on.")
    client = Client()
    url = reverse("community:answer_nominate", args=[answer.pk])
    assert client.post(url).status_code == 302  # to sign in
    assert not Promotion.objects.exists()
    client.force_login(cast.minji)
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == answer.get_absolute_url()
    assert Promotion.objects.get().nominated_by == cast.minji
    held = make_answer(status="held")
    assert client.post(reverse("community:answer_nominate", args=[held.pk])).status_code == 404


def test_beside_an_article_stands_who_it_helped_and_the_watch_button(cast):
    from django.utils import timezone

    from tests.factories import make_article

    article = make_article()
    make_question(title="Solved thanks to it", solved_by_article=article, solved_at=timezone.now())
    url = reverse("community:article_beside", args=[article.slug])
    visitor = Client().get(url, headers={"HX-Request": "true"}).content.decode()
    assert "Solved thanks to it" in visitor
    assert "<form" not in visitor
    client = Client()
    client.force_login(cast.minji)
    watch = reverse("community:article_watch", args=[article.slug])
    client.post(watch, {"watch": "1"})
    assert 'aria-pressed="true"' in client.get(url).content.decode()
    client.post(watch, {"watch": "0"})
    assert 'aria-pressed="false"' in client.get(url).content.decode()
