"""An account from its first form to its last session, through the pages and the mails."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from portal.core.models import User
from tests.factories import PASSWORD

NEW = "another-good-9-password"


def _sign_up(client, language="ko", **changes):
    values = {"email": "mina@example.com", "username": "mina", "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/accounts/signup/", values | changes, headers={"accept-language": language})


def _link(message):
    """The mail's one address, as a mail program would find it in the text: up to the next space."""
    found = re.findall(r"https?://\S+", message.body)
    assert len(found) == 1
    assert found[0] in message.alternatives[0].content
    return found[0].removeprefix("http://testserver")


def _sign_in(client, login, password=PASSWORD):
    client.post("/accounts/login/", {"login": login, "password": password})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("language", "hello"), [("ko", "안녕하세요"), ("en", "Hello mina")])
def test_a_new_person_confirms_their_address_and_signs_in_by_name_or_mail(client, db, language, hello):
    _sign_up(client, language)
    person = User.objects.get(username="mina")
    assert (person.language, [role.name for role in person.groups.all()]) == (language, ["customer"])
    assert not _sign_in(Client(), "mina")
    message = mail.outbox[0]
    assert hello in message.body
    page = client.get(_link(message))
    assert page.status_code == 200
    client.post(_link(message))
    assert _sign_in(Client(), "mina")
    assert _sign_in(Client(), "mina@example.com")
    assert not _sign_in(Client(), "mina", "not-the-password")


def test_what_was_asked_before_signing_up_waits_until_the_address_is_confirmed(client, db, index):
    client.post("/questions/ask/", {"title": "Silent left bud", "body": "Since yesterday.", "tags": ""})
    _sign_up(client, "en", next="/questions/ask/")
    client.post(_link(mail.outbox[0]))
    assert _sign_in(client, "mina")
    assert client.get("/questions/ask/").context["form"]["title"].value() == "Silent left bud"


def test_signing_up_with_a_known_address_tells_only_its_owner(client, cast):
    answer = _sign_up(client, "en", email="minji@example.com")
    assert answer.url == _sign_up(Client(), "en").url
    assert not User.objects.filter(email="minji@example.com").exclude(username="minji").exists()
    assert mail.outbox[0].to == ["minji@example.com"]
    assert "already" in mail.outbox[0].subject
    assert Client().get(_link(mail.outbox[0])).status_code == 200


def test_a_forgotten_password_is_replaced_and_every_device_signed_out(client, cast):
    elsewhere = Client()
    assert _sign_in(elsewhere, "minji")
    client.post("/accounts/password/reset/", {"email": "minji@example.com"})
    form = client.get(_link(mail.outbox[0]), follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert elsewhere.get("/settings/").status_code == 302
    assert not _sign_in(Client(), "minji")
    assert _sign_in(Client(), "minji", NEW)


def test_an_unknown_address_looks_the_same_and_gets_no_mail(client, db):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert response.url == "/accounts/password/reset/done/"
    assert not mail.outbox


def test_signing_out_everywhere_else_keeps_this_device(client, cast):
    others = [Client(), Client()]
    for browser in (client, *others):
        assert _sign_in(browser, "minji")
        browser.get("/")
    assert client.get("/accounts/sessions/").context["session_count"] == 3
    client.post("/accounts/sessions/")
    assert client.get("/settings/").status_code == 200
    assert [browser.get("/settings/").status_code for browser in others] == [302, 302]


def test_who_was_given_an_account_chooses_their_first_password(client, db):
    call_command("create_person", "kate", "--role", "editor", "--email", "kate@example.com", verbosity=0)
    client.post("/accounts/password/reset/", {"email": "kate@example.com"})
    page = client.get(_link(mail.outbox[0]), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert _sign_in(Client(), "kate", NEW)
