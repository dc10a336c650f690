"""The frame of every page: language, errors, the account's pages, the styleguide."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from portal.core.models import Notification
from tests.factories import make_user


def test_the_error_page_needs_neither_database_nor_context():
    html = render_to_string("500.html")  # without the db fixture a query would fail
    assert "Something broke on our side" in html
    assert 'href="/static/css/tokens.css"' in html


@pytest.mark.parametrize(("path", "status"), [("/there/is/nothing/", 404), ("/search/?q=a%00b", 400)])
def test_a_stop_says_what_to_do(client, db, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert "/questions/ask/" in answer.content.decode()


def test_an_expired_form_says_that_the_text_is_kept(db):
    answer = Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "kept in your browser" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/wrong-key/",
        "/accounts/password/reset/key/1-wrong/",
        "/accounts/inactive/",
    ],
)
def test_the_way_in_looks_like_the_rest(client, db, path):
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<html") == 1
    assert 'class="topbar"' in html
    assert 'class="entrance"' in html


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/settings/",
    ],
)
def test_the_pages_of_an_account_look_like_the_rest(client, db, path):
    client.post("/accounts/login/", {"login": make_user("minji").username, "password": "a-good-password-7"})
    html = client.get(path).content.decode()
    assert html.count("<html") == 1
    assert 'class="topbar"' in html
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html


def test_the_page_carries_its_language_and_the_choice_about_keys(client, cast):
    client.force_login(cast.minji)
    assert '<html lang="ko">' in client.get("/settings/").content.decode()
    cast.minji.shortcuts = False
    cast.minji.save()
    assert 'data-shortcuts="off"' in client.get("/settings/").content.decode()


def test_the_bell_counts_what_waits_and_no_further_than_it_shows(client, cast):
    Notification.objects.bulk_create(
        Notification(
            recipient=cast.minji, kind="answer", dedupe_key=str(n), target_kind="community.answer", target_pk=n,
            thread_key="q-1", url="/",
        )
        for n in range(120)
    )  # fmt: skip
    client.force_login(cast.minji)
    assert "99+" in client.get("/settings/").content.decode()
    Notification.objects.exclude(dedupe_key="7").delete()
    assert 'data-unread="1"' in client.get("/settings/").content.decode()


def test_a_visitor_costs_no_query_for_the_frame(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/accounts/login/")


def test_the_styleguide_is_for_staff(client, cast):
    client.force_login(cast.minji)
    assert client.get("/styleguide/").status_code == 404
    client.force_login(cast.hana)
    for shown in ("light", "dark"):
        html = client.get(f"/styleguide/?shown={shown}").content.decode()
        assert "왼쪽 이어버드만 계속 연결이 끊겨요" in html
        assert "Only the left earbud keeps losing the connection" in html
