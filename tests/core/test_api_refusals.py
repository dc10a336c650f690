"""What the API refuses, with which status, in one shape; never a crash, never 422."""

import json
from pathlib import Path

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings

from community.models import Comment, Question
from kb.models import Article
from portal.core.models import ApiToken
from tests.api import Api, is_problem
from tests.factories import make_answer, make_article, make_comment, make_question

BLNS = Path(__file__).parents[3] / "shared" / "data" / "security" / "blns.json"
DEEP = b"[" * 5_000 + b"]" * 5_000


@pytest.fixture
def rows(cast):
    """One of everything, so that each address of the API can be filled in."""
    question = make_question(author=cast.minji)
    answer = make_answer(question, author=cast.junho)
    Api(cast.junho).post("promotions/", {"answer": answer.pk})
    make_comment(question, author=cast.minji)
    return {
        "q": question.pk, "a": answer.pk, "c": Comment.objects.get().pk, "slug": make_article().slug,
        "p": answer.promotion.pk, "gap": _gap().pk,
    }  # fmt: skip


def _gap():
    from kb.services import record_gap

    return record_gap(text="battery swap", language="en")


# method, address, a body that would be taken, who may
WRITES = [
    ("POST", "questions/", {"title": "Why?", "body": "It stays silent."}, "minji"),
    ("PATCH", "questions/{q}/", {"title": "Why?", "body": "It stays silent."}, "minji"),
    ("POST", "questions/{q}/answers/", {"body": "Charge it."}, "junho"),
    ("PATCH", "answers/{a}/", {"body": "Charge it."}, "junho"),
    ("POST", "questions/{q}/comments/", {"body": "Which one?"}, "junho"),
    ("POST", "answers/{a}/comments/", {"body": "Which one?"}, "junho"),
    ("PATCH", "comments/{c}/", {"body": "Which one?"}, "minji"),
    ("PUT", "answers/{a}/vote/", {"helpful": True}, "minji"),
    ("POST", "questions/{q}/duplicate/", {"of": 1}, "mod"),
    ("POST", "flags/", {"kind": "question", "id": 1, "reason": "spam", "note": "x"}, "junho"),
    ("POST", "moderation/question-{q}/decision/", {"decision": "remove", "reason": "x"}, "mod"),
    ("POST", "promotions/", {"answer": 1}, "junho"),
    ("PATCH", "promotions/{p}/", {"title": "T", "body": "B", "product": None, "tags": []}, "kate"),
    ("POST", "promotions/{p}/reject/", {"reason": "x"}, "kate"),
    ("POST", "articles/", {"title": "T", "body": "B", "external_id": "x"}, "kate"),
    ("POST", "articles/{slug}/revisions/", {"title": "T", "body": "B", "note": "n"}, "kate"),
    ("POST", "articles/{slug}/archive/", {"successor": None}, "kate"),
    ("POST", "articles/{slug}/feedback/", {"helpful": True, "reason": "", "comment": "c"}, "junho"),
    ("PATCH", "gaps/{gap}/", {"state": "planned", "article": None}, "kate"),
    ("POST", "notifications/read/", {"ids": [1]}, "minji"),
    ("POST", "suggest/nothing/outcome/", {"outcome": "opened", "kind": "article", "id": 1}, "minji"),
    ("POST", "search/nothing/click/", {"kind": "article", "id": 1, "position": 1}, "minji"),
]
RAW = {
    "not json": (b"{title", 400),
    "deep": (DEEP, 400),
    "deep in a field": (b'{"title": ' + DEEP + b"}", 400),
    "rather deep": (b'{"unknown": ' + b"[" * 100 + b"]" * 100 + b"}", 400),
    "not utf-8": (b'{"title": "\xff\xfe"}', 400),
    "NaN": (b'{"title": NaN}', 400),
    "endless number": (b'{"id": ' + b"9" * 10_000 + b"}", 400),
    "ten megabytes": (b'{"title": "' + b"a" * 10_000_000 + b'"}', 413),
}
VALUES = {
    "nul": "a\x00b",
    "lone surrogate": "a\ud800b",
    "long word": "w" * 100_000,
    "number": 7,
    "float": 1e300,
    "list": [["x"]],
    "object": {"x": {"y": 1}},
    "true": True,
    "null": None,
    "huge id": 10**30,
    "negative": -1,
    "empty": "",
    "spaces": " \n ",
    "unknown": "no-such-thing",
    "rtl": "שלום \u202e مرحبا",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
}


def _refused_or_taken(response):
    """A bad value is refused in the one shape, or the field takes it; nothing else happens."""
    assert response.status_code != 422
    if response.status_code >= 400:
        is_problem(response, response.status_code)
        assert response.status_code in (400, 403, 404, 409, 413)


