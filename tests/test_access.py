"""Who may do what: one table of person x act x object, for the API and for the pages.

The columns are a visitor, the author of the thread (a customer), another customer, a moderator, an editor, and staff,
who are both. Each cell is the status they get; "-" in a cell of the pages is the way to the sign-in page.
"""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from community.models import Promotion
from tests.api import Api
from tests.factories import make_answer, make_article, make_comment, make_question, make_user

PEOPLE = ("visitor", "author", "customer", "moderator", "editor", "staff")


@pytest.fixture
def world(db):
    """An author's thread with another's answer; held, removed and closed posts; articles, a promotion, a gap."""
    from kb.services import record_gap

    author, answerer = make_user("author"), make_user("answerer")
    people = {
        "visitor": None, "author": author, "customer": make_user("customer"),
        "moderator": make_user("moderator", role="moderator"), "editor": make_user("editor", role="editor"),
        "staff": make_user("staff", role="staff"),
    }  # fmt: skip
    q = make_question(author=author)
    a = make_answer(q, author=answerer)
    held = make_question(author=author, status="held")
    article, draft = make_article(), make_article(published=False)
    suggestion = q.suggestions.create(article=article, confidence=0.9, position=1)
    q.flags.create(reporter=answerer, reason="spam")
    keys = {
        "q": q.pk, "slug": q.slug, "a": a.pk, "own_a": make_answer(q, author=author).pk, "c": make_comment(q, author=author).pk,
        "alone": make_question(author=author).pk, "held": held.pk, "removed": make_question(author=author, status="removed").pk,
        "closed": make_question(author=author, status="closed").pk, "held_a": make_answer(q, author=author, status="held").pk,
        "art": article.slug, "draft": draft.slug, "s": suggestion.pk, "gap": record_gap(text="battery", language="en").pk,
        "p": Promotion.objects.create(answer=a, score=4).pk,
    }  # fmt: skip
    return SimpleNamespace(people=people, keys=keys)


BODY = {"body": "Some words."}
# method, address, body: visitor, author, customer, moderator, editor, staff
API = """
GET    questions/                            : 200 200 200 200 200 200
POST   questions/                            : 401 201 201 201 201 201
GET    questions/{q}/                        : 200 200 200 200 200 200
PATCH  questions/{q}/                        : 401 200 403 200 403 200
DELETE questions/{q}/                        : 401 403 403 204 403 204
DELETE questions/{alone}/                    : 401 204 403 204 403 204
GET    questions/{held}/                     : 404 200 404 200 404 200
PATCH  questions/{held}/                     : 401 200 404 200 404 200
GET    questions/{removed}/                  : 404 404 404 200 404 200
GET    questions/{closed}/                   : 200 200 200 200 200 200
GET    questions/{q}/answers/                : 200 200 200 200 200 200
GET    questions/{held}/answers/             : 404 200 404 200 404 200
POST   questions/{q}/answers/                : 401 201 201 201 201 201
POST   questions/{closed}/answers/           : 401 403 403 403 403 403
POST   questions/{held}/answers/             : 401 403 404 403 404 403
GET    questions/{q}/comments/               : 200 200 200 200 200 200
POST   questions/{q}/comments/               : 401 201 201 201 201 201
POST   questions/{closed}/comments/          : 401 403 403 403 403 403
POST   answers/{a}/comments/                 : 401 201 201 201 201 201
GET    comments/{c}/                         : 200 200 200 200 200 200
PATCH  comments/{c}/                         : 401 200 403 200 403 200
DELETE comments/{c}/                         : 401 204 403 204 403 204
GET    answers/{a}/                          : 200 200 200 200 200 200
GET    answers/{held_a}/                     : 404 200 404 200 404 200
PATCH  answers/{own_a}/                      : 401 200 403 200 403 200
PATCH  answers/{a}/                          : 401 403 403 200 403 200
DELETE answers/{own_a}/                      : 401 204 403 204 403 204
PUT    answers/{a}/vote/                     : 401 200 200 200 200 200
PUT    answers/{own_a}/vote/                 : 401 403 200 200 200 200
PUT    answers/{held_a}/vote/                : 401 403 404 403 404 403
POST   answers/{a}/accept/                   : 401 200 403 200 403 200
DELETE answers/{a}/accept/                   : 401 200 403 200 403 200
GET    questions/{q}/suggestions/            : 200 200 200 200 200 200
GET    questions/{held}/suggestions/         : 404 200 404 200 404 200
POST   questions/{q}/suggestions/{s}/outcome/: 401 200 403 403 403 403
POST   questions/{q}/watch/                  : 401 204 204 204 204 204
POST   questions/{held}/watch/               : 401 204 404 204 404 204
DELETE questions/{q}/watch/                  : 401 204 204 204 204 204
POST   questions/{q}/duplicate/              : 401 403 403 200 403 200
POST   flags/                                : 401 403 201 201 201 201
GET    moderation/                           : 401 403 403 200 403 200
POST   moderation/question-{q}/decision/     : 401 403 403 200 403 200
GET    promotions/                           : 401 403 403 403 200 200
POST   promotions/                           : 401 201 201 201 201 201
GET    promotions/{p}/                       : 401 403 403 403 200 200
PATCH  promotions/{p}/                       : 401 403 403 403 200 200
POST   promotions/{p}/publish/               : 401 403 403 403 200 200
POST   promotions/{p}/reject/                : 401 403 403 403 200 200
GET    articles/                             : 200 200 200 200 200 200
POST   articles/                             : 401 403 403 403 201 201
GET    articles/{art}/                       : 200 200 200 200 200 200
GET    articles/{draft}/                     : 404 404 404 404 200 200
GET    articles/{art}/revisions/             : 200 200 200 200 200 200
GET    articles/{draft}/revisions/           : 404 404 404 404 200 200
POST   articles/{art}/revisions/             : 401 403 403 403 201 201
POST   articles/{draft}/revisions/1/publish/ : 401 403 403 403 200 200
POST   articles/{art}/archive/               : 401 403 403 403 200 200
POST   articles/{art}/feedback/              : 204 204 204 204 204 204
POST   articles/{draft}/feedback/            : 404 404 404 404 403 403
GET    gaps/                                 : 401 403 403 403 200 200
PATCH  gaps/{gap}/                           : 401 403 403 403 200 200
GET    me/                                   : 401 200 200 200 200 200
GET    notifications/                        : 401 200 200 200 200 200
POST   notifications/read/                   : 401 204 204 204 204 204
GET    suggest/?q=silent                     : 200 200 200 200 200 200
GET    search/?q=silent                      : 200 200 200 200 200 200
GET    schema/                               : 200 200 200 200 200 200
GET    docs/                                 : 200 200 200 200 200 200
"""


