"""A person asks; what they typed is never lost, and sending twice asks once."""

import pytest
from django.urls import reverse

from community import services
from community.models import Question, Watch
from portal.core.errors import ConflictError, RuleError, TooFast
from portal.core.models import IndexChange
from tests.factories import make_product, make_question, make_user

TITLE, BODY = "왼쪽 이어버드만 소리가 안 나요", "어제부터 왼쪽만 조용해요. 케이스에 넣었다 빼도 같아요."


def _form(client, **changes):
    page = client.get(reverse("community:ask"))
    values = {"title": TITLE, "body": BODY, "tags": "", "reviewed": "1"}
    return values | {"submission": page.context["form"]["submission"].value()} | changes


def test_a_plain_first_question_is_public_at_once_and_watched(client, cast, index):
    newcomer = make_user(days_old=0, language="ko")
    client.force_login(newcomer)
    response = client.post(reverse("community:ask"), _form(client, tags="Bluetooth, 소리"))
    question = Question.objects.get()
    assert response.status_code == 302
    assert (question.status, question.language, question.author) == ("open", "ko", newcomer)
    assert [tag.name for tag in question.tags.all()] == ["bluetooth", "소리"]
    assert Watch.objects.filter(person=newcomer, question=question).exists()
    assert IndexChange.objects.filter(kind="question", object_pk=question.pk).exists()


def test_the_same_form_sent_twice_asks_once(client, cast, index):
    client.force_login(cast.minji)
    values = _form(client)
    first = client.post(reverse("community:ask"), values)
    second = client.post(reverse("community:ask"), values)
    assert first.url == second.url
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "가" * 151),
        ("body", ""),
        ("body", "b" * 30_001),
        ("title", "a\x00b"),
    ],
)
def test_what_cannot_be_posted_stays_in_the_form_with_a_sentence(client, cast, index, field, value):
    client.force_login(cast.minji)
    response = client.post(reverse("community:ask"), _form(client, **{field: value}))
    assert response.status_code == 400
    assert response.context["form"].errors[field]
    other = "body" if field == "title" else "title"
    assert response.context["form"][other].value() == {"title": TITLE, "body": BODY}[other]
    assert not Question.objects.exists()


def test_a_visitor_signs_in_and_finds_what_they_typed(client, cast, index):
    response = client.post(reverse("community:ask"), {"title": TITLE, "body": BODY, "tags": ""})
    assert response.url.startswith(reverse("account_login"))
    client.post(response.url, {"login": "minji", "password": "a-good-password-7"})
    form = client.get(reverse("community:ask")).context["form"]
    assert (form["title"].value(), form["body"].value()) == (TITLE, BODY)


def test_a_release_of_another_product_is_refused(cast):
    buds, cam = make_product("nova-buds"), make_product("nova-cam", releases=["9.9"])
    with pytest.raises(RuleError, match="does not belong"):
        services.ask_question(
            by=cast.minji, title=TITLE, body=BODY, product=buds, release=cam.releases.first()
        )


def test_asking_too_often_says_when_to_try_again(cast):
    for number in range(60):
        services.ask_question(by=cast.minji, title=f"{TITLE} {number}", body=BODY)
    with pytest.raises(TooFast) as refusal:
        services.ask_question(by=cast.minji, title=TITLE, body=BODY)
    assert "minute" in str(refusal.value)
    assert 0 < refusal.value.retry_after <= 3600


def test_an_edit_keeps_what_was_said_before(client, cast):
    question = make_question(author=cast.minji, title="Old words", body="old body")
    client.force_login(cast.minji)
    client.post(
        reverse("community:question_edit", args=[question.pk]),
        {"title": "New words", "body": "new body", "version": 1},
    )
    question.refresh_from_db()
    assert (question.title, question.version) == ("New words", 2)
    assert (question.edits.get().title, question.edits.get().body) == ("Old words", "old body")
    history = client.get(reverse("community:question_history", args=[question.pk])).content.decode()
    assert "old body" in history.replace("<del>", "").replace("</del>", "") or "removed" in history


def test_a_stale_edit_is_409_and_keeps_both_texts(client, cast):
    question = make_question(author=cast.minji, title="Old words", body="old body")
    services.edit_question(question=question, by=cast.mod, title="Theirs", body="their body", version=1)
    client.force_login(cast.minji)
    response = client.post(
        reverse("community:question_edit", args=[question.pk]),
        {"title": "Mine", "body": "my body", "version": 1},
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "their body" in page
    assert "my body" in page
    with pytest.raises(ConflictError):
        services.edit_question(question=question, by=cast.minji, title="Mine", body="x", version=1)


def test_only_whoever_asked_edits(client, cast):
    question = make_question(author=cast.minji)
    client.force_login(cast.junho)
    response = client.post(
        reverse("community:question_edit", args=[question.pk]), {"title": "Mine", "body": "x"}
    )
    assert response.status_code == 302
    question.refresh_from_db()
    assert question.version == 1


def test_withdrawing_a_question_hides_it_from_everybody_else(client, cast):
    question = make_question(author=cast.minji)
    client.force_login(cast.minji)
    client.post(reverse("community:question_withdraw", args=[question.pk]))
    client.force_login(cast.junho)
    assert client.get(question.get_absolute_url()).status_code == 404