@pytest.mark.parametrize(
    ("method", "path", "good", "who"), WRITES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_write_bears_a_storm_of_bad_input(method, path, good, who, rows, cast):
    api, address = Api(getattr(cast, who)), path.format(**rows)
    for raw, status in RAW.values():
        is_problem(api.call(method, address, raw=raw), status)
    is_problem(
        api.call(method, address, raw=b"title=x", content_type="application/x-www-form-urlencoded"), 415
    )
    for body in ([], "text", 7, None, [good]):
        is_problem(api.call(method, address, raw=json.dumps(body).encode()), 400)
    for field in good:
        for value in VALUES.values():
            _refused_or_taken(api.call(method, address, good | {field: value}))
    for value in ("nul", "lone surrogate"):
        refused = is_problem(api.call(method, address, good | {next(iter(good)): VALUES[value]}), 400)
        assert list(refused["errors"]) == [next(iter(good))]


@pytest.mark.parametrize("text", ["", " ", None, 5, ["x"], {"a": 1}, True])
def test_a_title_is_text_that_says_something(text, cast):
    refused = is_problem(Api(cast.minji).post("questions/", {"title": text, "body": "It stays silent."}), 400)
    assert set(refused["errors"]) == {"title"}
    assert not Question.objects.exists()


def test_each_bad_field_is_named(cast):
    bad = {"title": "t" * 151, "product": "nothing", "language": "xx", "tags": "no list"}
    refused = is_problem(Api(cast.minji).post("questions/", bad), 400)
    assert set(refused["errors"]) == {"title", "body", "product", "language", "tags"}


def test_a_release_belongs_to_its_product(cast):
    refused = is_problem(
        Api(cast.minji).post("questions/", {"title": "Why?", "body": "So.", "release": "9.9"}), 400
    )
    assert list(refused["errors"]) == ["release"]


ADDRESSES = [
    "questions/{}/", "questions/{}/answers/", "questions/{}/comments/", "questions/{}/suggestions/", "answers/{}/",
    "answers/{}/comments/", "comments/{}/", "articles/{}/", "articles/{}/revisions/", "promotions/{}/",
]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("key", [0, 10**9, 2**63, 10**30, "9" * 5_000, "-1", "x%00y", "%ED%A0%80"])
def test_what_is_not_there_is_404(path, key, cast):
    response = Api(cast.hana).get(path.format(key))
    is_problem(response, 400 if key == "x%00y" else 404)


@pytest.mark.parametrize(
    "path",
    ["nothing/", "questions/1", "questions/x/", "", "/api/", "/api/v2/questions/", "questions/1/answers/1/"],
)
def test_an_unknown_address_is_a_404_problem(path, db):
    is_problem(Api().get(path), 404)
    is_problem(Api().post(path, {}), 404)


def test_a_wrong_method_is_405(cast):
    is_problem(Api(cast.minji).delete("questions/"), 405)


@pytest.mark.parametrize("token", ["", "nonsense", "hd_" + "a" * 43, "\u00e9\u00e8", "x" * 7_000])
def test_a_bad_token_is_401_with_a_challenge(token, db):
    response = Api().get("questions/", headers={"authorization": f"Bearer {token}"})
    is_problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_and_a_closed_account_are_401(cast):
    api = Api(cast.minji)
    assert api.get("me/").status_code == 200
    cast.minji.is_active = False
    cast.minji.save()
    is_problem(api.get("me/"), 401)
    other = Api(cast.junho)
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    is_problem(other.get("me/"), 401)


@pytest.mark.parametrize(
    ("method", "path", "good", "who"), WRITES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_nobody_writes_without_signing_in_but_verdicts_and_outcomes(method, path, good, who, rows, cast):
    response = Api().call(method, path.format(**rows), good)
    if "feedback" in path:
        assert response.status_code == 204
    elif "outcome" in path or "click" in path:
        is_problem(response, 404)
    else:
        is_problem(response, 401)


def test_a_stale_version_is_409_with_both_texts(cast):
    question = make_question(author=cast.minji, title="First", body="Old text.")
    api = Api(cast.minji)
    assert api.patch(f"questions/{question.pk}/", {"body": "New text.", "version": 1}).json()["version"] == 2
    refused = is_problem(api.patch(f"questions/{question.pk}/", {"body": "Late text.", "version": 1}), 409)
    assert refused["theirs"] == {"title": "First", "body": "New text.", "version": 2}
    assert refused["yours"] == {"body": "Late text.", "version": 1}
    assert api.patch(f"questions/{question.pk}/", {"title": "Second"}).json()["body"] == "New text."


def test_a_stale_article_and_draft_are_409(cast):
    article = make_article(title="First")
    editor = Api(cast.kate)
    path = f"articles/{article.slug}/revisions/"
    assert editor.post(path, {"title": "First", "body": "One.", "based_on": 1}).status_code == 201
    refused = is_problem(editor.post(path, {"title": "First", "body": "Two.", "based_on": 1}), 409)
    assert (refused["theirs"]["body"], refused["yours"]["body"]) == ("One.", "Two.")


def test_too_fast_says_when_to_try_again(cast, monkeypatch):
    from portal.core import limits

    monkeypatch.setitem(limits.LIMITS, "ask", ("1/hour", "5/hour"))
    api, ask = Api(cast.minji), {"title": "Why?", "body": "It stays silent."}
    assert api.post("questions/", ask).status_code == 201
    response = api.post("questions/", ask)
    is_problem(response, 429)
    assert 0 < int(response["Retry-After"]) <= 3601
    monkeypatch.setitem(limits.LIMITS, "read", ("1/hour", "1/hour"))
    reader = Api()
    reader.get("questions/")
    response = reader.get("questions/")
    is_problem(response, 429)
    assert int(response["Retry-After"]) > 0


def test_a_crash_is_a_500_problem_without_details(cast, monkeypatch):
    monkeypatch.setattr("community.lists.filtered", lambda *_: 1 / 0)
    api = Api()
    api.client.raise_request_exception = False
    refused = is_problem(api.get("questions/"), 500)
    assert "division" not in json.dumps(refused)


@pytest.mark.parametrize(
    "query", ["state=none", "language=xx", "sort=loud", "limit=0", "limit=x", "limit=101", "limit=٣"]
)
def test_a_filter_that_means_nothing_is_400(query, db):
    is_problem(Api().get(f"questions/?{query}"), 400)


@pytest.mark.parametrize("path", ["questions/", "articles/", "search/", "suggest/"])
@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "tag=%FF%FE",
        "product=" + "x" * 5_000,
        "q=" + "w" * 20_000,
        "author=%F0%9F%98%80",
        "q=%22)(*",
    ],
)
def test_odd_addresses_are_answered(path, query, db, index):
    assert Api().get(f"{path}?{query}").status_code in (200, 400)