def _body(method, path, keys):
    """What the act takes."""
    if method == "GET" or method == "DELETE":
        return None
    last = [part for part in path.split("/") if part and not part.startswith("{")][-1]
    about = {
        "vote": {"helpful": True}, "flags": {"kind": "question", "id": keys["q"], "reason": "spam"},
        "duplicate": {"of": keys["closed"]}, "outcome": {"outcome": "solved"}, "reject": {"reason": "Too special."},
        "decision": {"decision": "dismiss"}, "feedback": {"helpful": True}, "gaps": {"state": "planned"}, "read": {},
        "articles": {"title": "How to swap it", **BODY}, "revisions": {"title": "How to swap it", **BODY},
    }  # fmt: skip
    if path == "promotions/":
        return {"answer": keys["a"]}
    if last == "questions" and method == "POST":
        return {"title": "Why is it silent?", **BODY}
    return about.get(last, BODY)


def _rows(table):
    for line in table.strip().splitlines():
        call, _colon, cells = line.rpartition(":")
        method, path = call.split()
        yield from ((method, path, person, cell) for person, cell in zip(PEOPLE, cells.split(), strict=True))


@pytest.mark.parametrize(("method", "path", "person", "status"), list(_rows(API)))
def test_api(method, path, person, status, world, index):
    body = _body(method, path, world.keys)
    response = Api(world.people[person]).call(method, path.format(**world.keys), body)
    assert response.status_code == int(status), response.content[:300]


# name of the page, what it is about: visitor, author, customer, moderator, editor, staff. An empty form that may be sent is 400.
PAGES = """
GET  home                                    : 200 200 200 200 200 200
GET  search                                  : 200 200 200 200 200 200
GET  community:questions                     : 200 200 200 200 200 200
GET  community:ask                           : 200 200 200 200 200 200
GET  community:question={q},{slug}           : 200 200 200 200 200 200
GET  community:question={held},x             : 404 301 404 301 404 301
GET  community:question={removed},x          : 404 404 404 301 404 301
GET  community:question_edit={q}             : -   200 302 200 302 200
GET  community:question_edit={held}          : -   200 404 200 404 200
GET  community:question_history={q}          : 200 200 200 200 200 200
GET  community:question_history={held}       : 404 200 404 200 404 200
POST community:question_withdraw={q}         : -   403 403 302 403 302
POST community:question_watch={q}            : -   302 302 302 302 302
GET  community:answer_edit={own_a}           : -   200 302 200 302 200
GET  community:answer_history={held_a}       : 404 200 404 200 404 200
POST community:answer_accept={a}             : -   302 403 302 403 302
POST community:answer_unaccept={a}           : -   302 403 302 403 302
POST community:answer_withdraw={own_a}       : -   302 403 302 403 302
POST community:answer_vote={own_a}           : -   403 302 302 302 302
POST community:answer_nominate={a}           : -   302 302 302 302 302
POST community:comment_withdraw={c}          : -   302 404 302 404 302
GET  community:tags                          : 200 200 200 200 200 200
GET  community:products                      : 200 200 200 200 200 200
GET  community:people                        : 200 200 200 200 200 200
GET  community:person=author                 : 200 200 200 200 200 200
GET  community:notifications                 : -   200 200 200 200 200
GET  community:moderation                    : -   404 404 200 404 200
GET  community:promotions                    : -   404 404 404 200 200
GET  community:promotion={p}                 : -   404 404 404 200 200
POST community:promotion_publish={p}         : -   404 404 404 400 400
GET  kb:articles                             : 200 200 200 200 200 200
GET  kb:article={art}                        : 200 200 200 200 200 200
GET  kb:article={draft}                      : 404 404 404 404 200 200
GET  kb:article_history={art}                : 200 200 200 200 200 200
GET  kb:article_history={draft}              : 404 404 404 404 200 200
GET  kb:article_edit={art}                   : -   403 403 403 200 200
GET  kb:article_new                          : -   403 403 403 200 200
GET  settings                                : -   200 200 200 200 200
"""


@pytest.mark.parametrize(("method", "route", "person", "status"), list(_rows(PAGES)))
def test_page(method, route, person, status, world, index):
    name, _equals, given = route.partition("=")
    address = reverse(name, args=[part.format(**world.keys) for part in given.split(",") if part])
    client = Client()
    if world.people[person]:
        client.force_login(world.people[person])
    response = client.generic(
        method, address, b"helpful=true", content_type="application/x-www-form-urlencoded"
    )
    if status == "-":
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
    else:
        assert response.status_code == int(status), address
        assert not response.headers.get("Location", "").startswith(reverse("account_login"))
