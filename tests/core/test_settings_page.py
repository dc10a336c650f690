"""What people choose about their account, and their API tokens."""

import pytest

from portal.core.models import ApiToken, User
from tests.factories import make_user

CHOICES = {"display_name": "김민지", "bio": "", "language": "ko", "theme": "dark", "mail_on_answer": "on"}


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get("/settings/").url.startswith("/accounts/login/")


def test_choices_are_saved_and_unticked_means_no(client, cast):
    client.force_login(cast.minji)
    assert client.post("/settings/", CHOICES).status_code == 302
    saved = User.objects.get(pk=cast.minji.pk)
    assert (saved.display_name, saved.language, saved.theme) == ("김민지", "ko", "dark")
    assert saved.mail_on_answer
    assert not saved.mail_on_comment
    assert not saved.shortcuts


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": "x" * 61},
        {"bio": "x" * 301},
        {"language": "fr"},
        {"theme": "pink"},
        {"display_name": "a\x00b"},
    ],
)
def test_a_wrong_choice_is_refused_and_nothing_changes(client, cast, wrong):
    client.force_login(cast.minji)
    answer = client.post("/settings/", CHOICES | wrong)
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert User.objects.get(pk=cast.minji.pk).theme == ""


def test_no_field_outside_the_profile_can_be_set(client, cast):
    client.force_login(cast.minji)
    client.post("/settings/", CHOICES | {"is_staff": "on", "username": "root"})
    saved = User.objects.get(pk=cast.minji.pk)
    assert (saved.is_staff, saved.username) == (False, "minji")


def test_a_token_is_shown_once_and_works(client, cast):
    client.force_login(cast.minji)
    answer = client.post("/settings/tokens/", {"token-label": "weekly report"})
    row = ApiToken.objects.get(user=cast.minji)
    shown = answer.context["fresh_token"]
    assert shown in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert (row.label, row.digest) == ("weekly report", ApiToken.digest_of(shown))
    assert shown not in client.get("/settings/").content.decode()


def test_a_label_that_is_too_long_makes_no_token(client, cast):
    client.force_login(cast.minji)
    assert client.post("/settings/tokens/", {"token-label": "x" * 61}).status_code == 400
    assert not ApiToken.objects.exists()


def test_a_revoked_token_leaves_the_list_and_stays_revoked(client, cast):
    client.force_login(cast.minji)
    row, _token = ApiToken.issue(user=cast.minji)
    for _ in range(2):
        assert client.post(f"/settings/tokens/{row.pk}/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert list(client.get("/settings/").context["tokens"]) == []


def test_nobody_revokes_the_token_of_another(client, cast):
    row, _token = ApiToken.issue(user=make_user("other"))
    client.force_login(cast.minji)
    assert client.post(f"/settings/tokens/{row.pk}/revoke/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_the_page_costs_the_same_with_many_tokens(client, cast, django_assert_max_num_queries):
    client.force_login(cast.minji)
    for n in range(20):
        ApiToken.issue(user=cast.minji, label=str(n))
    client.get("/settings/")
    with django_assert_max_num_queries(12):
        client.get("/settings/")


def test_the_language_follows_the_account_and_the_browser(client, cast):
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert client.cookies["language"].value == "en"
    client.force_login(cast.minji)
    client.post("/language/", {"language": "en", "next": "/"})
    assert User.objects.get(pk=cast.minji.pk).language == "en"
    client.post("/language/", {"language": "xx", "next": "/"})
    assert User.objects.get(pk=cast.minji.pk).language == "en"


def test_the_appearance_stands_in_the_page_itself(client, cast):
    client.post("/appearance/", {"theme": "dark", "next": "/accounts/login/"})
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()
    client.force_login(cast.minji)
    client.post("/appearance/", {"theme": "light"})
    assert User.objects.get(pk=cast.minji.pk).theme == "light"
    client.post("/appearance/", {"theme": "<script>"})
    assert User.objects.get(pk=cast.minji.pk).theme == ""


def test_the_way_back_never_leaves_the_site(client, db):
    for place in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert client.post("/appearance/", {"theme": "dark", "next": place}).url == "/"
        assert "evil" not in client.post("/language/", {"language": "en", "next": place}).url


@pytest.mark.parametrize("path", ["/language/", "/appearance/", "/settings/tokens/", "/preview/", "/images/"])
def test_a_visit_changes_nothing(client, cast, path):
    client.force_login(cast.minji)
    assert client.get(path).status_code == 405
