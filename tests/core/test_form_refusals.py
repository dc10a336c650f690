"""Every address that pages post to bears whatever is sent: never a crash, and what was typed stands there again.

The addresses come from the URL configuration, so that no new form can be forgotten.
"""

import html
import re
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from community.models import Answer, Comment, Promotion, Question
from kb.models import Revision
from portal.core import limits
from portal.core.models import User
from tests.api import Api
from tests.core.test_api_refusals import VALUES
from tests.factories import PASSWORD, make_answer, make_article, make_comment, make_question

pytestmark = pytest.mark.django_db


def routes(resolver=None, before=""):
    """Every address outside the admin and the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if route.startswith(("admin/", "api/", "^api/")):
            continue
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route


FIELDS = ["title", "body", "product", "release", "releases", "category", "tags", "language", "note", "act", "version", "submission", "reviewed", "reason", "why", "decision", "of", "outcome", "helpful", "comment", "successor", "slug", "kind", "id", "position", "solved", "opened", "watch", "theme", "next", "display_name", "bio", "shortcuts", "mail_on_answer", "label", "token-label", "email", "username", "login", "password", "password1", "password2", "oldpassword", "remember", "action_add", "action_remove", "action_primary", "key", "image", "q", "query_id", "cursor", "after", "ids", "all", "note", "entry", "code"]  # fmt: skip
ODD = [str(value)[:30_000] for value in VALUES.values() if isinstance(value, (str, int))]
PLAIN = "application/x-www-form-urlencoded"
TEN_MEGABYTES = b"body=" + b"a" * 10_000_000
ADDRESS_PARTS = ["nothing", "%F0%9F%98%80", "%ED%A0%80", "..", "x" * 3_000, "%22%3E%3Cscript%3E"]


@pytest.fixture
def world(cast, index, monkeypatch):
    """One of everything, and no limit on how often."""
    from kb.services import record_gap

    for act in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, act, ("99999/hour", "99999/hour"))
    question = make_question(author=cast.minji, tags=["wifi"])
    answer = make_answer(question, author=cast.junho)
    article = make_article(author=cast.kate)
    suggestion = question.suggestions.create(article=article, confidence=0.9, position=1)
    question.flags.create(reporter=cast.junho, reason="spam")
    record_gap(text="battery swap", language="en")
    keys = {
        "questions": question.pk, "answers": answer.pk, "comments": make_comment(question, author=cast.minji).pk and Comment.objects.get().pk,
        "promotions": Promotion.objects.create(answer=answer, score=4).pk, "articles": article.slug, "suggestion": suggestion.pk,
        "people": cast.minji.username,
    }  # fmt: skip
    return SimpleNamespace(cast=cast, keys=keys, question=question, answer=answer, article=article)


def filled(route, keys):
    """The address of a route about something that exists."""
    first = re.sub(r"^moderation/(?=questions)", "", route).split("/")[0]
    if "<str:kind>" in route:
        first = "questions"
    parts = {
        "pk": keys.get(first, 1), "suggestion_pk": keys["suggestion"], "kind": "question", "slug": keys["articles"], "number": 1,
        "username": keys["people"], "author": keys["people"], "name": "wifi", "tag": "wifi", "entry_id": f"question-{keys['questions']}",
        "section": "articles",
    }  # fmt: skip
    plain = (
        re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: f"<{found[1]}>", route).replace("^", "").replace("$", "")
    )
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(parts.get(found[1], "nothing")), plain)


def signed_in(person):
    client = Client()
    if person:
        client.force_login(person)
    return client


@pytest.mark.parametrize("route", sorted(set(routes())))
def test_an_address_bears_whatever_is_sent(route, world):
    address = filled(route, world.keys)
    for person in (world.cast.hana, None):
        client = signed_in(person)
        for value in ODD:
            raw = quote(value.encode("utf-8", "surrogatepass"))
            answer = client.post(address, "&".join(f"{name}={raw}" for name in FIELDS), content_type=PLAIN)
            assert answer.status_code < 500, value
            raw = raw[:300].replace("%00", "")
            assert (
                client.get(f"{address}?{'&'.join(f'{name}={raw}' for name in FIELDS)}").status_code < 500
            ), value
    for raw, kind in ((TEN_MEGABYTES, PLAIN), (b"\xff\xfe{", "application/json"), (b"=&;%", PLAIN)):
        assert client.post(address, raw, content_type=kind).status_code < 500
    assert client.post(address, dict.fromkeys(map(str, range(300)), "x")).status_code < 500
    assert client.post(address, dict.fromkeys(FIELDS, "x")).status_code < 500


@pytest.mark.parametrize("route", sorted(route for route in set(routes()) if "<" in route))
def test_an_address_of_nothing_is_no_crash(route, world):
    client = signed_in(world.cast.hana)
    for part in ADDRESS_PARTS:
        address = "/" + re.sub(
            r"<str:\w+>|<slug>|<slug:\w+>|\(\?P<\w+>[^)]*\)", part.replace("\\", ""), route
        )
        address = re.sub(r"<\w+:\w+>", "999999999", address).replace("^", "").replace("$", "")
        assert client.get(address).status_code < 500
        assert client.post(address, {"body": "x"}).status_code < 500


LONG = 'Ein langer Satz שלום 👩‍👩‍👧 <b> & "x" ' * 2_000
# Forms that keep what was typed: address, who, what would be taken, the fields people write in.
FORMS = {
    "questions/ask/": ("minji", {"title": "Why?", "body": "So."}, ["title", "body", "tags"]),
    "questions/<key:pk>/edit/": ("minji", {"title": "Why?", "body": "So.", "version": 1}, ["title", "body", "tags"]),
    "questions/<key:pk>/answers/": ("junho", {"body": "Charge it."}, ["body"]),
    "answers/<key:pk>/edit/": ("junho", {"body": "Charge it.", "version": 1}, ["body"]),
    "comments/<str:kind>/<key:pk>/": ("junho", {"body": "Which?"}, ["body"]),
    "comments/<key:pk>/edit/": ("minji", {"body": "Which?", "version": 1}, ["body"]),
    "flag/<str:kind>/<key:pk>/": ("hana", {"reason": "spam", "note": "Look."}, ["note"]),
    "articles/new/": ("kate", {"title": "T", "body": "B"}, ["title", "body", "tags"]),
    "articles/<str:slug>/edit/": ("kate", {"title": "T", "body": "B", "version": 1}, ["title", "body", "tags", "note"]),
    "promotions/<key:pk>/save/": ("kate", {"title": "T", "body": "B", "version": 1}, ["title", "body", "tags"]),
    "promotions/<key:pk>/publish/": ("kate", {"title": "T", "body": "B", "version": 1}, ["title", "body", "tags"]),
    "promotions/<key:pk>/reject/": ("kate", {"reason": "No."}, ["reason"]),
    "moderation/questions/<key:pk>/close/": ("mod", {"reason": "Old."}, ["reason"]),
    "moderation/questions/<key:pk>/duplicate/": ("mod", {"of": "999"}, ["of"]),
    "moderation/<str:entry_id>/decision/": ("mod", {"decision": "dismiss", "note": "x"}, ["note"]),
    "articles/<str:slug>/feedback/": ("junho", {"helpful": "false", "comment": "c"}, ["comment"]),
    "articles/<str:slug>/archive/": ("kate", {"successor": ""}, ["successor"]),
    "articles/<str:slug>/rename/": ("kate", {"slug": "new-name"}, ["slug"]),
    "settings/": ("minji", {"display_name": "M", "bio": "x", "language": "ko", "theme": ""}, ["display_name", "bio"]),
    "settings/tokens/": ("minji", {"token-label": "x"}, ["token-label"]),
    "accounts/signup/": (None, {"email": "a@b.example", "username": "new", "password1": PASSWORD, "password2": PASSWORD}, ["email", "username"]),
    "accounts/login/": (None, {"login": "minji", "password": "wrong-one"}, ["login"]),
}  # fmt: skip
# Addresses that people post to without writing anything, or whose words are kept by the script that sends them.
WORDLESS = re.compile(
    r"(withdraw|watch|accept|unaccept|vote|nominate|read|undo/<key:pk>|reopen|verify|publish|revoke|click|stop/<str:token>)/$"
    r"|^(language|appearance|preview|images)/$|^questions/suggest/|suggestions/<key:suggestion_pk>/$"
    r"|^accounts/(?!signup|login/$)"
)


def test_every_form_is_among_those_that_are_looked_at(world):
    """A new address that takes a POST has to be named above: as one people write in, or as wordless."""
    unknown = [route for route in set(routes()) if route not in FORMS and not WORDLESS.search(route)]
    taking = []
    for route in unknown:
        client = signed_in(world.cast.hana)
        address = filled(route, world.keys)
        plain = client.get(address)
        forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"?]*)', plain.content.decode())
        if plain.status_code == 200 and address in forms:
            taking.append(route)
        if plain.status_code == 405:
            taking.append(route)
    assert not taking
    assert not set(FORMS) - set(routes())


@pytest.mark.parametrize("route", FORMS)
def test_what_was_typed_is_on_the_page_again(route, world):
    who, good, written = FORMS[route]
    address = filled(route, world.keys)
    for field in written:
        for bad in (LONG, "a\0b " + "typed words " * 40):
            answer = signed_in(who and getattr(world.cast, who)).post(address, good | {field: bad})
            assert answer.status_code in (200, 400), (field, answer.status_code)
            shown = html.unescape(answer.content.decode())
            kept = bad.replace("\0", "").strip()
            assert kept[:60] in shown.replace("\0", ""), field
            assert kept[-60:].strip() in shown, field
            for name in written:
                if good.get(name):
                    assert str(good[name]) in shown or name == field


STALE = [
    ("questions/<key:pk>/edit/", "minji", {"title": "Mine", "body": "My late words."}, Question),
    ("answers/<key:pk>/edit/", "junho", {"body": "My late words."}, Answer),
    ("articles/<str:slug>/edit/", "kate", {"title": "Mine", "body": "My late words."}, Revision),
]


@pytest.mark.parametrize(("route", "who", "sent", "model"), STALE)
def test_a_late_edit_is_409_with_both_texts_and_loses_neither(route, who, sent, model, world):
    address, client = filled(route, world.keys), signed_in(getattr(world.cast, who))
    first = client.post(address, sent | {"body": "Earlier words of somebody.", "version": 1})
    assert first.status_code == 302
    late = client.post(address, sent | {"version": 1})
    assert late.status_code == 409
    page = html.unescape(re.sub(r"<[^>]+>", "", late.content.decode()))
    assert "Earlier words of somebody." in page or "Earlier words of somebody." in late.content.decode()
    assert "My late words." in late.content.decode()
    assert model.objects.filter(body="Earlier words of somebody.").exists()
    assert not model.objects.filter(body="My late words.").exists()


@pytest.mark.parametrize(
    ("route", "who", "sent", "model"),
    [
        ("questions/ask/", "minji", {"title": "Once?", "body": "So.", "reviewed": "1"}, Question),
        ("questions/<key:pk>/answers/", "junho", {"body": "Charge it."}, Answer),
        ("comments/<str:kind>/<key:pk>/", "junho", {"body": "Which?"}, Comment),
    ],
)
def test_a_form_sent_twice_makes_one_row_and_leads_to_the_same_place(route, who, sent, model, world):
    address, client = filled(route, world.keys), signed_in(getattr(world.cast, who))
    before = model.objects.count()
    first, second = (client.post(address, sent | {"submission": "one-key"}) for _ in range(2))
    assert model.objects.count() == before + 1
    assert (first.status_code, first.url) == (second.status_code, second.url)


def test_another_persons_things_stay_as_they_are(world):
    stranger = signed_in(world.cast.kate)
    texts = [world.question.body, world.answer.body, Comment.objects.get().body]
    for route in ("questions/<key:pk>/edit/", "answers/<key:pk>/edit/", "comments/<key:pk>/edit/",
                  "questions/<key:pk>/withdraw/", "answers/<key:pk>/withdraw/", "comments/<key:pk>/withdraw/"):  # fmt: skip
        answer = stranger.post(filled(route, world.keys), {"title": "Taken?", "body": "Taken.", "version": 1})
        assert answer.status_code in (302, 403, 404)
    assert texts == [Question.objects.get().body, Answer.objects.get().body, Comment.objects.get().body]
    assert {
        post.status for post in (Question.objects.get(), Answer.objects.get(), Comment.objects.get())
    } == {"open"}
    token = Api(world.cast.minji) and world.cast.minji.api_tokens.get()
    assert stranger.post(reverse("revoke_token", args=[token.pk])).status_code == 404
    assert User.objects.get(username="minji").api_tokens.get().revoked_at is None
