"""A session ends while somebody works: they sign in and are back where they were, with what they typed."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from community.models import Promotion, Watch
from portal.core.tasks import forget_sessions
from tests.factories import make_answer, make_article, make_question

WHO = {"login": "minji", "password": "a-good-password-7"}


def _sign_in(client, response):
    assert response.url.startswith(reverse("account_login"))
    return client.post(response.url, WHO).url


@pytest.mark.parametrize(
    ("name", "values"),
    [("question_watch", {"watch": "1"}), ("question_withdraw", {})],
)
def test_a_button_pressed_signed_out_leads_back_to_its_page(client, cast, name, values):
    question = make_question(author=cast.minji)
    came_from = f"http://testserver{question.get_absolute_url()}?sort=new"
    address = reverse(f"community:{name}", args=[question.pk])
    back = _sign_in(client, client.post(address, values, headers={"referer": came_from}))
    assert back == f"{question.get_absolute_url()}?sort=new"
    assert client.get(back).status_code == 200
    assert not Watch.objects.exists()


@pytest.mark.parametrize("referer", ["", "http://elsewhere.example/trap/", "javascript:alert(1)"])
def test_a_button_pressed_on_another_site_leads_home(client, cast, referer):
    answer = make_answer(make_question(author=cast.minji))
    address = reverse("community:answer_accept", args=[answer.pk])
    assert _sign_in(client, client.post(address, headers={"referer": referer})) == "/"


def test_an_edit_sent_signed_out_is_in_the_form_after_signing_in_once(client, cast):
    question = make_question(author=cast.minji, title="Old words", tags=["sound"])
    address = reverse("community:question_edit", args=[question.pk])
    typed = {"title": "New words", "body": "A new body.", "tags": "sound, app", "version": "1"}
    back = _sign_in(client, client.post(address, typed))
    form = client.get(back).context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert client.get(address).context["form"]["title"].value() == "Old words"
    assert client.post(address, typed).status_code == 302
    question.refresh_from_db()
    assert question.title == "New words"


def test_an_answer_an_article_and_a_flag_are_kept_too(client, cast):
    cast.minji.groups.set(cast.kate.groups.all())
    own = make_answer(make_question(), author=cast.minji)
    for address, typed in {
        reverse("community:answer_edit", args=[own.pk]): {"body": "Hold it longer."},
        reverse("kb:article_edit", args=[make_article().slug]): {"title": "New title", "body": "New body."},
        reverse("community:flag", args=["question", own.question_id]): {
            "reason": "spam",
            "note": "An advert.",
        },
    }.items():
        client.logout()
        form = client.get(_sign_in(client, client.post(address, typed))).context["form"]
        assert {name: form[name].value() for name in typed} == typed


def test_what_was_typed_at_a_desk_is_kept_too(client, cast):
    cast.minji.groups.set([*cast.kate.groups.all(), *cast.mod.groups.all()])
    answer = make_answer(make_question(), status="held")
    draft = Promotion.objects.create(answer=make_answer(make_question()), score=4)
    entry = f"/moderation/answer-{answer.pk}/"
    for address, page, typed in (
        (f"/promotions/{draft.pk}/save/", f"/promotions/{draft.pk}/", {"title": "Why?", "body": "So.", "version": "1"}),
        (f"{entry}decision/", entry, {"decision": "remove", "why": "spam", "note": "An advert."}),
    ):  # fmt: skip
        client.logout()
        back = _sign_in(client, client.post(address, typed))
        assert back == page
        form = client.get(back).context["form"]
        assert {name: form[name].value() for name in typed} == typed
    draft.refresh_from_db()
    answer.refresh_from_db()
    assert (draft.state, answer.status) == ("candidate", "held")


def test_an_address_that_only_takes_forms_says_so(client, cast):
    question = make_question(author=cast.minji)
    client.force_login(cast.kate)
    response = client.get(reverse("community:question_watch", args=[question.pk]))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "only takes forms" in response.content.decode()
    refused = client.get(reverse("community:answer_create", args=[question.pk]))
    assert refused.url == f"{question.get_absolute_url()}#answer-form"


def test_only_the_newest_forms_of_a_visitor_are_kept_and_not_without_end(client, cast):
    questions = [make_question(author=cast.minji) for _n in range(5)]
    for question in questions:
        address = reverse("community:answer_create", args=[question.pk])
        client.post(address, {"body": f"Words for {question.pk}"})
    kept = [key for key in client.session.keys() if key.startswith("typed:")]  # noqa: SIM118
    assert kept == [f"typed:answer-{question.pk}" for question in questions[2:]]
    for _n in range(240):
        refused = client.post(address, {"body": "Again"})
    assert refused.status_code == 429


def test_a_visit_that_has_ended_is_forgotten(client, cast):
    question = make_question(author=cast.minji)
    client.post(reverse("community:answer_create", args=[question.pk]), {"body": "My words"})
    assert Session.objects.exists()
    Session.objects.update(expire_date=timezone.now() - timezone.timedelta(days=1))
    forget_sessions()
    assert not Session.objects.exists()