def test_a_nul_in_an_address_is_a_problem(db):
    is_problem(Api().get("search/?q=a%00b"), 400)


@pytest.mark.skipif(not BLNS.exists(), reason="../shared/data is not beside this clone")
def test_naughty_strings_come_back_unchanged(cast, monkeypatch):
    from portal.core import limits

    for act in ("edit", "read"):
        monkeypatch.setitem(limits.LIMITS, act, ("9999/hour", "9999/hour"))
    question = make_question(author=cast.minji)
    api, strings = Api(cast.minji), json.loads(BLNS.read_text("utf-8"))
    kept = 0
    for text in strings:
        response = api.patch(f"questions/{question.pk}/", {"body": text})
        if not text.strip():
            is_problem(response, 400)
            continue
        assert response.status_code == 200, (text, response.content)
        assert api.get(f"questions/{question.pk}/").json()["body"] == text
        kept += 1
    assert kept > 400


def test_right_to_left_and_emoji_come_back_unchanged(cast):
    body = VALUES["rtl"] + VALUES["emoji"] + " \t end  "
    asked = Api(cast.minji).post("questions/", {"title": VALUES["emoji"], "body": body})
    assert (asked.json()["title"], asked.json()["body"]) == (VALUES["emoji"], body)


def test_the_limit_of_a_body_is_the_setting(cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    is_problem(Api(cast.minji).post("questions/", {"title": "x" * 100, "body": "y"}), 413)


def test_another_format_asked_for_is_still_json(db):
    assert Api().get("questions/", headers={"accept": "text/html"})["Content-Type"] == "application/json"
    assert settings.REST_FRAMEWORK["EXCEPTION_HANDLER"] == "portal.core.problems.problem"


def test_one_external_id_is_one_article(cast):
    editor, draft = Api(cast.kate), {"title": "T", "body": "B", "external_id": "kb-1"}
    assert editor.post("articles/", draft).status_code == 201
    assert list(is_problem(editor.post("articles/", draft), 400)["errors"]) == ["external_id"]
    assert Article.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "status"), [(10, 201), (3_000_000, 413)])
def test_a_body_sent_in_pieces_is_read_and_bounded(size, status, cast):
    """Without a Content-Length, as a program that streams sends it."""
    from portal.asgi import application

    headers = Api(cast.minji).headers | {"content-type": "application/json"}

    async def pieces():
        yield b'{"title": "Why?", "body": "'
        for _ in range(10):
            yield b"a" * (size // 10)
        yield b'"}'

    async def send():
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.post("/api/v1/questions/", content=pieces(), headers=headers)

    response = async_to_sync(send)()
    assert response.status_code == status, response.text
    if status == 201:
        assert response.json()["body"] == "a" * size
